"""Agreements, knowledge base and findings, from the files of partners to the marts.

Three days of deliveries: agreements of 68 contract areas as the country had them in 2012, documents
of two organisations, and findings whose figures and decisions change afterwards. Expected figures
are counted by hand from the deliveries.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from assets.settings import PROJECT_ROOT, Settings
from orchestration import as_known_on
from tests.engine import Engine
from tests.parsed import in_place_of_the_command_line

pytestmark = pytest.mark.slow

#: Marts that are read here; what they are made of is built as well.
READ = (
    "monitoring_agreement_coverage",
    "monitoring_agreements",
    "monitoring_document_indicators",
    "monitoring_document_regions",
    "monitoring_documents",
    "monitoring_finding_documents",
    "monitoring_findings",
    "monitoring_indicator_choices",
    "monitoring_situation_reports",
    "quality_ledger",
    "quality_quarantine",
)

FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 4)
AREAS = [f"SS{number:02}" for number in range(1, 69)]
#: Contract areas that had not signed anew by June 2012; they lie in two ELY areas.
UNSIGNED = ("SS14", "SS15", "SS29", "SS30")
Row = Mapping[str, object]


def ely_of(area: str) -> str:
    """Fifteen ELY areas with four or five contract areas each."""
    return f"ELY{(int(area[2:]) - 1) % 15 + 1:02}"


def agreements_until_2012() -> list[Row]:
    """Each area had an agreement until the end of 2011; 64 signed a new one by June 2012."""
    old = [
        {"alue": area, "allekirjoitettu": "1.3.2009", "voimassa asti": "31.12.2011",
         "osapuolet": "Kehitysyhtiö; ELY-keskus; TE-toimisto", "osa aluetta": ely_of(area)}
        for area in AREAS
    ]  # fmt: skip
    signed = [area for area in AREAS if area not in UNSIGNED]
    new = [
        {"alue": area, "allekirjoitettu": f"{date(2012, 1, 2) + timedelta(days=2 * n)}",
         "voimassa asti": "", "osapuolet": "Kehitysyhtiö; ELY-keskus; Finnvera", "osa aluetta": ""}
        for n, area in enumerate(signed)
    ]  # fmt: skip
    return [*old, *new]


MEMBERS: Sequence[Row] = [
    {
        "network": "Seutu",
        "organisation": organisation,
        "role": role,
        "region": "SS01",
        "group": group,
    }
    for organisation, role, group in (
        ("Konepaja Oy", "puheenjohtaja", "ohjausryhmä"),
        ("konepaja oy.", "yritysten edustaja", "ohjausryhmä"),
        ("Maakunnan liitto", "jäsen", "ohjausryhmä"),
        ("Kehitysyhtiö", "koordinaattori", ""),
        ("Kehitysyhtiö", "jäsen", "työryhmä"),
    )
]

REVIEW: Row = {
    "title": "Kainuun katsaus", "publisher": "Kainuun liitto", "published_on": "2026-02-20",
    "region": "MK18", "kind": "review", "theme": "Yrittäjyys", "indicators": "enterprises_started",
}  # fmt: skip
DOCUMENTS: Sequence[Row] = [
    REVIEW,
    {"title": "Vanha katsaus", "publisher": "Kainuun liitto", "published_on": "2025-03-01",
     "region": "MK18", "kind": "review", "theme": "Liikenne"},
    {"title": "Suomen näkymät", "publisher": "Ministeriö", "published_on": "2025-06-01",
     "region": "SSS", "kind": "foresight_report", "theme": "yrittäjyys",
     "url": "https://example.org/nakymat"},
    {"title": "Ilman päivää", "publisher": "Kainuun liitto", "published_on": ""},
]  # fmt: skip


def finding(text: str, region: str, noted_on: date, **cells: object) -> Row:
    return {"region": region, "finding": text, "noted_on": noted_on, **cells}


BEFORE = date(2026, 2, 10)
FINDINGS: Sequence[Row] = [
    finding("Starts fall", "KU205", FIRST, theme="Yrittäjyys",
            indicators="enterprises_started; unemployed", recommended_action="Advise more",
            documents="Kainuun katsaus; Kadonnut muistio"),
    finding("Starts rose", "KU205", BEFORE, indicators="enterprises_started"),
    finding("Mood is good", "KU205", FIRST),
    finding("Few start", "KU290", FIRST, indicators="enterprises_started"),
    # What is decided before it is noted is a mistake.
    finding("Mistyped", "KU205", FIRST, decided_on="2026-03-01"),
]  # fmt: skip
DECIDED: Row = {
    **FINDINGS[0], "decision": "A service point", "decided_on": SECOND,
    "decided_by": "Maakuntahallitus", "forum": "Yritysfoorumi", "development_goal": "More starts",
    "interpreted_by": "Maakunnan liitto; Yrittäjät", "disagreement": "Yrittäjät: a bad quarter",
}  # fmt: skip
#: Of 2023 confirmed, of 2024 late and not confirmed, of 2025 nothing, of 2026 planned.
REPORTS: Sequence[Row] = [
    {"alue": "KU205", "vuosi": "2023", "laadittu": "2023-11-01", "laatija": "Ennakointiryhmä",
     "vahvistettu": "2023-12-11", "vahvistaja": "Maakuntahallitus",
     "kehittämistavoitteet": "Lisää alkavia; Osaajia", "edunvalvonta": "Rata",
     "seuranta": "Neuvonta laajeni"},
    {"alue": "KU205", "vuosi": "2024", "määräaika": "2024-06-30", "laadittu": "2024-07-10"},
    {"alue": "KU205", "vuosi": "2026", "määräaika": "2026-09-30"},
]  # fmt: skip
CHOICES: Sequence[Row] = [
    {"region": "KU205", "indicator": "enterprises_started", "way_of_use": "seurataan kehitystä",
     "compiled_by": "prh", "shared_in": "Ohjausryhmä", "decided_on": "2026-01-15"},
    {"region": "KU205", "indicator": "unemployed", "compiled_by": "Työvoimatoimisto",
     "known_distortion": "Lomautetut mukana", "valid_to": "2025-12-31"},
    {"region": "KU290", "indicator": "enterprises_started"},
]  # fmt: skip


def measured(region: str, period: str, value: object, conf_status: str = "F") -> Row:
    return {
        "indicator": "enterprises_started", "region": region, "period": period, "value": value,
        "conf_status": conf_status,
    }  # fmt: skip


def forget_column(engine: Engine, dataset: str, column: str) -> int:
    """Rewrite vintages as an earlier version had written them; how many."""
    paths = list(engine.settings.raw_dir.glob(f"coordinator/{dataset}/*/{dataset}.parquet"))
    for path in paths:
        pq.write_table(pq.read_table(path).drop_columns([column]), path)
    return len(paths)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("knowledge")
    engine = Engine(
        Settings(home=folder / "home", sources="landing", today=FIRST, today_is_set=True),
        folder / "workshop",
    )

    def on(day: date, *deliveries: tuple[str, str, Sequence[Row]]) -> None:
        engine.settings = dataclasses.replace(engine.settings, today=day)
        for source, dataset, rows in deliveries:
            engine.drop(source, dataset, rows)
        engine.take_in()

    on(
        FIRST,
        ("prh", "measurements", [
            measured("KU205", "2025-Q3", 28),
            measured("KU205", "2025-Q4", 30),
            measured("KU290", "2025-Q4", 2, conf_status="C"),
            measured("MK18", "2025-Q4", 60),
        ]),
        # Taken in before the column `part_of` was thought of.
        ("coordinator", "agreements", [{"region": "SS02", "signed_on": "2008-05-05",
                                        "valid_to": "2009-02-28", "parties": "A; B"}]),
        ("council", "documents", DOCUMENTS),
        ("council", "findings", FINDINGS),
    )  # fmt: skip
    assert forget_column(engine, "agreements", "part_of") == 1
    (engine.settings.landing_dir / "own_study" / "findings").mkdir(parents=True)
    on(
        SECOND,
        ("coordinator", "agreements", [
            *agreements_until_2012(),
            {"alue": "SS01", "allekirjoitettu": "1.2.2026", "voimassa asti": "31.12.2028",
             "osapuolet": "Kehitys Oy; kehitys oy; KEHITYS-OY", "osa aluetta": "EVK09"},
            {"alue": "SS03", "allekirjoitettu": "1.2.2026", "osa aluetta": "KU205"},
        ]),
        ("council", "network_members", MEMBERS),
        ("prh", "measurements", [measured("KU205", "2025-Q4", 33)]),
        ("council", "findings", [DECIDED]),
        ("council", "situation_reports", REPORTS),
        ("coordinator", "indicator_choices", CHOICES),
        ("own_study", "documents", [{**REVIEW, "title": "KAINUUN  katsaus", "kind": "study"}]),
    )  # fmt: skip
    # A delivery of nothing but its header says nothing and disturbs nothing.
    empty = engine.settings.landing_dir / "own_study" / "findings" / "tyhja.csv"
    empty.write_text("alue;nosto;havaittu\n", encoding="utf-8")
    on(THIRD)
    engine.build(*READ)
    return engine


# -- agreements ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "in_force", "in_full"),
    [
        (date(2009, 3, 1), 68, 15),
        (date(2011, 12, 31), 68, 15),
        (date(2012, 1, 1), 0, 0),
        # SS01 signed on 2 January, the next ones every second day: SS02 to SS05 by the 10th.
        (date(2012, 1, 10), 5, 0),
        (date(2012, 6, 30), 64, 13),
        (date(2025, 12, 31), 64, 13),
    ],
)
def test_how_many_areas_had_an_agreement_and_which_ely_areas_were_in_full(
    engine: Engine, day: date, in_force: int, in_full: int
) -> None:
    found = engine.rows(
        "select region_type, max(areas_in_force) filter (region = 'SSS'), sum(areas), "
        "count(*) filter (is_in_full) from monitoring_agreement_coverage "
        "where valid_from <= ? and (valid_to is null or valid_to > ?) "
        "and region_type in ('SSS', 'ELY') group by region_type",
        *(day, day),
    )
    told = {region_type: counts for region_type, *counts in found}
    assert told["SSS"][:2] == [in_force, 68]
    assert told["ELY"][1:] == [68, in_full]


def test_the_ely_areas_that_lack_an_agreement_are_named(engine: Engine) -> None:
    assert engine.rows(
        "select region, areas, areas_without from monitoring_agreement_coverage "
        "where region_type = 'ELY' and not is_in_full "
        "and valid_from <= date '2012-06-30' and valid_to > date '2012-06-30' order by region"
    ) == [("ELY14", 4, 2), ("ELY15", 4, 2)]
    # With 2026 the ELY areas ended, and the development centres took their place.
    assert engine.row(
        "select count(*), max(valid_to) from monitoring_agreement_coverage "
        "where region_type = 'ELY' and is_current or region = 'ELY14' and valid_to > '2025-01-01'"
    ) == (1, date(2026, 1, 1))


def test_every_contract_area_is_listed_with_what_holds_today(engine: Engine) -> None:
    assert engine.rows(
        "select state, count(*), count(distinct region) from monitoring_agreements "
        "where is_newest group by state order by state"
    ) == [("expired", 4, 4), ("in_force", 64, 64)]
    # 1 of 2008, 68 of 2009, 64 of 2012, 1 of 2026; that of SS03 lay in a municipality.
    assert engine.row("select count(*) from monitoring_agreements") == (134,)
    assert engine.rows(
        "select agreement, state, valid_to, unbroken_since, party_count, parties_state "
        "from monitoring_agreements where region = 'SS01' order by agreement"
    ) == [
        ("2009-03-01", "expired", date(2012, 1, 1), date(2009, 3, 1), 3, "enough"),
        ("2012-01-02", "replaced", date(2026, 2, 1), date(2012, 1, 2), 3, "enough"),
        ("2026-02-01", "in_force", date(2029, 1, 1), date(2012, 1, 2), 1, "too_few"),
    ]  # fmt: skip
    # The agreement of 2008 ended on the day before the next one.
    assert engine.row(
        "select state, parties_state, unbroken_since from monitoring_agreements "
        "where region = 'SS02' and agreement = '2008-05-05'"
    ) == ("replaced", "too_few", date(2008, 5, 5))


def test_an_area_lies_where_its_agreements_say(engine: Engine) -> None:
    # SS01 was in ELY01 and says EVK09 since; what ELY02 became follows from its municipalities.
    assert engine.rows(
        "select region, ely, evk, placed_by from monitoring_agreements "
        "where region in ('SS01', 'SS02', 'SS14') and is_newest order by region"
    ) == [
        ("SS01", "ELY01", "EVK09", "agreement"),
        ("SS02", "ELY02", "EVK02", "agreement"),
        ("SS14", "ELY14", "EVK09", "agreement"),
    ]


def test_coordinator_and_groups_are_filled_or_missing(engine: Engine) -> None:
    columns = (
        "has_coordinator, coordinator, has_steering_group, steering_group_organisations, "
        "chair_organisation, is_chair_from_business, has_working_group, working_groups"
    )
    query = f"select {columns} from monitoring_agreements where region = ? and is_newest"
    assert engine.row(query, "SS01") == (
        *(True, "Kehitysyhtiö", True, 2),
        *("Konepaja Oy", True, True, 1),
    )
    assert engine.row(query, "SS02") == (False, None, False, 0, None, None, False, 0)


# -- documents -----------------------------------------------------------------------------------


def test_a_document_from_two_organisations_is_one(engine: Engine) -> None:
    found = engine.rows(
        "select title, source, kind, days_since_published, is_fresh, findings "
        "from monitoring_documents order by published_on"
    )
    # On 4 May 2026: a review keeps for a year, foresight for two, a study for three. Both findings
    # about starts of that day rest on the last one, one by naming it, one by its indicator.
    assert found == [
        ("Vanha katsaus", "council", "review", 429, False, 0),
        ("Suomen näkymät", "council", "foresight_report", 337, True, 1),
        ("KAINUUN  katsaus", "own_study", "study", 73, True, 2),
    ]


def test_documents_are_found_by_region_and_indicator(engine: Engine) -> None:
    def about(region: str) -> list[tuple[Any, ...]]:
        return engine.rows(
            "select upper(documents.title), relation from monitoring_documents as documents "
            "inner join monitoring_document_regions as regions using (document_id) "
            "where regions.region = ? order by documents.published_on",
            region,
        )

    titles = ["VANHA KATSAUS", "SUOMEN NÄKYMÄT", "KAINUUN  KATSAUS"]
    assert about("MK18") == list(zip(titles, ("own", "around", "own"), strict=True))
    assert about("KU205") == list(zip(titles, ("around",) * 3, strict=True))
    assert about("EVK09") == list(zip(titles, ("inside", "around", "inside"), strict=True))
    assert about("MK01") == [("SUOMEN NÄKYMÄT", "around")]
    assert engine.rows(
        "select indicator, publisher from monitoring_document_indicators "
        "inner join monitoring_documents using (document_id)"
    ) == [("enterprises_started", "Kainuun liitto")]


def test_what_a_finding_rests_on(engine: Engine) -> None:
    assert engine.rows(
        "select upper(title), basis, relation, shared_indicators, shares_theme, was_fresh "
        "from monitoring_finding_documents inner join monitoring_findings using (finding_id) "
        "where finding = 'Starts fall' and citation_no = 1 order by title"
    ) == [
        ("KAINUUN  KATSAUS", "named", "around", "enterprises_started", True, True),
        ("SUOMEN NÄKYMÄT", "theme", "around", None, True, True),
    ]
    assert engine.row(
        "select documents, documents_named, documents_missing from monitoring_findings "
        "where finding = 'Starts fall' and citation_no = 1"
    ) == (2, 2, 1)


# -- findings ------------------------------------------------------------------------------------

FIGURES = (
    "select citation, is_flagged, period, value_then, value_now, is_revised, revised_by, "
    "first_known_period, first_known_value from {}monitoring_findings "
    "where finding = ? and indicator = ?"
)


def test_a_finding_cites_what_was_known_on_its_day(engine: Engine) -> None:
    query = FIGURES.format("")
    assert engine.row(query, "Starts fall", "enterprises_started") == (
        *("cited", False, "2025-Q4", 30, 33, True, 3),
        *(None, None),
    )
    # The figure of the region around it is not put in the place of one that is withheld or lacking.
    assert engine.row(query, "Starts fall", "unemployed") == (
        *("not_known_then", True, None, None, None, False, None),
        *(None, None),
    )
    assert engine.row(query, "Few start", "enterprises_started") == (
        *("withheld", False, "2025-Q4", None, None, False, None),
        *(None, None),
    )
    assert engine.row(query, "Mood is good", "none") == (
        *("none", True, None, None, None, False, None),
        *(None, None),
    )


def test_what_came_to_be_known_later_stands_apart(engine: Engine) -> None:
    # In February the third quarter had been due, the fourth had not.
    assert engine.row(FIGURES.format(""), "Starts rose", "enterprises_started") == (
        *("not_known_then", True, None, None, None, False, None),
        *("2025-Q3", 28),
    )


def test_a_decision_that_is_added_later_belongs_to_its_finding(engine: Engine) -> None:
    assert engine.rows(
        "select finding, count(*), any_value(stage), any_value(days_to_decision), "
        "any_value(days_waiting) from monitoring_findings group by finding order by finding"
    ) == [
        ("Few start", 1, "noted", None, 63),
        ("Mood is good", 1, "noted", None, 63),
        ("Starts fall", 2, "decided", 30, None),
        ("Starts rose", 1, "noted", None, 83),
    ]


def test_a_finding_says_in_which_forum_it_was_read_and_who_decided(engine: Engine) -> None:
    assert engine.rows(
        "select distinct finding, forum, decided_by, development_goal from monitoring_findings "
        "order by finding"
    ) == [
        ("Few start", None, None, None),
        ("Mood is good", None, None, None),
        ("Starts fall", "Yritysfoorumi", "Maakuntahallitus", "More starts"),
        ("Starts rose", None, None, None),
    ]


def test_a_finding_says_who_interpreted_it_and_who_disagreed(engine: Engine) -> None:
    assert engine.rows(
        "select distinct interpreted_by, disagreement from monitoring_findings "
        "where interpreted_by is not null"
    ) == [("Maakunnan liitto;Yrittäjät", "Yrittäjät: a bad quarter")]


# -- situation reports and chosen indicators -------------------------------------------------------


def test_a_year_without_a_situation_report_is_missing(engine: Engine) -> None:
    assert engine.rows(
        "select year, state, due_on::varchar, is_due_day_given, days_late, confirmed_by, "
        "development_goal_count, lobbying_point_count, follow_up, findings, findings_with_goal, "
        "findings_with_decision from monitoring_situation_reports where region = 'KU205' "
        "order by year"
    ) == [
        (2023, "confirmed", "2023-12-31", False, None, "Maakuntahallitus",
         2, 1, "Neuvonta laajeni", 0, 0, 0),
        (2024, "drawn_up", "2024-06-30", True, 10, None, 0, 0, None, 0, 0, 0),
        # Nobody told of one; it had until the end of the year, which was 124 days ago.
        (2025, "missing", "2025-12-31", False, 124, None, 0, 0, None, 0, 0, 0),
        (2026, "not_due", "2026-09-30", True, None, None, 0, 0, None, 3, 1, 1),
    ]  # fmt: skip


def test_chosen_indicators_stand_beside_their_newest_published_figure(engine: Engine) -> None:
    assert engine.rows(
        "select region, indicator, way_of_use, compiled_by, known_distortion, is_current, "
        "is_measured, newest_period, newest_value, newest_source "
        "from monitoring_indicator_choices order by region, indicator"
    ) == [
        ("KU205", "enterprises_started", "follow_trend", "PRH:n avoin data (YTJ)", None,
         True, True, "2025-Q4", 33, "prh"),
        ("KU205", "unemployed", None, "Työvoimatoimisto", "Lomautetut mukana",
         False, False, None, None, None),
        # Its count is small: that there is a figure is told, the figure is not.
        ("KU290", "enterprises_started", None, None, None, True, True, None, None, None),
    ]  # fmt: skip


def test_what_breaks_the_contract_is_in_quarantine_and_the_ledger_balances(engine: Engine) -> None:
    assert engine.rows(
        'select dataset, "column" from quality_quarantine order by dataset, "column"'
    ) == [("agreements", "part_of"), ("documents", "published_on"), ("findings", "decided_on")]
    # delivered, observed, superseded, overlapped, quarantined
    assert engine.ledger("council", "findings") == [(5, 3, 1, 0, 1), (1, 1, 0, 0, 0)]
    assert engine.ledger("council", "documents") == [(4, 2, 0, 1, 1)]
    assert engine.ledger("own_study", "documents") == [(1, 1, 0, 0, 0)]


QUERIES = re.findall(
    r"^```sql\n(.*?)^```$",
    (PROJECT_ROOT / "docs" / "monitoring" / "knowledge.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("from ")[1].split()[0])
def test_the_queries_of_the_page_find_something(engine: Engine, query: str) -> None:
    assert engine.rows(query) != []


def test_the_page_shows_queries() -> None:
    assert len(QUERIES) == 5


def test_the_marts_can_be_had_as_known_on_a_past_day(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with in_place_of_the_command_line(as_known_on):
        warehouse = as_known_on.build_as_known_on(
            engine.settings,
            FIRST,
            tmp_path_factory.mktemp("then"),
            ("monitoring_agreement_coverage", "monitoring_findings"),
        )
    with duckdb.connect(str(warehouse), read_only=True) as then:
        found = then.execute(
            FIGURES.format("marts."), ["Starts fall", "enterprises_started"]
        ).fetchall()
        assert found == [("cited", False, "2025-Q4", 30, 30, False, 0, None, None)]
        assert then.execute(
            "select distinct stage, days_waiting from marts.monitoring_findings "
            "where finding = 'Starts fall'"
        ).fetchall() == [("recommended", 0)]
        assert then.execute(
            "select areas_in_force, areas from marts.monitoring_agreement_coverage "
            "where is_current and region = 'SSS'"
        ).fetchall() == [(0, 68)]
