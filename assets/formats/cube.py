"""Coded cells: what every statistical format holds, whatever it looks like on disk.

A *cube* has a cell for every combination of its categories (JSON-stat, PX); *coded rows* name
only the combinations that are there (SDMX-CSV and other long tables). Both answer the same
questions, so everything behind the readers is written once, against `CodedCells`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assets.languages import Text

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Int32Array = npt.NDArray[np.int32]

TEXT = pa.dictionary(pa.int32(), pa.string())
"""Arrow type of the code, label and status columns of a table."""

_CELL_COLUMNS = frozenset({"value", "status"})
_Int = TypeVar("_Int", np.int32, np.int64)

MAX_CELLS = 50_000_000
"""Largest cube that is read. A few bytes can declare a cube of any size; this bounds memory."""

WEB_PAGE = Text(
    fi="verkkosivu (HTML tai XML)",
    sv="en webbsida (HTML eller XML)",
    en="a web page (HTML or XML)",
)
"""What services answer with when they are down."""

NUMBER = r"^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$"
"""What is a number in the texts of statistical formats."""


@dataclass(frozen=True)
class Dimension:
    """One variable of a cube.

    Attributes:
        code: the variable's code (`alue_23_20260101`).
        label: its name for people; the code where the dataset gives none.
        codes: the category codes in the order of the cube's axis.
        labels: one name per category, same order; the code where none is given.
        role: `time`, `geo`, `metric` or another role of the dataset; None without one.
        children: hierarchy: category code -> codes directly below it. Kept as delivered, so a
            hierarchy may name categories that this dataset leaves out.
        units: category code -> the unit object as delivered (`base`, `decimals`, ...).
        notes: the notes on the variable.
        category_notes: category code -> the notes on that category.
    """

    code: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    role: str | None = None
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    category_notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cube:
    """A dataset in row-major order: the last dimension varies fastest.

    Attributes:
        dimensions: the axes, in order.
        values: one float64 per cell, NaN where there is no number.
        status: one text or null per cell (Arrow, string or dictionary of strings), or None when
            no cell carries a status. A status can be a missing-value symbol or a note on a
            value that is there.
        texts: likewise, the values that were delivered as text that is no number, or None when
            there is no such cell. `values` is NaN there.
        label, source, updated: as delivered; `updated` is usually UTC (`...Z`).
        notes: the notes on the whole dataset.
        status_labels: status -> what it means, where the dataset itself says so.
        name: what the document that holds several cubes calls this one, or its address there.
    """

    dimensions: tuple[Dimension, ...]
    values: FloatArray
    status: pa.Array | None = None
    texts: pa.Array | None = None
    label: str | None = None
    source: str | None = None
    updated: str | None = None
    notes: tuple[str, ...] = ()
    status_labels: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    attributes: ClassVar[tuple[Attribute, ...]] = ()
    is_observation: ClassVar[None] = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of categories along each dimension."""
        return tuple(len(dimension.codes) for dimension in self.dimensions)

    def dimension(self, code: str) -> Dimension:
        """The dimension of that code; KeyError where the cube has none."""
        for dimension in self.dimensions:
            if dimension.code == code:
                return dimension
        raise KeyError(code)

    def cell(self, selection: Mapping[str, str]) -> int:
        """0-based number of the cell where each dimension stands at the given category.

        Dimensions with a single category may be left out.

        Raises:
            KeyError: a category that the cube does not have, or a dimension that is not fixed.
        """
        position = 0
        for dimension in self.dimensions:
            if dimension.code in selection:
                wanted = selection[dimension.code]
                if wanted not in dimension.codes:
                    raise KeyError(wanted)
                at = dimension.codes.index(wanted)
            elif len(dimension.codes) == 1:
                at = 0
            else:
                raise KeyError(dimension.code)
            position = position * len(dimension.codes) + at
        return position

    def axis_index(self, axis: int, start: int = 0, stop: int | None = None) -> IntArray:
        """For the cells `start:stop`, which category of dimension `axis` each one stands at."""
        cells = range(len(self.values))[start:stop]
        shape = self.shape
        places = np.arange(shape[axis], dtype=np.int64)
        return _along_axis(places, math.prod(shape[axis + 1 :]), cells)

    def to_arrow(self, labels: bool = False) -> pa.Table:
        """One row per cell, in cell order.

        Columns: per dimension its category codes, named by the dimension's code, with `labels`
        also `<code>_label`; then `value` (float64, null for missing) and `status`. Codes, labels
        and status are dictionaries of strings (`TEXT`). A name that is taken already gets
        `_code` or `_label` behind it: a dimension `value` becomes `value_code`.
        """
        shape = self.shape
        cells = range(len(self.values))

        def expand(axis: int, places: Int32Array) -> Int32Array:
            return _along_axis(places, math.prod(shape[axis + 1 :]), cells)

        return _table(self, expand, labels)


@dataclass(frozen=True)
class Attribute:
    """What a long table says beside the value of each row.

    Attributes:
        code: its id (`UNIT_MULT`).
        codes: the values that occur.
        index: for every row the position of its value in `codes`; -1 where it has none.
    """

    code: str
    codes: tuple[str, ...]
    index: Int32Array


@dataclass(frozen=True)
class CodedRows:
    """A long table: one row per cell that is there, in the order of the file.

    Attributes:
        dimensions: the variables; `codes` of each are the values that occur, in order of first
            appearance.
        index: per dimension, for every row the position of its code in `codes` (int32).
        values, status, texts, label, source, updated, notes, status_labels: as in `Cube`, one
            per row where `Cube` has one per cell.
        attributes: what else stands beside each value, without its status.
        is_observation: False for rows that only carry attributes of others; None where all rows
            are observations.
    """

    dimensions: tuple[Dimension, ...]
    index: tuple[Int32Array, ...]
    values: FloatArray
    status: pa.Array | None = None
    texts: pa.Array | None = None
    label: str | None = None
    source: str | None = None
    updated: str | None = None
    notes: tuple[str, ...] = ()
    status_labels: Mapping[str, str] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    is_observation: BoolArray | None = None

    def axis_index(self, axis: int, start: int = 0, stop: int | None = None) -> IntArray:
        """For the rows `start:stop`, which category of dimension `axis` each one stands at."""
        return self.index[axis][start:stop].astype(np.int64)

    def to_arrow(self, labels: bool = False) -> pa.Table:
        """One row per row, in the same order; columns as in `Cube.to_arrow`."""

        def expand(axis: int, places: Int32Array) -> Int32Array:
            return places[self.index[axis]]

        return _table(self, expand, labels)


class CodedCells(Protocol):
    """What `Cube` and `CodedRows` have in common; see `Cube` for the attributes."""

    @property
    def dimensions(self) -> tuple[Dimension, ...]: ...  # noqa: D102
    @property
    def values(self) -> FloatArray: ...  # noqa: D102
    @property
    def status(self) -> pa.Array | None: ...  # noqa: D102
    @property
    def texts(self) -> pa.Array | None: ...  # noqa: D102
    @property
    def label(self) -> str | None: ...  # noqa: D102
    @property
    def updated(self) -> str | None: ...  # noqa: D102
    @property
    def attributes(self) -> tuple[Attribute, ...]: ...  # noqa: D102
    @property
    def is_observation(self) -> BoolArray | None: ...  # noqa: D102
    def axis_index(self, axis: int, start: int = 0, stop: int | None = None) -> IntArray: ...  # noqa: D102
    def to_arrow(self, labels: bool = False) -> pa.Table: ...  # noqa: D102


def texts_at(count: int, cells: IntArray, texts: pa.Array) -> pa.Array | None:
    """One text or null per cell, from the few cells that have one.

    Args:
        count: number of cells.
        cells: the numbers of the cells that have a text, none of them twice.
        texts: their texts (string), in the same order; null counts as no text.

    Returns:
        `count` long, dictionary-encoded (`TEXT`); None when no cell has a text.
    """
    if texts.null_count == len(texts):
        return None
    encoded = texts.dictionary_encode()
    index = np.full(count, -1, dtype=np.int32)
    index[cells] = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pa.DictionaryArray.from_arrays(
        pa.array(index, mask=index < 0), encoded.dictionary, safe=False
    )


def twice_in(texts: Sequence[str]) -> str | None:
    """The first text that is there a second time; None where none is."""
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            return text
        seen.add(text)
    return None


def _along_axis(places: npt.NDArray[_Int], inner: int, cells: range) -> npt.NDArray[_Int]:
    """Of an axis whose categories each span `inner` cells in a row: the place of each cell."""
    if not len(cells):
        return places[:0]
    first, last = cells.start // inner, (cells.stop - 1) // inner
    runs = last - first + 1
    # Rolled and tiled, not divided: a division for each cell costs several times as much.
    rolled = np.roll(places, -(first % len(places)))
    rolled = np.tile(rolled, -(-runs // len(places)))[:runs]
    if inner == 1:
        return rolled
    lengths: int | IntArray = inner
    if len(cells) != runs * inner:
        lengths = np.full(runs, inner, dtype=np.int64)
        lengths[0] -= cells.start - first * inner
        lengths[-1] -= (last + 1) * inner - cells.stop
    return np.repeat(rolled, lengths)


def _table(
    cells: CodedCells, expand: Callable[[int, Int32Array], Int32Array], labels: bool
) -> pa.Table:
    """`to_arrow` of both; `expand` spreads one number per category of an axis over the cells."""
    columns: dict[str, pa.Array] = {}
    codes = {dimension.code for dimension in cells.dimensions}

    def add(name: str, ending: str, axis: int, texts: tuple[str, ...]) -> None:
        while name in columns or name in _CELL_COLUMNS or (ending == "_label" and name in codes):
            name += ending
        # Two categories may share a label, and a dictionary must not repeat a value.
        encoded = pa.array(texts, pa.string()).dictionary_encode()
        index = expand(axis, encoded.indices.to_numpy())
        # Not checked against the dictionary again: the index was just taken from it.
        columns[name] = pa.DictionaryArray.from_arrays(
            pa.array(index), encoded.dictionary, safe=False
        )

    for axis, dimension in enumerate(cells.dimensions):
        add(dimension.code, "_code", axis, dimension.codes)
        if labels:
            add(f"{dimension.code}_label", "_label", axis, dimension.labels)
    columns["value"] = pa.array(cells.values, from_pandas=True)
    if cells.status is None:
        columns["status"] = pa.nulls(len(cells.values), TEXT)
    else:
        columns["status"] = cells.status.cast(TEXT)
    return pa.table(columns)
