"""What a reader read, in the plainest form, and whether two readers read the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt


class Axis(NamedTuple):
    """One dimension of some cells.

    Attributes:
        categories: codes or labels, none of them twice, in any order.
        numbers: for each cell, the position of its category in `categories`.
    """

    categories: list[str]
    numbers: npt.NDArray[Any]


class Cells(NamedTuple):
    """Cells one after the other.

    Attributes:
        axes: one per dimension.
        values: float64, NaN where the reader found no number.
    """

    axes: list[Axis]
    values: npt.NDArray[np.float64]

    def save(self, path: Path) -> None:
        """Write them to an `.npz` file."""
        arrays: dict[str, npt.NDArray[Any]] = {"values": self.values}
        for n, axis in enumerate(self.axes):
            arrays[f"categories{n}"] = np.array(axis.categories, dtype=np.str_)
            arrays[f"numbers{n}"] = axis.numbers
        np.savez(path, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path) -> Cells:
        """Read what `save` wrote."""
        with np.load(path) as file:
            count = sum(name.startswith("numbers") for name in file.files)
            axes = [
                Axis(file[f"categories{n}"].tolist(), file[f"numbers{n}"]) for n in range(count)
            ]
            return cls(axes, file["values"])


def disagreement(ours: Cells, theirs: Cells) -> str | None:
    """How two readings of the same file differ, in words; None when every cell is the same.

    Dimensions are compared in order, whatever they are called; a cell is the same when all its
    categories are, and its value is equal or missing on both sides.
    """
    if len(ours.axes) != len(theirs.axes):
        return f"{len(theirs.axes)} dimensions instead of {len(ours.axes)}"
    if len(ours.values) != len(theirs.values):
        return f"{len(theirs.values)} cells instead of {len(ours.values)}"
    same = (ours.values == theirs.values) | (np.isnan(ours.values) & np.isnan(theirs.values))
    for mine, other in zip(ours.axes, theirs.axes, strict=True):
        place = {category: n for n, category in enumerate(mine.categories)}
        translated = np.array([place.get(category, -1) for category in other.categories])
        if len(translated):
            same &= translated[other.numbers] == mine.numbers
    differing = np.flatnonzero(~same)
    if not len(differing):
        return None
    cell = int(differing[0])
    return (
        f"{len(differing)} of {len(same)} cells differ, the first is cell {cell}: "
        f"{_shown(theirs, cell)} instead of {_shown(ours, cell)}"
    )


def _shown(cells: Cells, cell: int) -> str:
    where = ", ".join(axis.categories[axis.numbers[cell]] for axis in cells.axes)
    return f"({where}) = {cells.values[cell]:g}"
