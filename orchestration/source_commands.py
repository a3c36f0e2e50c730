"""Commands for whoever looks after the sources: describe, examine, preview, accept.

What belongs here: words for the terminal. The work is done by `assets`, without Dagster.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assets.catalogue import Catalogue
from assets.deliveries import Deliveries
from assets.deliveries.from_feeds import Feed
from assets.deliveries.from_landing import SUFFIXES
from assets.deliveries.preview import SHOWN, Change, Preview, preview
from assets.errors import TilannekuvaError, UnreadableDelivery
from assets.feeds.connectors import Connectors, Fetched, Remembered
from assets.feeds.descriptions import Service, load_sources
from assets.feeds.doctor import Diagnosis, examine
from assets.feeds.structure import Structure, differences
from assets.feeds.stub import source_stub, table_stub
from assets.landing.datasets import DATASETS
from assets.landing.templates import write_templates
from assets.raw.content import Content
from assets.reference.review import SUMMARY, apply_proposal
from assets.reference.yearly import propose_region_year
from assets.services.classifications import Classifications
from assets.services.http import Patience
from assets.services.pxweb import PxWeb
from assets.services.pxwebapi2 import PxWebApi2
from assets.services.tables import TableService
from assets.settings import SEEDS_DIR, Settings

#: Somebody waits at the terminal: what is down now may be asked again by hand.
_PATIENCE = Patience(attempts=2, deadline=60)
#: As the same office's table service allows; the classification service does not say.
_CLASSIFICATION_CALLS = 40
_ID = re.compile(r"[a-z0-9_]+")
_WIDTH = 140


def _console() -> Console:
    # Piped output is read by programs and pagers: no narrower than it has to be.
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False, markup=False)


@contextmanager
def _connectors(settings: Settings) -> Iterator[Connectors]:
    home = settings.home
    connectors = Connectors(
        home / "limits", home / "fetching", settings.today, settings.now, _PATIENCE
    )
    try:
        yield connectors
    finally:
        connectors.close()


# -- accept ---------------------------------------------------------------------------------


def _some_words(_: click.Context, __: click.Parameter, text: str) -> str:
    if not text.strip():
        raise click.BadParameter("write a few words")
    return text.strip()


@click.command()
@click.argument("source")
@click.argument("dataset")
@click.option(
    "--because",
    required=True,
    callback=_some_words,
    help="Why it is right; kept with the vintage.",
)
def accept(source: str, dataset: str, because: str) -> None:
    """Take in an edition that waits because it looks different from the last one.

    See first what it would change: `preview SOURCE DATASET`.
    """
    with Deliveries(Settings.load()) as deliveries:
        vintage = deliveries.accept(source, dataset, because)
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
    """Show what a delivery would change, and take nothing in.

    With FILE, a file as it would be dropped into the landing zone. Without, the edition of a
    table or register that waits, or, where none waits, what the service answers now (or, with
    --kept, what it answered last: that shows what a changed description does).
    """
    if file is not None and kept:
        raise click.UsageError("Give a FILE or --kept, not both.")
    with Deliveries(Settings.load()) as deliveries:
        if file is not None:
            found = _of_file(deliveries, source, dataset, file)
            _show(found)
            if found.rejected:
                place = _answer_to(deliveries, source, dataset, file)
                click.echo(f"Its sender would find these rows, to be mended, in {place}.")
            return
        if dataset in DATASETS and source in deliveries.catalogue.sources:
            raise TilannekuvaError(
                f"{source} delivers {dataset} as files; name the one to look at: "
                f"`preview {source} {dataset} FILE`."
            )
        feed = deliveries.feed(source, dataset)
        if kept:
            _show(_of_kept(deliveries, feed))
            return
        try:
            fetched = deliveries.waiting(source, dataset)
        except TilannekuvaError:
            new = _asked_now(deliveries, feed)
            if new is not None:
                _show(_of_feed(deliveries, feed, new))
            return
        _show(_of_feed(deliveries, feed, fetched), is_held=True)


def _of_file(deliveries: Deliveries, source: str, dataset: str, file: Path) -> Preview:
    known = deliveries.catalogue.sources
    if source not in known:
        raise TilannekuvaError(
            f"{source!r} is not a source of the catalogue ({', '.join(sorted(known))})."
        )
    delivered = [name for name in known[source].datasets if name in DATASETS]
    if dataset not in delivered:
        raise TilannekuvaError(
            f"{source} delivers no dataset {dataset!r} as files by the catalogue "
            f"({', '.join(delivered) or 'it delivers none'}); add it to sources.csv if it does."
        )
    if file.suffix.lower() not in SUFFIXES:
        raise TilannekuvaError(
            f"{file.name} would go to quarantine whole: a delivery is a {', '.join(SUFFIXES)} file."
        )
    try:
        delivery = deliveries.landing.reader.read(
            source,
            dataset,
            Content(file),
            file=file.name,
            origin=file.name,
            delivered_at=datetime.now(UTC),
        )
        return preview(deliveries.zone, source, dataset, delivery)
    except UnreadableDelivery as problem:
        place = _answer_to(deliveries, source, dataset, file)
        raise TilannekuvaError(
            f"{file.name} would go to quarantine whole: {problem} Its sender would find this in "
            f"{place}."
        ) from problem


def _answer_to(deliveries: Deliveries, source: str, dataset: str, file: Path) -> str:
    """Where the answer to the sender of a file would lie, below the home folder."""
    zone = deliveries.zone
    name = zone.reported_name(source, dataset, file.name, Content(file).digest)
    return zone.answer_path(source, dataset, name).relative_to(deliveries.settings.home).as_posix()


def _of_kept(deliveries: Deliveries, feed: Feed) -> Preview:
    vintages = deliveries.zone.vintages_in_use(feed.source, feed.dataset)
    if not vintages:
        raise TilannekuvaError(f"Nothing of {feed.source}/{feed.dataset} was taken in yet.")
    last = vintages[-1]
    with deliveries.zone.delivered(last) as (content, extension):
        fetched = Fetched(content, extension, last.origin, last.taken_in_at)
        return _of_feed(deliveries, feed, fetched)


def _asked_now(deliveries: Deliveries, feed: Feed) -> Fetched | None:
    """What the service answers now; None, once it is said, where it has nothing new."""
    record = deliveries.zone.last_fetch(feed.source, feed.dataset)
    # As a refresh asks: under another description the same edition says something else.
    is_known = record.get("digest") == feed.digest and bool(
        deliveries.zone.vintages_in_use(feed.source, feed.dataset)
    )
    last = Remembered(**record["remember"]) if is_known else Remembered()
    fetched = feed.fetch(last, _say_progress)
    if fetched is None and is_known:
        click.echo(
            f"{feed.source} has the edition of {feed.dataset} that was fetched last. See with "
            "--kept what it says by the description as it is now."
        )
    elif fetched is None:
        raise TilannekuvaError(
            f"There is nothing of {feed.source}/{feed.dataset} to look at: the sample has none, or "
            "is not laid out yet (`make refresh` does). With TILANNEKUVA_SOURCES=live the service "
            "itself is asked."
        )
    return fetched


def _say_progress(done: int, total: int, text: str) -> None:
    if total > 1:
        click.echo(text, err=True)


def _of_feed(deliveries: Deliveries, feed: Feed, fetched: Fetched) -> Preview:
    understood = feed.read(fetched)
    found = preview(deliveries.zone, feed.source, feed.dataset, understood.delivery)
    vintages = deliveries.zone.vintages_in_use(feed.source, feed.dataset)
    last = deliveries.zone.structure_of(vintages[-1]) if vintages else None
    if last is not None:
        found.differences.extend(
            differences(Structure.from_dict(last), understood.structure, feed.drift)
        )
    return found


#: How the numbers of a preview are told.
_COUNTED = {
    "quarantined": "to quarantine",
    "repeated": "with a key that stands twice",
    "withdrawn": "taken back",
    "idle": "that take back nothing that is in force (is their key mistyped?)",
    "gone": "of the last edition are not in it and stay in force",
    "untouched": "in force that it does not mention and that stay",
}

#: Headings of the tables of a preview.
_TITLES = {"withdrawn": "Taken back", "idle": "Taking back nothing"}


def _show(found: Preview, *, is_held: bool = False) -> None:
    console = _console()
    if is_held:
        console.print("An edition waits to be accepted.", style="bold")
    rows = found.rows
    told = [
        f"{count} {_COUNTED.get(what, what)}"
        for what, count in rows.items()
        if count or what in ("accepted", "added", "changed", "unchanged")
    ]
    console.print(f"Rows: {', '.join(told)}.")
    waits = "It waits because" if is_held else "It would wait to be accepted, because"
    for difference in found.differences:
        console.print(f"{waits} {difference}.", style="yellow")
    for kind in ("changed", "added", "withdrawn", "idle", "gone"):
        changes = [change for change in found.changes if change.kind == kind]
        if changes:
            console.print(_changes_table(kind, changes, rows[kind]))
    if found.rejected:
        first = " (the first)" if len(found.rejected) >= SHOWN else ""
        table = _table(f"To quarantine{first}", ["line", "column", "reason"])
        for reject in found.rejected:
            table.add_row(*map(Text, (str(reject.line), reject.column, reject.reason)))
        console.print(table)


def _table(title: str, columns: list[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _changes_table(kind: str, changes: list[Change], total: int) -> Table:
    shown = "" if total <= len(changes) else f" (the first {len(changes)} of {total})"
    told = ["before", "after"] if kind == "changed" else ["row"]
    table = _table(f"{_TITLES.get(kind, kind.capitalize())}{shown}", [*changes[0].key, *told])
    for change in changes:
        cells = [_text(value) for value in change.key.values()]
        if kind in ("changed", "withdrawn", "gone"):
            cells.append(_columns(change.before))
        if kind in ("changed", "added", "idle"):
            cells.append(_columns(change.after))
        # Texts of others: a bracket in them is no mark-up.
        table.add_row(*map(Text, cells))
    return table


def _columns(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_text(v)}" for name, v in values.items() if v is not None) or "–"


def _text(value: Any) -> str:
    if value is None:
        return "–"
    # All digits that a measured value has, without the noise behind them.
    return f"{value:.15g}" if isinstance(value, float) else str(value)


# -- describe -------------------------------------------------------------------------------


@click.command()
@click.argument("source")
@click.argument("table")
@click.option(
    "--dataset", help="Id that the platform shall use; made from the table's id if absent."
)
@click.option("--url", help="Base address of the service, for a source that is not described yet.")
@click.option(
    "--kind",
    default="pxweb",
    type=click.Choice(["pxweb", "pxwebapi2"]),
    show_default=True,
    help="With --url: the protocol.",
)
@click.option(
    "--language",
    default="fi",
    type=click.Choice(["fi", "sv", "en"]),
    show_default=True,
    help="With --url: of the labels.",
)
def describe(
    source: str, table: str, dataset: str | None, url: str | None, kind: str, language: str
) -> None:
    """Read a table's metadata and write its entry for the source description.

    TABLE is what the service calls it, such as `StatFin/vaerak/11re.px`. The text goes to the
    terminal: an entry of `tables`, or a whole file where the source is not described yet. Places
    that only a person can fill in say CHOOSE.
    """
    settings = Settings.load()
    described = load_sources()
    name = dataset or _dataset_of(table)
    for what, given in (("source", source), ("dataset", name)):
        if not _ID.fullmatch(given):
            raise TilannekuvaError(
                f"{given!r} cannot be the id of a {what}: it has letters from a to z, digits and _ "
                f"only{'; name one with --dataset' * (what == 'dataset' and not dataset)}."
            )
    asked = _service(url, kind, language) if url else None
    if asked is None:
        if source not in described:
            raise TilannekuvaError(
                f"{source!r} is not described yet ({', '.join(described)} are); give its address "
                "with --url."
            )
        asked = described[source].service
    with _connectors(settings) as connectors:
        service: TableService
        caller = connectors.caller(asked)
        if asked.kind == "pxweb":
            service = PxWeb(caller, asked.base_url, asked.language)
        elif asked.kind == "pxwebapi2":
            service = PxWebApi2(caller, asked.base_url, asked.language)
        else:
            raise TilannekuvaError(
                f"{source} is asked as {asked.kind}; a table can be described from its metadata "
                "where it is asked as pxweb or pxwebapi2."
            )
        service.limits()
        entry = table_stub(name, table, service.metadata(table), service.url(table))
    text = entry if source in described else source_stub(source, asked, entry)
    click.echo(text, nl=False)


def _service(url: str, kind: str, language: str) -> Service:
    try:
        return Service.model_validate({"kind": kind, "base_url": url, "language": language})
    except ValidationError:
        raise TilannekuvaError(
            f"{url!r} is no address of a service; one begins with https:// or http://."
        ) from None


def _dataset_of(table: str) -> str:
    parts = [part for part in table.lower().removesuffix(".px").split("/") if part]
    return re.sub(r"[^a-z0-9]", "_", "_".join(parts[-2:]))


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
            f"Not described: {', '.join(unknown)}. Described are {', '.join(described)}."
        )
    catalogue = Catalogue.load()
    console, misfits = _console(), 0
    with _connectors(settings) as connectors:
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


# -- templates ------------------------------------------------------------------------------


@click.command()
@click.argument("directory", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--source", help="Only what this source delivers.")
def templates(directory: Path | None, source: str | None) -> None:
    """Write a template and a filled-in example of every landing dataset (XLSX, CSV; fi, en).

    Without DIRECTORY, into `templates` below TILANNEKUVA_HOME.
    """
    place = directory or Settings.load().home / "templates"
    written = write_templates(place, Catalogue.load(), source=source)
    click.echo(f"{len(written)} files in {place}.")


# -- regions --------------------------------------------------------------------------------


@click.group()
def regions() -> None:
    """Take in the regional classification of a new year, with a review in between."""


@regions.command()
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
    service = _service(url, "pxweb", "fi").model_copy(update={"max_calls": _CLASSIFICATION_CALLS})
    with _connectors(settings) as connectors:
        propose_region_year(
            year, place, SEEDS_DIR, connectors.caller(service), ended_types=ended, base_url=url
        )
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
