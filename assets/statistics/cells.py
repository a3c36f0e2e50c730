"""From a cube to "table cells": the one raw shape of every statistical-office table.

What belongs here: applying a table description to a cube, cell by cell but vectorised. What
does not: reading the format (`jsonstat.py`), and writing vintages or quarantine.

No cell is lost: each one is accepted, rejected with a reason, or in an area that the table's
description declares it leaves out (`left_out_cells` counts those).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from assets.errors import UnreadableDelivery
from assets.statistics.jsonstat import Cube, Dimension, IntArray, read_dataset
from assets.statistics.tables import Symbol, TableDescription, matching_variable

CELLS_SCHEMA = pa.schema(
    [
        ("table_id", pa.string()),
        ("line", pa.int64()),
        ("indicator", pa.string()),
        ("region", pa.string()),
        ("period", pa.string()),
        ("segment", pa.string()),
        ("unit", pa.string()),
        ("value", pa.float64()),
        ("symbol", pa.string()),
        ("obs_status", pa.string()),
        ("conf_status", pa.string()),
        ("dims", pa.string()),
    ]
)
"""One row per cell; `line` is the 1-based row-major cell number over all parts of a fetch."""

REJECTED_SCHEMA = pa.schema(
    [("line", pa.int64()), ("column", pa.string()), ("reason", pa.string()), ("text", pa.string())]
)
"""One row per rejected cell; `text` is a JSON object of its codes, value and symbol."""

_BLOCK = 1_000_000
"""Cells worked on at a time; keeps string columns below Arrow's 2 GB and memory level."""

BoolArray = npt.NDArray[np.bool_]


class Cells(NamedTuple):
    """What became of the cells of a delivery."""

    accepted: pa.Table
    rejected: pa.Table


class _Axes(NamedTuple):
    area: int
    time: int
    contents: int
    fixed: list[tuple[int, str]]


def cells_of(cube: Cube, table: TableDescription, first_line: int = 1) -> Cells:
    """Apply a table description to a cube.

    Args:
        cube: one part of the table, or all of it.
        table: the table's description.
        first_line: line number of the cube's first cell.

    Returns:
        accepted: `CELLS_SCHEMA`. A value that is there and carries no symbol has status A; a
            missing one has the status of its symbol, or of `empty`.
        rejected: `REJECTED_SCHEMA`: cells with an unmapped content code, an area code that
            matches no pattern, another value of a fixed variable than the described one, a
            text or symbol without a meaning, or a value beside a symbol that contradicts it.

    Raises:
        UnreadableDelivery: the cube lacks the area, time or contents variable, or has another
            variable with several values that the description does not fix.
    """
    axes = _axes_of(cube, table)
    blocks = [
        _block(cube, table, axes, start, min(start + _BLOCK, len(cube.values)), first_line)
        for start in range(0, len(cube.values), _BLOCK)
    ]
    return _concatenated(blocks)


def cells_of_fetch(documents: Iterable[bytes], table: TableDescription) -> Cells:
    """Read the JSON-stat parts of one fetch and join them to one table; line numbers go on.

    Raises:
        UnreadableDelivery: as `read_dataset` and `cells_of`; the text says which part.
    """
    parts: list[Cells] = []
    first_line = 1
    for number, document in enumerate(documents, start=1):
        try:
            cube = read_dataset(document)
            parts.append(cells_of(cube, table, first_line))
        except UnreadableDelivery as problem:
            raise UnreadableDelivery(
                f"Part {number} of table {table.table_id} cannot be used. {problem}"
            ) from problem
        first_line += len(cube.values)
    return _concatenated(parts)


def left_out_cells(cube: Cube, table: TableDescription) -> int:
    """How many cells stand in areas that the description declares it leaves out.

    Together with the accepted and the rejected cells these are all cells of the cube.
    """
    codes = cube.dimensions[_axes_of(cube, table).area].codes
    if not codes:
        return 0
    return sum(map(table.areas.leaves_out, codes)) * (len(cube.values) // len(codes))


def _concatenated(parts: Sequence[Cells]) -> Cells:
    return Cells(
        pa.concat_tables([CELLS_SCHEMA.empty_table(), *(part.accepted for part in parts)]),
        pa.concat_tables([REJECTED_SCHEMA.empty_table(), *(part.rejected for part in parts)]),
    )


def _axes_of(cube: Cube, table: TableDescription) -> _Axes:
    codes = [dimension.code for dimension in cube.dimensions]

    def axis(alternatives: list[str], part: str) -> int | None:
        try:
            code = matching_variable(alternatives, codes)
        except ValueError as problem:
            raise UnreadableDelivery(
                f"Table {table.table_id}: which variable is the {part} cannot be told: {problem}."
            ) from None
        return None if code is None else codes.index(code)

    def needed(alternatives: list[str], part: str) -> int:
        found = axis(alternatives, part)
        if found is None:
            raise UnreadableDelivery(
                f"Table {table.table_id} has no {part} variable: none of "
                f"{', '.join(alternatives)} is among {', '.join(codes) or 'no variables'}. "
                "Compare the table's description with the delivery."
            )
        return found

    area = needed(table.variables.area, "area")
    time = needed(table.variables.time, "time")
    contents = needed(table.variables.contents, "contents")
    if len({area, time, contents}) != 3:
        raise UnreadableDelivery(
            f"Table {table.table_id}: one variable is described as two of area, time and contents."
        )
    fixed: list[tuple[int, str]] = []
    for entry in table.fixed:
        found = axis(entry.variable, "fixed variable")
        if found is not None:
            fixed.append((found, entry.value))
    known = {area, time, contents, *(number for number, _ in fixed)}
    for number, dimension in enumerate(cube.dimensions):
        if number not in known and len(dimension.codes) > 1:
            raise UnreadableDelivery(
                f"Table {table.table_id} has a variable {dimension.code!r} with "
                f"{len(dimension.codes)} values, and its description fixes none of them; the "
                "same region and period would count several times."
            )
    return _Axes(area, time, contents, fixed)


class _Symbols(NamedTuple):
    """The symbols of a block, factorised.

    `which` is, per cell, an index into the other four; 0 is a value without a symbol, 1 a
    missing value without one.
    """

    which: npt.NDArray[np.int32]
    names: list[str | None]
    meanings: list[Symbol | None]


def _symbols_of(cube: Cube, table: TableDescription, start: int, stop: int) -> _Symbols:
    present = ~np.isnan(cube.values[start:stop])
    which = np.where(present, 0, 1).astype(np.int32)
    names: list[str | None] = [None, None]
    meanings: list[Symbol | None] = [Symbol(obs_status="A"), table.empty]
    if cube.status is None and cube.texts is None:
        return _Symbols(which, names, meanings)
    symbols = _strings(cube.status, start, stop)
    if cube.texts is not None:
        # Some services put the symbol where the value should be. A text that is no symbol must
        # be seen even where a status stands beside it.
        texts = _strings(cube.texts, start, stop)
        meant = pc.is_in(texts, value_set=pa.array(list(table.symbols), pa.string()))
        symbols = pc.coalesce(
            pc.if_else(meant, pa.scalar(None, pa.string()), texts), symbols, texts
        )
    encoded = symbols.dictionary_encode()
    for name in encoded.dictionary.to_pylist():
        names.append(name)
        meanings.append(table.symbols.get(name))
    marked = np.asarray(encoded.indices.is_valid())
    at = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    which = np.where(marked, at + 2, which).astype(np.int32)
    return _Symbols(which, names, meanings)


def _strings(cells: npt.NDArray[np.object_] | None, start: int, stop: int) -> pa.Array:
    if cells is None:
        return pa.nulls(stop - start, pa.string())
    return pa.array(cells[start:stop], pa.string())


def _block(
    cube: Cube, table: TableDescription, axes: _Axes, start: int, stop: int, first_line: int
) -> Cells:
    """The cells `start:stop` of the cube."""
    at = [cube.axis_index(n, start, stop).astype(np.int32) for n in range(len(cube.dimensions))]
    area, contents = cube.dimensions[axes.area], cube.dimensions[axes.contents]
    mapped = table.content_of(contents.codes)
    values = cube.values[start:stop]
    present = ~np.isnan(values)
    symbols = _symbols_of(cube, table, start, stop)

    marked = symbols.which > 1
    known = np.array([meaning is not None for meaning in symbols.meanings])[symbols.which]
    note = np.array([m is not None and m.note for m in symbols.meanings])[symbols.which]
    stands_for = np.array(
        [np.nan if m is None or m.value is None else m.value for m in symbols.meanings]
    )[symbols.which]

    # Per cell the first thing that is wrong with it: 0 for nothing, else 1 + index of a reason.
    wrong = np.zeros(stop - start, dtype=np.int32)
    reasons: list[tuple[str, str]] = []

    def reject(column: str, bad: BoolArray, which: npt.NDArray[np.int32], texts: list[str]) -> None:
        chosen = bad & (wrong == 0)
        wrong[chosen] = which[chosen] + len(reasons) + 1
        reasons.extend((column, text) for text in texts)

    reject(
        "indicator",
        _of([code not in mapped for code in contents.codes], at[axes.contents]),
        at[axes.contents],
        [f"The content code {code!r} is mapped to no indicator." for code in contents.codes],
    )
    reject(
        "region",
        _of([not table.areas.accepts(code) for code in area.codes], at[axes.area]),
        at[axes.area],
        [f"The area code {code!r} matches no accepted pattern." for code in area.codes],
    )
    for axis, wanted in axes.fixed:
        other = cube.dimensions[axis]
        reject(
            "dims",
            _of([code.casefold() != wanted.casefold() for code in other.codes], at[axis]),
            at[axis],
            [
                f"The variable {other.code!r} stands at {code!r}; only {wanted!r} is taken."
                for code in other.codes
            ],
        )
    reject(
        "symbol",
        marked & ~known,
        symbols.which,
        [f"The symbol or text {name!r} has no meaning in this table." for name in symbols.names],
    )
    # One of the two is wrong, and if the symbol means confidential the value must not get out.
    reject(
        "value",
        marked & known & ~note & present & (values != stands_for),
        symbols.which,
        [f"A value stands beside the symbol {name!r}, which denies it." for name in symbols.names],
    )

    left_out = _of([table.areas.leaves_out(code) for code in area.codes], at[axes.area])
    good = np.flatnonzero((wrong == 0) & ~left_out)
    bad = np.flatnonzero((wrong != 0) & ~left_out)
    line = np.arange(start + first_line, stop + first_line, dtype=np.int64)

    period = cube.dimensions[axes.time].codes
    content = [mapped.get(code) for code in contents.codes]
    # A note on a value that is not there leaves the cell as missing as one without a symbol.
    meant = np.where(note & ~present, 1, symbols.which)[good]
    accepted = pa.table(
        {
            "table_id": _taken([table.table_id], np.zeros(len(good), dtype=np.int32)),
            "line": line[good],
            "indicator": _taken(
                [None if c is None else c.indicator for c in content], at[axes.contents][good]
            ),
            "region": _taken(area.codes, at[axes.area][good]),
            "period": _taken(period, at[axes.time][good]),
            "segment": _taken(
                [None if c is None else c.segment for c in content], at[axes.contents][good]
            ),
            "unit": _taken(
                [None if c is None else c.unit for c in content], at[axes.contents][good]
            ),
            "value": pa.array(np.where(present, values, stands_for)[good], from_pandas=True),
            "symbol": _taken(symbols.names, symbols.which[good]),
            "obs_status": _taken(
                [None if m is None else m.obs_status for m in symbols.meanings], meant
            ),
            "conf_status": _taken(
                [None if m is None else m.conf_status for m in symbols.meanings], meant
            ),
            "dims": _dims(cube.dimensions, [index[good] for index in at]),
        },
        schema=CELLS_SCHEMA,
    )
    rejected = pa.table(
        {
            "line": line[bad],
            "column": _taken([column for column, _ in reasons], wrong[bad] - 1),
            "reason": _taken([reason for _, reason in reasons], wrong[bad] - 1),
            "text": _rejected_text(cube.dimensions, at, values, symbols, bad),
        },
        schema=REJECTED_SCHEMA,
    )
    return Cells(accepted, rejected)


def _of(flags: Sequence[bool], index: npt.NDArray[np.int32]) -> BoolArray:
    return np.array(flags, dtype=np.bool_)[index]


def _taken(texts: Sequence[str | None], index: npt.NDArray[np.int32]) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(index, pa.int32()))


def _dims(dimensions: Sequence[Dimension], at: Sequence[npt.NDArray[np.int32]]) -> pa.Array:
    """`{"variable":"value",...}` per cell, in the order of the axes."""
    last = len(dimensions) - 1
    parts = []
    for n, (dimension, index) in enumerate(zip(dimensions, at, strict=True)):
        name = orjson.dumps(dimension.code).decode()
        opening, closing = "{" if n == 0 else "", "}" if n == last else ","
        pieces = [
            f"{opening}{name}:{orjson.dumps(code).decode()}{closing}" for code in dimension.codes
        ]
        parts.append(_taken(pieces, index))
    return pc.binary_join_element_wise(*parts, "")


def _rejected_text(
    dimensions: Sequence[Dimension],
    at: Sequence[npt.NDArray[np.int32]],
    values: npt.NDArray[np.float64],
    symbols: _Symbols,
    cells: npt.NDArray[np.int64] | IntArray,
) -> pa.Array:
    dims = _dims(dimensions, [index[cells] for index in at])
    which = symbols.which[cells]
    # Quarantine is read by more people than a withheld value may be.
    withheld = _of([m is not None and m.conf_status != "F" for m in symbols.meanings], which)
    shown = pa.array(np.where(withheld, np.nan, values[cells]), from_pandas=True)
    value = pc.fill_null(pc.cast(shown, pa.string()), "null")
    symbol = _taken([orjson.dumps(name).decode() for name in symbols.names], which)
    return pc.binary_join_element_wise(
        pa.scalar('{"dims":'), dims, pa.scalar(',"value":'), value,
        pa.scalar(',"symbol":'), symbol, pa.scalar("}"), "",
    )  # fmt: skip
