"""Who was expected to report, who did, what was counted twice: one world, built and published.

The world is reckoned by hand. It is 30 November 2026, everything is delivered on that day, and
every figure below follows from these deliveries alone:

Sub-regions: SK181 (four municipalities) and SK182 (Kajaani, KU205, and four more) are MK18; SK064
(Tampere, KU837, and eleven more) lies in MK06.

Duties since 1 April 2026: the development company logs advice of SK181 and SK182, Finnvera that of
SK064; EVK and Finnvera log funding of the three sub-regions. Of no other anybody is expected.

Advice: the development company had ten customers in SK182 in the third quarter, and none anywhere
in the second one. Finnvera has delivered no log of advice. Before there were duties, in the first
quarter of 2025, the development company logged 14 events and the enterprise agency 11, of which 6
were the same; two of the 14 were in SK181, which is a small count.

Transfers: 18 that the development company logged and 18 that the agency logged are 25, because 11
were logged by both.

Funding: project H-2 got 100,000 by EVK and 100,000 by Finnvera in Tampere, each reporting the whole
project; EVK granted 50,000 to another one in Kajaani, and 5,000 of development funding to one in
contract area SS34, of which nobody says where it lies. SS33 is Kajaani and Paltamo (KU578), says
its agreement of May 2026. Kainuu lies in EVK09, with Pohjois-Pohjanmaa.

Statistics: two figures of Kajaani for September 2026, 1,254 unemployed of a labour force of
12,540; enterprises of SK182 in the second quarters of 2025 (30 started, 20 closed) and of 2026
(33 and 25).

Plan of SK182 for 2026: one measure, which aims at 60,000 of investment financing for large
enterprises. Its steering group met on 10 March 2026, before anything was known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from assets.sample.events import business_id
from assets.settings import Settings
from orchestration.publishing import publish
from tests.conftest import csv_text
from tests.engine import Engine
from tests.marts import query
from tests.questions import questions

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 30)
Row = Mapping[str, object]


def advice(prefix: str, numbers: range, region: str, day: str) -> list[Row]:
    """Advice events, each to a business of its own."""
    return [
        {
            "event_id": f"{prefix}-{number}",
            "region": region,
            "happened_on": day,
            "business_id": business_id(number),
            "topic": "Rahoitus",
        }
        for number in numbers
    ]


def transfers(prefix: str, numbers: range, day: str) -> list[Row]:
    """Customers whom the development company handed to the enterprise agency."""
    return [
        {
            "transfer_id": f"{prefix}-{number}",
            "from_actor": "development_company",
            "to_actor": "enterprise_agency",
            "happened_on": day,
            "business_id": business_id(number),
            "region": "SK182",
        }
        for number in numbers
    ]


def granted(decision: str, region: str, project: str, amount: int) -> Row:
    return {
        "decision_id": decision,
        "region": region,
        "granted_on": "2026-08-20",
        "amount_eur": amount,
        "project_id": project,
        "purpose": "investment",
        "segment": "large",
        "amount_basis": "whole_project",
    }


def duty(organisation: str, dataset: str, regions: str, role: str) -> Row:
    return {
        "organisation": organisation,
        "dataset": dataset,
        "regions": regions,
        "valid_from": "2026-04-01",
        "cadence": "Q",
        "contact_role": role,
    }


DELIVERIES: Mapping[tuple[str, str], list[Row]] = {
    ("coordinator", "reporting_duties"): [
        duty("development_company", "advice_events", "SK181; SK182", "coordinator"),
        duty("finnvera", "advice_events", "SK064", "expert"),
        duty("evk", "funding_decisions", "SK064; SK181; SK182", ""),
        duty("finnvera", "funding_decisions", "SK064; SK181; SK182", ""),
    ],
    ("development_company", "advice_events"): [
        *advice("d", range(1, 11), "SK182", "2026-08-03"),
        *advice("e", range(100, 102), "SK181", "2025-02-03"),
        *advice("e", range(102, 114), "SK182", "2025-02-03"),
    ],
    ("enterprise_agency", "advice_events"): [
        *advice("a", range(108, 119), "SK182", "2025-02-03"),
    ],
    ("development_company", "transfers"): transfers("s", range(300, 318), "2025-03-03"),
    ("enterprise_agency", "transfers"): transfers("r", range(307, 325), "2025-03-04"),
    ("evk", "funding_decisions"): [
        granted("e-1", "KU837", "H-2", 100_000),
        granted("e-2", "KU205", "H-3", 50_000),
        granted("e-3", "SS34", "H-4", 5_000) | {"purpose": "development"},
    ],
    ("finnvera", "funding_decisions"): [granted("f-1", "KU837", "H-2", 100_000)],
    ("statfin", "measurements"): [
        {"indicator": "unemployed", "region": "KU205", "period": "2026-09", "value": 1_254},
        {"indicator": "labour_force", "region": "KU205", "period": "2026-09", "value": 12_540},
        *(
            {"indicator": f"enterprises_{what}", "region": "SK182", "period": quarter, "value": n}
            for what, quarter, n in (
                ("started", "2025-Q2", 30),
                ("closed", "2025-Q2", 20),
                ("started", "2026-Q2", 33),
                ("closed", "2026-Q2", 25),
            )
        ),
    ],
    ("coordinator", "plan_items"): [
        {
            "region": "SK182",
            "year": 2026,
            "section": "Yhteistyö",
            "objective": "Investoinnit kasvavat",
            "measure": "Rahoitusneuvonta",
            "segment": "large",
            "indicator": "investment_financing",
            "target": 60_000,
        },
    ],
    ("coordinator", "agreements"): [
        {
            "region": "SS33",
            "signed_on": "2026-05-20",
            "parties": "Kehitysyhtiö; Kaupunki; Yrittäjät",
            "municipalities": "KU205; KU578",
        },
    ],
    ("coordinator", "meetings"): [
        {
            "region": "SK182",
            "group": "steering_group",
            "planned_on": "2026-03-10",
            "held_on": "2026-03-10",
        },
    ],
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("duties") / "home"
    made = Settings(home=home, sources="landing", today=DAY, today_is_set=True)
    for (source, dataset), rows in DELIVERIES.items():
        path = made.landing_dir / source / dataset / "delivery.csv"
        path.parent.mkdir(parents=True)
        path.write_text(csv_text(rows), encoding="utf-8")
    engine = Engine(made, home.parent / "workshop")
    engine.take_in()
    engine.build()
    publish(made, "test", [])
    assert query(made, "select * from marts.quality_quarantine") == []
    return made


def observed(settings: Settings, indicator: str, period: str) -> dict[str, tuple[object, ...]]:
    """Value and coverage of the total by region."""
    return {
        region: (value, share)
        for region, value, share in query(
            settings,
            "select region, value, coverage_share from marts.fct_observations "
            "where indicator = ? and period = ? and segment = 'total'",
            [indicator, period],
        )
    }


# -- coverage and gaps of logs --------------------------------------------------------------------


def test_no_event_is_zero_where_the_log_was_reported_and_no_log_is_absent(
    settings: Settings,
) -> None:
    """Of two reporters one has reported, so the country's ten are half of what is expected."""
    found = observed(settings, "advice_events", "2026-Q3")
    assert {r: found.get(r) for r in ("SK181", "SK182", "SK064", "MK18", "MK06", "SSS")} == {
        "SK181": (0, 1),
        "SK182": (10, 1),
        "SK064": None,
        "MK18": (10, 1),
        "MK06": None,
        "SSS": (10, 0.5),
    }
    found = observed(settings, "advice_events", "2026-Q2")
    assert {r: found.get(r) for r in ("SK181", "SK182", "SK064", "MK18", "SSS")} == {
        "SK181": (0, 1),
        "SK182": (0, 1),
        "SK064": None,
        "MK18": (0, 1),
        "SSS": (0, 0.5),
    }


def test_before_there_were_duties_nothing_is_known_of_the_coverage(settings: Settings) -> None:
    assert observed(settings, "transfers", "2025")["SSS"] == (25, None)
    states = query(
        settings,
        "select distinct state, coverage_share from marts.quality_coverage_regions "
        "where indicator in ('transfers', 'advice_events') and period in ('2025', '2025-Q1')",
    )
    assert states == [("unknown", None)]


def test_a_period_that_is_not_over_nobody_has_reported(settings: Settings) -> None:
    assert "2026-Q4" not in {
        period
        for (period,) in query(
            settings,
            "select distinct period from marts.quality_coverage_regions "
            "where indicator = 'advice_events' and state <> 'unknown'",
        )
    }


def test_gaps_name_the_organisation_and_whom_to_ask(settings: Settings) -> None:
    """Advice is due 45 days after the end of the quarter: on 14 August and 14 November."""
    assert query(
        settings,
        "select kind, region, period, source, due_on, days_late, organisation, contact_role "
        "from marts.quality_gaps where indicator = 'advice_events' and kind <> 'partial' "
        "order by all",
    ) == [
        ("absent", "SK064", "2026-Q2", "finnvera", date(2026, 8, 14), 108, "finnvera", "expert"),
        ("absent", "SK064", "2026-Q3", "finnvera", date(2026, 11, 14), 16, "finnvera", "expert"),
        ("late", "SK181", "2026-Q2", "development_company", date(2026, 8, 14), 108,
         "development_company", "coordinator"),
        ("late", "SK181", "2026-Q3", "development_company", date(2026, 11, 14), 16,
         "development_company", "coordinator"),
        ("late", "SK182", "2026-Q2", "development_company", date(2026, 8, 14), 108,
         "development_company", "coordinator"),
        ("late", "SK182", "2026-Q3", "development_company", date(2026, 11, 14), 16,
         "development_company", "coordinator"),
    ]  # fmt: skip
    assert query(
        settings,
        "select region, period, coverage_share, organisation from marts.quality_gaps "
        "where indicator = 'advice_events' and kind = 'partial' order by all",
    ) == [("SSS", "2026-Q2", 0.5, "finnvera"), ("SSS", "2026-Q3", 0.5, "finnvera")]


def test_coverage_is_told_by_level_and_by_region_and_source(settings: Settings) -> None:
    assert query(
        settings,
        "select region_type, expected, observed, late, absent, coverage_share "
        "from marts.quality_coverage where indicator = 'advice_events' and period = '2026-Q3' "
        "and expected > 0",
    ) == [("SK", 3, 2, 2, 1, pytest.approx(2 / 3))]
    assert query(
        settings,
        "select region, source, state from marts.quality_coverage_regions "
        "where indicator = 'advice_events' and period = '2026-Q3' order by all",
    ) == [
        ("SK064", "finnvera", "missing"),
        ("SK181", "development_company", "complete"),
        ("SK182", "development_company", "complete"),
    ]


def test_two_figures_of_one_month_expect_no_more_than_that_month(settings: Settings) -> None:
    """Of each figure and of the rate every other region lacks September and nothing else.

    Expected are 308 municipalities, 69 sub-regions, 19 regions and the country; Kajaani has its
    figure, and SK182, MK18 and the country an incomplete sum of it. What nobody delivers here is
    not expected.
    """
    assert query(
        settings,
        "select indicator, count(*), min(run_start), max(source) from marts.quality_gaps "
        "where kind = 'absent' and period = '2026-09' and source = 'statfin' "
        "group by indicator order by indicator",
    ) == [
        ("labour_force", 393, "2026-09", "statfin"),
        ("unemployed", 393, "2026-09", "statfin"),
        ("unemployment_rate", 393, "2026-09", "statfin"),
    ]


# -- double counting ------------------------------------------------------------------------------


def test_what_was_set_aside_is_marked_in_every_sum_that_holds_it(settings: Settings) -> None:
    assert query(
        settings,
        "select region, segment, value, gross_value, has_overlap, overlap_share "
        "from marts.fct_observations where indicator = 'investment_financing' "
        "and period = '2026-Q3' and region in ('KU837', 'SK064', 'MK06', 'SSS', 'KU205') "
        "order by region, segment",
    ) == [
        ("KU205", "large", 50_000, 50_000, False, 0),
        ("KU205", "total", 50_000, 50_000, False, 0),
        ("KU837", "large", 100_000, 200_000, True, 0.5),
        ("KU837", "total", 100_000, 200_000, True, 0.5),
        ("MK06", "large", 100_000, 200_000, True, 0.5),
        ("MK06", "total", 100_000, 200_000, True, 0.5),
        ("SK064", "large", 100_000, 200_000, True, 0.5),
        ("SK064", "total", 100_000, 200_000, True, 0.5),
        ("SSS", "large", 150_000, 250_000, True, 0.4),
        ("SSS", "total", 150_000, 250_000, True, 0.4),
    ]


def test_a_region_is_asked_with_all_that_lies_inside(settings: Settings) -> None:
    asked = (
        "select pairs.region, pairs.kept_source, pairs.other_source "
        "from marts.quality_overlaps as pairs "
        "inner join marts.quality_overlap_regions as places using (overlap_id) "
        "where pairs.indicator = 'investment_financing' and places.region = ?"
    )
    for region in ("KU837", "SK064", "MK06", "SSS"):
        assert query(settings, asked, [region]) == [("KU837", "evk", "finnvera")]
    assert query(settings, asked, ["MK18"]) == []


def test_every_cell_that_is_marked_has_its_overlap_or_says_why_not(settings: Settings) -> None:
    assert query(
        settings,
        """
        select observations.indicator, observations.region, observations.period
        from marts.fct_observations as observations
        where has_overlap and overlap_note is null and not exists (
            select 1
            from marts.quality_overlaps as pairs
            inner join marts.quality_overlap_regions as places using (overlap_id)
            where pairs.indicator = observations.indicator
                and places.region = observations.region
                and observations.period in (pairs.period, pairs.other_period)
        )
        """,
    ) == []  # fmt: skip


def test_how_many_were_counted_twice_and_by_whom(settings: Settings) -> None:
    """Where and in which segment is not shown beside the two of SK181; how many is."""
    assert query(
        settings,
        "select indicator, kept_source, other_source, sum(events), max(events_of_both), "
        "max(kept_source_events), max(other_source_events) from marts.quality_overlaps "
        "where kind = 'same_event' and indicator <> 'investment_financing' "
        "group by indicator, period, kept_source, other_source order by all",
    ) == [
        ("advice_events", "development_company", "enterprise_agency", 6, 25, 14, 11),
        ("transfers", "development_company", "enterprise_agency", 11, 36, 18, 18),
    ]


# -- areas ----------------------------------------------------------------------------------------


def test_an_area_with_known_municipalities_is_rolled_up_and_others_have_their_own(
    settings: Settings,
) -> None:
    """Unemployed are known of one municipality of two; SS34 has what was delivered for it."""
    assert query(
        settings,
        "select region, municipalities from marts.dim_region "
        "where region in ('SS33', 'SS34') and is_newest order by region",
    ) == [("SS33", 2), ("SS34", 0)]
    found = {
        region: row
        for indicator, period in (
            ("unemployed", "2026-09"),
            ("unemployment_rate", "2026-09"),
            ("investment_financing", "2026-Q3"),
            ("development_funding", "2026-Q3"),
        )
        for region, row in (
            (f"{indicator} {region}", row)
            for region, row in observed(settings, indicator, period).items()
        )
    }
    assert found["unemployed SS33"] == (1_254, 0.5)
    assert found["unemployment_rate SS33"] == (10, 0.5)
    assert found["unemployed EVK09"][0] == 1_254
    assert found["investment_financing SS33"] == (50_000, 1)
    # Of Pohjois-Pohjanmaa in EVK09, and of most of the country, nobody is known to be expected.
    assert found["investment_financing EVK09"] == (50_000, None)
    assert found["development_funding SS34"] == (5_000, None)
    assert found["development_funding SSS"] == (5_000, None)


# -- documented questions -------------------------------------------------------------------------


def answer(settings: Settings, question: str) -> list[tuple[object, ...]]:
    """Rows of the one documented question that begins so."""
    (sql,) = (sql for title, sql in questions().items() if title.startswith(question))
    return query(settings, sql)


def test_started_and_closed_with_the_change_on_the_year(settings: Settings) -> None:
    assert [row[:5] for row in answer(settings, "How many enterprises started")] == [
        ("enterprises_closed", "2026-Q2", 25, 20, 5),
        ("enterprises_started", "2026-Q2", 33, 30, 3),
        ("enterprises_closed", "2025-Q2", 20, None, None),
        ("enterprises_started", "2025-Q2", 30, None, None),
    ]


def test_the_rate_beside_region_and_country(settings: Settings) -> None:
    """Everywhere the incomplete sums of Kajaani's figures, as coverage_share says."""
    rows = answer(settings, "What is the unemployment rate")
    assert [row[:4] for row in rows] == [
        ("2026-09", "Kajaani", 10.0, None),
        ("2026-09", "Kainuu", 10.0, None),
        ("2026-09", "Koko maa", 10.0, None),
    ]


def test_funding_over_segments_planned_and_actual_in_one_table(settings: Settings) -> None:
    rows = answer(settings, "How is funding spread")
    assert [row[:6] for row in rows if row[0] == "investment_financing" and row[4]] == [
        ("investment_financing", 2026, "large", 60_000, 50_000, 50_000),
        ("investment_financing", 2026, "total", None, 50_000, 50_000),
    ]


def test_the_question_what_was_counted_twice_has_the_counts(settings: Settings) -> None:
    assert answer(settings, "What was counted twice") == [
        ("advice_events", "2025-Q1", "development_company", "enterprise_agency", 6, 25, 19, 14, 11),
        ("investment_financing", "2026-Q3", "evk", "finnvera", 1, 3, 2, 2, 1),
        ("transfers", "2025", "development_company", "enterprise_agency", 11, 36, 25, 18, 18),
    ]


def test_all_areas_of_the_country_are_asked_for_their_plan(settings: Settings) -> None:
    rows = answer(settings, "Which areas lack a plan")
    assert len(rows) == 68
    assert {row[3] for row in rows} == {"not_delivered"}


def test_measures_carried_out_and_missing_meetings(settings: Settings) -> None:
    assert ("SK182", 2026, 1, 0) in {row[:4] for row in answer(settings, "How many measures")}
    assert {row[0] for row in answer(settings, "Which meetings are missing")} >= {"SK182"}


def test_what_is_deficient_or_overlapping_in_my_area(settings: Settings) -> None:
    """SK182: advice came late, and of the years before the duties nothing is known."""
    rows = answer(settings, "Which figures of my area")
    assert ("gap", "late", "advice_events", "SK182", "total", "2026-Q2", "2026-Q3",
            "development_company", "coordinator") in rows  # fmt: skip
    assert ("unknown", "nobody is known to be expected", "transfers", "SK182", "total", "2025",
            "2025", "Municipal development companies of the regions", None) in rows  # fmt: skip


def test_before_the_first_refresh_nothing_was_known(settings: Settings) -> None:
    assert answer(settings, "What was known on the day") == []
