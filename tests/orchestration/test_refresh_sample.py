"""The main job on the sample deliveries, through the same code as `make refresh`.

One deployment is refreshed several times in order; each test tells what must hold after its
refresh. The tests run in one worker, in this order.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assets.sample.cases import CASES
from assets.settings import Settings
from orchestration.publishing import published_tables
from orchestration.refresh import run_refresh
from orchestration.summary import Summary
from tests.contract import CONTRACT
from tests.marts import current, query, value
from tests.orchestration.conftest import SAMPLE_DAY
from tests.parsed import dbt
from tests.postgres import postgres_server
from tests.questions import questions

pytestmark = pytest.mark.slow
TODAY = SAMPLE_DAY


@pytest.fixture(scope="module")
def settings(
    refreshed_sample: Callable[[Path], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    return refreshed_sample(tmp_path_factory.mktemp("sample") / "home")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_planted_case_comes_to_light(settings: Settings, case) -> None:
    found = value(settings, f"select count(*) from marts.{case.table} where {case.where}")
    if case.rows is None:
        assert found > 0
    else:
        assert found == case.rows


def test_every_kind_that_is_detected_is_planted(settings: Settings) -> None:
    kinds = {row[0] for row in query(settings, "select distinct kind from marts.quality_overlaps")}
    assert kinds == {
        *("duplicate", "conflict", "redundant", "period_overlap"),
        *("nested_region", "nested_segment", "same_event"),
    }
    kinds = {row[0] for row in query(settings, "select distinct kind from marts.quality_gaps")}
    assert kinds == {
        "absent",
        "late",
        "suppressed",
        "not_available",
        "partial",
        "series_break",
    }


@pytest.mark.parametrize("question", questions())
def test_a_documented_question_has_an_answer(settings: Settings, question: str) -> None:
    # The whole sample is taken in at once, so that nothing was known before today.
    is_of_the_past = question.startswith("What was known on the day")
    assert (query(settings, questions()[question]) == []) is is_of_the_past


def test_a_rolling_year_is_a_period_of_its_own_with_both_days_included(settings: Settings) -> None:
    assert query(
        settings,
        "select freq, period_start::varchar, period_end::varchar from marts.dim_period "
        "where period = '2024-07-01/2025-06-30'",
    ) == [("_Z", "2024-07-01", "2025-06-30")]


def test_a_service_that_falls_silent_is_stale_a_month_after_the_refresh(
    settings: Settings, tmp_path: Path
) -> None:
    """Judged in a copy: the models of the gaps on the 32nd day, without a new refresh."""
    shutil.copy(settings.warehouse_path, tmp_path)

    def stale_on(day: str) -> set[tuple[str, str]]:
        done = dbt(
            ["run", "--select", "int_gap_stale_sources", "core_quality_gaps", "--no-write-json"],
            tmp_path / "workshop",
            {"TILANNEKUVA_HOME": str(tmp_path), "TILANNEKUVA_TODAY": day},
        )
        assert done.returncode == 0, done.stdout[-8000:]
        with duckdb.connect(tmp_path / "warehouse.duckdb", read_only=True) as con:
            return set(
                con.execute(
                    "select source, indicator from core.quality_gaps where kind = 'stale_source'"
                ).fetchall()
            )

    assert stale_on("2026-12-23") == set()
    assert ("service", "service_users") in stale_on("2026-12-24")


@pytest.mark.parametrize("table", CONTRACT)
def test_published_table_keeps_its_contract(settings: Settings, table: str) -> None:
    grain, columns = CONTRACT[table]
    there = [
        row[0]
        for row in query(
            settings,
            "select column_name from information_schema.columns where table_name = ? "
            "order by ordinal_position",
            [table],
        )
    ]
    assert [column for column in columns if column not in there] == []
    key = ", ".join(f'"{column}"' for column in grain)
    assert (
        query(settings, f"select {key} from marts.{table} group by all having count(*) > 1") == []
    )
    assert value(settings, f"select count(*) from marts.{table}") > 0


def test_every_column_of_a_publication_has_a_tooltip(settings: Settings) -> None:
    assert (
        query(
            settings,
            "select table_name, column_name from duckdb_columns() where comment is null and "
            "not internal",
        )
        == []
    )


def test_parquet_duckdb_and_manifest_agree(settings: Settings) -> None:
    folder = current(settings)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(CONTRACT) <= set(manifest["row_counts"]) == set(published_tables())
    for table, rows in manifest["row_counts"].items():
        with duckdb.connect() as con:
            parquet = con.execute(
                f"select count(*) from '{folder / 'parquet' / table}.parquet'"
            ).fetchone()
        assert parquet == (rows,)
        assert value(settings, f"select count(*) from marts.{table}") == rows
    assert manifest["run_id"]
    assert {"asset", "check", "passed", "severity"} <= set(manifest["checks"][0])


def test_ledger_balances_for_every_vintage(settings: Settings) -> None:
    assert (
        query(
            settings,
            "select * from marts.quality_ledger where rows_delivered <> "
            "rows_observed + rows_superseded + rows_overlapped + rows_quarantined",
        )
        == []
    )
    assert value(settings, "select count(*) from marts.quality_ledger where not is_sample") == 0


def test_regions_are_the_classification_of_each_year(settings: Settings) -> None:
    counts = query(
        settings,
        "select classification_year, count(*) from marts.dim_region where region_type = 'KU' "
        "group by 1 order by 1",
    )
    assert [n for _, n in counts] == [
        320, 320, 317, 313, 311, 311, 311, 310, 309, 309, 309, 309, 308, 308,
    ]  # fmt: skip
    assert query(
        settings,
        "select sk, mk, evk, sss from marts.dim_region where region = 'KU205' and is_newest",
    ) == [("SK182", "MK18", "EVK09", "SSS")]
    # an employment area that crosses a maakunta border lies in none
    assert (
        value(
            settings,
            "select count(*) from marts.dim_region where region_type = 'TA' and is_newest "
            "and mk is null",
        )
        > 0
    )


def test_nothing_is_expected_that_is_not_due(settings: Settings) -> None:
    assert (
        value(
            settings,
            "select count(*) from marts.quality_gaps where due_on >= ? and kind = 'absent'",
            [TODAY],
        )
        == 0
    )


def test_no_model_but_those_of_staging_reads_a_file(settings: Settings) -> None:
    """Staging models are followed column by column (tests/checks/test_private_columns.py)."""
    compiled = settings.home / "dbt" / "compiled" / "tilannekuva" / "models"
    reading = {
        path.parent.relative_to(compiled).parts[0]
        for path in compiled.rglob("*.sql")
        if re.search(r"read_\w+\(|_scan\(|'[^']*\.(parquet|csv|json)", path.read_text())
    }
    assert reading == {"staging"}


def test_data_docs_and_coverage_picture_are_written(settings: Settings) -> None:
    assert (settings.reports_dir / "data_docs" / "index.html").exists()
    assert (settings.reports_dir / "coverage.png").read_bytes().startswith(b"\x89PNG")


def test_refresh_on_unchanged_sources_changes_nothing_and_reaches_postgres(
    settings: Settings, tmp_path: Path
) -> None:
    before = json.loads((current(settings) / "manifest.json").read_text())
    vintages = sorted(p.parent.name for p in settings.raw_dir.glob("*/*/*/vintage.json"))
    with postgres_server(tmp_path) as url:
        summary = run_refresh(
            Settings(
                home=settings.home,
                sources="sample",
                today=TODAY,
                today_is_set=True,
                postgres_url=url,
            )
        )
        assert summary.is_published, summary.text
        assert _postgres_counts(url) == {
            table: value(settings, f"select count(*) from marts.{table}") for table in CONTRACT
        }
    assert "0 new vintages" in summary.text
    assert sorted(p.parent.name for p in settings.raw_dir.glob("*/*/*/vintage.json")) == vintages
    after = json.loads((current(settings) / "manifest.json").read_text())
    assert after["id"] != before["id"]
    changed = {t for t in CONTRACT if after["row_counts"][t] != before["row_counts"][t]}
    assert changed == set()


def test_a_failing_source_costs_the_others_nothing(settings: Settings) -> None:
    """The office's answer turns to garbage: its last good vintage is used, and the run says so."""
    observations = value(settings, "select count(*) from marts.fct_observations")
    broken = _BrokenTable(settings)
    summary = broken.run()
    assert summary.is_published, summary.text
    assert "statfin/tyonv_12r5" in summary.text
    assert "failed" in summary.text
    assert value(settings, "select count(*) from marts.fct_observations") == observations
    stale = query(settings, "select source, failed_datasets from marts.dim_source where is_stale")
    assert ("statfin", "tyonv_12r5") in stale


def test_a_failing_blocking_check_leaves_the_publication_untouched(settings: Settings) -> None:
    before = current(settings)
    # A vintage that no reader would have written: a code that the catalogue does not know.
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = next(settings.raw_dir.glob("service/measurements/*/measurements.parquet"))
    good = path.read_bytes()
    table = pq.read_table(path)
    position = table.schema.get_field_index("indicator")
    bad = table.set_column(
        position, table.schema.field("indicator"), pa.array(["no_such_indicator"] * table.num_rows)
    )
    pq.write_table(bad, path)
    # Something new, or the findings about this state of the raw zone would be remembered.
    landed = settings.landing_dir / "council" / "measurements" / "more.csv"
    landed.parent.mkdir(parents=True, exist_ok=True)
    landed.write_text("indicator,region,period,value\nown_studies,MK18,2025,3\n")
    try:
        summary = run_refresh(settings)
    finally:
        path.write_bytes(good)
    assert not summary.is_published
    assert "codes" in summary.text
    assert "previous publication stays" in summary.text
    assert current(settings) == before


class _BrokenTable:
    """A refresh in which the sample's office answers with something that is no table."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def run(self) -> Summary:
        import assets.deliveries.deliveries as deliveries

        laid_out = deliveries.write_sample

        def garbled(directory: Path, catalogue, today: date) -> list[Path]:
            paths = laid_out(directory, catalogue, today)
            (directory / "tables" / "statfin" / "tyonv_12r5.json").write_text("<html>503</html>")
            return paths

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(deliveries, "write_sample", garbled)
            return run_refresh(self._settings)


def _postgres_counts(url: str) -> dict[str, int]:
    import adbc_driver_postgresql.dbapi as postgres

    with postgres.connect(url) as connection, connection.cursor() as cursor:
        counts = {}
        for table in CONTRACT:
            cursor.execute(f'select count(*) from marts."{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts
