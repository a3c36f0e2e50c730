"""Workbooks: .xlsx and the old binary .xls, to cells of text as people see them.

calamine reads the cells. It holds a sheet as a rectangle from its first to its last filled cell,
and gives neither number formats nor error values, so a workbook is looked through first: how much
it would unpack to, how large the rectangle is, which cells hold an error, which are shown as per
cent or in thousands, which formulas nobody has calculated, which rows are hidden.

What Excel made of the cells:

- A date cell in a column of days is that day. In a column of periods it may be a month that was
  typed as `2025-03` or `3.2025`, which Excel turns into the first day of that month. If every
  date cell of the column is the first of a month, they are months. Otherwise the others are days
  and the firsts of a month could be either: they are refused. In a column of numbers a date is a
  number that Excel took for one (`1.5` typed in Finnish): refused.
- A cell that is merged over rows holds for each of them, but not a number: a sum that several
  rows share must not be counted for each.
- A cell shown as per cent (0.125 as `12.5 %`) is given as shown, sign included.
- A cell shown in thousands or millions (`#,##0,`) is given as shown, with what divides it.
- The error of a formula (`#N/A`) is no missing value: refused. So is a formula without a result,
  and a result of 0 where the workbook asks to be calculated when it is opened: libraries that
  write formulas store that.
- A boolean (TRUE) is no number. A date or a number of more digits than a cell holds is no id.
- Hidden rows are read; a note says so.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property, partial
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from assets.datasets import Column, Kind
from assets.landing.reader.biff import Places, Protected, places_of
from assets.landing.reader.number_formats import scale_of, shows_percent
from assets.landing.reader.sheet import DAYS, NUMBERS, Cells, Fault, Format, Typed, positions
from assets.languages import Text
from assets.raw.content import PIECE, Content
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

#: Bytes that the parts of a workbook may unpack to. A full sheet of ten columns takes a third.
MAX_UNPACKED = 1 << 30
#: How many times its size a large part may unpack to; real sheets stay below 50.
MAX_RATIO = 200
#: Cells of the rectangle of a sheet: 30 bytes of memory each. A full sheet of ten columns fits.
MAX_CELLS = 12_000_000
#: Bytes of an .xls; 65,536 rows of 30 columns take about a quarter.
MAX_XLS = 1 << 28
#: Bytes of one row of a sheet.
_MAX_ROW = 64 << 20
#: Parts that are parsed as a whole.
_MAX_XML = 16 << 20

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAC_EPOCH_DAYS = 1462

_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_REFERENCE = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
_ERROR = re.compile(rb"<(?:\w+:)?c\s(?=[^>]*?\bt=\"e\")[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>")
_HIDDEN_COLUMN = re.compile(
    rb"<(?:\w+:)?col\s(?=[^>]*?\bhidden=\"(?:1|true)\")"
    rb"(?=[^>]*?\bmin=\"\d)(?=[^>]*?\bmax=\"\d)([^>]*)>"
)
_SPAN = re.compile(rb"\b(min|max)=\"(\d+)\"")
_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\s(?=[^>]*?\bhidden=\"(?:1|true)\")[^>]*?\br=\"([0-9]{1,7})\""
)
#: A cell with a formula: its attributes, and the result if there is one.
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|(?<!/)>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</)?"
)
_REFERENCE_OF = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
_ROW_OF = re.compile(rb"\br=\"([0-9]{1,7})\"")
_IS_TEXT = re.compile(rb"\bt=\"str\"")
#: Digits that a number in a cell holds for sure are fewer; up to here a whole number may be exact.
_EXACT = 2**53


def is_workbook(content: Content) -> bool:
    """Whether a content is a workbook, whatever its file is called."""
    return _format(content) != "csv"


def _format(content: Content) -> Format:
    head = content.head(len(_COMPOUND))
    if head.startswith(_ZIP):
        return "xlsx"
    return "xls" if head == _COMPOUND else "csv"


class Workbook:
    """An opened workbook.

    Raises:
        UnreadableDelivery: it is damaged, protected by a password, no spreadsheet, or would
            unpack to more than fits.
    """

    def __init__(self, content: Content) -> None:
        self.format: Format = _format(content)
        self._inside = _Xlsx(content) if self.format == "xlsx" else _Xls(content)
        source = io.BytesIO(content.held) if isinstance(content.held, bytes) else content.held
        self._book = _calamine(lambda: CalamineWorkbook.from_object(source))

    def tables(self, *, hidden: bool) -> Iterator[SheetTable]:
        """The visible or the hidden sheets, in the order of the workbook; charts are none.

        Raises:
            UnreadableDelivery: a sheet is damaged or its rectangle too large.
        """
        for number, about in enumerate(self._book.sheets_metadata):
            shown = about.visible == SheetVisibleEnum.Visible
            if about.typ == SheetTypeEnum.WorkSheet and shown is not hidden:
                places = self._inside.places(number, about.name)
                _check_size(about.name, places)
                sheet = _calamine(partial(self._book.get_sheet_by_index, number))
                if sheet.start is not None:
                    yield SheetTable(sheet, self.format, places, self._inside.from_1904)


def _check_size(name: str, places: Places) -> None:
    rows, columns = (last - first + 1 for first, last in (places.rows, places.columns))
    if rows * columns > MAX_CELLS:
        size = {"rows": rows, "columns": columns, "most": MAX_CELLS}
        raise UnreadableDelivery(Reason("sheet_too_large", sheet=repr(name), **size))


_PASSWORD = Reason("password")


def _damaged(problem: BaseException | None = None, sheet: str | None = None) -> UnreadableDelivery:
    told = "" if problem is None else f" ({problem})"
    if sheet is None:
        return UnreadableDelivery(Reason("workbook_damaged", problem=told))
    return UnreadableDelivery(Reason("sheet_damaged", sheet=sheet, problem=told))


def _calamine(call: Any) -> Any:
    """Call calamine; whatever goes wrong inside is the file's fault, a panic included."""
    try:
        return call()
    except PasswordError:
        raise UnreadableDelivery(_PASSWORD) from None
    except (CalamineError, OSError, ValueError, OverflowError) as problem:
        raise _damaged(problem) from None
    except BaseException as problem:
        # pyo3 raises its PanicException past Exception, so that nobody catches it by accident.
        if type(problem).__name__ != "PanicException":
            raise
        raise _damaged() from None


class _Xls:
    """An old binary workbook, looked through for what calamine does not tell."""

    def __init__(self, content: Content) -> None:
        if content.size > MAX_XLS:
            raise UnreadableDelivery(Reason("xls_too_large", size=content.size, most=MAX_XLS))
        try:
            self._places, self.from_1904 = places_of(content.read())
        except Protected:
            raise UnreadableDelivery(_PASSWORD) from None
        except (ValueError, LookupError, struct.error) as problem:
            raise _damaged(problem) from None
        # calamine reads all sheets of an .xls when it opens it.
        for number, places in enumerate(self._places, start=1):
            _check_size(f"number {number}", places)

    def places(self, number: int, name: str) -> Places:
        """What stands where in a sheet."""
        if number >= len(self._places):
            raise _damaged(sheet=name)
        return self._places[number]


class _Xlsx:
    """The parts of an .xlsx: bounded, and looked through for what calamine does not tell."""

    def __init__(self, content: Content) -> None:
        self._content = content
        try:
            with content.open() as stream, zipfile.ZipFile(stream) as archive:
                self._check(archive)
                self._names = _names_of(archive)
                self._targets = self._sheet_parts(archive)
                book = self._xml(archive, "xl/workbook.xml")
                about = book.find("{*}workbookPr")
                self.from_1904 = about is not None and about.get("date1904") in {"1", "true"}
                calculation = book.find("{*}calcPr")
                self._asks_to_calculate = calculation is not None and (
                    calculation.get("fullCalcOnLoad") in {"1", "true"}
                )
                app = self._names.get("docProps/app.xml")
                self._is_calculated = "xl/calcChain.xml" in self._names or (
                    app is not None and b"LibreOffice" in archive.read(app)
                )
                self._percent_styles, self._scaled_styles = self._styles(archive)
        except _DAMAGED as problem:
            raise _damaged(problem) from None

    @staticmethod
    def _check(archive: zipfile.ZipFile) -> None:
        names = _names_of(archive).keys()
        if "xl/workbook.xml" not in names:
            kind = (
                Text(
                    fi="OpenDocument-taulukko",
                    sv="en OpenDocument-tabell",
                    en="an OpenDocument spreadsheet",
                )
                if "content.xml" in names
                else Text(
                    fi="binäärityökirja (.xlsb)",
                    sv="en binär arbetsbok (.xlsb)",
                    en="a binary workbook (.xlsb)",
                )
                if "xl/workbook.bin" in names
                else Text(
                    fi="zip-paketti, ei työkirja",
                    sv="ett zip-paket, ingen arbetsbok",
                    en="a zip archive, no workbook",
                )
            )
            raise UnreadableDelivery(Reason("other_archive", what=kind))
        unpacked = sum(part.file_size for part in archive.infolist())
        packed = sum(part.compress_size for part in archive.infolist())
        if unpacked > MAX_UNPACKED or unpacked > _MAX_XML + MAX_RATIO * packed:
            limits = {"most": MAX_UNPACKED, "ratio": MAX_RATIO}
            raise UnreadableDelivery(
                Reason("unpacks_too_large", unpacked=unpacked, packed=packed, **limits)
            )

    def _xml(self, archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
        part = archive.getinfo(self._names[name])
        if part.file_size > _MAX_XML:
            raise ValueError(f"{name} is too large")
        text = archive.read(part)
        if b"<!DOCTYPE" in text:
            raise ValueError(f"{name} declares entities")
        return ElementTree.fromstring(text)

    def _sheet_parts(self, archive: zipfile.ZipFile) -> dict[str, str]:
        """Part of each sheet by its name."""
        relations = {
            relation.get("Id"): relation.get("Target", "")
            for relation in self._xml(archive, "xl/_rels/workbook.xml.rels")
        }
        found = {}
        for sheet in self._xml(archive, "xl/workbook.xml").iterfind(".//{*}sheet"):
            relation_id = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
            target = relations.get(relation_id, "")
            found[sheet.get("name", "")] = (
                target.removeprefix("/")
                if target.startswith("/")
                else str(PurePosixPath("xl") / target)
            )
        return found

    def _styles(self, archive: zipfile.ZipFile) -> tuple[dict[int, int], dict[int, int]]:
        """Numbers of the cell styles that show per cent, and those that divide, with by what."""
        if "xl/styles.xml" not in self._names:
            return {}, {}
        styles = self._xml(archive, "xl/styles.xml")
        codes = {
            made.get("numFmtId", ""): made.get("formatCode", "")
            for made in styles.iterfind(".//{*}numFmt")
        }
        percent = {"9", "10"} | {n for n, code in codes.items() if shows_percent(code)}
        scales = {n: scale_of(code) or 0 for n, code in codes.items()}
        cells = styles.find("{*}cellXfs")
        formats = [style.get("numFmtId", "") for style in (() if cells is None else cells)]
        return (
            {n: 0 for n, number_format in enumerate(formats) if number_format in percent},
            {n: scales[f] for n, f in enumerate(formats) if scales.get(f, 1) != 1},
        )

    def places(self, number: int, sheet: str) -> Places:
        """Look through the part of a sheet.

        Raises:
            UnreadableDelivery: the part is damaged.
        """
        scan = _Scan(self._percent_styles, self._scaled_styles)
        try:
            for piece in self._pieces(self._targets[sheet]):
                scan.look_at(piece)
        except _DAMAGED as problem:
            raise _damaged(problem, sheet) from None
        # Libraries that do not calculate store 0 as the result of every formula. They ask for
        # calculation, or are known by a sheet in which every formula gives 0.
        if self._asks_to_calculate or (scan.formulas == scan.zeros and not self._is_calculated):
            scan.doubt_zeros()
        return scan.places()

    def _pieces(self, part: str) -> Iterator[bytes]:
        """The text of a part in pieces that end with a whole row; its checksum is verified."""
        rest = b""
        with (
            self._content.open() as stream,
            zipfile.ZipFile(stream) as archive,
            archive.open(self._names[part]) as text,
        ):
            while piece := text.read(PIECE):
                piece = rest + piece
                end = piece.rfind(b"row>") + len(b"row>")
                if end < len(b"row>"):
                    end = 0
                piece, rest = piece[:end], piece[end:]
                if len(rest) > _MAX_ROW:
                    raise ValueError("it holds an endless row")
                yield piece
        yield rest


def _names_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """The name in the archive of each part; some programs part folders by backslashes."""
    return {name.replace("\\", "/").lstrip("/"): name for name in archive.namelist()}


class _Scan:
    """What stands where in a sheet, as its text tells, piece by piece."""

    def __init__(self, percent: Mapping[int, int], scaled: Mapping[int, int]) -> None:
        self._found = Places()
        self._zeros: dict[int, array[int]] = {}
        self._marks = [(_ERROR, self._found.errors)]
        if percent:
            self._marks.append((_cells_of_styles(percent), self._found.percent))
        for by in set(scaled.values()):
            pattern = _cells_of_styles([n for n, scale in scaled.items() if scale == by])
            self._marks.append((pattern, self._found.scaled.setdefault(by, {})))
        self._rows = (1 << 20, 0)
        self._columns: set[int] = set()
        self.formulas = self.zeros = 0

    def look_at(self, piece: bytes) -> None:
        """Look at some whole rows."""
        references = _REFERENCE.findall(piece)
        if len(references) != len(_CELL.findall(piece)):
            piece = self._with_references(piece)
            references = _REFERENCE.findall(piece)
        self._columns.update(map(_column, {letters for letters, _ in references}))
        for row in map(int, {digits for _, digits in references}):
            self._rows = min(self._rows[0], row), max(self._rows[1], row)
        for pattern, found in self._marks:
            for letters, row in pattern.findall(piece):
                found.setdefault(_column(letters), array("L")).append(int(row))
        if b"<f" in piece or b":f" in piece:
            self._look_at_formulas(piece)
        if b"hidden=" in piece:
            self._found.hidden.extend(map(int, _HIDDEN_ROW.findall(piece)))
            for attributes in _HIDDEN_COLUMN.findall(piece):
                span = dict(_SPAN.findall(attributes))
                self._found.hidden_columns += int(span[b"max"]) - int(span[b"min"]) + 1

    def _look_at_formulas(self, piece: bytes) -> None:
        for attributes, result in _FORMULA.findall(piece):
            reference = _REFERENCE_OF.search(attributes)
            if reference is None:
                continue
            self.formulas += 1
            if result.strip() in (b"0", b"0.0"):
                self.zeros += 1
                found = self._zeros
            elif not result and not _IS_TEXT.search(attributes):
                found = self._found.uncalculated
            else:
                continue
            found.setdefault(_column(reference[1]), array("L")).append(int(reference[2]))

    def _with_references(self, piece: bytes) -> bytes:
        """Rows whose cells say where they stand: behind the one before, where they did not."""
        row, column = self._rows[1], 0
        made: list[bytes] = []
        at = 0
        for tag in _TAG.finditer(piece):
            reference = (_ROW_OF if tag[1] == b"row" else _REFERENCE_OF).search(tag[2])
            made.append(piece[at : tag.end(1)])
            at = tag.end(1)
            if tag[1] == b"row":
                row, column = int(reference[1]) if reference else row + 1, 0
                if reference is None:
                    made.append(b' r="%d"' % row)
            else:
                column = _column(reference[1]) + 1 if reference else column + 1
                if reference is None:
                    made.append(b' r="%s%d"' % (_letters(column), row))
        made.append(piece[at:])
        return b"".join(made)

    def doubt_zeros(self) -> None:
        """Formulas whose result is 0 were not calculated."""
        for column, rows in self._zeros.items():
            known = self._found.uncalculated.get(column, array("L"))
            self._found.uncalculated[column] = array("L", sorted([*known, *rows]))

    def places(self) -> Places:
        """What was found."""
        columns = self._columns or {0}
        first, last = self._rows
        self._found.rows = min(first, last), last
        self._found.columns = min(columns), max(columns)
        return self._found


def _cells_of_styles(styles: Iterable[int]) -> re.Pattern[bytes]:
    numbers = "|".join(map(str, sorted(styles))).encode()
    return re.compile(
        rb"<(?:\w+:)?c\s(?=[^>]*?\bs=\"(?:" + numbers + rb")\")"
        rb"[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\""
    )


#: An unknown compression is a RuntimeError to zipfile.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, KeyError, OSError,
    RuntimeError, ValueError,
)  # fmt: skip


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _letters(number: int) -> bytes:
    letters = b""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


@dataclass(frozen=True)
class SheetTable:
    """One sheet; see `Table`. Rows and cells count from the first of the sheet, filled or not."""

    sheet: CalamineSheet
    format: Format
    places: Places
    from_1904: bool

    @property
    def name(self) -> str:
        """Name of the sheet."""
        return self.sheet.name

    @cached_property
    def _left(self) -> int:
        """Columns before the first filled one, which calamine leaves out."""
        return self.sheet.start[1] if self.sheet.start else 0

    def _filled(self) -> Iterator[tuple[int, list[Any]]]:
        for row, cells in enumerate(self.sheet.iter_rows(), start=1):
            if any(cell not in ("", None) for cell in cells):
                yield row, cells

    def top(self) -> Iterator[tuple[int, list[str]]]:
        """See `Table.top`."""
        blank = [""] * self._left
        for row, cells in self._filled():
            yield row, [*blank, *map(_text, cells)]

    def hidden_below(self, header: int) -> int:
        """How many rows below a row are hidden, or left out by a filter."""
        return sum(row > header for row in self.places.hidden)

    def rows_below(self, header: int) -> int:
        """How many filled rows stand below a row."""
        return sum(row > header for row, _ in self._filled())

    def below(self, header: int, columns: Sequence[Column | None]) -> Iterator[Cells]:
        """See `Table.below`."""
        kinds = {n: column.kind for n, column in enumerate(columns) if column is not None}
        months = frozenset(n for n in positions(columns, Kind.PERIOD) if self._months(header, n))
        errors, uncalculated = self.places.errors, self.places.uncalculated
        percent, scaled = self.places.percent, self.places.scaled
        merged = _Merged(self.sheet, header)
        blank = [""] * self._left
        for row, values in self._filled():
            if row <= header:
                continue
            merged.begin(row, values, self._left)
            filled = merged.over(row)
            shown = _marked(percent, row)
            divided = {n: by for by, marks in scaled.items() for n in _marked(marks, row)}
            faults: dict[int, Reason] = {}
            cells = list(blank)
            for n, value in enumerate(values, start=self._left):
                if type(value) is str and not filled:  # most cells
                    cells.append(value)
                    continue
                kind = kinds.get(n)
                if n in filled:
                    value = filled[n].value
                    if kind in NUMBERS:
                        faults[n] = Reason("shared_number", rows=filled[n].rows)
                if isinstance(value, date):
                    if reason := _doubt(value, kind, n in months):
                        faults[n] = reason
                    cells.append(_day(value, n in months))
                elif isinstance(value, bool) and (kind in NUMBERS or kind is Kind.ID):
                    faults[n] = Reason("boolean_no_number")
                    cells.append(str(value).upper())
                elif kind is Kind.ID and _is_number(value) and abs(value) >= _EXACT:
                    faults[n] = Reason("id_rounded", text=_text(value))
                    cells.append(_text(value))
                elif n in shown and _is_number(value):
                    cells.append(Typed(f"{_text(round(value * 100, 10))} %"))
                elif n in divided and kind in NUMBERS and _is_number(value):
                    cells.append(_divided(value, divided[n]))
                elif self.from_1904 and kind in DAYS and _is_number(value):
                    cells.append(_text(value + _MAC_EPOCH_DAYS))
                else:
                    cells.append(_text(value))
            for n in _marked(errors, row):
                if n < len(cells):
                    cells[n] = "#ERROR"
                    faults[n] = Reason("formula_error")
            for n in _marked(uncalculated, row):
                if n < len(cells):
                    faults[n] = Reason("formula_not_calculated")
            first = min((n for n in faults if n in kinds), default=None) if faults else None
            yield Cells(row, cells, None if first is None else Fault(first, faults[first]))

    def _months(self, header: int, position: int) -> bool:
        """Whether every date cell of a column is the first of a month."""
        n = position - self._left
        return all(
            cells[n].day == 1
            for row, cells in self._filled()
            if row > header and 0 <= n < len(cells) and isinstance(cells[n], date)
        )


class _Span(NamedTuple):
    """A value that holds for several rows (1 = first)."""

    last: int
    value: object
    rows: str


class _Merged:
    """Cells merged over rows below the header; what the first one holds, all of them hold."""

    def __init__(self, sheet: CalamineSheet, header: int) -> None:
        self._starting: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
            if top >= header and bottom > top:
                self._starting.setdefault(top + 1, []).append((left, bottom + 1))
        self._holding: dict[int, _Span] = {}

    def begin(self, row: int, values: Sequence[object], left: int) -> None:
        """Remember the values of the ranges that start in a row."""
        for column, last in self._starting.get(row, ()):
            if 0 <= column - left < len(values):
                self._holding[column] = _Span(last, values[column - left], f"{row}–{last}")

    def over(self, row: int) -> dict[int, _Span]:
        """The values that hold in a row, by column (0 = first); rows must come in order."""
        if self._holding:
            self._holding = {n: span for n, span in self._holding.items() if span.last >= row}
        return self._holding


def _marked(marks: Mapping[int, array[int]], row: int) -> list[int]:
    """Columns in which a row (1 = first) is marked."""
    found = []
    for column, rows in marks.items():
        at = bisect_left(rows, row)
        if at < len(rows) and rows[at] == row:
            found.append(column)
    return found


def _divided(value: float, by: int) -> str:
    """A number as it is shown, and what divides it; `×?` where that is unclear."""
    return Typed(f"{_text(round(value / by, 10))} ×{by}" if by else f"{_text(value)} ×?")


def _doubt(value: date, kind: Kind | None, only_months: bool) -> Reason | None:
    if kind is Kind.ID:
        return Reason("id_became_date", day=_day(value, False))
    if kind in NUMBERS:
        return Reason("number_became_date", day=_day(value, False))
    if kind is Kind.PERIOD and value.day == 1 and not only_months:
        return Reason("month_or_day", day=_day(value, False))
    return None


def _day(value: date, only_month: bool) -> str:
    return f"{value:%Y-%m}" if only_month else value.isoformat().removesuffix("T00:00:00")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < _EXACT
        return Typed(int(cell) if whole else repr(cell))
    if isinstance(cell, int):
        return Typed(cell)
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell)
