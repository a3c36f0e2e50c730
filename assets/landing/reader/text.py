"""CSV: encoding, separator, lines. A file is read in pieces, so memory does not grow with it.

UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252; which one it is one
pass over the bytes decides. Old 8-bit encodings cannot be told from Windows-1252 and are read
as it. A text may hold lines of both (a line was pasted from another program): it is read in the
encoding of most of its lines with letters beyond ASCII, and the other lines are faulty.

A quotation mark that nobody closes would swallow every line up to the next one. A cell in quotes
may hold line breaks, but lines that each look like a row of the table are no cell: the line with
the stray mark is then read by itself, the mark left out, and so are the lines behind it.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal, NamedTuple

from assets.datasets import Column
from assets.landing.layouts import Repair
from assets.landing.reader.sheet import Cells, Fault
from assets.raw.content import Content
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

#: Longest line that is read; a longer one is no table, and would not fit into memory.
MAX_LINE = 2_000_000
#: Longest cell of Python's CSV parser.
_LONGEST_CELL = 131_072
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
#: Follows the last line while a CSV is read; no delivered text holds it.
_END = "\x00"
#: Letters and signs of Finnish, Swedish and English texts in UTF-8; in Windows-1252 nobody writes
#: what these bytes would be there (`Ã¤`, `â€“`).
_IN_UTF8 = re.compile(rb"\xc2[\xa0-\xbf]|\xc3[\x80-\xbf]|\xe2[\x80-\x83][\x80-\xbf]")
_GARBLED = re.compile("Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf]|â[€‚ƒ„]")
#: Bytes that are no UTF-8, as Python carries them in a text.
_STRAY_BYTE = re.compile("[\udc80-\udcff]")


class Encoding(NamedTuple):
    """How the bytes of a text are read.

    Attributes:
        name: Python's name of the encoding.
        has_foreign_lines: whether some lines are in another one.
    """

    name: str
    has_foreign_lines: bool = False


def encoding_of(content: Content) -> Encoding:
    """The encoding of a text.

    Raises:
        UnreadableDelivery: the bytes are no text in any encoding that is understood.
    """
    head = content.head(4)
    marked = next((e for mark, e in _BYTE_ORDER_MARKS.items() if head.startswith(mark)), None)
    fault = _why_not(content, marked or "utf-8")
    if fault is None:
        return Encoding(marked or "utf-8")
    if marked != "utf-16" and fault.kind == "encoding_breaks":
        utf8, other = _lines_beyond_ascii(content)
        if utf8 and utf8 >= other:
            return Encoding(marked or "utf-8", has_foreign_lines=True)
        if marked is None and (fault := _why_not(content, "cp1252")) is None:
            return Encoding("cp1252", has_foreign_lines=utf8 > 0)
    raise UnreadableDelivery(Reason("no_text", fault=fault))


def _lines_beyond_ascii(content: Content) -> tuple[int, int]:
    """How many lines with letters beyond ASCII are UTF-8, and how many are not."""
    utf8 = other = 0
    with content.open() as stream:
        while line := stream.readline(MAX_LINE):
            if not line.isascii():
                try:
                    line.decode()
                    utf8 += _IN_UTF8.search(line) is not None
                except UnicodeDecodeError:
                    other += 1
    return utf8, other


def _why_not(content: Content, encoding: str) -> Reason | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    try:
        for piece in content.pieces():
            if _END in decoder.decode(piece):
                return Reason("binary_data", length=len(piece), at=at)
            at += len(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        return Reason("encoding_breaks", length=len(problem.object), at=at)
    return None


@dataclass(frozen=True)
class TextTable:
    """A text, parted by one separator."""

    content: Content
    encoding: Encoding
    separator: str
    format: Literal["csv"] = field(default="csv", init=False)
    name: None = field(default=None, init=False)

    def top(self) -> Iterator[tuple[int, list[str]]]:
        """See `Table.top`."""
        for line, cells, _ in self._checked(self._rows(None)):
            yield line, cells

    def below(self, header: int, columns: Sequence[Column | None]) -> Iterator[Cells]:
        """See `Table.below`."""
        for row in self._checked(self._rows(len(columns))):
            if row.line > header:
                yield row

    def lines(self) -> Iterator[tuple[int, str]]:
        """Numbered lines without their ends, quotation marks not understood."""
        with self.content.open() as stream:
            for number, line in enumerate(_lines(stream, self.encoding.name), start=1):
                yield number, line.rstrip("\r\n")

    def _rows(self, width: int | None) -> Iterator[Cells]:
        """The rows; with a width, lines that a stray quotation mark ran together are told apart."""
        with self.content.open() as stream:
            lines = _Lines(stream, self.encoding.name)
            line, separator = 1, self.separator
            # Up to the first quotation mark a line is a row, and its cells need no parser.
            for text in lines:
                if '"' in text or len(text) > _LONGEST_CELL:
                    lines.unread()
                    break
                cells = text.rstrip("\r\n").split(separator)
                if cells[0].strip() or any(map(str.strip, cells)):
                    if text == _END:
                        return
                    yield Cells(line, cells)
                line += 1
                lines.taken.clear()
            yield from self._quoted_rows(lines, line, width)

    def _quoted_rows(self, lines: _Lines, line: int, width: int | None) -> Iterator[Cells]:
        taken = lines.taken
        while True:
            reader = csv.reader(lines, delimiter=self.separator)
            try:
                for cells in reader:
                    if len(taken) > 1 and (
                        self._is_open(cells)
                        or (width is not None and self._runs_together(taken, cells, width))
                    ):
                        break
                    if cells == [_END]:
                        return
                    if cells and (cells[0].strip() or any(map(str.strip, cells))):
                        yield Cells(line, cells)
                    line += len(taken)  # a quoted cell may hold line breaks
                    taken.clear()
                else:
                    return
                problem = "a quoted cell does not end"
            except csv.Error as error:
                problem = str(error)
            if width is None:
                raise UnreadableDelivery(Reason("text_not_parted", line=line, problem=problem))
            # The lines behind the first one are read again, by themselves.
            reason = Reason("quote_open") if len(taken) > 1 else Reason("cell_too_long")
            first = lines.give_back()
            alone = self._alone(first, width)
            if alone is not None:
                yield Cells(line, alone)
            elif first.strip():
                yield Cells(line, [first.rstrip("\r\n")], Fault(None, reason))
            line += 1

    @staticmethod
    def _is_open(cells: list[str]) -> bool:
        return bool(cells) and cells[-1][-1:] == _END and cells != [_END]

    def _runs_together(self, lines: Sequence[str], cells: Sequence[str], width: int) -> bool:
        """Whether lines that quotation marks hold together are rows of the table of their own.

        They are where most of the lines between the first and the last one look like a row, or
        the first and the last one do, or where what they make together is no row. A line of free
        text within a cell does not: it has other separators, and blanks behind them. Empty lines
        say nothing.
        """
        spaced = f"{self.separator} "
        row_is_spaced = spaced in lines[0].partition('"')[0]
        alike = [
            self._alone(line, width) is not None and (row_is_spaced or spaced not in line)
            for line in lines
            if line.strip()
        ]
        inner = alike[1:-1]
        ends_alike = bool(alike) and alike[0] and alike[-1] and (width > 2 or not inner)
        if 2 * sum(inner) > len(inner) or ends_alike:
            return True
        filled = len(cells)
        while filled > width and not cells[filled - 1].strip():
            filled -= 1
        return filled > width or (len(cells) < width and any(alike))

    def _alone(self, line: str, width: int) -> list[str] | None:
        """The cells of one line, a stray quotation mark left out; None where it is no whole row."""
        line = line.rstrip("\r\n")
        if line.count('"') % 2:
            cells = [cell.strip().strip('"') for cell in line.split(self.separator)]
        else:
            try:
                cells = next(csv.reader([line], delimiter=self.separator), [])
            except csv.Error:
                return None
        return cells if len(cells) == width and width > 1 else None

    def _checked(self, rows: Iterator[Cells]) -> Iterator[Cells]:
        return map(self.checked, rows) if self.encoding.has_foreign_lines else rows

    def checked(self, row: Cells) -> Cells:
        """A row; one in another encoding than the file is faulty, its cells shown as meant."""
        if self.encoding.name == "cp1252":
            pattern, meant = _GARBLED, _as_utf8
        else:
            pattern, meant = _STRAY_BYTE, _as_windows
        if not any(map(pattern.search, row.cells)):
            return row
        fault = Fault(None, Reason("line_in_another_encoding"))
        return Cells(row.line, [pattern.sub(meant, cell) for cell in row.cells], fault)


class _Lines:
    """Lines for a CSV reader that can be given back.

    Attributes:
        taken: the lines that were read since the list was emptied.
    """

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._behind: deque[str] = deque()
        self._lines = itertools.chain(_lines(stream, encoding), (_END,))
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        taken, behind = self.taken, self._behind
        while behind:
            taken.append(line := behind.popleft())
            yield line
        for line in self._lines:
            taken.append(line)
            yield line

    def unread(self) -> None:
        """The taken lines will be read again."""
        self._behind.extendleft(reversed(self.taken))
        self.taken.clear()

    def give_back(self) -> str:
        """The first of the taken lines; the others will be read again."""
        self.unread()
        return self._behind.popleft()


def _as_windows(match: re.Match[str]) -> str:
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")


def _as_utf8(match: re.Match[str]) -> str:
    try:
        return match[0].encode("cp1252").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return match[0]


def _lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="")
    number = 1
    while line := text.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise UnreadableDelivery(Reason("line_too_long", line=number, most=MAX_LINE))
        yield line
        number += 1


@dataclass(frozen=True)
class RepairedTable:
    """A text whose quotation marks are broken: its lines are parted by what they must look like."""

    text: TextTable
    repair: Repair

    @property
    def format(self) -> Literal["csv"]:
        """See `Table.format`."""
        return "csv"

    @property
    def name(self) -> None:
        """See `Table.name`."""
        return None

    def top(self) -> Iterator[tuple[int, list[str]]]:
        """See `Table.top`."""
        return self.text.top()

    def below(self, header: int, columns: Sequence[Column | None]) -> Iterator[Cells]:
        """See `Table.below`; a line that cannot be parted for sure comes whole, with a fault."""
        for number, line in self.text.lines():
            if number > header and line.strip():
                parted = self.repair.parted(line, self.text.separator)
                if isinstance(parted, str):
                    yield self.text.checked(Cells(number, [line], Fault(None, parted)))
                else:
                    yield self.text.checked(Cells(number, parted))
