"""Funding, advice and transfers as the marts tell them, from deliveries of several organisations.

One world is delivered and built. Expected figures are counted by hand from the deliveries below.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from assets.sample.events import business_id
from assets.settings import Settings
from orchestration.commands.explain import read_explanation
from tests.conftest import TODAY, Rows
from tests.engine import Engine

pytestmark = pytest.mark.slow

#: Marts that are read here; what they are made of is built as well.
READ = (
    "fct_observations",
    "monitoring_advice",
    "monitoring_funding",
    "monitoring_transfers",
    "quality_quarantine",
    "explain",
)


def decision(
    number: str, region: str, granted_on: str, amount: object, **more: object
) -> dict[str, object]:
    return {
        "decision_id": number,
        "region": region,
        "granted_on": granted_on,
        "amount_eur": amount,
    } | more


def advice(number: str, region: str, happened_on: str, **more: object) -> dict[str, object]:
    return {"event_id": number, "region": region, "happened_on": happened_on} | more


def many(prefix: str, count: int, happened_on: str, **more: object) -> list[dict[str, object]]:
    """Advice events of sub-region SK182 that are alike."""
    return [advice(f"{prefix}-{n}", "SK182", happened_on, **more) for n in range(count)]


def handovers(
    prefix: str, businesses: range, sender: str, receiver: str, happened_on: str, **more: object
) -> list[dict[str, object]]:
    """Log entries of transfers, one for each business."""
    return [
        {
            "transfer_id": f"{prefix}-{number}",
            "from_actor": sender,
            "to_actor": receiver,
            "happened_on": happened_on,
            "business_id": business_id(number),
            "region": "SK182",
        }
        | more
        for number in businesses
    ]


def item(measure: str, target: object, **more: object) -> dict[str, object]:
    return {
        "region": "SK182",
        "year": 2025,
        "section": "Yhteistyö",
        "objective": "Neuvonta tavoittaa yritykset",
        "measure": measure,
        "indicator": "advice_events",
        "target": target,
    } | more


SHARED = [
    {"business_id": business_id(number), "topic": "Rahoitus", "happened_on": "2025-02-10"}
    for number in range(10, 20, 2)
]
TO_AGENCY = ("development_company", "enterprise_agency")
TO_PROAGRIA = ("enterprise_agency", "proagria")

DELIVERIES: Sequence[tuple[str, str, Rows]] = (
    (
        "ely",
        "funding_decisions",
        [
            decision("y-1", "KU205", "2025-02-01", 80_000, project_id="P-1", instrument="Avustus"),
            decision("y-2", "KU205", "2025-05-01", 10_000, instrument=" avustus "),
            decision("y-3", "KU205", "2026-02-01", 4_000),
            decision("y-4", "KU205", "2025-08-01", 9_000),
        ],
    ),
    # The decision of August was taken back to a third; nothing else is delivered again.
    ("ely", "funding_decisions", [decision("y-4", "KU205", "2025-08-01", 3_000)]),
    (
        "business_finland",
        "funding_decisions",
        [
            decision(
                "b-1",
                "KU205",
                "2025-02-10",
                "50000,25",
                project_id="p-1",
                instrument="Laina",
                segment="domestic_sme",
                programme="Kestävä kasvu",
            ),
            decision("b-2", "MK18", "2025-02-10", 7_000, programme="KESTÄVÄ  kasvu"),
            decision("b-3", "KU205", "2025-02-10", "noin 7 000"),
        ],
    ),
    # The successor decides in the same place and quarter.
    ("evk", "funding_decisions", [decision("e-1", "KU205", "2026-03-01", 6_000)]),
    (
        "development_company",
        "advice_events",
        [
            *many("r", 6, "2025-02-03", topic="Rahoitus"),
            *many("f", 2, "2025-02-04", topic="  FINANCING "),
            *many("k", 5, "2025-02-05", topic="kasvun suunnittelu"),
            *many("h", 6, "2025-02-06", topic="Hevosten kengitys"),
            *many("n", 5, "2025-02-07"),
            *({"event_id": f"same-{n}", "region": "SK182"} | e for n, e in enumerate(SHARED)),
            *many("q", 7, "2025-05-07", topic="kasvu"),
            *many("few", 3, "2025-08-07", topic="kasvu"),
            # One event that ProAgria logs too.
            *many("m", 8, "2024-05-07", topic="kasvu"),
            *many("o", 1, "2024-05-08", topic="kasvu", business_id=business_id(30)),
            advice("bad", "SK182", "31.2.2025", topic="kasvu"),
        ],
    ),
    (
        "proagria",
        "advice_events",
        [
            *({"event_id": f"other-{n}", "region": "SK182"} | e for n, e in enumerate(SHARED)),
            *many("p", 1, "2024-05-08", topic="Kasvu", business_id=business_id(30)),
        ],
    ),
    (
        "coordinator",
        "plan_items",
        [
            item("Neuvontapäivät", 25),
            item("Yritysvierailut", 15),
            item("Valtakunnallinen neuvonta", 100, region="SSS"),
            item("Siirrot", 9, indicator="transfers"),
            item("Laatu", "paranee"),
        ],
    ),
    (
        "development_company",
        "transfers",
        [
            *handovers("s", range(100, 112), *TO_AGENCY, "2025-03-01"),
            *handovers("t", range(200, 205), *TO_AGENCY, "2025-03-01"),
            # A year with a small cell, and an actor who is no organisation of the catalogue.
            *handovers("u", range(400, 410), *TO_AGENCY, "2024-03-01"),
            *handovers("v", range(420, 429), "development_company", "proagria", "2024-03-01"),
            *handovers("w", range(430, 438), "development_company", "Maija Mallikas", "2024-03-01"),
        ],
    ),
    (
        "enterprise_agency",
        "transfers",
        [
            *handovers("s", range(100, 107), *TO_AGENCY, "2025-03-05", accepted="yes"),
            *handovers("x", range(107, 112), *TO_AGENCY, "2025-03-05", accepted="no"),
            *handovers("y", range(300, 305), *TO_AGENCY, "2025-04-01", accepted="yes"),
            *handovers("z", range(440, 443), *TO_PROAGRIA, "2024-03-01"),
            # Of an earlier year a part is logged for a contract area, of which no region is known.
            *handovers("c", range(500, 509), *TO_PROAGRIA, "2023-03-01"),
            *handovers("d", range(510, 517), *TO_PROAGRIA, "2023-03-01", region="SS07"),
        ],
    ),
    (
        "proagria",
        "transfers",
        [
            *handovers("a", range(450, 458), "proagria", "enterprise_agency", "2024-05-01"),
            *handovers("b", range(460, 466), "proagria", "development_company", "2024-05-01"),
        ],
    ),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("monitoring_events")
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    engine = Engine(settings, folder)
    for source, dataset, rows in DELIVERIES:
        engine.drop(source, dataset, rows)
    engine.take_in()
    engine.build(*READ)
    return engine


# -- funding ---------------------------------------------------------------------------------------


def funding(engine: Engine, where: str, *columns: str) -> list[tuple[object, ...]]:
    return engine.rows(
        f"select {', '.join(columns)} from monitoring_funding where {where} order by all"
    )


ALL = "funder = 'all' and instrument = 'all' and programme = 'all'"


def test_a_co_financed_project_is_one_project_at_every_level(engine: Engine) -> None:
    """b-1 is a loan beside y-1, a grant of the ELY Centre: both count, and the project counts once.

    b-2 is of the region itself.
    """
    columns = ("net_amount_eur", "gross_amount_eur", "decisions", "projects")
    quarter = "period = '2025-Q1' and segment = 'total' and purpose = 'development'"
    inner, outer = [Decimal("130000.25")] * 2, [Decimal("137000.25")] * 2
    assert funding(engine, f"{quarter} and {ALL}", "region", *columns, "co_financed_projects") == [
        ("ELY14", *outer, 3, 2, 1),
        ("KU205", *inner, 2, 1, 1),
        ("MK18", *outer, 3, 2, 1),
        ("SK182", *inner, 2, 1, 1),
        ("SSS", *outer, 3, 2, 1),
    ]
    by_funder = f"{quarter} and region = 'SSS' and instrument = 'all' and programme = 'all'"
    assert funding(engine, by_funder, "funder", *columns[:2]) == [
        ("all", *outer),
        ("business_finland", *[Decimal("57000.25")] * 2),
        ("ely", *[Decimal(80_000)] * 2),
    ]


def test_a_segment_has_its_own_decisions(engine: Engine) -> None:
    # The grant of the same project says no segment: only the loan counts in this one.
    assert funding(
        engine,
        f"segment = 'domestic_sme' and region = 'SSS' and {ALL}",
        "period",
        "net_amount_eur",
        "gross_amount_eur",
    ) == [("2025-Q1", Decimal("50000.25"), Decimal("50000.25"))]


def test_spellings_of_one_instrument_and_one_programme_come_together(engine: Engine) -> None:
    where = "region = 'SSS' and segment = 'total' and funder = 'all'"
    assert funding(
        engine,
        f"{where} and programme = 'all' and period < '2025-Q3'",
        *("period", "instrument", "instrument_name", "gross_amount_eur"),
    ) == [
        ("2025-Q1", "all", None, Decimal("137000.25")),
        ("2025-Q1", "avustus", "Avustus", Decimal(80_000)),
        ("2025-Q1", "laina", "Laina", Decimal("50000.25")),
        ("2025-Q1", "not_stated", None, Decimal(7_000)),
        ("2025-Q2", "all", None, Decimal(10_000)),
        ("2025-Q2", "avustus", "Avustus", Decimal(10_000)),
    ]
    assert funding(
        engine,
        f"{where} and instrument = 'all' and programme not in ('all', 'not_stated')",
        *("programme", "programme_name", "decisions"),
    ) == [("kestävä kasvu", "KESTÄVÄ kasvu", 2)]


def test_a_revised_decision_counts_as_it_stands_now(engine: Engine) -> None:
    assert funding(
        engine, f"period = '2025-Q3' and region = 'KU205' and {ALL}",
        *("segment", "net_amount_eur", "decisions"),
    ) == [("total", Decimal(3_000), 1), ("unknown", Decimal(3_000), 1)]  # fmt: skip


def test_a_predecessor_is_passed_over_where_its_successor_decides(engine: Engine) -> None:
    assert funding(
        engine,
        "period = '2026-Q1' and region = 'SSS' and instrument = 'all' and programme = 'all' "
        "and segment = 'total'",
        *("funder", "gross_amount_eur"),
    ) == [("all", Decimal(6_000)), ("evk", Decimal(6_000))]


def test_what_cannot_be_read_costs_the_others_nothing(engine: Engine) -> None:
    assert engine.rows('select source, dataset, "column" from quality_quarantine order by all') == [
        ("business_finland", "funding_decisions", "amount_eur"),
        ("development_company", "advice_events", "happened_on"),
    ]


# -- advice ----------------------------------------------------------------------------------------


def test_advice_is_counted_by_topic_net_and_gross(engine: Engine) -> None:
    """6 + 2 + 5 on financing, five of them logged twice; nobody publishes what they wrote."""
    assert engine.rows(
        "select advice_topic, events, gross_events, topic_name_fi from monitoring_advice "
        "where region = 'SK182' and period = '2025-Q1' and segment = 'total' order by all"
    ) == [
        ("all", 29, 34, None),
        ("financing", 13, 18, "Rahoitus"),
        ("growth", 5, 5, "Kasvu"),
        ("other", 6, 6, "Muu aihe"),
        ("unknown", 5, 5, "Aihe ei tiedossa"),
    ]


def test_a_small_count_is_withheld_and_so_is_all_that_would_tell_it(engine: Engine) -> None:
    # All advice of the third quarter is 3 events in one place: no level of region can be shown.
    assert engine.rows(
        "select region, period, advice_topic, events, gross_events, conf_status "
        "from monitoring_advice where period in ('2025-Q3', '2025') order by all"
    ) == [
        (region, period, "all", None, None, "A")
        for region in ("MK18", "SK182", "SSS")
        for period in ("2025", "2025-Q3")
    ]


def test_gross_counts_are_hidden_where_few_events_were_logged_twice(engine: Engine) -> None:
    # Nine events of the spring of 2024, one of which stands in two logs.
    assert engine.rows(
        "select period, advice_topic, events, gross_events, conf_status from monitoring_advice "
        "where region = 'MK18' and year = 2024 order by all"
    ) == [
        (period, topic, 9, None, "F")
        for period in ("2024", "2024-Q2")
        for topic in ("all", "growth")
    ]


def test_advice_is_held_against_the_plan_of_the_region(engine: Engine) -> None:
    # A year with a withheld quarter cannot be held against a plan; its target stands.
    assert engine.rows(
        "select region, plan_target, plan_measures, plan_attainment_pct from monitoring_advice "
        "where plan_target is not null order by all"
    ) == [("SK182", 40, 2, None), ("SSS", 100, 1, None)]


# -- transfers -------------------------------------------------------------------------------------


def test_both_sides_of_transfers_are_reconciled(engine: Engine) -> None:
    """12 that both log, 5 that only the sender, 5 that only the receiver does."""
    row = (22, 34, "F", 12, 5, 5, 0, 12, 5, 5)
    assert engine.rows(
        "select from_actor, to_actor, transfers, logs, conf_status, matched, sender_only, "
        "receiver_only, third_party, accepted, refused, unanswered from monitoring_transfers "
        "where region = 'SSS' and period = '2025' order by all"
    ) == [
        ("all", "all", *row),
        ("all", "enterprise_agency", *row),
        ("development_company", "all", *row),
        ("development_company", "enterprise_agency", *row),
    ]
    assert engine.row(
        "select accepted_share_pct from monitoring_transfers "
        "where region = 'SSS' and period = '2025' and from_actor = 'all' and to_actor = 'all'"
    ) == (pytest.approx(100 * 12 / 17),)


def test_a_small_cell_of_the_matrix_is_hidden_behind_three_others(engine: Engine) -> None:
    """3 from the agency to ProAgria; no other sender of ProAgria has another receiver of its own.

    So the three move along a line: to ProAgria also the development company hands over.
    """
    found = engine.rows(
        "select from_actor, to_actor, transfers from monitoring_transfers "
        "where region = 'SSS' and period = '2024' order by all"
    )
    assert found == [
        ("all", "all", 44),
        ("all", "development_company", 6),
        ("all", "enterprise_agency", 18),
        ("all", "other", 8),
        ("all", "proagria", 12),
        ("development_company", "all", None),
        ("development_company", "enterprise_agency", 10),
        ("development_company", "other", 8),
        ("development_company", "proagria", None),
        ("enterprise_agency", "all", None),
        ("enterprise_agency", "proagria", None),
        ("proagria", "all", 14),
        ("proagria", "development_company", 6),
        ("proagria", "enterprise_agency", 8),
    ]


def test_a_transfer_that_only_its_receiver_logged_counts(engine: Engine) -> None:
    # Of 22 transfers of 2025 in Kajaani sub-region, 5 are in the receiver's log alone.
    assert engine.rows(
        "select region, transfers, logs, matched from monitoring_transfers "
        "where period = '2025' and region <> 'SSS' order by all"
    ) == [("MK18", 22, 34, None), ("SK182", 22, 34, None)]


def test_what_is_logged_for_a_contract_area_counts_in_the_country(engine: Engine) -> None:
    assert engine.rows(
        "select region, value, coverage_share from fct_observations "
        "where indicator = 'transfers' and period = '2023' and segment = 'total' order by region"
    ) == [("MK18", 9, None), ("SK182", 9, None), ("SS07", 7, None), ("SSS", 16, None)]
    assert engine.rows(
        "select region, transfers from monitoring_transfers "
        "where period = '2023' and from_actor = 'all' and to_actor = 'all' order by region"
    ) == [("MK18", 9), ("SK182", 9), ("SS07", 7), ("SSS", 16)]
    told = read_explanation(engine.settings.warehouse_path, "transfers", "SSS", "2023")
    parts = {step.region: step.value for step in told.of("part")}
    assert len(parts) == 19 + 1
    assert {region: value for region, value in parts.items() if value} == {"MK18": 9, "SS07": 7}


# -- what must not be seen -------------------------------------------------------------------------


def test_nothing_that_partners_wrote_freely_is_in_the_marts(engine: Engine) -> None:
    for mart in ("monitoring_funding", "monitoring_advice", "monitoring_transfers"):
        text = str(engine.rows(f"from {mart}")).lower()
        for written in ("hevosten", "maija", "suunnittelu", business_id(10)):
            assert written not in text


def test_counts_are_those_of_the_observations(engine: Engine) -> None:
    assert (
        engine.rows(
            "select * from monitoring_advice as told inner join fct_observations as observed "
            "on observed.indicator = 'advice_events' and told.region = observed.region "
            "and told.period = observed.period and told.segment = observed.segment "
            "where told.advice_topic = 'all' and told.events is not null "
            "and observed.value is not null "
            "and (told.events <> observed.value or told.gross_events <> observed.gross_value)"
        )
        == []
    )
