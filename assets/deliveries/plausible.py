"""Measurements that are far from their neighbours, before they count.

What belongs here: what only the other values of a series, or of the regions around, can tell of a
delivered value. What does not: the valid range of an indicator (`assets.landing.rules`).

A value that is `max_step` times what its series measures in other periods, or a `max_step`th of it,
has most likely been delivered in another unit. Of a series that is new, the other regions of its
type tell. Such a value goes to quarantine until it is corrected, or a person accepts it in
`accepted_values.csv`, after which the same file is read again.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from assets.catalogue import Catalogue
from assets.errors import UnreadableDelivery
from assets.raw.zone import RawZone
from assets.vocabulary.reasons import Reason

SHAPE = "measurements"
#: Keys that a batch must have before one can say that most of them come twice.
_FEW_KEYS = 30
_KEY = "indicator, region, segment, period"
_SERIES = "indicator, region, segment, freq"

_FAR = f"""
    with now as (
        select
            position, indicator, region, segment, period, freq,
            regexp_extract(region, '^[A-Z]+') as region_type, value * factor as value, max_step
        from batch
        join units using (unit)
        join steps using (indicator)
        where value > 0
    ),
    past as (
        select {_SERIES}, period, value * factor as value
        from delivered
        join units using (unit)
        where value > 0
    ),
    of_past as (
        select {_SERIES}, median(value) as usual, count(distinct period) as periods,
            any_value(period) as only_period
        from past
        group by all
    ),
    of_now as (select {_SERIES}, median(value) as usual, count(*) as values from now group by all),
    around as (
        select indicator, region_type, segment, period, max(value) as largest,
            max(value, 2)[2] as second, count(*) as regions
        from now
        group by all
    ),
    compared as (
        select
            now.*,
            case
                when of_past.periods > 1 or of_past.only_period != now.period then of_past.usual
                when of_now.values > 2 then of_now.usual
            end as usual,
            case
                when around.regions > 3 and now.value = around.largest then around.second
            end as next_largest
        from now
        left join of_past using ({_SERIES})
        left join of_now using ({_SERIES})
        left join around using (indicator, region_type, segment, period)
    )
    select position, coalesce(usual, next_largest) as neighbours
    from compared
    where (
        value >= max_step * usual
        or value <= usual / max_step
        or (usual is null and value >= max_step * next_largest)
    )
    and not exists (
        select 1 from accepted
        where compared.indicator = accepted.indicator
            and compared.region = coalesce(accepted.region, compared.region)
            and compared.segment = coalesce(accepted.segment, compared.segment)
            and compared.period = coalesce(accepted.period, compared.period)
    )
    order by position
"""
_TWICE = f"""
    select count(*), count(*) filter (values > 1)
    from (select {_KEY}, count(distinct value) as values from batch group by all)
"""


class Neighbours:
    """Looks at the measurements of one delivery, batch by batch.

    Args:
        zone: where earlier deliveries of the source lie.
        source: who delivers.
        catalogue: what is a large step, and what a person has accepted.
    """

    def __init__(self, zone: RawZone, source: str, catalogue: Catalogue) -> None:
        self._past = [str(zone.path_of(v)) for v in zone.vintages_in_use(source, SHAPE)]
        limited = [i for i in catalogue.indicators.values() if i.max_step]
        units = catalogue.units.values()
        accepted = [a for a in catalogue.accepted_values if a["source"] in ("", source)]
        self._tables = {
            "steps": pa.table(
                {
                    "indicator": [i.indicator for i in limited],
                    "max_step": [i.max_step for i in limited],
                }
            ),
            "units": pa.table(
                {"unit": [u.unit for u in units], "factor": [u.factor for u in units]}
            ),
            "accepted": pa.table(
                {
                    name: pa.array([a[name] or None for a in accepted], pa.string())
                    for name in ("indicator", "region", "segment", "period")
                }
            ),
        }

    def __call__(self, accepted: pa.RecordBatch) -> Mapping[int, tuple[str, Reason]]:
        """Column and reason of the rows that are far from their neighbours, by position.

        Raises:
            UnreadableDelivery: most keys come twice with different values.
        """
        batch = pa.Table.from_batches([accepted])
        # Numbered here: a join does not keep the order of its rows.
        batch = batch.append_column("position", pa.array(range(len(batch)), pa.int64()))
        with duckdb.connect() as connection:
            for name, table in {**self._tables, "batch": batch}.items():
                connection.register(name, table)
            ((keys, twice),) = connection.execute(_TWICE).fetchall()
            if keys >= _FEW_KEYS and 2 * twice > keys:
                raise UnreadableDelivery(Reason("most_keys_twice", keys=keys, twice=twice))
            if self._past:
                relation = connection.read_parquet(self._past, union_by_name=True)
                connection.register("delivered", relation)
            else:
                connection.register("delivered", batch.slice(0, 0))
            far = dict(connection.execute(_FAR).fetchall())
        rows = batch.take(pa.array(list(far), pa.int64())).to_pylist()
        return {
            position: (
                "value",
                Reason(
                    "far_from_neighbours",
                    value=f"{row['value']:g}",
                    unit=row["unit"],
                    indicator=row["indicator"],
                    neighbours=f"{far[position]:g}",
                ),
            )
            for position, row in zip(far, rows, strict=True)
        }
