"""Files as people and programs damage them: no line is lost, and what is doubtful is rejected."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime

import openpyxl
import pytest

from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.landing.delivery import DeliveryReader
from assets.landing.reader import Row, Sheet, read_sheet
from assets.landing.reader.number_formats import scale_of, shows_percent
from assets.raw.content import Content
from assets.raw.delivery import Rejected
from assets.vocabulary import UnreadableDelivery

READER = DeliveryReader(Catalogue.load(), lambda text: text, date(2026, 11, 30))
EVENTS = DATASETS["advice_events"]
DECISIONS = DATASETS["funding_decisions"]
MEASUREMENTS = DATASETS["measurements"]


def sheet_of(text: str | bytes, dataset: str = "advice_events") -> Sheet:
    content = text.encode() if isinstance(text, str) else text
    return read_sheet(Content(content), DATASETS[dataset])


def rows_of(text: str | bytes, dataset: str = "advice_events") -> list[Row]:
    return list(sheet_of(text, dataset).rows)


def ids(rows: Sequence[Row]) -> list[str]:
    return [row.cells[0] for row in rows if row.problem is None]


def taken_in(
    content: bytes, source: str, dataset: str
) -> tuple[list[dict[str, object]], list[Rejected]]:
    """The accepted rows and the rejected cells of a delivery."""
    delivery = READER.read(
        source, dataset, Content(content), file="a", origin="a",
        delivered_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip
    accepted: list[dict[str, object]] = []
    rejected: list[Rejected] = []
    for batch in delivery.batches:
        accepted += batch.accepted.to_pylist()
        rejected += batch.rejected
    return accepted, rejected


# -- quotation marks ------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("column", [0, 1, 2, 3])
@pytest.mark.parametrize("stray", [(2,), (2, 5), (2, 3), (0, 3, 6), (6,)])
def test_a_stray_quotation_mark_loses_no_line(
    separator: str, column: int, stray: Sequence[int]
) -> None:
    lines = [[f"A{n}", "SK181", "2025-03-03", "kasvu"] for n in range(7)]
    for n in stray:
        lines[n][column] = f'"{lines[n][column]}'
    text = "\n".join(
        separator.join(line) for line in [["event_id", "region", "pvm", "aihe"], *lines]
    )
    rows = rows_of(text + "\n")
    assert [row.line for row in rows] == [*range(2, 9)]
    assert ids(rows) == [f"A{n}" for n in range(7)]


@pytest.mark.parametrize("between", [[""], ["A8;SK181;2025-03-03"], ["", "A8;x;y;z;v", "x"]])
def test_other_lines_between_two_stray_quotation_marks_are_lines(between: Sequence[str]) -> None:
    text = [
        "event_id;region;pvm;aihe",
        '"A0;SK181;2025-03-03;x',
        *between,
        '"A1;SK181;2025-03-03;y',
    ]
    found = {row.line: row.cells[0] for row in rows_of("\n".join(text) + "\n")}
    assert found[2] == "A0"
    assert found[3 + len(between)] == "A1"
    assert len(found) == 2 + len([line for line in between if line])


def test_a_cell_of_several_lines_stays_one_cell() -> None:
    text = (
        "event_id;region;pvm;aihe\n"
        'A;SK181;2025-03-03;"ensin; sitten;\nsen jälkeen\n\nlopuksi"\n'
        'B;SK181;2025-03-03;"x\ny"\n'
        "C;SK181;2025-03-03;z\n"
    )
    rows = rows_of(text)
    assert [(row.line, row.cells[0]) for row in rows] == [(2, "A"), (6, "B"), (8, "C")]
    assert rows[0].cells[3].count("\n") == 3


def test_free_text_with_as_many_commas_as_the_header_stays_one_cell() -> None:
    text = (
        "event_id,region,happened_on,topic\n"
        'A,SK181,2025-03-03,"We met, talked, drank, and\nplanned, hoped, laughed, and\nleft"\n'
    )
    assert [row.line for row in rows_of(text)] == [2]


def test_a_line_that_no_reading_parts_is_rejected_alone() -> None:
    header = "event_id;region;pvm;aihe\n"
    text = header + 'A;SK181;2025-03-03;a\nB;"SK181;2025-03-03\nC;SK181;2025-03-03;c\n'
    rows = rows_of(text)
    assert ids(rows) == ["A", "C"]
    (rejected,) = [row for row in rows if row.problem]
    assert rejected.line == 3
    assert rejected.problem is not None
    assert "does not close it" in rejected.problem[1]


# -- encodings ------------------------------------------------------------------------------------

TEXT = "päätösnumero;alue;myönnetty;summa;saaja\n" + "".join(
    f"TUKI-Ä{n};KU205;15.3.2026;10000;Mäki Oy\n" for n in range(3)
)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line", [0, 1, 3])
def test_a_line_in_windows_1252_does_not_change_how_the_others_are_read(
    mark: bytes, line: int
) -> None:
    lines = [text.encode() for text in TEXT.splitlines(keepends=True)]
    lines[line] = lines[line].decode().encode("cp1252")
    rows = rows_of(mark + b"".join(lines), "funding_decisions")
    assert [row.line for row in rows] == [2, 3, 4]
    wrong = [row for row in rows if row.problem]
    assert [row.line for row in wrong] == ([] if line == 0 else [line + 1])
    assert all("another encoding" in row.problem[1] for row in wrong if row.problem)
    assert {row.cells[0][:6] for row in rows} == {"TUKI-Ä"}


def test_a_line_in_utf_8_of_a_file_in_windows_1252_is_rejected() -> None:
    lines = [text.encode("cp1252") for text in TEXT.splitlines(keepends=True)]
    lines[2] = lines[2].decode("cp1252").encode()
    rows = rows_of(b"".join(lines), "funding_decisions")
    assert [row.line for row in rows if row.problem] == [3]
    assert {row.cells[0][:6] for row in rows} == {"TUKI-Ä"}


def test_a_file_whose_letters_were_garbled_says_so() -> None:
    garbled = TEXT.encode().decode("cp1252").encode()
    with pytest.raises(UnreadableDelivery, match="letters of the header row are garbled"):
        sheet_of(garbled, "funding_decisions")


# -- headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "Päätösnumero *;Alue*;Myönnetty (pp.kk.vvvv);Summa (€)",
        "1. Päätösnumero;2. Alue;3. Myönnetty:;4. Summa, €",
        "Päätösnumero / decision_id;Alue / Region;Myönnetty;Summa EUR",
        "P\u0061\u0308a\u0308to\u0308snumero;Alue\u200b;\ufeffMyönnetty;Summa",
        "päätösnumero;ALUE [koodi];Myönnetty;summa eur",
    ],
)
def test_decorated_headers_are_understood(header: str) -> None:
    sheet = sheet_of(header + "\n1;KU205;15.3.2026;100\n", "funding_decisions")
    assert [c and c.name for c in sheet.columns] == [
        "decision_id", "region", "granted_on", "amount_eur",
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["Summa (1000 €)", "Summa (t€)", "Summa, M€", "Summa (milj. €)"])
def test_a_remark_that_changes_the_numbers_is_no_decoration(header: str) -> None:
    with pytest.raises(UnreadableDelivery, match="missing: amount_eur"):
        sheet_of(
            f"päätösnumero;alue;myönnetty;{header}\n1;KU205;15.3.2026;1\n", "funding_decisions"
        )


def test_a_file_of_another_dataset_says_where_it_belongs() -> None:
    with pytest.raises(
        UnreadableDelivery, match="those of advice_events, not of funding_decisions"
    ):
        sheet_of("event_id;region;happened_on\nA;SK181;2025-03-03\n", "funding_decisions")


# -- workbooks ------------------------------------------------------------------------------------


def book_of(rows: Sequence[Sequence[object]], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in (formats or {}).items():
        book.active[cell].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(content: bytes, part: str, old: str, new: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(stream, "w") as made:
        for name in given.namelist():
            text = given.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            made.writestr(name, text)
    return stream.getvalue()


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
HEADER = ["decision_id", "region", "granted_on", "amount_eur"]


@pytest.mark.parametrize(
    ("result", "asks", "is_refused"),
    [("<v>0</v>", "1", True), ("<v></v>", "1", True), ("<v />", "0", True), ("", "0", True),
     ("<v>45000</v>", "1", False), ("<v>0.0</v>", "1", True)],
)  # fmt: skip
def test_a_formula_that_nobody_calculated_is_rejected(
    result: str, asks: str, is_refused: bool
) -> None:
    content = book_of(
        [HEADER, ["A", "KU205", "2026-03-15", "=40000+5000"], ["B", "KU205", "2026-03-15", 1]]
    )
    content = changed(
        content, SHEET, "<v />" if "<v />" in _part(content, SHEET) else "<v></v>", result
    )
    content = changed(content, BOOK, 'fullCalcOnLoad="1"', f'fullCalcOnLoad="{asks}"')
    rows = rows_of(content, "funding_decisions")
    problems = [row.problem for row in rows]
    assert (problems[0] is not None and "never calculated" in problems[0][1]) == is_refused
    assert problems[1] is None


def _part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize(
    ("code", "scale"),
    [("#,##0", 1), ("General", 1), ("#,##0,", 1000), ("0.0,,", 10**6), ("#,##0.0,", 1000),
     ("#,##0,;[Red]-#,##0,", 1000),
      ("#,##0,;0", None), ('0.0" milj. €"', None), ('#,##0 "t€"', None),
     ('#,##0 "€"', 1), ('0" kpl"', 1), ('"a,",0', 1), ("0%", 1), ("[$-40B]d.m.yyyy", 1)],
)  # fmt: skip
def test_by_how_much_a_number_format_divides(code: str, scale: int | None) -> None:
    assert scale_of(code) == scale


def test_a_percent_sign_in_a_text_of_a_format_multiplies_nothing() -> None:
    assert shows_percent("0.0%")
    assert not shows_percent('0.0" %"')


def test_a_number_is_given_as_the_workbook_shows_it() -> None:
    header = ["indicator", "region", "period", "value"]
    row = ["growth_enterprise_turnover", "MK18", "2021", 1234567]
    (found,) = rows_of(book_of([header, row], {"D2": "#,##0,"}), "measurements")
    assert found.cells[3] == "1234.567 ×1000"


@pytest.mark.parametrize("number", [2**53, 2026031700001234567, 1.5e20])
def test_an_id_that_a_cell_cannot_hold_is_rejected(number: float) -> None:
    (row,) = rows_of(book_of([HEADER, [number, "KU205", "2026-03-15", 1]]), "funding_decisions")
    assert row.problem is not None
    assert row.problem[0] == "decision_id"
    assert "rounded this id" in row.problem[1]


def test_ids_of_sixteen_digits_are_written_whole() -> None:
    (row,) = rows_of(
        book_of([HEADER, [2026031700001234, "KU205", "2026-03-15", 1]]), "funding_decisions"
    )
    assert (row.problem, row.cells[0]) == (None, "2026031700001234")


def test_hidden_rows_are_read_with_a_note() -> None:
    content = book_of([HEADER, *([n, "KU205", "2026-03-15", 1] for n in range(3))])
    content = changed(content, SHEET, '<row r="3"', '<row hidden="1" r="3"')
    sheet = sheet_of(content, "funding_decisions")
    assert "1 hidden or filtered row(s) were read" in sheet.notes
    assert len(list(sheet.rows)) == 3


@pytest.mark.parametrize(
    ("headers", "cell", "region"),
    [
        ("kunta", "Kajaani", "KU205"),
        ("Kuntakoodi *", "205", "KU205"),
        ("kommun", "Kajana", "KU205"),
        ("kommunkod;kommun", "205;Kajana", "KU205"),
        ("municipality", "5", "KU005"),
        ("maakunta", "18", "MK18"),
        ("landskap", "Kajanaland", "MK18"),
        ("seutukunta", "Kajaani", "SK182"),
    ],
)
def test_a_header_that_names_a_type_of_regions_heads_the_regions(
    headers: str, cell: str, region: str
) -> None:
    text = f"mittari;{headers};jakso;arvo\nunemployed;{cell};2026-01;5\n"
    accepted, rejected = taken_in(text.encode(), "employment_area", "measurements")
    assert ([row["region"] for row in accepted], rejected) == ([region], [])


def test_two_types_of_regions_side_by_side_are_refused_unless_one_column_is_the_region() -> None:
    rows = "unemployed;Kainuu;Kajaani;2026-01;5\n"
    with pytest.raises(UnreadableDelivery, match="missing: region"):
        rows_of(f"mittari;maakunta;kunta;jakso;arvo\n{rows}", "measurements")
    assert len(rows_of(f"mittari;alue;kunta;jakso;arvo\n{rows}", "measurements")) == 1


@pytest.mark.parametrize("word", ["Koko maa", "Kaikki", "Hela landet", "Alla", "Inalles", "Tot."])
def test_a_word_for_everything_is_no_id(word: str) -> None:
    text = f"decision_id;region;granted_on;amount_eur\n{word};KU205;2026-03-15;5\n"
    accepted, rejected = taken_in(text.encode(), "evk", "funding_decisions")
    assert (accepted, [reject.reason.kind for reject in rejected]) == ([], ["total_row"])


def test_the_euro_sign_of_iso_8859_15_is_one() -> None:
    text = "decision_id;region;granted_on;amount_eur\nD1;J\xe4ms\xe4n kaupunki;15.3.2026;100 ¤\n"
    accepted, _ = taken_in(text.encode("latin-1"), "evk", "funding_decisions")
    assert [row["amount_eur"] for row in accepted] == [100]
