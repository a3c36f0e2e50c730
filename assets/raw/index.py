"""The index that dbt reads beside the data: vintages, attempts, quarantine.

raw/_index/*.parquet    which vintages count and from when, the last attempts, the rejected rows
raw/_empty/<shape>/     an empty file of each shape
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pyarrow as pa
import pyarrow.parquet as pq

from assets.raw.attempts import Attempts
from assets.raw.files import write_table
from assets.raw.knowledge import Knowledge
from assets.raw.quarantine import Quarantine
from assets.raw.reasons import with_published_reasons
from assets.raw.schemas import ATTEMPTS, QUARANTINE, SHAPES, VINTAGES_INDEX
from assets.raw.vintages import Vintage
from assets.settings import Settings


def write_index(
    settings: Settings, vintages: Sequence[Vintage], attempts: Attempts, quarantine: Quarantine
) -> dict[str, int]:
    """Write what dbt reads beside the data, and return the row counts of each index table.

    Staging reads only the rows of vintages that the index lists. An empty Parquet file per
    shape lets it read a raw zone that has no delivery of it.
    """
    with_sample = settings.sources == "sample"
    tables_of_rejected = [
        pq.read_table(path, schema=QUARANTINE) for path in quarantine.in_use(vintages, with_sample)
    ]
    known_from = Knowledge(settings).known_from(v.taken_in_at for v in vintages)
    tables = {
        "vintages": pa.Table.from_pylist(
            [asdict(v) | {"known_from": known_from[v.taken_in_at]} for v in vintages],
            schema=VINTAGES_INDEX,
        ),
        "attempts": pa.Table.from_pylist(attempts.all(), schema=ATTEMPTS),
        "quarantine": with_published_reasons(
            pa.concat_tables([QUARANTINE.empty_table(), *tables_of_rejected])
        ),
    }
    index = settings.raw_dir / "_index"
    for name, table in tables.items():
        write_table(table, index / f"{name}.parquet")
    for shape, schema in SHAPES.items():
        empty = settings.raw_dir / "_empty" / shape / "none" / f"{shape}.parquet"
        if not empty.exists() or pq.read_schema(empty) != schema:
            write_table(schema.empty_table(), empty)
    return {name: table.num_rows for name, table in tables.items()}
