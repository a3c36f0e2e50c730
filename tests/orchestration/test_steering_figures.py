"""The figures that a steering group reads, in a small world that is reckoned by hand.

The day is 30 November 2026; small deliveries lie in the landing zone and the main job runs once.
What must come of them is reckoned in the words beside each delivery and test, never by the code.
"""

from __future__ import annotations

import json
from datetime import date

import pytest

from assets.settings import Settings
from orchestration.reading_packs import reading_packs
from orchestration.refresh import run_refresh
from tests.conftest import Rows, csv_text
from tests.marts import current, query, value
from tests.questions import questions

pytestmark = pytest.mark.slow
TODAY = date(2026, 11, 30)
#: Kainuu, and Kajaani in it.
REGION, TOWN = "MK18", "KU205"


def measured(indicator: str, periods: dict[str, float], region: str = REGION) -> Rows:
    return [
        {"indicator": indicator, "region": region, "period": period, "value": number}
        for period, number in periods.items()
    ]


def months(year: int, first: int, last: int, number: float) -> dict[str, float]:
    return {f"{year}-{month:02}": number for month in range(first, last + 1)}


def decided(
    number: str, day: str, amount: int, project: str = "", basis: str = "", instrument: str = ""
) -> dict[str, object]:
    return {
        "decision_id": number,
        "region": TOWN,
        "granted_on": day,
        "amount_eur": amount,
        "project_id": project,
        "amount_basis": basis,
        "instrument": instrument,
        "purpose": "investment" if project else "development",
    }


def aimed(
    year: int, measure: str, indicator: str, target: str, kind: str = ""
) -> dict[str, object]:
    return {
        "region": REGION,
        "year": year,
        "section": "Kasvu",
        "objective": "Elinvoima",
        "measure": measure,
        "indicator": indicator,
        "target": target,
        "target_kind": kind,
        "responsible": "Maija Meikäläinen",
        "responsible_organisation": "development_company",
        "resources": "2 henkilöä",
        "working_days": "12,5",
        "interim_checks": "huhtikuu; syyskuu",
    }


#: Source, dataset, rows; in the order in which the files came.
DELIVERIES: tuple[tuple[str, str, Rows], ...] = (
    # Each quarter tells how many were negotiated about in it: 100 in the year.
    (
        "employment_area",
        "measurements",
        measured(
            "change_negotiations", {"2025-Q1": 40, "2025-Q2": 30, "2025-Q3": 20, "2025-Q4": 10}
        ),
    ),
    # Corrected in the same refresh by the next file, so nobody ever saw the 9,999.
    ("statfin", "measurements", measured("unemployed", {"2025-12": 9_999})),
    (
        "statfin",
        "measurements",
        [
            # 6 × 200 + 6 × 200 jobseekers of 6 × 1,000 + 6 × 3,000: 2,400 of 24,000 are 10 %.
            # The mean of the months' rates would be 13.3 %, the last month alone 6.7 %.
            *measured("unemployed", months(2025, 1, 12, 200)),
            *measured("labour_force", months(2025, 1, 6, 1_000) | months(2025, 7, 12, 3_000)),
            # 25 + 24 + 24 + 24 = 97 closures in 2025; 50 + 47 = 97 in the first half of 2026.
            *measured(
                "enterprises_closed",
                {"2025-Q1": 25, "2025-Q2": 24, "2025-Q3": 24, "2025-Q4": 24}
                | {"2026-Q1": 50, "2026-Q2": 47},
            ),
            # The fourth quarter of 2026 is not over: 500 of it counts nowhere.
            *measured("enterprises_started", {"2026-Q1": 20, "2026-Q2": 40, "2026-Q4": 500}),
            *measured("open_vacancies", {"2024-12": 1_200, "2025-11": 5_000, "2025-12": 900}),
            *measured("population", {"2024": 72_000, "2025": 71_000, "2026": 5}),
        ],
    ),
    (
        "coordinator",
        "plan_items",
        [
            aimed(2025, "negotiated", "change_negotiations", "100"),
            aimed(2025, "rate", "unemployment_rate", "8"),
            aimed(2025, "closed", "enterprises_closed", "80"),
            aimed(2026, "closed", "enterprises_closed", "80"),
            aimed(2026, "started", "enterprises_started", "90"),
            aimed(2025, "to", "open_vacancies", "800", "change_to"),
            aimed(2025, "by", "open_vacancies", "-400", "change_by"),
            aimed(2025, "ceiling", "open_vacancies", "900", "at_most"),
        ],
    ),
    (
        "coordinator",
        "plan_basics",
        [
            {
                "region": REGION,
                "year": 2026,
                "mission": "Yhdessä",
                "vision": "Kasvua",
                "priorities": "Matkailu",
                "coordinator": "Kehitysyhtiö",
                "budget_eur": 0,
            }
        ],
    ),
    (
        "coordinator",
        "meetings",
        [{"region": REGION, "group": "steering_group", "planned_on": "2026-12-05"}],
    ),
    # The whole third quarter, and what came so far of the fourth.
    (
        "evk",
        "funding_decisions",
        [
            decided("e-1", "2026-08-10", 212_810),
            decided("e-2", "2026-10-15", 8_200),
            decided("e-3", "2026-02-01", 100_000, "OWN", "own_share"),
            decided("e-4", "2026-05-01", 450_000, "WHOLE", "whole_project"),
            decided("e-5", "2026-08-01", 100_000, "UNKNOWN"),
        ],
    ),
    (
        "business_finland",
        "funding_decisions",
        [
            decided("b-3", "2026-02-02", 50_000, "OWN", "own_share"),
            decided("b-4", "2026-05-02", 450_000, "WHOLE", "whole_project"),
            decided("b-5", "2026-08-02", 50_000, "UNKNOWN"),
            decided("b-6", "2025-11-02", 100_000, "MIXED", instrument="avustus"),
        ],
    ),
    (
        "finnvera",
        "funding_decisions",
        [
            decided("f-3", "2026-02-03", 300_000, "OWN", "own_share"),
            decided("f-4", "2026-05-03", 450_000, "WHOLE", "whole_project"),
            decided("f-5", "2026-08-03", 300_000, "UNKNOWN"),
            decided("f-6", "2025-11-03", 300_000, "MIXED", instrument="laina"),
        ],
    ),
    # Councils fund too; a programme has its name.
    (
        "council",
        "funding_decisions",
        [
            decided("c-1", "2026-02-10", 25_000) | {"programme": "AKKE"},
            decided("c-2", "2026-03-10", 75_000) | {"programme": "EAKR", "segment": "large"},
        ],
    ),
    # Five and seven growth enterprises in the two sub-regions of the region.
    (
        "evk",
        "measurements",
        [
            *measured("growth_enterprises", {"2024": 5}, "SK181"),
            *(
                row | {"processing_level": "tarkistettu", "producer_note": "Ilman konserneja"}
                for row in measured("growth_enterprises", {"2024": 7}, "SK182")
            ),
        ],
    ),
    # 44 of 50 agree with the statement.
    (
        "survey",
        "survey_answers",
        [
            {
                "survey": "Kumppanuusbarometri",
                "respondent": f"v-{number}",
                "question": "Tulevaisuutta rakennetaan yhteistyöllä ja kumppanuudella",
                "answer": "täysin samaa mieltä" if number < 44 else "eri mieltä",
                "answered_on": "2025-11-03",
                "region": REGION,
                # All 30 large ones agree, and of 20 founders 14.
                "segment": "large" if number < 30 else "founder",
            }
            for number in range(50)
        ],
    ),
    (
        "council",
        "findings",
        [
            {
                "region": region,
                "finding": f"{region} muuttuu",
                "noted_on": TODAY.isoformat(),
                "indicators": indicators,
            }
            for region, indicators in {TOWN: "development_funding", REGION: "population"}.items()
        ],
    ),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("steering") / "home"
    made = Settings(home=home, sources="landing", today=TODAY, today_is_set=True)
    for number, (source, dataset, rows) in enumerate(DELIVERIES):
        path = made.landing_dir / source / dataset / f"{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(csv_text(rows), encoding="utf-8")
    summary = run_refresh(made)
    assert summary.is_published, summary
    return made


def plan(settings: Settings, year: int, measure: str) -> tuple[object, ...]:
    """What is told of a target: observed, as, until, months, reached, distance, share."""
    (found,) = query(
        settings,
        "select observed_value, observed_as, observed_until, observed_months, target_reached, "
        "distance_to_target, target_reached_pct from monitoring_action_plans "
        "where scope = 'measure' and region = ? and year = ? and measure = ?",
        [REGION, year, measure],
    )
    return found


def test_a_flow_is_summed_over_the_year_of_the_plan(settings: Settings) -> None:
    # 40 + 30 + 20 + 10 = 100, at most 100: reached, nothing is missing, and a ceiling has no share.
    assert plan(settings, 2025, "negotiated") == (
        *(100, "sum of periods", "2025-Q4", 12),
        *("yes", 0, None),
    )


def test_a_rate_is_recomputed_over_the_year_and_its_target_is_a_ceiling(settings: Settings) -> None:
    observed, read_as, until, there, reached, distance, share = plan(settings, 2025, "rate")
    assert (observed, distance) == (pytest.approx(10.0), pytest.approx(2.0))
    assert (read_as, until, there, reached, share) == (
        *("rate of periods", "2025-12", 12),
        *("no", None),
    )


def test_what_breaks_a_ceiling_stays_above_it_also_in_a_year_that_runs(settings: Settings) -> None:
    assert plan(settings, 2025, "closed") == (97, "sum of periods", "2025-Q4", 12, "no", 17, None)
    assert plan(settings, 2026, "closed") == (97, "sum of periods", "2026-Q2", 6, "no", 17, None)


def test_a_year_that_runs_is_on_the_way_and_counts_whole_quarters_only(settings: Settings) -> None:
    # 20 + 40 of 90: two thirds.
    found = plan(settings, 2026, "started")
    assert found[:6] == (60, "sum of periods", "2026-Q2", 6, "on_the_way", 30)
    assert found[6] == pytest.approx(200 / 3)


def test_a_change_begins_at_the_end_of_the_year_before(settings: Settings) -> None:
    # 1,200 at the end of 2024, 900 at the end of 2025 (not the 5,000 of November): three quarters
    # of the way to 800, which is also what a change by -400 comes to; at most 900 is reached.
    # One month of a stock is read, and two of the year are there.
    stock = (900, "last period", "2025-12", 2)
    assert plan(settings, 2025, "to") == (*stock, "no", 100, 75)
    assert plan(settings, 2025, "by") == (*stock, "no", 100, 75)
    assert plan(settings, 2025, "ceiling") == (*stock, "yes", 0, None)


def test_a_running_period_is_provisional_and_never_the_newest(settings: Settings) -> None:
    assert query(
        settings,
        "select period, value, obs_status, is_over from fct_observations "
        "where indicator = 'development_funding' and region = ? and segment = 'total' "
        "and period >= '2026-Q3' order by period",
        [REGION],
    ) == [("2026-Q3", 212_810, "A", True), ("2026-Q4", 8_200, "P", False)]
    assert query(
        settings,
        "select indicator, period, value_then, was_over_then, newest_period, newest_value "
        "from monitoring_findings order by indicator",
    ) == [
        ("development_funding", "2026-Q3", 212_810, True, "2026-Q3", 212_810),
        ("population", "2025", 71_000, True, "2025", 71_000),
    ]
    # A year that runs counts as little as a quarter that does.
    assert query(
        settings,
        "select period, value, previous_period, change, change_on_year from latest_indicators "
        "where indicator = 'population' and region = ? and segment = 'total'",
        [REGION],
    ) == [("2025", 71_000, "2024", -1_000, -1_000)]
    assert query(
        settings,
        "select period, value from latest_indicators where indicator = 'enterprises_started' "
        "and region = ?",
        [REGION],
    ) == [("2026-Q2", 40)]


def test_own_shares_add_up_wholes_do_not_and_what_nobody_tells_is_undecided(
    settings: Settings,
) -> None:
    # 100 + 50 + 300 thousand of one project. Own shares: 450. Each tells the whole of 450: 450 of
    # gross 1,350. Nobody tells: the preferred one's 100, and 350 may as well add up. A grant of 100
    # and a loan of 300 are different money.
    assert query(
        settings,
        "select period, net_amount_eur, gross_amount_eur, undecided_amount_eur, projects, "
        "co_financed_projects from monitoring_funding where purpose = 'investment' and region = ? "
        "and segment = 'total' and funder = 'all' and instrument = 'all' and programme = 'all' "
        "order by period",
        [REGION],
    ) == [
        ("2025-Q4", 400_000, 400_000, 0, 1, 1),
        ("2026-Q1", 450_000, 450_000, 0, 1, 1),
        ("2026-Q2", 450_000, 1_350_000, 0, 1, 1),
        ("2026-Q3", 100_000, 450_000, 350_000, 1, 1),
    ]
    assert (
        value(settings, "select count(*) from quality_event_links where is_undecided") == 3
    )  # each two of the three


def test_what_a_plan_says_can_be_read(settings: Settings) -> None:
    # Money that was told to be zero is zero; of a year without a basic page nothing is told.
    assert query(
        settings,
        "select year, mission, vision, priorities, coordinator, budget_eur "
        "from monitoring_action_plans where scope = 'plan' and region = ? and year < 2027 "
        "order by year",
        [REGION],
    ) == [
        (2025, None, None, None, None, None),
        (2026, "Yhdessä", "Kasvua", "Matkailu", "Kehitysyhtiö", 0),
    ]
    assert query(
        settings,
        "select distinct responsible_organisation, resources, working_days, interim_checks "
        "from monitoring_action_plans where scope = 'measure' and region = ?",
        [REGION],
    ) == [("development_company", "2 henkilöä", 12.5, "huhtikuu;syyskuu")]


def answer(settings: Settings, question: str) -> list[tuple[object, ...]]:
    """Rows of the one documented question that begins so."""
    (sql,) = (sql for title, sql in questions().items() if title.startswith(question))
    return query(settings, sql)


def test_the_statement_of_the_barometer_is_known(settings: Settings) -> None:
    assert [row[1:5] for row in answer(settings, "How many agree with the barometer")] == [
        (
            2025,
            "Varsinais-Suomen tulevaisuutta rakennetaan yhteistyöllä ja kumppanuudella",
            50,
            88,
        )
    ]


def test_councils_fund_out_of_programmes(settings: Settings) -> None:
    assert [row[:4] for row in answer(settings, "What do the regional councils fund")] == [
        ("2026-Q1", "development", "AKKE", 25_000),
        ("2026-Q1", "development", "EAKR", 75_000),
    ]


def test_decisions_without_a_segment_are_a_part_of_the_total(settings: Settings) -> None:
    assert query(
        settings,
        "select segment, net_amount_eur from monitoring_funding where region = ? and period = "
        "'2026-Q1' and purpose = 'development' and funder = 'all' and instrument = 'all' "
        "and programme = 'all' order by segment",
        [REGION],
    ) == [("large", 75_000), ("total", 100_000), ("unknown", 25_000)]


def test_a_survey_is_read_by_customer_segment(settings: Settings) -> None:
    rows = answer(settings, "What do the customer segments answer")
    assert [(row[0], *row[3:6]) for row in rows] == [
        ("Kumppanuusbarometri", "founder", 20, 70),
        ("Kumppanuusbarometri", "large", 30, 100),
    ]


def test_what_the_producer_says_of_a_figure_is_published(settings: Settings) -> None:
    assert [row[:2] + row[-2:] for row in answer(settings, "What do producers say")] == [
        ("growth_enterprises", "SK182", "checked", "Ilman konserneja")
    ]


def test_growth_enterprises_of_sub_regions_add_up_where_a_source_has_them(
    settings: Settings,
) -> None:
    rows = answer(settings, "How many growth enterprises")
    assert [(row[0], *row[2:]) for row in rows] == [
        ("SK182", "2024", 7, "evk", False, 1),
        ("MK18", "2024", 12, "evk", True, 1),
    ]


def test_a_newest_figure_says_whether_its_coverage_is_known(settings: Settings) -> None:
    """Statistics say it of themselves; of funding nobody is known to be expected here."""
    assert query(
        settings,
        "select indicator, is_coverage_known from latest_indicators where region = ? "
        "and segment = 'total' and indicator in ('population', 'development_funding') order by all",
        [REGION],
    ) == [("development_funding", False), ("population", True)]


def test_undecided_amounts_have_a_check_of_their_own(settings: Settings) -> None:
    """50 and 300 thousand of the third quarter: each of another funder."""
    (check,) = (
        check
        for check in json.loads((current(settings) / "manifest.json").read_text())["checks"]
        if check["check"] == "amounts_are_decided"
    )
    assert not check["passed"]


def test_one_refresh_is_one_change_of_knowledge(settings: Settings) -> None:
    assert query(
        settings,
        "select count(distinct known_from), count(known_to) from fct_observation_vintages",
    ) == [(1, 0)]


def test_the_reading_pack_says_which_way_a_target_points(settings: Settings) -> None:
    (pack,) = reading_packs(settings.home / "reading_packs")
    (section,) = (s for s in pack.content["sections"] if s["key"] == "measures")
    page = (pack.path / "pack.html").read_text(encoding="utf-8")
    assert "enintään" in page
    rows = {(row["year"], row["measure"]): row for row in section["rows"]}
    assert (2026, "started") in rows, rows
    assert rows[2026, "started"]["target_reached"] == "on_the_way"
    assert rows[2026, "closed"]["target_reached_pct"] is None
