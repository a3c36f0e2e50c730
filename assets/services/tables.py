"""What a service says of a table, and how a question is cut into calls that it will answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assets.services.http import Answer

Selection = Mapping[str, tuple[str, ...]]
"""What is asked of a table: variable code -> value codes, in the table's order."""


@dataclass(frozen=True)
class Limits:
    """What a service allows: cells of one answer, calls within a window of seconds."""

    max_cells: int
    max_calls: int
    window_seconds: float


@dataclass(frozen=True)
class Variable:
    """One variable of a table as the service describes it.

    Attributes:
        code: what it is called in queries.
        text: its name for people.
        values: its category codes, in order.
        labels: one name per category, same order.
        elimination: left out of a query, the service sums it up.
        time: it is the table's time.
    """

    code: str
    text: str
    values: tuple[str, ...]
    labels: tuple[str, ...] = ()
    elimination: bool = False
    time: bool = False


@dataclass(frozen=True)
class Metadata:
    """A table as its service describes it; `updated` as written, where the metadata say it."""

    title: str
    variables: tuple[Variable, ...]
    updated: str | None = None


class TableService(Protocol):
    """A service of tables that are asked by variable and value codes."""

    def limits(self) -> Limits:
        """What the service allows; the caller's limiter takes it over."""
        ...

    def metadata(self, table: str) -> Metadata:
        """Variables and their value codes."""
        ...

    def data(self, table: str, selection: Selection) -> Answer:
        """One answer in JSON-stat, with exactly the cells that were asked for."""
        ...

    def edition(self, table: str, probe: Selection) -> str | None:
        """What the service says of the newest edition of a table, in one light call.

        Two equal texts mean an unchanged table. `probe` is one cell of it.
        """
        ...


def cells_of(selection: Selection) -> int:
    """How many cells a selection has."""
    return math.prod(len(values) for values in selection.values())


def plan_chunks(
    selection: Selection, split: Sequence[str], max_cells: int
) -> list[dict[str, tuple[str, ...]]]:
    """Cut a selection into requests of at most `max_cells` cells.

    The product of value counts of each request stays within the limit, every cell is in
    exactly one request, and the order is fixed: whole runs of the first split variable as long
    as a single value of it fits, otherwise value by value and each over the next variable.

    Args:
        selection: what is asked for.
        split: the variables to split over, first the one to split first; the others follow.
        max_cells: the service's limit.

    Raises:
        ValueError: `max_cells` below 1, or a split variable that is not selected.
    """
    if max_cells < 1:
        raise ValueError("max_cells must be at least 1")
    order = [*split, *(code for code in selection if code not in split)]

    def cut(part: Selection, over: Sequence[str]) -> list[Mapping[str, Any]]:
        cells = cells_of(part)
        if cells <= max_cells:
            return [part]
        code = over[0]
        values = part[code]
        run = max(1, max_cells // (cells // len(values)))
        pieces = [
            {**part, code: values[start : start + run]} for start in range(0, len(values), run)
        ]
        return [small for piece in pieces for small in cut(piece, over[1:])]

    if any(code not in selection for code in order):
        raise ValueError("a split variable is not selected")
    if any(not values for values in selection.values()):
        return []
    return [dict(part) for part in cut(selection, order)]
