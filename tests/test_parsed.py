"""dbt for tests: parsed once for deployments of any home and day; what fails is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.parsed import Done, dbt

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
