"""Files to rows: CSV and XLSX as people make them."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from assets.datasets import DATASETS, Column, Dataset, Kind
from assets.landing.reader import HEADER_ROWS, Row, Sheet, is_workbook
from assets.landing.reader import read_sheet as read_content
from assets.languages import same
from assets.raw.content import Content
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.numbers import parse_day, parse_decimal

MEASUREMENTS = DATASETS["measurements"]
ENGLISH = ["indicator", "region", "period", "value", "note"]
FINNISH = ["Mittari", "Alue", "Ajanjakso", "Määrä", "Lisätieto"]
ROW = {
    "indicator": "unemployed", "region": "Pyhäjärvi", "period": "2025-03", "value": "12,5",
    "note": "hyvä",
}  # fmt: skip


def read_sheet(content: bytes, dataset: Dataset) -> Sheet:
    return read_content(Content(content), dataset)


def named(sheet: Sheet) -> list[tuple[int, dict[str, str]]]:
    """Rows with the contract's column names; unknown columns left out."""
    return [(row.line, by_name(sheet, row)) for row in sheet.rows]


def by_name(sheet: Sheet, row: Row) -> dict[str, str]:
    assert row.problem is None, row.problem
    return {c.name: cell for c, cell in zip(sheet.columns, row.cells, strict=True) if c is not None}


def problems(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(row.line, *row.problem) for row in sheet.rows if row.problem]


def read_csv(text: str) -> list[tuple[int, dict[str, str]]]:
    return named(read_sheet(text.encode(), MEASUREMENTS))


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("headers", [ENGLISH, FINNISH], ids=["english", "finnish"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 2, 0, 3, 1)], ids=["in order", "shuffled"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["unix", "windows", "mac"])
def test_a_csv_reads_the_same_in_every_encoding_delimiter_language_and_order(
    encoding: str, delimiter: str, headers: list[str], order: tuple[int, ...], ending: str
) -> None:
    cells = list(ROW.values())
    lines = [
        delimiter.join(headers[i] for i in order),
        delimiter.join(f'"{cells[i]}"' for i in order),
        "",
    ]
    content = ending.join(lines).encode(encoding)
    assert named(read_sheet(content, MEASUREMENTS)) == [(2, ROW)]


@pytest.mark.parametrize(
    "header", ["INDICATOR", " indicator ", "Mittari", "indikaattori", "TUNNUSLUKU", '"indicator"']
)
def test_case_blanks_and_quotes_of_a_header_do_not_matter(header: str) -> None:
    assert read_csv(f"{header},region,period,value\na,b,c,d\n")[0][1]["indicator"] == "a"


@pytest.mark.parametrize("header", ["region_type", "region type", "Region-Type", "aluetyyppi"])
def test_underscore_hyphen_and_blank_are_the_same_in_a_header(header: str) -> None:
    rows = read_csv(f"indicator,region,period,value,{header}\na,b,c,d,kunta\n")
    assert rows[0][1]["region_type"] == "kunta"


def test_title_rows_and_empty_rows_above_the_header_are_passed_over() -> None:
    text = (
        "Työttömät;;;\n\nAjettu 1.4.2025;;;\nindicator;region;period;value\n"
        "a;b;c;1,5\n\n;;;\ne;f;g;2\n"
    )
    assert [(line, row["value"]) for line, row in read_csv(text)] == [(5, "1,5"), (8, "2")]


def test_a_header_further_down_than_titles_reach_is_not_looked_for() -> None:
    def below(titles: int) -> str:
        return "title\n" * titles + "indicator,region,period,value\na,b,c,1\n"

    assert len(read_csv(below(HEADER_ROWS - 1))) == 1
    with pytest.raises(UnreadableDelivery, match=f"first {HEADER_ROWS} rows"):
        read_csv(below(HEADER_ROWS))


def test_line_numbers_count_the_breaks_inside_quoted_cells() -> None:
    text = 'indicator,region,period,value,note\na,b,c,1,"one\ntwo\nthree"\nd,e,f,2,\n'
    rows = read_csv(text)
    assert [(line, row["value"]) for line, row in rows] == [(2, "1"), (5, "2")]
    assert rows[0][1]["note"] == "one\ntwo\nthree"


def test_delimiters_and_doubled_quotes_inside_a_quoted_cell_belong_to_it() -> None:
    rows = read_csv('indicator,region,period,value,note\na,b,c,1,"x, ""y""; z"\n')
    assert rows[0][1]["note"] == 'x, "y"; z'


def test_quotes_that_only_another_delimiter_would_leave_open_do_no_harm() -> None:
    text = 'Otsikko,"a;""",\nindicator,region,period,value\na,b,c,1\n'
    assert [line for line, _ in read_csv(text)] == [3]


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    text = 'indicator,region,period,value,note\na,b,c,1,"open\nd,e,f,2,\ng,h,i,3,\n'
    assert [(line, row["note"]) for line, row in read_csv(text)] == [(2, "open"), (3, ""), (4, "")]
    broken = text.replace("a,b,c,1", "a,b,1")
    sheet = read_sheet(broken.encode(), MEASUREMENTS)
    rows = list(sheet.rows)
    assert [row.line for row in rows] == [2, 3, 4]
    assert [row.problem is None for row in rows] == [False, True, True]
    assert "a quotation mark opens a cell" in rows[0].problem[1]


def test_rows_shorter_or_longer_than_the_header_are_refused_and_kept_whole() -> None:
    sheet = read_sheet(
        b"indicator,region,period,value\na,b,c\nd,e,f,1,x\ng,h,i,2,,\n", MEASUREMENTS
    )
    short, long, blank = sheet.rows
    assert short.problem == ("", "the row has 3 cells, the header 4")
    assert long.problem == ("", "the row has 5 cells, the header 4")
    assert sheet.delivered(long) == {
        "indicator": "d", "region": "e", "period": "f", "value": "1", "column 5": "x"
    }  # fmt: skip
    assert (blank.problem, blank.cells) == (None, ["g", "h", "i", "2"])


def test_columns_outside_the_contract_are_named() -> None:
    sheet = read_sheet(b"indicator,region,period,value,kissa,,koira\n", MEASUREMENTS)
    assert sheet.unknown_headers == ["kissa", "koira"]
    assert list(sheet.rows) == []


@pytest.mark.parametrize("content", [b"", b"  \r\n \t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableDelivery, match=r"empty|There is no row at all"):
        read_sheet(content, MEASUREMENTS)


@pytest.mark.parametrize(
    "content", [b"indicator;region;period;value", b"value;period;alue;mittari\r\n"]
)
def test_a_header_without_rows_is_a_delivery_without_rows(content: bytes) -> None:
    assert list(read_sheet(content, MEASUREMENTS).rows) == []


@pytest.mark.parametrize("missing", MEASUREMENTS.required)
def test_a_missing_required_column_is_named_with_the_nearest_row(missing: str) -> None:
    headers = [name for name in MEASUREMENTS.required if name != missing]
    with pytest.raises(UnreadableDelivery, match=f"missing: {missing}\\.") as refused:
        read_sheet(f"title\n{';'.join(headers)}\n1;2;3\n".encode(), MEASUREMENTS)
    assert " | ".join(headers) in str(refused.value)


def test_two_columns_that_mean_the_same_and_differ_are_refused_by_name() -> None:
    header = "indicator,region,period,value,Arvo\n"
    with pytest.raises(UnreadableDelivery, match="'value' and 'Arvo' both mean value and differ"):
        read_sheet(f"{header}a,b,c,1,1\nd,e,f,2,3\n".encode(), MEASUREMENTS)
    sheet = read_sheet(f"{header}a,b,c,1,1\nd,e,f,2, 2\n".encode(), MEASUREMENTS)
    assert [row["value"] for _, row in named(sheet)] == ["1", "2"]
    assert list(sheet.unknown_headers) == []


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 4,
        b"\x81\x8d\x8f",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "indicator,region,period,value\n".encode("utf-16-le"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        b"PK\x03\x04 not a zip at all",
        workbook([ENGLISH])[:400],
    ],
    ids=[
        "all bytes",
        "undefined",
        "png",
        "utf-16 unmarked",
        "old xls",
        "not a zip",
        "cut workbook",
    ],
)
def test_what_is_neither_text_nor_a_workbook_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableDelivery):
        list(read_sheet(content, MEASUREMENTS).rows)


def test_the_first_sheet_with_a_header_row_counts() -> None:
    content = workbook(
        [["Read me"], ["indicator and region are below"]],
        [["Title"], [], FINNISH, list(ROW.values())],
        [ENGLISH],
    )
    sheet = read_sheet(content, MEASUREMENTS)
    assert (sheet.name, sheet.titles) == ("Sheet1", ["Title"])
    assert named(sheet) == [(4, ROW)]


def test_numbers_dates_and_booleans_of_a_workbook_become_the_text_people_see() -> None:
    values = [5, 12.5, 1e6, -0.25, 2025, 1.234, None, "x"]
    content = workbook([ENGLISH, *([["i", "r", "p", value, "n"] for value in values])])
    read = [row["value"] for _, row in named(read_sheet(content, MEASUREMENTS))]
    assert read == ["5", "12.5", "1000000", "-0.25", "2025", "1.234", "", "x"]
    assert problems(read_sheet(workbook([ENGLISH, ["i", "r", "p", True, "n"]]), MEASUREMENTS)) == [
        (
            2,
            "value",
            "the cell is TRUE or FALSE, which is neither a number nor an id; write the right one",
        )
    ]


def test_rows_of_a_workbook_keep_their_row_numbers_and_width() -> None:
    content = workbook([ENGLISH, [], ["a", "b", "c", 1], [None, None], ["d", "e", "f", 2, "n"]])
    sheet = read_sheet(content, MEASUREMENTS)
    rows: list[Row] = list(sheet.rows)
    assert [row.line for row in rows] == [3, 5]
    assert {len(row.cells) for row in rows} == {len(ENGLISH)}


def test_a_workbook_without_a_header_row_says_what_is_missing() -> None:
    with pytest.raises(UnreadableDelivery, match="missing: value"):
        read_sheet(workbook([["a"]], [["indicator", "region", "period"]]), MEASUREMENTS)


# -- rows that are none -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["Yhteensä", " KAIKKI YHTEENSÄ:", "Summa", "Total", "Totalt", "Sum"]
)
@pytest.mark.parametrize("row", ["{};;;12", "x;{};2025;12", "{};;;"])
def test_a_total_row_goes_to_quarantine(word: str, row: str) -> None:
    text = f"indicator;region;period;value\na;b;c;1\n{row.format(word)}\n"
    sheet = read_sheet(text.encode(), MEASUREMENTS)
    assert problems(sheet) == [(3, "", "a total row; totals are computed by the platform")]


def test_a_total_of_another_column_is_a_row() -> None:
    text = "segment;sukupuoli;indicator;region;period;value\ntotal;Yhteensä;a;KU005;c;1\n"
    assert [row["region"] for _, row in read_csv(text)] == ["KU005"]


def test_notes_below_the_table_and_repeated_headers_go_to_quarantine() -> None:
    text = (
        "Mittari;alue;jakso;arvo\na;b;c;1\nmittari ;ALUE;Jakso;arvo\nd;e;f;2\n"
        "Lähde: Tilastokeskus\n;;Tiedot ovat ennakollisia;\n"
    )
    found = problems(read_sheet(text.encode(), MEASUREMENTS))
    assert [line for line, _, _ in found] == [3, 5, 6]
    assert "header once more" in found[0][2]
    assert all("a note below the table" in reason for _, _, reason in found[1:])


def test_what_is_delivered_keeps_every_cell_under_its_header() -> None:
    text = "indicator;region;period;value;x;x;\na;b;c;1;2;3;4\n"
    sheet = read_sheet(text.encode(), MEASUREMENTS)
    (row,) = sheet.rows
    assert sheet.delivered(row) == {
        "indicator": "a", "region": "b", "period": "c", "value": "1",
        "x": "2", "column 6": "3", "column 7": "4",
    }  # fmt: skip


def test_empty_columns_at_the_end_may_come_and_go() -> None:
    text = "indicator;region;period;value;;\na;b;c;1\nd;e;f;2;;;;\n"
    assert [row["value"] for _, row in read_csv(text)] == ["1", "2"]


# -- what only a column can tell --------------------------------------------------------------


def values(*cells: str) -> list[str]:
    """Values of a file as they are read; `?` where the row was refused."""
    money = DATASETS["funding_decisions"]
    text = "decision_id;region;granted_on;amount_eur\n" + "".join(
        f"{n};x;2025-01-01;{cell}\n" for n, cell in enumerate(cells)
    )
    sheet = read_sheet(text.encode(), money)
    at = [c.name for c in sheet.columns if c].index("amount_eur")
    return ["?" if row.problem else row.cells[at] for row in sheet.rows]


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["1.234", "12,5"], ["1234", "12,5"]),
        (["1,234", "12,5"], ["1,234", "12,5"]),
        (["1.234", "12.5"], ["1.234", "12.5"]),
        (["1,234", "0.5"], ["1234", "0.5"]),
        (["1.234", "1.234.567"], ["1234", "1.234.567"]),
        (["1,234", "1,234,567.0"], ["1234", "1,234,567.0"]),
        (["1.234", "1 234,567"], ["1234", "1 234,567"]),
        (["-1.234 €", "2,50 €"], ["-1234 €", "2,50 €"]),
        (["1.234", "12"], ["?", "12"]),
        (["1,234"], ["?"]),
        (["1.234", "2,5", "2.5"], ["?", "2,5", "2.5"]),
        (["1.234", "5,678"], ["?", "?"]),
        (["0.234", "0,123"], ["0.234", "0,123"]),
        (["1 234", "12 345"], ["1 234", "12 345"]),
    ],
)
def test_a_number_that_reads_both_ways_is_decided_by_its_column(
    cells: list[str], read: list[str]
) -> None:
    assert values(*cells) == read


def test_what_was_delivered_is_kept_beside_a_number_that_was_decided() -> None:
    text = "indicator;region;period;value\na;b;c;1.234\na;b;c;1,5\n"
    sheet = read_sheet(text.encode(), MEASUREMENTS)
    first, _ = sheet.rows
    assert first.cells[3] == "1234"
    assert sheet.delivered(first)["value"] == "1.234"


def test_an_undecided_number_says_both_readings() -> None:
    ((line, column, reason),) = problems(
        read_sheet(b"indicator,region,period,value\na,b,c,1.234\n", MEASUREMENTS)
    )
    assert (line, column) == (2, "value")
    assert "'1.234' reads as 1234 or as 1.234" in reason


@given(
    st.lists(st.integers(-(10**7), 10**7).map(lambda n: n / 1000), min_size=1, max_size=8),
    st.sampled_from([(".", ","), (",", "."), ("\u00a0", ","), (" ", "."), ("'", ".")]),
)
@settings(max_examples=100, deadline=None)
def test_no_number_is_read_a_thousand_times_wrong(
    numbers: list[float], signs: tuple[str, str]
) -> None:
    """Whatever the notation: a value is read as it was meant, or refused."""
    thousands, decimal = signs
    written = [
        (f"{n:,.3f}" if n % 1 else f"{int(n):,}").replace(",", "_").replace(".", decimal)
        .replace("_", thousands)
        for n in numbers
    ]  # fmt: skip
    for number, text in zip(numbers, values(*written), strict=True):
        assert text == "?" or float(parse_decimal(text)) == number


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        (["3/4/2025", "15/3/2025"], []),
        (["3/4/2025"], [2]),
        (["3/4/2025", "3/15/2025"], [2]),
        (["5/5/2025", "2025-03-15", "15.3.2025"], []),
    ],
)
def test_a_day_that_reads_both_ways_is_decided_by_its_column(
    days: list[str], refused: list[int]
) -> None:
    text = "event_id;region;happened_on\n" + "".join(f"{d}x;a;{d}\n" for d in days)
    sheet = read_sheet(text.encode(), DATASETS["advice_events"])
    assert [line for line, _, _ in problems(sheet)] == refused


# -- workbooks --------------------------------------------------------------------------------


def styled(fill: Callable[[Worksheet], None], *, of_1904: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if of_1904:
        book.epoch = CALENDAR_MAC_1904
    fill(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def dated(dataset: str, *cells: date | str) -> Sheet:
    contract = DATASETS[dataset]
    header = {"measurements": ENGLISH[:4], "advice_events": ["event_id", "region", "happened_on"]}
    rows = [["i", "r", cell, 1] for cell in cells]
    width = len(header[dataset])
    return read_sheet(workbook([header[dataset], *(row[:width] for row in rows)]), contract)


def test_a_date_cell_of_a_day_column_is_that_day() -> None:
    sheet = dated("advice_events", date(2025, 3, 1), datetime(2025, 3, 15), "16.3.2025")  # noqa: DTZ001
    assert [row.cells[2] for row in sheet.rows] == ["2025-03-01", "2025-03-15", "16.3.2025"]


def test_months_that_excel_turned_into_dates_are_months_again() -> None:
    sheet = dated("measurements", date(2025, 3, 1), "2025-04", date(2025, 5, 1))
    assert [row["period"] for _, row in named(sheet)] == ["2025-03", "2025-04", "2025-05"]


def test_a_first_of_a_month_among_other_days_is_refused_as_a_period() -> None:
    sheet = dated("measurements", date(2025, 3, 1), date(2025, 3, 2))
    first, second = sheet.rows
    assert first.problem is not None
    assert first.problem[0] == "period"
    assert "Excel" in first.problem[1]
    assert (second.problem, second.cells[2]) == (None, "2025-03-02")


def test_a_number_that_excel_took_for_a_date_is_refused() -> None:
    content = workbook([ENGLISH, ["i", "r", "2025", date(2025, 5, 1), None]])
    ((line, column, reason),) = problems(read_sheet(content, MEASUREMENTS))
    assert (line, column) == (2, "value")
    assert "the date 2025-05-01" in reason


def test_a_serial_of_a_workbook_from_1904_is_its_day() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["event_id", "region", "happened_on"])
        sheet.append(["i", "r", 45731 - 1462])

    content = styled(fill, of_1904=True)
    (row,) = read_sheet(content, DATASETS["advice_events"]).rows
    assert parse_day(row.cells[2]) == date(2025, 3, 15)


def test_error_cells_are_no_missing_values_and_shares_come_as_shown() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(ENGLISH)
        for value in ("#N/A", 0.125, 0.125, 12, "x"):
            sheet.append(["i", "r", "2025", value, None])
        sheet["D2"].data_type = "e"
        sheet["D3"].number_format = "0.0 %"
        sheet["D4"].number_format = '0.000" %"'

    error, share, literal, whole, text = read_sheet(styled(fill), MEASUREMENTS).rows
    assert error.problem is not None
    assert error.problem[0] == "value"
    assert "gives an error" in error.problem[1]
    assert [row.cells[3] for row in (share, literal, whole, text)] == ["12.5 %", "0.125", "12", "x"]


def test_a_merged_cell_holds_for_its_rows_but_a_number_does_not() -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (
            ["Otsikko", None, None, None],
            ["indicator", "region", "period", "value"],
            ["unemployed", "KU005", "2025", 1],
            [None, "KU009", "2025", 2],
            [None, "KU010", None, None],
            ["labour_force", "KU005", "2025", 5],
            [None, "KU009", "2025", None],
        ):
            sheet.append(row)
        for merged in ("A1:D1", "A3:A5", "D6:D7"):
            sheet.merge_cells(merged)

    rows = list(read_sheet(styled(fill), MEASUREMENTS).rows)
    assert [(row.line, row.cells[0]) for row in rows] == [
        (3, "unemployed"), (4, "unemployed"), (5, "unemployed"), (6, "labour_force"), (7, ""),
    ]  # fmt: skip
    assert [row.problem and row.problem[0] for row in rows] == [None, None, None, "value", "value"]
    assert "merged over the rows 6–7" in str(rows[4].problem)


def test_a_table_that_starts_further_in_keeps_its_rows_and_columns() -> None:
    def fill(sheet: Worksheet) -> None:
        for n, header in enumerate(ENGLISH[:4]):
            sheet.cell(5, 3 + n, header)
            sheet.cell(7, 3 + n, f"c{n}")
        sheet.cell(7, 6).value = "#DIV/0!"
        sheet.cell(7, 6).data_type = "e"
        sheet.cell(8, 3, "a"), sheet.cell(8, 4, "b"), sheet.cell(8, 5, "c"), sheet.cell(8, 6, 0.5)
        sheet.cell(8, 6).number_format = "0%"

    error, share = read_sheet(styled(fill), MEASUREMENTS).rows
    assert (error.line, error.problem and error.problem[0]) == (7, "value")
    assert (share.line, share.cells) == (8, ["", "", "a", "b", "c", "50 %"])


def test_further_sheets_with_the_columns_go_to_quarantine_by_name() -> None:
    content = workbook(
        [ENGLISH, ["a"] * 5], [["x"]], [[], ENGLISH, ["b"] * 5], [ENGLISH, ["c"] * 5]
    )
    sheet = read_sheet(content, MEASUREMENTS)
    assert problems(sheet) == [
        (line, "", f"the sheet {name!r} also has the columns of measurements (its row {row}); "
         "put it in a file of its own")
        for line, name, row in ((4, "Sheet2", 2), (5, "Sheet3", 1))
    ]  # fmt: skip


def test_hidden_sheets_are_not_read_and_are_named() -> None:
    book = openpyxl.Workbook()
    book.active.append(ENGLISH)
    book.active.append(["a"] * 5)
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("näkyvä")

    def saved() -> bytes:
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    shown.append(["x"])
    with pytest.raises(UnreadableDelivery, match=r"The sheet .Sheet., .* is hidden"):
        read_sheet(saved(), MEASUREMENTS)
    shown.append(ENGLISH)
    shown.append(["b"] * 5)
    sheet = read_sheet(saved(), MEASUREMENTS)
    assert list(sheet.notes) == ["the hidden sheet Sheet was not read"]
    assert [row["value"] for _, row in named(sheet)] == ["b"]


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def test_a_workbook_that_unpacks_to_too_much_is_refused_by_what_it_declares() -> None:
    bomb = archive(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=bytes(50_000_000))
    with pytest.raises(UnreadableDelivery, match=r"would unpack to 50,0.* bytes"):
        read_sheet(bomb, MEASUREMENTS)


def test_a_workbook_that_declares_less_than_it_holds_is_damaged() -> None:
    content = bytearray(workbook([ENGLISH, ["a"] * 5]))
    directory = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    with pytest.raises(UnreadableDelivery, match="damaged"):
        read_sheet(bytes(content), MEASUREMENTS)


def test_a_cell_far_off_the_table_takes_no_memory() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(ENGLISH)
        sheet["XFD1048576"] = "x"

    with pytest.raises(UnreadableDelivery, match="1,048,576 rows and 16,384 columns"):
        read_sheet(styled(fill), MEASUREMENTS)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (archive(content_xml=b"<x/>"), "OpenDocument spreadsheet; save it again as an .xlsx"),
        (archive(readme_xml=b"<x/>"), "zip archive, no workbook"),
    ],
    ids=["ods", "zip"],
)
def test_what_is_no_workbook_to_read_says_what_it_is(content: bytes, says: str) -> None:
    assert is_workbook(Content(content))
    with pytest.raises(UnreadableDelivery, match=says):
        read_sheet(content, MEASUREMENTS)


@pytest.mark.parametrize("start", [b"<html><table>", b"\xef\xbb\xbf\n<!DOCTYPE html>", b"<?xml?>"])
def test_a_web_page_that_calls_itself_a_workbook_says_so(start: bytes) -> None:
    with pytest.raises(UnreadableDelivery, match="web page or XML"):
        read_sheet(start + b"<tr><td>indicator</td></tr>", MEASUREMENTS)


def test_the_strict_form_of_a_workbook_is_read_too() -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([ENGLISH, ["a", "b", "c", 0.5, "n"]]))) as given,
        zipfile.ZipFile(stream, "w") as strict,
    ):
        for name in given.namelist():
            text = given.read(name)
            for was, is_now in (
                (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                 b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
                (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                 b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
            ):  # fmt: skip
                text = text.replace(was, is_now)
            strict.writestr(name, text)
    assert [row["value"] for _, row in named(read_sheet(stream.getvalue(), MEASUREMENTS))] == [
        "0.5"
    ]


def test_a_cell_that_lies_about_its_row_is_seen() -> None:
    given = workbook([ENGLISH, ["a", "b", "c", 0.5, "n"]])
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(given)) as source, zipfile.ZipFile(stream, "w") as out:
        for name in source.namelist():
            out.writestr(name, source.read(name).replace(b'r="E2"', b'r="XFD1048576"'))
    with pytest.raises(UnreadableDelivery, match="1,048,576 rows"):
        read_sheet(stream.getvalue(), MEASUREMENTS)


def compound(name: str, stream: bytes) -> bytes:
    """A compound file (MS-CFB) with one stream of at least 4096 bytes."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\x00")
    count = len(stream) // 512
    assert count <= 125
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, end, *range(3, count + 2), end]
    entries = b""
    for title, kind, child, first, size in (
        ("Root Entry", 5, 1, end, 0), (name, 2, free, 2, len(stream)),
    ):  # fmt: skip
        text = title.encode("utf-16-le") + b"\x00\x00"
        entries += struct.pack(
            "<64sH2B3I16sI16sIQ",
            text,
            len(text),
            kind,
            1,
            free,
            free,
            child,
            b"",
            0,
            b"",
            first,
            size,
        )
    header = struct.pack(
        "<8s16s5H6s9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, 1, 0, 4096, end, 0, end, 0,
    )  # fmt: skip
    header += struct.pack("<109I", 0, *[free] * 108)
    table += [free] * (128 - len(table))
    return header + struct.pack("<128I", *table) + entries.ljust(512, b"\x00") + stream


def record(kind: int, layout: str = "", *parts: object) -> bytes:
    body = struct.pack("<" + layout, *parts)
    return struct.pack("<2H", kind, len(body)) + body


def old_workbook(*cells: bytes, of_1904: bool = False) -> bytes:
    """A BIFF8 workbook (MS-XLS) of one sheet; style 0 is plain, style 1 shows per cent."""
    start = record(0x809, "4H2I", 0x600, 5, 0, 0, 0, 0)
    styles = b"".join(record(0xE0, "2H16s", 0, shown, b"") for shown in (0, 164))
    code = b'0.0 "%"%'
    styles = record(0x41E, f"2HB{len(code)}s", 164, len(code), 0, code) + styles
    styles += record(0x22, "H", of_1904)
    bound = 4 + 4 + 2 + 2 + 5
    at = len(start) + len(styles) + bound + 4
    book = start + styles + record(0x85, "IH2B5s", at, 0, 5, 0, b"Sheet") + record(0x0A)
    sheet = record(0x809, "4H2I", 0x600, 0x10, 0, 0, 0, 0) + b"".join(cells) + record(0x0A)
    assert len(book) == at
    return compound("Workbook", book + sheet)


def label(row: int, column: int, text: str) -> bytes:
    return record(0x204, f"4HB{len(text)}s", row, column, 0, len(text), 0, text.encode("latin-1"))


OLD_HEADER = [label(0, n, name) for n, name in enumerate(ENGLISH[:4])]


def test_an_old_binary_workbook_tells_shares_and_errors_too() -> None:
    def row(number: int, value: bytes) -> list[bytes]:
        return [*(label(number, n, text) for n, text in enumerate(("i", "r", "2025"))), value]

    content = old_workbook(
        *OLD_HEADER,
        *row(1, record(0x203, "3Hd", 1, 3, 0, 12.5)),
        *row(2, record(0x203, "3Hd", 2, 3, 1, 0.125)),
        *row(3, record(0x205, "3H2B", 3, 3, 0, 42, 1)),
        *row(4, record(0x27E, "3HI", 4, 3, 1, 2 | (50 << 2))),
    )
    sheet = read_sheet(content, MEASUREMENTS)
    number, share, error, whole = sheet.rows
    assert (sheet.format, sheet.name) == ("xls", "Sheet")
    assert [row.cells[3] for row in (number, share, whole)] == ["12.5", "12.5 %", "5000 %"]
    assert error.problem is not None
    assert error.problem[0] == "value"
    assert "gives an error" in error.problem[1]


def test_a_serial_of_an_old_workbook_from_1904_is_its_day() -> None:
    header = [label(0, n, name) for n, name in enumerate(("event_id", "region", "happened_on"))]
    event = [label(1, 0, "i"), label(1, 1, "r"), record(0x203, "3Hd", 1, 2, 0, 45731.0 - 1462)]
    content = old_workbook(*header, *event, of_1904=True)
    (row,) = read_sheet(content, DATASETS["advice_events"]).rows
    assert parse_day(row.cells[2]) == date(2025, 3, 15)


def test_an_old_workbook_with_a_cell_far_off_takes_no_memory() -> None:
    far = record(0x203, "3Hd", 65_535, 65_535, 0, 1.0)
    with pytest.raises(UnreadableDelivery, match="65,536 rows and 65,536 columns"):
        read_sheet(old_workbook(*OLD_HEADER, far), MEASUREMENTS)


@pytest.mark.parametrize(
    "content",
    [
        compound("EncryptedPackage", b"x"),
        compound(
            "Workbook",
            record(0x809, "4H2I", 0x600, 5, 0, 0, 0, 0) + record(0x2F, "H", 1) + record(0x0A),
        ),
    ],
    ids=["xlsx", "xls"],
)
def test_a_protected_workbook_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableDelivery, match="protected by a password"):
        read_sheet(content, MEASUREMENTS)


DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_a_real_binary_workbook_is_opened_and_refused_for_its_columns() -> None:
    path = DATA / "xls" / "msindaluejaot10.xls"
    if not path.exists():
        pytest.skip("the real workbook is not beside the repository")
    with pytest.raises(UnreadableDelivery, match=r"nearest row reads: Kunta \| Alueluokka"):
        read_content(Content(path), MEASUREMENTS)
    columns = (
        Column("municipality", Kind.TEXT, same(("kunta",)), True),
        Column("class", Kind.TEXT, same(("alueluokka",)), True),
        Column("number", Kind.VALUE, same(("luokka2",))),
    )
    sheet = read_content(Content(path), Dataset("classes", columns))
    rows = list(sheet.rows)
    assert (sheet.format, sheet.name, len(rows), rows[0].line) == ("xls", "2018", 314, 2)
    assert rows[0].cells == ["005 Alajärvi", "Ydinmaaseutu", "TKA"]
    assert rows[1].cells == ["009 Alavieska", "Ydinmaaseutu", ""]
    assert not any(row.problem for row in rows)


def as_calamine_says(content: bytes | Path) -> list[list[str]]:
    """The cells of the first sheet as calamine gives them, in text."""
    source = content if isinstance(content, Path) else io.BytesIO(content)
    sheet = CalamineWorkbook.from_object(source).get_sheet_by_index(0)

    def text(cell: object) -> str:
        if isinstance(cell, float):
            return str(int(cell)) if cell.is_integer() else repr(cell)
        return cell.isoformat() if isinstance(cell, date) else str(cell).strip()

    return [[text(cell) for cell in row] for row in sheet.to_python()]


_CELLS = (
    st.none()
    | st.text("aäöÅ1 -", min_size=1, max_size=8).filter(lambda text: text.strip() == text)
    | st.integers(-(10**12), 10**12)
    | st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
    | st.dates(date(1995, 1, 2), date(2040, 12, 31))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=8))
def test_cells_of_a_workbook_are_those_that_calamine_reads(rows: list[tuple[Any, ...]]) -> None:
    columns = tuple(Column(name, Kind.TEXT, same(())) for name in ("first", "second", "third"))
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["first", "second", "third"], *(["x", *cells[1:]] for cells in rows)):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    read = read_content(Content(stream.getvalue()), Dataset("anything", columns))
    assert [row.cells for row in read.rows] == as_calamine_says(stream.getvalue())[1:]


def test_cells_of_a_real_binary_workbook_are_those_that_calamine_reads() -> None:
    path = DATA / "xls" / "msindaluejaot10.xls"
    if not path.exists():
        pytest.skip("the real workbook is not beside the repository")
    given = as_calamine_says(path)
    columns = tuple(Column(f"c{n}", Kind.TEXT, same((name,))) for n, name in enumerate(given[0]))
    read = read_content(Content(path), Dataset("anything", columns))
    assert [row.cells for row in read.rows] == [row for row in given[1:] if any(row)]


# -- size -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_memory_does_not_grow_with_a_file(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "big.csv"
    line = "unemployed;Äänekoski;2025-03;12,5;hyvä\n"
    with path.open("w", encoding=encoding) as stream:
        stream.write("indicator;region;period;value;note\n")
        for _ in range(60):
            stream.write(line * 1000)
    tracemalloc.start()
    try:
        sheet = read_content(Content(path), MEASUREMENTS)
        count = sum(row.problem is None for row in sheet.rows)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 60_000
    assert path.stat().st_size > 2_300_000
    # Two pieces of a megabyte, as bytes and as text; the rows alone would take 20 megabytes.
    assert peak < 8_000_000


def test_a_line_without_end_is_refused_before_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    with path.open("wb") as stream:
        stream.write(b"indicator;region;period;value\n")
        for _ in range(30):
            stream.write(b"x" * 1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableDelivery, match="Line 2 is longer than"):
            read_content(Content(path), MEASUREMENTS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


WORKBOOK = workbook([ENGLISH, list(ROW.values())])
OLD_WORKBOOK = old_workbook(*OLD_HEADER, *(label(1, n, "x") for n in range(4)))


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """A content in which some bytes in a row are others."""
    return st.tuples(st.integers(0, len(content) - 1), st.binary(min_size=1, max_size=8)).map(
        lambda cut: content[: cut[0]] + cut[1] + content[cut[0] + len(cut[1]) :]
    )


@settings(max_examples=200, deadline=None)
@given(
    st.binary()
    | st.text().map(str.encode)
    | st.text().map(lambda text: f"indicator;region;period;value\n{text}".encode())
    | st.binary().map(lambda tail: b"indicator,region,period,value\n" + tail)
    | st.binary().map(lambda tail: b"PK\x03\x04" + tail)
    | st.binary().map(lambda tail: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + tail)
    | damaged(WORKBOOK)
    | damaged(OLD_WORKBOOK)
)
def test_any_bytes_are_rows_or_unreadable(content: bytes) -> None:
    with contextlib.suppress(UnreadableDelivery):
        sheet = read_sheet(content, MEASUREMENTS)
        lines = []
        for row in sheet.rows:
            lines.append(row.line)
            assert all(isinstance(cell, str) for cell in row.cells)
            assert row.problem or len(row.cells) == len(sheet.columns)
        assert lines == sorted(set(lines))
