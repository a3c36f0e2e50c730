"""Foreign files by their layout: cells of known headers to rows of the contract.

What belongs here: applying a layout to a header and to rows. What does not: the layouts
themselves (`assets.landing.layouts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

from assets.datasets import Column, Dataset
from assets.landing.layouts import Filled, Layout, Refusal, Value
from assets.landing.reader.sheet import Cells, Row
from assets.vocabulary import NotUnderstood, UnreadableDelivery
from assets.vocabulary.periods import parse_period, period_containing
from assets.vocabulary.reasons import Reason

#: Columns that say something of the value, and not which value it is.
BESIDE_THE_KEY = frozenset(
    {"value", "unit", "status", "conf_status", "note", "processing_level", "producer_note"}
)


@dataclass(frozen=True)
class Reading:
    """A layout, found to fit a header.

    Attributes:
        layout: the layout.
        headers: the headers of the file, as written.
        dataset: the contract of its dataset.
        filled: position in the file of each contract column that the file fills.
        values: position in the file of each column of measurements.
        refused: position in the file of the column of each refusal.
        left_out: position in the file of the column of each entry of `leave_out` that it has.
        only: position in the file of each column of `only` that it has, and the cell that is taken.
        period: the period that a header tells.
    """

    layout: Layout
    headers: Sequence[str]
    dataset: Dataset
    filled: Mapping[str, int]
    values: Sequence[tuple[int, Value]]
    refused: Sequence[int]
    left_out: Sequence[tuple[int, Refusal]]
    only: Sequence[tuple[int, str]]
    period: str | None

    @cached_property
    def _by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.dataset.columns}

    @property
    def columns(self) -> list[Column | None]:
        """What each position of the file holds. Constants and period stand in no position."""
        held: list[Column | None] = [None] * len(self.headers)
        for name, position in self.filled.items():
            held[position] = self._by_name[name]
        for position, _ in self.values:
            held[position] = self._by_name["value"]
        return held

    @property
    def unknown_headers(self) -> list[str]:
        """Headers that the layout does not name."""
        return [self.headers[n] for n in self._unknown]

    @cached_property
    def _unknown(self) -> list[int]:
        read = {*self.filled.values(), *(n for n, _ in self.values), *self.refused}
        read |= {n for n, _ in (*self.left_out, *self.only)}
        return [
            n
            for n, header in enumerate(self.headers)
            if header.strip()
            and n not in read
            and not any(_matches(out.header, header) for out in self.layout.left_out)
            and not (self.layout.period and self.layout.period.header.of(header))
        ]

    @cached_property
    def target(self) -> Sequence[Column]:
        """The contract columns of the rows that the layout makes."""
        names = {*self.layout.columns, *self.layout.constants}
        if self.layout.values:
            names |= {"indicator", "value", "unit"}
        if self.layout.region_type:
            names.add("region_type")
        if self.period is not None:
            names.add("period")
        return [column for column in self.dataset.columns if column.name in names]

    def rows(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows of the file as rows of the contract: one, or one for each column of values."""
        for row in rows:
            given = row.given or row.cells
            if not row.problem and self._leaves_out(row.cells):
                yield Row(row.line, [], given=given, left_out=True)
                continue
            problem = row.problem or self._refusal(row.cells)
            made = {} if problem else self._made(row.cells)
            if isinstance(made, tuple):
                problem, made = made, {}
            if problem:
                yield Row(row.line, [""] * len(self.target), problem, given)
            elif not self.values:
                yield Row(row.line, self._cells(made), None, given)
            else:
                for position, value in self.values:
                    yield self._measured(row.line, made, value, row.cells[position], given,
                                         self.headers[position].strip())  # fmt: skip

    def _leaves_out(self, cells: Sequence[str]) -> bool:
        return any(out.applies_to(cells[n]) for n, out in self.left_out) or any(
            folded(cells[n]) != taken for n, taken in self.only
        )

    @property
    def needs_a_look(self) -> bool:
        """Whether `check` has something to look for."""
        return bool(self._unknown or self.only)

    def check(self, rows: Iterable[Cells], *, is_accepted: bool = False) -> None:
        """Hold the rows of the file against what the layout does not name.

        Args:
            rows: below the header.
            is_accepted: whether a person has accepted what unnamed columns tell apart.

        Raises:
            UnreadableDelivery: an unnamed column tells rows of one key apart, so that each of them
                would count; or no row has the cell that `only` takes.
        """
        key_of = [n for name, n in self.filled.items() if name not in BESIDE_THE_KEY]
        first: dict[tuple[str, ...], list[str]] = {}
        is_taken = is_there = False
        for row in rows:
            if row.fault is not None or len(row.cells) != len(self.headers):
                continue
            is_there = True
            if self._leaves_out(row.cells):
                continue
            is_taken = True
            cells = first.setdefault(tuple(folded(row.cells[n]) for n in key_of), row.cells)
            for n in () if is_accepted else self._unknown:
                if folded(cells[n]) != folded(row.cells[n]):
                    raise UnreadableDelivery(
                        Reason(
                            "unnamed_column_tells_rows_apart",
                            header=self.headers[n].strip(),
                            first=cells[n].strip(),
                            second=row.cells[n].strip(),
                            layout=self.layout.name,
                        )
                    )
        if is_there and not is_taken and self.only:
            header, cell = next(iter(self.layout.only.items()))
            raise UnreadableDelivery(
                Reason("nothing_is_taken", header=header, cell=cell, layout=self.layout.name)
            )

    def _refusal(self, cells: Sequence[str]) -> tuple[str, Reason] | None:
        for position, refusal in zip(self.refused, self.layout.refuse, strict=True):
            if refusal.applies_to(cells[position]):
                return self.headers[position].strip(), Reason("layout_refuses", reason=refusal.told)
        return None

    def _made(self, cells: Sequence[str]) -> dict[str, str] | tuple[str, Reason]:
        """Cells by contract column, or column and reason where one cannot be made."""
        made = dict(self.layout.constants)
        if self.period is not None:
            made["period"] = self.period
        for name, position in self.filled.items():
            fills = self.layout.columns[name]
            text = _rewritten(fills, cells[position])
            if text is None:
                return name, Reason("not_as_the_layout", text=cells[position].strip())
            made[name] = text
            if name == "region" and self.layout.region_type:
                coded = cells[position].strip() in fills.words
                made["region_type"] = "" if coded else self.layout.region_type
        return made

    def _measured(
        self, line: int, made: Mapping[str, str], value: Value, cell: str, given: list[str],
        part: str,
    ) -> Row:  # fmt: skip
        row = {**made, "indicator": value.indicator, "value": cell, "unit": value.unit or ""}
        problem = None
        if value.period_offset:
            try:
                row["period"] = _shifted(row["period"], value.period_offset)
            except NotUnderstood as reason:
                problem = ("period", reason.reason)
        return Row(line, self._cells(row), problem, given, part)

    def _cells(self, made: Mapping[str, str]) -> list[str]:
        return [made.get(column.name, "") for column in self.target]


def reading_of(layout: Layout, headers: Sequence[str], dataset: Dataset) -> Reading | None:
    """A layout applied to a header, None where it does not fit it."""
    filled, values, refused = {}, [], []
    for name, column in layout.columns.items():
        if (position := _position(column.header, headers)) is None:
            return None
        filled[name] = position
    for value in layout.values:
        if (position := _position(value.header, headers)) is None:
            return None
        values.append((position, value))
    for refusal in layout.refuse:
        if (position := _position(refusal.header, headers)) is None:
            return None
        refused.append(position)
    left_out = [
        (position, entry)
        for entry in layout.leave_out
        if (position := _position(entry.header, headers)) is not None
    ]
    only = [
        (position, folded(cell))
        for header, cell in layout.only.items()
        if (position := _position(header, headers)) is not None
    ]
    period = None
    if layout.period is not None:
        told = (layout.period.header.of(header) for header in headers)
        period = next((text for text in told if text is not None), None)
        if period is None:
            return None
    return Reading(layout, headers, dataset, filled, values, refused, left_out, only, period)


def _position(pattern: str, headers: Sequence[str]) -> int | None:
    """Where the only header stands that matches."""
    found = [n for n, header in enumerate(headers) if _matches(pattern, header)]
    return found[0] if len(found) == 1 else None


def folded(cell: str) -> str:
    """A cell without case and superfluous blanks."""
    return " ".join(cell.split()).casefold()


def _matches(pattern: str, header: str) -> bool:
    return re.fullmatch(pattern, header.strip(), re.IGNORECASE) is not None


def _rewritten(fills: Filled, cell: str) -> str | None:
    text = cell.strip()
    if text in fills.words:
        return fills.words[text]
    return cell if fills.rewrite is None or not text else fills.rewrite.of(text)


@lru_cache(maxsize=1024)
def _shifted(text: str, periods: int) -> str:
    """A calendar period some periods of its own length later, or earlier (negative)."""
    period = parse_period(text)
    if period.freq not in "ASQM":
        raise NotUnderstood(Reason("not_a_counted_period", text=text))
    for _ in range(abs(periods)):
        neighbour = period.end if periods > 0 else period.start - timedelta(days=1)
        period = period_containing(neighbour, period.freq)
    return period.text
