"""Files to rows: CSV and XLSX as people make them, to lists of text with line numbers.

CSV may be UTF-8 (with or without a byte order mark) or Windows-1252, separated by comma,
semicolon or tab. Of a workbook the first sheet with a header row counts. Title rows above the
header are passed over. Nothing is interpreted here beyond finding the header.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from python_calamine import CalamineError, CalamineWorkbook

from assets.errors import UnreadableDelivery
from assets.landing.datasets import Column, Dataset, fold_header

#: How far down a header is looked for; above it stand titles and empty rows.
HEADER_ROWS = 30
_DELIMITERS = (";", ",", "\t")
_WORKBOOK_MAGIC = b"PK\x03\x04"
#: Follows the last line while a CSV is read; no delivered text holds it.
_END = "\x00"

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Sheet:
    """Rows of one delivery, below their header.

    Attributes:
        columns: the column that stands at each position; None where the header is unknown.
        headers: the headers as written.
        rows: line number in the file (1 = first) and cells as text; empty rows are left out.
    """

    columns: Sequence[Column | None]
    headers: Sequence[str]
    rows: Iterator[Row]

    @property
    def unknown_headers(self) -> list[str]:
        """Headers that the contract does not know; their cells stay in the kept delivery only."""
        return [
            header
            for header, column in zip(self.headers, self.columns, strict=True)
            if column is None and header.strip()
        ]


def is_workbook(content: bytes) -> bool:
    """Whether a content is a workbook, whatever its file is called."""
    return content.startswith(_WORKBOOK_MAGIC)


def read_sheet(content: bytes, dataset: Dataset) -> Sheet:
    """Find the header of a delivery and read the rows below it.

    Raises:
        UnreadableDelivery: the content is neither text nor a workbook, or has no header row
            with the required columns, or two columns that mean the same.
    """
    if not content.strip():
        raise UnreadableDelivery("The file is empty.")
    if is_workbook(content):
        return _find_header(_sheets_of_workbook(content), dataset)
    text = _decode(content)
    return _find_header((_rows_of_csv(text, delimiter) for delimiter in _DELIMITERS), dataset)


def _decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise UnreadableDelivery(
                "The file is neither UTF-8 nor Windows-1252 text "
                f"(byte {error.start}); save it again as CSV UTF-8 or as an .xlsx workbook."
            ) from None
    if "\x00" in text:
        raise UnreadableDelivery(
            "The file holds binary data, not text; save it as CSV or as an .xlsx workbook."
        )
    return text


def _rows_of_csv(text: str, delimiter: str) -> Iterator[Row]:
    lines = itertools.chain(io.StringIO(text, newline=""), (_END,))
    reader = csv.reader(lines, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(_END):
                # Taken as it is, this row would swallow every row below it without a word.
                raise csv.Error("a quoted cell does not end")
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1  # a quoted cell may hold line breaks
    except csv.Error as error:
        raise UnreadableDelivery(
            f"The file cannot be read from line {line} on: {error}. "
            "A quotation mark is probably not closed."
        ) from None


def _sheets_of_workbook(content: bytes) -> Iterator[Iterator[Row]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield (
                (number, [_text(cell) for cell in cells])
                for number, cells in enumerate(rows, start=1)
                if any(cell not in ("", None) for cell in cells)
            )
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableDelivery(f"The workbook cannot be opened: {error}.") from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _find_header(tables: Iterator[Iterator[Row]], dataset: Dataset) -> Sheet:
    nearest: tuple[int, list[str], list[str]] = (-1, [], list(dataset.required))
    unreadable: UnreadableDelivery | None = None
    by_header = dataset.by_header
    for rows in tables:
        top = itertools.islice(rows, HEADER_ROWS)
        while True:
            try:
                _, cells = next(top)
            except StopIteration:
                break
            except UnreadableDelivery as error:
                # Quotation marks are told apart by the right separator only; try the others.
                unreadable = unreadable or error
                break
            columns = [by_header.get(fold_header(cell)) for cell in cells]
            names = [c.name for c in columns if c is not None]
            lacking = [name for name in dataset.required if name not in names]
            if not lacking:
                _refuse_twins(columns, cells)
                return Sheet(columns=columns, headers=cells, rows=rows)
            if len(names) > nearest[0]:
                nearest = (len(names), cells, lacking)
    found, cells, lacking = nearest
    if unreadable and found <= 0:
        raise unreadable
    header = " | ".join(cell.strip() for cell in cells)[:200]
    raise UnreadableDelivery(
        f"No header row with the columns {', '.join(dataset.required)} of {dataset.name} was "
        f"found in the first {HEADER_ROWS} rows; missing: {', '.join(lacking)}. "
        + (f"The nearest row reads: {header}." if header else "There is no row at all.")
    )


def _refuse_twins(columns: Sequence[Column | None], headers: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for column, header in zip(columns, headers, strict=True):
        if column is None:
            continue
        if column.name in seen:
            raise UnreadableDelivery(
                f"The columns {seen[column.name]!r} and {header!r} both mean {column.name}; "
                "keep one of them."
            )
        seen[column.name] = header
