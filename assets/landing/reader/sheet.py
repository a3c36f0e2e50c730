"""What a reader hands on: a sheet of rows, and the table of cells that it is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from assets.datasets import Column, Kind, fold_header
from assets.languages import Text
from assets.vocabulary.reasons import Reason

Format = Literal["csv", "xlsx", "xls"]
#: Columns whose cells are numbers.
NUMBERS = frozenset({Kind.VALUE, Kind.NUMBER, Kind.MONEY, Kind.COUNT, Kind.PERCENT})
#: Columns whose cells are days.
DAYS = frozenset({Kind.DAY, Kind.PLANNED_DAY})

ADDED_LINE = Text(
    fi="Rivi toimitetussa tiedostossa / Line",
    sv="Rad i den levererade filen / Line",
    en="Rivi toimitetussa tiedostossa / Line",
)
ADDED_REASON = Text(
    fi="Miksi riviä ei otettu vastaan",
    sv="Varför raden inte togs emot",
    en="Why the row was not taken in",
)
"""Headers of the columns that an answer to a delivery adds; see `assets.landing.answers`."""
_ADDED_FOLDED = frozenset(map(fold_header, (*ADDED_LINE, *ADDED_REASON)))


def is_added(header: str) -> bool:
    """Whether a header is one that answers add: its cells say nothing."""
    return fold_header(header) in _ADDED_FOLDED


class Row(NamedTuple):
    """One row below the header.

    Attributes:
        line: line of the file, or row of the sheet, where it starts (1 = first). Rows that a
            layout makes of one line share it.
        cells: text, one for each of `Sheet.columns`; fewer or more only where `problem` says so.
        problem: column and reason, for a row that is none of the table or cannot be told apart;
            it belongs to quarantine.
        given: the cells as they stand in the file, where `cells` say it otherwise.
        part: which of several values of the line this is: its header; empty where a line is a row.
        left_out: whether the layout declares that it is not taken; it is counted and goes nowhere.
    """

    line: int
    cells: list[str]
    problem: tuple[str, Reason] | None = None
    given: list[str] | None = None
    part: str = ""
    left_out: bool = False


@dataclass(frozen=True)
class Sheet:
    """Rows of one delivery, below their header.

    Attributes:
        columns: the column of each cell of a row; None where the contract does not know it.
        headers: the headers as written in the file.
        rows: in the order of the file; empty rows are left out. To be read once.
        unknown_headers: headers that are not used; their cells stay in the kept delivery only.
        format: what kind of file it is, whatever it is called.
        name: name of the sheet of a workbook.
        titles: the rows above the header, their cells joined.
        layout: name of the layout by which a foreign file was read.
        notes: what a person should know of the reading.
        region_type: type of every region, where the header of their column names it.
    """

    columns: Sequence[Column | None]
    headers: Sequence[str]
    rows: Iterator[Row]
    unknown_headers: Sequence[str]
    format: Format = "csv"
    name: str | None = None
    titles: Sequence[str] = ()
    layout: str | None = None
    notes: Sequence[Reason] = ()
    region_type: str | None = None

    def delivered(self, row: Row) -> dict[str, str]:
        """A row as it stands in the file, by header; no cell is lost, whatever its row's length.

        Cells under no header, or under one that is used already, go by `column <n>`.
        """
        found: dict[str, str] = {}
        for n, cell in enumerate(row.cells if row.given is None else row.given):
            header = self.headers[n].strip() if n < len(self.headers) else ""
            found[header if header and header not in found else f"column {n + 1}"] = cell
        return found


class Typed(str):
    """Text of a cell whose type the workbook knows: a number in it reads one way only."""

    __slots__ = ()


class Fault(NamedTuple):
    """What is wrong with a row of cells; position None is the row itself."""

    position: int | None
    reason: Reason


class Cells(NamedTuple):
    """A row as the file has it, below the header."""

    line: int
    cells: list[str]
    fault: Fault | None = None


class Table(Protocol):
    """Something in a file that may be the delivered table; it can be read more than once."""

    @property
    def format(self) -> Format:
        """What kind of file it stands in."""
        ...

    @property
    def name(self) -> str | None:
        """Name of the sheet of a workbook."""
        ...

    def top(self) -> Iterator[tuple[int, list[str]]]:
        """Lines and cells from the beginning, empty rows left out; to look for the header.

        Raises:
            UnreadableDelivery: the rows cannot be told apart.
        """
        ...

    def below(self, header: int, columns: Sequence[Column | None]) -> Iterator[Cells]:
        """Rows below the header, empty rows left out.

        Args:
            header: line of the header.
            columns: what each position holds, as far as the header tells.

        Raises:
            UnreadableDelivery: the rows cannot be told apart.
        """
        ...


def positions(columns: Sequence[Column | None], *kinds: Kind) -> Mapping[int, Column]:
    """Where columns of some kinds stand."""
    return {n: c for n, c in enumerate(columns) if c is not None and c.kind in kinds}
