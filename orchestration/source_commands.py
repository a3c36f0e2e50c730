"""Commands for whoever looks after the sources: describe, examine, preview, accept.

What belongs here: words for the terminal. The work is done by `assets`, without Dagster.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from assets.catalogue import Catalogue
from assets.errors import TilannekuvaError
from assets.intake import Intakes
from assets.intake.doctor import Diagnosis, examine
from assets.intake.preview import Change, Preview, preview
from assets.landing.templates import write_templates
from assets.raw.zone import Delivery
from assets.reference.review import SUMMARY, apply_proposal
from assets.reference.yearly import propose_region_year
from assets.services.pxweb import PxWeb
from assets.services.pxwebapi2 import PxWebApi2
from assets.services.tables import TableService
from assets.settings import SEEDS_DIR, Settings
from assets.statistics.connectors import Connectors, Fetched, Remembered
from assets.statistics.descriptions import Service, load_sources
from assets.statistics.structure import Structure, differences
from assets.statistics.stub import table_stub

#: The classification service, in the form in which other services are described.
_CLASSIFICATIONS = Service(kind="file", base_url="https://data.stat.fi/api/classifications/v2")


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 140, highlight=False)


def _connectors(settings: Settings) -> Connectors:
    home = settings.home
    return Connectors(home / "limits", home / "fetching", settings.today, settings.now)


# -- accept ---------------------------------------------------------------------------------


@click.command()
@click.argument("source")
@click.argument("dataset")
@click.option("--because", required=True, help="Why it is right; kept with the vintage.")
def accept(source: str, dataset: str, because: str) -> None:
    """Take in an edition that waits because it looks different from the last one."""
    with Intakes(Settings.load()) as intakes:
        vintage = intakes.accept(source, dataset, because)
    click.echo(
        f"Taken in as {source}/{dataset}/{vintage.vintage}: {vintage.rows_accepted} rows, "
        f"{vintage.rows_quarantined} to quarantine. The next refresh builds with it."
    )


# -- preview --------------------------------------------------------------------------------


@click.command(name="preview")
@click.argument("source")
@click.argument("dataset")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--kept", is_flag=True, help="Read the last kept answer again, by the description as it is now."
)
def preview_command(source: str, dataset: str, file: Path | None, kept: bool) -> None:
    """Show what a delivery would change: rows added, changed and gone. Writes nothing.

    With FILE, a file as it would be dropped into the landing zone. Without, the edition of a
    table that waits, or, where none waits, what the service answers now (or, with --kept, what it
    answered last: that shows what a changed description does).
    """
    settings = Settings.load()
    with Intakes(settings) as intakes:
        if file is not None:
            with intakes.zone.snapshot(file) as content:
                delivery = intakes.landing.reader.read(
                    source,
                    dataset,
                    content,
                    file=file.name,
                    origin=file.name,
                    delivered_at=datetime.now(UTC),
                )
                _show(preview(intakes.zone, source, dataset, delivery))
            return
        feed = intakes.feed(source, dataset)
        vintages = intakes.zone.vintages_in_use(source, dataset)
        if kept:
            if not vintages:
                raise TilannekuvaError(f"Nothing of {source}/{dataset} was taken in yet.")
            with intakes.zone.delivered(vintages[-1]) as (content, extension):
                fetched = Fetched(content, extension, vintages[-1].origin, datetime.now(UTC))
                _show(_of_feed(intakes, feed, fetched))
            return
        try:
            fetched = intakes.waiting(source, dataset)
            click.echo("An edition waits to be accepted:")
        except TilannekuvaError:
            asked = feed.fetch(Remembered(), None)
            if asked is None:
                raise TilannekuvaError(f"{source} has nothing of {dataset} now.") from None
            fetched = asked
        _show(_of_feed(intakes, feed, fetched))


def _of_feed(intakes: Intakes, feed: Any, fetched: Fetched) -> Preview:
    understood = feed.read(fetched)
    delivery: Delivery = understood.delivery
    found = preview(intakes.zone, feed.source, feed.dataset, delivery)
    vintages = intakes.zone.vintages_in_use(feed.source, feed.dataset)
    last = intakes.zone.structure_of(vintages[-1]) if vintages else None
    if last is not None:
        found.differences.extend(
            differences(Structure.from_dict(last), understood.structure, feed.drift)
        )
    return found


def _show(found: Preview) -> None:
    console = _console()
    counted = ", ".join(f"{count} {what}" for what, count in found.rows.items())
    console.print(f"[bold]Rows:[/bold] {counted}.")
    for difference in found.differences:
        console.print(f"[yellow]It would wait to be accepted:[/yellow] {difference}.")
    for kind in ("changed", "added", "gone"):
        changes = [change for change in found.changes if change.kind == kind]
        if changes:
            console.print(_changes_table(kind, changes, found.rows.get(kind, 0)))
    if found.rejected:
        table = Table(title="To quarantine", title_justify="left", box=None)
        for column in ("line", "column", "reason"):
            table.add_column(column)
        for reject in found.rejected:
            table.add_row(str(reject.line), reject.column, reject.reason)
        console.print(table)


def _changes_table(kind: str, changes: list[Change], total: int) -> Table:
    shown = "" if total <= len(changes) else f" (the first {len(changes)} of {total})"
    table = Table(title=f"{kind.capitalize()}{shown}", title_justify="left", box=None)
    for column in changes[0].key:
        table.add_column(column)
    table.add_column("before" if kind != "added" else "row")
    if kind == "changed":
        table.add_column("after")
    for change in changes:
        row = [_text(value) for value in change.key.values()]
        if kind != "added":
            row.append(_columns(change.before))
        if kind != "gone":
            row.append(_columns(change.after))
        table.add_row(*row)
    return table


def _columns(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_text(v)}" for name, v in values.items() if v is not None) or "–"


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


# -- describe -------------------------------------------------------------------------------


@click.command()
@click.argument("source")
@click.argument("table")
@click.option(
    "--dataset", help="Id that the platform shall use; made from the table's id if absent."
)
@click.option("--url", help="Base address, for a source that is not described yet.")
@click.option(
    "--kind", default="pxweb", type=click.Choice(["pxweb", "pxwebapi2"]), show_default=True
)
@click.option("--language", default="fi", show_default=True)
def describe(
    source: str, table: str, dataset: str | None, url: str | None, kind: str, language: str
) -> None:
    """Read a PxWeb table's metadata and write its entry for the source description.

    TABLE is what the service calls it, such as `StatFin/vaerak/11re.px`. The entry goes to the
    terminal; places that only a person can fill in say CHOOSE.
    """
    settings = Settings.load()
    described = load_sources()
    if url:
        asked = Service.model_validate({"kind": kind, "base_url": url, "language": language})
    elif source in described:
        asked = described[source].service
    else:
        raise TilannekuvaError(
            f"{source!r} is not described yet ({', '.join(described)} are); give its address with "
            "--url."
        )
    connectors = _connectors(settings)
    try:
        caller = connectors.caller(asked)
        service: TableService
        if asked.kind == "pxweb":
            service = PxWeb(caller, asked.base_url, asked.language)
        elif asked.kind == "pxwebapi2":
            service = PxWebApi2(caller, asked.base_url, asked.language)
        else:
            raise TilannekuvaError(f"{source} is asked as {asked.kind}, not as PxWeb.")
        service.limits()
        metadata = service.metadata(table)
        page = service.url(table)
    finally:
        connectors.close()
    click.echo(table_stub(dataset or _dataset_of(table), table, metadata, page), nl=False)


def _dataset_of(table: str) -> str:
    parts = [part for part in table.removesuffix(".px").lower().split("/") if part]
    text = "_".join(parts[-2:])
    return "".join(char if char.isalnum() and char.isascii() else "_" for char in text)


# -- doctor ---------------------------------------------------------------------------------


@click.command()
@click.argument("sources", nargs=-1)
def doctor(sources: tuple[str, ...]) -> None:
    """Compare the source descriptions with the live services, in a few light calls each.

    Without SOURCES, all of them. Exit code 1 when something does not fit or cannot be reached.
    """
    settings = Settings.load()
    described = load_sources()
    if unknown := sorted(set(sources) - set(described)):
        raise TilannekuvaError(
            f"{', '.join(unknown)} is not described; {', '.join(described)} are."
        )
    catalogue, connectors = Catalogue.load(), _connectors(settings)
    console, is_well = _console(), True
    try:
        for name in sources or described:
            console.print(f"[bold]{name}[/bold] {described[name].service.base_url}")
            for diagnosis in examine(settings, catalogue, connectors, described[name]):
                _tell(console, diagnosis)
                is_well = is_well and diagnosis.fits
    finally:
        connectors.close()
    if not is_well:
        sys.exit(1)


def _tell(console: Console, diagnosis: Diagnosis) -> None:
    mark = "[green]fits[/green]" if diagnosis.fits else "[red]look[/red]"
    console.print(f"  {mark}  {diagnosis.dataset}: {diagnosis.words}")
    if diagnosis.advice:
        console.print(f"        {diagnosis.advice}")


# -- templates ------------------------------------------------------------------------------


@click.command()
@click.argument(
    "directory", default=Path("var/templates"), type=click.Path(file_okay=False, path_type=Path)
)
def templates(directory: Path) -> None:
    """Write a template and a filled-in example of every landing dataset (XLSX, CSV; fi, en)."""
    written = write_templates(directory, Catalogue.load())
    click.echo(f"{len(written)} files in {directory}.")


# -- regions --------------------------------------------------------------------------------


@click.group()
def regions() -> None:
    """Take in the regional classification of a new year, with a review in between."""


@regions.command()
@click.argument("year", type=int)
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Where to write the proposal."
)
@click.option(
    "--ended", multiple=True, help="A type of region that exists no more from that year on."
)
def propose(year: int, into: Path | None, ended: tuple[str, ...]) -> None:
    """Write the rows by which YEAR differs from the catalogue, for somebody to review."""
    settings = Settings.load()
    place = into or settings.reports_dir / f"regions_{year}"
    connectors = _connectors(settings)
    try:
        caller = connectors.caller(_CLASSIFICATIONS)
        propose_region_year(year, place, SEEDS_DIR, caller, ended_types=ended)
    finally:
        connectors.close()
    click.echo((place / SUMMARY).read_text(encoding="utf-8"))
    click.echo(f"python -m orchestration regions apply {place}")


@regions.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def apply(directory: Path) -> None:
    """Write reviewed rows into the catalogue's seeds."""
    changed = apply_proposal(directory, SEEDS_DIR)
    click.echo(f"Changed: {', '.join(changed)}." if changed else "The seeds had all of it already.")


COMMANDS: tuple[click.Command, ...] = (
    accept,
    preview_command,
    describe,
    doctor,
    templates,
    regions,
)
