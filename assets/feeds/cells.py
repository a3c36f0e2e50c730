"""From coded cells to "table cells": the one raw shape of every statistical-office table.

What belongs here: applying a table description, cell by cell but vectorised. What does not:
reading the format (`assets.formats`), and writing vintages or quarantine.

No cell is lost: each one is accepted, rejected with a reason, or left out, because the table's
description declares so or because a row only carries attributes of others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from assets.catalogue import Catalogue
from assets.feeds.attributes import (
    Effects,
    effects_of,
    not_described,
    of_one_measure,
    scale_of,
    scaled,
    tell_apart,
)
from assets.feeds.descriptions import (
    AmbiguousVariable,
    Content,
    FixedVariable,
    Symbol,
    TableDescription,
    matching_variable,
)
from assets.formats.cube import BoolArray, CodedCells, Dimension, IntArray
from assets.formats.eurostat_flags import obs_status_of
from assets.formats.moments import parse_updated
from assets.formats.sdmx_codes import sdmx_status_of
from assets.languages import OR, Text, linked
from assets.vocabulary import NotUnderstood, UnreadableDelivery
from assets.vocabulary.reasons import Reason, listing
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

PARTS = {
    "area": Text(fi="alue", sv="område", en="area"),
    "time": Text(fi="aika", sv="tid", en="time"),
    "contents": Text(fi="sisältö", sv="innehåll", en="contents"),
    "segment": Text(fi="segmentti", sv="segment", en="segment"),
    "fixed": Text(fi="valittu muuttuja", sv="vald variabel", en="fixed variable"),
}
"""The parts that variables play, in the words of reasons."""

_BLOCK = 1_000_000
"""Cells worked on at a time; keeps string columns below Arrow's 2 GB and memory level."""

#: `<5`, `1–4`: a count that is withheld because it is small.
_SMALL_COUNT = re.compile(r"<\s?\d{1,3}|1\s?[-–]\s?\d")


class Cells(NamedTuple):
    """What became of the cells of a delivery.

    Attributes:
        accepted: `CELLS_SCHEMA`. rejected: `REJECTED_SCHEMA`.
        left_out: how many were left out; with the others these are all cells.
        embargoed_until: when the first of the rejected ones may be taken in; None where none is
            under an embargo.
    """

    accepted: pa.Table
    rejected: pa.Table
    left_out: int = 0
    embargoed_until: datetime | None = None


class Axes(NamedTuple):
    """Which dimension plays which part; None where the table has none that does."""

    area: int | None
    time: int
    contents: int | None
    segment: int | None
    fixed: list[tuple[int, FixedVariable]]


def cells_of(
    cube: CodedCells,
    table: TableDescription,
    first_line: int = 1,
    units: Mapping[str, float] | None = None,
    now: datetime | None = None,
) -> Cells:
    """Apply a table description to a cube or to coded rows.

    Args:
        cube: one part of the table, or all of it.
        table: the table's description.
        first_line: line number of the first cell.
        units: unit -> how many base units it is; those of the catalogue where it is not given.
        now: aware, the moment that embargoes are judged against; the present where not given.

    Returns:
        accepted: `CELLS_SCHEMA`. A value that is there and carries no symbol has the status of
            its content (A unless described), and so has a true nil; a missing one has the
            status of its symbol, or of `empty`. Values are in the described unit, whatever power
            of ten the delivery says that it gives them in.
        rejected: `REJECTED_SCHEMA`: cells with an unmapped content or segment code, an area
            code that matches no pattern, another value of a fixed variable than the described
            one, a text or symbol without a meaning, a value beside a symbol that
            contradicts it, or one that an attribute restricts or makes doubtful.

    Raises:
        UnreadableDelivery: the cube lacks the area, time or contents variable, or has another
            variable or attribute with several values that the description does not fix.
    """
    axes = axes_of(cube, table)
    effects = effects_of(cube, now or datetime.now(UTC))
    if effects.exponent is not None and units is None:
        units = _units_of_the_catalogue()
    blocks = [
        _block(
            cube, table, axes, effects, units or {}, start,
            min(start + _BLOCK, len(cube.values)), first_line,
        )
        for start in range(0, len(cube.values), _BLOCK)
    ]  # fmt: skip
    found = _concatenated(blocks)
    if cube.attributes:
        taken = found.accepted["line"].to_numpy() - first_line
        if axes.contents is None:
            contents: list[Content | None] = [table.contents[0]]
            which = np.zeros(len(taken), dtype=np.int32)
        else:
            mapped = table.content_of(cube.dimensions[axes.contents].codes)
            contents = [mapped.get(code) for code in cube.dimensions[axes.contents].codes]
            which = cube.axis_index(axes.contents)[taken].astype(np.int32)
        of_one_measure(cube, table, contents, which, taken)
        tell_apart(cube, table, found.accepted, taken)
    return found._replace(embargoed_until=effects.embargoed_until)


@lru_cache(maxsize=1)
def _units_of_the_catalogue() -> dict[str, float]:
    return {name: unit.factor for name, unit in Catalogue.load().units.items()}


def cells_of_parts(
    parts: Iterable[CodedCells],
    table: TableDescription,
    units: Mapping[str, float] | None = None,
    now: datetime | None = None,
) -> Cells:
    """Join the parts of one fetch to one table; line numbers go on.

    Raises:
        UnreadableDelivery: as `cells_of`; or the parts differ in a variable that the description
            does not name, so that it tells cells of one key apart.
    """
    found: list[Cells] = []
    first_line = 1
    constants: list[dict[str, str]] = []
    for part in parts:
        found.append(cells_of(part, table, first_line, units, now))
        first_line += len(part.values)
        if len(part.values):
            constants.append(_constants(part, axes_of(part, table)))
    for name in dict.fromkeys(name for constant in constants for name in constant):
        codes = list(dict.fromkeys(constant.get(name, "none") for constant in constants))
        if len(codes) > 1:
            raise UnreadableDelivery(not_described(table, name, codes))
    return _concatenated(found)


def _constants(cube: CodedCells, axes: Axes) -> dict[str, str]:
    """The variables of one value that the description does not name."""
    known = {axes.area, axes.time, axes.contents, axes.segment, *(at for at, _ in axes.fixed)}
    return {
        dimension.code: dimension.codes[0]
        for number, dimension in enumerate(cube.dimensions)
        if number not in known and dimension.codes
    }


def left_out_cells(cube: CodedCells, table: TableDescription) -> int:
    """How many cells the description declares that it leaves out.

    Together with the accepted and the rejected cells these are all cells.
    """
    axes = axes_of(cube, table)
    at = [cube.axis_index(n).astype(np.int32) for n in range(len(cube.dimensions))]
    left_out = _left_out(cube, table, axes, at, slice(None))
    return 0 if left_out is None else int(np.count_nonzero(left_out))


def _left_out(
    cube: CodedCells,
    table: TableDescription,
    axes: Axes,
    at: Sequence[npt.NDArray[np.int32]],
    cells: slice,
) -> BoolArray | None:
    """Which cells are left out, None where none is; never one that the description takes."""
    found = [
        _of(chosen, at[axis]) for axis, chosen in left_out_codes(cube, table, axes) if any(chosen)
    ]
    if cube.is_observation is not None:
        found.append(~cube.is_observation[cells])
    return np.logical_or.reduce(found) if found else None


def left_out_codes(
    cube: CodedCells, table: TableDescription, axes: Axes
) -> list[tuple[int, list[bool]]]:
    """Axis by axis, which of its codes are left out; an axis may be there twice."""
    flags: list[tuple[int, list[bool]]] = []
    if axes.area is not None:
        codes = cube.dimensions[axes.area].codes
        flags.append((axes.area, [table.areas.leaves_out(code) for code in codes]))
    taken: dict[int, set[str]] = {}
    if axes.contents is not None:
        taken[axes.contents] = set(table.content_of(cube.dimensions[axes.contents].codes))
    if axes.segment is not None and table.segments is not None:
        taken[axes.segment] = set(table.segments.codes)
    for axis, entry in axes.fixed:
        dimension = cube.dimensions[axis]
        wanted = entry.chosen(dimension.codes, dimension.labels)
        if wanted is not None:
            taken[axis] = {wanted}
            if entry.leaves_out:
                flags.append((axis, [code != wanted for code in dimension.codes]))
    for axis, dimension in enumerate(cube.dimensions):
        if not table.leave_out:
            break

        def is_taken(code: str, axis: int = axis) -> bool:
            if axis == axes.area:
                return table.areas.region_of(code) is not None
            return code in taken.get(axis, ())

        flags.append(
            (
                axis,
                [
                    table.leaves_out(dimension.code, code) and not is_taken(code)
                    for code in dimension.codes
                ],
            )
        )
    return flags


def _concatenated(parts: Sequence[Cells]) -> Cells:
    return Cells(
        pa.concat_tables([CELLS_SCHEMA.empty_table(), *(part.accepted for part in parts)]),
        pa.concat_tables([REJECTED_SCHEMA.empty_table(), *(part.rejected for part in parts)]),
        sum(part.left_out for part in parts),
        min((part.embargoed_until for part in parts if part.embargoed_until), default=None),
    )


def axes_of(cube: CodedCells, table: TableDescription) -> Axes:
    """Which dimension of the delivery plays which part of the description.

    Raises:
        UnreadableDelivery: one that is needed is not there, or which one it is cannot be told,
            or the delivery has a variable of several values that the description does not name.
    """
    codes = [dimension.code for dimension in cube.dimensions]

    def axis(alternatives: Sequence[str], part: Text) -> int | None:
        try:
            code = matching_variable(alternatives, codes)
        except AmbiguousVariable as several:
            raise UnreadableDelivery(
                Reason(
                    "part_of_table_ambiguous",
                    table=table.table_id,
                    what=part,
                    listed=listing(several.codes),
                )
            ) from None
        return None if code is None else codes.index(code)

    def needed(alternatives: Sequence[str], part: Text) -> int:
        found = axis(alternatives, part)
        if found is None:
            raise UnreadableDelivery(
                Reason(
                    "part_of_table_missing",
                    table=table.table_id,
                    what=part,
                    known=linked(OR, alternatives),
                    listed=listing(codes)
                    if codes
                    else Text(
                        fi="ei muuttujia",
                        sv="inga variabler",
                        en="no variables",
                    ),
                )
            )
        return found

    of = table.variables
    area = needed(of.area, PARTS["area"]) if of.area else None
    time = needed(of.time, PARTS["time"])
    contents = needed(of.contents, PARTS["contents"]) if of.contents else None
    segment = needed(table.segments.variable, PARTS["segment"]) if table.segments else None
    parts = [number for number in (area, time, contents, segment) if number is not None]
    if len(set(parts)) != len(parts):
        raise UnreadableDelivery(Reason("variable_of_two_parts", table=table.table_id))
    fixed: list[tuple[int, FixedVariable]] = []
    for entry in table.held:
        found = axis(entry.variable, PARTS["fixed"])
        if found is None and entry.leaves_out:
            found = _labelled(entry, cube.dimensions)
        if found is None:
            continue
        dimension = cube.dimensions[found]
        if (
            entry.leaves_out
            and dimension.codes
            and entry.chosen(dimension.codes, dimension.labels) is None
        ):
            raise UnreadableDelivery(
                Reason(
                    "value_of_variable_missing",
                    table=table.table_id,
                    values=_either(entry.values),
                    variable=dimension.code,
                    listed=listing(dimension.codes),
                )
            )
        fixed.append((found, entry))
    known = {*parts, *(number for number, _ in fixed)}
    for number, dimension in enumerate(cube.dimensions):
        if number not in known and len(dimension.codes) > 1:
            raise UnreadableDelivery(not_described(table, dimension.code, dimension.codes))
    return Axes(area, time, contents, segment, fixed)


def _either(values: Sequence[str]) -> Text:
    return linked(OR, map(repr, values))


def _labelled(entry: FixedVariable, dimensions: Sequence[Dimension]) -> int | None:
    """The one variable that has the name for people that the description gives."""
    names = {name.casefold() for name in entry.variable}
    found = [n for n, dimension in enumerate(dimensions) if dimension.label.casefold() in names]
    return found[0] if len(found) == 1 else None


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
        symbols = _with_texts(symbols, _strings(cube.texts, start, stop), table, cube.updated)
    encoded = symbols.dictionary_encode()
    for name in encoded.dictionary.to_pylist():
        names.append(name)
        meanings.append(_meaning(name, table, cube.updated))
    marked = np.asarray(encoded.indices.is_valid())
    at = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    which = np.where(marked, at + 2, which).astype(np.int32)
    return _Symbols(which, names, meanings)


def _with_texts(
    symbols: pa.Array, texts: pa.Array, table: TableDescription, updated: str | None
) -> pa.Array:
    """The symbol of each cell where some services put a text where the value should be.

    Of a text and a status beside it the one counts that withholds the value; else the status,
    unless it is only a note. A text that is no symbol must be seen: nobody knows what it says.
    """
    first, second = (column.dictionary_encode() for column in (symbols, texts))
    width = len(second.dictionary) + 1
    one, other = (
        pc.fill_null(c.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
        for c in (first, second)
    )
    numbers = pa.array(one * width + other).dictionary_encode()
    chosen: list[str | None] = []
    for number in numbers.dictionary.to_pylist():
        status = first.dictionary[number // width - 1].as_py() if number // width else None
        text = second.dictionary[number % width - 1].as_py() if number % width else None
        chosen.append(_one_of(status, text, table, updated))
    return pa.array(chosen, pa.string()).take(numbers.indices)


def _one_of(
    status: str | None, text: str | None, table: TableDescription, updated: str | None
) -> str | None:
    if status is None or text is None:
        return status if text is None else text
    of_status, of_text = (_meaning(name, table, updated) for name in (status, text))
    if of_status is None:
        return status
    if of_status.conf_status != "F" and not of_status.note:
        return status
    if of_text is None or of_text.conf_status != "F" or of_status.note:
        return text
    return status


def _strings(cells: pa.Array | None, start: int, stop: int) -> pa.Array:
    if cells is None:
        return pa.nulls(stop - start, pa.string())
    return cells.slice(start, stop - start).cast(pa.string())


def _meaning(name: str, table: TableDescription, updated: str | None) -> Symbol | None:
    """What a symbol means: by the table's own list, else by the code list of its source.

    In SDMX-CSV that is SDMX's own list beside Eurostat's flags; a few signs mean the same
    everywhere.
    """
    if name in table.symbols:
        return table.symbols[name]
    edition = parse_updated(updated)
    on = edition.date() if edition else date.max
    lists: list[Callable[[str], tuple[str, str]]] = []
    if table.flags == "eurostat":
        lists.append(lambda flags: obs_status_of(flags, on))
    if table.format == "sdmx-csv" or table.service.kind == "eurostat":
        lists.append(sdmx_status_of)
    for understand in lists:
        try:
            obs_status, conf_status = understand(name)
        except NotUnderstood:
            continue
        note = obs_status not in WITHHELD and conf_status == "F"
        return Symbol.model_validate(
            {"obs_status": obs_status, "conf_status": conf_status, "note": note}
        )
    if name == "NA":
        return Symbol(obs_status="O")
    return Symbol(obs_status="Q", conf_status="A") if _SMALL_COUNT.fullmatch(name) else None


class _Measures(NamedTuple):
    """The measures of a block: per cell an index into `contents` (None: mapped to nothing)."""

    which: npt.NDArray[np.int32]
    contents: list[Content | None]
    codes: Sequence[str]


def _measures_of(
    cube: CodedCells, table: TableDescription, axes: Axes, at: Sequence[npt.NDArray[np.int32]]
) -> _Measures:
    if axes.contents is None:
        return _Measures(np.zeros_like(at[axes.time]), [table.contents[0]], [""])
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
    cube: CodedCells,
    table: TableDescription,
    axes: Axes,
    effects: Effects,
    units: Mapping[str, float],
    start: int,
    stop: int,
    first_line: int,
) -> Cells:
    """The cells `start:stop`."""
    at = [cube.axis_index(n, start, stop).astype(np.int32) for n in range(len(cube.dimensions))]
    regions: list[str | None] = [table.areas.constant]
    of_region = np.zeros(stop - start, dtype=np.int32)
    area_codes: Sequence[str] = [""]
    if axes.area is not None:
        area_codes, of_region = cube.dimensions[axes.area].codes, at[axes.area]
        regions = [table.areas.region_of(code) for code in area_codes]
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
    reasons: list[tuple[str, Reason | None]] = []

    def reject(
        column: str, bad: BoolArray, which: npt.NDArray[np.int32], whys: Sequence[Reason | None]
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
        _of([region is None for region in regions], of_region),
        of_region,
        [Reason("area_not_mapped", code=code) for code in area_codes],
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
        wanted = entry.chosen(other.codes, other.labels if entry.leaves_out else ())
        taken = _either(entry.values)
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
    for refusal in effects.refusals:
        which = refusal.which[start:stop]
        reject(
            "value",
            _of([reason is not None for reason in refusal.reasons], which) & present,
            which,
            refusal.reasons,
        )
    if effects.exponent is not None and not effects.has_unit:
        # Of what the delivery gives nothing but the bare power the unit is not known.
        scaled_units = [c is not None and units.get(c.unit, 1) != 1 for c in measures.contents]
        reject(
            "value",
            _of(scaled_units, measures.which) & (effects.exponent[start:stop] == 0) & present,
            measures.which,
            [
                Reason("multiplier_contradicts_unit", column="UNIT_MULT", unit=c.unit if c else "")
                for c in measures.contents
            ],
        )
    # One of the two is wrong, and if the symbol means confidential the value must not get out.
    reject(
        "value",
        marked & known & ~note & present & (values != stands_for),
        symbols.which,
        [
            Reason("restricted_value", text=name or "")
            if meaning is not None and meaning.conf_status != "F" and _is_attribute(table)
            else Reason("symbol_denies_value", symbol=name or "")
            for name, meaning in zip(symbols.names, symbols.meanings, strict=True)
        ],
    )

    left_out = _left_out(cube, table, axes, at, slice(start, stop))
    if effects.exponent is not None:
        values = _in_described_unit(values, measures, effects.exponent[start:stop], units)
    is_wrong = wrong != 0
    good = np.flatnonzero(~is_wrong if left_out is None else ~(is_wrong | left_out))
    bad = np.flatnonzero(is_wrong if left_out is None else is_wrong & ~left_out)
    line = np.arange(start + first_line, stop + first_line, dtype=np.int64)

    measure = measures.which[good]
    # A note on a value that is not there leaves the cell as missing as one without a symbol.
    meant = np.where(note & ~present, 1, symbols.which)[good]
    accepted = pa.table(
        {
            "table_id": _taken([table.table_id], np.zeros(len(good), dtype=np.int32)),
            "line": line[good],
            "indicator": _taken([c.indicator if c else None for c in measures.contents], measure),
            "region": _taken(regions, of_region[good]),
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
            "reason_code": _taken(
                [why.kind if why else None for _, why in reasons], wrong[bad] - 1
            ),
            "reason_parameters": _taken(
                [why.parameters() if why else None for _, why in reasons], wrong[bad] - 1
            ),
            "text": _rejected_text(cube.dimensions, at, values, symbols, bad),
        },
        schema=REJECTED_SCHEMA,
    )
    return Cells(accepted, rejected, stop - start - len(good) - len(bad))


def _is_attribute(table: TableDescription) -> bool:
    """Whether a symbol is an attribute beside the value, and not written in its place."""
    return table.format == "sdmx-csv" or table.service.kind == "eurostat"


def _in_described_unit(
    values: npt.NDArray[np.float64],
    measures: _Measures,
    exponent: npt.NDArray[np.int32],
    units: Mapping[str, float],
) -> npt.NDArray[np.float64]:
    powers, at = np.unique(exponent, return_inverse=True)
    factors = np.array(
        [
            [scale_of(int(p), content.unit, units) if content else 1.0 for p in powers]
            for content in measures.contents
        ]
    )
    return scaled(values, factors[measures.which, at])


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
