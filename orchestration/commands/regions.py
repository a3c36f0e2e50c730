"""The commands `regions propose` and `regions apply`: a new classification year, reviewed."""

from __future__ import annotations

from pathlib import Path

import click

from assets.errors import TilannekuvaError
from assets.reference.review import SUMMARY, apply_proposal
from assets.reference.yearly import propose_region_year
from assets.services.classifications import Classifications
from assets.settings import SEEDS_DIR, Settings
from orchestration.commands._live import live_connectors, service_at

#: As the same office's table service allows; the classification service does not say.
_CLASSIFICATION_CALLS = 40


@click.group(name="regions")
def command() -> None:
    """Take in the regional classification of a new year, with a review in between."""


@command.command()
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Where to write the proposal."
)
@click.option(
    "--ended", multiple=True, help="A type of region that exists no more from that year on."
)
@click.option(
    "--url",
    default=Classifications.base_url,
    show_default=True,
    help="Address of the classification service.",
)
def propose(year: int, into: Path | None, ended: tuple[str, ...], url: str) -> None:
    """Write the rows by which YEAR differs from the catalogue, for somebody to review."""
    settings = Settings.load()
    place = into or settings.reports_dir / f"regions_{year}"
    if place.is_dir() and any(place.iterdir()):
        # Before thirty calls are made in vain.
        raise TilannekuvaError(
            f"{place} is not empty; a review there would be lost. Name another folder with --into, "
            "or delete this one first."
        )
    # The service is no service of tables; it is described like one to be called like one.
    service = service_at(url, "pxweb", "fi").model_copy(update={"max_calls": _CLASSIFICATION_CALLS})
    with live_connectors(settings) as connectors:
        propose_region_year(
            year, place, SEEDS_DIR, connectors.caller(service), ended_types=ended, base_url=url
        )
    click.echo((place / SUMMARY).read_text(encoding="utf-8"))
    click.echo(f"python -m orchestration regions apply {place}")


@command.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def apply(directory: Path) -> None:
    """Write reviewed rows into the catalogue's seeds."""
    changed = apply_proposal(directory, SEEDS_DIR)
    click.echo(f"Changed: {', '.join(changed)}." if changed else "The seeds had all of it already.")
