"""Why a number is what it is: told of every figure of a small world, by the command and by SQL.

Delivered on one day, revised on a later one, built and published; the accepted overlap is added to
a copy of the catalogue.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgres
import duckdb
import pytest
from click.testing import CliRunner

from assets.errors import TilannekuvaError
from assets.settings import DBT_PROJECT_DIR, HELSINKI, Settings
from orchestration import as_known_on
from orchestration.commands.explain import Explanation, Step, command, read_explanation
from orchestration.publishing import publish, publish_to_postgres
from tests.conftest import TODAY, Rows
from tests.engine import Engine
from tests.parsed import in_place_of_the_command_line
from tests.postgres import postgres_server

pytestmark = pytest.mark.slow

FIRST = date(2026, 3, 2)
#: Values of one municipality that was withheld afterwards; they must not be seen anywhere.
SHOWN_ONCE, CONFIDENTIAL = 31337, 31341


def cell(
    indicator: str, region: str, period: str, value: object, **more: object
) -> dict[str, object]:
    return {"indicator": indicator, "region": region, "period": period, "value": value} | more


def decision(number: str, day: str, amount: int, **more: object) -> dict[str, object]:
    return {
        "decision_id": number,
        "region": "KU205",
        "granted_on": day,
        "amount_eur": amount,
        "purpose": "development",
    } | more


DELIVERIES: Sequence[tuple[str, str, Rows]] = (
    (
        "statfin",
        "measurements",
        [
            cell("unemployed", "KU105", "2025-01", 50),
            cell("unemployed", "KU205", "2025-01", 100),
            cell("unemployed", "KU290", "2025-01", 200),
            cell("unemployed", "KU777", "2025-01", ""),
            cell("labour_force", "KU205", "2025-01", 1000),
            cell("labour_force", "KU290", "2025-01", 2500),
            cell("unemployment_rate", "KU290", "2025-01", 11),
            cell("unemployed", "SK182", "2025-02", 500),
            cell("unemployed", "KU205", "2025-02", 470),
            cell("unemployed", "KU765", "2025-03", SHOWN_ONCE),
            cell("unemployed", "KU205", "2025-03", 90),
            cell("open_vacancies", "KU205", "2025-06", 50),
            cell("open_vacancies", "KU205", "2025-06", 60),
        ],
    ),
    (
        "employment_area",
        "measurements",
        [
            cell("unemployed", "KU205", "2025-01", 104),
            cell("unemployed", "KU290", "2025-01", ""),
            cell("unemployed", "KU620", "2025-01", 9),
        ],
    ),
    (
        "own_study",
        "measurements",
        [cell("outlook_score", "SK181", "2026-S1", 1)],
    ),
    ("council", "measurements", [cell("outlook_score", "SK181", "2026-S1", -1)]),
    (
        "evk",
        "funding_decisions",
        [
            decision("e-1", "2026-01-10", 1000, project_id="P-1"),
            decision("e-2", "2026-02-10", 500, segment="founder"),
        ],
    ),
    (
        "business_finland",
        "funding_decisions",
        [decision("b-1", "2026-01-20", 900, project_id="P-1")],
    ),
    (
        "enterprise_agency",
        "advice_events",
        [
            {"event_id": f"n-{number}", "region": "SK182", "happened_on": "2026-01-15"}
            for number in range(3)
        ],
    ),
)

REVISIONS: Sequence[tuple[str, str, Rows]] = (
    (
        "statfin",
        "measurements",
        [
            cell("labour_force", "KU290", "2025-01", 2600),
            cell("unemployed", "KU765", "2025-03", CONFIDENTIAL, conf_status="C"),
        ],
    ),
)

ACCEPTED = (
    "known_scores,overlap,conflict,unemployed,KU205,total,2025-01-01,2026-01-01,statfin,employment_area,"
    "Counted on another day of the month,Regional council,2026-01-15,\n"
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("explain")
    project = folder / "dbt_project"
    shutil.copytree(DBT_PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "logs"))
    with (project / "seeds" / "accepted_findings.csv").open("a", encoding="utf-8") as seed:
        seed.write(ACCEPTED)
    settings = Settings(home=folder / "home", sources="landing", today=FIRST, today_is_set=True)
    engine = Engine(settings, folder / "workshop", project)
    for day, deliveries in ((FIRST, DELIVERIES), (TODAY, REVISIONS)):
        engine.settings = dataclasses.replace(settings, today=day)
        for source, dataset, rows in deliveries:
            engine.drop(source, dataset, rows)
        engine.take_in()
    engine.build()
    publish(engine.settings, "test", [])
    return engine


@pytest.fixture
def deployment(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings from which the command finds the publication."""
    monkeypatch.setenv("TILANNEKUVA_HOME", str(engine.settings.home))
    monkeypatch.setenv("TILANNEKUVA_TODAY", TODAY.isoformat())
    monkeypatch.setenv("TILANNEKUVA_SOURCES", "landing")


def told(engine: Engine, *cell: str) -> Explanation:
    return read_explanation(engine.settings.published_dir / "current" / "marts.duckdb", *cell)


def observation(explanation: Explanation, depth: int = 0) -> Step:
    (step,) = explanation.of("observation", depth)
    return step


def treatments(explanation: Explanation, depth: int = 0) -> list[tuple[Any, ...]]:
    """Source, line, value, disposition and rule of every measurement, in order of line."""
    return sorted(
        ((s.source, s.line, s.value, s.disposition, s.rule)
         for s in explanation.of("measurement", depth)),
        key=str,
    )  # fmt: skip


def parts(explanation: Explanation, depth: int = 0) -> dict[str | None, float | None]:
    return {step.region: step.value for step in explanation.of("part", depth)}


# -- what a cell tells ------------------------------------------------------------------------


def test_a_source_that_comes_later_in_the_order_is_told_beside_the_one_that_was_kept(
    engine: Engine,
) -> None:
    why = told(engine, "unemployed", "ku205", "2025M01")
    assert (observation(why).value, observation(why).source) == (100, "statfin")
    assert treatments(why) == [
        ("employment_area", 2, 104, "overlapped", "order"),
        ("statfin", 3, 100, "observed", "kept"),
    ]
    assert [step.rule for step in why.of("rule")] == ["prefer"]
    assert [(step.source, step.detail) for step in why.of("source")] == [
        ("statfin", "delivered"),
        ("employment_area", "delivered"),
        ("te_office", "says nothing of this cell"),
    ]
    (overlap,) = why.of("overlap")
    assert (overlap.rule, overlap.source, overlap.value) == ("conflict", "employment_area", 104)
    assert str(overlap.detail).endswith("; accepted: Counted on another day of the month")


def test_every_measurement_names_its_file_and_delivery(engine: Engine) -> None:
    (kept,) = told(engine, "unemployed", "KU105", "2025-01").of("measurement")
    assert kept.file == "delivery_1.csv"
    assert str(kept.origin).endswith("statfin/measurements/delivery_1.csv")
    assert engine.rows("from quality_ledger where vintage = ?", kept.vintage)


def test_a_delivery_without_a_value_gives_way(engine: Engine) -> None:
    assert treatments(told(engine, "unemployed", "KU290", "2025-01")) == [
        ("employment_area", 3, None, "overlapped", "no_value"),
        ("statfin", 4, 200, "observed", "kept"),
    ]


def test_a_revision_is_told_with_what_was_known_before(engine: Engine) -> None:
    why = told(engine, "labour_force", "KU290", "2025-01")
    assert treatments(why) == [
        ("statfin", 2, 2600, "observed", "kept"),
        ("statfin", 7, 2500, "superseded", "revised"),
    ]
    (earlier,) = why.of("version")
    assert earlier.value == 2500
    known_from = datetime.fromisoformat(str(earlier.known_from))
    assert known_from.astimezone(HELSINKI).date() == FIRST
    assert earlier.known_to == observation(why).known_from
    assert why.of("overlap") == []


def test_a_repeated_line_is_told(engine: Engine) -> None:
    assert treatments(told(engine, "open_vacancies", "KU205", "2025-06")) == [
        ("statfin", 13, 50, "overlapped", "repeated"),
        ("statfin", 14, 60, "observed", "kept"),
    ]


def test_a_roll_up_names_its_parts_and_those_that_are_missing(engine: Engine) -> None:
    why = told(engine, "unemployed", "SK181", "2025-01")
    assert observation(why).value == 259
    assert observation(why).coverage_share == 0.75
    assert why.of("measurement") == []
    assert parts(why) == {"KU105": 50, "KU290": 200, "KU620": 9, "KU777": None}
    said = {step.region: step.detail for step in why.of("part")}
    assert said["KU620"] == "Puolanka: measured"
    assert said["KU777"] == "Suomussalmi: missing: not_available"
    assert [(gap.rule, gap.coverage_share) for gap in why.of("gap")] == [("partial", 0.75)]


def test_a_published_figure_is_told_beside_the_sum_of_its_parts(engine: Engine) -> None:
    why = told(engine, "unemployed", "SK182", "2025-02")
    assert observation(why).value == 500
    (beside,) = why.of("sum_of_parts")
    assert beside.value == 470
    assert parts(why)["KU205"] == 470


def test_a_rate_is_told_by_its_numerator_and_denominator(engine: Engine) -> None:
    why = told(engine, "unemployment_rate", "KU205", "2025-01")
    assert observation(why).value == 10
    assert why.of("measurement") == []
    assert [observation(why, depth).indicator for depth in (1, 2)] == ["unemployed", "labour_force"]
    assert ("statfin", 3, 100, "observed", "kept") in treatments(why, 1)
    assert treatments(why, 2) == [("statfin", 6, 1000, "observed", "kept")]


def test_a_rate_without_a_value_says_why(engine: Engine) -> None:
    why = told(engine, "unemployment_rate", "SK181", "2025-01")
    assert observation(why).value is None
    assert str(observation(why).detail).startswith(
        "no value of unemployed / labour_force: they are incomplete in different ways"
    )
    assert [observation(why, depth).coverage_share for depth in (1, 2)] == [0.75, 0.25]


def test_a_published_rate_is_told_by_itself(engine: Engine) -> None:
    why = told(engine, "unemployment_rate", "KU290", "2025-01")
    assert treatments(why) == [("statfin", 8, 11, "observed", "kept")]
    assert {step.depth for step in why.steps} == {0}


def test_events_are_told_as_sums_of_a_file(engine: Engine) -> None:
    why = told(engine, "development_funding", "KU205", "2026-Q1")
    assert observation(why).value == 1500
    assert [
        (s.source, s.line, s.value, s.events, s.disposition, s.rule) for s in why.of("measurement")
    ] == [
        ("business_finland", None, 900, 1, "overlapped", "same_event"),
        ("evk", None, 1500, 2, "observed", "kept"),
    ]
    (overlap,) = why.of("overlap")
    assert (overlap.rule, overlap.source) == ("same_event", "business_finland")
    (link,) = why.of("event_link")
    assert (link.source, link.line) == ("business_finland", None)
    of_segment = told(engine, "development_funding", "KU205", "2026-Q1", "founder")
    assert [(s.value, s.events) for s in of_segment.of("measurement")] == [(500, 1)]


def test_small_counts_of_events_are_not_told(engine: Engine) -> None:
    (step,) = told(engine, "advice_events", "SK182", "2026-Q1").of("measurement")
    assert (step.value, step.events, step.conf_status) == (None, None, "A")


def test_sources_that_stand_for_themselves_have_an_observation_each(engine: Engine) -> None:
    why = told(engine, "outlook_score", "SK181", "2026-S1")
    assert {(step.source, step.value) for step in why.of("observation")} == {
        ("own_study", 1),
        ("council", -1),
    }
    assert all(step.known_from for step in why.of("observation"))


@pytest.mark.usefixtures("deployment")
def test_a_withheld_figure_is_not_given_away(engine: Engine) -> None:
    why = told(engine, "unemployed", "KU765", "2025-03")
    assert observation(why).detail == "withheld; reported by statfin"
    assert {rule for *_, rule in treatments(why)} == {"kept", "revised"}
    assert {step.value for step in why.steps} == {None}
    assert [gap.rule for gap in why.of("gap")] == ["suppressed"]
    asked = ["unemployed", "KU765", "2025-03"]
    for said in (
        CliRunner().invoke(command, asked),
        CliRunner().invoke(command, [*asked, "--json"]),
    ):
        assert said.exit_code == 0
        plain = said.output.replace(",", "")
        assert not {word for word in map(str, (SHOWN_ONCE, CONFIDENTIAL)) if word in plain}
    # The region around it lacks it, and nothing else.
    around = parts(told(engine, "unemployed", "SK182", "2025-03"))
    assert (around["KU205"], around["KU765"]) == (90, None)


def test_a_cell_without_an_observation_is_told_by_its_gap(engine: Engine) -> None:
    why = told(engine, "unemployed", "KU205", "2025-05")
    assert observation(why).detail == "no observation: a gap"
    assert [gap.rule for gap in why.of("gap")] == ["absent"]
    for region, period in (("KU205", "2040-01"), ("TA01", "2031-05")):
        nothing = told(engine, "unemployed", region, period)
        assert observation(nothing).detail == "no observation: not expected, not measured"
        assert nothing.of("gap") == nothing.of("measurement") == []


# -- every figure -----------------------------------------------------------------------------


def test_every_figure_rests_on_measurements_or_parts(engine: Engine) -> None:
    cells = engine.rows(
        "select indicator, region, period, segment, bool_or(is_derived), sum(value) "
        "from fct_observations group by all"
    )
    assert len(cells) > 40
    for *asked, is_derived, value in cells:
        why = told(engine, *asked)
        kept = [step for step in why.steps if step.rule == "kept" and step.depth == 0]
        below = [step for step in why.steps if step.step == "part" or step.depth > 0]
        assert kept or (is_derived and below), asked
        shown = {step.depth: observation(why, step.depth).value for step in below if step.depth}
        if shown and value is not None:  # a rate
            assert value == pytest.approx(100 * (shown[1] or 0) / (shown[2] or 0)), asked
        elif is_derived and not kept and value is not None:
            assert sum(s.value for s in below if s.value is not None) == value, asked


def test_the_trail_agrees_with_the_ledger(engine: Engine) -> None:
    trail = engine.rows(
        "select vintage, count(*) filter (disposition = 'observed'), "
        "count(*) filter (disposition = 'superseded'), "
        "count(*) filter (disposition = 'overlapped') "
        "from fct_measurements where made_of = 'row' group by vintage order by vintage"
    )
    ledger = engine.rows(
        "select vintage, rows_observed, rows_superseded, rows_overlapped from quality_ledger "
        "where dataset = 'measurements' order by vintage"
    )
    assert len(ledger) == 5
    assert trail == ledger


# -- the command, SQL, and another day --------------------------------------------------------


@pytest.mark.usefixtures("deployment")
def test_json_holds_every_measurement_of_the_cell(engine: Engine) -> None:
    said = CliRunner().invoke(command, ["unemployed", "KU205", "2025-01", "--json"])
    assert said.exit_code == 0, said.output
    document = json.loads(said.stdout)
    assert (document["region"], document["name"], document["unit"]) == (
        "KU205",
        "Kajaani",
        "persons",
    )
    assert document["as_known_on"] is None
    measurements = {
        (s["source"], s["dataset"], s["vintage"], s["file"], s["line"], s["value"])
        for s in document["steps"]
        if s["step"] == "measurement"
    }
    assert measurements == set(
        engine.rows(
            "select source, dataset, vintage, file, line, value from fct_measurements "
            "where indicator = 'unemployed' and region = 'KU205' and period = '2025-01'"
        )
    )
    assert [s["step_no"] for s in document["steps"]] == list(range(1, len(document["steps"]) + 1))


@pytest.mark.usefixtures("deployment")
def test_people_read_the_same_in_tables(engine: Engine) -> None:
    said = CliRunner().invoke(command, ["unemployment_rate", "KU205", "2025-01"])
    assert said.exit_code == 0, said.output
    for words in (
        "unemployment_rate, KU205 Kajaani, 2025-01, total",
        "Value    10 percent · A · source statfin · coverage 100%",
        "Numerator: unemployed",
        "Denominator: labour_force",
        "statfin comes first in the order",
        "delivery_1.csv:6",
    ):
        assert words in said.output


ASKED = (
    ("unemployed", "KU205", "2025-01", "total"),
    ("unemployed", "SK182", "2025-02", "total"),
    ("unemployed", "SSS", "2025-01", "total"),
    ("unemployed", "KU765", "2025-03", "total"),
    ("unemployment_rate", "KU205", "2025-01", "total"),
    ("outlook_score", "SK181", "2026-S1", "total"),
    ("development_funding", "KU205", "2026-Q1", "total"),
    ("advice_events", "SK182", "2026-01", "total"),
)
SERIES = (("unemployed", "MK18", 2014), ("unemployment_rate", "KU205", 2026))


def test_bi_users_get_the_same_from_the_published_function(engine: Engine, tmp_path: Path) -> None:
    # As people have it: a copy under another name, attached beside other files.
    copied = shutil.copy(
        engine.settings.published_dir / "current" / "marts.duckdb", tmp_path / "tuesday.duckdb"
    )
    columns = ", ".join(field.name for field in dataclasses.fields(Step))
    with duckdb.connect() as con:
        con.execute(f"attach '{copied}' as figures (read_only)")
        con.execute("use figures")
        for asked in ASKED:
            rows = con.execute(
                f"select {columns} from explain(?, ?, ?, segment_code := ?) order by step_no",
                list(asked),
            ).fetchall()
            steps = told(engine, *asked).steps
            assert [tuple(map(str, row[:13])) for row in rows] == [
                tuple(map(str, dataclasses.astuple(step)[:13])) for step in steps
            ]
            assert rows
        described = con.execute(
            "select function_name from duckdb_functions() "
            "where database_name = 'figures' and comment is not null order by 1"
        ).fetchall()
    assert {name for (name,) in described} >= {
        "explain", "observations_in_division", "series", "series_parts",
    }  # fmt: skip


def test_postgres_users_get_the_same_from_the_published_functions(
    engine: Engine, tmp_path: Path
) -> None:
    publication = publish(engine.settings, "test", [])

    def rounded(rows: list[tuple[Any, ...]]) -> list[str]:
        return [
            str(
                [
                    round(v, 9) if isinstance(v, float)
                    else v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v
                    for v in row
                ]
            )
            for row in rows
        ]  # fmt: skip

    with postgres_server(tmp_path) as url:
        publish_to_postgres(publication, url)
        publish_to_postgres(publication, url)  # every publication replaces them
        with (
            duckdb.connect(str(publication.path / "marts.duckdb"), read_only=True) as marts,
            postgres.connect(url) as connection,
            connection.cursor() as cursor,
        ):
            marts.execute("set TimeZone = 'UTC'")

            def both(function: str, asked: tuple[Any, ...]) -> tuple[list[str], list[str]]:
                arguments = ", ".join(repr(value) for value in asked)
                cursor.execute(f"select * from marts.{function}({arguments})")
                theirs = rounded(cursor.fetchall())
                ours = rounded(marts.execute(f"from {function}({arguments})").fetchall())
                return sorted(ours), sorted(theirs)

            for asked in ASKED:
                ours, theirs = both("explain", asked)
                assert theirs == ours, asked
            for series in SERIES:
                for function in ("series", "series_parts"):
                    ours, theirs = both(function, series)
                    assert theirs == ours, (function, series)
                    assert ours
            ours, theirs = both("observations_in_division", (2014,))
            assert theirs == ours
            for view in ("bi_observations_fi", "bi_observations_sv", "bi_observations_en"):
                cursor.execute(f"select * from marts.{view}")
                seen = rounded(cursor.fetchall())
                assert sorted(seen) == sorted(rounded(marts.execute(f"from {view}").fetchall()))
                assert seen


@pytest.mark.usefixtures("deployment")
def test_a_cell_is_told_as_it_was_known_on_a_day() -> None:
    with in_place_of_the_command_line(as_known_on):
        said = CliRunner().invoke(
            command,
            ["labour_force", "KU290", "2025-01", "--json", "--as-known-on", FIRST.isoformat()],
        )
    assert said.exit_code == 0, said.output
    document = json.loads(said.stdout)
    assert document["as_known_on"] == FIRST.isoformat()
    values = {s["step"]: s["value"] for s in document["steps"]}
    assert (values["observation"], values["measurement"]) == (2500, 2500)
    assert "version" not in values


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("unemployd", "KU205", "2025-01"), "There is no indicator 'unemployd'"),
        (("unemployed", "KU999", "2025-01"), "There is no region 'KU999'"),
        (("unemployed", "KU205' or '1", "2025-01"), "There is no region"),
        (("unemployed", "KU205", "2025-13"), "There is no period '2025-13'"),
        (("unemployed", "KU205", "2025-01", "large"), "not measured in the segment 'large'"),
    ],
)
def test_what_is_unknown_is_said_readably(
    engine: Engine, asked: tuple[str, ...], said: str
) -> None:
    with pytest.raises(TilannekuvaError, match=said):
        told(engine, *asked)


def test_a_deployment_that_never_published_says_so(settings: Settings) -> None:
    with pytest.raises(TilannekuvaError, match="Run `make refresh` first"):
        read_explanation(
            settings.published_dir / "current" / "marts.duckdb", "unemployed", "SSS", "2025"
        )
