"""Whether a delivery that comes again says anything new.

A content is known only as long as it is the newest that holds for its keys: who delivers a file,
then a correction, and then the first file again takes the correction back.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from assets.deliveries.preview import KEYS
from assets.raw.schemas import SHAPES
from assets.raw.vintages import Vintage
from assets.raw.zone import RawZone

#: Where a row came from; it may differ between two deliveries that say the same.
_ORIGIN = frozenset({"source", "dataset", "vintage", "line"})


def still_holds(zone: RawZone, vintage: Vintage, until: datetime) -> bool:
    """Whether no later vintage says otherwise about a key of this one.

    Args:
        zone: where the vintages lie.
        vintage: the newest reading of a content.
        until: vintages that were delivered after this moment do not count.
    """
    later = [
        str(zone.path_of(other))
        for other in zone.vintages_in_use(vintage.source, vintage.dataset)
        if other.sequence > vintage.sequence and other.delivered_at <= until
    ]
    if not later:
        return True
    keys = ", ".join(f'"{name}"' for name in KEYS[vintage.shape])
    told = ", ".join(f'"{f.name}"' for f in SHAPES[vintage.shape] if f.name not in _ORIGIN)
    query = f"""
        with mine as (select {told} from read_parquet($mine)),
        newest as (
            select {told} from read_parquet($later, union_by_name = true)
            semi join mine using ({keys})
            qualify rank() over (partition by {keys} order by vintage desc) = 1
        )
        select exists (select {told} from newest except select {told} from mine)
    """
    with duckdb.connect() as connection:
        (differs,) = connection.execute(
            query, {"mine": str(zone.path_of(vintage)), "later": later}
        ).fetchone() or (True,)
    return not differs
