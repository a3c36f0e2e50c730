"""CSV: encoding, separator, lines. A file is read in pieces, so memory does not grow with it.

UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252; which one it is one
pass over the bytes decides. Old 8-bit encodings cannot be told from Windows-1252 and are read
as it.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from assets.datasets import Column
from assets.errors import UnreadableDelivery
from assets.landing.layouts import Repair
from assets.landing.reader.sheet import Cells, Fault
from assets.raw.content import Content
from assets.vocabulary.reasons import Reason

#: Longest line that is read; a longer one is no table, and would not fit into memory.
MAX_LINE = 2_000_000
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
#: Follows the last line while a CSV is read; no delivered text holds it.
_END = "\x00"


def encoding_of(content: Content) -> str:
    """The encoding of a text.

    Raises:
        UnreadableDelivery: the bytes are no text in any encoding that is understood.
    """
    head = content.head(4)
    marked = next((e for mark, e in _BYTE_ORDER_MARKS.items() if head.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        fault = _why_not(content, encoding)
        if fault is None:
            return encoding
    raise UnreadableDelivery(Reason("no_text", fault=fault or ""))


def _why_not(content: Content, encoding: str) -> str | None:
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
    encoding: str
    separator: str
    format: Literal["csv"] = field(default="csv", init=False)
    name: None = field(default=None, init=False)

    def top(self) -> Iterator[tuple[int, list[str]]]:
        """See `Table.top`."""
        line = 1
        with self.content.open() as stream:
            reader = csv.reader(
                itertools.chain(_lines(stream, self.encoding), (_END,)), delimiter=self.separator
            )
            try:
                for cells in reader:
                    if cells and cells[-1][-1:] == _END:
                        if cells == [_END]:
                            return
                        # As it is, this row would swallow every row below it without a word.
                        raise csv.Error("a quoted cell does not end")
                    if cells and (cells[0].strip() or any(map(str.strip, cells))):
                        yield line, cells
                    line = reader.line_num + 1  # a quoted cell may hold line breaks
            except csv.Error as problem:
                reason = Reason("text_not_parted", line=line, problem=str(problem))
                raise UnreadableDelivery(reason) from None

    def below(self, header: int, columns: Sequence[Column | None]) -> Iterator[Cells]:
        """See `Table.below`."""
        for line, cells in self.top():
            if line > header:
                yield Cells(line, cells)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Numbered lines without their ends, quotation marks not understood."""
        with self.content.open() as stream:
            for number, line in enumerate(_lines(stream, self.encoding), start=1):
                yield number, line.rstrip("\r\n")


def _lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
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
                    yield Cells(number, [line], Fault(None, parted))
                else:
                    yield Cells(number, parted)
