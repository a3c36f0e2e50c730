"""What a delivery would change, before it lands: rows added, changed and no longer told.

What belongs here: comparing a delivery with the rows that are in force. What does not: reading
it (`assets.landing`, `assets.feeds`, `assets.feeds`) and taking it in. Nothing is written
but a temporary folder, which goes with the comparison.

In force is, of every key, the row of the newest vintage that has it, unless that one took it back
(as in the dbt models `int_measurements`, `int_events` and `int_record_dispositions`). So a
row that a new delivery lacks stays in force; of an edition that should tell everything it is shown
all the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.datasets import DATASETS
from assets.raw.delivery import Delivery, Rejected
from assets.raw.schemas import RAW_ONLY, RECORD_KEYS, SHAPES
from assets.raw.vintages import Vintage
from assets.raw.zone import RawZone
from assets.vocabulary.reasons import Reason

SHOWN = 20
"""Rows of each kind of change that are shown."""
HIDDEN = "(stays in the raw zone)"
"""Stands for a value that identifies somebody or is free text."""

#: What makes two rows of a shape the same thing in two deliveries.
KEYS: dict[str, tuple[str, ...]] = {
    **{dataset.name: dataset.key for dataset in DATASETS.values()},
    "table_cells": DATASETS["measurements"].key,
    "register_events": ("event_id",),
    **dict.fromkeys(RECORD_KEYS, ("record_key",)),
}
#: Shapes whose every delivery tells the whole.
_WHOLE = frozenset({"table_cells", "register_events"})
#: Kinds of change that leave nothing in force.
_LEAVING = frozenset({"gone", "withdrawn"})
_ORIGIN = frozenset({"source", "dataset", "vintage"})
#: Follow from the period, or say under which codes a value came: no change of what is known. What
#: is taken back is a kind of change, no change of a column.
_NOT_COMPARED = frozenset(
    {"line", "freq", "period_start", "period_end", "table_id", "dims", "withdrawn"}
)
_MEMORY = "1GB"


@dataclass(frozen=True)
class Change:
    """One row that would change.

    Attributes:
        kind: `added`, `changed`, `withdrawn`, `idle` or `gone`; see `Preview.rows`.
        key: what tells the row apart.
        before, after: the other columns that differ; all of them for an added or a gone row.
            Values that must not leave the raw zone are `HIDDEN`.
    """

    kind: str
    key: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Preview:
    """What a delivery would change.

    Attributes:
        rows: how many rows of the delivery would be `accepted` and `quarantined`; of the accepted
            ones `repeated` have the key of another one, the others are `added`, `changed` or
            `unchanged` against what is in force, or take it back (`withdrawn`; `idle` where nothing
            of their key is in force). Then what is in force and not in the delivery:
            of an edition that should tell everything those that the last one had (`gone`), of a
            partner's file all (`untouched`).
        changes: the first rows of each kind of change, by key.
        rejected: the first reasons for quarantine.
        differences: why the edition would wait; empty where it would count at once.
        notes: what a person should know of the reading: columns that nobody reads, hidden rows.
    """

    rows: dict[str, int]
    changes: list[Change] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    differences: list[Reason] = field(default_factory=list)
    notes: str | None = None


def preview(zone: RawZone, source: str, dataset: str, delivery: Delivery) -> Preview:
    """Compare a delivery with the rows that are in force; consumes its batches.

    Memory is bounded by a batch and DuckDB's limit, beyond which it uses the temporary folder.

    Args:
        zone: the raw zone; only read.
        source: whose delivery it is.
        dataset: and what of.
        delivery: as a reader hands it over.

    Raises:
        UnreadableDelivery: it cannot be read.
    """
    schema = pa.schema([f for f in SHAPES[delivery.shape] if f.name not in _ORIGIN])
    rejected: list[Rejected] = []
    accepted = refused = 0
    with tempfile.TemporaryDirectory(prefix="tilannekuva-") as name:
        folder = Path(name)
        new = folder / "new.parquet"
        with pq.ParquetWriter(new, schema) as writer:
            for batch in delivery.batches:
                accepted += batch.accepted.num_rows
                refused += batch.rows_rejected
                rejected.extend(batch.rejected[: SHOWN - len(rejected)])
                writer.write_batch(batch.accepted.select(schema.names).cast(schema))
        vintages = zone.vintages_in_use(source, dataset)
        compared = _Compared(zone, vintages, new, delivery.shape, folder)
        with compared.warehouse:
            repeated = compared.repeated(accepted)
            counts, changes = compared.changes()
    rows = {"accepted": accepted, "quarantined": refused, "repeated": repeated, **counts}
    return Preview(rows, changes, rejected, notes=delivery.notes)


class _Compared:
    """The rows in force (`before`) and those of a delivery (`after`), side by side by key."""

    def __init__(
        self, zone: RawZone, vintages: Sequence[Vintage], new: Path, shape: str, folder: Path
    ) -> None:
        self._shape = shape
        self._keys = KEYS[shape]
        self._shown_keys = [
            k for k in RECORD_KEYS.get(shape, self._keys) if k not in RAW_ONLY.get(shape, ())
        ]
        self._columns = [
            f.name
            for f in SHAPES[shape]
            if f.name not in {*_ORIGIN, *_NOT_COMPARED, *self._keys, *self._shown_keys}
        ]
        self.warehouse = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "temp_directory": str(folder / "spill"),
                # Tables keep no order that anybody asks for; keeping it costs memory.
                "preserve_insertion_order": False,
            }
        )
        # Older vintages may lack a column, and there may be none: this file has all of them.
        empty = folder / "empty.parquet"
        pq.write_table(SHAPES[shape].empty_table(), empty)
        last = vintages[-1].vintage if vintages else ""
        self._can_withdraw = "withdrawn" in SHAPES[shape].names
        self._load("before", [empty, *map(zone.path_of, vintages)], f"vintage = '{last}'")
        self._load("after", [empty, new], "true")
        taken_back = "coalesce(a.withdrawn, false)" if self._can_withdraw else "false"
        if self._can_withdraw:
            # What was taken back is not in force: delivered again it is an addition.
            self.warehouse.execute('delete from "before" where withdrawn')
        same = " and ".join(f'b."{key}" is not distinct from a."{key}"' for key in self._keys)
        differs = " or ".join(f'b."{c}" is distinct from a."{c}"' for c in self._columns)
        self.warehouse.execute(
            f"""
            create view compared as
            select b, a, {", ".join(f'coalesce(b."{k}", a."{k}") as "{k}"' for k in self._keys)},
                case
                    when {taken_back} and b.line is null then 'idle'
                    when {taken_back} then 'withdrawn'
                    when b.line is null then 'added'
                    when a.line is null and b.is_last then 'gone'
                    when a.line is null then 'out of sight'
                    when {differs or "false"} then 'changed'
                    else 'unchanged'
                end as kind
            from "before" as b full join "after" as a on {same}
            """
        )

    def _load(self, name: str, paths: Sequence[Path], is_last: str) -> None:
        """The row of each key that would count, by the order of the paths and by line."""
        # As in dbt: of a key that stands twice in one delivery the last row with a value counts.
        values_first = "value is null," if "value" in SHAPES[self._shape].names else ""
        files = [str(path) for path in paths]
        wanted = dict.fromkeys((*self._keys, *self._shown_keys, *self._columns))
        if self._can_withdraw:
            wanted["withdrawn"] = None
        self.warehouse.execute(
            f"""
            create table "{name}" as
            select {_listed(wanted)}, line, {is_last} as is_last
            from read_parquet(?, filename = true, union_by_name = true)
            qualify row_number() over (
                partition by {_listed(self._keys)}
                order by list_position(?, filename) desc, {values_first} line desc
            ) = 1
            """,
            [files, files],
        )

    def repeated(self, accepted: int) -> int:
        """How many of the accepted rows have the key of another one that counts."""
        (counting,) = self.warehouse.execute('select count(*) from "after"').fetchone() or (0,)
        return accepted - int(counting)

    def changes(self) -> tuple[dict[str, int], list[Change]]:
        """Numbers of rows by what becomes of them, and the first rows of each kind of change."""
        found = dict(
            self.warehouse.execute("select kind, count(*) from compared group by kind").fetchall()
        )
        counts = {kind: found.get(kind, 0) for kind in ("added", "changed", "unchanged", "gone")}
        kinds = ["changed", "added", "gone"]
        if self._can_withdraw:
            counts |= {kind: found.get(kind, 0) for kind in ("withdrawn", "idle")}
            kinds += ["withdrawn", "idle"]
        if self._shape not in _WHOLE:
            counts["untouched"] = counts.pop("gone") + found.get("out of sight", 0)
            kinds.remove("gone")
        return counts, [
            self._change(kind, before, after)
            for kind in kinds
            if counts[kind]
            for before, after in self.warehouse.execute(
                f"select b, a from compared where kind = ? order by {_listed(self._keys)} limit ?",
                [kind, SHOWN],
            ).fetchall()
        ]

    def _change(self, kind: str, before: dict[str, Any], after: dict[str, Any]) -> Change:
        there = after if kind in ("added", "idle") else before
        told = [c for c in self._columns if kind != "changed" or before[c] != after[c]]
        return Change(
            kind,
            {key: there[key] for key in self._shown_keys},
            {c: self._shown(c, before[c]) for c in told} if there is before else {},
            {c: self._shown(c, after[c]) for c in told} if kind not in _LEAVING else {},
        )

    def _shown(self, column: str, value: Any) -> Any:
        is_secret = column in RAW_ONLY.get(self._shape, ())
        return HIDDEN if is_secret and value is not None else value


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
