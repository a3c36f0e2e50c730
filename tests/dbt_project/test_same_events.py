"""Events that several organisations log: linked or kept apart with a reason, net and gross.

One world is delivered and built. Every scenario has a quarter (of transfers a year) and businesses
of its own. The public list of structural-fund projects 2014–2020 is delivered beside them where it
lies beside the repository; it has no business ids, and its authorities are spelled in several ways.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from assets.sample.events import business_id
from assets.settings import SEEDS_DIR, Settings
from tests.conftest import TODAY, Rows
from tests.engine import Engine

pytestmark = pytest.mark.slow

#: Marts that are read here; what they are made of is built as well.
READ = (
    "fct_observations",
    "monitoring_funding",
    "quality_event_links",
    "quality_ledger",
    "quality_overlaps",
)

EURA = Path(__file__).resolve().parents[3] / "shared" / "data" / "eura" / "fi_2014_2020.csv"
_NAME = "Hankkeen nimi"
_GRANTED = "Myönnetty EU- ja valtion rahoitus"


def decision(
    number: str, region: str, granted_on: str, amount: object, **more: object
) -> dict[str, object]:
    return {
        "decision_id": number,
        "region": region,
        "granted_on": granted_on,
        "amount_eur": amount,
    } | more


def advice(number: str, happened_on: str, **more: object) -> dict[str, object]:
    return {"event_id": number, "region": "SK182", "happened_on": happened_on} | more


def transfer(
    number: str, sender: str, receiver: str, happened_on: str, **more: object
) -> dict[str, object]:
    return {
        "transfer_id": number,
        "from_actor": sender,
        "to_actor": receiver,
        "happened_on": happened_on,
    } | more


INVESTMENT = {"purpose": "investment", "project_id": "P-1"}
LIKE, TIED, OTHERS = ({"business_id": business_id(number)} for number in (1, 2, 3))
ADVISED, HANDED, LOST = ({"business_id": business_id(number)} for number in (4, 5, 6))

DELIVERIES: Sequence[tuple[str, str, Rows]] = (
    (
        "evk",
        "funding_decisions",
        [
            decision("e-1", "KU205", "2026-01-10", 100_000, **INVESTMENT),
            decision("e-2", "KU205", "2026-04-10", 50_000, **LIKE),
            decision("e-3", "KU205", "2026-07-10", 30_000, project_id="P-6"),
            decision("e-4", "KU205", "2026-07-10", 20_000, project_id="P-6"),
        ],
    ),
    (
        "business_finland",
        "funding_decisions",
        [
            decision("b-1", "KU205", "2026-03-10", "60000,50", **INVESTMENT),
            decision("b-2", "KU205", "2026-05-11", 50_400, project_id="BF-1", **LIKE),
            decision("b-3", "KU205", "2026-06-30", 50_000, project_id="BF-2", **LIKE),
            decision("b-4", "KU205", "2026-09-01", 20_000, project_id="p-6"),
            decision("b-5", "KU205", "2025-02-06", 10_000, **TIED),
            decision("b-6", "KU205", "2025-05-01", 9_000, project_id="P-5", **OTHERS),
            decision("b-7", "KU290", "2025-10-01", 8_000, project_id="P-7"),
        ],
    ),
    (
        "finnvera",
        "funding_decisions",
        [decision("f-1", "MK18", "2026-02-01", 40_000, **INVESTMENT)],
    ),
    (
        "ely",
        "funding_decisions",
        [
            decision("y-1", "KU205", "2025-02-01", 10_000, project_id="P-2", **TIED),
            decision("y-2", "KU205", "2025-02-11", 10_000, project_id="P-3", **TIED),
            decision("y-3", "KU205", "2025-05-01", 9_000, project_id="P-4", **OTHERS),
            decision("y-4", "KU205", "2025-09-30", 8_000, project_id="P-7"),
        ],
    ),
    (
        "development_company",
        "advice_events",
        [
            advice("k-1", "2026-02-03", topic="Rahoitus", segment="founder", **ADVISED),
            advice("k-2", "2026-02-04", topic="Rahoitus", segment="founder", **ADVISED),
            advice("k-3", "2026-02-05", topic="Rahoitus", segment="founder"),
        ],
    ),
    (
        "enterprise_agency",
        "advice_events",
        [
            advice("n-1", "2026-02-03", topic=" rahoitus ", segment="founder", **ADVISED),
            advice("n-2", "2026-02-05", topic="Rahoitus", segment="founder"),
        ],
    ),
    (
        "proagria",
        "advice_events",
        [advice("p-1", "2026-02-03", topic="Vienti", segment="founder", **ADVISED)],
    ),
    (
        "development_company",
        "transfers",
        [
            transfer("t-1", "Kehitysyhtiöt", "ProAgria", "2025-03-01", region="SK182", **HANDED),
            transfer("t-2", "development_company", "evk", "2025-03-01", region="SK182", **LOST),
            transfer("t-3", "development_company", "development_company", "2025-04-01"),
        ],
    ),
    (
        "proagria",
        "transfers",
        [
            transfer("r-9", "development_company", "proagria", "2025-03-04", **HANDED),
            transfer("r-10", "proagria", "enterprise_agency", "2025-05-05", region="SK181"),
        ],
    ),
    (
        "enterprise_agency",
        "transfers",
        [transfer("u-1", "proagria", "enterprise_agency", "2025-05-05", region="SK181")],
    ),
)


@cache
def projects() -> list[dict[str, str]]:
    """The projects of the real list; none where it does not lie beside the repository."""
    if not EURA.exists():
        return []
    with EURA.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def authority(project: dict[str, str]) -> tuple[str, str]:
    """Source and region of a project; who is no source of the catalogue is read as Finnvera."""
    name = " ".join(project["Viranomainen"].split())
    region = next(
        (
            code
            for stem, code in {
                "Pohjois-Pohjanmaan": "MK17",
                "Etelä-Savon": "MK10",
                "Keski-Suomen": "MK13",
                "Hämeen": "MK05",
            }.items()
            if stem in name
        ),
        "SSS",
    )
    if "elinkeino" in name and "ympäristökeskus" in name:
        return "ely", region
    return ("tekes" if "Tekes" in name else "finnvera"), region


def is_understood(project: dict[str, str]) -> bool:
    """Ten rows have lost their first day to a broken line."""
    return len(project["Aloituspvm"].split(".")) == 3


def reported_twice() -> list[dict[str, str]]:
    """Every fortieth project of the ELY Centres, which Tekes is made to report as well."""
    theirs = [p for p in projects() if authority(p)[0] == "ely" and is_understood(p)]
    return theirs[::40]


@cache
def whole_projects() -> set[str]:
    """Codes of those of which both say that they report the whole project."""
    return {project["Koodi"] for project in reported_twice()[::2]}


@cache
def shared() -> list[dict[str, str]]:
    """Others, of which Tekes is made to report a share as large as that of the ELY Centre."""
    theirs = [p for p in projects() if authority(p)[0] == "ely" and is_understood(p)]
    return theirs[20::40]


def eura_deliveries() -> dict[str, list[dict[str, object]]]:
    """Funding decisions of each source, in the order of the list."""
    found: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    for project in projects():
        source, region = authority(project)
        purpose = "investment" if source == "finnvera" else "development"
        found[source].append(_eura(project, project["Koodi"], region, purpose))
    for project in (*reported_twice(), *shared()):
        found["tekes"].append(_eura(project, f"T-{project['Koodi']}", "SSS", "development"))
    return found


def _eura(project: dict[str, str], number: str, region: str, purpose: str) -> dict[str, object]:
    return decision(
        number,
        region,
        project["Aloituspvm"],
        project[_GRANTED],
        project_id=project["Koodi"],
        project=project[_NAME],
        purpose=purpose,
        amount_basis=(
            "whole_project"
            if project["Koodi"] in whole_projects()
            else "own_share"
            if project in shared()
            else ""
        ),
    )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("events")
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    engine = Engine(settings, folder)
    for source, dataset, rows in DELIVERIES:
        engine.drop(source, dataset, rows)
    for source, eura in eura_deliveries().items():
        engine.drop(source, "funding_decisions", eura)
    engine.take_in()
    engine.build(*READ)
    return engine


def net_and_gross(
    engine: Engine, indicator: str, period: str, segment: str = "total"
) -> dict[str, tuple[float, float]]:
    """Value and gross value by region, before small counts of customers are withheld."""
    return {
        region: (value, gross)
        for region, value, gross in engine.rows(
            "select region, value, gross_value from intermediate.int_observations "
            "where indicator = ? and period = ? and segment = ?",
            *(indicator, period, segment),
        )
    }


# -- the rules -----------------------------------------------------------------------------------


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_rules_look_at_columns_that_events_have_and_name_what_the_catalogue_knows(
    engine: Engine,
) -> None:
    """A word that nothing reads would make a rule link more than it says."""
    (compiled,) = engine.workshop.glob("target/compiled/**/int_event_links.sql")
    read = set(re.findall(r" as equal_(\w+)", compiled.read_text(encoding="utf-8")))
    sources = {row["source"]: row["datasets"].split() for row in seed("sources")}
    datasets = {row["event_dataset"] for row in seed("indicators")}
    for rule in seed("event_link_rules"):
        for kind in ("equal", "agreeing", "differing"):
            assert set(rule[f"{kind}_columns"].split()) <= read, rule
        assert rule["dataset"] in datasets, rule
        for source in rule["sources"].split():
            assert rule["dataset"] in sources[source], rule
        assert int(rule["max_rows"]) > 1, rule
        assert not rule["days_apart"] or int(rule["days_apart"]) >= 0, rule


# -- funding -------------------------------------------------------------------------------------


def test_a_project_that_three_agencies_finance_counts_once(engine: Engine) -> None:
    assert net_and_gross(engine, "investment_financing", "2026-Q1") == {
        "KU205": (100_000, 160_000.5),
        "SK182": (100_000, 160_000.5),
        "EVK09": (100_000, 200_000.5),
        "MK18": (100_000, 200_000.5),
        "SSS": (100_000, 200_000.5),
    }
    assert engine.overlaps("investment_financing", "2026-Q1") == [
        ("same_event", "KU205", "evk", 100_000, "business_finland", 60_000.5),
        ("same_event", "KU205", "evk", 100_000, "finnvera", 40_000),
    ]
    assert engine.row(
        "select resolution, kept_line, other_line, difference from quality_overlaps "
        "where indicator = 'investment_financing' and other_source = 'finnvera'"
    ) == (
        "equal project ids are one project (funding_project_id); evk kept; not decidable: not told "
        "whether amounts are own shares or the whole project",
        *(2, 2, -60_000),
    )


def test_one_business_with_close_days_and_amounts_counts_once(engine: Engine) -> None:
    # e-2 names no project; b-2 is 31 days and 0.8 % away, b-3 is 81 days away.
    assert net_and_gross(engine, "development_funding", "2026-Q2")["KU205"] == (100_000, 150_400)
    assert engine.overlaps("development_funding", "2026-Q2") == [
        ("same_event", "KU205", "evk", 50_000, "business_finland", 50_400)
    ]


def test_two_decisions_of_one_agency_are_two(engine: Engine) -> None:
    # b-4 is nearer to e-4 than to e-3; letters of the project id are written as anybody likes.
    assert net_and_gross(engine, "development_funding", "2026-Q3")["SSS"] == (50_000, 70_000)
    assert engine.overlaps("development_funding", "2026-Q3") == [
        ("same_event", "KU205", "evk", 20_000, "business_finland", 20_000)
    ]
    assert engine.rows(
        "select rule, line, other_line, reason from quality_event_links "
        "where source = 'evk' and not is_same_event order by rule, other_line"
    ) == [
        (
            "funding_one_organisation",
            4,
            5,
            "kept apart: two rows of one organisation are two decisions",
        ),
        (
            "funding_project_id",
            4,
            5,
            "kept apart: a nearer row of the same organisation is this event",
        ),
    ]


def test_what_is_equally_near_to_two_projects_is_kept_apart(engine: Engine) -> None:
    assert net_and_gross(engine, "development_funding", "2025-Q1")["KU205"] == (30_000, 30_000)
    assert engine.overlaps("development_funding", "2025-Q1") == []
    assert engine.rows(
        "select source, line, other_source, other_line, reason from quality_event_links "
        "where rule = 'funding_business_day_amount' and not is_same_event order by line"
    ) == [
        (
            "ely",
            line,
            "business_finland",
            6,
            "kept apart: equally near to several events, so none of them is chosen",
        )
        for line in (2, 3)
    ]


def test_different_project_ids_are_different_events(engine: Engine) -> None:
    assert net_and_gross(engine, "development_funding", "2025-Q2")["KU205"] == (18_000, 18_000)
    assert engine.overlaps("development_funding", "2025-Q2") == []
    assert engine.rows(
        "select is_same_event, source, line, other_source, other_line "
        "from quality_event_links where rule = 'funding_other_project'"
    ) == [(False, "ely", 4, "business_finland", 7)]


def test_a_cell_whose_events_count_elsewhere_is_zero_net(engine: Engine) -> None:
    # One agency places and dates the project otherwise than the other.
    summer = net_and_gross(engine, "development_funding", "2025-Q3")
    autumn = net_and_gross(engine, "development_funding", "2025-Q4")
    assert summer == dict.fromkeys(("KU205", "SK182", "ELY14", "MK18", "SSS"), (8_000, 8_000))
    assert autumn == dict.fromkeys(("KU290", "SK181", "ELY14", "MK18", "SSS"), (0, 8_000))
    assert engine.row(
        "select period, other_period from quality_overlaps "
        "where kind = 'same_event' and indicator = 'development_funding' and period = '2025-Q3'"
    ) == ("2025-Q3", "2025-Q4")


# -- advice and transfers ------------------------------------------------------------------------


def test_advice_on_one_topic_that_two_partners_log_counts_once(engine: Engine) -> None:
    # k-1 is n-1; p-1 is about something else, k-2 on another day, k-3 and n-2 name no business.
    for segment in ("total", "founder"):
        assert net_and_gross(engine, "advice_events", "2026-Q1", segment)["SK182"] == (5, 6)
    assert engine.whole_overlaps("advice_events", "2026-Q1") == [
        ("same_event", "SK182", "development_company", 1, "enterprise_agency", 1)
    ]


def test_a_transfer_counts_once_whether_one_side_logs_it_or_both(engine: Engine) -> None:
    # t-1 is r-9, r-10 is u-1; t-2 was logged by its sender only; t-3 is no transfer.
    assert net_and_gross(engine, "transfers", "2025") == {
        "SK182": (2, 2),
        "SK181": (1, 2),
        "MK18": (3, 4),
        "SSS": (3, 5),
    }
    assert engine.whole_overlaps("transfers", "2025") == [
        ("same_event", "SK181", "enterprise_agency", 1, "proagria", 1),
        ("same_event", "SK182", "development_company", 1, "proagria", 1),
    ]
    assert engine.row(
        "select sources, has_overlap from fct_observations "
        "where indicator = 'transfers' and region = 'SK181'"
    ) == ("enterprise_agency,proagria", True)


# -- what holds everywhere -----------------------------------------------------------------------


def test_the_ledger_balances_and_counts_a_log_that_was_not_kept_as_overlapped(
    engine: Engine,
) -> None:
    assert (
        engine.rows(
            "from quality_ledger where rows_delivered <> "
            "rows_observed + rows_superseded + rows_overlapped + rows_quarantined"
        )
        == []
    )
    # delivered, observed, superseded, overlapped, quarantined
    assert engine.ledger("business_finland", "funding_decisions") == [(7, 3, 0, 4, 0)]
    assert engine.ledger("evk", "funding_decisions") == [(4, 4, 0, 0, 0)]
    assert engine.ledger("enterprise_agency", "advice_events") == [(2, 1, 0, 1, 0)]
    assert engine.ledger("development_company", "transfers") == [(3, 3, 0, 0, 0)]
    assert engine.ledger("proagria", "transfers") == [(2, 0, 0, 2, 0)]


def test_every_log_that_was_not_kept_has_a_row_and_a_reason(engine: Engine) -> None:
    same = "from intermediate.int_overlaps where kind = 'same_event'"
    assert engine.row(f"select count(*) {same}") == engine.row(
        "select count(*) from intermediate.int_same_events where not is_kept"
    )
    # What is published of events of few customers is one row for each two organisations.
    two = "select distinct indicator, period, kept_source, other_source"
    published = "from quality_overlaps where kind = 'same_event'"
    assert engine.rows(f"{two} {published} order by all") == engine.rows(
        f"{two} {same} order by all"
    )
    assert engine.row(f"select count(*) {same} and resolution is null") == (0,)
    assert engine.row("select count(*) from quality_event_links where reason is null") == (0,)


def test_net_and_gross_differ_by_what_was_not_kept(engine: Engine) -> None:
    for indicator in ("development_funding", "investment_financing", "advice_events", "transfers"):
        assert engine.row(
            "select sum(gross_value - value) from fct_observations "
            "where indicator = ? and region = 'SSS' and segment = 'total'",
            indicator,
        ) == pytest.approx(
            engine.row(
                "select sum(other_value) from quality_overlaps "
                "where indicator = ? and kind = 'same_event'",
                indicator,
            )
        )


# -- the real list -------------------------------------------------------------------------------

real = pytest.mark.skipif(not EURA.exists(), reason="the real list is not beside the repository")


@real
def test_the_real_list_is_taken_in_but_for_rows_that_lost_their_day(engine: Engine) -> None:
    assert len(projects()) == 2881
    delivered = [
        engine.ledger(source, "funding_decisions")[-1] for source in ("ely", "tekes", "finnvera")
    ]
    assert sum(row[0] for row in delivered) == 2881 + len(reported_twice()) + len(shared())
    assert sum(row[4] for row in delivered) == 10
    assert [row[3] for row in delivered] == [0, len(reported_twice()), 0]


@real
def test_a_real_project_counts_once_and_both_amounts_are_published(engine: Engine) -> None:
    counted = [p for p in projects() if authority(p)[0] != "finnvera" and is_understood(p)]
    net = sum(Decimal(p[_GRANTED]) for p in counted)
    # Each tells its own share of these, so both count.
    net += sum(Decimal(p[_GRANTED]) for p in shared())
    twice = sum(Decimal(p[_GRANTED]) for p in reported_twice())
    assert engine.row(
        "select sum(value), sum(gross_value) from fct_observations where region = 'SSS' "
        "and indicator = 'development_funding' and segment = 'total' and period < '2018'"
    ) == (float(net), float(net + twice))
    assert engine.row(
        "select count(*) from quality_overlaps where kind = 'same_event' and kept_source = 'ely' "
        "and other_source = 'tekes' and kept_value = other_value"
    ) == (len(reported_twice()),)


@real
def test_the_real_list_is_told_by_funder_net_and_gross(engine: Engine) -> None:
    """The mart of funding adds up to the list; what was reported twice is in Tekes' gross only.

    Whole projects are counted once and own shares twice. Of amounts that do not tell which they are
    nobody knows; they are counted once, and published as undecided.
    """
    of = {
        source: [p for p in projects() if authority(p)[0] == source and is_understood(p)]
        for source in ("ely", "tekes")
    }
    sums = {source: sum(Decimal(p[_GRANTED]) for p in of[source]) for source in of}
    twice = sum(Decimal(p[_GRANTED]) for p in reported_twice())
    found = engine.rows(
        "select funder, sum(net_amount_eur), sum(gross_amount_eur), sum(decisions)::int, "
        "sum(co_financed_projects)::int, sum(undecided_amount_eur) from monitoring_funding "
        "where region = 'SSS' and purpose = 'development' and segment = 'total' "
        "and instrument = 'all' and programme = 'all' and year < 2018 group by all order by all"
    )
    own = sum(Decimal(p[_GRANTED]) for p in shared())
    undecided = sum(
        Decimal(p[_GRANTED]) for p in reported_twice() if p["Koodi"] not in whole_projects()
    )
    assert 0 < undecided < twice
    again = len(reported_twice()) + len(shared())
    assert found == [
        (
            "all",
            sum(sums.values()) + own,
            sum(sums.values()) + own + twice,
            len(of["ely"]) + len(of["tekes"]) + again,
            again,
            undecided,
        ),
        ("ely", sums["ely"], sums["ely"], len(of["ely"]), again, 0),
        (
            "tekes",
            sums["tekes"] + own,
            sums["tekes"] + own + twice,
            len(of["tekes"]) + again,
            again,
            undecided,
        ),
    ]


@real
def test_real_projects_of_one_name_are_kept_apart_each_with_a_reason(engine: Engine) -> None:
    files: dict[str, str] = {
        source: engine.row(
            "select file from quality_ledger where source = ? and dataset = 'funding_decisions' "
            "order by vintage desc limit 1",
            source,
        )[0]
        for source in ("ely", "tekes", "finnvera")
    }
    lines: defaultdict[tuple[bool, str], list[tuple[str, int, str]]] = defaultdict(list)
    for source, rows in eura_deliveries().items():
        for line, row in enumerate(rows, start=2):
            if len(str(row["granted_on"]).split(".")) == 3:
                name = " ".join(str(row["project"]).split()).lower()
                place = (source, line, str(row["project_id"]))
                lines[source == "finnvera", name].append(place)
    # Rows that share their name with one of another project.
    alike = {
        (files[source], line)
        for places in lines.values()
        if len({project for *_, project in places}) > 1
        for source, line, _ in places
    }
    assert len(alike) > 80
    apart = engine.rows(
        "select file, line, other_file, other_line, reason from quality_event_links "
        "where not is_same_event and dataset = 'funding_decisions'"
    )
    told = {(file, line) for file, line, *_ in apart} | {
        (file, line) for _, _, file, line, _ in apart
    }
    assert alike <= told
    assert all(reason.startswith("kept apart: ") for *_, reason in apart)
    assert engine.row(
        "select count(*) from quality_event_links where is_same_event and file = ?", files["ely"]
    ) == (len(reported_twice()),)
