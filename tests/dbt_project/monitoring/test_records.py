"""Records from delivery to mart and back: indicators out of records, and records taken back.

One world holds a plan, meetings and a survey that come to indicators of co-operation, and the
filled-in example of every dataset. It is built; then every row is delivered again as withdrawn and
it is built once more. Figures are counted by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assets.landing.guidance import EXAMPLES
from assets.settings import Settings
from orchestration.commands.explain import Step, read_explanation
from orchestration.publishing import published_tables
from tests.conftest import TODAY, Rows
from tests.engine import Engine

pytestmark = pytest.mark.slow


def measure(region: str, objective: str, text: str, status: str) -> dict[str, object]:
    return {
        "region": region,
        "year": 2025,
        "section": "Yhteistyö",
        "objective": objective,
        "measure": text,
        "status": status,
    }


OWN: list[tuple[str, str, Rows]] = [
    (
        "coordinator",
        "plan_basics",
        [
            {"region": "SS09", "year": 2025, "approved_on": "2024-12-10"},
            {"region": "SS10", "year": 2025},
        ],
    ),
    (
        "coordinator",
        "plan_items",
        [
            measure("SS09", "Tunnetaan", "Esite", "done"),
            measure("SS09", "Tunnetaan", "Sivut", "done"),
            measure("SS09", "Kasvu", "Ryhmä", "in_progress"),
            measure("SS09", "Kasvu", "Kiertue", "done"),
            measure("SS10", "Kasvu", "Ryhmä", "done"),
            measure("SS10", "Kasvu", "Kiertue", "not_started"),
        ],
    ),
    (
        "survey",
        "survey_answers",
        [
            {
                "survey": "Asiakaskysely",
                "respondent": f"V-{number}",
                "question": "Arvio saamastasi palvelusta",
                "answer": score,
                "answered_on": "2025-10-01",
                "region": "SS09",
            }
            for number, score in enumerate((4, 5, 3, 4, 5, 3))
        ],
    ),
]
#: A figure that the coordinator reckoned itself, where its plan comes to 50.
FIGURE = {"indicator": "plan_measures_done", "region": "SS10", "period": "2025", "value": 60}

#: For each mart of records, its rows that rest on a delivered record.
TOLD: Mapping[str, str] = {
    "monitoring_action_plans": "plan_status in ('approved', 'late', 'not_approved')",
    "monitoring_meetings": "planned_on is not null",
    "monitoring_surveys": "true",
    "monitoring_funding": "true",
    "monitoring_advice": "true",
    "monitoring_transfers": "true",
    "monitoring_programme_measures": "true",
    "monitoring_programme_summary": "true",
    "monitoring_network_events": "true",
    "monitoring_network_coverage": "true",
    "monitoring_network_members": "true",
    "monitoring_networks": "true",
    "monitoring_network_clock": "true",
    "monitoring_projects": "true",
    "monitoring_situation_reports": "true",
    "monitoring_indicator_choices": "true",
    "monitoring_strategy_goals": "true",
    "monitoring_rdi_services": "true",
    "monitoring_rdi_cities": "services > 0",
    "monitoring_agreements": "state <> 'none'",
    "monitoring_agreement_coverage": "areas_in_force > 0",
    "monitoring_documents": "true",
    "monitoring_document_regions": "true",
    "monitoring_document_indicators": "true",
    "monitoring_findings": "true",
    "monitoring_finding_documents": "true",
}


def counts(engine: Engine) -> dict[str, int]:
    return {
        mart: engine.row(f"select count(*) from {mart} where {where}")[0]
        for mart, where in TOLD.items()
    }


class World:
    """What was there before everything was withdrawn, and the engine after it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        examples = [
            (example.source, dataset, list(example.rows))
            for dataset, example in EXAMPLES.items()
            if dataset != "measurements"
        ]
        self.delivered: list[tuple[str, str, Rows]] = [*OWN, *examples]
        for source, dataset, rows in self.delivered:
            engine.drop(source, dataset, rows)
        engine.drop("coordinator", "measurements", [FIGURE])
        engine.take_in()
        engine.build()
        self.before = counts(engine)
        self.values = self._values()
        self.overlaps = engine.overlaps("plan_measures_done")
        self.steps = {
            (indicator, region): self._steps(indicator, region)
            for indicator, region in (
                ("plan_measures_done", "SS09"),
                ("plan_measures_done", "SS10"),
                ("customer_survey_score", "SS09"),
            )
        }
        for source, dataset, rows in self.delivered:
            engine.drop(source, dataset, [row | {"withdrawn": "yes"} for row in rows])
        engine.take_in()
        engine.build()
        self.after = counts(engine)

    def _values(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        return {
            (indicator, region): tuple(rest)
            for indicator, region, *rest in self.engine.rows(
                "select indicator, region, value, source, is_derived, coverage_share "
                "from fct_observations where period = '2025' and region in ('SS09', 'SS10')"
            )
        }

    def _steps(self, indicator: str, region: str) -> list[Step]:
        told = read_explanation(
            self.engine.settings.warehouse_path, indicator, region, "2025", "total"
        )
        return [step for step in told.steps if step.step == "measurement"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("records")
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    return World(Engine(settings, folder))


# -- indicators out of records ------------------------------------------------------------------


def test_plans_and_surveys_are_observations_like_any_other(world: World) -> None:
    # Three of four measures are done, and all measures of one of two objectives.
    assert world.values == {
        ("plan_current", "SS09"): (1, "coordinator", False, 1),
        ("plan_measures_done", "SS09"): (75, "coordinator", False, 1),
        ("plan_objectives_reached", "SS09"): (50, "coordinator", False, 1),
        ("customer_survey_score", "SS09"): (4, "survey", False, 1),
        ("plan_current", "SS10"): (0, "coordinator", False, 1),
        ("plan_measures_done", "SS10"): (60, "coordinator", False, 1),
        ("plan_objectives_reached", "SS10"): (0, "coordinator", False, 1),
    }


def test_a_figure_of_the_same_source_comes_before_its_records(world: World) -> None:
    assert world.overlaps == [("conflict", "SS10", "coordinator", 60, "coordinator", 50)]
    kept, passed_over = sorted(
        world.steps["plan_measures_done", "SS10"], key=lambda s: s.rule or ""
    )
    assert (kept.rule, kept.value, kept.dataset, kept.events) == (
        "kept", 60, "measurements", None,
    )  # fmt: skip
    assert (passed_over.rule, passed_over.value, passed_over.dataset, passed_over.events) == (
        "other_dataset", 50, "plan_items", 2,
    )  # fmt: skip


def test_a_figure_out_of_records_says_of_how_many_and_of_which_file(world: World) -> None:
    (step,) = world.steps["plan_measures_done", "SS09"]
    assert (step.value, step.events, step.source, step.dataset) == (
        75,
        4,
        "coordinator",
        "plan_items",
    )
    # The filled-in example is the newest delivery of the dataset that could be a part of it.
    assert step.file is not None
    assert step.detail is not None
    assert step.detail.startswith("records; kept")
    (answers,) = world.steps["customer_survey_score", "SS09"]
    assert (answers.value, answers.events, answers.dataset) == (4, 6, "survey_answers")


# -- taken back ---------------------------------------------------------------------------------


def test_every_mart_of_records_is_looked_at() -> None:
    assert set(TOLD) == {name for name in published_tables() if name.startswith("monitoring_")}


@pytest.mark.parametrize("mart", TOLD)
def test_a_record_that_is_taken_back_leaves_its_mart(world: World, mart: str) -> None:
    assert world.before[mart] > 0
    assert world.after[mart] == 0


def test_what_records_came_to_is_taken_back_with_them(world: World) -> None:
    assert world._values() == {("plan_measures_done", "SS10"): (60, "coordinator", False, 1)}
    assert world.engine.overlaps("plan_measures_done") == []


def test_the_ledger_counts_what_was_taken_back(world: World) -> None:
    for source, dataset in {(source, dataset) for source, dataset, _ in world.delivered}:
        ledger = world.engine.ledger(source, dataset)
        rows = [len(r) for s, d, r in world.delivered if (s, d) == (source, dataset)]
        # The withdrawal stands in place of the row that it takes back.
        assert ledger == [(n, 0, n, 0, 0) for n in rows] + [(n, n, 0, 0, 0) for n in rows]
