"""Programmes, networks, strategies and RDI services, from the partners' files to the marts.

One world is delivered and built: the regional programme 2018–2021 with its 29 measures, 10
partnership networks and 3 smart-specialisation groups; the industrial network of five cities; a
network for food that meets by its own annual clock, plans ahead and keeps a register of projects;
the three goals and thirteen tasks of a strategy for 2027; and a directory of RDI services. What is
expected is counted by hand from the deliveries below.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from assets.settings import Settings
from tests.conftest import TODAY, Rows
from tests.engine import Engine

pytestmark = pytest.mark.slow

#: Marts that are read here; what they are made of is built as well.
READ = (
    "monitoring_network_clock",
    "monitoring_network_coverage",
    "monitoring_network_events",
    "monitoring_network_members",
    "monitoring_networks",
    "monitoring_programme_measures",
    "monitoring_programme_summary",
    "monitoring_projects",
    "monitoring_rdi_cities",
    "monitoring_rdi_services",
    "monitoring_strategy_goals",
    "quality_ledger",
    "quality_quarantine",
)

# -- the programme ---------------------------------------------------------------------------------

PROGRAMME = "Maakuntaohjelma 2018–2021"
PARTNERSHIPS = [
    "Kestävä ruoka", "Kiertotalous", "Meri", "Matkailu", "Osaaminen", "Liikenne", "Kulttuuri",
    "Hyvinvointi", "Yrittäjyys", "Saaristo",
]  # fmt: skip
GROUPS = ["Sininen kasvu", "Innovatiivinen ruoka", "Elämystuotanto"]
NETWORKS = [*PARTNERSHIPS, *GROUPS]
ASSESSED = "2020-11-30"


def furthest(measure: int) -> str:
    """Where a measure stood in 2020: 18 established, 9 in progress, 1 in preparation, 1 nowhere."""
    if measure <= 18:
        return "established"
    if measure <= 27:
        return "in_progress"
    return "in_preparation" if measure == 28 else "no_action"


def assessment(measure: int, network: str, status: str, day: str = ASSESSED) -> dict[str, object]:
    return {
        "programme": PROGRAMME,
        "measure_no": measure,
        "network": network,
        "status": status,
        "assessed_on": day,
        "measure": f"Toimenpide {measure}",
    }


def assessments_of_2020() -> Rows:
    """Each measure is furthest in one network, the first network for measures 1, 14 and 27.

    No group has assessed measure 29, so that 3 of the 377 cells stay open; the others are told to
    have no action.
    """
    return [
        assessment(
            measure, network, furthest(measure) if place == (measure - 1) % 13 else "no_action"
        )
        for measure in range(1, 30)
        for place, network in enumerate(NETWORKS)
        if measure != 29 or network in PARTNERSHIPS
    ]


#: The year before, one network looked at ten measures, and wrote its name otherwise.
ASSESSMENTS_OF_2019 = [
    assessment(measure, "KESTÄVÄ  RUOKA", "in_preparation", "2019-11-29")
    for measure in range(1, 11)
]

# -- the industrial network ------------------------------------------------------------------------

CITIES = {
    "KU837": "SK064",  # Tampere
    "KU109": "SK051",  # Hämeenlinna
    "KU179": "SK131",  # Jyväskylä
    "KU564": "SK171",  # Oulu
    "KU743": "SK142",  # Seinäjoki
}
ROADSHOWS = [
    ("KU743", "2025-10-07", "Robotiikka"),
    ("KU837", "2025-11-12", "Tekoäly tuotannossa"),
    ("KU109", "2026-02-04", "Hitsaava tuotanto"),
    ("KU179", "2026-04-15", "Digitaalinen kaksonen"),
    ("KU564", "2027-01-20", "Painettu elektroniikka"),
]


def event(name: str, kind: str, region: str, day: str, **more: object) -> dict[str, object]:
    return {
        "network": "SIXNET", "event": name, "kind": kind, "region": region, "starts_on": day,
    } | more  # fmt: skip


EVENTS = [
    *(event("Roadshow", "roadshow", city, day, theme=theme) for city, day, theme in ROADSHOWS),
    event("Työpaja", "työpaja", "SK131", "2026-05-05", ends_on="2026-05-06", attendees=31),
    event("Kokeilu", "pilotti", "KU564", "2026-09-01"),
    event("Pöytä", "Pyöreän pöydän suunnittelu", "KU837", "2025-09-01", ends_on="2026-02-28"),
    event("Pöytä", "Pyöreän pöydän pilotointi", "KU837", "2026-03-01", ends_on="2026-12-31"),
    event("Pöytä", "Pyöreän pöydän vakiinnuttaminen", "KU837", "2027-01-01"),
    event("Aloitus", "seminar", "SSS", "2025-08-20"),
]
MEMBERS = [
    {"network": "sixnet", "organisation": f"Kaupunki {city}", "role": "member", "region": city}
    for city in CITIES
]

# -- networks as they describe themselves ----------------------------------------------------------

DESCRIBED = [
    {"network": "kestävä ruoka", "kind": "partnership", "coordinator": "Maakunnan liitto",
     "programme": PROGRAMME, "meeting_months": "2; toukokuu; 10; joulukuu",
     "valid_from": "2026-01-15"},
    {"network": "Sixnet", "kind": "teollisuusverkosto"},
    {"network": "Kangas", "kind": "jokin muu", "valid_to": "2025-12-31"},
]  # fmt: skip


def food(name: str, kind: str, day: str = "", **more: object) -> dict[str, object]:
    return {"network": "Kestävä ruoka", "event": name, "kind": kind, "region": "MK02",
            "starts_on": day} | more  # fmt: skip


PLANNED = [
    food("Kevätkokous", "kokous", "2026-02-10", attendees=12),
    food("Syyskokous", "kokous", planned_period="2026-10"),
    food("Talvikokous", "kokous", "2026-12-08"),
    # What was planned for a quarter and has got its day; the day alone counts.
    food("Messut", "messut", planned_period="2026-Q3"),
    food("Messut", "messut", "2026-09-03", outcome="40 kävijää"),
    food("Opintomatka", "opintomatka", planned_period="2026-Q2"),
    food("Satopäivä", "seminar", planned_period="2027-S2"),
]
#: Ended without a word of what came of it, ended with one, running, planned, and of no known span.
PROJECTS = [
    {"network": "KESTÄVÄ RUOKA", "region": "MK02"} | project
    for project in (
        {"project": "Lähiruoka", "starts_on": "2024-01-01", "ends_on": "2025-12-31"},
        {"project": "Kala", "starts_on": "2024-01-01", "ends_on": "2026-06-30", "result": "Opas"},
        {"project": "Vilja", "starts_on": "2026-01-01", "ends_on": "2026-12-02"},
        {"project": "Marja", "starts_on": "2027-01-01", "ends_on": ""},
        {"project": "Sieni", "funder": "EAKR"},
    )
]

# -- the strategy ----------------------------------------------------------------------------------

STRATEGY = "Seutukaupunkien innovaatioverkosto 2027"
#: Thirteen tasks under three goals.
TASKS = {"Osaaminen": 5, "Verkosto": 4, "Rahoitus": 4}
TOWNS = ["KU992", "KU598", "KU740"]  # Äänekoski, Pietarsaari, Savonlinna


def task(goal: str, number: int, region: str, **more: object) -> dict[str, object]:
    return {
        "strategy": STRATEGY, "goal": goal, "task": f"{goal} {number}", "region": region,
        "due_on": "2027-12-31", "responsible": "Elinkeinojohto",
    } | more  # fmt: skip


#: The list of tasks as the strategy was adopted: nothing is assessed, and in Savonlinna nobody
#: answers for the last task under each goal.
LISTED = [
    task(goal, number, town, responsible="" if (town, number) == ("KU740", last) else "Johto")
    for goal, last in TASKS.items()
    for number in range(1, last + 1)
    for town in TOWNS
]
JUNE, OCTOBER = {"assessed_on": "2026-06-01"}, {"assessed_on": "2026-10-01"}
ASSESSED_TASKS = [
    # Done by all three in two steps.
    task("Osaaminen", 1, "KU992", status="done", **JUNE),
    task("Osaaminen", 1, "KU598", status="in_progress", **JUNE),
    task("Osaaminen", 1, "KU598", status="done", **OCTOBER),
    task("Osaaminen", 1, "KU740", status="done", **OCTOBER),
    # Done by two, cancelled by the third: done.
    task("Verkosto", 1, "KU992", status="done", **JUNE),
    task("Verkosto", 1, "KU598", status="done", **JUNE),
    task("Verkosto", 1, "KU740", status="cancelled", **JUNE),
    # Done by one, postponed by another, and a due day that has passed at the third.
    task("Rahoitus", 1, "KU992", status="done", **JUNE),
    task("Rahoitus", 1, "KU598", status="postponed", **JUNE),
    task("Rahoitus", 1, "KU740", status="in_progress", **(JUNE | {"due_on": "2026-09-30"})),
]

# -- the directory ---------------------------------------------------------------------------------


def service(region: str, name: str, **more: object) -> dict[str, object]:
    return {"region": region, "service": name, "provider": "Ammattikorkeakoulu"} | more


LEADS = [
    {"network": "Seutukaupungit", "organisation": f"Kaupunki {town}", "role": role, "region": town}
    for town, role in (
        ("KU992", "TKI-vastaava"), ("KU598", "rdi_lead"), ("KU740", "jäsen"), ("KU167", "rdi_lead"),
    )
]  # fmt: skip


def backdated(engine: Engine, source: str, dataset: str, rows: Rows, day: datetime) -> None:
    """A delivery of an earlier day."""
    name = engine.drop(source, dataset, rows)
    path = engine.settings.landing_dir / source / dataset / name
    os.utime(path, (day.timestamp(), day.timestamp()))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("networks")
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    engine = Engine(settings, folder)

    corrected = [row for row in assessments_of_2020() if row["measure_no"] == 28]
    mistaken = [
        *(row for row in assessments_of_2020() if row["measure_no"] != 28),
        *(row | {"status": "done"} for row in corrected),
    ]
    engine.drop("council", "programme_measures", [*ASSESSMENTS_OF_2019, *mistaken])
    malformed = [
        assessment(1, "Meri", "jäissä"),
        assessment(1, "Meri", "done", "2026-11-23"),
        assessment(1, "", "done"),
    ]
    engine.drop("council", "programme_measures", [*corrected, *malformed])

    engine.drop("coordinator", "network_events", EVENTS)
    # The council tells of one of them as well, with the number of people who came.
    engine.drop(
        "council", "network_events",
        [event("ROADSHOW", "kiertue", "KU743", "2025-10-07", theme="Robotiikka", attendees=84)],
    )  # fmt: skip
    engine.drop("coordinator", "network_members", MEMBERS)

    engine.drop("council", "networks", DESCRIBED)
    engine.drop("council", "network_events", PLANNED)
    engine.drop("council", "projects", PROJECTS)

    engine.drop("council", "strategy_goals", LISTED)
    engine.drop("council", "strategy_goals", ASSESSED_TASKS)

    backdated(
        engine, "coordinator", "rdi_services", [service("KU598", "Neuvonta", kind="neuvonta")],
        datetime(2025, 3, 3, 8, tzinfo=UTC),
    )  # fmt: skip
    backdated(
        engine, "council", "rdi_services",
        [service("KU992", "Laboratorio"), service("KU992", "Kurssi"), service("SK124", "Halli")],
        datetime(2025, 12, 1, 8, tzinfo=UTC),
    )  # fmt: skip
    engine.drop("council", "rdi_services", [service("KU992", "LABORATORIO", kind="testaus")])
    engine.drop("council", "network_members", LEADS)
    engine.drop(
        "council",
        "documents",
        [
            {
                "title": "Äänekosken strategia",
                "publisher": "Äänekoski",
                "kind": "strategy",
                "published_on": "2025-04-01",
                "region": "KU992",
            },
            # Of the sub-region, which Pietarsaari lies in.
            {
                "title": "Seudun strategia",
                "publisher": "Seutu",
                "kind": "strategy",
                "published_on": "2021-04-01",
                "region": "SK154",
            },
            {
                "title": "Katsaus",
                "publisher": "Savonlinna",
                "kind": "review",
                "published_on": "2026-01-01",
                "region": "KU740",
            },
        ],
    )
    # A header without rows, after everything else: it drops no service.
    name = engine.drop("council", "rdi_services", [])
    path = engine.settings.landing_dir / "council" / "rdi_services" / name
    path.write_text("alue;palvelu;palveluntarjoaja\n", encoding="utf-8")

    engine.take_in()
    engine.build(*READ)
    return engine


# -- programme measures ----------------------------------------------------------------------------


def counts(engine: Engine, day: str) -> dict[str, tuple[int, int, int]]:
    """By status, of the whole programme: measures at it, measures at least at it, not assessed."""
    found = engine.rows(
        "select status, measures_at_status, measures_at_least, measures_not_assessed "
        "from monitoring_programme_summary "
        "where level = 'programme' and network = 'total' and valid_from = ?",
        day,
    )
    return {status: (at, at_least, not_assessed) for status, at, at_least, not_assessed in found}


def test_the_published_shape_of_the_programme_in_2020(engine: Engine) -> None:
    """30 % in progress, over 60 % established, almost all at least in preparation somewhere."""
    assert counts(engine, ASSESSED) == {
        "no_action": (1, 29, 0),
        "in_preparation": (1, 28, 0),
        "in_progress": (9, 27, 0),
        "established": (18, 18, 0),
        "done": (0, 0, 0),
    }
    found = engine.rows(
        "select status, share_at_status, share_at_least from monitoring_programme_summary "
        "where level = 'programme' and is_current"
    )
    exactly = {status: (at_status, at_least) for status, at_status, at_least in found}
    # Of 29 measures no number is 30 % exactly; 9 is the nearest.
    assert exactly["in_progress"][0] == pytest.approx(9 / 29)
    assert round(exactly["in_progress"][0], 1) == 0.3
    assert exactly["established"][0] == pytest.approx(18 / 29)
    assert exactly["established"][0] > 0.6
    assert exactly["in_preparation"][1] == pytest.approx(28 / 29)


def test_the_matrix_alone_gives_the_same_shares(engine: Engine) -> None:
    found = engine.rows(
        "select furthest_status, count(distinct measure_no) from monitoring_programme_measures "
        "where valid_from = ? group by furthest_status",
        ASSESSED,
    )
    assert dict(found) == {
        "established": 18, "in_progress": 9, "in_preparation": 1, "no_action": 1,
    }  # fmt: skip


def test_every_measure_stands_beside_every_network(engine: Engine) -> None:
    found = engine.row(
        "select count(*), count(distinct measure_no), count(distinct network), "
        "count(case when not is_assessed then 1 end), "
        "count(case when is_furthest then 1 end) "
        "from monitoring_programme_measures where is_current"
    )
    # 28 measures are furthest in one network; nobody does anything for the 29th in 10.
    assert found == (377, 29, 13, 3, 28 + 10)
    open_cells = engine.rows(
        "select measure_no, network, status from monitoring_programme_measures "
        "where is_current and not is_assessed order by network"
    )
    assert open_cells == [("29", group, None) for group in sorted(GROUPS)]


def test_what_was_known_a_year_earlier_is_kept(engine: Engine) -> None:
    assert counts(engine, "2019-11-29") == {
        "no_action": (19, 29, 19),
        "in_preparation": (10, 10, 19),
        "in_progress": (0, 0, 19),
        "established": (0, 0, 19),
        "done": (0, 0, 19),
    }
    # One network, however it is written; measure 2 has gone back to no action there.
    history = engine.rows(
        "select network, valid_from::varchar, valid_to::varchar, is_current, status, "
        "previous_status from monitoring_programme_measures "
        "where measure_no = '2' and network ilike 'kestävä%' order by valid_from"
    )
    assert history == [
        ("Kestävä ruoka", "2019-11-29", ASSESSED, False, "in_preparation", None),
        ("Kestävä ruoka", ASSESSED, None, True, "no_action", "in_preparation"),
    ]


def test_a_corrected_assessment_replaces_the_first_and_wrong_rows_are_refused(
    engine: Engine,
) -> None:
    found = engine.rows(
        "select distinct status from monitoring_programme_measures "
        "where is_current and measure_no = '28' and network = ?",
        NETWORKS[1],
    )
    assert found == [("in_preparation",)]
    # 10 of 2019 and 374 of 2020, of which 13 are delivered again; 3 rows are wrong.
    assert engine.ledger("council", "programme_measures") == [
        (384, 371, 13, 0, 0),
        (16, 13, 0, 0, 3),
    ]
    refused = engine.rows(
        "select \"column\" from quality_quarantine where dataset = 'programme_measures' order by 1"
    )
    assert refused == [("assessed_on",), ("network",), ("status",)]


# -- network events --------------------------------------------------------------------------------


def test_the_roadshows_of_the_five_city_regions(engine: Engine) -> None:
    found = engine.rows(
        "select region, starts_on::varchar, theme, state, network_region "
        "from monitoring_network_events where network = 'SIXNET' and kind = 'roadshow' "
        "order by starts_on"
    )
    held = ["held", "held", "held", "held", "planned"]
    assert found == [
        (city, day, theme, state, CITIES[city])
        for (city, day, theme), state in zip(ROADSHOWS, held, strict=True)
    ]


def test_the_members_stand_under_the_name_of_their_network(engine: Engine) -> None:
    """They write sixnet; its events, and so everything else that is read of it, SIXNET."""
    members = "select network, organisation, region, is_current, is_coordinating"
    found = engine.rows(
        f"{members} from monitoring_network_members where network ilike 'sixnet' order by region"
    )
    assert found == [("SIXNET", f"Kaupunki {city}", city, True, False) for city in sorted(CITIES)]
    alone = engine.rows(
        "select count(*) from monitoring_network_members anti join monitoring_network_events "
        "using (network) where network ilike 'sixnet'"
    )
    assert alone == [(0,)]


def test_where_a_roadshow_has_been_and_where_not_yet(engine: Engine) -> None:
    found = engine.rows(
        "select region, state, events_held, events_planned from monitoring_network_coverage "
        "where activity = 'roadshow' order by region"
    )
    assert found == [
        ("SK051", "held", 1, 0),
        ("SK064", "held", 1, 0),
        ("SK131", "held", 1, 0),
        ("SK142", "held", 1, 0),
        ("SK171", "planned", 0, 1),
    ]
    found = engine.rows(
        "select distinct activity, network_regions, regions_held, regions_not_held "
        "from monitoring_network_events where network = 'SIXNET' order by activity"
    )
    assert found == [
        ("pilot", 5, 1, "SK051,SK064,SK131,SK142"),
        ("roadshow", 5, 4, "SK171"),
        ("round_table", 5, 1, "SK051,SK131,SK142,SK171"),
        # The opening was for the whole country and has left nobody out.
        ("seminar", 5, 0, None),
        ("workshop", 5, 1, "SK051,SK064,SK142,SK171"),
    ]


def test_the_round_table_is_designed_piloted_and_established(engine: Engine) -> None:
    found = engine.rows(
        "select phase, phase_from::varchar, phase_to::varchar, is_current_phase, state "
        "from monitoring_network_events where activity = 'round_table' order by phase_order"
    )
    assert found == [
        ("designed", "2025-09-01", "2026-03-01", False, "held"),
        ("piloted", "2026-03-01", "2027-01-01", True, "held"),
        ("established", "2027-01-01", None, False, "planned"),
    ]


def test_an_event_that_two_organisations_tell_of_is_one(engine: Engine) -> None:
    found = engine.rows(
        "select event, attendees, source from monitoring_network_events "
        "where region = 'KU743' and kind = 'roadshow'"
    )
    assert found == [("Roadshow", 84, "council")]
    assert engine.ledger("coordinator", "network_events") == [(11, 10, 0, 1, 0)]


def test_a_planned_event_waits_for_its_day_and_is_never_taken_for_held(engine: Engine) -> None:
    found = engine.rows(
        "select event, state, is_day_known, starts_on::varchar, ends_on::varchar, planned_period, "
        "outcome from monitoring_network_events where network = 'Kestävä ruoka' order by starts_on"
    )
    assert found == [
        ("Kevätkokous", "held", True, "2026-02-10", "2026-02-10", None, None),
        # Its quarter is over and nobody has told whether it was held.
        ("Opintomatka", "unconfirmed", False, "2026-04-01", "2026-06-30", "2026-Q2", None),
        ("Messut", "held", True, "2026-09-03", "2026-09-03", None, "40 kävijää"),
        ("Syyskokous", "unconfirmed", False, "2026-10-01", "2026-10-31", "2026-10", None),
        ("Talvikokous", "planned", True, "2026-12-08", "2026-12-08", None, None),
        ("Satopäivä", "planned", False, "2027-07-01", "2027-12-31", "2027-S2", None),
    ]
    assert engine.rows(
        "select activity, state, events_held, events_planned, events_unconfirmed, "
        "next_planned_period from monitoring_network_coverage "
        "where network = 'Kestävä ruoka' and region = 'MK02' order by activity"
    ) == [
        ("meeting", "held", 1, 1, 1, None),
        ("messut", "held", 1, 0, 0, None),
        ("opintomatka", "unconfirmed", 0, 0, 1, None),
        ("seminar", "planned", 0, 1, 0, "2027-S2"),
    ]


# -- networks, their clocks and projects -----------------------------------------------------------


def test_a_network_is_told_by_what_it_is_and_does(engine: Engine) -> None:
    found = engine.rows(
        "select network, kind, coordinator, is_described, is_current, members, measures, "
        "events_held, events_planned, events_unconfirmed, meetings_due, meetings_held, "
        "meetings_missing from monitoring_networks where network in "
        "('Kestävä ruoka', 'SIXNET', 'Kangas', 'Matkailu') order by network"
    )
    assert found == [
        # Of what it wrote as its kind nobody else knows the word; it has ended, and has no clock.
        ("Kangas", "jokin muu", None, True, False, 0, 0, 0, 0, 0, None, None, None),
        ("Kestävä ruoka", "partnership", "Maakunnan liitto", True, True, 0, 29, 2, 2, 2, 2, 1, 1),
        # Known from its measures alone.
        ("Matkailu", "unknown", None, False, True, 0, 29, 0, 0, 0, None, None, None),
        ("SIXNET", "industrial", None, True, True, 5, 0, 9, 2, 0, None, None, None),
    ]


def test_the_annual_clock_of_a_network_tells_the_meetings_that_are_missing(engine: Engine) -> None:
    found = engine.rows(
        "select year, month, state, held_on::varchar, planned_on::varchar, due_on::varchar, "
        "attendees from monitoring_network_clock where network = 'Kestävä ruoka' order by month"
    )
    assert found == [
        (2026, 2, "held", "2026-02-10", None, "2026-04-29", 12),
        (2026, 5, "missing", None, None, "2026-07-30", None),
        # Planned for October and not told of since; the report may still come.
        (2026, 10, "not_due", None, None, "2026-12-30", None),
        (2026, 12, "planned", None, "2026-12-08", "2027-03-01", None),
    ]


def test_a_project_that_ended_without_a_word_of_its_result(engine: Engine) -> None:
    found = engine.rows(
        "select network, project, state, days_left, lacks_result, result "
        "from monitoring_projects order by project"
    )
    assert found == [
        ("Kestävä ruoka", "Kala", "ended", None, False, "Opas"),
        ("Kestävä ruoka", "Lähiruoka", "ended", None, True, None),
        ("Kestävä ruoka", "Marja", "planned", None, False, None),
        ("Kestävä ruoka", "Sieni", "unknown", None, False, None),
        ("Kestävä ruoka", "Vilja", "running", 10, False, None),
    ]


# -- strategy goals --------------------------------------------------------------------------------


def test_three_goals_and_thirteen_tasks(engine: Engine) -> None:
    found = engine.rows(
        "select goal, count(distinct task), count(case when level = 'city' then 1 end) "
        "from monitoring_strategy_goals where is_current group by goal order by goal"
    )
    assert found == [("Osaaminen", 5, 15), ("Rahoitus", 4, 12), ("Verkosto", 4, 12)]


def test_tasks_in_all_and_their_least_advanced_city(engine: Engine) -> None:
    found = engine.rows(
        "select task, status, least_advanced, carriers, carriers_done, is_overdue, "
        "days_left from monitoring_strategy_goals "
        "where level = 'total' and is_current and is_assessed order by task"
    )
    assert found == [
        ("Osaaminen 1", "done", None, 3, 3, False, None),
        # 30.9. was 53 days before 22.11.
        ("Rahoitus 1", "postponed", "KU598", 3, 1, True, -53),
        ("Verkosto 1", "done", None, 2, 2, False, None),
    ]
    others = engine.rows(
        "select count(*), min(status), max(status), min(days_left), max(days_left), "
        "max(carriers_not_assessed) from monitoring_strategy_goals "
        "where level = 'total' and is_current and not is_assessed"
    )
    # From 22.11.2026 to 31.12.2027: 39 + 365 days.
    assert others == [(10, "not_started", "not_started", 404, 404, 3)]


def test_the_history_of_a_task(engine: Engine) -> None:
    found = engine.rows(
        "select region, valid_from::varchar, status, carriers_done "
        "from monitoring_strategy_goals where task = 'Osaaminen 1' and region in ('KU598', 'total')"
        " order by region, valid_from"
    )
    assert found == [
        ("KU598", "2026-01-02", "not_started", 0),
        ("KU598", "2026-06-01", "in_progress", 0),
        ("KU598", "2026-10-01", "done", 1),
        ("total", "2026-01-02", "not_started", 0),
        ("total", "2026-06-01", "not_started", 1),
        ("total", "2026-10-01", "done", 3),
    ]


def test_whether_somebody_answers_is_told_and_never_who(engine: Engine) -> None:
    found = engine.rows(
        "select task, region from monitoring_strategy_goals "
        "where is_current and not has_responsible and level = 'city' order by task"
    )
    assert found == [("Osaaminen 5", "KU740"), ("Rahoitus 4", "KU740"), ("Verkosto 4", "KU740")]
    in_all = engine.rows(
        "select task, carriers_without_responsible from monitoring_strategy_goals "
        "where is_current and not has_responsible and level = 'total' order by task"
    )
    assert in_all == [("Osaaminen 5", 1), ("Rahoitus 4", 1), ("Verkosto 4", 1)]
    told = engine.rows("select * from monitoring_strategy_goals")
    assert not {"Elinkeinojohto", "Johto"} & {cell for row in told for cell in row}


# -- RDI services ----------------------------------------------------------------------------------


def test_the_directory_tells_what_is_stale_and_why(engine: Engine) -> None:
    found = engine.rows(
        "select region, service, kind, first_seen_on::varchar, last_confirmed_on::varchar, "
        "is_dropped, is_unconfirmed, is_stale from monitoring_rdi_services order by service"
    )
    assert found == [
        ("SK124", "Halli", None, "2025-12-01", "2025-12-01", True, False, True),
        ("KU992", "Kurssi", None, "2025-12-01", "2025-12-01", True, False, True),
        ("KU992", "LABORATORIO", "testing", "2025-12-01", "2026-01-02", False, False, False),
        # Still in the newest file of the coordinator, who has not delivered for over a year.
        ("KU598", "Neuvonta", "advice", "2025-03-03", "2025-03-03", False, True, True),
    ]


def test_cities_without_a_service_or_without_anybody_for_rdi(engine: Engine) -> None:
    found = engine.rows(
        "select region, services, services_stale, has_rdi_lead, missing "
        "from monitoring_rdi_cities order by region"
    )
    # Joensuu and Savonlinna have no service; Savonlinna is only a member of the network.
    assert found == [
        ("KU167", 0, 0, True, "service"),
        ("KU598", 1, 1, True, None),
        ("KU740", 0, 0, False, "service and lead"),
        ("KU992", 2, 1, True, None),
        ("SK124", 1, 1, False, "lead"),
    ]


def test_cities_that_have_a_strategy_of_their_own_or_of_their_sub_region(engine: Engine) -> None:
    found = engine.rows(
        "select region, strategy, is_strategy_fresh, lacks_strategy "
        "from monitoring_rdi_cities where region like 'KU%' order by region"
    )
    assert found == [
        ("KU167", None, None, True),
        ("KU598", "Seudun strategia", False, False),
        ("KU740", None, None, True),
        ("KU992", "Äänekosken strategia", True, False),
    ]


def test_an_empty_delivery_is_taken_in_and_changes_nothing(engine: Engine) -> None:
    assert engine.ledger("council", "rdi_services") == [
        (3, 2, 1, 0, 0),
        (1, 1, 0, 0, 0),
        (0, 0, 0, 0, 0),
    ]


def test_nothing_is_counted_twice_or_lost(engine: Engine) -> None:
    found = engine.rows(
        "select dataset, sum(rows_delivered - rows_observed - rows_superseded - rows_overlapped "
        "- rows_quarantined) from quality_ledger group by dataset order by dataset"
    )
    assert found == [
        ("documents", 0),
        ("network_events", 0),
        ("network_members", 0),
        ("networks", 0),
        ("programme_measures", 0),
        ("projects", 0),
        ("rdi_services", 0),
        ("strategy_goals", 0),
    ]
