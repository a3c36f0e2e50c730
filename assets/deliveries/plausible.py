"""Measurements that are far from their neighbours in time and space, before they count.

What belongs here: what only the other values of a series, or of the regions around, can tell of a
delivered value. What does not: the valid range of an indicator (`assets.landing.rules`).

Far is `max_step` times a neighbour or more, or a `max_step`th of it or less (`indicators.csv`). The
neighbours of a value are

- in time: the median of what the source delivered before for the same indicator, region, segment
  and frequency; else of what other sources and tables delivered for it. A value alone in its
  series has no such neighbour: the same period delivered again is a correction.
- in space: the median of the regions of its type, of four or more, each computed per inhabitant,
  so that a big municipality is no exception beside small ones. A region that is only the last of a
  wide field is not far: it must also lie apart, by the root of `max_step`, from the nearest of
  them. What any source delivered before counts first, then the other regions of this delivery.
- within the delivery: the median of its series there, of three values or more. It tells only of a
  new series, and only where no regions are to compare with: it may itself be in another unit.

A value far from its time is held, unless its regions, as delivered before, say that it is in
place. A value of a new series is held where it is far from its regions. A first delivery that is
off as a whole has neighbours only where another source has delivered the same series or its
regions; else the valid range alone can tell.

Such a value goes to quarantine until it is corrected, or a person accepts it in
`accepted_values.csv`, after which the same file is read again.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from assets.catalogue import Catalogue
from assets.raw.zone import RawZone
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.numbers import written_out
from assets.vocabulary.reasons import Reason

SHAPE = "measurements"
#: The shape of a table of a statistical office; its cells are measurements too.
_TABLE = "table_cells"
#: Keys that a batch must have before one can say that most of them come twice.
_FEW_KEYS = 5
_KEY = "indicator, region, segment, period"
_SERIES = "indicator, region, segment, freq"
_AROUND = "indicator, region_type, segment, freq"
#: Inhabitants of each municipality, of two digits: no statistics, only how big a region is.
_SIZES = Path(__file__).parent / "region_sizes.csv"
_TYPE = "regexp_extract(region, '^[A-Z]+')"


def _equal(table: str, columns: str) -> str:
    return " and ".join(f"{table}.{name} = now.{name}" for name in columns.split(", "))


#: Tables of what was delivered before: of series, and of the regions around them.
_TABLES = f"""
    create table of_past (
        {", ".join(f"{name} varchar" for name in _SERIES.split(", "))}, is_own boolean,
        usual double, periods bigint, only_period varchar
    );
    create table before (
        {", ".join(f"{name} varchar" for name in _AROUND.split(", "))},
        regions bigint, median double, largest double, smallest double
    );
"""
_PAST = f"""
    create or replace temp table past as
    select
        {_SERIES}, period, {_TYPE} as region_type, delivered.source = $source as is_own,
        value * factor as value, value * factor / inhabitants as per_head
    from read_parquet($files, union_by_name = true) as delivered
    join units using (unit)
    left join sizes using (region)
    where value > 0 and list_contains($indicators, indicator)
"""
_OF_PAST = f"""
    insert into of_past
    select {_SERIES}, is_own, median(value), count(distinct period), any_value(period)
    from past
    group by all
"""
_BEFORE = f"""
    insert into before
    select {_AROUND}, count(*), median(per_head), max(per_head), min(per_head)
    from (
        select {_AROUND}, region, median(per_head) as per_head
        from past
        where per_head is not null
        group by all
    )
    group by all
"""
_FAR = f"""
    with now as (
        select
            position, indicator, region, segment, period, freq, {_TYPE} as region_type,
            value * factor as value, value * factor / inhabitants as per_head, max_step,
            inhabitants
        from batch
        join units using (unit)
        join steps using (indicator)
        left join sizes using (region)
        where value > 0
    ),
    of_now as (select {_SERIES}, median(value) as usual, count(*) as values from now group by all),
    region_now as (
        select {_AROUND}, region, median(per_head) as per_head
        from now
        where per_head is not null
        group by all
    ),
    beside as (
        select
            {_AROUND}, count(*) as regions, median(per_head) as median,
            max(per_head, 2) as largest, min(per_head, 2) as smallest
        from region_now
        group by all
    ),
    compared as (
        select
            now.*,
            case
                when own.periods > 1 or own.only_period != now.period then own.usual
                when own.usual is null then other.usual
            end as in_time,
            case when of_now.values > 2 then of_now.usual end as in_file,
            coalesce(before.regions > 3, false) as has_before,
            has_before or coalesce(beside.regions > 3, false) as has_around,
            if(has_before, before.median, beside.median) as around,
            if(has_before, before.largest,
                beside.largest[if(region_now.per_head = beside.largest[1], 2, 1)]) as largest,
            if(has_before, before.smallest,
                beside.smallest[if(region_now.per_head = beside.smallest[1], 2, 1)]) as smallest
        from now
        left join of_past as own on own.is_own and {_equal("own", _SERIES)}
        left join of_past as other on not other.is_own and {_equal("other", _SERIES)}
        left join of_now on {_equal("of_now", _SERIES)}
        left join before on {_equal("before", _AROUND)}
        left join region_now
            on region_now.region = now.region and {_equal("region_now", _AROUND)}
        left join beside on {_equal("beside", _AROUND)}
    ),
    judged as (
        select
            *,
            around * inhabitants as in_space,
            not value between in_time / max_step and in_time * max_step as is_far_in_time,
            not value between in_file / max_step and in_file * max_step as is_far_in_file,
            has_around and (
                (per_head >= max_step * around and per_head >= sqrt(max_step) * largest)
                or (per_head * max_step <= around and per_head * sqrt(max_step) <= smallest)
            ) as is_far_in_space
        from compared
    )
    select position,
        coalesce(if(is_far_in_time, in_time, null), if(has_around, in_space, null), in_file)
    from judged
    where case
        when in_time is not null
            then is_far_in_time and not (has_before and not is_far_in_space)
        when has_around then is_far_in_space
        else is_far_in_file
    end
    and not exists (
        select 1 from accepted
        where judged.indicator = accepted.indicator
            and judged.region = coalesce(accepted.region, judged.region)
            and judged.segment = coalesce(accepted.segment, judged.segment)
            and judged.period = coalesce(accepted.period, judged.period)
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
        is_accepted: whether most keys may come twice: a person has accepted the file.
    """

    def __init__(
        self, zone: RawZone, source: str, catalogue: Catalogue, *, is_accepted: bool = False
    ) -> None:
        self._source = source
        self._is_accepted = is_accepted
        self._past = _past_files(zone)
        self._loaded: set[str] = set()
        sizes = _inhabitants(catalogue)
        limited = [i for i in catalogue.indicators.values() if i.max_step]
        units = catalogue.units.values()
        accepted = [a for a in catalogue.accepted_values if a["source"] in ("", source)]
        tables = {
            "steps": pa.table(
                {
                    "indicator": [i.indicator for i in limited],
                    "max_step": [i.max_step for i in limited],
                }
            ),
            "units": pa.table(
                {"unit": [u.unit for u in units], "factor": [u.factor for u in units]}
            ),
            "sizes": pa.table({"region": list(sizes), "inhabitants": list(sizes.values())}),
            "accepted": pa.table(
                {
                    name: pa.array([a[name] or None for a in accepted], pa.string())
                    for name in ("indicator", "region", "segment", "period")
                }
            ),
        }
        self._connection = duckdb.connect()
        self._connection.execute(_TABLES)
        for name, table in tables.items():
            self._connection.register(name, table)

    def __call__(self, accepted: pa.RecordBatch) -> Mapping[int, tuple[str, Reason]]:
        """Column and reason of the rows that are far from their neighbours, by position.

        Raises:
            UnreadableDelivery: most keys come twice with different values.
        """
        batch = pa.Table.from_batches([accepted])
        # Numbered here: a join does not keep the order of its rows.
        batch = batch.append_column("position", pa.array(range(len(batch)), pa.int64()))
        self._connection.register("batch", batch)
        ((keys, twice),) = self._connection.execute(_TWICE).fetchall()
        if not self._is_accepted and keys >= _FEW_KEYS and 2 * twice > keys:
            raise UnreadableDelivery(Reason("most_keys_twice", keys=keys, twice=twice))
        self._load_past({*batch["indicator"].unique().to_pylist()} - self._loaded)
        far = dict(self._connection.execute(_FAR).fetchall())
        rows = batch.take(pa.array(list(far), pa.int64())).to_pylist()
        return {
            position: (
                "value",
                Reason(
                    "far_from_neighbours",
                    value=written_out(row["value"]),
                    unit=row["unit"],
                    indicator=row["indicator"],
                    neighbours=written_out(far[position]),
                ),
            )
            for position, row in zip(far, rows, strict=True)
        }

    def _load_past(self, indicators: set[str]) -> None:
        """Compute once what earlier deliveries tell of some indicators."""
        self._loaded |= indicators
        if not self._past or not indicators:
            return
        given = {"source": self._source, "files": self._past, "indicators": sorted(indicators)}
        self._connection.execute(_PAST, given)
        self._connection.execute(_OF_PAST)
        self._connection.execute(_BEFORE)


def _past_files(zone: RawZone) -> list[str]:
    """The measurements that lie in the raw zone; of a table its newest edition is the whole."""
    found: dict[tuple[str, ...], str] = {}
    for vintage in zone.vintages_in_use():
        place = vintage.source, vintage.dataset
        if vintage.shape == SHAPE:
            found[*place, vintage.vintage] = str(zone.path_of(vintage))
        elif vintage.shape == _TABLE:
            found[place] = str(zone.path_of(vintage))
    return list(found.values())


def _inhabitants(catalogue: Catalogue) -> Mapping[str, int]:
    """How many people live in each region, roughly; regions without municipalities are not in."""
    with _SIZES.open(encoding="utf-8", newline="") as stream:
        sizes = {row["region"]: int(row["population"]) for row in csv.DictReader(stream)}
    members = {(m.region, m.parent) for m in catalogue.memberships if m.region in sizes}
    found = dict(sizes)
    for region, parent in members:
        found[parent] = found.get(parent, 0) + sizes[region]
    return found
