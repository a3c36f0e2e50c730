"""Coded cells: what every statistical format holds, whatever it looks like on disk.

A *cube* has a cell for every combination of its categories (JSON-stat, PX); *coded rows* name
only the combinations that are there (SDMX-CSV and other long tables). Both answer the same
questions, so everything behind the readers is written once, against `CodedCells`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]

_RESERVED_COLUMNS = frozenset({"value", "status"})


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
    """

    code: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    role: str | None = None
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cube:
    """A dataset in row-major order: the last dimension varies fastest.

    Attributes:
        dimensions: the axes, in order.
        values: one float64 per cell, NaN where there is no number.
        status: one `str | None` per cell, or None when no cell carries a status. A status can
            be a missing-value symbol or a note on a value that is there.
        texts: one `str | None` per cell where a value was delivered as text that is no number,
            or None when there is no such cell. `values` is NaN there.
        label, source, updated: as delivered; `updated` is usually UTC (`...Z`).
        notes: the notes on the whole dataset.
    """

    dimensions: tuple[Dimension, ...]
    values: FloatArray
    status: ObjectArray | None = None
    texts: ObjectArray | None = None
    label: str | None = None
    source: str | None = None
    updated: str | None = None
    notes: tuple[str, ...] = ()

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
        shape = self.shape
        inner = math.prod(shape[axis + 1 :])
        cells = np.arange(start, len(self.values) if stop is None else stop, dtype=np.int64)
        return (cells // inner) % shape[axis]

    def to_arrow(self, labels: bool = False) -> pa.Table:
        """One row per cell, in cell order.

        Columns: per dimension its category codes (dictionary-encoded string, named by the
        dimension's code; `value` and `status` become `value_code` and `status_code`), with
        `labels` also `<column>_label`; then `value` (float64, null for missing) and `status`
        (string).
        """
        columns: list[pa.Array] = []
        names: list[str] = []
        for axis, dimension in enumerate(self.dimensions):
            if len(self.values):
                index = pa.array(self.axis_index(axis).astype(np.int32))
            else:
                index = pa.array([], pa.int32())
            name = dimension.code
            if name in _RESERVED_COLUMNS:
                name = f"{name}_code"
            codes = pa.array(dimension.codes, pa.string())
            columns.append(pa.DictionaryArray.from_arrays(index, codes))
            names.append(name)
            if labels:
                # Two categories may share a label, and a dictionary must not repeat a value.
                texts = pa.array(dimension.labels, pa.string())
                columns.append(texts.take(index).dictionary_encode())
                names.append(f"{name}_label")
        columns.append(pa.array(self.values, from_pandas=True))
        names.append("value")
        if self.status is None:
            columns.append(pa.nulls(len(self.values), pa.string()))
        else:
            columns.append(pa.array(self.status, pa.string()))
        names.append("status")
        return pa.Table.from_arrays(columns, names=names)


@dataclass(frozen=True)
class CodedRows:
    """A long table: one row per cell that is there, in the order of the file.

    Attributes:
        dimensions: the variables; `codes` of each are the values that occur, in order of first
            appearance.
        index: per dimension, for every row the position of its code in `codes` (int32).
        values, status, texts, label, source, updated, notes: as in `Cube`, one per row.
    """

    dimensions: tuple[Dimension, ...]
    index: tuple[npt.NDArray[np.int32], ...]
    values: FloatArray
    status: ObjectArray | None = None
    texts: ObjectArray | None = None
    label: str | None = None
    source: str | None = None
    updated: str | None = None
    notes: tuple[str, ...] = ()

    def axis_index(self, axis: int, start: int = 0, stop: int | None = None) -> IntArray:
        """For the rows `start:stop`, which category of dimension `axis` each one stands at."""
        return self.index[axis][start:stop].astype(np.int64)


class CodedCells(Protocol):
    """What `Cube` and `CodedRows` have in common; see `Cube` for the attributes."""

    @property
    def dimensions(self) -> tuple[Dimension, ...]: ...  # noqa: D102
    @property
    def values(self) -> FloatArray: ...  # noqa: D102
    @property
    def status(self) -> ObjectArray | None: ...  # noqa: D102
    @property
    def texts(self) -> ObjectArray | None: ...  # noqa: D102
    @property
    def label(self) -> str | None: ...  # noqa: D102
    @property
    def updated(self) -> str | None: ...  # noqa: D102
    def axis_index(self, axis: int, start: int = 0, stop: int | None = None) -> IntArray: ...  # noqa: D102
