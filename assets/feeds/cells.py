"""From coded cells to "table cells": the one raw shape of every statistical-office table.

What belongs here: applying a table description, cell by cell but vectorised. What does not:
reading the format (`assets.formats`), and writing vintages or quarantine.

No cell is lost: each one is accepted, rejected with a reason, or in an area that the table's
description declares it leaves out (`left_out_cells` counts those).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from assets.errors import UnreadableDelivery
from assets.feeds.descriptions import (
    Content,
    FixedVariable,
    Symbol,
    TableDescription,
    matching_variable,
)
from assets.formats.cube import CodedCells, Dimension, IntArray
from assets.formats.eurostat_flags import obs_status_of
from assets.formats.moments import parse_updated
from assets.vocabulary import NotUnderstood
from assets.vocabulary.reasons import Both, Reason
from assets.vocabulary.statuses import WITHHELD

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
    [
        ("line", pa.int64()),
        ("column", pa.string()),
        ("reason_code", pa.string()),
        ("reason_parameters", pa.string()),
        ("text", pa.string()),
    ]
)
"""One row per rejected cell; `text` is a JSON object of its codes, value and symbol."""

_BLOCK = 1_000_000
"""Cells worked on at a time; keeps string columns below Arrow's 2 GB and memory level."""

BoolArray = npt.NDArray[np.bool_]


class Cells(NamedTuple):
    """What became of the cells of a delivery."""

    accepted: pa.Table
    rejected: pa.Table


class Axes(NamedTuple):
    """Which dimension plays which part; None where the table has none that does."""

    area: int
    time: int
    contents: int | None
    segment: int | None
    fixed: list[tuple[int, FixedVariable]]


def cells_of(cube: CodedCells, table: TableDescription, first_line: int = 1) -> Cells:
    """Apply a table description to a cube or to coded rows.

    Args:
        cube: one part of the table, or all of it.
        table: the table's description.
        first_line: line number of the first cell.

    Returns:
        accepted: `CELLS_SCHEMA`. A value that is there and carries no symbol has the status of
            its content (A unless described), and so has a true nil; a missing one has the
            status of its symbol, or of `empty`.
        rejected: `REJECTED_SCHEMA`: cells with an unmapped content or segment code, an area
            code that matches no pattern, another value of a fixed variable than the described
            one, a text or symbol without a meaning, or a value beside a symbol that
            contradicts it.

    Raises:
        UnreadableDelivery: the cube lacks the area, time or contents variable, or has another
            variable with several values that the description does not fix.
    """
    axes = axes_of(cube, table)
    blocks = [
        _block(cube, table, axes, start, min(start + _BLOCK, len(cube.values)), first_line)
        for start in range(0, len(cube.values), _BLOCK)
    ]
    return _concatenated(blocks)


def cells_of_parts(parts: Iterable[CodedCells], table: TableDescription) -> Cells:
    """Join the parts of one fetch to one table; line numbers go on.

    Raises:
        UnreadableDelivery: as `cells_of`.
    """
    found: list[Cells] = []
    first_line = 1
    for part in parts:
        found.append(cells_of(part, table, first_line))
        first_line += len(part.values)
    return _concatenated(found)


def left_out_cells(cube: CodedCells, table: TableDescription) -> int:
    """How many cells stand in areas that the description declares it leaves out.

    Together with the accepted and the rejected cells these are all cells.
    """
    area = axes_of(cube, table).area
    left_out = _of(
        [table.areas.leaves_out(code) for code in cube.dimensions[area].codes],
        cube.axis_index(area).astype(np.int32),
    )
    return int(np.count_nonzero(left_out))


def _concatenated(parts: Sequence[Cells]) -> Cells:
    return Cells(
        pa.concat_tables([CELLS_SCHEMA.empty_table(), *(part.accepted for part in parts)]),
        pa.concat_tables([REJECTED_SCHEMA.empty_table(), *(part.rejected for part in parts)]),
    )


def axes_of(cube: CodedCells, table: TableDescription) -> Axes:
    """Which dimension of the delivery plays which part of the description.

    Raises:
        UnreadableDelivery: one that is needed is not there, or which one it is cannot be told,
            or the delivery has a variable of several values that the description does not name.
    """
    codes = [dimension.code for dimension in cube.dimensions]

    def axis(alternatives: Sequence[str], part: str) -> int | None:
        try:
            code = matching_variable(alternatives, codes)
        except ValueError as problem:
            raise UnreadableDelivery(
                f"Table {table.table_id}: which variable is the {part} cannot be told: {problem}."
            ) from None
        return None if code is None else codes.index(code)

    def needed(alternatives: Sequence[str], part: str) -> int:
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
    contents = needed(table.variables.contents, "contents") if table.variables.contents else None
    segment = needed(table.segments.variable, "segment") if table.segments else None
    parts = [number for number in (area, time, contents, segment) if number is not None]
    if len(set(parts)) != len(parts):
        raise UnreadableDelivery(
            f"Table {table.table_id}: one variable is described as two of area, time, contents "
            "and segment."
        )
    fixed: list[tuple[int, FixedVariable]] = []
    for entry in table.fixed:
        found = axis(entry.variable, "fixed variable")
        if found is not None:
            fixed.append((found, entry))
    known = {*parts, *(number for number, _ in fixed)}
    for number, dimension in enumerate(cube.dimensions):
        if number not in known and len(dimension.codes) > 1:
            raise UnreadableDelivery(
                f"Table {table.table_id} has a variable {dimension.code!r} with "
                f"{len(dimension.codes)} values, and its description fixes none of them; the "
                "same region and period would count several times."
            )
    return Axes(area, time, contents, segment, fixed)


class _Symbols(NamedTuple):
    """The symbols of a block, factorised.

    `which` is, per cell, an index into the other four; 0 is a value without a symbol, 1 a
    missing value without one.
    """

    which: npt.NDArray[np.int32]
    names: list[str | None]
    meanings: list[Symbol | None]


def _symbols_of(cube: CodedCells, table: TableDescription, start: int, stop: int) -> _Symbols:
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
        meanings.append(_meaning(name, table, cube.updated))
    marked = np.asarray(encoded.indices.is_valid())
    at = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    which = np.where(marked, at + 2, which).astype(np.int32)
    return _Symbols(which, names, meanings)


def _strings(cells: pa.Array | None, start: int, stop: int) -> pa.Array:
    if cells is None:
        return pa.nulls(stop - start, pa.string())
    return cells.slice(start, stop - start).cast(pa.string())


def _meaning(name: str, table: TableDescription, updated: str | None) -> Symbol | None:
    """What a symbol means: by the table's own list, else by the code list of its source."""
    if name in table.symbols or table.flags is None:
        return table.symbols.get(name)
    edition = parse_updated(updated)
    try:
        obs_status, conf_status = obs_status_of(name, edition.date() if edition else date.max)
    except NotUnderstood:
        return None
    note = obs_status not in WITHHELD and conf_status == "F"
    return Symbol.model_validate(
        {"obs_status": obs_status, "conf_status": conf_status, "note": note}
    )


class _Measures(NamedTuple):
    """The measures of a block: per cell an index into `contents` (None: mapped to nothing)."""

    which: npt.NDArray[np.int32]
    contents: list[Content | None]
    codes: Sequence[str]


def _measures_of(
    cube: CodedCells, table: TableDescription, axes: Axes, at: Sequence[npt.NDArray[np.int32]]
) -> _Measures:
    if axes.contents is None:
        return _Measures(np.zeros_like(at[axes.area]), [table.contents[0]], [""])
    codes = cube.dimensions[axes.contents].codes
    mapped = table.content_of(codes)
    return _Measures(at[axes.contents], [mapped.get(code) for code in codes], codes)


def _segments_of(
    cube: CodedCells,
    table: TableDescription,
    axes: Axes,
    measures: _Measures,
    at: Sequence[npt.NDArray[np.int32]],
) -> tuple[npt.NDArray[np.int32], list[str | None]]:
    """Per cell an index into the segments; None for a code that is none."""
    if axes.segment is None or table.segments is None:
        return measures.which, [c.segment if c else None for c in measures.contents]
    codes = cube.dimensions[axes.segment].codes
    return at[axes.segment], [table.segments.codes.get(code) for code in codes]


def _block(
    cube: CodedCells, table: TableDescription, axes: Axes, start: int, stop: int, first_line: int
) -> Cells:
    """The cells `start:stop`."""
    at = [cube.axis_index(n, start, stop).astype(np.int32) for n in range(len(cube.dimensions))]
    area = cube.dimensions[axes.area]
    regions = [table.areas.region_of(code) for code in area.codes]
    measures = _measures_of(cube, table, axes, at)
    of_segment, segments = _segments_of(cube, table, axes, measures, at)
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
    reasons: list[tuple[str, Reason]] = []

    def reject(
        column: str, bad: BoolArray, which: npt.NDArray[np.int32], whys: list[Reason]
    ) -> None:
        chosen = bad & (wrong == 0)
        wrong[chosen] = which[chosen] + len(reasons) + 1
        reasons.extend((column, why) for why in whys)

    reject(
        "indicator",
        _of([content is None for content in measures.contents], measures.which),
        measures.which,
        [Reason("content_not_mapped", code=code) for code in measures.codes],
    )
    reject(
        "region",
        _of([region is None for region in regions], at[axes.area]),
        at[axes.area],
        [Reason("area_not_mapped", code=code) for code in area.codes],
    )
    if axes.segment is not None:
        reject(
            "segment",
            _of([segment is None for segment in segments], of_segment),
            of_segment,
            [
                Reason("segment_not_mapped", code=code)
                for code in cube.dimensions[axes.segment].codes
            ],
        )
    for axis, entry in axes.fixed:
        other = cube.dimensions[axis]
        wanted = entry.chosen(other.codes)
        taken = Both(" or ".join(map(repr, entry.values)), " tai ".join(map(repr, entry.values)))
        reject(
            "dims",
            _of([code != wanted for code in other.codes], at[axis]),
            at[axis],
            [
                Reason("not_the_fixed_value", variable=other.code, code=code, values=taken)
                for code in other.codes
            ],
        )
    reject(
        "symbol",
        marked & ~known,
        symbols.which,
        [Reason("symbol_without_meaning", symbol=name or "") for name in symbols.names],
    )
    # One of the two is wrong, and if the symbol means confidential the value must not get out.
    reject(
        "value",
        marked & known & ~note & present & (values != stands_for),
        symbols.which,
        [Reason("symbol_denies_value", symbol=name or "") for name in symbols.names],
    )

    left_out = _of([table.areas.leaves_out(code) for code in area.codes], at[axes.area])
    good = np.flatnonzero((wrong == 0) & ~left_out)
    bad = np.flatnonzero((wrong != 0) & ~left_out)
    line = np.arange(start + first_line, stop + first_line, dtype=np.int64)

    measure = measures.which[good]
    # A note on a value that is not there leaves the cell as missing as one without a symbol.
    meant = np.where(note & ~present, 1, symbols.which)[good]
    accepted = pa.table(
        {
            "table_id": _taken([table.table_id], np.zeros(len(good), dtype=np.int32)),
            "line": line[good],
            "indicator": _taken([c.indicator if c else None for c in measures.contents], measure),
            "region": _taken(regions, at[axes.area][good]),
            "period": _taken(cube.dimensions[axes.time].codes, at[axes.time][good]),
            "segment": _taken(segments, of_segment[good]),
            "unit": _taken([c.unit if c else None for c in measures.contents], measure),
            "value": pa.array(np.where(present, values, stands_for)[good], from_pandas=True),
            "symbol": _taken(symbols.names, symbols.which[good]),
            "obs_status": _taken(
                [_status(c, m) for c in measures.contents for m in symbols.meanings],
                measure * len(symbols.meanings) + meant,
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
            "reason_code": _taken([reason.kind for _, reason in reasons], wrong[bad] - 1),
            "reason_parameters": _taken(
                [reason.parameters() for _, reason in reasons], wrong[bad] - 1
            ),
            "text": _rejected_text(cube.dimensions, at, values, symbols, bad),
        },
        schema=REJECTED_SCHEMA,
    )
    return Cells(accepted, rejected)


def _status(content: Content | None, meaning: Symbol | None) -> str | None:
    """The status of a value of this content beside that symbol; None for what is rejected."""
    if content is None or meaning is None:
        return None
    return content.status if meaning.obs_status == "A" else meaning.obs_status


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
