"""Files to rows: CSV and XLSX as people make them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.errors import UnreadableDelivery
from assets.landing.datasets import DATASETS
from assets.landing.reader import HEADER_ROWS, Row, Sheet, read_sheet

MEASUREMENTS = DATASETS["measurements"]
ENGLISH = ["indicator", "region", "period", "value", "note"]
FINNISH = ["Mittari", "Alue", "Ajanjakso", "Määrä", "Lisätieto"]
ROW = {
    "indicator": "unemployed", "region": "Pyhäjärvi", "period": "2025-03", "value": "12,5",
    "note": "hyvä",
}  # fmt: skip


def named(sheet: Sheet) -> list[tuple[int, dict[str, str]]]:
    """Rows with the contract's column names; unknown columns left out."""
    return [
        (
            line,
            {c.name: cell for c, cell in zip(sheet.columns, cells, strict=False) if c is not None},
        )
        for line, cells in sheet.rows
    ]


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
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


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_header_means_two_columns(dataset: str) -> None:
    contract = DATASETS[dataset]
    headers = [h for c in contract.columns for h in (c.name, *c.aliases)]
    assert len(contract.by_header) == len(set(headers)) == len(headers)


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
    sheet = read_sheet(text.encode(), MEASUREMENTS)
    with pytest.raises(UnreadableDelivery, match=r"from line 2 on.*quotation mark"):
        list(sheet.rows)


def test_rows_shorter_or_longer_than_the_header_come_as_they_are() -> None:
    sheet = read_sheet(b"indicator,region,period,value\na,b,c\nd,e,f,1,x\n", MEASUREMENTS)
    assert list(sheet.rows) == [(2, ["a", "b", "c"]), (3, ["d", "e", "f", "1", "x"])]


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


def test_two_columns_that_mean_the_same_are_refused_by_name() -> None:
    with pytest.raises(UnreadableDelivery, match="'value' and 'Arvo' both mean value"):
        read_sheet(b"indicator,region,period,value,Arvo\n", MEASUREMENTS)


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 4,
        b"\x81\x8d\x8f",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "indicator,region,period,value\n".encode("utf-16"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        b"PK\x03\x04 not a zip at all",
        workbook([ENGLISH])[:400],
    ],
    ids=["all bytes", "undefined", "png", "utf-16", "old xls", "not a zip", "cut workbook"],
)
def test_what_is_neither_text_nor_a_workbook_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableDelivery):
        list(read_sheet(content, MEASUREMENTS).rows)


def test_the_first_sheet_with_a_header_row_counts() -> None:
    content = workbook(
        [["Read me"], ["indicator and region are below"]],
        [["Title"], [], FINNISH, list(ROW.values())],
        [ENGLISH, ["x", "x", "x", "x", "x"]],
    )
    assert named(read_sheet(content, MEASUREMENTS)) == [(4, ROW)]


def test_numbers_dates_and_booleans_of_a_workbook_become_the_text_people_see() -> None:
    values = [5, 12.5, 1e6, -0.25, 2025, date(2025, 3, 15), datetime(2025, 3, 15), True, None]  # noqa: DTZ001
    content = workbook([ENGLISH, *([["i", "r", "p", value, "n"] for value in values])])
    read = [row["value"] for _, row in named(read_sheet(content, MEASUREMENTS))]
    assert read == ["5", "12.5", "1000000", "-0.25", "2025", "2025-03-15", "2025-03-15", "1", ""]


def test_rows_of_a_workbook_keep_their_row_numbers_and_width() -> None:
    content = workbook([ENGLISH, [], ["a", "b", "c", 1], [None, None], ["d", "e", "f", 2, "n"]])
    sheet = read_sheet(content, MEASUREMENTS)
    rows: list[Row] = list(sheet.rows)
    assert [line for line, _ in rows] == [3, 5]
    assert {len(cells) for _, cells in rows} == {len(ENGLISH)}


def test_a_workbook_without_a_header_row_says_what_is_missing() -> None:
    with pytest.raises(UnreadableDelivery, match="missing: value"):
        read_sheet(workbook([["a"]], [["indicator", "region", "period"]]), MEASUREMENTS)


WORKBOOK = workbook([ENGLISH, list(ROW.values())])


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.binary().map(lambda tail: b"indicator,region,period,value\n" + tail)
    | st.binary().map(lambda tail: b"PK\x03\x04" + tail)
    | st.tuples(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8)).map(
        lambda cut: WORKBOOK[: cut[0]] + cut[1] + WORKBOOK[cut[0] + len(cut[1]) :]
    )
)
def test_any_bytes_are_rows_or_unreadable(content: bytes) -> None:
    with contextlib.suppress(UnreadableDelivery):
        for line, cells in read_sheet(content, MEASUREMENTS).rows:
            assert line >= 1
            assert all(isinstance(cell, str) for cell in cells)
