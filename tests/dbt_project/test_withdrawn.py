"""Taking a record back: what was delivered on one day, withdrawn on the next, and brought back.

The first day's vintages are written by the schema of before the column `withdrawn`, as they lie in
deployments that were there earlier. The marts are then built as of the third day, and as they were
known on the first and on the second.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.deliveries import Deliveries
from assets.landing.guidance import EXAMPLES
from assets.landing.templates import write_templates
from assets.raw.schemas import SHAPES
from assets.settings import HELSINKI, Settings
from orchestration import as_known_on
from tests.engine import Engine
from tests.parsed import in_place_of_the_command_line

pytestmark = pytest.mark.slow

#: Marts that are read here; what they are made of is built as well.
READ = (
    "fct_measurements",
    "fct_observations",
    "quality_ledger",
)

FIRST, SECOND, THIRD = date(2026, 9, 7), date(2026, 10, 5), date(2026, 11, 9)
RECORDS = sorted(set(DATASETS) - {"measurements"})
Row = Mapping[str, object]

#: One event a day in Kajaani, all of the first quarter.
ADVICE: Sequence[Row] = [
    {"event_id": f"A-{n}", "region": "SK181", "happened_on": f"2026-02-{n:02}"}
    for n in range(1, 13)
]
#: The only event of its quarter.
LONELY: Row = {"event_id": "A-99", "region": "SK181", "happened_on": "2026-05-04"}
FUNDING: Sequence[Row] = [
    {"decision_id": "D-1", "region": "MK18", "granted_on": "2026-08-03", "amount_eur": 1000},
    {"decision_id": "D-2", "region": "MK18", "granted_on": "2026-08-04", "amount_eur": 500},
]
SHARED: Row = {"title": "Review", "publisher": "The council", "published_on": "2025-10-01"}
OWN: Row = {"title": "Study", "publisher": "The council", "published_on": "2025-11-01"}


def withdrawn(row: Row, header: str = "poistettu") -> Row:
    return {**row, header: "kyllä"}


class World(NamedTuple):
    """The deployment on the third day, and the marts as they were known on the days before."""

    engine: Engine
    past: Mapping[date, Path]
    documents: list[dict[str, Any]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("withdrawn")
    engine = Engine(
        Settings(home=folder / "home", sources="landing", today=FIRST, today_is_set=True),
        folder / "workshop",
    )
    with pytest.MonkeyPatch.context() as earlier:
        for shape, schema in SHAPES.items():
            known = pa.schema([f for f in schema if f.name != "withdrawn"])
            earlier.setitem(SHAPES, shape, known)
        for dataset in RECORDS:
            deliver_example(engine, dataset, folder / "templates")
        engine.drop("development_company", "advice_events", [*ADVICE, LONELY])
        engine.drop("evk", "funding_decisions", FUNDING)
        engine.drop("council", "documents", [SHARED, OWN])
        engine.drop("own_study", "documents", [SHARED])
        engine.take_in()

    engine.settings = dataclasses.replace(engine.settings, today=SECOND)
    taken_back = [*ADVICE[:2], LONELY]
    source, dataset = "development_company", "advice_events"
    name = engine.drop(source, dataset, [withdrawn(row) for row in taken_back])
    # What a log reports follows from when its file was written.
    written = datetime.combine(SECOND, time(5), tzinfo=HELSINKI).timestamp()
    os.utime(engine.settings.landing_dir / source / dataset / name, (written, written))
    engine.drop("evk", "funding_decisions", [withdrawn(FUNDING[0], "Peruttu rivi")])
    engine.drop("council", "documents", [withdrawn(SHARED), withdrawn(OWN)])
    engine.take_in()

    engine.settings = dataclasses.replace(engine.settings, today=THIRD)
    engine.drop("development_company", "advice_events", [ADVICE[0]])
    engine.take_in()

    engine.build(*READ)
    with in_place_of_the_command_line(as_known_on):
        past = {
            day: as_known_on.build_as_known_on(engine.settings, day, folder / day.isoformat(), READ)
            for day in (FIRST, SECOND)
        }
    return World(engine, past, current_documents(engine))


def deliver_example(engine: Engine, dataset: str, folder: Path) -> None:
    """The filled-in example of a dataset, without the columns that were added later."""
    if not folder.exists():
        write_templates(folder, Catalogue.load(), ("en",))
    with (folder / f"{dataset}_en_example.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        del row["withdrawn"]
    engine.drop(EXAMPLES[dataset].source, dataset, rows)


def current_documents(engine: Engine) -> list[dict[str, Any]]:
    """What the macro `current_records` gives to a model, as dbt runs it."""
    query = "select * from {{ current_records('documents') }} as documents"
    done = engine.dbt(*("--quiet", "show", "--inline", query, "--output", "json", "--limit", "-1"))
    shown: list[dict[str, Any]] = json.loads(done.stdout)["show"]
    return shown


def advice(warehouse: Path) -> dict[str, tuple[float, ...]]:
    """Advice events of the sub-region by quarter."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return dict(
            connection.execute(
                "select period, value from marts.fct_observations where "
                "indicator = 'advice_events' and region = 'SK181' and segment = 'total' "
                "and period in ('2026-Q1', '2026-Q2')"
            ).fetchall()
        )


def test_vintages_of_the_schema_before_are_read_of_every_shape(world: World) -> None:
    zone = Deliveries(world.engine.settings).zone
    first = [v for v in zone.vintages() if v.taken_in_at.astimezone(HELSINKI).date() == FIRST]
    assert {v.dataset for v in first} == set(RECORDS)
    for vintage in first:
        assert "withdrawn" not in pq.read_schema(zone.path_of(vintage)).names
    delivered, observed, superseded, overlapped, quarantined = world.engine.row(
        "select sum(rows_delivered), sum(rows_observed), sum(rows_superseded), "
        "sum(rows_overlapped), sum(rows_quarantined) from quality_ledger "
        "where cast(taken_in_at at time zone 'Europe/Helsinki' as date) < ?",
        SECOND,
    )
    # Examples, then 13 events, two decisions and three documents.
    examples = sum(len(EXAMPLES[dataset].rows) for dataset in RECORDS)
    assert (delivered, quarantined) == (examples + 13 + 2 + 3, 0)
    # Withdrawn on the second day: three events, a decision and two documents. The same document of
    # two sources overlaps no more, for one of them took it back.
    assert (superseded, overlapped) == (6, 0)
    assert observed == delivered - 6


def test_an_event_that_is_taken_back_leaves_the_sum_and_comes_back(world: World) -> None:
    # A single event is known, and not published.
    assert advice(world.past[FIRST]) == {"2026-Q1": 12, "2026-Q2": None}
    # The only event of its quarter leaves a log that was reported without an event: a nought.
    assert advice(world.past[SECOND]) == {"2026-Q1": 10, "2026-Q2": 0}
    assert advice(world.engine.settings.warehouse_path) == {"2026-Q1": 11, "2026-Q2": 0}


def test_a_decision_that_is_taken_back_leaves_the_sum(world: World) -> None:
    assert world.engine.values("development_funding", "2026-Q3")["MK18"] == 500


def test_the_row_that_takes_back_stands_behind_the_absence(world: World) -> None:
    # Delivered, observed, superseded, overlapped, quarantined.
    assert world.engine.ledger("development_company", "advice_events")[1:] == [
        (13, 10, 3, 0, 0),
        (3, 2, 1, 0, 0),
        (1, 1, 0, 0, 0),
    ]
    assert world.engine.ledger("evk", "funding_decisions")[-1] == (1, 1, 0, 0, 0)
    assert world.engine.ledger("council", "documents")[1:] == [(2, 0, 2, 0, 0), (2, 2, 0, 0, 0)]
    assert world.engine.ledger("own_study", "documents") == [(1, 1, 0, 0, 0)]


def test_the_trail_says_what_was_withdrawn(world: World) -> None:
    assert world.engine.rows(
        "select value, disposition, rule, what_was_done from fct_measurements where "
        "indicator = 'development_funding' and region = 'MK18' and period = '2026-Q3' "
        "and segment = 'total' order by rule"
    ) == [
        (500, "observed", "kept", "kept: summed with the other sources"),
        (1000, "superseded", "revised", "replaced by a later delivery"),
        (1000, "observed", "withdrawn", "withdrawn by its source: it counts no more"),
    ]


def test_a_source_takes_back_its_own_record_and_the_other_source_s_holds(world: World) -> None:
    found = {(row["title"], row["source"]) for row in world.documents}
    assert ("Review", "own_study") in found
    assert {title for title, _ in found} == {
        "Review",
        *(str(row["title"]) for row in EXAMPLES["documents"].rows),
    }
    assert len(found) == len(world.documents)
