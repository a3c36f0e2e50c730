"""The command `templates`: templates and examples for partners."""

from __future__ import annotations

from pathlib import Path

import click

from assets.catalogue import Catalogue
from assets.landing.templates import write_templates
from assets.languages import LANGUAGES
from assets.settings import Settings


@click.command(name="templates")
@click.argument("directory", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--source", help="Only what this source delivers.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(LANGUAGES),
    help="Only in this language; may be repeated. All by default.",
)
def command(directory: Path | None, source: str | None, languages: tuple[str, ...]) -> None:
    """Write a template and a filled-in example of every landing dataset (XLSX, CSV; fi, sv, en).

    Without DIRECTORY, into `templates` below TILANNEKUVA_HOME.
    """
    place = directory or Settings.load().home / "templates"
    written = write_templates(place, Catalogue.load(), languages or LANGUAGES, source)
    click.echo(f"{len(written)} files in {place}.")
