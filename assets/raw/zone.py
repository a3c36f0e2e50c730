"""The vintages of a deployment: written once, found again.

    raw/<source>/<dataset>/<vintage>/<shape>.parquet    the rows, as understood
                                    /delivery.<ext>.gz  what was delivered, byte for byte
                                    /vintage.json       where from, when, hash, licence, row counts
                                    /structure.json     what the table looks like (tables only)

A vintage appears in one step (written beside, then renamed), so a reader never sees half of
one and a refresh that dies leaves nothing that counts. What lies beside the vintages has its own
modules: `quarantine`, `attempts`, `index`.
"""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assets.raw.attempts import Attempts
from assets.raw.content import PIECE, Content
from assets.raw.delivery import SHOWN_REJECTS, Delivery, Rejected
from assets.raw.files import atomic_directory, write_json
from assets.raw.index import write_index
from assets.raw.quarantine import Quarantine, RejectedRows
from assets.raw.schemas import SHAPES
from assets.raw.vintages import Vintage
from assets.settings import Settings

_STAMP = "%Y%m%dT%H%M%S%fZ"


class RawZone:
    """The raw zone of one deployment."""

    def __init__(self, settings: Settings, catalogue_hash: str) -> None:
        self.root = settings.raw_dir
        self.settings = settings
        self.catalogue_hash = catalogue_hash
        self.attempts = Attempts(settings)
        self.quarantine = Quarantine(settings, self.vintages)
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
        """Consume a delivery's batches into a new vintage; see `writing`."""
        with self.writing(
            source, dataset, delivery, licence=licence, is_sample=is_sample, notes=notes
        ) as written:
            pass
        return written

    @contextmanager
    def writing(
        self,
        source: str,
        dataset: str,
        delivery: Delivery,
        *,
        licence: str,
        is_sample: bool,
        notes: str | None = None,
    ) -> Iterator[tuple[Vintage, list[Rejected]]]:
        """Consume a delivery's batches into a new vintage, which appears when the block ends.

        Rows stream from the reader to Parquet; memory is bounded by a batch. Rejected rows are
        written to quarantine in the same step.

        Args:
            source: whose delivery it is.
            dataset: and what of.
            delivery: what the reader hands over.
            licence: under which it may be used.
            is_sample: whether its figures are invented.
            notes: what a person should know beside the delivery's own notes.

        Yields:
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
        with atomic_directory(folder, self.root / "_building") as building:
            file = self.quarantine.reported_name(source, dataset, delivery.file, digest)
            accepted = rejected = left_out = 0
            shown: list[Rejected] = []
            with (
                pq.ParquetWriter(
                    building / f"{delivery.shape}.parquet", schema, compression="zstd"
                ) as writer,
                RejectedRows(
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
                write_json(building / "structure.json", delivery.structure)
            if rejected:
                place = self.quarantine.root / source / dataset
                place.mkdir(parents=True, exist_ok=True)
                # Before the vintage appears: rows without their vintage are told to nobody, a
                # vintage without its rejected rows would not balance.
                shutil.move(building / "rejected.parquet", place / f"{vintage_id}.parquet")
            yield vintage, shown
        # What an earlier reading of the same content had to tell is no longer so.
        answered = {v.file for v in earlier if v.content_hash == digest} | {file}
        for stale in answered - ({file} if rejected else set()):
            self.quarantine.answer_path(source, dataset, stale).unlink(missing_ok=True)

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

    def write_index(self) -> dict[str, int]:
        """Write what dbt reads beside the data; see `assets.raw.index`."""
        return write_index(self.settings, self.vintages_in_use(), self.attempts, self.quarantine)


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
