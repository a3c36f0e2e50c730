"""What a delivery would change, before it lands: rows added, changed and gone.

Nothing is written to the raw zone. The delivery is read as it would be taken in, into a
temporary file, and compared by key with the rows that are in force now.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.raw.schemas import RECORD_KEYS, SHAPES
from assets.raw.zone import Delivery, RawZone, Rejected, Vintage

SHOWN = 20
"""Rows of each kind of change that are shown."""

_CELL = ("indicator", "region", "segment", "period")
#: What makes two rows of a shape the same thing in two deliveries.
KEYS: dict[str, tuple[str, ...]] = {
    "measurements": _CELL,
    "table_cells": _CELL,
    "funding_decisions": ("decision_id",),
    "advice_events": ("event_id",),
    "register_events": ("event_id",),
    **dict.fromkeys(RECORD_KEYS, ("record_key",)),
}
#: Shapes whose every delivery tells the whole: what is not in it any more is gone.
_WHOLE = frozenset({"table_cells", "register_events"})
_ORIGIN = frozenset({"source", "dataset", "vintage", "line"})


@dataclass(frozen=True)
class Change:
    """One row that would change.

    Attributes:
        kind: `added`, `changed` or `gone`.
        key: what tells the row apart.
        before, after: the other columns that differ; all of them for an added or a gone row.
    """

    kind: str
    key: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Preview:
    """What a delivery would change.

    Attributes:
        rows: rows that would be accepted, quarantined, added, changed, gone and left as they are.
        changes: some rows of each kind of change.
        rejected: some rows that would go to quarantine.
        differences: why the edition would wait; empty where it would count at once.
    """

    rows: dict[str, int]
    changes: list[Change] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def preview(zone: RawZone, source: str, dataset: str, delivery: Delivery) -> Preview:
    """Compare a delivery with the rows that are in force.

    Raises:
        UnreadableDelivery: it cannot be read.
    """
    schema = pa.schema([f for f in SHAPES[delivery.shape] if f.name not in _ORIGIN - {"line"}])
    rejected: list[Rejected] = []
    accepted = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "new.parquet"
        with pq.ParquetWriter(new, schema) as writer:
            for batch in delivery.batches:
                accepted += batch.accepted.num_rows
                refused += batch.rows_rejected
                rejected.extend(batch.rejected[: SHOWN - len(rejected)])
                writer.write_batch(batch.accepted.select(schema.names).cast(schema))
        counts, changes = _compared(
            zone, zone.vintages_in_use(source, dataset), new, delivery.shape
        )
    return Preview({"accepted": accepted, "quarantined": refused, **counts}, changes, rejected)


def _compared(
    zone: RawZone, vintages: Sequence[Vintage], new: Path, shape: str
) -> tuple[dict[str, int], list[Change]]:
    keys = KEYS[shape]
    columns = [f.name for f in SHAPES[shape] if f.name not in {*_ORIGIN, *keys}]
    in_force = vintages[-1:] if shape in _WHOLE else vintages
    with duckdb.connect() as warehouse:
        _load(warehouse, "after", [new], keys, shape)
        _load(warehouse, "before", [zone.path_of(vintage) for vintage in in_force], keys, shape)
        same = " and ".join(f'b."{key}" is not distinct from a."{key}"' for key in keys)
        differs = " or ".join(f'b."{c}" is distinct from a."{c}"' for c in columns) or "false"
        warehouse.execute(
            f"""
            create table compared as
            select b, a, case
                when b.line is null then 'added'
                when a.line is null then 'gone'
                when {differs} then 'changed'
                else 'unchanged' end as kind
            from "before" as b full join "after" as a on {same}
            """
        )
        counts = dict.fromkeys(("added", "changed", "gone", "unchanged"), 0)
        counts |= dict(
            warehouse.execute("select kind, count(*) from compared group by kind").fetchall()
        )
        if shape not in _WHOLE:
            # A later file of a partner adds and replaces; what it leaves out stays in force.
            counts["unchanged"] += counts.pop("gone")
        changes = [
            _change(kind, before, after, keys, columns)
            for wanted in ("changed", "added", "gone")
            if wanted in counts
            for kind, before, after in warehouse.execute(
                "select kind, b, a from compared where kind = ? order by b, a limit ?",
                [wanted, SHOWN],
            ).fetchall()
        ]
    return counts, changes


def _load(
    warehouse: duckdb.DuckDBPyConnection,
    name: str,
    paths: Sequence[Path],
    keys: Sequence[str],
    shape: str,
) -> None:
    """The newest row of each key, the last one of a delivery where it has several."""
    listed = ", ".join(f'"{key}"' for key in keys)
    if not paths:
        empty = SHAPES[shape].empty_table()
        warehouse.register(f"no_{name}", empty)
        warehouse.execute(f'create table "{name}" as from no_{name}')
        return
    files = [str(path) for path in paths]
    warehouse.execute(
        f"""
        create table "{name}" as
        select * exclude (filename) from read_parquet(?, filename = true, union_by_name = true)
        qualify row_number() over (
            partition by {listed}
            order by list_position(?, filename) desc, line desc
        ) = 1
        """,
        [files, files],
    )


def _change(
    kind: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    keys: Sequence[str],
    columns: Sequence[str],
) -> Change:
    there = (after if kind == "added" else before) or {}
    old = {c: (before or {}).get(c) for c in columns} if kind != "added" else {}
    new = {c: (after or {}).get(c) for c in columns} if kind != "gone" else {}
    if kind == "changed":
        differing = [c for c in columns if old[c] != new[c]]
        old = {c: old[c] for c in differing}
        new = {c: new[c] for c in differing}
    return Change(kind, {key: there.get(key) for key in keys}, old, new)
