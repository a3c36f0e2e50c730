"""The answer to a delivery with rejected rows: a workbook to be mended and delivered as it is."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.deliveries import Arrival, Deliveries
from assets.landing import answers
from assets.landing.guidance import EXAMPLES
from assets.landing.reader.sheet import is_added
from assets.landing.templates import write_templates
from assets.settings import SEEDS_DIR, Settings
from tests.conftest import Drop

WHO = ("employment_area", "measurements")
ADDED = (
    "Rivi toimitetussa tiedostossa / Line",
    "Miksi riviä ei otettu vastaan",
    "Why the row was not taken in",
)
OFFENDING = "FFFFC7CE"
GOOD = {"mittari": "unemployed", "alue": "KU205", "jakso": "2025-03", "arvo": "12"}


def take_in(settings: Settings, who: tuple[str, str] = WHO, **more: Any) -> Arrival:
    """A refresh of its own, as another run of the platform would do it."""
    return Deliveries(settings, **more).take_in(*who)


def answer_of(settings: Settings, arrival: Arrival) -> Path:
    (path,) = arrival.answers
    return settings.home / path


def sheets(path: Path) -> list[Worksheet]:
    """The visible sheets."""
    return [s for s in openpyxl.load_workbook(path) if s.sheet_state == "visible"]


def rows(sheet: Worksheet) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def reasons(path: Path) -> list[tuple[str, str]]:
    """What the answer says of each row, in Finnish and English."""
    return [row[-2:] for row in rows(sheets(path)[0])[1:]]


def summary(path: Path) -> dict[str, Any]:
    return {row[1]: row[2] for row in rows(sheets(path)[1]) if row[1] and len(row) > 2}


def mended(path: Path, cells: Mapping[str, object], to: Path) -> None:
    """The answer with some cells of its first sheet mended, saved for delivery."""
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        book.worksheets[0][place] = value
    to.parent.mkdir(parents=True, exist_ok=True)
    book.save(to)


def accepted(settings: Settings, who: tuple[str, str] = WHO) -> list[dict[str, Any]]:
    """The rows of the newest vintage."""
    zone = Deliveries(settings).zone
    return pq.read_table(zone.path_of(zone.vintages(*who)[-1])).to_pylist()


# -- what it holds -------------------------------------------------------------------------------


def test_only_the_rejected_rows_are_in_it_as_delivered_with_line_and_reasons(
    settings: Settings, drop: Drop
) -> None:
    wrong = {"alue": "Atlantis", "arvo": "12,5", "kissa": "musta"}
    drop(*WHO, "luvut.csv", [GOOD, GOOD | wrong, GOOD | {"jakso": "2025-04"}])
    arrival = take_in(settings)
    path = answer_of(settings, arrival)
    # By the name of the file that was delivered.
    assert arrival.answers == ["quarantine/employment_area/measurements/luvut.csv.xlsx"]
    first, second = sheets(path)
    assert (first.title, second.title) == ("measurements", "Yhteenveto – Summary")
    header, row = rows(first)
    assert header == ("mittari", "alue", "jakso", "arvo", "kissa", *ADDED)
    assert row[:6] == ("unemployed", "Atlantis", "2025-03", "12,5", "musta", 3)
    assert row[6].startswith("alue: 'Atlantis' ei ole luettelon alue")
    assert row[7] == "alue: 'Atlantis' is not a region of the catalogue"
    told = summary(path)
    assert told["File"] == "luvut.csv"
    assert (told["Rows in the file"], told["Taken in"], told["Not taken in"]) == (3, 2, 1)
    assert told["Columns that are not known"] == "kissa"


def test_a_file_with_swedish_headers_is_answered_in_swedish(settings: Settings, drop: Drop) -> None:
    row = {"indikator": "unemployed", "område": "Esbbo", "tidsperiod": "2025-03", "värde": "12"}
    drop(*WHO, "siffror.csv", [row, row | {"område": "Esbo", "värde": ""}, {}])
    path = answer_of(settings, take_in(settings))
    first, second = sheets(path)
    assert rows(first)[0][4:] == (
        "Rad i den levererade filen / Line",
        "Varför raden inte togs emot",
        "Why the row was not taken in",
    )
    (swedish, english), *_ = reasons(path)
    assert swedish.startswith("område: ")
    assert "är inte ett område i förteckningen (menade du KU049 Esbo" in swedish
    assert english.startswith(
        "område: 'Esbbo' is not a region of the catalogue (did you mean KU049"
    )
    assert swedish.split(": ", 1)[1] in first["B2"].comment.text
    assert second.title == "Sammanfattning – Summary"
    told = [row[:2] for row in rows(second)]
    assert ("Togs inte emot", "Not taken in") in told
    assert not {"Syyt", "Mitä tehdä"} & {cell for row in told for cell in row}


def test_the_cell_that_is_wrong_is_marked_and_explained_in_both_languages(
    settings: Settings, drop: Drop
) -> None:
    drop(*WHO, "luvut.csv", [GOOD | {"alue": "Sotkammo", "arvo": "monta"}, GOOD | {"alue": ""}])
    page = sheets(answer_of(settings, take_in(settings)))[0]
    marked = {
        cell.coordinate
        for row in page.iter_rows(min_row=2, max_col=4)
        for cell in row
        if cell.fill.fgColor.rgb == OFFENDING
    }
    assert marked == {"B2", "D2", "B3"}
    assert {cell.coordinate for row in page.iter_rows() for cell in row if cell.comment} == marked
    note = page["B2"].comment.text
    assert "(tarkoititko: KU765 Sotkamo?)" in note
    assert "(did you mean KU765 Sotkamo?)" in note
    assert "pakollinen sarake alue on tyhjä" in page["B3"].comment.text


def test_a_row_that_is_wrong_as_a_whole_is_marked_as_a_whole(
    settings: Settings, drop: Drop
) -> None:
    drop(*WHO, "luvut.csv", "mittari,alue,jakso,arvo\nunemployed,Yhteensä,2025-03,99\n")
    path = answer_of(settings, take_in(settings))
    cells = next(sheets(path)[0].iter_rows(min_row=2, max_col=4))
    assert [cell.fill.fgColor.rgb for cell in cells] == [OFFENDING] * 4
    ((finnish, english),) = reasons(path)
    assert finnish == "summarivi; alusta laskee summat itse, poista rivi"
    assert english == "a total row; totals are computed by the platform"


def test_the_summary_counts_each_kind_of_reason(settings: Settings, drop: Drop) -> None:
    wrong = [GOOD | {"alue": f"Atlantis {n}"} for n in range(3)]
    drop(*WHO, "luvut.csv", [*wrong, GOOD | {"arvo": "monta"}, GOOD | {"alue": "Kajaani"}])
    table = rows(sheets(answer_of(settings, take_in(settings)))[1])
    start = next(n for n, row in enumerate(table) if row[0] == "Sarake")
    assert [(row[0], row[2], row[4]) for row in table[start + 1 :]] == [
        ("alue", 3, "'Atlantis 0' is not a region of the catalogue"),
        ("arvo", 1, "'monta' is not a number; write digits with a decimal point or comma"),
        ("alue", 1, "'Kajaani' names 2 regions; write the code: KU205, SK182"),
    ]


def test_a_delivery_without_a_rejected_row_has_no_answer(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "luvut.csv", [GOOD])
    assert take_in(settings).answers == []
    assert not settings.quarantine_dir.exists()


@pytest.mark.parametrize(
    ("header", "region", "segment"),
    [
        ("alue", "KU205 Kajaani", "Suuryritykset"),
        ("område", "KU205 Kajana", "Stora företag"),
        ("region", "KU205 Kajaani", "Large enterprises"),
    ],
)
def test_cells_are_chosen_from_the_lists_of_the_templates(
    settings: Settings, drop: Drop, header: str, region: str, segment: str
) -> None:
    row = {k: v for k, v in GOOD.items() if k != "alue"}
    drop(*WHO, "luvut.csv", [{header: "Atlantis"} | row | {"segmentti": "muut"}])
    book = openpyxl.load_workbook(answer_of(settings, take_in(settings)))
    rules = {str(r.sqref): r for r in book.worksheets[0].data_validations.dataValidation}
    assert set(rules) == {"A2", "B2", "C2", "D2", "E2"}
    lists = book["Lists"]
    assert lists.sheet_state == "hidden"
    place = rules["A2"].formula1.removeprefix("Lists!")
    assert region in [cell.value for (cell,) in lists[place]]
    segments = [cell.value for (cell,) in lists[rules["E2"].formula1.removeprefix("Lists!")]]
    # In the language of the headers.
    assert segment in segments
    assert rules["A2"].errorStyle == "warning"


def test_a_cell_that_looks_like_a_formula_stays_text(settings: Settings, drop: Drop) -> None:
    cells = {"alue": "=1+1", "huomautus": "@SUM(A1)", "jakso": "#N/A", "arvo": "\x01-"}
    drop(*WHO, "luvut.csv", [GOOD | cells])
    page = sheets(answer_of(settings, take_in(settings)))[0]
    given = [(cell.value, cell.data_type) for cell in page[2][:5]]
    assert given == [
        ("unemployed", "s"), ("=1+1", "s"), ("#N/A", "s"), ("\ufffd-", "s"), ("@SUM(A1)", "s"),
    ]  # fmt: skip
    assert [page[place].number_format for place in ("B2", "E2")] == ["@", "@"]


def test_a_cell_that_no_workbook_holds_is_shortened_and_says_so(
    settings: Settings, drop: Drop
) -> None:
    drop(*WHO, "luvut.csv", [GOOD | {"arvo": "x", "huomautus": "n" * 40_000}])
    path = answer_of(settings, take_in(settings))
    assert len(sheets(path)[0]["E2"].value) < 32_767
    assert "huomautus: solu on liian pitkä työkirjaan" in reasons(path)[0][0]


# -- mended and delivered ------------------------------------------------------------------------

#: A column of each dataset whose examples it makes wrong, what is written there, and what is right.
MISTAKES: Mapping[str, tuple[str, str]] = {
    "measurements": ("region", "Atlantis"),
    "funding_decisions": ("amount_eur", "paljon"),
    "advice_events": ("region", "Kajaani"),
    "transfers": ("accepted", "ehkä"),
    "plan_basics": ("year", "26"),
    "plan_items": ("status", "puolivalmis"),
    "meetings": ("planned_on", "pian"),
    "survey_answers": ("answered_on", "2099-01-01"),
    "programme_measures": ("status", "jäissä"),
    "network_events": ("starts_on", "31.2.2026"),
    "strategy_goals": ("due_on", "2200-01-01"),
    "rdi_services": ("url", "ei ole"),
    "agreements": ("signed_on", ""),
    "network_members": ("region", "MK99"),
    "documents": ("indicators", "unemploied"),
    "findings": ("noted_on", "eilen"),
    "networks": ("meeting_months", "joskus"),
    "projects": ("starts_on", "pian"),
    "situation_reports": ("year", "26"),
    "indicator_choices": ("indicator", "unemploied"),
    "goals": ("target_value", "paljon"),
    "reporting_duties": ("cadence", "joskus"),
}


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    write_templates(folder, Catalogue.load())
    return folder


@pytest.mark.parametrize(
    ("language", "ending"), [("fi", "csv"), ("fi", "xlsx"), ("sv", "csv"), ("en", "xlsx")]
)
@pytest.mark.parametrize("dataset", DATASETS)
def test_an_answer_with_its_cells_mended_is_taken_in_as_it_is(
    settings: Settings,
    examples: Path,
    monkeypatch: pytest.MonkeyPatch,
    dataset: str,
    language: str,
    ending: str,
) -> None:
    """Every row of the example is spoilt, delivered, mended in the answer and delivered again."""
    monkeypatch.setenv("TILANNEKUVA_HASH_KEY", "the same in both homes")
    who = (EXAMPLES[dataset].source, dataset)
    column, mistake = MISTAKES[dataset]
    number = [c.name for c in DATASETS[dataset].columns].index(column) + 1
    example = examples / f"{dataset}_{language}_example.xlsx"
    book = openpyxl.load_workbook(example)
    page = book.worksheets[0]
    right = [page.cell(line, number).value for line in range(2, page.max_row + 1)]
    for line in range(2, page.max_row + 1):
        page.cell(line, number).value = mistake
    place = settings.landing_dir.joinpath(*who)
    place.mkdir(parents=True)
    delivered = place / f"esimerkki.{ending}"
    if ending == "xlsx":
        book.save(delivered)
    else:
        lines = [[written(cell) for cell in row] for row in page.iter_rows(values_only=True)]
        text = "".join(";".join(f'"{cell}"' for cell in row) + "\r\n" for row in lines)
        delivered.write_bytes(text.encode("cp1252"))
    refused = take_in(settings, who)
    count = len(right)
    assert (refused.outcome, refused.rows_quarantined) == ("new", count), refused.message

    answer = sheets(answer_of(settings, refused))[0]
    letter = openpyxl.utils.get_column_letter(number)
    cells = {f"{letter}{line}": value for line, value in enumerate(right, start=2)}
    assert [cell.fill.fgColor.rgb for (cell,) in answer[f"{letter}2:{letter}{count + 1}"]] == [
        OFFENDING
    ] * count
    mended(answer_of(settings, refused), cells, place / "korjattu.xlsx")
    arrival = take_in(settings, who)
    assert arrival.samples == []
    assert (arrival.outcome, arrival.rows_delivered, arrival.answers) == ("new", count, [])
    # The added columns are passed over without a word.
    assert arrival.vintages[-1].notes is None
    kept = accepted(settings, who)

    shutil.rmtree(settings.home)
    place.mkdir(parents=True)
    shutil.copy(example, place)
    take_in(settings, who)
    origin = {"source", "dataset", "vintage", "line"}
    for row, was in zip(kept, accepted(settings, who), strict=True):
        assert {k: v for k, v in row.items() if k not in origin} == {
            k: v for k, v in was.items() if k not in origin
        }


def written(cell: object) -> str:
    if isinstance(cell, datetime):
        return f"{cell.day}.{cell.month}.{cell.year}"
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return "" if cell is None else str(cell).replace('"', '""')


def test_what_the_other_rows_of_a_column_decided_is_decided_in_the_answer(
    settings: Settings, drop: Drop
) -> None:
    """Alone, 1.234 reads both ways, and so does 3/4/2026."""
    who = ("evk", "funding_decisions")
    drop(
        *who,
        "paatokset.csv",
        "decision_id;region;granted_on;amount_eur\n"
        "D1;MK18;15/4/2026;1,5\n"
        "D2;Atlantis;3/4/2026;1.234\n",
    )
    refused = take_in(settings, who)
    assert refused.rows_quarantined == 1
    mended(
        answer_of(settings, refused), {"B2": "MK18"}, settings.landing_dir.joinpath(*who, "k.xlsx")
    )
    arrival = take_in(settings, who)
    assert arrival.samples == []
    (row,) = accepted(settings, who)
    assert (row["granted_on"], row["amount_eur"]) == (date(2026, 4, 3), 1234)


def test_numbers_of_a_workbook_stay_numbers(settings: Settings, drop: Drop) -> None:
    book = openpyxl.Workbook()
    for line in [[*GOOD, "osuus"], ["unemployed", "Atlantis", "2025-03", 1.234, 0.12345]]:
        book.active.append(line)
    book.active["A3"], book.active["B3"] = "unemployment_rate", "KU999"
    book.active["C3"], book.active["D3"] = "2025-03", 0.08125
    book.active["D3"].number_format = "0.0 %"
    stream = io.BytesIO()
    book.save(stream)
    drop(*WHO, "luvut.xlsx", stream.getvalue())
    path = answer_of(settings, take_in(settings))
    mended(
        path,
        {"B2": "KU205", "A2": "unemployment_rate", "B3": "KU205", "C3": "2025-04"},
        settings.landing_dir.joinpath(*WHO, "k.xlsx"),
    )
    arrival = take_in(settings)
    assert arrival.samples == []
    assert [row["value"] for row in accepted(settings)] == [1.234, 8.125]


def test_an_answer_that_is_delivered_unmended_is_refused_again_and_grows_no_columns(
    settings: Settings, drop: Drop
) -> None:
    text = "mittari,alue,jakso,arvo\nunemployed,Atlantis,2025-03,1\nhuom,,,\nSumma,Yhteensä,,2\n"
    drop(*WHO, "luvut.csv", text)
    first = answer_of(settings, take_in(settings))
    drop(*WHO, "luvut_2.xlsx", first.read_bytes())
    again = take_in(settings)
    assert (again.rows_delivered, again.rows_quarantined) == (3, 3)
    second = sheets(answer_of(settings, again))[0]
    assert rows(second)[0] == rows(sheets(first)[0])[0]
    # The line is that of the file that was delivered last.
    assert [row[4] for row in rows(second)[1:]] == [2, 3, 4]


def test_no_column_of_a_contract_is_taken_for_an_added_one() -> None:
    for dataset in DATASETS.values():
        assert not any(is_added(header) for header in dataset.by_header)


def test_a_line_of_several_values_is_one_row_of_the_answer(settings: Settings, drop: Drop) -> None:
    who = ("statfin", "measurements")
    header = (
        "Region;Enterprise openings 1st quarter;Change in quantity QI/10-QI/09;"
        "Enterprise closures 4th quarter\n"
    )
    drop(*who, "wide.csv", header + "Atlantis;1;2;3\nLapland;x;1;90\n")
    refused = take_in(settings, who)
    path = answer_of(settings, refused)
    told = reasons(path)
    assert len(told) == 2
    assert told[0][1].count("'Atlantis' is not a region") == 2
    page = sheets(path)[0]
    marked = [cell.value for cell in page[3] if cell.fill.fgColor.rgb == OFFENDING]
    assert marked == ["x"]
    mended(path, {"A2": "Kainuu", "B3": 5}, settings.landing_dir.joinpath(*who, "k.xlsx"))
    assert take_in(settings, who).samples == []
    assert sorted((row["region"], row["value"]) for row in accepted(settings, who)) == [
        ("MK18", 1), ("MK18", 3), ("MK19", 5), ("MK19", 90),
    ]  # fmt: skip


# -- many rows -----------------------------------------------------------------------------------


def test_only_the_first_of_very_many_rows_are_in_it_and_the_others_are_counted(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MAX_ROWS", 3)
    monkeypatch.setattr(answers, "MAX_NOTES", 2)
    drop(*WHO, "luvut.csv", [GOOD | {"alue": f"Atlantis {n}"} for n in range(8)])
    path = answer_of(settings, take_in(settings))
    page = sheets(path)[0]
    assert page.max_row == 1 + 3
    assert sum(cell.comment is not None for (cell,) in page["B2:B4"]) == 2
    told = summary(path)
    assert (told["Not taken in"], told["Of these in this answer"]) == (8, "3 (+ 5)")


def test_rows_of_long_texts_are_fewer(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MAX_CHARACTERS", 500)
    wrong = GOOD | {"alue": "Atlantis", "huomautus": "n" * 200}
    drop(*WHO, "luvut.csv", [wrong] * 5)
    path = answer_of(settings, take_in(settings))
    assert sheets(path)[0].max_row == 1 + 2
    assert summary(path)["Of these in this answer"] == "2 (+ 3)"


# -- where it lies, and how long -----------------------------------------------------------------


def test_two_deliveries_of_one_name_have_an_answer_each(settings: Settings, drop: Drop) -> None:
    found = []
    for n, content in enumerate(
        [[GOOD | {"alue": "A"}], "ei taulukko", [GOOD | {"alue": "B"}], "ei tämäkään"]
    ):
        drop(*WHO, "luvut.csv", content, at=datetime(2026, 3, 1 + n, tzinfo=UTC))
        found += take_in(settings).answers
    assert [Path(path).name for path in found] == [
        "luvut.csv.xlsx", "luvut.csv~2.xlsx", "luvut.csv~3.xlsx", "luvut.csv~4.xlsx",
    ]  # fmt: skip
    assert "'A'" in reasons(settings.home / found[0])[0][1]
    assert "'B'" in reasons(settings.home / found[2])[0][1]


def test_a_csv_and_a_workbook_of_one_stem_have_an_answer_each(
    settings: Settings, drop: Drop
) -> None:
    book = openpyxl.Workbook()
    for line in [list(GOOD), list((GOOD | {"alue": "Atlantis"}).values())]:
        book.active.append(line)
    stream = io.BytesIO()
    book.save(stream)
    drop(*WHO, "luvut.xlsx", stream.getvalue())
    drop(*WHO, "luvut.csv", [GOOD | {"alue": "Atlantis"}])
    assert [Path(path).name for path in take_in(settings).answers] == [
        "luvut.xlsx.xlsx",
        "luvut.csv.xlsx",
    ]


def test_the_longest_file_name_has_an_answer_too(settings: Settings, drop: Drop) -> None:
    for letter in ("a", "b"):
        drop(*WHO, f"{'ä' * 124}{letter}.csv", [GOOD | {"alue": letter}])
    found = take_in(settings).answers
    assert len(set(found)) == 2
    assert all((settings.home / path).exists() for path in found)


@pytest.fixture
def grown(tmp_path: Path) -> Catalogue:
    """The catalogue after somebody has added `kokeilu`, an indicator of the employment areas."""
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS_DIR, seeds)
    indicators = (seeds / "indicators.csv").read_text(encoding="utf-8")
    row = next(r for r in indicators.splitlines() if r.startswith("labour_force,"))
    renamed = row.replace("labour_force", "kokeilu", 1).replace("Työvoima", "Kokeilu", 1)
    (seeds / "indicators.csv").write_text(indicators + renamed + "\n", encoding="utf-8")
    with (seeds / "indicator_sources.csv").open("a", encoding="utf-8") as stream:
        stream.write("kokeilu,employment_area,1,*,KU,,\n")
    return Catalogue.load(seeds)


@pytest.mark.parametrize("renamed", [False, True])
def test_when_all_rows_pass_after_a_catalogue_change_the_answer_goes_away(
    settings: Settings, drop: Drop, grown: Catalogue, renamed: bool
) -> None:
    path = drop(*WHO, "luvut.csv", [GOOD | {"mittari": "kokeilu"}])
    answer = answer_of(settings, take_in(settings))
    assert answer.exists()
    if renamed:
        path.rename(path.with_name("toinen.csv"))
    assert take_in(settings, catalogue=grown).answers == []
    assert list(settings.quarantine_dir.rglob("*.xlsx")) == []


def test_when_some_rows_pass_after_a_catalogue_change_the_answer_holds_the_others(
    settings: Settings, drop: Drop, grown: Catalogue
) -> None:
    drop(*WHO, "luvut.csv", [GOOD | {"mittari": "kokeilu"}, GOOD | {"alue": "Atlantis"}])
    answer = answer_of(settings, take_in(settings))
    assert len(reasons(answer)) == 2
    assert answer_of(settings, take_in(settings, catalogue=grown)) == answer
    assert [row[4] for row in rows(sheets(answer)[0])[1:]] == [3]


def test_an_answer_is_not_told_again_when_nothing_is_new(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "luvut.csv", [GOOD | {"alue": "Atlantis"}])
    answer = answer_of(settings, take_in(settings))
    before = answer.read_bytes()
    assert take_in(settings).answers == []
    assert answer.read_bytes() == before


def test_the_same_delivery_gives_the_same_bytes(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 3, 1, 8, tzinfo=UTC)
    found = []
    for n in range(2):
        at = moment + timedelta(seconds=n)
        monkeypatch.setattr(Settings, "now", lambda _, at=at: at)
        drop(*WHO, "luvut.csv", [GOOD | {"alue": "Atlantis", "arvo": "x"}], at=moment)
        drop(*WHO, "rikki.csv", "a;b\n1;2\n", at=moment)
        found.append([(settings.home / a).read_bytes() for a in take_in(settings).answers])
        shutil.rmtree(settings.home)
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_a_quarantine_of_before_there_were_answers_goes_on(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "luvut.csv", [GOOD, GOOD | {"alue": "Atlantis"}])
    drop(*WHO, "rikki.csv", "a;b\n1;2\n")
    for path in take_in(settings).answers:
        (settings.home / path).unlink()
    again = take_in(settings)
    assert (again.outcome, again.answers) == ("unchanged", [])
    Deliveries(settings).zone.write_index()
    listed = pq.read_table(settings.raw_dir / "_index" / "quarantine.parquet").to_pylist()
    assert [row["line"] for row in listed] == [3, 0]


# -- files that cannot be read -------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_answered_with_the_reason_and_what_was_found(
    settings: Settings, drop: Drop
) -> None:
    drop("coordinator", "meetings", "kokous.csv", "Seutu;Milloin\nKyrönmaa;tammikuussa\n")
    arrival = take_in(settings, ("coordinator", "meetings"))
    path = answer_of(settings, arrival)
    assert path.name == "kokous.csv.xlsx"
    first, template = sheets(path)
    told = [[cell for cell in row if cell is not None] for row in rows(first)]
    finnish, swedish, english = told[told.index(["Syy", "Orsak", "Reason"]) + 1]
    assert "puuttuu: alue, ryhmä, suunniteltu" in finnish
    assert "det saknas: område, grupp, planerad" in swedish
    assert "missing: region, group, planned_on" in english
    assert ["Seutu;Milloin"] in told
    assert ["Kyrönmaa;tammikuussa"] in told
    assert [cell.value for cell in template[1]][:3] == ["Alue", "Ryhmä", "Suunniteltu"]


def test_the_template_for_a_file_that_cannot_be_read_has_the_language_of_its_header(
    settings: Settings, drop: Drop
) -> None:
    drop("coordinator", "meetings", "mote.csv", "Område;Grupp\nRaseborg;styrgrupp\n")
    _, template = sheets(answer_of(settings, take_in(settings, ("coordinator", "meetings"))))
    assert [cell.value for cell in template[1]][:3] == ["Område", "Grupp", "Planerad"]


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_template_of_an_answer_can_be_filled_in_and_delivered(
    settings: Settings, drop: Drop, examples: Path, dataset: str
) -> None:
    who = (EXAMPLES[dataset].source, dataset)
    drop(*who, "tyhja.csv", "")
    path = answer_of(settings, take_in(settings, who))
    book = openpyxl.load_workbook(path)
    example = openpyxl.load_workbook(examples / f"{dataset}_fi_example.xlsx").worksheets[0]
    lines = list(example.iter_rows(values_only=True))
    assert tuple(cell.value for cell in book.worksheets[1][1]) == lines[0]
    for line in lines[1:]:
        book.worksheets[1].append(line)
    book.save(settings.landing_dir.joinpath(*who, "taytetty.xlsx"))
    arrival = take_in(settings, who)
    assert arrival.samples == []
    assert arrival.rows_delivered == len(lines) - 1


@pytest.mark.parametrize(
    ("name", "content", "finnish", "found"),
    [
        ("a.pdf", b"%PDF-1.7 abc", "ei .pdf", "%PDF-1.7 abc"),
        ("a.csv", b"\x00\x01\x02", "ei ole UTF-8-", None),
        ("a.xlsx", b"PK\x03\x04 broken", "Työkirja on vioittunut", None),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table>", "verkkosivu", "<html><table><tr>"),
        ("a.csv", b"x" * 3_000_000, "merkkiä, joten tämä ei ole taulukko", "xxx"),
    ],
)  # fmt: skip
def test_whatever_a_file_is_its_sender_is_told(
    settings: Settings, drop: Drop, name: str, content: bytes, finnish: str, found: str | None
) -> None:
    drop(*WHO, name, content)
    arrival = take_in(settings)
    table = rows(sheets(answer_of(settings, arrival))[0])
    told = "\n".join(str(cell) for row in table for cell in row if cell)
    assert finnish in told
    assert ("first rows of the file" in told) == (found is not None)
    assert found is None or found in told


def test_a_workbook_that_lacks_columns_shows_its_first_rows(settings: Settings, drop: Drop) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Seutu", "Luku"])
    book.active.append(["Kyrönmaa", 12])
    stream = io.BytesIO()
    book.save(stream)
    drop(*WHO, "luvut.xlsx", stream.getvalue())
    table = rows(sheets(answer_of(settings, take_in(settings)))[0])
    assert {"Seutu | Luku", "Kyrönmaa | 12"} <= {row[0] for row in table}


def test_a_file_that_has_become_readable_leaves_no_answer_behind(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(*WHO, "luvut.csv", [GOOD])
    with monkeypatch.context() as earlier:
        earlier.setattr("assets.deliveries.from_landing.SUFFIXES", (".xlsx",))
        assert answer_of(settings, take_in(settings)).exists()
    path.rename(path.with_name("toinen.csv"))
    assert take_in(settings).outcome == "new"
    assert [p for p in settings.quarantine_dir.rglob("*") if p.is_file()] == []


def test_a_file_in_the_wrong_place_is_answered_where_its_folder_says(
    settings: Settings, drop: Drop
) -> None:
    drop("kunta", "luvut", "a.csv", [GOOD])
    drop("prh", "meetings", "b.csv", [GOOD])
    Deliveries(settings).landing.quarantine_strays()
    stray, other = (
        settings.quarantine_dir / "kunta" / "luvut" / "a.csv.xlsx",
        settings.quarantine_dir / "prh" / "meetings" / "b.csv.xlsx",
    )
    told = "\n".join(str(cell) for row in rows(sheets(stray)[0]) for cell in row if cell)
    assert "'kunta' ei ole luettelon lähde" in told
    assert len(sheets(stray)) == 1
    assert [sheet.title for sheet in sheets(other)] == ["Vastaus – Svar – Answer", "meetings"]


# -- what is said --------------------------------------------------------------------------------


def test_no_answer_holds_the_time_at_which_it_was_saved(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "luvut.csv", [GOOD | {"alue": "Atlantis"}])
    with zipfile.ZipFile(answer_of(settings, take_in(settings))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {2020}
        times = re.findall(rb"20\d\d-\d\d-\d\dT", archive.read("docProps/core.xml"))
        assert set(times) == {b"2020-01-01T"}


def test_required_columns_stand_out_as_in_the_templates(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "luvut.csv", [GOOD | {"alue": "Atlantis", "huomautus": "x"}])
    page = sheets(answer_of(settings, take_in(settings)))[0]
    assert [cell.font.bold for cell in page[1]][:5] == [True] * 4 + [False]
    assert page.freeze_panes == "A2"
