"""Where the documents of a statistics table come from: the live service or a folder.

Both hand over the same thing, untouched bytes of JSON-stat, so that everything behind them is
the same for the sample and for the real service.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Protocol

import httpx

from assets.errors import SourceUnavailable, UnreadableDelivery
from assets.statistics.jsonstat import read_dataset
from assets.statistics.pxweb import CallLimiter, Patience, Progress, fetch_table
from assets.statistics.tables import TableDescription


@dataclass(frozen=True)
class Fetched:
    """One fetch of one table.

    Attributes:
        chunks: the raw JSON-stat documents, in the order of the plan.
        url: where they came from; for a folder the file below it, so that what is recorded does
            not depend on the machine.
        retrieved_at: aware UTC datetime of the fetch.
        updated: aware UTC datetime of the office's last update; None where it does not say.
    """

    chunks: list[bytes]
    url: str
    retrieved_at: datetime
    updated: datetime | None


class TableTransport(Protocol):
    """Anything that can fetch a table."""

    def fetch(self, table: TableDescription) -> Fetched:
        """Fetch the table; SourceUnavailable when that is not possible now."""
        ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class LiveTransport:
    """The statistical office's own service; see `pxweb.fetch_table`."""

    client: httpx.Client
    limiter: CallLimiter
    now: Callable[[], datetime] = _utc_now
    progress: Progress | None = None
    patience: Patience = field(default_factory=Patience)

    def fetch(self, table: TableDescription) -> Fetched:
        """Fetch the table from the service.

        Raises:
            SourceUnavailable: as `pxweb.fetch_table`.
        """
        chunks = fetch_table(table, self.client, self.limiter, self.progress, self.patience)
        return Fetched(
            chunks=[chunk.body for chunk in chunks],
            url=table.url,
            retrieved_at=self.now(),
            updated=parse_updated(chunks[0].updated) if chunks else None,
        )


@dataclass(frozen=True)
class FolderTransport:
    """Documents that lie in a folder as `<source>/<dataset>.json` (the sample)."""

    directory: Path
    now: Callable[[], datetime] = _utc_now

    def fetch(self, table: TableDescription) -> Fetched:
        """Read the table's document.

        Raises:
            SourceUnavailable: there is no such file, or it cannot be opened.
        """
        name = f"{table.source}/{table.dataset}.json"
        try:
            document = (self.directory / name).read_bytes()
        except OSError as problem:
            raise SourceUnavailable(
                f"The document of table {table.table_id} cannot be read from {name} in the folder "
                f"{self.directory}: {problem.strerror}."
            ) from problem
        try:
            updated = read_dataset(document).updated
        except UnreadableDelivery:
            # Taken in all the same: the reader downstream quarantines it with the reason.
            updated = None
        return Fetched([document], name, self.now(), parse_updated(updated))


def parse_updated(text: str | None) -> datetime | None:
    """The `updated` of a dataset as aware UTC datetime; None where it is absent or unreadable.

    PxWeb writes `2026-04-01T05:00:00Z` and, in another format, `2025-06-03T05.00.00Z`; others
    give a date alone. A time without a zone is taken as UTC.
    """
    if not text:
        return None
    dotted = re.fullmatch(r"(\d{4}-\d\d-\d\dT)(\d\d)\.(\d\d)\.(\d\d)(.*)", text.strip())
    if dotted:
        head, hour, minute, second, tail = dotted.groups()
        text = f"{head}{hour}:{minute}:{second}{tail}"
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            moment = datetime.combine(date.fromisoformat(text.strip()), time())
        except ValueError:
            return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
