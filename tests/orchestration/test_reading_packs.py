"""Reading packs of steering groups: frozen once, out of what was published, and kept.

One deployment is published three times: on the day on which a pack is due, a day later with a
revision, and two weeks later when the next meeting is near.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import stat
from dataclasses import dataclass, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from assets.errors import TilannekuvaError
from assets.settings import Settings
from orchestration.cli import main
from orchestration.dbt import BuildState, manifest
from orchestration.definitions import (
    PUBLICATION_KEY,
    READING_PACKS_KEY,
    build_publication,
    build_reading_packs,
)
from orchestration.reading_packs import freeze_reading_packs, reading_packs
from orchestration.reading_packs.content import summary
from orchestration.reading_packs.sections import all_sections, words
from tests.conftest import TODAY
from tests.engine import Engine

pytestmark = pytest.mark.slow

FIRST, SECOND = date(2026, 12, 6), date(2026, 12, 20)


def unemployed(value: int, month: str = "2026-09") -> dict[str, object]:
    return {"indicator": "unemployed", "region": "SK022", "period": month, "value": value}


def steering(planned: str, held: str = "", **more: object) -> dict[str, object]:
    return {
        "region": "SK022",
        "group": "steering_group",
        "planned_on": planned,
        "held_on": held,
    } | (more)


def item(measure: str, **more: object) -> dict[str, object]:
    return {"region": "SK022", "year": 2026, "section": "Yhteistyö", "objective": "Tunnetaan",
            "measure": measure} | more  # fmt: skip


@dataclass
class Told:
    """What was published, and which packs each publication froze."""

    engine: Engine
    frozen: list[list[str]]
    bytes_of_first: dict[str, bytes]

    def pack(self, day: date) -> Path:
        return self.engine.settings.reading_packs_dir / "SK022" / day.isoformat()

    def content(self, day: date) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.pack(day) / "pack.json").read_text("utf-8"))
        return content

    def rows(self, day: date, key: str) -> list[dict[str, Any]]:
        (section,) = (s for s in self.content(day)["sections"] if s["key"] == key)
        rows: list[dict[str, Any]] = section["rows"]
        return rows


def publish(engine: Engine) -> list[str]:
    """Take in, build, publish and freeze as the job does; the packs that the asset reports."""
    engine.take_in()
    engine.build()
    BuildState(engine.settings).succeed(None, [])

    def load_settings() -> Settings:
        return engine.settings

    result = dg.materialize([build_publication(load_settings), build_reading_packs(load_settings)])
    _, event = result.get_asset_materialization_events()
    told = event.materialization.metadata["reading_packs"].value
    assert isinstance(told, list)
    return [str(path) for path in told]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    workshop = tmp_path_factory.mktemp("packs")
    settings = Settings(home=workshop / "home", sources="landing", today=TODAY, today_is_set=True)
    engine = Engine(settings, workshop)
    engine.drop("employment_area", "measurements", [unemployed(500, "2026-08"), unemployed(510)])
    engine.drop(
        "employment_area",
        "measurements",
        [{"indicator": "unemployed", "region": "SK022", "period": "2026-07", "value": "",
          "status": "Q", "conf_status": "C"}],
    )  # fmt: skip
    engine.drop(
        "coordinator",
        "meetings",
        [
            steering("2026-09-01", "2026-09-02", attendees=9),
            {"region": "SK022", "group": "working_group", "planned_on": "2026-08-05",
             "held_on": "2026-08-05", "topic": "ennen edellistä"},
            {"region": "SK022", "group": "working_group", "planned_on": "2026-10-05",
             "held_on": "2026-10-05", "topic": "<script>alert(1)</script>"},
            steering(FIRST.isoformat(), topic="Hyväksyminen"),
            steering(SECOND.isoformat()),
            # A group that meets today gets its pack, one that is past or far does not.
            {"region": "SS01", "group": "steering_group", "planned_on": TODAY.isoformat()},
            {"region": "SS02", "group": "steering_group", "planned_on": "2026-11-21"},
            {"region": "SS03", "group": "steering_group", "planned_on": "2026-12-07"},
            {"region": "SS04", "group": "working_group", "planned_on": "2026-11-30"},
        ],
    )  # fmt: skip
    engine.drop(
        "coordinator",
        "plan_basics",
        [{"region": "SK022", "year": 2026, "approved_on": "2025-12-10", "budget_eur": "1234,50"}],
    )
    engine.drop(
        "coordinator",
        "plan_items",
        [item("=HYPERLINK(1)", ends_on="2026-06-30", status="in_progress", indicator="unemployed",
              target="480")],
    )  # fmt: skip

    frozen = [publish(engine)]
    first = settings.reading_packs_dir / "SK022" / FIRST.isoformat()
    kept = {path.name: path.read_bytes() for path in first.iterdir()}

    engine.drop("employment_area", "measurements", [unemployed(530)])
    engine.settings = replace(settings, today=date(2026, 11, 23))
    frozen.append(publish(engine))

    engine.settings = replace(settings, today=FIRST)
    frozen.append(publish(engine))
    return Told(engine, frozen, kept)


def test_each_meeting_that_is_near_gets_one_pack_and_no_second(told: Told) -> None:
    root = told.engine.settings.reading_packs_dir
    assert told.frozen == [
        [str(root / "SK022" / "2026-12-06"), str(root / "SS01" / "2026-11-22")],
        # The region that met after the seventh of December is near a day later.
        [str(root / "SS03" / "2026-12-07")],
        [str(root / "SK022" / "2026-12-20")],
    ]
    assert [(pack.region, pack.planned_on) for pack in reading_packs(root)] == [
        ("SK022", FIRST),
        ("SK022", SECOND),
        ("SS01", TODAY),
        ("SS03", date(2026, 12, 7)),
    ]


def test_a_pack_is_never_changed(told: Told) -> None:
    """A revision and two publications later every byte is what it was."""
    now = {path.name: path.read_bytes() for path in told.pack(FIRST).iterdir()}
    assert now == told.bytes_of_first
    assert set(now) == {"pack.json", "pack.xlsx", "pack.html"}
    for path in told.pack(FIRST).iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert [p.name for p in told.pack(FIRST).parent.iterdir() if p.name.startswith(".")] == []


def test_the_next_pack_has_the_new_figure(told: Told) -> None:
    def figure(day: date) -> tuple[Any, ...]:
        (row,) = (r for r in told.rows(day, "figures") if r["indicator"] == "unemployed")
        return tuple(row[c] for c in ("period", "value", "previous_period", "previous_value",
                                      "change", "indicator_name"))  # fmt: skip

    assert figure(FIRST) == ("2026-09", 510, "2026-08", 500, 10, "Työttömät työnhakijat")
    assert figure(SECOND) == ("2026-09", 530, "2026-08", 500, 30, "Työttömät työnhakijat")
    (measure,) = told.rows(FIRST, "measures")
    assert (measure["is_overdue"], measure["observed_value"], measure["target"]) == (
        True, 510, "480",
    )  # fmt: skip


def test_a_pack_says_what_it_rests_on(told: Told) -> None:
    content = told.content(FIRST)
    assert content["region_name"] == "Salo"
    assert (content["planned_on"], content["frozen_on"]) == ("2026-12-06", "2026-11-22")
    publication = told.engine.settings.published_dir / content["publication"]
    manifest = json.loads((publication / "manifest.json").read_text(encoding="utf-8"))
    assert content["publication_hash"] == manifest["content_hash"]
    assert content["is_sample"] is False
    hashed = content.pop("content_hash")
    again = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    assert hashlib.sha256(again.encode()).hexdigest() == hashed


def test_meetings_since_the_last_one(told: Told) -> None:
    """What came before the steering group met last is left out, and what is not yet due."""
    assert [
        (row["group_name"], row["status"], row["held_on"] or row["planned_on"])
        for row in told.rows(FIRST, "meetings")
    ] == [
        ("working_group", "held", "2026-10-05"),
        ("steering_group", "planned", "2026-12-06"),
    ]


def test_the_plan_and_the_gaps_are_in_it(told: Told) -> None:
    plans = {row["year"]: row for row in told.rows(FIRST, "plan")}
    assert plans[2026]["plan_status"] == "approved"
    assert plans[2026]["budget_eur"] == "1234.50"
    assert plans[2027]["plan_status"] == "not_due"
    gaps = {(row["kind"], row["indicator"], row["first_period"], row["last_period"], row["periods"])
            for row in told.rows(FIRST, "gaps")}  # fmt: skip
    assert ("suppressed", "unemployed", "2026-07", "2026-07", 1) in gaps
    # Nobody recorded the working group from January to July; August was held.
    assert ("absent", "meeting_activity", "2026-01", "2026-07", 7) in gaps


class _Page(HTMLParser):
    """Tags, headings and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.headings: list[str] = []
        self.text: list[str] = []
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name in {"src", "href"} or name[:2] == "on"]
        self._heading = tag == "h2"

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._heading:
            self.headings.append(data)
            self._heading = False


def test_the_page_can_be_printed_and_runs_nothing(told: Told) -> None:
    page = _Page()
    page.feed((told.pack(FIRST) / "pack.html").read_text(encoding="utf-8"))
    assert not {"script", "iframe", "img", "link"} & set(page.tags)
    assert page.headings == [
        "Luvut", "Toimintasuunnitelma", "Toimenpiteet", "Kokoukset edellisen ohjausryhmän jälkeen",
        "Nostot", "Kyselyt", "Neuvontatapahtumat vuosittain", "Rahoitus vuosittain", "Sopimus",
        "Mitä puuttuu", "Mitä on mitattu päällekkäin",
    ]  # fmt: skip
    text = " ".join(page.text)
    for told_of in ("Ohjausryhmän lukupaketti: Salo, 6.12.2026", "<script>alert(1)</script>",
                    "Työryhmä", "hyväksytty", "1\u00a0234\u00a0€", "salattu",
                    "syyskuu 2026"):  # fmt: skip
        assert told_of in text, told_of


def test_the_workbook_has_a_sheet_for_each_section(told: Told) -> None:
    book = load_workbook(io.BytesIO((told.pack(FIRST) / "pack.xlsx").read_bytes()))
    assert book.sheetnames[:4] == ["Lukupaketti", "Luvut", "Toimintasuunnitelma", "Toimenpiteet"]
    measures = book["Toimenpiteet"]
    heads = [cell.value for cell in measures[1]]
    cells = dict(zip(heads, measures[2], strict=True))
    assert cells["Toimenpide"].value == "=HYPERLINK(1)"
    assert cells["Toimenpide"].data_type == "s"
    assert cells["Päättyy"].value.date() == date(2026, 6, 30)
    assert cells["Havaittu"].value == 510
    assert cells["Mittari"].value == "Työttömät työnhakijat"


def test_an_area_without_figures_has_a_pack_that_says_so(told: Told) -> None:
    page = (told.engine.settings.reading_packs_dir / "SS01" / "2026-11-22" / "pack.html").read_text(
        encoding="utf-8"
    )
    assert "Alueelta ei ole lukuja." in page


@pytest.fixture
def other(told: Told, tmp_path: Path) -> Path:
    """A copy of a publication that may be changed."""
    source = told.engine.settings.published_dir / "current"
    (tmp_path / "manifest.json").write_bytes((source / "manifest.json").read_bytes())
    (tmp_path / "marts.duckdb").write_bytes((source / "marts.duckdb").read_bytes())
    (tmp_path / "marts.duckdb").chmod(0o644)
    return tmp_path


def test_every_table_that_tells_of_regions_is_in_a_pack_or_left_out_with_a_reason(
    other: Path,
) -> None:
    with duckdb.connect(str(other / "marts.duckdb"), read_only=True) as marts:
        of_regions = {
            table
            for (table,) in marts.execute(
                "select table_name from duckdb_columns() where column_name = 'region' "
                "and table_name like 'monitoring\\_%' escape '\\'"
            ).fetchall()
        }
        functions = " ".join(
            sql
            for (sql,) in marts.execute(
                "select macro_definition from duckdb_functions() "
                "where function_name like 'reading\\_pack\\_%' escape '\\'"
            ).fetchall()
        )
    read = {table for table in of_regions if re.search(rf"\b{table}\b", functions)}
    left_out = all_sections().left_out
    assert of_regions - read == set(left_out)
    assert all(left_out.values())


@pytest.mark.parametrize(
    ("mart", "column", "listed"),
    [
        ("monitoring_action_plans", "plan_status", "plan_status"),
        ("monitoring_action_plans", "target_reached", "target_reached"),
        ("monitoring_meetings", "status", "meeting_status"),
        ("monitoring_meetings", "clock_role", "clock_role"),
        ("monitoring_network_events", "state", "event_state"),
        ("monitoring_document_regions", "relation", "relation"),
        ("quality_gaps", "kind", "gap_kind"),
        ("quality_overlaps", "kind", "overlap_kind"),
    ],
)
def test_each_code_that_a_mart_may_have_has_a_word(mart: str, column: str, listed: str) -> None:
    (values,) = (
        node["test_metadata"]["kwargs"]["arguments"]["values"]
        if "arguments" in node["test_metadata"]["kwargs"]
        else node["test_metadata"]["kwargs"]["values"]
        for node in manifest()["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "accepted_values"
        and node["attached_node"] == f"model.tilannekuva.{mart}"
        and node["column_name"] == column
    )
    assert set(values) <= set(words()[listed])


@pytest.mark.parametrize(
    ("status", "approved", "due", "said"),
    [
        ("approved", date(2025, 12, 9), date(2025, 12, 31), "on hyväksytty 9.12.2025."),
        ("late", date(2026, 2, 3), date(2025, 12, 31), "on hyväksytty myöhässä 3.2.2026."),
        ("not_approved", None, date(2025, 12, 31), "määräpäivä oli 31.12.2025."),
        ("not_delivered", None, date(2026, 12, 31), "määräpäivä on 31.12.2026."),
        ("in_preparation", None, date(2026, 12, 31), "on hyväksyttävä viimeistään 31.12.2026."),
        ("not_due", None, date(2026, 12, 31), "on hyväksyttävä viimeistään 31.12.2026."),
        ("not_delivered", None, None, "ei ole hyväksytty."),
    ],
)
def test_the_summary_says_how_a_plan_stands(
    status: str, approved: date | None, due: date | None, said: str
) -> None:
    plan = {"year": 2026, "plan_status": status, "approved_on": approved,
            "approval_due_on": due, "measures": 0}  # fmt: skip
    rows = {"plan": [plan], "meetings": [], "findings": [], "gaps": [], "overlaps": []}
    assert summary(rows, date(2026, 12, 2))[0].endswith(said)


def test_words_are_there_for_each_column_that_shows_codes() -> None:
    lists = words()
    for section in all_sections().sections:
        for name, column in section.columns.items():
            assert not column.words or column.words in lists, (section.key, name)


def test_a_publication_of_an_older_version_gives_no_packs(other: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(other / "marts.duckdb")) as marts:
        marts.execute("drop macro table reading_packs_due")
    with pytest.raises(TilannekuvaError, match=r"older version .* Run `make refresh`"):
        freeze_reading_packs(other, tmp_path / "packs", date(2026, 12, 20))


def test_each_section_has_the_columns_that_it_shows(other: Path) -> None:
    with duckdb.connect(str(other / "marts.duckdb"), read_only=True) as marts:
        for section in all_sections().sections:
            function = section.function or section.key
            described = marts.execute(
                "select column_name "
                f"from (describe from reading_pack_{function}('SK022', date '2026-12-06'))"
            ).fetchall()
            made_here = {"change_shown", "remarks", "status_shown", "target_shown"}
            assert set(section.columns) - made_here <= {name for (name,) in described}, section.key


def test_packs_that_fail_leave_the_publication_as_it_is(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = told.engine
    # A file where the folder of packs should be.
    home = tmp_path / "home"
    shutil.copytree(engine.settings.home, home, symlinks=True)
    shutil.rmtree(home / "reading_packs")
    (home / "reading_packs").write_text("")
    settings = replace(engine.settings, home=home, today=SECOND)

    def run(**more: Any) -> dg.ExecuteInProcessResult:
        return dg.materialize(
            [build_publication(lambda: settings), build_reading_packs(lambda: settings)],
            raise_on_error=False,
            **more,
        )

    failed = run()
    assert not failed.success
    (event,) = failed.get_asset_materialization_events()
    assert event.asset_key == PUBLICATION_KEY
    published = (home / "published" / "current").resolve()
    assert published.name == event.materialization.metadata["id"].value

    # The cause is removed, and the packs alone are frozen again.
    (home / "reading_packs").unlink()
    again = run(selection=[READING_PACKS_KEY])
    assert again.success
    assert (home / "reading_packs" / "SK022" / SECOND.isoformat() / "pack.html").exists()
    assert (home / "published" / "current").resolve() == published


def test_a_pack_that_fails_leaves_nothing_behind(
    other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Exception, match=r"reading pack of SK022 .* No space left"):
        freeze_reading_packs(other, tmp_path / "packs", date(2026, 12, 20))
    assert list((tmp_path / "packs" / "SK022").iterdir()) == []


def test_the_command_lists_packs_and_says_where_they_are(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = told.engine.settings
    monkeypatch.setenv("TILANNEKUVA_HOME", str(settings.home))
    runner = CliRunner()
    listed = runner.invoke(main, ["reading-packs", "sk022"])
    assert listed.exit_code == 0, listed.output
    lines = listed.output.splitlines()
    assert len(lines) == 2
    assert "Salo" in lines[0]
    assert "meeting 2026-12-06  as known on 2026-11-22" in lines[0]

    one = runner.invoke(main, ["reading-packs", "SK022", "2026-12-06"])
    assert one.output.splitlines() == [
        str(told.pack(FIRST) / name) for name in ("pack.json", "pack.xlsx", "pack.html")
    ]
    none = runner.invoke(main, ["reading-packs", "SK181"])
    assert none.exit_code == 1
    assert "no such reading pack" in none.output
    several = runner.invoke(main, ["reading-packs", "SK022", "--open"])
    assert several.exit_code == 1
    assert "one pack to open" in several.output
