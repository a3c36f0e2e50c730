"""Meetings and action plans against the annual clock: one world, built once, counted by hand.

The day is 22 November 2026. A record of a meeting may take sixty days, so months up to August are
past due, and plans of 2026 were due for approval by the end of 2025.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from assets.settings import PROJECT_ROOT, Settings
from tests.conftest import TODAY, Rows
from tests.engine import Engine

pytestmark = pytest.mark.slow

#: Marts that are read here; what they are made of is built as well.
READ = (
    "dim_region",
    "monitoring_meetings",
    "monitoring_action_plans",
    "quality_gaps",
    "quality_ledger",
    "quality_quarantine",
)

MONTHS = range(1, 13)


def meeting(region: str, group: str, planned: str, held: str = "", **more: object) -> dict:
    return {"region": region, "group": group, "planned_on": planned, "held_on": held} | more


def held(region: str, group: str, *days: str) -> list[dict]:
    return [meeting(region, group, day, day) for day in days]


def item(
    region: str, year: int, section: str, objective: str, measure: str, **more: object
) -> dict:
    return {
        "region": region,
        "year": year,
        "section": section,
        "objective": objective,
        "measure": measure,
    } | more


#: Working group of SS02 in 2025: July is not recorded, August was not held, September was held two
#: days late in another month, and November met twice.
WORKING = [
    *held("SS02", "Työryhmä", *(f"2025-{month:02}-15" for month in (1, 2, 3, 4, 5, 6, 10, 12))),
    meeting("SS02", "Työryhmä", "2025-08-15"),
    meeting("SS02", "Työryhmä", "2025-09-30", "2025-10-02"),
    *held("SS02", "Työryhmä", "2025-11-05", "2025-11-25"),
]
#: Its steering group follows March, June and October; the meeting of October sets the priorities.
STEERING = [
    meeting("SS02", "steering_group", "2025-03-12", "2025-03-12", attendees=9),
    meeting("SS02", "steering_group", "2025-06-11", "2025-06-12", attendees=8, topic="Seuranta"),
    *held("SS02", "steering_group", "2025-04-23", "2025-10-08"),
    meeting("SS02", "steering_group", "2025-12-03", "2025-12-03", attendees=7),
    meeting("SS02", "steering_group", "2026-12-01"),
]

PLAN_2025 = [
    item("SK022", 2025, "Yhteistyö", "Tunnetaan", "Esite", status="done", ends_on="2025-05-31",
         responsible="Koordinaattori", indicator="population", target="50 000"),
    item("SK022", 2025, "Yhteistyö", "tunnetaan ", "Verkkosivut", status="in_progress",
         progress_pct=100, indicator="Työttömät työnhakijat", target="500"),
    item("SK022", 2025, "Perustajat", "Neuvonta kasvaa", "Neuvontapäivät", segment="founder",
         status="in_progress", ends_on="2025-10-31", indicator="advice_events", target="10",
         actual="9"),
    item("SK022", 2025, "Perustajat", "Neuvonta kasvaa", "Opas", segment="founder",
         status="in_progress"),
    item("SK022", 2025, "PERUSTAJAT", "Messut", "Messuosasto", segment="founder",
         status="cancelled", ends_on="2025-03-31"),
    item("SK022", 2025, "Perustajat", "Mentorit", "Mentoripankki", segment="founder",
         status="postponed"),
]  # fmt: skip
#: The plan comes again with the guide established.
REVISED_2025 = [
    row | {"status": "established"} if row["measure"] == "Opas" else row for row in PLAN_2025
]

DELIVERIES: Sequence[tuple[str, str, Rows]] = (
    (
        "coordinator",
        "agreements",
        [
            # The second takes over half a year before the first would have ended.
            {"region": "SS01", "signed_on": "2020-03-01", "valid_to": "2021-12-31"},
            {"region": "SS01", "signed_on": "2021-06-15", "valid_to": "2025-12-31"},
        ],
    ),
    (
        "coordinator",
        "meetings",
        [
            *WORKING,
            *STEERING,
            *held("SS02", "area_coordinators", *(f"2025-{month:02}-20" for month in range(1, 8))),
            *held("SS02", "topical_day", "2025-05-20"),
            *held("SSS", "national", "2025-09-10"),
            meeting("SS02", "steering_group", "huomenna"),
        ],
    ),
    # The council records a meeting that the coordinator has recorded too, with its own count.
    (
        "council",
        "meetings",
        [
            meeting("SS02", "Ohjausryhmä", "2025-06-11", "2025-06-12", attendees=10),
            *held("MK18", "steering_group", "2025-02-10"),
            *held("MK02", "Ennakointiryhmä", "2025-02-10"),
        ],
    ),
    ("coordinator", "meetings", [STEERING[4] | {"attendees": 12}]),
    (
        "coordinator",
        "plan_basics",
        [
            {"region": "SK022", "year": 2024, "approved_on": "2024-02-15"},
            {"region": "SK022", "year": 2025, "approved_on": "2024-12-10", "budget_eur": "82000,50",
             "mission": "Yritykset kasvavat", "parties": "Salo; Yrityskeskus; TE-palvelut"},
            {"region": "SK022", "year": 2026},
            {"region": "SK022", "year": 2027, "priorities": "Osaajat"},
            {"region": "SK151", "year": 2020, "approved_on": "2019-12-01"},
        ],
    ),
    ("coordinator", "plan_items", PLAN_2025),
    ("coordinator", "plan_items", REVISED_2025),
    (
        "coordinator",
        "plan_items",
        [
            item("SK023", 2025, "Yhteistyö", "Tavoite", "Toimi", status="done"),
            item("SK023", 2025, "Yhteistyö", "Tavoite", "Toinen", status="melkein"),
        ],
    ),
    (
        "development_company",
        "advice_events",
        [
            {"event_id": f"a-{number}", "region": "SK022", "segment": "founder",
             "happened_on": "2025-02-03" if number < 6 else "2025-05-05"}
            for number in range(11)
        ],
    ),
    (
        "employment_area",
        "measurements",
        [
            {"indicator": "unemployed", "region": "SK022", "period": "2025-11", "value": 510},
            {"indicator": "unemployed", "region": "SK022", "period": "2025-12", "value": 505},
        ],
    ),
    (
        "statfin",
        "measurements",
        [{"indicator": "population", "region": "SK022", "period": "2025", "value": 51000}],
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    workshop = tmp_path_factory.mktemp("clock")
    settings = Settings(home=workshop / "home", sources="landing", today=TODAY, today_is_set=True)
    engine = Engine(settings, workshop)
    for source, dataset, rows in DELIVERIES:
        engine.drop(source, dataset, rows)
    # A delivery may hold nothing: a quiet month is no mistake.
    for dataset, header in (
        ("meetings", "region,group,planned_on"),
        ("plan_basics", "region,year"),
    ):
        empty = settings.landing_dir / "coordinator" / dataset / "empty.csv"
        empty.write_text(f"{header}\n", encoding="utf-8")
    engine.take_in()
    engine.build(*READ)
    return engine


# -- the clock -----------------------------------------------------------------------------


def test_the_clock_of_an_area_in_2025_as_expanded_by_hand(engine: Engine) -> None:
    def month(number: int) -> tuple[date, date]:
        return date(2025, number, 1), date(2025 + number // 12, number % 12 + 1, 1)

    year = (date(2025, 1, 1), date(2026, 1, 1))
    expected = sorted(
        [
            ("steering_priorities", "meeting", *month(10), 1, 2025),
            ("steering_approval", "meeting", *month(12), 1, 2025),
            *[("steering_follow_up_a", "meeting", *month(n), 2, 2025) for n in (1, 5, 9)],
            *[("steering_follow_up_b", "meeting", *month(n), 2, 2025) for n in (3, 6, 10)],
            *[("working_meetings", "meeting", *month(n), 12, 2025) for n in MONTHS],
            *[("coordinator_meetings", "meeting", *year, 6, 2025)] * 12,
            *[("topical_days", "meeting", *year, 2, 2025)] * 4,
            ("plan_draft", "plan_draft", date(2025, 9, 1), date(2025, 11, 1), 1, 2026),
            ("plan_revision", "plan_revision", date(2025, 11, 1), date(2026, 1, 1), 1, 2026),
            ("plan_approval", "plan_approval", *month(12), 1, 2026),
            ("self_assessment", "survey_round", *year, 1, 2025),
        ]
    )
    assert expected == sorted(
        engine.rows(
            "select rule, expects, window_from, window_to, demanded, about_year "
            "from intermediate.int_clock_expectations where region = 'SS02' and clock_year = 2025"
        )
    )


def test_the_clock_of_the_whole_country_as_expanded_by_hand(engine: Engine) -> None:
    """The surveys of network and customers come every second year, from 2015 on."""
    found = engine.rows(
        "select clock_year, rule, window_from, window_to, demanded, count(*), max(due_on) "
        "from intermediate.int_clock_expectations "
        "where region = 'SSS' and clock_year in (2025, 2026) group by all order by all"
    )
    year = (date(2025, 1, 1), date(2026, 1, 1))
    both = (date(2025, 1, 1), date(2027, 1, 1))
    assert found == [
        (2025, "national_meetings", *year, 1, 2, date(2026, 3, 1)),
        (2026, "customer_survey", *both, 1, 1, date(2027, 4, 30)),
        (2026, "national_meetings", date(2026, 1, 1), date(2027, 1, 1), 1, 2, date(2027, 3, 1)),
        (2026, "network_survey", *both, 1, 1, date(2027, 4, 30)),
    ]


def test_who_is_expected_and_why(engine: Engine) -> None:
    found = engine.rows(
        "select region, basis, valid_from, valid_to from intermediate.int_clock_areas order by all"
    )
    assert found == [
        ("MK18", "delivery", date(2025, 1, 1), None),
        ("SK022", "delivery", date(2024, 1, 1), None),
        ("SK023", "delivery", date(2025, 1, 1), None),
        ("SK151", "delivery", date(2020, 1, 1), date(2021, 1, 1)),
        ("SS01", "agreement", date(2020, 3, 1), date(2026, 1, 1)),
        ("SS02", "delivery", date(2025, 1, 1), None),
        ("SSS", "delivery", date(2025, 1, 1), None),
        ("SSS", "network", date(2020, 1, 1), None),
    ]


# -- meetings ------------------------------------------------------------------------------


def counts(engine: Engine, region: str, year: int) -> dict[str, tuple[int, ...]]:
    """Expected, due, held, not held, missing, optional, extra; by group."""
    return {
        group: tuple(numbers)
        for group, *numbers in engine.rows(
            "select group_name, sum(expected_meetings)::int, sum(due_meetings)::int, "
            "sum(held_meetings)::int, sum(not_held_meetings)::int, sum(missing_meetings)::int, "
            "sum(optional_meetings)::int, sum(extra_meetings)::int "
            "from monitoring_meetings where region = ? and year = ? group by 1",
            *(region, year),
        )
    }


def test_what_was_held_against_what_the_clock_expects(engine: Engine) -> None:
    assert counts(engine, "SS02", 2025) == {
        "steering_group": (4, 4, 4, 0, 0, 0, 1),
        "working_group": (12, 12, 10, 1, 1, 0, 1),
        "area_coordinators": (6, 6, 6, 0, 0, 1, 0),
        "topical_day": (2, 2, 1, 0, 1, 0, 0),
    }
    assert counts(engine, "SSS", 2025) == {"national": (1, 1, 1, 0, 0, 0, 0)}


def test_a_year_follows_the_variant_that_fits_best(engine: Engine) -> None:
    assert engine.rows(
        "select entry, clock_role, planned_on, held_on from monitoring_meetings "
        "where region = 'SS02' and year = 2025 and group_name = 'steering_group' "
        "order by planned_on"
    ) == [
        ("steering_follow_up_b-1", "expected", date(2025, 3, 12), date(2025, 3, 12)),
        ("extra-2025-04-23", "extra", date(2025, 4, 23), date(2025, 4, 23)),
        ("steering_follow_up_b-2", "expected", date(2025, 6, 11), date(2025, 6, 12)),
        ("steering_priorities-1", "expected", date(2025, 10, 8), date(2025, 10, 8)),
        ("steering_approval-1", "expected", date(2025, 12, 3), date(2025, 12, 3)),
    ]


def test_one_meeting_of_two_organisations_is_one_and_the_newer_record_holds(engine: Engine) -> None:
    assert engine.rows(
        "select source, attendees, held_meetings from monitoring_meetings "
        "where region = 'SS02' and planned_on = date '2025-06-11'"
    ) == [("council", 10, 1)]
    # A record that its own source delivers again replaces the earlier one.
    assert engine.row(
        "select source, attendees from monitoring_meetings "
        "where region = 'SS02' and planned_on = date '2025-12-03'"
    ) == ("coordinator", 12)


def test_what_is_not_due_is_not_missing(engine: Engine) -> None:
    assert engine.rows(
        "select group_name, status, count(*), min(expected_from), max(expected_until) "
        "from monitoring_meetings where region = 'SS02' and year = 2026 "
        "group by 1, 2 order by 1, 2"
    ) == [
        ("area_coordinators", "not_due", 6, date(2026, 1, 1), date(2026, 12, 31)),
        ("steering_group", "missing", 1, date(2026, 5, 1), date(2026, 5, 31)),
        ("steering_group", "not_due", 2, date(2026, 9, 1), date(2026, 10, 31)),
        ("steering_group", "planned", 1, date(2026, 12, 1), date(2026, 12, 31)),
        ("topical_day", "not_due", 2, date(2026, 1, 1), date(2026, 12, 31)),
        ("working_group", "missing", 8, date(2026, 1, 1), date(2026, 8, 31)),
        ("working_group", "not_due", 4, date(2026, 9, 1), date(2026, 12, 31)),
    ]


def test_the_clock_begins_and_ends_with_the_agreement(engine: Engine) -> None:
    """March to December in the first year: ten meetings of the working group, two follow-ups, the
    priorities and the approval; what has no month of its own is expected of whole years only."""
    found = engine.rows(
        "select year, sum(missing_meetings)::int, min(expected_because) from monitoring_meetings "
        "where region = 'SS01' group by year order by year"
    )
    assert found == [(2020, 14, "agreement")] + [
        (year, 24, "agreement") for year in (2021, 2022, 2023, 2024, 2025)
    ]


def test_missing_meetings_are_gaps(engine: Engine) -> None:
    told = "no record of meetings of the annual clock: "
    assert engine.rows(
        "select kind, segment, period, source, due_on, days_late, reason from quality_gaps "
        "where indicator = 'meeting_activity' and region = 'SS02' and period < '2026-06' "
        "order by period"
    ) == [
        ("absent", "total", "2025", "coordinator", date(2026, 3, 1), 266, told + "topical_day 1"),
        *[
            ("absent", "total", "2025-07", "coordinator", date(2025, 9, 29), 419,
             told + "working_group 1")
        ],
        *[
            ("absent", "total", f"2026-{month:02}", "coordinator", due, (TODAY - due).days, reason)
            for month, due, reason in (
                (1, date(2026, 4, 1), told + "working_group 1"),
                (2, date(2026, 4, 29), told + "working_group 1"),
                (3, date(2026, 5, 30), told + "working_group 1"),
                (4, date(2026, 6, 29), told + "working_group 1"),
                (5, date(2026, 7, 30), told + "steering_group 1,working_group 1"),
            )
        ],
    ]  # fmt: skip
    # Ten months of 2020 and every month and year of the five that followed.
    assert engine.row(
        "select count(*) from quality_gaps where indicator = 'meeting_activity' and region = 'SS01'"
    ) == (10 + 5 * 13,)


def test_a_meeting_of_another_group_is_extra_and_makes_nobody_a_part_of_the_clock(
    engine: Engine,
) -> None:
    assert engine.rows(
        "select group_name, clock_role, status, is_counted from monitoring_meetings "
        "where region = 'MK02'"
    ) == [("Ennakointiryhmä", "extra", "held", False)]


def test_meeting_activity_of_closed_years(engine: Engine) -> None:
    """14 of 16 in SS02. The council alone recorded MK18 and is no source of the indicator; SS01 is
    silent; 2026 is not over."""
    assert engine.rows(
        "select region, segment, period, freq, period_start, period_end, source, dataset, value, "
        "records, obs_status from intermediate.int_meeting_values"
    ) == [
        ("SS02", "total", "2025", "A", date(2025, 1, 1), date(2026, 1, 1), "coordinator",
         "meetings", 87.5, 17, "A"),
    ]  # fmt: skip


def test_a_reading_pack_is_frozen_two_weeks_before_the_steering_group(engine: Engine) -> None:
    assert engine.rows(
        "select planned_on, pack_from from monitoring_meetings "
        "where status = 'planned' and region = 'SS02'"
    ) == [(date(2026, 12, 1), date(2026, 11, 17))]


# -- plans ---------------------------------------------------------------------------------


def test_is_there_a_current_plan(engine: Engine) -> None:
    found = engine.rows(
        "select region, year, plan_status, is_current, approval_due_on, expected_because "
        "from monitoring_action_plans where scope = 'plan' "
        "and region in ('SK022', 'SK023', 'SK151') order by region, year"
    )
    assert found == [
        ("SK022", 2024, "late", True, date(2023, 12, 31), None),
        ("SK022", 2025, "approved", True, date(2024, 12, 31), "delivery"),
        ("SK022", 2026, "not_approved", False, date(2025, 12, 31), "delivery"),
        ("SK022", 2027, "in_preparation", None, date(2026, 12, 31), "delivery"),
        ("SK023", 2025, "not_approved", False, date(2024, 12, 31), None),
        ("SK023", 2026, "not_delivered", False, date(2025, 12, 31), "delivery"),
        ("SK023", 2027, "not_due", None, date(2026, 12, 31), "delivery"),
        # It ended with the year 2020.
        ("SK151", 2020, "approved", True, date(2019, 12, 31), None),
    ]
    assert engine.rows(
        "select year, plan_status, expected_because from monitoring_action_plans "
        "where region = 'SS01' order by year"
    ) == [(year, "not_delivered", "agreement") for year in range(2021, 2026)]


def test_how_the_plan_went(engine: Engine) -> None:
    """Five measures count, three are done (one of them by 100 per cent, one by the revision). Of
    three objectives one is reached; the fair's only measure was cancelled."""
    found = engine.rows(
        "select scope, section, objective, segment, objectives, objectives_reached, measures, "
        "measures_done, measures_overdue, measures_cancelled, measures_without_responsible "
        "from monitoring_action_plans "
        "where region = 'SK022' and year = 2025 and scope <> 'measure' "
        "order by scope, section, objective, segment"
    )
    section = "PERUSTAJAT"  # the first spelling by name stands for both
    assert found == [
        ("objective", section, "Mentorit", "all", 1, 0, 1, 0, 0, 0, 1),
        ("objective", section, "Messut", "all", 0, 0, 0, 0, 0, 1, 0),
        ("objective", section, "Neuvonta kasvaa", "all", 1, 0, 2, 1, 1, 0, 2),
        ("objective", "Yhteistyö", "Tunnetaan", "all", 1, 1, 2, 2, 0, 0, 1),
        ("plan", "all", "all", "all", 3, 1, 5, 3, 1, 1, 4),
        ("section", section, "all", "all", 2, 0, 3, 1, 1, 1, 3),
        ("section", "Yhteistyö", "all", "all", 1, 1, 2, 2, 0, 0, 1),
        ("segment", "all", "all", "founder", 2, 0, 3, 1, 1, 1, 3),
        ("segment", "all", "all", "total", 1, 1, 2, 2, 0, 0, 1),
    ]
    assert engine.row(
        "select round(objectives_reached_pct, 2), measures_done_pct, budget_eur, basics_filled "
        "from monitoring_action_plans where region = 'SK022' and year = 2025 and scope = 'plan'"
    ) == (33.33, 60.0, Decimal("82000.50"), 3)


def test_plan_against_actual(engine: Engine) -> None:
    found = engine.rows(
        "select measure, indicator, target_value, actual_value, observed_value, unit, observed_as, "
        "observed_until, observed_months, target_reached, target_reached_pct "
        "from monitoring_action_plans "
        "where region = 'SK022' and year = 2025 and scope = 'measure' and indicator is not null "
        "order by measure"
    )
    assert found == [
        ("Esite", "population", 50000, None, 51000, "persons", "year", "2025", 12, None, None),
        ("Neuvontapäivät", "advice_events", 10, 9, 11, "count", "sum of periods", "2025-Q2", 6,
         "yes", pytest.approx(110)),
        ("Verkkosivut", "unemployed", 500, None, 505, "persons", "last period", "2025-12", 2,
         "no", None),
    ]  # fmt: skip


def test_the_national_question_is_one_query(engine: Engine) -> None:
    """2025: SK022 has a current plan; SK023 and SS01 have none. SS02 and MK18 joined with 2025."""
    assert engine.rows(
        "select year, count(*), count(*) filter (where is_current), "
        "round(100.0 * sum(measures_done) / nullif(sum(measures), 0), 1), "
        "sum(measures_overdue)::int "
        "from monitoring_action_plans where scope = 'plan' and region_type <> 'SSS' "
        "and is_current is not null group by year having year >= 2025 order by year"
    ) == [(2025, 3, 1, 66.7, 1), (2026, 4, 0, None, 0)]


def test_the_documented_question_counts_all_areas_of_the_country(engine: Engine) -> None:
    page = (PROJECT_ROOT / "docs" / "monitoring" / "annual-clock.md").read_text(encoding="utf-8")
    sql = page[page.index("-- The national question") :].partition(";")[0]
    (areas,) = engine.row("select count(*) from dim_region where region_type = 'SS' and is_newest")
    assert areas > 2
    found = {row[0]: row[1:5] for row in engine.rows(sql)}
    assert {2025, 2026} <= set(found)
    for told, current, not_yet, without in found.values():
        assert (told, current + not_yet + len(without.split(", "))) == (areas, areas)
    assert "SS01" in found[2025][3].split(", ")


def test_the_indicators_of_plans(engine: Engine) -> None:
    found = engine.rows(
        "select indicator, region, period, source, dataset, round(value, 2), records "
        "from intermediate.int_plan_values order by all"
    )
    assert found == [
        ("plan_current", "SK022", "2024", "coordinator", "plan_basics", 1, 1),
        ("plan_current", "SK022", "2025", "coordinator", "plan_basics", 1, 1),
        ("plan_current", "SK022", "2026", "coordinator", "plan_basics", 0, 1),
        ("plan_current", "SK023", "2025", "coordinator", "plan_basics", 0, 1),
        ("plan_current", "SK151", "2020", "coordinator", "plan_basics", 1, 1),
        ("plan_measures_done", "SK022", "2025", "coordinator", "plan_items", 60, 5),
        ("plan_measures_done", "SK023", "2025", "coordinator", "plan_items", 100, 1),
        ("plan_objectives_reached", "SK022", "2025", "coordinator", "plan_items", 33.33, 5),
        ("plan_objectives_reached", "SK023", "2025", "coordinator", "plan_items", 100, 1),
    ]


def test_what_cannot_be_understood_waits_in_quarantine(engine: Engine) -> None:
    assert engine.rows('select dataset, "column" from quality_quarantine order by dataset') == [
        ("meetings", "planned_on"),
        ("plan_items", "status"),
    ]


def test_a_revised_plan_supersedes_and_overlaps_nothing(engine: Engine) -> None:
    assert engine.ledger("coordinator", "plan_items")[:2] == [(6, 0, 6, 0, 0), (6, 6, 0, 0, 0)]
    newest = engine.row(
        "select max(taken_in_at) from monitoring_action_plans "
        "where region = 'SK022' and year = 2025"
    )[0]
    assert newest > datetime(2026, 1, 2, tzinfo=UTC)
