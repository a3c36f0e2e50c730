"""Immutable vintages on disk.

    raw/<source>/<dataset>/<vintage>/<shape>.parquet    the rows, as understood
                                    /delivery.<ext>.gz  what was delivered, byte for byte
                                    /vintage.json       where from, when, hash, licence, row counts
                                    /structure.json     what the table looks like (tables only)
    raw/<source>/<dataset>/last_attempt.json            when it was last asked, and the outcome
                          /last_fetch.json              what to ask a service with next time
    raw/_index/*.parquet                                vintages, attempts, quarantine for dbt
    quarantine/<source>/<dataset>/<id>.parquet          rejected rows with line, column and reason
                                 /<hash>/<file>         files that could not be read at all
                                 /<file>.xlsx           the answer to the sender of a file

A vintage appears in one step (written beside, then renamed), so a reader never sees half of
one and a refresh that dies leaves nothing that counts.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import pyarrow as pa
import pyarrow.parquet as pq

from assets.raw.content import PIECE, Content
from assets.raw.reasons import with_published_reasons
from assets.raw.schemas import ATTEMPTS, QUARANTINE, SHAPES, VINTAGES
from assets.settings import Settings
from assets.vocabulary.reasons import as_reason

Outcome = Literal["new", "unchanged", "nothing", "failed"]
#: Rejected rows of a delivery that whoever took it in gets to see at once.
SHOWN_REJECTS = 10
_STAMP = "%Y%m%dT%H%M%S%fZ"
#: In bytes.
_LONGEST_FILE_NAME = 255


@dataclass(frozen=True)
class Vintage:
    """One delivery as it was taken in; the fields of `vintage.json` (see `schemas.VINTAGES`)."""

    source: str
    dataset: str
    shape: str
    vintage: str
    sequence: int
    taken_in_at: datetime
    delivered_at: datetime
    origin: str
    file: str
    content_hash: str
    licence: str
    is_sample: bool
    rows_delivered: int
    rows_accepted: int
    rows_quarantined: int
    catalogue_hash: str
    notes: str | None = None
    rows_left_out: int = 0

    def to_json(self) -> str:
        """The text of `vintage.json`."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Vintage:
        """Read back what `to_json` wrote."""
        fields = json.loads(text)
        for name in ("taken_in_at", "delivered_at"):
            fields[name] = datetime.fromisoformat(fields[name])
        return cls(**fields)


class Rejected(NamedTuple):
    """One reason why a row, or (line 0, no column) a whole file, was not taken in.

    Attributes:
        line: where the row starts.
        column: which cell is meant; empty for the row as a whole.
        reason: what is wrong with it; a `Reason`, or the message of a reader.
        delivered: the row as it was delivered, as JSON.
        part: tells apart the rows that are made of one line; empty where a line is a row.
    """

    line: int
    column: str
    reason: str
    delivered: str | None = None
    part: str = ""


class Batch(NamedTuple):
    """Some rows of a delivery, each one either accepted or rejected.

    Attributes:
        accepted: rows without the origin columns `source`, `dataset`, `vintage`.
        rejected: reasons, at least one for each rejected row; all reasons of a row stand in one
            batch.
        left_out: how many more rows or cells there were that are not taken by declaration.
    """

    accepted: pa.RecordBatch
    rejected: Sequence[Rejected] = ()
    left_out: int = 0

    @property
    def rows_rejected(self) -> int:
        """How many rows were rejected, whatever the number of reasons."""
        return len({(reject.line, reject.part) for reject in self.rejected})


@dataclass(frozen=True)
class Delivery:
    """What a reader hands to the raw zone.

    Attributes:
        shape: which schema of `schemas.SHAPES` the batches have.
        file: name under which the delivery is reported to people.
        origin: where it came from: a path below the home folder, or an address.
        content: what was delivered, byte for byte.
        extension: file extension of the content (`csv`, `xlsx`, `json`).
        delivered_at: when the source handed it over.
        batches: the rows, read while they are consumed, so that memory is bounded by a batch.
        structure: what the delivery looks like, kept beside the rows for the next comparison.
        notes: what a person should know (columns that were not recognised, …).
        answer: makes what its sender is told of the rejected rows, a workbook, once the batches are
            consumed; None where nobody reads it (answers of services).
    """

    shape: str
    file: str
    origin: str
    content: Content
    extension: str
    delivered_at: datetime
    batches: Iterator[Batch]
    structure: Mapping[str, Any] | None = None
    notes: str | None = None
    answer: Callable[[Vintage], bytes] | None = None


class RawZone:
    """The raw zone of one deployment."""

    def __init__(self, settings: Settings, catalogue_hash: str) -> None:
        self.root = settings.raw_dir
        self.quarantine_root = settings.quarantine_dir
        self.settings = settings
        self.catalogue_hash = catalogue_hash
        self._moment: datetime | None = None
        #: The (source, dataset) that this object has written to, and the moment it gave them.
        self._written: dict[tuple[str, str], datetime] = {}

    # -- finding ---------------------------------------------------------------------------

    def vintages(self, source: str | None = None, dataset: str | None = None) -> list[Vintage]:
        """Every vintage, oldest first within a (source, dataset)."""
        found = [
            Vintage.from_json(path.read_text(encoding="utf-8"))
            for path in self.root.glob(f"{source or '[!_]*'}/{dataset or '*'}/*/vintage.json")
        ]
        return sorted(found, key=lambda v: (v.source, v.dataset, v.sequence))

    def vintages_in_use(
        self, source: str | None = None, dataset: str | None = None
    ) -> list[Vintage]:
        """The vintages that count: a home that began with the sample leaves it behind.

        Invented figures stay on disk, as everything that was taken in, but never stand beside
        real ones once the sample is no longer asked for.
        """
        return [
            vintage
            for vintage in self.vintages(source, dataset)
            if self.settings.sources == "sample" or not vintage.is_sample
        ]

    def is_taken_in(self, vintage: Vintage) -> bool:
        """Whether the content of a vintage needs no other reading.

        A delivery with quarantined rows is read again when the catalogue has changed since:
        the usual cure for an unknown indicator is a row in the catalogue.
        """
        return vintage.rows_quarantined == 0 or vintage.catalogue_hash == self.catalogue_hash

    def path_of(self, vintage: Vintage) -> Path:
        """The Parquet file of a vintage."""
        folder = self.root / vintage.source / vintage.dataset / vintage.vintage
        return folder / f"{vintage.shape}.parquet"

    @contextmanager
    def delivered(self, vintage: Vintage) -> Iterator[tuple[Content, str]]:
        """What was delivered with a vintage, byte for byte, and its file extension."""
        (kept,) = self.path_of(vintage).parent.glob("delivery.*.gz")
        # Not below the raw zone: looking at a vintage writes nothing there.
        with tempfile.NamedTemporaryFile() as plain:
            with gzip.open(kept, "rb") as stream:
                shutil.copyfileobj(stream, plain, PIECE)
            plain.flush()
            yield Content(Path(plain.name)), kept.name.split(".")[1]

    def structure_of(self, vintage: Vintage) -> dict[str, Any] | None:
        """What a vintage looks like, where it was written down."""
        path = self.path_of(vintage).with_name("structure.json")
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    # -- writing ---------------------------------------------------------------------------

    def write(
        self,
        source: str,
        dataset: str,
        delivery: Delivery,
        *,
        licence: str,
        is_sample: bool,
        notes: str | None = None,
    ) -> tuple[Vintage, list[Rejected]]:
        """Consume a delivery's batches into a new vintage.

        Rows stream from the reader to Parquet; memory is bounded by a batch. Rejected rows are
        written to quarantine in the same step.

        Args:
            source: whose delivery it is.
            dataset: and what of.
            delivery: what the reader hands over.
            licence: under which it may be used.
            is_sample: whether its figures are invented.
            notes: what a person should know beside the delivery's own notes.

        Returns:
            The vintage, and the first of its rejected rows for people to look at.
        """
        earlier = self.vintages(source, dataset)
        now = self._taken_in_at(source, dataset, earlier)
        digest = delivery.content.digest
        # Ids of one moment stand in the order of their sequence as well.
        beside = sum(vintage.taken_in_at == now for vintage in earlier)
        stamp = (now + timedelta(microseconds=beside)).strftime(_STAMP)
        vintage_id = f"{stamp}-{digest[:12]}"
        folder = self.root / source / dataset / vintage_id
        schema = SHAPES[delivery.shape]
        with _appears_at_once(folder, self.root / "_building") as building:
            file = self.reported_name(source, dataset, delivery.file, digest)
            accepted = rejected = left_out = 0
            shown: list[Rejected] = []
            with (
                pq.ParquetWriter(
                    building / f"{delivery.shape}.parquet", schema, compression="zstd"
                ) as writer,
                _RejectedRows(
                    building / "rejected.parquet",
                    {
                        "source": source,
                        "dataset": dataset,
                        "vintage": vintage_id,
                        "file": f"{source}/{dataset}/{file}",
                        "content_hash": digest,
                        "quarantined_at": now,
                        "is_sample": is_sample,
                    },
                ) as quarantine,
            ):
                for batch in delivery.batches:
                    accepted += batch.accepted.num_rows
                    rejected += batch.rows_rejected
                    left_out += batch.left_out
                    writer.write_batch(
                        _with_origin(batch.accepted, schema, source, dataset, vintage_id)
                    )
                    quarantine.add(batch.rejected)
                    shown.extend(batch.rejected[: SHOWN_REJECTS - len(shown)])
            with gzip.GzipFile(
                building / f"delivery.{delivery.extension}.gz", "wb", compresslevel=6, mtime=0
            ) as stream:
                for piece in delivery.content.pieces():
                    stream.write(piece)
            vintage = Vintage(
                source=source,
                dataset=dataset,
                shape=delivery.shape,
                vintage=vintage_id,
                sequence=len(earlier) + 1,
                taken_in_at=now,
                delivered_at=delivery.delivered_at,
                origin=delivery.origin,
                file=file,
                content_hash=digest,
                licence=licence,
                is_sample=is_sample,
                rows_delivered=accepted + rejected,
                rows_accepted=accepted,
                rows_quarantined=rejected,
                catalogue_hash=self.catalogue_hash,
                notes=" ".join(filter(None, (delivery.notes, notes))) or None,
                rows_left_out=left_out,
            )
            (building / "vintage.json").write_text(vintage.to_json(), encoding="utf-8")
            if delivery.structure is not None:
                _write_json(building / "structure.json", delivery.structure)
            if rejected:
                place = self.quarantine_root / source / dataset
                place.mkdir(parents=True, exist_ok=True)
                # Before the vintage appears: rows without their vintage are told to nobody, a
                # vintage without its rejected rows would not balance.
                shutil.move(building / "rejected.parquet", place / f"{vintage_id}.parquet")
                if delivery.answer is not None:
                    self._write_answer(source, dataset, file, delivery.answer(vintage))
        # What an earlier reading of the same content had to tell is no longer so.
        answered = {v.file for v in earlier if v.content_hash == digest} | {file}
        for stale in answered - ({file} if rejected else set()):
            self.answer_path(source, dataset, stale).unlink(missing_ok=True)
        return vintage, shown

    def _taken_in_at(self, source: str, dataset: str, earlier: Sequence[Vintage]) -> datetime:
        """The moment of a new vintage: one for everything that this object takes in.

        What one refresh takes in is published together, so what was known changes once. Of two
        deliveries of a dataset in one refresh, `sequence` tells the order.
        """
        key = (source, dataset)
        if key not in self._written:
            self._moment = self._moment or self.settings.now()
            moment = self._moment
            if earlier and moment <= earlier[-1].taken_in_at:
                # A replayed past day: an earlier refresh stays earlier.
                moment = earlier[-1].taken_in_at + timedelta(microseconds=1)
            self._written[key] = moment
        return self._written[key]

    @contextmanager
    def snapshot(self, path: Path) -> Iterator[Content]:
        """A delivered file as it is now, copied: its owner may go on writing while it is read."""
        workshop = self.root / "_building"
        workshop.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=workshop, suffix=path.suffix) as copy:
            with path.open("rb") as stream:
                shutil.copyfileobj(stream, copy, PIECE)
            copy.flush()
            yield Content(Path(copy.name))

    def reported_name(self, source: str, dataset: str, name: str, digest: str) -> str:
        """The name under which lines are reported; another content under a used name gets `~2`."""
        vintages = ((v.file, v.content_hash) for v in self.vintages(source, dataset))
        unread = (
            (row["file"].removeprefix(f"{source}/{dataset}/"), row["content_hash"])
            for path in sorted((self.quarantine_root / source / dataset).glob("*-file.parquet"))
            for row in pq.read_table(path, columns=["file", "content_hash"]).to_pylist()
        )
        return _told_apart(name, digest, (*unread, *vintages))

    def answer_path(self, source: str, dataset: str, file: str) -> Path:
        """Where the answer to the sender of a file lies, if there is one.

        Args:
            source: who delivered.
            dataset: and what.
            file: the name under which it is reported, as in `quality_quarantine`.
        """
        return self.quarantine_root / source / dataset / _answer_name(Path(file).name)

    def _write_answer(self, source: str, dataset: str, file: str, content: bytes) -> None:
        path = self.answer_path(source, dataset, file)
        building = path.with_name(f".{os.getpid()}.tmp")
        building.write_bytes(content)
        building.replace(path)

    def quarantine_file(
        self,
        source: str,
        dataset: str,
        name: str,
        content: Content,
        reason: str,
        *,
        is_sample: bool = False,
        answer: Callable[[str, datetime], bytes] | None = None,
    ) -> str | None:
        """Keep a file that cannot be read at all, with the reason.

        Args:
            source: where it lay.
            dataset: and for what.
            name: of the file.
            content: the file.
            reason: why it cannot be read.
            is_sample: whether it is invented.
            answer: makes what its sender is told, a workbook, from the name under which the file
                is reported and the moment.

        Returns:
            The name under which it is reported; None if it is there already.
        """
        digest = content.digest
        place = self.quarantine_root / source / dataset
        folder = place / digest[:12]
        record = f"{digest[:12]}-file"
        known = place / f"{record}.parquet"
        # An earlier release recorded no code; the file is told again, under the same name.
        if known.exists() and "reason_code" in pq.read_schema(known).names:
            return None
        file = self.reported_name(source, dataset, name, digest)
        now = self.settings.now()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / Path(name).name).open("wb") as stream:
            for piece in content.pieces():
                stream.write(piece)
        origin = {
            "source": source,
            "dataset": dataset,
            "vintage": None,
            "file": f"{source}/{dataset}/{file}",
            "content_hash": digest,
            "quarantined_at": now,
            "is_sample": is_sample,
        }
        with _RejectedRows(folder / ".rejected", origin) as quarantine:
            quarantine.add([Rejected(0, "", reason)])
        if answer is not None:
            self._write_answer(source, dataset, file, answer(file, now))
        (folder / ".rejected").replace(place / f"{record}.parquet")
        return file

    def quarantined_file(self, source: str, dataset: str, digest: str) -> Content | None:
        """A whole file that lies in quarantine; None where it does not."""
        folder = self.quarantine_root / source / dataset / digest[:12]
        return next((Content(path) for path in sorted(folder.glob("*"))), None)

    def release_file(self, source: str, dataset: str, digest: str) -> None:
        """A file that could not be read before has been read now: it leaves the quarantine list."""
        folder = self.quarantine_root / source / dataset
        record = folder / f"{digest[:12]}-file.parquet"
        if record.exists():
            (row,) = pq.read_table(record, columns=["file"]).to_pylist()
            file = row["file"].removeprefix(f"{source}/{dataset}/")
            # Read under the same name it has an answer of its own, or none.
            if file not in {v.file for v in self.vintages(source, dataset)}:
                self.answer_path(source, dataset, file).unlink(missing_ok=True)
            record.unlink()
        shutil.rmtree(folder / digest[:12], ignore_errors=True)

    def record_attempt(
        self, source: str, dataset: str, outcome: Outcome, message: str | None = None
    ) -> None:
        """Remember when a (source, dataset) was last asked; staleness is judged from it."""
        path = self.root / source / dataset / "last_attempt.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        record = {
            "source": source,
            "dataset": dataset,
            "attempted_at": self.settings.now().isoformat(),
            "outcome": outcome,
            "message": message,
        }
        _write_json(path, record)

    def last_fetch(self, source: str, dataset: str) -> dict[str, Any]:
        """What was written down after the last fetch of a (source, dataset); empty if nothing."""
        path = self.root / source / dataset / "last_fetch.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def remember_fetch(self, source: str, dataset: str, record: Mapping[str, Any]) -> None:
        """Write down what the next fetch needs to know."""
        path = self.root / source / dataset / "last_fetch.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_json(path, record)

    def attempts(self) -> list[dict[str, Any]]:
        """The last attempt of each (source, dataset)."""
        found = []
        for path in sorted(self.root.glob("[!_]*/*/last_attempt.json")):
            record = json.loads(path.read_text(encoding="utf-8"))
            record["attempted_at"] = datetime.fromisoformat(record["attempted_at"])
            found.append(record)
        return found

    # -- the index that dbt reads ----------------------------------------------------------

    def write_index(self) -> dict[str, int]:
        """Write what dbt reads beside the data, and return the row counts of each index table.

        Staging reads only the rows of vintages that the index lists. An empty Parquet file per
        shape lets it read a raw zone that has no delivery of it.
        """
        vintages = self.vintages_in_use()
        with_sample = self.settings.sources == "sample"
        tables_of_rejected = [
            pq.read_table(path, schema=QUARANTINE)
            for path in self._quarantine_that_counts(vintages, with_sample)
        ]
        tables = {
            "vintages": pa.Table.from_pylist([asdict(v) for v in vintages], schema=VINTAGES),
            "attempts": pa.Table.from_pylist(self.attempts(), schema=ATTEMPTS),
            "quarantine": with_published_reasons(
                pa.concat_tables([QUARANTINE.empty_table(), *tables_of_rejected])
            ),
        }
        index = self.root / "_index"
        index.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            _write_table(table, index / f"{name}.parquet")
        for shape, schema in SHAPES.items():
            empty = self.root / "_empty" / shape / "none" / f"{shape}.parquet"
            if not empty.exists() or pq.read_schema(empty) != schema:
                empty.parent.mkdir(parents=True, exist_ok=True)
                _write_table(schema.empty_table(), empty)
        return {name: table.num_rows for name, table in tables.items()}

    def _quarantine_that_counts(self, vintages: Sequence[Vintage], sample: bool) -> Iterator[Path]:
        """The files of rejected rows that belong into the index, each of one delivery.

        Of a content that was read twice only the second reading counts: it tells what is wrong
        now.
        """
        newest = {(v.source, v.dataset, v.content_hash): v.vintage for v in vintages}
        for path in sorted(self.quarantine_root.glob("*/*/*.parquet")):
            (row,) = next(pq.ParquetFile(path).iter_batches(1)).to_pylist()
            if row["vintage"] is None:
                counts = sample or not row["is_sample"]
            else:
                key = (row["source"], row["dataset"], row["content_hash"])
                counts = newest.get(key) == row["vintage"]
            if counts:
                yield path


def _told_apart(name: str, digest: str, known: Iterable[tuple[str, str]]) -> str:
    """A name that stands for one content: another content under a known name gets `~2`."""
    suffixed = re.compile(re.escape(name) + r"(~[0-9]+)?")
    contents = {content: file for file, content in known if suffixed.fullmatch(file)}
    if digest in contents:
        return contents[digest]
    taken = set(contents.values())
    if name not in taken:
        return name
    number = 2
    while f"{name}~{number}" in taken:
        number += 1
    return f"{name}~{number}"


def _answer_name(file: str) -> str:
    """`<file>.xlsx`, as short as file systems want it."""
    name = f"{file}.xlsx"
    if len(name.encode()) <= _LONGEST_FILE_NAME:
        return name
    digest = hashlib.sha256(file.encode()).hexdigest()[:12]
    kept = file.encode()[: _LONGEST_FILE_NAME - len(f"~{digest}.xlsx")].decode(errors="ignore")
    return f"{kept}~{digest}.xlsx"


def _with_origin(
    batch: pa.RecordBatch, schema: pa.Schema, source: str, dataset: str, vintage: str
) -> pa.RecordBatch:
    origin = {"source": source, "dataset": dataset, "vintage": vintage}
    columns = [
        pa.repeat(origin[f.name], batch.num_rows).cast(f.type)
        if f.name in origin
        else batch.column(f.name).cast(f.type)
        for f in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


class _RejectedRows:
    """Rejected rows of one delivery, written as they come; no file where there are none."""

    def __init__(self, path: Path, origin: Mapping[str, Any]) -> None:
        self._path = path
        self._origin = origin
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def add(self, rejected: Sequence[Rejected]) -> None:
        """Write some more."""
        if not rejected:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, QUARANTINE, compression="zstd")
        rows = [
            {
                **self._origin,
                "line": reject.line,
                "column": reject.column,
                "delivered": reject.delivered,
                "reason": str(reason),
                "reason_code": reason.kind,
                "reason_parameters": reason.parameters(),
            }
            for reject in rejected
            for reason in [as_reason(reject.reason)]
        ]
        self._writer.write_table(pa.Table.from_pylist(rows, schema=QUARANTINE))


def _write_json(path: Path, record: Mapping[str, Any]) -> None:
    building = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    building.write_text(
        json.dumps(record, ensure_ascii=False, default=str, indent=1) + "\n", encoding="utf-8"
    )
    building.replace(path)


def _write_table(table: pa.Table, path: Path) -> None:
    building = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    pq.write_table(table, building, compression="zstd")
    building.replace(path)


@contextmanager
def _appears_at_once(folder: Path, workshop: Path) -> Iterator[Path]:
    """A folder that exists only when its content is complete; it is built in the workshop."""
    building = workshop / folder.name
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        yield building
        folder.parent.mkdir(parents=True, exist_ok=True)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
