"""dbt for tests: parsed once for deployments of any home and day; what fails is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.parsed import Done, dbt, with_ctes

pytestmark = pytest.mark.slow


def shown(folder: Path, query: str, day: str = "2026-11-22") -> Done:
    (folder / "home").mkdir(parents=True)
    return dbt(
        ["--quiet", "show", "--inline", query, "--output", "json", "--no-write-json"],
        folder / "workshop",
        {"TILANNEKUVA_HOME": str(folder / "home"), "TILANNEKUVA_TODAY": day},
    )


def test_each_command_has_its_own_day_and_home(tmp_path: Path) -> None:
    for day in ("2026-11-22", "2031-01-02"):
        done = shown(tmp_path / day, "select cast({{ today() }} as varchar) as day", day)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["show"] == [{"day": day}]
        assert (tmp_path / day / "home" / "warehouse.duckdb").exists()


def test_a_query_that_fails_is_told(tmp_path: Path) -> None:
    done = shown(tmp_path, "select no_such_column from (select 1 as one) as t")
    assert done.returncode != 0
    assert "no_such_column" in done.stdout + done.stderr


def test_an_option_that_dbt_does_not_know_is_told(tmp_path: Path) -> None:
    done = dbt(["build", "--no-such-option"], tmp_path / "workshop", {})
    assert done.returncode == 2
    assert "--no-such-option" in done.stderr
    assert done.statuses == {}


@pytest.mark.parametrize(
    "sql",
    [
        "select * from a",
        "-- with a comment\n/* and\nanother with */ select (with x as (select 1) select * from x)",
        "with a as (select 1) select * from a",
        "\n-- first\n\nWITH\n\na as (select 1) select * from a",
        "with recursive a as (select 1) select * from a",
        "select 1 as within",
    ],
)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_ctes_are_added_as_dbt_adds_them(sql: str, count: int) -> None:
    from dbt.compilation import inject_ctes_into_sql
    from dbt.contracts.graph.nodes import InjectedCTE

    ctes = [InjectedCTE(id=f"{n}", sql=f" _cte_{n} as (\nselect {n}\n)") for n in range(count)]
    ours, theirs = with_ctes(sql, ctes), inject_ctes_into_sql(sql, ctes)
    assert ours.replace(",", " , ").split() == theirs.replace(",", " , ").split()
