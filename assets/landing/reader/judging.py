"""Which rows are no rows of the table, and what only a whole column can tell.

Two passes: `survey` reads every row once and keeps a few facts of each column, `judged` reads
them again and gives each row its verdict. Neither holds a row longer than it looks at it.

A number that reads both ways (`1.234` is 1234 or 1.234) is decided by the other numbers of its
column: if those show one decimal sign (`12,5`, `1.234.567`), that sign holds. A column without
such a number follows the other number columns of the file. Where these say nothing or
contradict each other the number goes to quarantine, for a value must never be taken a thousand
times too small. The separator of the file is no evidence: `;` stands in files with either sign.

An amount with its currency has two decimals or none, so where nothing else decides it the sign of
`3,000 EUR` parts thousands.

A day that reads both ways (`3/4/2025`) is decided likewise: by days in its column of which the
first number is above 12, and none of which the second is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assets.datasets import Column, Kind, fold_header
from assets.landing.reader.sheet import DAYS, NUMBERS, Cells, Row, Typed, positions
from assets.vocabulary.numbers import decimal_sign, without_currency, without_thousands
from assets.vocabulary.reasons import Reason
from assets.vocabulary.totals import is_total, names_total

_TOTAL = Reason("total_row")
_SIGNS = frozenset(".,")
#: What may follow an amount: per cent, a currency (`EUR`, `euroa`), blanks of any width.
_BEHIND_DIGITS = "%€EUReuroa \u00a0\u202f\u2009"
_SLASHED = re.compile(r"^\s*([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}\b")


@dataclass(frozen=True)
class Survey:
    """What the columns of a table tell when all their cells are seen.

    Attributes:
        decimal: the decimal sign of each number column, where there is one for sure.
        day_first: positions of day columns in which days are written day first, for sure.
        differs: positions of columns whose cells differ from those of their twin in some row.
    """

    decimal: dict[int, str]
    day_first: frozenset[int]
    differs: frozenset[int]


def survey(
    rows: Iterable[Cells], columns: Sequence[Column | None], twins: dict[int, int]
) -> Survey:
    """Read every row once.

    Args:
        rows: below the header.
        columns: what each position holds.
        twins: positions of columns that mean the same, each with that of the first such column.
    """
    numbers = tuple(positions(columns, *NUMBERS))
    days = tuple(positions(columns, *DAYS))
    signs: dict[int, set[str]] = {n: set() for n in numbers}
    orders: dict[int, set[str]] = {n: set() for n in days}
    differs: set[int] = set()
    for _, cells, _ in rows:
        width = len(cells)
        for n in numbers:
            if n < width and not _adds_nothing(cells[n], signs[n]):
                sign = decimal_sign(cells[n])
                if sign is not None and sign != "?":
                    signs[n].add(sign)
        for n in days:
            if n < width and "/" in cells[n] and (match := _SLASHED.match(cells[n])):
                if int(match[1]) > 12:
                    orders[n].add("day first")
                if int(match[2]) > 12:
                    orders[n].add("month first")
        for twin, first in twins.items():
            if (cells[twin] if twin < width else "").strip() != (
                cells[first] if first < width else ""
            ).strip():
                differs.add(twin)
    everywhere = set().union(*signs.values())
    decimal = {}
    for n, found in signs.items():
        telling = found or everywhere
        if len(telling) == 1:
            decimal[n] = next(iter(telling))
    return Survey(
        decimal=decimal,
        day_first=frozenset(n for n, found in orders.items() if found == {"day first"}),
        differs=frozenset(differs),
    )


def judged(
    rows: Iterable[Cells],
    headers: Sequence[str],
    columns: Sequence[Column | None],
    found: Survey,
) -> Iterator[Row]:
    """Every row with its verdict, and ambiguous numbers written out.

    A row that is none of the table keeps its cells and says why in `Row.problem`: a total, a
    note (only one cell is filled), the header once more, a row with more or fewer cells than
    the header. So does a row with a fault that the file itself has, or with a number or a day
    that reads both ways and cannot be decided.
    """
    width = len(headers)
    folded = [fold_header(header) for header in headers]
    named = next((n for n, column in enumerate(columns) if column is not None), 0)
    name = headers[named].strip().casefold() if headers else ""
    region = next(iter(positions(columns, Kind.REGION)), None)
    numbers = tuple(positions(columns, *NUMBERS).items())
    days = tuple((n, c) for n, c in positions(columns, *DAYS).items() if n not in found.day_first)
    named_width = max((n + 1 for n, header in enumerate(headers) if header.strip()), default=0)
    for line, cells, fault in rows:
        problem: tuple[str, Reason] | None = None
        given: list[str] | None = None
        count = len(cells)
        if count != width and count >= named_width and not any(map(str.strip, cells[width:])):
            # Spreadsheets write a varying number of empty cells at the end of a row.
            cells = [*cells[:width], *[""] * (width - count)]
            count = width
        if fault is not None and fault.position is None:
            problem = ("", fault.reason)
        elif width > 1 and not (count > 1 and cells[0] and cells[1]) and _filled(cells) == 1:
            problem = ("", _lonely(cells))
        elif _is_total(cells, columns, region):
            problem = ("", _TOTAL)
        elif (
            count > named
            and cells[named].strip().casefold() == name
            and [fold_header(cell) for cell in cells[:width]] == folded
        ):
            problem = ("", Reason("header_again"))
        elif count != width:
            problem = ("", Reason("other_width", cells=count, width=width))
        elif fault is not None:
            column = None if fault.position is None else columns[fault.position]
            problem = (column.name if column else "", fault.reason)
        else:
            for n, holds in numbers:
                cell = cells[n]
                if not _could_read_both_ways(cell) or decimal_sign(cell) != "?":
                    continue
                sign = found.decimal.get(n)
                if without_currency(cell) is not None:
                    sign = _other_sign(cell) if sign in (None, _other_sign(cell)) else None
                if sign is None:
                    problem = problem or (holds.name, _both_ways(cell))
                elif (plain := without_thousands(cell, sign)) != cell:
                    given = given or list(cells)
                    cells[n] = plain
            for n, holds in days:
                if "/" in cells[n] and _could_be_two_days(cells[n]):
                    reason = Reason("day_both_ways", text=cells[n].strip())
                    problem = problem or (holds.name, reason)
        yield Row(line, cells, problem, given)


def _adds_nothing(cell: str, known: set[str]) -> bool:
    """Whether a number cannot tell more of its column's decimal sign; cheap, most cells end here.

    One comma and no point says nothing new where the comma is known for the decimal sign.
    """
    commas, points = cell.count(","), cell.count(".")
    if not commas and not points:
        return True
    if commas == 1 and not points:
        return "," in known or isinstance(cell, Typed)
    if points == 1 and not commas:
        return "." in known or isinstance(cell, Typed)
    return isinstance(cell, Typed)


def _could_read_both_ways(cell: str) -> bool:
    """Whether a sign stands before the last three digits; cheap, most cells end here."""
    digits = cell if cell[-1:].isdigit() else cell.rstrip(_BEHIND_DIGITS)
    return digits[-4:-3] in _SIGNS and not isinstance(cell, Typed)


def _other_sign(cell: str) -> str:
    return "," if "." in cell else "."


def _filled(cells: Sequence[str]) -> int:
    return sum(map(bool, map(str.strip, cells)))


def _lonely(cells: Sequence[str]) -> Reason:
    text = next(cell for cell in cells if cell.strip())
    if is_total(text):
        return _TOTAL
    return Reason("note_row")


def _is_total(cells: Sequence[str], columns: Sequence[Column | None], region: int | None) -> bool:
    """A word such as "Total" in place of the region, or first in a row that names no region.

    Where a region is named the word belongs to another column: a segment, say, or a sex. In a
    column of ids it is a total all the same; see `Understanding.identifier`.
    """
    if region is not None and region < len(cells) and cells[region].strip():
        return names_total(cells[region])
    first = next((n for n, cell in enumerate(cells) if cell.strip()), 0)
    holds = columns[first] if first < len(columns) else None
    if holds is not None and holds.kind is Kind.SEGMENT:
        return False
    return names_total(cells[first])


def _both_ways(cell: str) -> Reason:
    whole = cell.strip().replace(".", "").replace(",", "")
    decimal = cell.strip().replace(",", ".")
    return Reason("number_both_ways", text=cell.strip(), whole=whole, decimal=decimal)


def _could_be_two_days(cell: str) -> bool:
    match = _SLASHED.match(cell)
    return bool(match and match[1] != match[2] and int(match[1]) <= 12 and int(match[2]) <= 12)
