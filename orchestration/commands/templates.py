"""The command `templates`: templates and examples for partners."""

from __future__ import annotations

from pathlib import Path

import click

from assets.catalogue import Catalogue
from assets.landing.templates import write_templates
from assets.settings import Settings


@click.command(name="templates")
@click.argument("directory", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--source", help="Only what this source delivers.")
def command(directory: Path | None, source: str | None) -> None:
    """Write a template and a filled-in example of every landing dataset (XLSX, CSV; fi, en).

    Without DIRECTORY, into `templates` below TILANNEKUVA_HOME.
    """
    place = directory or Settings.load().home / "templates"
    written = write_templates(place, Catalogue.load(), source=source)
    click.echo(f"{len(written)} files in {place}.")
