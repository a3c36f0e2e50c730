"""`TILANNEKUVA_SOURCES=live` up to the raw zone, against a real server on this machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets.intake import Intakes
from assets.settings import Settings
from assets.statistics.tables import TableDescription
from tests.statistics.pxweb_server import PxWebServer

VARIABLES = {
    "Alue": ["SSS", "KU091", "SK011", "MK01", "ELY01", "KU999"],
    "timeperiod_m": [f"2025M{month:02d}" for month in range(1, 13)],
    "contentscode": ["TYOTTOMATLOPUSSA", "TYOVOIMATK", "AVPAIKATLOPUSSA"],
}
Serve = Callable[..., PxWebServer]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, sources="live", today=date(2026, 11, 22), today_is_set=True)


def intakes(settings: Settings, table: TableDescription) -> Intakes:
    return Intakes(settings, tables={table.table_id: table})


def test_a_table_is_fetched_in_chunks_into_one_vintage(
    serve: Serve, settings: Settings, tyonv: TableDescription
) -> None:
    server = serve(VARIABLES, max_cells=60)
    table = tyonv.model_copy(update={"base_url": server.base_url})
    live = intakes(settings, table)

    intake = live.take_in("statfin", "tyonv_12r5")

    assert intake.outcome == "new", intake.message
    (vintage,) = intake.vintages
    # 4 known areas x 12 months x 3 measures, and one area that the catalogue does not know; the
    # ELY centre is declared as left out
    assert vintage.rows_accepted == 4 * 12 * 3
    assert vintage.rows_quarantined == 12 * 3
    assert vintage.rows_delivered == vintage.rows_accepted + vintage.rows_quarantined
    assert vintage.origin.startswith(server.base_url)
    assert not vintage.is_sample
    rows = pq.read_table(live.zone.path_of(vintage)).to_pylist()
    assert {row["period"] for row in rows} == {f"2025-{m:02d}" for m in range(1, 13)}
    assert {row["region"] for row in rows} == {"SSS", "KU091", "SK011", "MK01"}
    assert {row["indicator"] for row in rows} == {"unemployed", "labour_force", "open_vacancies"}

    again = live.take_in("statfin", "tyonv_12r5")
    assert (again.outcome, again.vintages) == ("unchanged", [])


def test_a_service_that_is_down_fails_with_words_and_costs_no_vintage(
    serve: Serve, settings: Settings, tyonv: TableDescription
) -> None:
    server = serve(VARIABLES)
    table = tyonv.model_copy(update={"base_url": server.base_url})
    live = intakes(settings, table)
    assert live.take_in("statfin", "tyonv_12r5").outcome == "new"
    server.max_cells = 0  # from now on the service says that it allows nothing

    intake = live.take_in("statfin", "tyonv_12r5")

    assert intake.outcome == "failed"
    assert intake.message
    assert len(live.zone.vintages("statfin", "tyonv_12r5")) == 1
    (attempt,) = live.zone.attempts()
    assert attempt["outcome"] == "failed"
