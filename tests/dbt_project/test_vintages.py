"""What was known when: deliveries on three days, with revisions, late ones and deletions.

The warehouse is built on the second and on the third day; what the marts were on the second is
then asked for again on the third.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner

from assets.deliveries import Deliveries
from assets.errors import TilannekuvaError
from assets.raw.content import Content
from assets.raw.delivery import Batch, Delivery
from assets.raw.schemas import SHAPES
from assets.settings import HELSINKI, Settings
from orchestration import as_known_on
from orchestration.as_known_on import build_as_known_on
from orchestration.commands.as_known_on import command
from orchestration.publishing import published_tables
from tests.engine import Engine
from tests.parsed import in_place_of_the_command_line

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 4)
TABLE = "tyonv_12r5"
#: (region, value) of unemployed persons in January 2026, by edition of the office's table.
EDITIONS: Sequence[dict[str, float]] = (
    {"KU105": 50, "KU205": 1000, "KU290": 700, "MK18": 1800},
    {"KU105": 50, "KU205": 1010, "KU290": 700},
    {"KU105": 50, "KU205": 1010},
)
KEY = "indicator = ? and region = ? and segment = 'total' and period = ?"


def edition(engine: Engine, cells: dict[str, float]) -> None:
    """Take in an edition of the office's table, as the connector hands it over."""
    deliveries = Deliveries(engine.settings)
    deliveries.prepare()
    schema = SHAPES["table_cells"]
    rows = [
        {
            "line": line,
            "table_id": "StatFin/tyonv/12r5.px",
            "indicator": "unemployed",
            "region": region,
            "segment": "total",
            "period": "2026-01",
            "freq": "M",
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 2, 1),
            "unit": "persons",
            "value": value,
            "obs_status": "A",
            "conf_status": "F",
        }
        for line, (region, value) in enumerate(cells.items(), 1)
    ]
    given = pa.schema([f for f in schema if f.name not in ("source", "dataset", "vintage")])
    columns = {f.name: [row.get(f.name) for row in rows] for f in given}
    if "dims" in columns:
        columns["dims"] = ["{}"] * len(rows)
    delivery = Delivery(
        shape="table_cells",
        file=f"{TABLE}.json",
        origin="https://example.org/12r5.px",
        content=Content(repr(cells).encode()),
        extension="json",
        delivered_at=engine.settings.now(),
        batches=iter([Batch(pa.RecordBatch.from_pydict(columns, schema=given))]),
    )
    deliveries.zone.write("statfin", TABLE, delivery, licence="CC BY 4.0", is_sample=False)


class World(NamedTuple):
    """The deployment on the third day, what its marts were on the second, and the moments."""

    engine: Engine
    second: dict[str, list[tuple[Any, ...]]]
    observed_on_second: dict[tuple[str, str, str, str], tuple[Any, ...]]
    taken_in: list[datetime]


def marts_of(warehouse: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all published tables, each in a fixed order."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {
            table: sorted(connection.execute(f"select * from marts.{table}").fetchall(), key=repr)
            for table in published_tables()
        }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("vintages")
    engine = Engine(
        Settings(home=folder / "home", sources="landing", today=FIRST, today_is_set=True),
        folder / "workshop",
    )

    def measured(region: str, period: str, value: object) -> dict[str, object]:
        return {
            "indicator": "enterprises_started",
            "region": region,
            "period": period,
            "value": value,
        }

    def labour_force(region: str, value: int) -> dict[str, object]:
        return measured(region, "2026-01", value) | {"indicator": "labour_force"}

    def decision(number: str, region: str, amount: int, project: str) -> dict[str, object]:
        return {
            "decision_id": number,
            "region": region,
            "granted_on": "2026-02-10",
            "amount_eur": amount,
            "project_id": project,
        }

    # By day: source, dataset and rows of each delivery.
    deliveries: Sequence[list[tuple[str, str, list[dict[str, object]]]]] = (
        [
            (
                *("prh", "measurements"),
                [
                    measured("KU205", "2025-Q4", 30),
                    measured("KU290", "2025-Q4", 12),
                    # KU588 ends with the year.
                    measured("KU588", "2024-Q4", 3),
                ],
            ),
            (
                *("evk", "funding_decisions"),
                [decision("d1", "KU205", 100_000, "P-1"), decision("d2", "KU290", 50_000, "P-2")],
            ),
        ],
        [
            (
                *("prh", "measurements"),
                [
                    measured("KU205", "2025-Q4", 33),
                    measured("KU105", "2025-Q4", "many"),
                    # The first delivery of another part, and nothing new of KU588.
                    measured("KU491", "2024-Q4", 20),
                    measured("KU588", "2024-Q4", 3),
                ],
            ),
            ("employment_area", "measurements", [labour_force("KU205", 10_000)]),
            # A corrected log: the first decision was for another municipality.
            ("evk", "funding_decisions", [decision("d1", "KU105", 100_000, "P-1")]),
            ("business_finland", "funding_decisions", [decision("b1", "KU205", 30_000, "P-3")]),
        ],
        [
            (
                *("prh", "measurements"),
                [
                    # A late revision: the figure of KU290 was given two months before.
                    measured("KU290", "2025-Q4", ""),
                    measured("KU105", "2025-Q4", 2),
                    # The region's own figure comes after the sum of its parts.
                    measured("MK10", "2024-Q4", 30),
                ],
            ),
            (
                *("employment_area", "measurements"),
                [labour_force("KU205", 10_100), labour_force("KU105", 1_000)],
            ),
            # The project that the other one logged before, in a log that is preferred.
            ("evk", "funding_decisions", [decision("d3", "KU205", 31_000, "P-3")]),
            ("business_finland", "funding_decisions", [decision("b2", "KU290", 50_000, "P-2")]),
        ],
    )
    second: dict[str, list[tuple[Any, ...]]] = {}
    observed_on_second: dict[tuple[str, str, str, str], tuple[Any, ...]] = {}
    for day, cells, delivered in zip((FIRST, SECOND, THIRD), EDITIONS, deliveries, strict=True):
        engine.settings = dataclasses.replace(engine.settings, today=day)
        edition(engine, cells)
        for source, dataset, rows in delivered:
            engine.drop(source, dataset, rows)
        engine.take_in()
        if day == SECOND:
            engine.build()
            second = marts_of(engine.settings.warehouse_path)
            observed_on_second = observed_in(engine.settings.warehouse_path)
    engine.build()
    moments = [
        moment
        for (moment,) in engine.rows(
            "select taken_in_at from quality_ledger where source = 'statfin' order by 1"
        )
    ]
    return World(engine, second, observed_on_second, moments)


def history(world: World, indicator: str, region: str, period: str) -> list[tuple[Any, ...]]:
    return world.engine.rows(
        "select value, known_from, known_to from fct_observation_vintages "
        f"where {KEY} order by known_from",
        *(indicator, region, period),
    )


def test_each_delivery_was_taken_in_on_its_day(world: World) -> None:
    days = [moment.astimezone(HELSINKI).date() for moment in world.taken_in]
    assert days == [FIRST, SECOND, THIRD]


def test_a_cell_that_the_table_no_longer_has_is_no_longer_known(world: World) -> None:
    first, second, third = world.taken_in
    assert history(world, "unemployed", "KU290", "2026-01") == [(700, first, third)]
    assert history(world, "unemployed", "KU205", "2026-01") == [
        (1000, first, second),
        (1010, second, None),
    ]
    assert history(world, "unemployed", "KU105", "2026-01") == [(50, first, None)]
    now = world.engine.values("unemployed", "2026-01")
    assert {region for region in now if region[:2] == "KU"} == {"KU105", "KU205"}


def test_the_sum_of_parts_takes_the_place_of_a_figure_that_was_taken_back(world: World) -> None:
    first, second, third = world.taken_in
    assert history(world, "unemployed", "MK18", "2026-01") == [
        (1800, first, second),
        (1760, second, third),
        (1060, third, None),
    ]


#: What was known of derived cells at the end of each of the three days: value and status.
DERIVED: Sequence[tuple[tuple[str, str, str], Sequence[tuple[float | None, str] | None]]] = (
    # 30 + 12; 33 + 12; 33 + 2, as KU290 has no value any more.
    (("enterprises_started", "MK18", "2025-Q4"), [(42, "A"), (45, "A"), (35, "A")]),
    # KU290 alone, then KU105 alone.
    (("enterprises_started", "SK181", "2025-Q4"), [(12, "A"), (12, "A"), (2, "A")]),
    (("enterprises_started", "SK101", "2024-Q4"), [(3, "A"), (23, "A"), (23, "A")]),
    # The region's own figure takes the place of the sum, there and above.
    (("enterprises_started", "MK10", "2024-Q4"), [(3, "A"), (23, "A"), (30, "A")]),
    (("enterprises_started", "SSS", "2024-Q4"), [(3, "A"), (23, "A"), (30, "A")]),
    # 1010 of 10000, then of 10100.
    (("unemployment_rate", "KU205", "2026-01"), [None, (10.1, "A"), (10, "A")]),
    (("unemployment_rate", "KU105", "2026-01"), [None, None, (5, "A")]),
    # Three municipalities of unemployed beside one of labour force; then the same two.
    (("unemployment_rate", "MK18", "2026-01"), [None, (None, "O"), (106_000 / 11_100, "A")]),
    # On the first day the quarter is not over. The decision moved away; another organisation logged
    # a project, which is then in two logs.
    (("development_funding", "KU205", "2026-Q1"), [(100_000, "P"), (30_000, "A"), (31_000, "A")]),
    (("development_funding", "KU105", "2026-Q1"), [None, (100_000, "A"), (100_000, "A")]),
    # The second log of P-2 changes nothing.
    (("development_funding", "KU290", "2026-Q1"), [(50_000, "P"), *[(50_000, "A")] * 2]),
    (("development_funding", "MK18", "2026-Q1"), [(150_000, "P"), (180_000, "A"), (181_000, "A")]),
)


@pytest.mark.parametrize(("cell", "told"), DERIVED)
def test_a_derived_cell_has_the_history_of_what_it_is_made_of(
    world: World,
    cell: tuple[str, str, str],
    told: Sequence[tuple[float | None, str] | None],
) -> None:
    for day, expected in zip((FIRST, SECOND, THIRD), told, strict=True):
        found = known_on(world, day).get((cell[0], cell[1], "total", cell[2]))
        assert found == (expected and (pytest.approx(expected[0]), expected[1])), day


def test_what_repeats_a_value_opens_no_version(world: World) -> None:
    cells = history(world, "development_funding", "KU290", "2026-Q1")
    assert [(value, end) for value, _, end in cells] == [(50_000, None)]
    parts = history(world, "enterprises_started", "SK101", "2024-Q4")
    assert [value for value, _, _ in parts] == [3, 23]


def known_on(world: World, day: date) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    """Value and status of every cell that was known at the end of a day.

    A version that outlived its period was provisional for as long as the period was running.
    """
    found = world.engine.rows(
        "select indicator, region, segment, period, value, "
        "case when value is not null and period_end >= ? and obs_status = 'A' then 'P' "
        "else obs_status end from fct_observation_vintages "
        "where cast(known_from at time zone 'Europe/Helsinki' as date) <= ? and (known_to is null"
        " or cast(known_to at time zone 'Europe/Helsinki' as date) > ?)",
        *(day, day, day),
    )
    known = {(row[0], row[1], row[2], row[3]): row[4:] for row in found}
    assert len(known) == len(found)
    return known


def observed_in(warehouse: Path) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    """Value and status of every observation of a warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {
            (row[0], row[1], row[2], row[3]): row[4:]
            for row in connection.execute(
                "select indicator, region, segment, period, value, obs_status "
                "from marts.fct_observations"
            ).fetchall()
        }


def test_the_history_of_every_cell_is_what_builds_of_the_days_say(
    world: World, tmp_path: Path
) -> None:
    then = tmp_path / "then"
    with in_place_of_the_command_line(as_known_on):
        build_as_known_on(world.engine.settings, FIRST, then)
    present = world.engine.settings.warehouse_path
    for day, observed in (
        (FIRST, observed_in(then / "warehouse.duckdb")),
        (SECOND, world.observed_on_second),
        (THIRD, observed_in(present)),
    ):
        known = known_on(world, day)
        assert known.keys() == observed.keys()
        for cell, (value, obs_status) in observed.items():
            assert known[cell] == (pytest.approx(value), obs_status), (day, cell)


def test_a_partner_only_adds_and_replaces(world: World) -> None:
    cells = history(world, "enterprises_started", "KU205", "2025-Q4")
    assert [(value, end is None) for value, _, end in cells] == [(30, False), (33, True)]
    withdrawn = history(world, "enterprises_started", "KU290", "2025-Q4")
    assert [(value, end is None) for value, _, end in withdrawn] == [(12, False), (None, True)]


def test_a_superseded_edition_balances_the_ledger(world: World) -> None:
    # delivered, observed, superseded, overlapped, quarantined
    assert world.engine.ledger("statfin", TABLE) == [
        (4, 0, 4, 0, 0),
        (3, 0, 3, 0, 0),
        (2, 2, 0, 0, 0),
    ]


def test_the_present_can_be_read_out_of_the_history(world: World) -> None:
    now = world.engine.rows(
        "select indicator, region, segment, period, value from fct_observations order by all"
    )
    assert now == world.engine.rows(
        "select indicator, region, segment, period, value from fct_observation_vintages "
        "where known_to is null order by all"
    )


def test_a_build_as_known_on_a_day_is_what_the_marts_were_on_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_HOME", str(world.engine.settings.home))
    monkeypatch.setenv("TILANNEKUVA_TODAY", THIRD.isoformat())
    before = world.engine.settings.warehouse_path.read_bytes()
    then = tmp_path / "then"
    done = CliRunner().invoke(command, [SECOND.isoformat(), "--into", str(then)])
    assert done.exit_code == 0, done.output
    assert f"{len(world.second['fct_observations'])} observations" in done.output
    known = marts_of(then / "warehouse.duckdb")
    for table, rows in world.second.items():
        assert known[table] == rows, table
    assert known["quality_quarantine"], "the rejected row of the second day is in it"
    assert world.engine.settings.warehouse_path.read_bytes() == before
    assert sorted(path.name for path in then.iterdir()) == ["as_known_on.json", "warehouse.duckdb"]


def test_it_overwrites_nothing_of_others_and_knows_no_future(world: World, tmp_path: Path) -> None:
    settings = world.engine.settings
    with pytest.raises(TilannekuvaError, match="home of a deployment"):
        build_as_known_on(settings, SECOND, settings.home)
    (tmp_path / "warehouse.duckdb").write_text("somebody's")
    with pytest.raises(TilannekuvaError, match="was not made by this command"):
        build_as_known_on(settings, SECOND, tmp_path)
    with pytest.raises(TilannekuvaError, match="still to come"):
        build_as_known_on(settings, date(2026, 5, 5), tmp_path / "then")
    assert (tmp_path / "warehouse.duckdb").read_text() == "somebody's"
