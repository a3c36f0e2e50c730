"""What is published of a world of events about customers: nothing of anybody, no small count.

Two partners log advice in two sub-regions of one region; the figures are counted by hand. Markers
stand in every cell that must not leave the raw zone, and are looked for in all that is published.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.sample.events import business_id
from assets.settings import Settings
from orchestration.publishing import publish, published_tables
from tests.conftest import TODAY
from tests.engine import Engine

pytestmark = pytest.mark.slow

QUARTER = "2026-Q1"
SECRET = "Salaisuus"
ADVISED = [business_id(700 + number) for number in range(60)]


def advice(start: int, count: int, region: str, segment: str, day: int = 3) -> list[dict[str, Any]]:
    return [
        {
            "event_id": f"a-{start + n}",
            "region": region,
            "segment": segment,
            "happened_on": f"2026-02-{day:02}",
            "business_id": ADVISED[start + n],
            "topic": f"{SECRET} aihe",
        }
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("privacy")
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    engine = Engine(settings, folder)
    # SK181 and SK182 of MK18: founders 3 and 8, large 9 and 7.
    engine.drop(
        "proagria",
        "advice_events",
        [*advice(0, 3, "SK181", "founder"), *advice(3, 9, "SK181", "large")],
    )
    engine.drop(
        "enterprise_agency",
        "advice_events",
        [*advice(12, 8, "SK182", "founder"), *advice(20, 7, "SK182", "large")],
    )
    # One of the founders of SK182 was logged by another organisation as well.
    engine.drop("development_company", "advice_events", advice(12, 1, "SK182", "founder"))
    # Shifted by a column: a name and a business id stand where a region and a day should.
    shifted = {"event_id": "s", "region": f"{SECRET} Mallikas", "happened_on": ADVISED[0]}
    engine.drop("finnvera", "advice_events", [shifted])
    engine.drop(
        "survey",
        "survey_answers",
        [
            {
                "survey": "customer",
                "respondent": f"{SECRET}-{n}",
                "question": "Palvelu",
                "answer": f"{SECRET} vastaus",
                "answered_on": "2026-03-01",
                "region": "SK181",
            }
            for n in range(3)
        ],
    )
    engine.take_in()
    engine.build()
    return engine


def shown(engine: Engine, segment: str) -> dict[str, float | None]:
    return engine.values("advice_events", QUARTER, segment)


def test_a_small_count_is_hidden_by_a_swap_that_totals_do_not_notice(engine: Engine) -> None:
    # Founders of SK181 (3): one more there and one large less, the reverse in SK182.
    assert shown(engine, "founder") == {"SK181": None, "SK182": None, "MK18": 11, "SSS": 11}
    assert shown(engine, "large") == {"SK181": None, "SK182": None, "MK18": 16, "SSS": 16}
    assert shown(engine, "total") == {"SK181": 12, "SK182": 15, "MK18": 27, "SSS": 27}
    assert engine.rows(
        "select distinct obs_status, conf_status from fct_observations "
        "where indicator = 'advice_events' and value is null"
    ) == [("Q", "A")]


def test_no_other_table_tells_how_many_there_were(engine: Engine) -> None:
    assert (
        engine.rows(
            "select value from fct_measurements where indicator = 'advice_events' "
            "and (value is not null or events is not null)"
        )
        == []
    )
    # One customer was logged twice, so that gross values would tell of one.
    assert engine.row(
        "select count(gross_value), count(sum_of_parts) from fct_observations "
        "where indicator = 'advice_events'"
    ) == (0, 0)
    assert engine.rows(
        "select source, rows_delivered, rows_observed from quality_ledger "
        "where dataset = 'advice_events' order by source"
    ) == [
        ("development_company", 1, 1),
        ("enterprise_agency", 15, 14),
        ("finnvera", 1, 0),
        ("proagria", 12, 12),
    ]
    # The ledger balances for everybody to see; which file filled which cell is not told beside it.
    assert engine.rows(
        "select distinct vintage, file, line from fct_measurements "
        "where indicator = 'advice_events'"
    ) == [("-", None, None)]


def test_an_event_logged_twice_is_told_without_its_place(engine: Engine) -> None:
    assert engine.rows(
        "select region, segment, period, kept_value, other_value, kept_line, other_line "
        "from quality_overlaps where kind = 'same_event'"
    ) == [("SSS", "total", QUARTER, None, None, None, None)]
    assert engine.rows(
        "select is_same_event, value, file, line, days_apart from quality_event_links "
        "where indicator = 'advice_events' and is_same_event"
    ) == [(True, None, None, None, None)]
    assert shown(engine, "total")["SK182"] == 15


def test_what_is_withheld_here_is_no_gap(engine: Engine) -> None:
    assert engine.gaps("advice_events", QUARTER).get("suppressed") is None
    assert engine.row(
        "select count(*), count(value) from intermediate.int_observations "
        "where indicator = 'advice_events'"
    ) == (12, 12)


def test_nothing_of_anybody_is_in_any_file_that_is_published(engine: Engine) -> None:
    publication = publish(engine.settings, "a test", [])
    files = [path for path in publication.path.rglob("*") if path.is_file()]
    texts = {path.name: path.read_text() for path in files if path.suffix == ".json"}
    with duckdb.connect() as con:
        for path in files:
            if path.suffix == ".parquet":
                rows = con.execute(f"select t::varchar from read_parquet('{path}') t").fetchall()
                texts[path.name] = "\n".join(row for (row,) in rows)
    assert {f"{table}.parquet" for table in published_tables()} < set(texts)
    with duckdb.connect(str(publication.path / "marts.duckdb"), read_only=True) as marts:
        for (table,) in marts.execute("select table_name from duckdb_tables()").fetchall():
            rows = marts.execute(f'select t::varchar from "{table}" t').fetchall()
            texts[f"{table} in marts.duckdb"] = "\n".join(row for (row,) in rows)

    # Of the rejected row everything is in the raw zone, and the reason is published all the same.
    assert "is not a region" in texts["quality_quarantine.parquet"]
    assert any(SECRET in reason for reason in _whole_reasons(engine.settings.quarantine_dir))
    for name, text in texts.items():
        assert SECRET not in text, name
        for business in ADVISED:
            assert business not in text, name
            assert business.replace("-", "") not in text, name


def _whole_reasons(quarantine: Path) -> list[str]:
    with duckdb.connect() as con:
        rows = con.execute(f"select reason from read_parquet('{quarantine}/*/*/*.parquet')")
        return [reason for (reason,) in rows.fetchall()]
