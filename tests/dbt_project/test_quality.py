"""Overlaps, gaps and acceptances of a small world, from delivery to check.

The world is built by a copy of the dbt project whose catalogue has a few rows more: what somebody
accepted, a definition that changed, segments that a source publishes beside its total. It is built
again years later, when every source has fallen silent.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from assets.settings import DBT_PROJECT_DIR, Settings
from checks.findings import Finding
from checks.quality import judge_marts
from tests.conftest import TODAY
from tests.engine import Engine
from tests.parsed import dbt

pytestmark = pytest.mark.slow


def cells(
    indicator: str, period: str, segment: str = "total", **values: object
) -> list[dict[str, object]]:
    """Measurements of one indicator and period by region."""
    return [
        {
            "indicator": indicator,
            "region": region,
            "period": period,
            "segment": segment,
            "value": value,
        }
        for region, value in values.items()
    ]


ACCEPTED: tuple[Mapping[str, str], ...] = (
    {
        "acceptance": "country-beside-regions",
        "finding": "overlap",
        "kind": "nested_region",
        "indicator": "change_negotiations",
        "region": "SSS",
        "source": "te_office",
    },
    {
        "acceptance": "first-year",
        "finding": "gap",
        "kind": "absent",
        "indicator": "change_negotiations",
        "region": "MK02",
        "period_from": "2015-01-01",
        "period_to": "2016-01-01",
    },
    {
        "acceptance": "run-out",
        "finding": "gap",
        "indicator": "change_negotiations",
        "region": "MK04",
        "until": "2026-11-21",
    },
    {"acceptance": "nothing-left", "finding": "overlap", "kind": "duplicate"},
)
DECIDED = {"reason": "it is right so", "decided_by": "the board", "decided_on": "2026-01-15"}


def _append(project: Path, seed: str, rows: tuple[Mapping[str, str], ...]) -> None:
    path = project / "seeds" / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    with path.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, header, restval="", lineterminator="\n").writerows(rows)


def _copy_of_the_project(folder: Path) -> Path:
    return Path(
        shutil.copytree(
            DBT_PROJECT_DIR, folder / "dbt_project", ignore=shutil.ignore_patterns("target", "logs")
        )
    )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("quality")
    project = _copy_of_the_project(folder)
    _append(project, "accepted_findings", tuple(row | DECIDED for row in ACCEPTED))
    _append(
        project,
        "definition_changes",
        (
            {
                "indicator": "unemployed",
                "source": "statfin",
                "effective_on": "2020-05-01",
                "reason": "laid-off persons count",
            },
        ),
    )
    declared = project / "seeds" / "indicator_sources.csv"
    with declared.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if (row["indicator"], row["source"]) == ("advice_events", "enterprise_agency"):
            row["segments"] = "total founder"
    with declared.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    made = Engine(settings, folder, project)
    made.drop(
        "te_office",
        "measurements",
        [
            # The first quarter from which the series is followed.
            *cells("change_negotiations", "2015-Q1", MK05=10),
            *cells("change_negotiations", "2015-Q4", MK17=40, MK18=50),
            *cells("change_negotiations", "2016-Q1", MK17=41, MK18=49),
            *cells("change_negotiations", "2016-Q2", MK17=42, MK18=48, SSS=100),
            *cells("change_negotiations", "2016-Q3", MK01=42, SSS=""),
            *cells("change_negotiations", "2016-Q4", SSS=90),
        ],
    )
    made.drop(
        "statfin",
        "measurements",
        [
            # Restated by the office: the move of Vaala breaks nothing.
            *cells("unemployed", "2015-12", KU785=10, MK17=100, MK18=200, SK173=50),
            *cells("unemployed", "2016-01", KU785=11, MK17=110, MK18=190, SK173=51),
            *cells("unemployed", "2020-04", KU205=10),
            *cells("unemployed", "2020-05", KU205=15),
            *cells("labour_force", "2020-04", KU205=100),
            *cells("labour_force", "2020-05", KU205=100),
            *cells("open_vacancies", "2016-01", KU205=7),
            {
                "indicator": "open_vacancies",
                "region": "KU205",
                "period": "2016-02",
                "value": 8,
                "status": "B",
            },
        ],
    )
    made.drop(
        "proagria",
        "measurements",
        [
            *cells("advice_events", "2026-Q1", SK181=100),
            *cells("advice_events", "2026-Q1", segment="founder", SK181=60),
            *cells("advice_events", "2026-Q1", segment="large", SK181=30),
            *cells("advice_events", "2026-Q1", segment="large", SK182=30),
        ],
    )
    made.drop(
        "enterprise_agency",
        "measurements",
        [
            *cells("advice_events", "2026-Q1", SK181=20),
            *cells("advice_events", "2026-Q1", segment="founder", SK181=20),
        ],
    )
    made.take_in()
    made.build()
    return made


def overlaps(engine: Engine, kind: str) -> list[tuple[object, ...]]:
    return engine.rows(
        "select indicator, region, segment, period, kept_source, kept_value, other_value, "
        "difference, is_accepted from quality_overlaps where kind = ? order by all",
        kind,
    )


def test_an_undeclared_country_beside_its_regions_is_one_overlap(engine: Engine) -> None:
    """Not where either has no value, and not between the levels that the office publishes."""
    assert overlaps(engine, "nested_region") == [
        ("change_negotiations", "SSS", "total", "2016-Q2", "te_office", 100, 90, -10, True)
    ]
    assert engine.row(
        "select value, has_overlap from fct_observations where indicator = "
        "'change_negotiations' and region = 'SSS' and period = '2016-Q2'"
    ) == (100, True)


def test_an_undeclared_total_beside_its_segments_is_one_overlap(engine: Engine) -> None:
    assert overlaps(engine, "nested_segment") == [
        ("advice_events", "SK181", "total", "2026-Q1", "proagria", 100, 90, -10, False)
    ]
    assert engine.row(
        "select kept_file, kept_line, other_file, other_line from quality_overlaps "
        "where kind = 'nested_segment'"
    ) == ("delivery_3.csv", 2, "delivery_3.csv", 3)


def test_series_break_with_territory_definition_and_flag(engine: Engine) -> None:
    found = engine.rows(
        "select indicator, region, period, source, reason from quality_gaps "
        "where kind = 'series_break' order by all"
    )
    definition = "definition changed on 2020-05-01: laid-off persons count"
    raised = [row for row in found if row[4] == definition]
    assert [row[:4] for row in raised] == [
        (indicator, region, "2020-05", "statfin")
        for indicator in ("unemployed", "unemployment_rate")
        for region in ("KU205", "MK18", "SK182", "SSS")
    ]
    others = [row for row in found if row[4] != definition]
    # Not SK182, which KU785 left: its source restates, and the parts lie in it as they do today.
    # The ELY centres are rolled up of their regions, and broke with them.
    assert others == [
        *(
            ("change_negotiations", region, "2016-Q1", "te_office", f"{since} {what} KU785")
            for region, what in (("ELY13", "gained"), ("ELY14", "lost"))
            for since in ("territory changed on 2016-01-01:",)
        ),
        (
            "change_negotiations",
            "MK17",
            "2016-Q1",
            "te_office",
            "territory changed on 2016-01-01: gained KU785",
        ),
        (
            "change_negotiations",
            "MK18",
            "2016-Q1",
            "te_office",
            "territory changed on 2016-01-01: lost KU785",
        ),
        (
            "open_vacancies",
            "KU205",
            "2016-02",
            "statfin",
            "the source marks a break in its series (status B)",
        ),
    ]


def test_absent_quarters_form_runs_by_the_source_whose_turn_it_was(engine: Engine) -> None:
    assert engine.rows(
        "select source, run_start, run_length, count(*), min(period), max(period) "
        "from quality_gaps where indicator = 'change_negotiations' and region = 'MK18' "
        "and kind = 'absent' group by all order by run_start"
    ) == [
        ("te_office", "2015-Q1", 3, 3, "2015-Q1", "2015-Q3"),
        ("te_office", "2016-Q3", 34, 34, "2016-Q3", "2024-Q4"),
        ("employment_area", "2025-Q1", 7, 7, "2025-Q1", "2026-Q3"),
    ]


def test_every_run_is_as_long_as_the_gaps_in_it(engine: Engine) -> None:
    assert (
        engine.rows(
            "select kind, indicator, region, run_start from quality_gaps group by kind, indicator, "
            "region, segment, source, run_start, run_length having count(*) <> run_length "
            "or min(period) <> run_start"
        )
        == []
    )


def test_accepted_gaps_say_why_and_the_others_stay_open(engine: Engine) -> None:
    assert engine.rows(
        "select region, accepted_reason, count(*), min(period), max(period) from quality_gaps "
        "where is_accepted group by all"
    ) == [("MK02", "it is right so", 4, "2015-Q1", "2015-Q4")]
    assert engine.rows(
        "select period, expected, absent, accepted from quality_coverage "
        "where indicator = 'change_negotiations' and period in ('2015-Q4', '2016-Q1') order by 1"
    ) == [("2015-Q4", 19, 17, 1), ("2016-Q1", 19, 17, 0)]


def test_each_acceptance_says_what_it_still_covers(engine: Engine) -> None:
    assert engine.rows("select acceptance, matches, state from quality_acceptances order by 1") == [
        ("country-beside-regions", 1, "used"),
        ("first-year", 4, "used"),
        ("nothing-left", 0, "unused"),
        # Of the catalogue as it is delivered; in this world the register delivers nothing.
        ("register-without-sole-traders", 0, "unused"),
        # Everything that was due of Satakunta: 2015-Q1 to 2026-Q3.
        ("run-out", 47, "expired"),
    ]


@pytest.fixture(scope="module")
def findings(engine: Engine) -> dict[str, Finding]:
    return {found.check: found for found in judge_marts(engine.settings.warehouse_path)}


def test_what_is_accepted_warns_no_more(engine: Engine, findings: dict[str, Finding]) -> None:
    assert findings["no_nested_region"].passed
    assert findings["no_nested_segment"].count == 1
    assert findings["no_series_break"].count == 13
    ((absent,),) = engine.rows("select count(*) from quality_gaps where kind = 'absent'")
    assert findings["no_absent_cell"].count == absent - 4
    # The one cell that is measured more than once and not accepted.
    assert [sample["segment"] for sample in findings["measured_once"].samples] == ["total"]
    assert findings["measured_once"].count == 1


def test_acceptances_that_are_unused_or_run_out_warn(findings: dict[str, Finding]) -> None:
    found = findings["acceptances_are_in_use"]
    assert not found.is_blocking
    assert {sample["acceptance"] for sample in found.samples} == {
        *("nothing-left", "run-out", "register-without-sole-traders"),
    }


def test_an_acceptance_needs_a_reason_a_decider_and_a_day(tmp_path: Path) -> None:
    """Seeds are reviewed by dbt before anything is built of them."""
    project = _copy_of_the_project(tmp_path)
    good = {"acceptance": "good", "finding": "gap", "region": "MK01"} | DECIDED
    _append(
        project,
        "accepted_findings",
        (
            good,
            good | {"acceptance": "a", "reason": ""},
            good | {"acceptance": "b", "decided_by": ""},
            good | {"acceptance": "c", "decided_on": ""},
            good | {"acceptance": "d", "finding": "rumour"},
            good | {"acceptance": "d", "kind": "gone"},
            good | {"acceptance": "e", "indicator": "happiness"},
            good | {"acceptance": "f", "region": "MK99", "source": "nobody"},
        ),
    )
    (tmp_path / "home").mkdir()
    done = dbt(
        [
            *("build", "--select", "resource_type:seed,+accepted_findings"),
            *("indicators", "regions", "segments", "sources", "--indirect-selection", "cautious"),
        ],
        tmp_path,
        {"TILANNEKUVA_HOME": str(tmp_path / "home"), "TILANNEKUVA_TODAY": TODAY.isoformat()},
        project,
    )
    results = json.loads((tmp_path / "target" / "run_results.json").read_text(encoding="utf-8"))
    failures = {
        result["unique_id"].split(".")[2]: result["failures"]
        for result in results["results"]
        if result["status"] in ("fail", "error", "warn")
    }
    assert done.returncode != 0
    assert failures == {
        "accepted_findings__cells": 5,
        "accepted_findings__refers": 3,
        "accepted_findings__grain": 1,
    }, done.stdout[-4000:]
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as warehouse:
        faulty = warehouse.execute(
            "select acceptance, faulty_column, fault from findings.accepted_findings__cells "
            "union all select acceptance, faulty_column, fault "
            "from findings.accepted_findings__refers"
        ).fetchall()
    assert sorted(faulty) == [
        ("a", "reason", "is empty"),
        ("b", "decided_by", "is empty"),
        ("c", "decided_on", "is empty"),
        ("d", "finding", "is not in the list"),
        ("d", "kind", "is not in the list"),
        ("e", "indicator", "refers to nothing"),
        ("f", "region", "refers to nothing"),
        ("f", "source", "refers to nothing"),
    ]


# -- years later -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def later(engine: Engine) -> Engine:
    """Comes last in this file: from here on the warehouse is of another day."""
    # Vintages are taken in by the clock, whatever day it is made to be.
    day = max(TODAY, datetime.now(UTC).date()) + timedelta(days=800)
    engine.settings = replace(engine.settings, today=day)
    engine.build()
    return engine


def test_a_silent_source_is_a_gap_of_every_indicator_that_waits_for_it(later: Engine) -> None:
    found = later.rows(
        "select source, indicator from quality_gaps where kind = 'stale_source' and "
        "region = 'SSS' and segment = 'total' and run_length = 1 and days_late > 365 order by all"
    )
    waiting = Counter(source for source, _ in found)
    stale = {source for (source,) in later.rows("select source from dim_source where is_stale")}
    assert set(waiting) == stale == {"enterprise_agency", "proagria", "statfin"}
    # te_office had ended; of what the office is expected to deliver nothing is left out.
    assert [indicator for source, indicator in found if source == "statfin"] == [
        "enterprises_closed",
        "enterprises_started",
        "labour_force",
        "open_vacancies",
        "population",
        "rd_expenditure",
        "unemployed",
    ]
    assert waiting["proagria"] == 1
