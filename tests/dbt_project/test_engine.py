"""What the warehouse makes of a small world, held against numbers reckoned by hand.

One world is delivered and built, then revised and built again. Every scenario has cells of its
own (an indicator, a region and a period), so that they share the two builds without touching.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pytest

from assets.settings import Settings
from tests.conftest import TODAY, Rows
from tests.engine import Engine

pytestmark = pytest.mark.slow


def cells(indicator: str, period: str, **values: object) -> list[dict[str, object]]:
    """Measurements of one indicator and period by region; None is an empty value."""
    return [
        {"indicator": indicator, "region": region, "period": period, "value": value}
        for region, value in values.items()
    ]


def cell(
    indicator: str, region: str, period: str, value: object, **more: object
) -> dict[str, object]:
    """One measurement with optional columns."""
    return {"indicator": indicator, "region": region, "period": period, "value": value} | more


def decision(
    number: str, region: str, granted_on: str, amount: object, **more: object
) -> dict[str, object]:
    return {
        "decision_id": number,
        "region": region,
        "granted_on": granted_on,
        "amount_eur": amount,
    } | more


def event(number: str, region: str, happened_on: str) -> dict[str, object]:
    return {"event_id": number, "region": region, "happened_on": happened_on}


DELIVERIES: Sequence[tuple[str, str, Rows]] = (
    # What nobody has delivered yet is followed by nobody: the first figures of two series.
    (
        "sotkanet",
        "measurements",
        [{"indicator": "population", "region": "KU005", "period": "2015", "value": 10_268}],
    ),
    (
        "te_office",
        "measurements",
        [{"indicator": "unemployed", "region": "KU005", "period": "2015-01", "value": 700}],
    ),
    (
        "enterprise_agency",
        "measurements",
        [
            *cells("advice_events", "2025-Q1", MK01=100, SK182=40),
            cell("advice_events", "SK182", "2025-Q3", 5),
        ],
    ),
    (
        "enterprise_agency",
        "advice_events",
        [
            event("n-1", "SK181", "2025-01-01"),
            event("n-2", "SK181", "2025-03-31"),
            event("n-3", "SK181", "2004-05-05"),
            event("n-4", "EVK05", "2025-12-20"),
            event("n-5", "SK182", "2025-07-01"),
            event("n-6", "SK182", "2025-09-30"),
        ],
    ),
    (
        "ely",
        "funding_decisions",
        [
            decision("y-1", "KU091", "2026-02-10", 7000),
            decision("y-2", "KU205", "2026-04-01", 5000),
        ],
    ),
    (
        "evk",
        "funding_decisions",
        [
            decision("v-1", "KU205", "2026-03-31", 1000),
            decision("v-2", "KU205", "2026-06-30", 1200),
            decision("v-3", "KU205", "2026-07-15", 2000),
            decision("v-4", "SK211", "2024-05-02", 900),
        ],
    ),
    (
        "finnvera",
        "funding_decisions",
        [
            decision("f-1", "KU205", "2026-02-01", 300, purpose="investment"),
            decision("f-2", "KU205", "2026-02-01", 999, purpose="development"),
        ],
    ),
    (
        "business_finland",
        "measurements",
        [
            cell("development_funding", "KU105", "2025-Q3", "12,5", unit="1000 EUR"),
            cell("development_funding", "KU290", "2025-Q3", 400),
            cell("innovation_service_uses", "MK01", "2024", 10),
            cell("innovation_service_uses", "MK01", "2024-07-01/P12M", 12),
            cell("innovation_service_uses", "MK01", "2025", 14),
            cell("innovation_service_uses", "MK01", "2025-S1", 6),
        ],
    ),
    (
        "prh",
        "measurements",
        [
            cell("enterprises_closed", "SK181", "2025-Q1", 3),
            cell("enterprises_closed", "SK181", "2025-Q2", 4),
            cell("enterprises_closed", "SK181", "2025-S1", 7),
            cell("enterprises_started", "SK181", "2025-Q1", 10),
            cell("enterprises_started", "SK181", "2025-Q1", 10),
            cell("enterprises_started", "SK182", "2025-Q1", 10),
            cell("enterprises_started", "SK182", "2025-Q1", 20),
            cell("enterprises_started", "SK182", "2025-Q1", ""),
        ],
    ),
    (
        "statfin",
        "measurements",
        [
            *cells("unemployed", "2024-12", KU205=1000, KU290=1000, KU620=10, KU777=10),
            *cells("unemployed", "2024-12", KU105="", KU578=80),
            cell("unemployed", "KU697", "2024-12", "", status="Q"),
            cell("unemployed", "KU765", "2024-12", 33, conf_status="C"),
            *cells("unemployed", "2025-01", KU105=50, KU205=100, KU290=100),
            *cells("labour_force", "2025-01", KU105=400, KU205=1000, KU290=1000),
            cell("unemployment_rate", "KU205", "2025-01", "", status="Q"),
            cell("unemployment_rate", "KU290", "2025-01", 11),
            *cells("unemployment_rate", "2025-02", KU205="8,2", KU290="8,2"),
            cell("unemployed", "KU911", "2022-01", ""),
            cell("unemployed", "KU205", "2026-10", ""),
            cell("unemployed", "KU578", "2026-10", 70),
            cell("population", "KU911", "2019", 2200),
            cell("open_vacancies", "KU205", "2025-06", 50),
            cell("labour_force", "KU205", "2025-06", 900),
        ],
    ),
    (
        "employment_area",
        "measurements",
        [
            # The kept value is 1000, so the tolerance is 5; beside 10 it is 0.5.
            *cells("unemployed", "2024-12", KU205=1004, KU290=1005, KU620="10,5", KU777="10,6"),
            *cells("unemployed", "2024-12", KU105=57, KU578=""),
            # 8.3 - 8.2 is a little more than the tolerance of 0.1 in binary fractions.
            *cells("unemployment_rate", "2025-02", KU205="8,3", KU290="8,31"),
            *cells("change_negotiations", "2025-Q1", MK01=200, MK18=30, MK06=""),
            cell("change_negotiations", "MK21", "2025-Q1", "", status="Q"),
        ],
    ),
    (
        "te_office",
        "measurements",
        cells("unemployed", "2024-12", KU205=1010, KU290="1005,01"),
    ),
    (
        "own_study",
        "measurements",
        [
            cell("outlook_score", "SK181", "2026-S1", 1),
            cell("outlook_score", "SK181", "2026-S1", 1),
        ],
    ),
    (
        "council",
        "measurements",
        [
            cell("outlook_score", "SK181", "2026-S1", "-0,5"),
            cell("meeting_activity", "SK181", "2025", 80),
        ],
    ),
    ("coordinator", "measurements", [cell("meeting_activity", "SK181", "2025", 75)]),
)

REVISIONS: Sequence[tuple[str, str, Rows]] = (
    (
        "statfin",
        "measurements",
        [
            cell("open_vacancies", "KU205", "2025-06", 55),
            cell("labour_force", "KU205", "2025-06", ""),
        ],
    ),
    ("evk", "funding_decisions", [decision("v-3", "KU105", "2026-07-15", 2500)]),
)

KEY = "indicator = ? and region = ? and period = ?"


class World(NamedTuple):
    """The deployment and how its first build ended."""

    engine: Engine
    statuses: Counter[str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("engine")
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    engine = Engine(settings, folder)
    for source, dataset, rows in DELIVERIES:
        engine.drop(source, dataset, rows)
    engine.take_in()
    return World(engine, engine.build())


@pytest.fixture(scope="module")
def engine(world: World) -> Engine:
    return world.engine


def unbalanced(engine: Engine) -> list[tuple[Any, ...]]:
    return engine.rows(
        "select source, dataset, vintage from quality_ledger where rows_delivered <> "
        "rows_observed + rows_superseded + rows_overlapped + rows_quarantined"
    )


# -- the first build -----------------------------------------------------------------------------


def test_every_blocking_test_of_the_build_passes(world: World) -> None:
    assert set(world.statuses) <= {"success", "pass", "warn"}
    assert world.statuses["pass"] > 50


def test_the_ledger_balances_and_tells_what_became_of_the_rows(engine: Engine) -> None:
    assert unbalanced(engine) == []
    assert len(engine.rows("from quality_ledger")) == len(DELIVERIES)
    # delivered, observed, superseded, overlapped, quarantined
    assert engine.ledger("statfin") == [(24, 23, 0, 1, 0)]
    assert engine.ledger("employment_area") == [(12, 5, 0, 7, 0)]
    assert engine.ledger("te_office") == [(1, 1, 0, 0, 0), (2, 0, 0, 2, 0)]
    assert engine.ledger("prh") == [(8, 5, 0, 3, 0)]
    assert engine.ledger("enterprise_agency") == [(3, 3, 0, 0, 0)]
    assert engine.ledger("enterprise_agency", "advice_events") == [(6, 4, 0, 2, 0)]
    assert engine.ledger("ely", "funding_decisions") == [(2, 1, 0, 1, 0)]
    assert engine.ledger("evk", "funding_decisions") == [(4, 4, 0, 0, 0)]
    assert engine.ledger("finnvera", "funding_decisions") == [(2, 1, 0, 0, 1)]
    assert engine.ledger("council") == [(2, 1, 0, 0, 1)]


def test_events_of_a_partner_add_to_its_measurements_of_other_regions(engine: Engine) -> None:
    assert engine.whole_values("advice_events", "2025-Q1") == {
        "MK01": 100,
        "SK181": 2,
        "SK182": 40,
        "MK18": 42,
        "SSS": 142,
    }
    assert engine.whole_overlaps("advice_events", "2025-Q1") == []


def test_a_measurement_is_kept_before_events_of_its_own_region(engine: Engine) -> None:
    # Five measured, two logged: never seven.
    assert engine.whole_values("advice_events", "2025-Q3") == {"SK182": 5, "MK18": 5, "SSS": 5}
    assert engine.whole_overlaps("advice_events", "2025-Q3") == [
        ("conflict", "SK182", "enterprise_agency", 5, "enterprise_agency", 2)
    ]


def test_an_event_of_long_ago_counts(engine: Engine) -> None:
    assert engine.whole_values("advice_events", "2004-Q2") == {"SK181": 1, "MK18": 1, "SSS": 1}


def test_an_event_in_a_centre_founded_later_counts_in_the_country(engine: Engine) -> None:
    assert engine.whole_values("advice_events", "2025-Q4") == {"SSS": 1}


def test_an_event_in_a_sub_region_of_one_municipality_stays_there(engine: Engine) -> None:
    # Mariehamn is SK211 and KU478; both have the same territory.
    assert engine.values("development_funding", "2024-Q2") == {
        "SK211": 900,
        "MK21": 900,
        "SSS": 900,
    }


def test_a_successor_and_its_predecessor_in_different_regions_add_up(engine: Engine) -> None:
    assert engine.values("development_funding", "2026-Q1") == {
        "KU091": 7000,
        "SK011": 7000,
        "MK01": 7000,
        "KU205": 1000,
        "SK182": 1000,
        "MK18": 1000,
        "SSS": 8000,
    }
    assert engine.overlaps("development_funding", "2026-Q1") == []
    assert engine.row(
        f"select source, sources, has_overlap from fct_observations where {KEY}",
        *("development_funding", "SSS", "2026-Q1"),
    ) == ("evk", "ely,evk", False)


def test_the_purpose_of_a_decision_tells_its_indicator(engine: Engine) -> None:
    assert engine.values("investment_financing", "2026-Q1") == {
        "KU205": 300,
        "SK182": 300,
        "MK18": 300,
        "SSS": 300,
    }


def test_a_successor_is_kept_before_its_predecessor_in_one_region(engine: Engine) -> None:
    assert engine.values("development_funding", "2026-Q2") == {
        "KU205": 1200,
        "SK182": 1200,
        "MK18": 1200,
        "SSS": 1200,
    }
    assert engine.overlaps("development_funding", "2026-Q2") == [
        ("conflict", "KU205", "evk", 1200, "ely", 5000)
    ]


def test_values_come_in_the_unit_of_the_indicator(engine: Engine) -> None:
    assert engine.values("development_funding", "2025-Q3") == {
        "KU105": 12_500,
        "KU290": 400,
        "SK181": 12_900,
        "MK18": 12_900,
        "SSS": 12_900,
    }


def test_every_pair_of_intersecting_periods_is_reported(engine: Engine) -> None:
    found = engine.rows(
        "select period, other_period, kept_value, other_value from quality_overlaps "
        "where kind = 'period_overlap' and indicator = 'innovation_service_uses' order by all"
    )
    rolling = "2024-07-01/2025-06-30"
    assert found == [
        ("2024", rolling, 10, 12),
        ("2025", rolling, 14, 12),
        ("2025", "2025-S1", 14, 6),
        ("2025-S1", rolling, 6, 12),
    ]
    assert engine.row(
        "select freq, period_start::varchar, period_end::varchar from dim_period where period = ?",
        rolling,
    ) == ("_Z", "2024-07-01", "2025-06-30")


def test_a_half_year_overlaps_each_of_its_quarters(engine: Engine) -> None:
    assert engine.rows(
        "select kind, period, other_period, kept_value, other_value from quality_overlaps "
        "where indicator = 'enterprises_closed' order by all"
    ) == [
        ("period_overlap", "2025-Q1", "2025-S1", 3, 7),
        ("period_overlap", "2025-Q2", "2025-S1", 4, 7),
    ]
    for period, value in {"2025-Q1": 3, "2025-Q2": 4, "2025-S1": 7}.items():
        assert engine.values("enterprises_closed", period)["SK181"] == value


def test_within_a_delivery_the_last_row_with_a_value_is_kept(engine: Engine) -> None:
    assert engine.values("enterprises_started", "2025-Q1") == {
        "SK181": 10,
        "SK182": 20,
        "MK18": 30,
        "SSS": 30,
    }
    assert engine.overlaps("enterprises_started") == [
        ("duplicate", "SK181", "prh", 10, "prh", 10),
        ("conflict", "SK182", "prh", 20, "prh", 10),
        ("duplicate", "SK182", "prh", 20, "prh", None),
    ]


def test_three_sources_overlap_with_the_preferred_one(engine: Engine) -> None:
    assert engine.overlaps("unemployed", "2024-12", "KU205") == [
        ("conflict", "KU205", "statfin", 1000, "te_office", 1010),
        ("redundant", "KU205", "statfin", 1000, "employment_area", 1004),
    ]
    assert engine.row(
        f"select value, source, sources, has_overlap from fct_observations where {KEY}",
        *("unemployed", "KU205", "2024-12"),
    ) == (1000, "statfin", "employment_area,statfin,te_office", True)


@pytest.mark.parametrize(
    ("indicator", "period", "region", "source", "kind"),
    [
        ("unemployed", "2024-12", "KU290", "employment_area", "redundant"),
        ("unemployed", "2024-12", "KU290", "te_office", "conflict"),
        ("unemployed", "2024-12", "KU620", "employment_area", "redundant"),
        ("unemployed", "2024-12", "KU777", "employment_area", "conflict"),
        ("unemployment_rate", "2025-02", "KU205", "employment_area", "redundant"),
        ("unemployment_rate", "2025-02", "KU290", "employment_area", "conflict"),
    ],
)
def test_values_apart_by_more_than_the_tolerance_conflict(
    engine: Engine, indicator: str, period: str, region: str, source: str, kind: str
) -> None:
    assert engine.row(
        f"select kind from quality_overlaps where {KEY} and other_source = ?",
        *(indicator, region, period, source),
    ) == (kind,)


def test_a_source_without_a_value_yields_to_the_next(engine: Engine) -> None:
    assert engine.values("unemployed", "2024-12")["KU105"] == 57
    assert engine.overlaps("unemployed", "2024-12", "KU105") == [
        ("redundant", "KU105", "employment_area", 57, "statfin", None)
    ]
    assert not any("KU105" in regions for regions in engine.gaps("unemployed", "2024-12").values())


def test_a_second_source_without_a_value_is_redundant(engine: Engine) -> None:
    assert engine.values("unemployed", "2024-12")["KU578"] == 80
    assert engine.overlaps("unemployed", "2024-12", "KU578") == [
        ("redundant", "KU578", "statfin", 80, "employment_area", None)
    ]
    assert engine.row(
        f"select other_value, difference from quality_overlaps where {KEY}",
        *("unemployed", "KU578", "2024-12"),
    ) == (None, None)


@pytest.mark.parametrize(
    ("region", "obs_status", "conf_status"), [("KU697", "Q", "F"), ("KU765", "A", "C")]
)
def test_a_withheld_value_is_not_published(
    engine: Engine, region: str, obs_status: str, conf_status: str
) -> None:
    assert engine.row(
        f"select value, obs_status, conf_status from fct_observations where {KEY}",
        *("unemployed", region, "2024-12"),
    ) == (None, obs_status, conf_status)
    assert region in engine.gaps("unemployed", "2024-12")["suppressed"]
    assert engine.rows(
        f"select value from fct_observation_vintages where {KEY}", "unemployed", region, "2024-12"
    ) == [(None,)]


def test_a_roll_up_of_what_is_there_tells_how_much_that_is(engine: Engine) -> None:
    found = {
        region: (value, coverage)
        for region, value, coverage in engine.rows(
            "select region, value, coverage_share from fct_observations "
            "where indicator = 'unemployed' and period = '2024-12' and region_type <> 'KU'"
        )
    }
    # SK181 has all four of its municipalities, SK182 two of its four; of 19 regions one is there.
    assert found == {
        "SK181": (57 + 1000 + 10 + 10, 1),
        "SK182": (1000 + 80, 0.5),
        "MK18": (2157, 0.75),
        "SSS": (2157, pytest.approx(0.75 / 19)),
    }


def test_a_withheld_rate_is_not_recomputed(engine: Engine) -> None:
    assert engine.row(
        f"select value, obs_status, is_derived from fct_observations where {KEY}",
        *("unemployment_rate", "KU205", "2025-01"),
    ) == (None, "Q", False)
    assert engine.gaps("unemployment_rate", "2025-01")["suppressed"] == ["KU205"]


def test_a_published_rate_wins_and_the_recomputed_one_stays_visible(engine: Engine) -> None:
    assert engine.row(
        "select value, sum_of_parts, difference_from_parts, is_derived from fct_observations "
        f"where {KEY}",
        *("unemployment_rate", "KU290", "2025-01"),
    ) == (11, 10, 1, False)


def test_a_rate_that_nobody_published_is_recomputed_at_every_level(engine: Engine) -> None:
    rates = engine.values("unemployment_rate", "2025-01")
    assert rates["KU105"] == 12.5
    assert rates["SK181"] == pytest.approx(100 * 150 / 1400)
    # SK182 holds KU205 alone, whose numerator and denominator are public.
    assert rates["SK182"] == 10
    assert rates["MK18"] == rates["SSS"] == pytest.approx(100 * 250 / 2400)


def test_no_value_of_an_ended_municipality_is_no_gap(engine: Engine) -> None:
    assert engine.row(
        f"select value, obs_status from fct_observations where {KEY}",
        *("unemployed", "KU911", "2022-01"),
    ) == (None, "M")
    assert (
        engine.rows(
            "select kind, period from quality_gaps "
            "where indicator = 'unemployed' and region = 'KU911'"
        )
        == []
    )
    # Of the 309 municipalities of 2022 Pertunmaa has ended since; it was never measured.
    assert engine.row(
        "select expected, observed, absent from quality_coverage "
        "where indicator = 'unemployed' and region_type = 'KU' and period = '2022-01'"
    ) == (308, 0, 308)


def test_an_ended_municipality_is_expected_until_its_last_year(engine: Engine) -> None:
    assert engine.rows(
        "select kind, period from quality_gaps "
        "where indicator = 'population' and region = 'KU911' order by period"
    ) == [("absent", year) for year in ("2015", "2016", "2017", "2018")]
    assert engine.values("population", "2019")["KU911"] == 2200
    assert engine.rows(
        "select period, expected, observed, absent from quality_coverage where "
        "indicator = 'population' and region_type = 'KU' and period >= '2019' order by period"
    ) == [
        ("2019", 309, 1, 308),
        *((str(year), 308, 0, 308) for year in range(2020, 2026)),
    ]


def test_a_cell_that_is_not_yet_due_is_no_gap(engine: Engine) -> None:
    # September was due on 30 October, October is due on 30 November.
    assert set(engine.gaps("unemployed", "2026-09")) == {"absent"}
    assert engine.values("unemployed", "2026-10") == {
        "KU205": None,
        "KU578": 70,
        "SK182": 70,
        "MK18": 70,
        "TA10": 70,
        "SSS": 70,
    }
    assert engine.gaps("unemployed", "2026-10") == {}
    assert (
        engine.rows("from quality_coverage where indicator = 'unemployed' and period = '2026-10'")
        == []
    )


def test_a_roll_up_with_missing_parts_is_partial(engine: Engine) -> None:
    assert engine.values("change_negotiations", "2025-Q1") == {
        "MK01": 200,
        "MK18": 30,
        "MK06": None,
        "MK21": None,
        "SSS": 230,
    }
    # Two of nineteen regions have a value.
    assert engine.row(
        "select coverage_share from quality_gaps where kind = 'partial' and "
        "indicator = 'change_negotiations' and region = 'SSS' and period = '2025-Q1'"
    ) == pytest.approx((2 / 19,))
    gaps = engine.gaps("change_negotiations", "2025-Q1")
    assert {kind: len(regions) for kind, regions in gaps.items()} == {
        "partial": 1,
        "suppressed": 1,
        "not_available": 1,
        "absent": 15,
    }
    assert (gaps["suppressed"], gaps["not_available"]) == (["MK21"], ["MK06"])


def test_the_counts_of_coverage_add_up(engine: Engine) -> None:
    assert engine.row(
        "select expected, observed, late, suppressed, absent, not_available, coverage_share "
        "from quality_coverage where indicator = 'change_negotiations' and region_type = 'MK' "
        "and period = '2025-Q1'"
    ) == (19, 2, 0, 1, 15, 1, 2 / 19)
    assert (
        engine.rows(
            "from quality_coverage where expected <> observed + suppressed + absent + not_available"
        )
        == []
    )
    # One gap for each cell that lacks, and none beside an observed one.
    assert engine.row("select sum(absent) from quality_coverage") == engine.row(
        "select count(distinct (indicator, region, segment, period)) from quality_gaps "
        "where kind = 'absent' and (indicator, region, segment, period) not in "
        "(select (indicator, region, segment, period) from fct_observations)"
    )


def test_separate_sources_keep_an_observation_each(engine: Engine) -> None:
    assert engine.rows(
        "select source, value, has_overlap from fct_observations "
        "where indicator = 'outlook_score' order by source"
    ) == [("council", -0.5, False), ("own_study", 1, True)]
    assert engine.overlaps("outlook_score") == [
        ("duplicate", "SK181", "own_study", 1, "own_study", 1)
    ]


def test_a_second_source_of_a_single_indicator_goes_to_quarantine(engine: Engine) -> None:
    assert engine.values("meeting_activity", "2025") == {"SK181": 75}
    assert engine.row(
        'select line, "column", reason from quality_quarantine where source = ?', "council"
    ) == (
        3,
        "indicator",
        "the catalogue does not name council as a source of meeting_activity; add it to "
        "indicator_sources.csv if it is one",
    )


def test_a_decision_of_an_agency_that_does_not_give_such_goes_to_quarantine(
    engine: Engine,
) -> None:
    assert engine.row(
        'select line, "column", reason from quality_quarantine where source = ?', "finnvera"
    ) == (
        3,
        "purpose",
        "the catalogue does not name finnvera as a source of development_funding, in which this "
        "counts; add it to indicator_sources.csv if it is one",
    )


def test_nothing_else_is_in_quarantine(engine: Engine) -> None:
    assert engine.row("select count(*) from quality_quarantine") == (2,)


# -- the second build ----------------------------------------------------------------------------


class Revised(NamedTuple):
    """How the second build ended, and what the first one had found."""

    engine: Engine
    statuses: Counter[str]
    overlaps_before: list[tuple[Any, ...]]
    quarter_before: dict[str, float | None]


@pytest.fixture(scope="module")
def revised(world: World) -> Revised:
    """Comes last in this file: from here on the warehouse holds the revisions."""
    engine = world.engine
    overlaps = engine.rows("select overlap_id from quality_overlaps order by all")
    quarter = engine.values("development_funding", "2026-Q3")
    for source, dataset, rows in REVISIONS:
        engine.drop(source, dataset, rows)
    engine.take_in()
    return Revised(engine, engine.build(), overlaps, quarter)


def _taken_in(engine: Engine, source: str, dataset: str = "measurements") -> list[datetime]:
    return [
        moment
        for (moment,) in engine.rows(
            "select taken_in_at from quality_ledger where source = ? and dataset = ? order by all",
            *(source, dataset),
        )
    ]


def test_every_blocking_test_passes_after_revisions(revised: Revised) -> None:
    assert set(revised.statuses) <= {"success", "pass", "warn"}
    assert unbalanced(revised.engine) == []
    assert len(revised.engine.rows("from quality_ledger")) == len(DELIVERIES) + len(REVISIONS)


def test_a_revision_supersedes_exactly_what_it_replaces(revised: Revised) -> None:
    # delivered, observed, superseded, overlapped, quarantined
    assert revised.engine.ledger("statfin") == [(24, 21, 2, 1, 0), (2, 2, 0, 0, 0)]
    assert revised.engine.ledger("evk", "funding_decisions") == [
        (4, 3, 1, 0, 0),
        (1, 1, 0, 0, 0),
    ]
    assert revised.engine.ledger("employment_area") == [(12, 5, 0, 7, 0)]


def test_a_revision_is_no_overlap(revised: Revised) -> None:
    after = revised.engine.rows("select overlap_id from quality_overlaps order by all")
    assert after == revised.overlaps_before


@pytest.mark.parametrize(
    ("indicator", "first", "second"),
    [("open_vacancies", (50, "A"), (55, "A")), ("labour_force", (900, "A"), (None, "O"))],
)
def test_both_versions_of_a_revised_value_are_known(
    revised: Revised, indicator: str, first: tuple[object, str], second: tuple[object, str]
) -> None:
    key = (indicator, "KU205", "2025-06")
    before, after = _taken_in(revised.engine, "statfin")
    assert revised.engine.rows(
        "select value, obs_status, known_from, known_to from fct_observation_vintages "
        f"where {KEY} order by known_from",
        *key,
    ) == [(*first, before, after), (*second, after, None)]
    assert revised.engine.row(
        f"select value, obs_status, has_overlap from fct_observations where {KEY}", *key
    ) == (*second, False)


def test_a_value_that_was_not_revised_has_one_version(revised: Revised) -> None:
    before, _ = _taken_in(revised.engine, "statfin")
    assert revised.engine.rows(
        f"select value, known_from, known_to from fct_observation_vintages where {KEY}",
        *("population", "KU911", "2019"),
    ) == [(2200, before, None)]


def test_a_value_that_was_taken_back_leaves_a_gap(revised: Revised) -> None:
    assert "KU205" in revised.engine.gaps("labour_force", "2025-06")["not_available"]
    # Its roll-ups had no other part.
    assert revised.engine.values("labour_force", "2025-06") == {"KU205": None}


def test_a_revised_decision_moves_with_its_region(revised: Revised) -> None:
    assert revised.quarter_before == {"KU205": 2000, "SK182": 2000, "MK18": 2000, "SSS": 2000}
    assert revised.engine.values("development_funding", "2026-Q3") == {
        "KU105": 2500,
        "SK181": 2500,
        "MK18": 2500,
        "SSS": 2500,
    }
