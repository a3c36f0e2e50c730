"""The command `preview`: what a delivery would change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from assets.datasets import DATASETS
from assets.deliveries import Deliveries
from assets.deliveries.from_feeds import Feed
from assets.deliveries.from_landing import SUFFIXES
from assets.deliveries.preview import SHOWN, Change, Preview, preview
from assets.errors import TilannekuvaError
from assets.feeds.connectors import Fetched, Remembered
from assets.feeds.structure import Structure, differences
from assets.raw.content import Content
from assets.settings import Settings
from assets.vocabulary import UnreadableDelivery
from orchestration.commands._terminal import console_of, table_of


@click.command(name="preview")
@click.argument("source")
@click.argument("dataset")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--kept", is_flag=True, help="Read the last kept answer again, by the description as it is now."
)
def command(source: str, dataset: str, file: Path | None, kept: bool) -> None:
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
            check=deliveries.landing.check_of(source, dataset),
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
    name = zone.quarantine.reported_name(source, dataset, file.name, Content(file).digest)
    return (
        zone.quarantine.answer_path(source, dataset, name)
        .relative_to(deliveries.settings.home)
        .as_posix()
    )


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
    record = deliveries.zone.attempts.last_fetch(feed.source, feed.dataset)
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


#: How a preview words its numbers.
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
    console = console_of()
    if is_held:
        console.print("An edition waits to be accepted.", style="bold")
    rows = found.rows
    told = [
        f"{count} {_COUNTED.get(what, what)}"
        for what, count in rows.items()
        if count or what in ("accepted", "added", "changed", "unchanged")
    ]
    console.print(f"Rows: {', '.join(told)}.")
    if found.notes:
        console.print(f"To be noted: {found.notes}.")
    waits = "It waits because" if is_held else "It would wait to be accepted, because"
    for difference in found.differences:
        console.print(f"{waits} {difference}.", style="yellow")
    for kind in ("changed", "added", "withdrawn", "idle", "gone"):
        changes = [change for change in found.changes if change.kind == kind]
        if changes:
            console.print(_changes_table(kind, changes, rows[kind]))
    if found.rejected:
        first = " (the first)" if len(found.rejected) >= SHOWN else ""
        table = table_of(f"To quarantine{first}", ["line", "column", "reason"])
        for reject in found.rejected:
            table.add_row(*map(Text, (str(reject.line), reject.column, reject.reason)))
        console.print(table)


def _changes_table(kind: str, changes: list[Change], total: int) -> Table:
    shown = "" if total <= len(changes) else f" (the first {len(changes)} of {total})"
    told = ["before", "after"] if kind == "changed" else ["row"]
    table = table_of(f"{_TITLES.get(kind, kind.capitalize())}{shown}", [*changes[0].key, *told])
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
