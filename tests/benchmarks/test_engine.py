"""The engine's benchmarks: what they call good, and that they measure the models themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks import engine, engine_contestants
from benchmarks import engine_models as models
from benchmarks.engine_models import common_table, times_needed


def measured(rows: int, **seconds: float) -> dict[str, Any]:
    """What one size's process tells of the contestants of `series`."""
    names = {"sort_keys": "sort keys", "sort_rows": "sort rows"}
    return {
        "rows": rows,
        "rounds": 1,
        "memory": "6GB",
        "peak_mb": 500,
        "data": {
            "series": {
                names.get(name, name): {"seconds": taken, "rows": rows}
                for name, taken in seconds.items()
            }
        },
    }


def test_a_contestant_within_its_target_is_good_and_its_ratio_is_told() -> None:
    lines, good = engine.table(measured(1000, sort_keys=2.0, flags=2.9), None)
    assert good
    assert "1.45" in lines


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found["data"]["series"]["flags"].update(seconds=3.1),
        lambda found: found["data"]["series"]["flags"].update(share=0.999),
        lambda found: found.update(peak_mb=engine.PEAK_MB),
    ],
    ids=["too slow", "rows missed", "too much memory"],
)
def test_what_misses_a_target_is_not_good(spoil: Any) -> None:
    found = measured(1000, sort_keys=2.0, flags=2.9)
    found["data"]["series"]["flags"]["share"] = 1
    assert engine.table(found, None)[1]
    spoil(found)
    assert not engine.table(found, None)[1]


def test_a_peer_that_finds_less_is_told_and_is_no_failure() -> None:
    found = measured(1000, sort_keys=2.0, flags=1.0)
    found["data"]["series"]["next row only"] = {"seconds": 0.5, "rows": 4, "share": 0.423}
    lines, good = engine.table(found, None)
    assert good
    assert "42.3%" in lines


def test_growth_is_one_where_the_time_grows_by_n_log_n() -> None:
    before = measured(1000, sort_keys=3.0)
    ten_times = measured(10_000, sort_keys=3.0 * 10 * 4 / 3)
    assert "    1.00  10,000" in engine.table(ten_times, before)[0]


def test_a_named_query_is_taken_out_of_a_model_with_those_that_it_needs() -> None:
    sql = "with a as (select 1 as n), b as (select n + 1 as n from a) select n from b"
    with duckdb.connect() as database:
        assert database.execute(common_table(sql, "a", "n")).fetchall() == [(1,)]
        assert database.execute(common_table(sql, "b", "n")).fetchall() == [(2,)]


@pytest.mark.parametrize(("rows", "each", "times"), [(10, 5, 2), (11, 5, 3), (1, 5, 1)])
def test_enough_copies_are_made(rows: int, each: int, times: int) -> None:
    assert times_needed(rows, each) == times


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's models, compiled, and its empty relations."""
    folder = tmp_path_factory.mktemp("benchmark")
    models.prepare(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("topic", "data", "contestants"),
    [
        ("containment", "levels", {"distinct", "containment"}),
        ("gaps", "calendar", {"grid", "gaps"}),
    ],
)
def test_a_topic_is_measured_by_itself(
    prepared: Path,
    capsys: pytest.CaptureFixture[str],
    topic: str,
    data: str,
    contestants: set[str],
) -> None:
    assert engine_contestants.main([str(prepared), "20000", "1", "1GB", topic]) == 0
    found = json.loads(capsys.readouterr().out)["data"]
    assert set(found) == {data}
    assert set(found[data]) == contestants
    assert all(result["rows"] > 0 for result in found[data].values())


@pytest.mark.slow
def test_the_gaps_of_a_long_calendar_are_those_that_a_plain_comparison_finds(
    prepared: Path,
) -> None:
    with models.connect(prepared, "1GB") as warehouse:
        models.fill_calendar(warehouse, 100_000)
        models.fill_expected_cells(warehouse, prepared)
        models.fill_slot_values(warehouse)
        # Whole series that nobody delivered, and cells that nobody expected.
        warehouse.execute("delete from int_slot_values where region in ('KU205', 'SSS')")
        warehouse.execute("delete from int_expected_cells where region = 'MK18'")
        warehouse.execute(
            f"create temp table found as {models.compiled(prepared, 'int_gap_cells')}"
        )
        warehouse.execute(
            """
            create temp table plain as
            select
                case when cells.region is null then 'absent' else 'late' end as kind,
                expected.indicator,
                expected.region,
                expected.period
            from int_expected_cells as expected
            left join int_slot_values as cells
                using (indicator, slot, segment, period, region)
            where
                cells.region is null
                or (
                    cells.value is not null
                    and cast(cells.first_delivered_at at time zone 'Europe/Helsinki' as date)
                        > expected.due_on
                )
            union all
            select 'suppressed', indicator, region, period from int_slot_values where value is null
            """
        )
        keys = "select kind, indicator, region, period from"
        for one, other in (("found", "plain"), ("plain", "found")):
            left_over = f"{keys} {one} except all {keys} {other}"
            assert models.count(warehouse, f"select count(*) from ({left_over})") == 0
        for kind in ("absent", "late", "suppressed"):
            told = f"select count(*) from found where kind = '{kind}'"
            assert models.count(warehouse, told) > 500
