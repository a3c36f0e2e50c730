"""How each kind of service is asked for a described table.

What belongs here: the few lines between a description and a client of `assets.services`, the
same face for all of them. What does not: the protocols themselves, and what becomes of the
answers (`assets.deliveries`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from assets.errors import SourceUnavailable
from assets.feeds.descriptions import Service, TableDescription
from assets.feeds.reading import REGIONS_PART
from assets.feeds.selection import Question, question_of
from assets.formats.moments import parse_updated
from assets.raw.archive import NamedPart, pack, unpack
from assets.raw.content import Content
from assets.services.eurostat import Eurostat
from assets.services.fetch import PartStore, Progress, fetch_parts
from assets.services.http import Caller, Patience, open_client
from assets.services.limiter import CallLimiter
from assets.services.pxweb import PxWeb
from assets.services.pxwebapi2 import PxWebApi2
from assets.services.sotkanet import Sotkanet
from assets.services.tables import Selection, TableService
from assets.vocabulary.periods import parse_period, periods_between

_EXTENSIONS = {"json-stat": "json", "pxweb-json": "json", "px": "px", "sdmx-csv": "csv"}


@dataclass(frozen=True)
class Remembered:
    """What is known of the last fetch of a table, to ask with one light call whether it changed.

    Attributes:
        edition: what the service said of the edition that was fetched.
        probe: a cell of it, for services that tell their edition only beside data.
        etag: entity tag, for files.
    """

    edition: str | None = None
    probe: Mapping[str, Sequence[str]] = field(default_factory=dict)
    etag: str | None = None


@dataclass(frozen=True)
class Fetched:
    """One fetch of one table or register.

    Attributes:
        content: the answers as they came, in the order of the plan; see `assets.raw.archive`.
        extension: file extension of the content.
        url: where they came from; for a folder the file below it, so that what is recorded does
            not depend on the machine.
        retrieved_at: aware UTC datetime of the fetch.
        updated: aware UTC datetime of the source's last update; None where it does not say.
        remember: what to ask with next time.
    """

    content: Content
    extension: str
    url: str
    retrieved_at: datetime
    updated: datetime | None = None
    remember: Remembered = Remembered()

    def parts(self) -> Iterator[NamedPart]:
        """The answers, one in memory at a time."""
        return unpack(self.content, self.extension)


class Connector(Protocol):
    """Anything that can fetch a table."""

    def fetch(
        self, table: TableDescription, last: Remembered, progress: Progress | None = None
    ) -> Fetched | None:
        """Fetch the table; None where one light call says that nothing changed since `last`.

        Raises:
            SourceUnavailable: it cannot be had now.
        """
        ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class TableConnector:
    """PxWeb v1 and PxWebApi 2: planned from the metadata, in parts, resumable."""

    service: TableService
    parts: Path
    now: Callable[[], datetime] = _utc_now

    def fetch(
        self, table: TableDescription, last: Remembered, progress: Progress | None = None
    ) -> Fetched | None:
        """See `Connector`. Parts of a fetch that died are used by the next one."""
        if last.edition and last.probe and self._is_current(table, last):
            return None

        questions: list[Question] = []

        def ask() -> Selection:
            questions.append(question_of(table, self.service.metadata(table.id)))
            return questions[-1].selection

        selection = ask()
        store = PartStore(self.parts / table.source / table.dataset)
        parts = fetch_parts(
            self.service,
            table.id,
            selection,
            questions[0].split,
            store,
            progress,
            reselect=ask,
        )
        store.clear()
        return Fetched(
            *pack([NamedPart(part.name, part.content) for part in parts]),
            self.service.url(table.id),
            self.now(),
            parse_updated(parts[0].updated),
            Remembered(parts[0].updated, questions[-1].probe),
        )

    def _is_current(self, table: TableDescription, last: Remembered) -> bool:
        probe = {code: tuple(values) for code, values in last.probe.items()}
        try:
            return self.service.edition(table.id, probe) == last.edition
        except SourceUnavailable:
            # Codes may have changed; the whole way says what is wrong, or that nothing is.
            return False


@dataclass(frozen=True)
class EurostatConnector:
    """Eurostat: SDMX-CSV of exactly the described codes."""

    service: Eurostat
    today: date
    now: Callable[[], datetime] = _utc_now

    def fetch(
        self, table: TableDescription, last: Remembered, progress: Progress | None = None
    ) -> Fetched | None:
        """See `Connector`."""
        key = _key_of(table)
        edition = self.service.edition(
            table.id, {dimension: list(values[:1]) for dimension, values in key.items()}
        )
        if edition and edition == last.edition:
            return None
        if progress:
            progress(0, 1, f"{table.table_id}: {table.id}")
        answers = list(
            self.service.sdmx_csv_parts(
                table.id,
                key,
                _periods_of(table, self.today),
                split=[table.variables.area[0]] if table.areas.codes else [],
                edition=edition,
            )
        )
        return Fetched(
            *pack([NamedPart(f"part-{n:04}.csv", a.content) for n, a in enumerate(answers, 1)]),
            answers[0].url,
            self.now(),
            parse_updated(edition),
            Remembered(edition),
        )


def _key_of(table: TableDescription) -> dict[str, tuple[str, ...]]:
    """What the description asks for, dimension by dimension; all areas where it names none."""
    key: dict[str, tuple[str, ...]] = {e.variable[0]: (e.values[0],) for e in table.held}
    if table.variables.contents:
        key[table.variables.contents[0]] = tuple(c.codes[0] for c in table.contents)
    if table.areas.codes:
        key[table.variables.area[0]] = tuple(table.areas.codes)
    return key


def _periods_of(table: TableDescription, today: date) -> list[str]:
    """Every period from the first that is asked for to today; none where all are."""
    if not table.since:
        return []
    return [p.text for p in periods_between(parse_period(table.since).start, today, table.cadence)]


@dataclass(frozen=True)
class SotkanetConnector:
    """Sotkanet: one or more indicators as CSV, and the list of its regions."""

    service: Sotkanet
    today: date
    now: Callable[[], datetime] = _utc_now

    def fetch(
        self, table: TableDescription, last: Remembered, progress: Progress | None = None
    ) -> Fetched | None:
        """See `Connector`."""
        indicators = [content.codes[0] for content in table.contents]
        editions = [self.service.edition(int(indicator)) for indicator in indicators]
        edition = " ".join(str(told) for told in editions)
        if all(editions) and edition == last.edition:
            return None
        first = parse_period(table.since).start.year if table.since else 1990
        years = range(first, self.today.year + 1)
        genders = [value for entry in table.held for value in entry.values[:1]] or ["total"]
        parts = [NamedPart(REGIONS_PART, self.service.regions().content)]
        for done, indicator in enumerate(indicators):
            if progress:
                progress(done, len(indicators), f"{table.table_id}: indicator {indicator}")
            answers = self.service.csv_parts(int(indicator), years, genders)
            parts += [
                NamedPart(f"{indicator}-{number:02}.csv", answer.content)
                for number, answer in enumerate(answers, start=1)
            ]
        updated = max((u for u in map(parse_updated, editions) if u), default=None)
        return Fetched(
            *pack(parts),
            self.service.indicator_url(int(indicators[0])),
            self.now(),
            updated,
            Remembered(edition),
        )


@dataclass(frozen=True)
class FileConnector:
    """An address that answers with the whole table (PX, JSON-stat, SDMX-CSV)."""

    caller: Caller
    now: Callable[[], datetime] = _utc_now

    def fetch(
        self, table: TableDescription, last: Remembered, progress: Progress | None = None
    ) -> Fetched | None:
        """See `Connector`."""
        url = f"{table.service.base_url.rstrip('/')}/{table.id}"
        answer = self.caller.call("GET", url, expect=(), etag=last.etag)
        if answer.is_unchanged:
            return None
        extension = _EXTENSIONS[table.format or "sdmx-csv"]
        return Fetched(
            *pack([NamedPart(f"{table.dataset}.{extension}", answer.content)]),
            url,
            self.now(),
            remember=Remembered(etag=answer.etag),
        )


@dataclass(frozen=True)
class FolderConnector:
    """Documents that lie in a folder as `<source>/<dataset>.<extension>` (the sample)."""

    directory: Path
    now: Callable[[], datetime] = _utc_now

    def fetch(
        self, table: TableDescription, last: Remembered, progress: Progress | None = None
    ) -> Fetched | None:
        """Read the table's document; None where the folder has none."""
        return fetched_from_folder(self.directory, table.source, table.dataset, self.now)


def fetched_from_folder(
    directory: Path, source: str, dataset: str, now: Callable[[], datetime]
) -> Fetched | None:
    """The document `<source>/<dataset>.<extension>` of a folder; None where it has none.

    Raises:
        SourceUnavailable: it cannot be opened.
    """
    found = sorted((directory / source).glob(f"{dataset}.*"))
    if not found:
        return None
    name, extension = found[0].name, found[0].suffix.removeprefix(".")
    try:
        content = Content(found[0].read_bytes())
    except OSError as problem:
        raise SourceUnavailable(
            f"The document of {source}/{dataset} cannot be read from {name} in the folder "
            f"{directory}: {problem.strerror}."
        ) from problem
    return Fetched(content, extension, f"{source}/{name}", now())


@dataclass(frozen=True)
class Connectors:
    """The connectors of one deployment; each service is asked through one caller.

    Attributes:
        limits: folder of what the processes of the deployment share about their calls.
        parts: folder of the parts of unfinished fetches.
        today: the last year that is asked for.
        patience: how long to try.
    """

    limits: Path
    parts: Path
    today: date
    now: Callable[[], datetime] = _utc_now
    patience: Patience = field(default_factory=Patience)
    _callers: dict[str, Caller] = field(default_factory=dict)

    def caller(self, service: Service) -> Caller:
        """The caller of a service; all tables of one host share its limit."""
        host = urlsplit(service.base_url).netloc
        if host not in self._callers:
            limiter = CallLimiter(
                self.limits,
                host,
                max_calls=service.max_calls,
                window_seconds=service.window_seconds,
            )
            self._callers[host] = Caller(limiter, open_client(), self.patience)
        return self._callers[host]

    def of(self, table: TableDescription) -> Connector:
        """The connector of a table."""
        service, caller = table.service, self.caller(table.service)
        match service.kind:
            case "pxweb":
                return TableConnector(
                    PxWeb(caller, service.base_url, service.language), self.parts, self.now
                )
            case "pxwebapi2":
                return TableConnector(
                    PxWebApi2(caller, service.base_url, service.language), self.parts, self.now
                )
            case "eurostat":
                return EurostatConnector(
                    Eurostat(caller, service.base_url, jobs=self.parts / "eurostat"),
                    self.today,
                    self.now,
                )
            case "sotkanet":
                return SotkanetConnector(Sotkanet(caller, service.base_url), self.today, self.now)
            case "file":
                return FileConnector(caller, self.now)
            case "prh":
                raise ValueError("a register is not a service of tables")

    def close(self) -> None:
        """Close the connections."""
        for caller in self._callers.values():
            caller.client.close()
        self._callers.clear()


def to_json(remembered: Remembered) -> dict[str, Any]:
    """What is written down between two fetches."""
    return {
        "edition": remembered.edition,
        "probe": {code: list(values) for code, values in remembered.probe.items()},
        "etag": remembered.etag,
    }
