"""Common to all table services: metadata, selections, and splitting them into calls.

Elsewhere: what is special to one service (`pxweb`, `pxwebapi2`), and executing a plan (`fetch`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assets.errors import SourceUnavailable
from assets.services.http import Answer

Selection = Mapping[str, tuple[str, ...]]
"""What is asked of a table: variable code -> value codes, in the table's order."""
Codelists = Mapping[str, str]
"""By which of the service's own code lists values are given: variable code -> code list.

Where a variable has one, its values are codes of that list: `agg:…` and `vs:…` in PxWeb v1,
`agg_…` and `vs_…` in PxWebApi 2. An aggregation answers with the sums of its groups.
"""


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
        elimination: the service sums over the variable when a query leaves it out.
        time: whether it is the time variable.
        units: unit of measure per category code, where the service says it.
        codelists: id -> name of the code lists that its values can also be given by.
    """

    code: str
    text: str
    values: tuple[str, ...]
    labels: tuple[str, ...] = ()
    elimination: bool = False
    time: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    codelists: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Metadata:
    """A table as its service describes it; `updated` as written, where the metadata say it."""

    title: str
    variables: tuple[Variable, ...]
    updated: str | None = None


@dataclass(frozen=True)
class Entry:
    """One line of a service's list of tables; `updated` as written, where the list says it."""

    id: str
    title: str
    is_folder: bool = False
    updated: str | None = None


class TableService(Protocol):
    """A service of tables that are asked by variable and value codes."""

    def url(self, table: str) -> str:
        """Address of a table."""
        ...

    def limits(self) -> Limits:
        """The service's limits; the caller's limiter adopts them."""
        ...

    def metadata(self, table: str) -> Metadata:
        """Variables and their value codes."""
        ...

    def data(self, table: str, selection: Selection, codelists: Codelists | None = None) -> Answer:
        """One answer in JSON-stat, with exactly the cells that were asked for."""
        ...

    def edition(self, table: str, probe: Selection) -> str | None:
        """The time of update of a table as written, in one light call.

        Two equal texts mean an unchanged table. `probe` is one cell of it.
        """
        ...


def cells_of(selection: Selection) -> int:
    """How many cells a selection has."""
    return math.prod(len(values) for values in selection.values())


def read_limits(config: Any, keys: tuple[str, str, str], url: str) -> Limits:
    """The limits in a service's configuration; `keys` name cells, calls and window in it.

    Raises:
        SourceUnavailable: one of them is absent or no number of at least one.
    """
    found = []
    for key in keys:
        number = config.get(key) if isinstance(config, dict) else None
        if isinstance(number, bool) or not isinstance(number, int | float) or number < 1:
            raise SourceUnavailable(
                f"The configuration at {url} has no usable {key!r}: the service's limits are not "
                "known, so nothing is asked of it."
            )
        found.append(number)
    return Limits(int(found[0]), int(found[1]), float(found[2]))


def require_values(url: str, selection: Selection) -> None:
    """Reject a query without values.

    Raises:
        SourceUnavailable: a service would answer with a default selection or with the
            whole table, and that would be mistaken for the selection.
    """
    if not selection or not all(selection.values()):
        empty = [code for code, values in selection.items() if not values]
        raise SourceUnavailable(
            f"Nothing is asked of {url}: no values are selected"
            + (f" of variable {', '.join(map(repr, empty))}" if empty else "")
            + ". Correct the source description."
        )


def expect_selected(answer: Answer, selection: Selection) -> None:
    """Reject a JSON-stat 2 answer that does not hold exactly the cells of a selection.

    Every variable asked for must be there with the values asked for, in any order; a variable
    that was left out may be there with one value.

    Raises:
        SourceUnavailable: a service that fills in a default selection, or drops what it does not
            know, would be taken for the table.
    """
    document = answer.json if isinstance(answer.json, dict) else {}
    found = document.get("size")
    asked = cells_of(selection)
    sizes = found if isinstance(found, list) else []
    if not sizes or not all(type(n) is int for n in sizes) or math.prod(sizes) != asked:
        raise SourceUnavailable(
            f"The answer of {answer.url} is not what was asked for: {asked} cells were selected, "
            f"and the answer has the size {str(found)[:80]}. Compare the source description with "
            "the table's metadata."
        )
    for code, values in selection.items():
        held = categories_of(document, code)
        if held is None or set(held) != set(values):
            other = sorted(set(values).symmetric_difference(held or ()))
            raise SourceUnavailable(
                f"The answer of {answer.url} is not what was asked for: the values of variable "
                f"{code!r} differ from those selected ({', '.join(other[:5])}). Compare the "
                "source description with the table's metadata."
            )


def categories_of(document: Mapping[str, Any], code: str) -> tuple[str, ...] | None:
    """Category codes of a JSON-stat 2 dimension, in order; None for invalid content."""
    dimension = _child(_child(document, "dimension"), code)
    category = _child(dimension, "category")
    index = category.get("index")
    if isinstance(index, dict) and all(type(n) is int for n in index.values()):
        return tuple(sorted(index, key=index.__getitem__))
    if isinstance(index, list) and all(isinstance(value, str) for value in index):
        return tuple(index)
    labels = _child(category, "label")
    # The index may be absent where a dimension has one category.
    return tuple(labels) if index is None and len(labels) == 1 else None


def _child(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    child = parent.get(key)
    return child if isinstance(child, dict) else {}


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
