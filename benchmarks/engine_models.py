"""The project's models on made-up rows: compiled by dbt, filled with synthetic measurements.

An empty warehouse with every relation of the project, the SQL of its models as dbt compiles it, and
rows for the relations that a measured model reads. Elsewhere: timing (`engine_contestants`), output
(`engine`). No SQL of a model is repeated here.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from assets.deliveries.deliveries import Deliveries
from assets.settings import Settings
from benchmarks.dbt_runs import run_dbt

TODAY = date(2026, 11, 22)
#: Models whose SQL is measured.
MEASURED = ("int_overlaps_of_periods", "int_overlaps_nested_regions", "int_gap_cells")
#: Rows of one region's monthly series; one in a hundred covers more than its own month.
SERIES = 180
#: Rows of one group in the skewed set.
SKEWED = 1_000


def prepare(folder: Path) -> None:
    """Build an empty warehouse in a folder, and compile every model beside it.

    Raises:
        RuntimeError: dbt failed; the message is its output.
    """
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    with Deliveries(settings, sources={}) as deliveries:
        deliveries.prepare()
        deliveries.zone.write_index()
    run_dbt(
        settings,
        folder / "target",
        *("build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
        *("--select", " ".join(f"+{model}" for model in MEASURED)),
    )


def connect(folder: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """A copy of the warehouse of `prepare`; what does not fit into the memory goes to disk.

    A copy, because rows of one size must not remain for the next.
    """
    # The name of the file is the catalogue that compiled SQL names.
    copied = Path(tempfile.mkdtemp(dir=folder)) / "warehouse.duckdb"
    shutil.copy(folder / "home" / "warehouse.duckdb", copied)
    warehouse = duckdb.connect(str(copied))
    warehouse.execute(f"set memory_limit = '{memory}'")
    warehouse.execute(f"set temp_directory = '{folder / 'spill'}'")
    # As the project's profile has it.
    warehouse.execute("set preserve_insertion_order = false")
    warehouse.execute("set timezone = 'UTC'")
    warehouse.execute("use intermediate")
    return warehouse


def compiled(folder: Path, model: str) -> str:
    """The SQL of a model as dbt runs it."""
    (path,) = (folder / "target" / "compiled").rglob(f"{model}.sql")
    return path.read_text(encoding="utf-8")


def common_table(sql: str, name: str, columns: str) -> str:
    """A query for some columns of one of the named queries (`with`) that a model is made of."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    assert isinstance(tree, exp.Select)
    kept = tree.args.get("with_") or tree.args["with"]
    query = sqlglot.parse_one(f"select {columns} from {name}", dialect="duckdb")
    query.set("with_" if "with_" in tree.args else "with", kept.copy())
    return query.sql(dialect="duckdb")


def fill_series(warehouse: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Candidates: clean monthly series of which a few rows are quarters or years."""
    _fill_candidates(
        warehouse,
        rows,
        SERIES,
        "cast(date '2011-01-01' + to_months(place) as date)",
        "cast(date '2011-01-01' + to_months(place + case when draw < 8 then 3 "
        "when draw < 10 then 12 else 1 end) as date)",
    )


def fill_skewed(warehouse: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Candidates: a thousand days a group of which a few rows are longer spans."""
    _fill_candidates(
        warehouse,
        rows,
        SKEWED,
        "date '2020-01-01' + place",
        "date '2020-01-01' + place + case when draw < 9 then 3 when draw < 10 then 10 else 1 end",
    )


def _fill_candidates(
    warehouse: duckdb.DuckDBPyConnection, rows: int, group: int, start: str, end: str
) -> None:
    warehouse.execute("truncate int_candidates")
    warehouse.execute(
        f"""
        insert into int_candidates by name
        select
            'unemployed' as indicator,
            'R' || series as region,
            'total' as segment,
            'source_' || series % 7 as source,
            'measurements' as dataset,
            'v1' as vintage,
            n as line,
            cast({start} as varchar) as period,
            case when draw < 10 then 'Q' else 'M' end as freq,
            {start} as period_start,
            {end} as period_end,
            cast(n % 1000 as double) as value,
            1 as source_rank,
            2 as dataset_rank
        from (
            select
                n,
                n // {group} as series,
                cast(n % {group} as integer) as place,
                hash(n) % 1000 as draw
            -- In no order of the keys, as deliveries of many sources lie.
            from (select (n * 7919) % {rows} as n from range({rows}) as numbers (n))
        )
        """
    )


def fill_levels(warehouse: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Candidates: municipalities, sub-regions and regions of today, month by month.

    One source in twenty publishes levels that the catalogue does not declare.
    """
    warehouse.execute("truncate int_candidates")
    warehouse.execute("delete from catalogue.indicator_sources where source like 'source_%'")
    per_source = count(
        warehouse,
        "select count(*) * 60 from int_region_years "
        "where classification_year = 2026 and region_type in ('KU', 'SK', 'MK')",
    )
    sources = max(20, times_needed(rows, per_source))
    warehouse.execute(
        f"""
        insert into catalogue.indicator_sources by name
        select
            'unemployed' as indicator,
            'source_' || n as source,
            cast(100 + n as integer) as preference,
            '*' as slot,
            case when n % 20 = 0 then 'KU' else 'KU SK MK' end as levels
        from range({sources}) as numbers (n)
        """
    )
    warehouse.execute(
        f"""
        insert into int_candidates by name
        select
            'unemployed' as indicator,
            region,
            region_type,
            'total' as segment,
            'source_' || numbers.n as source,
            'measurements' as dataset,
            'v1' as vintage,
            row_number() over () as line,
            strftime(date '2021-01-01' + to_months(cast(months.n as integer)), '%Y-%m') as period,
            'M' as freq,
            cast(date '2021-01-01' + to_months(cast(months.n as integer)) as date) as period_start,
            cast(date '2021-01-01' + to_months(cast(months.n as integer) + 1) as date)
                as period_end,
            1.0 as value,
            1 as source_rank,
            2 as dataset_rank
        from int_region_years
        cross join range(60) as months (n)
        cross join range({sources}) as numbers (n)
        where classification_year = 2026 and region_type in ('KU', 'SK', 'MK')
        limit {rows}
        """
    )


def fill_calendar(warehouse: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Indicators like `unemployed`, as many as make a grid of so many cells."""
    per_indicator = count(
        warehouse,
        "select count(*) * 12 from int_region_years "
        "where classification_year between 2015 and 2026 and region_type in ('KU','SK','MK','SSS')",
    )
    indicators = times_needed(rows, per_indicator)
    catalogue = ("int_indicators", "int_slots")
    for table in catalogue:  # views, of which one reads the other
        warehouse.execute(f"create table made_{table} as select * from {table}")
    for table in catalogue:
        warehouse.execute(f"drop view {table}")
        warehouse.execute(f"alter table made_{table} rename to {table}")
        _multiplied(warehouse, table, indicators)
    warehouse.execute(
        "insert into int_followed_series by name "
        "select indicator, '*' as slot, date '2015-01-01' as followed_from from int_indicators"
    )
    warehouse.execute("truncate int_applicable_regions")
    warehouse.execute(
        """
        insert into int_applicable_regions by name
        select
            indicators.indicator,
            '*' as slot,
            years.classification_year,
            years.region,
            years.region_type
        from int_indicators as indicators
        cross join int_region_years as years
        where indicators.indicator like 'made_%' and years.region_type in ('KU', 'SK', 'MK', 'SSS')
        """
    )


def _multiplied(warehouse: duckdb.DuckDBPyConnection, table: str, times: int) -> None:
    """Copies of the rows of `unemployed`, under made-up names, and nothing else."""
    warehouse.execute(f"delete from {table} where indicator <> 'unemployed'")
    warehouse.execute(
        f"""
        insert into {table} by name
        select rows.* exclude (indicator), 'made_' || numbers.n as indicator
        from {table} as rows
        cross join range({times}) as numbers (n)
        """
    )
    warehouse.execute(f"delete from {table} where indicator = 'unemployed'")


def fill_expected_cells(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The grid that the model itself makes of the calendar."""
    warehouse.execute("truncate int_expected_cells")
    warehouse.execute(
        f"insert into int_expected_cells by name {compiled(folder, 'int_expected_cells')}"
    )


def fill_slot_values(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A value for 49 of 50 expected cells, a suppressed one for a few; one in sixty came late."""
    warehouse.execute("truncate int_slot_values")
    warehouse.execute(
        """
        insert into int_slot_values by name
        select
            * exclude (due_on, line_number),
            case when hash(region, period) % 100 = 7 then null else 1.0 end as value,
            case when hash(region, period) % 100 = 7 then 'Q' else 'A' end as obs_status,
            'F' as conf_status,
            false as is_confidential,
            false as is_derived,
            1.0 as coverage_share,
            cast(due_on + case when hash(region, period) % 60 = 11 then 10 else -3 end as timestamp)
                at time zone 'UTC' as first_delivered_at,
            timestamptz '2014-12-01 06:00:00+00' as followed_since
        from int_expected_cells
        where hash(indicator, region, period) % 50 <> 0
        """
    )


def times_needed(rows: int, each: int) -> int:
    """How many times `each` is needed for at least so many rows."""
    return -(-rows // each)


def count(warehouse: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The single number that a query returns."""
    row = warehouse.execute(sql).fetchone()
    assert row is not None
    return int(row[0])
