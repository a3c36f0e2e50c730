"""The command `doctor`: source descriptions compared with the live services."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.text import Text

from assets.catalogue import Catalogue
from assets.errors import TilannekuvaError
from assets.feeds.descriptions import load_sources
from assets.feeds.doctor import Diagnosis, examine
from assets.settings import Settings
from orchestration.commands._live import live_connectors
from orchestration.commands._terminal import console_of


@click.command(name="doctor")
@click.argument("sources", nargs=-1)
def command(sources: tuple[str, ...]) -> None:
    """Compare the source descriptions with the live services, in a few light calls each.

    Without SOURCES, all of them. Exit code 1 when something does not fit or cannot be reached.
    """
    settings = Settings.load()
    described = load_sources()
    if unknown := sorted(set(sources) - set(described)):
        raise TilannekuvaError(
            f"Not described: {', '.join(unknown)}. Described are {', '.join(described)}."
        )
    catalogue = Catalogue.load()
    console, misfits = console_of(), 0
    with live_connectors(settings) as connectors:
        for name in dict.fromkeys(sources or described):
            console.print(Text(name, style="bold"), described[name].service.base_url)
            for diagnosis in examine(settings, catalogue, connectors, described[name]):
                _tell(console, diagnosis)
                misfits += not diagnosis.fits
    if misfits:
        sys.exit(1)


def _tell(console: Console, diagnosis: Diagnosis) -> None:
    mark = Text("  fits  ", "green") if diagnosis.fits else Text("  look  ", "red")
    place = f"{diagnosis.dataset}: " if diagnosis.dataset else ""
    console.print(mark.append(f"{place}{diagnosis.words}", "default"))
    if diagnosis.advice:
        console.print(f"        {diagnosis.advice}")
