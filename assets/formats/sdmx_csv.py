"""Reading SDMX-CSV: one file in, one row per observation out.

What belongs here: the format in its two versions, plain or compressed, with codes alone or with
names beside them. What does not: what a code or a flag means (`eurostat_flags.py` has Eurostat's
flags; everything else stands in the source descriptions and is applied in
`assets.statistics`).

Source of the rules: the SDMX-CSV field guide (versions 1.0 and 2.0 of the data message), and what
Eurostat's dissemination service makes of it: `LAST UPDATE`, `OBS_FLAG`, `CONF_STATUS`.
"""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from assets.errors import UnreadableDelivery
from assets.formats.cube import TEXT, CodedRows, Dimension, FloatArray, Int32Array

MAX_BYTES = 2_000_000_000
"""Largest file that is read, after decompression. A few compressed bytes can become any size."""

#: Columns that stand before the dimensions and are none.
_LEADING = frozenset(
    {
        "DATAFLOW",
        "STRUCTURE",
        "STRUCTURE_ID",
        "STRUCTURE_NAME",
        "ACTION",
        "LAST UPDATE",
        "SERIES_KEY",
        "OBS_KEY",
    }
)
_VALUE = "OBS_VALUE"
_TIME = "TIME_PERIOD"
_FLAGS = ("OBS_FLAG", "OBS_STATUS")
_CONFIDENTIAL = "CONF_STATUS"
_GEO = frozenset({"geo", "ref_area"})
_MISSING = ["", "NaN", "nan"]
_NUMBER = r"^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$"
_EUROSTAT_TIME = re.compile(r"(\d\d)/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)$")


class _Column(NamedTuple):
    """A column of the file.

    Attributes:
        position: 0-based number.
        id: the component's id.
        label: its name; the id where the file gives none.
        coupled: whether the cells hold `code: name`.
        name_position: the column that holds the names of the codes, None without one.
    """

    position: int
    id: str
    label: str
    coupled: bool = False
    name_position: int | None = None


def read_sdmx_csv(document: bytes) -> CodedRows:
    """Read one SDMX-CSV data message, version 1.0 or 2.0, plain or compressed with gzip.

    Dimensions are the columns from behind the leading ones (DATAFLOW, LAST UPDATE, STRUCTURE and
    so on) to TIME_PERIOD, in the order of the file; TIME_PERIOD has the role `time`, `geo` or
    REF_AREA the role `geo`. Names beside the codes (`FREQ:Frequency` with `A: Annual`, or with
    STRUCTURE_NAME a column of names behind each one) become labels. The other attributes of the
    file are not read.

    Rows become:
        values: OBS_VALUE, NaN where it is empty or no number; a text that is no number (`:`)
            stands in `texts`.
        status: OBS_FLAG (or OBS_STATUS) and CONF_STATUS as delivered, in the form in which
            Eurostat's JSON-stat has them: `bp`, with a confidentiality letter `bp|C`, that
            letter alone `|C`; null where both are empty. So one list of symbols serves both.
        label: STRUCTURE_NAME, else the id of the dataflow.
        updated: the latest LAST UPDATE. Eurostat's `17/09/26 23:00:00`, which is Luxembourg time,
            is given in ISO form with its offset; anything else as it stands.

    Raises:
        UnreadableDelivery: the only error, whatever the input; it says what is wrong and where.
    """
    content = _plain(document)
    header, start = _header(content)
    columns = _columns(header)
    by_id = {column.id: column for column in columns}
    if _VALUE not in by_id:
        raise UnreadableDelivery(
            f"The SDMX-CSV file has no column {_VALUE}; its columns are {_clip(', '.join(header))}."
        )
    dimensions = _dimension_columns(columns)
    flags = next((by_id[name] for name in _FLAGS if name in by_id), None)
    leading = [column for column in columns if column.id in _LEADING]
    coded = [*dimensions, *leading]
    coded += [by_id[name] for name in (_CONFIDENTIAL,) if name in by_id]
    coded += [] if flags is None else [flags]
    positions = {column.position for column in coded}
    positions |= {
        column.name_position for column in dimensions if column.name_position is not None
    }
    table, texts = _rows(content, start, len(header), by_id[_VALUE].position, positions)
    codes = {position: _encoded(table.column(str(position))) for position in positions}
    _no_deletions(by_id, codes)

    read = [_dimension(column, codes) for column in dimensions]
    status = _status(
        None if flags is None else _without_names(codes[flags.position], flags.coupled),
        None
        if _CONFIDENTIAL not in by_id
        else _without_names(codes[by_id[_CONFIDENTIAL].position], by_id[_CONFIDENTIAL].coupled),
    )
    values: FloatArray = (
        table.column(str(by_id[_VALUE].position)).combine_chunks().to_numpy(zero_copy_only=False)
    )
    return CodedRows(
        dimensions=tuple(dimension for dimension, _ in read),
        index=tuple(index for _, index in read),
        values=values,
        status=status,
        texts=texts,
        label=_dataflow(by_id, codes),
        updated=_updated(by_id, codes),
    )


# --- The file ---------------------------------------------------------------------------------


def _plain(document: bytes) -> bytes:
    content = _decompressed(document) if document.startswith(b"\x1f\x8b") else document
    content = content.removeprefix(b"\xef\xbb\xbf")
    first = content[:1000].lstrip()[:1]
    if not first:
        raise UnreadableDelivery("The SDMX-CSV file is empty.")
    if first in b"<{[":
        kind = "a web page or XML" if first == b"<" else "JSON"
        raise UnreadableDelivery(
            f"The SDMX-CSV file is {kind}, not CSV; it begins with "
            f"{_show(content[:200].decode('utf-8', 'replace').strip())}."
        )
    return content


def _decompressed(document: bytes) -> bytes:
    """The content of a gzip file; it may be several joined together."""
    parts: list[bytes] = []
    size = 0
    rest = document
    try:
        while rest.startswith(b"\x1f\x8b"):
            unpacker = zlib.decompressobj(wbits=31)
            parts.append(unpacker.decompress(rest, MAX_BYTES - size + 1))
            size += len(parts[-1])
            if size > MAX_BYTES:
                raise UnreadableDelivery(
                    f"The SDMX-CSV file holds more than {MAX_BYTES} bytes once decompressed. "
                    "Fetch it in smaller parts."
                )
            if not unpacker.eof:
                raise UnreadableDelivery(
                    "The SDMX-CSV file was cut short: its compressed content does not end. Fetch "
                    "it again."
                )
            rest = unpacker.unused_data
    except zlib.error as problem:
        raise UnreadableDelivery(
            f"The SDMX-CSV file cannot be decompressed: {problem}. Fetch it again."
        ) from None
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _header(content: bytes) -> tuple[list[str], int]:
    """The names of the columns, and where the rows begin."""
    end = content.find(b"\n")
    end = len(content) if end < 0 else end
    try:
        line = content[:end].decode()
    except UnicodeDecodeError:
        raise UnreadableDelivery(
            "The SDMX-CSV file is not UTF-8 in its header row, as the format demands."
        ) from None
    names = next(csv.reader([line.rstrip("\r")], delimiter=_delimiter(line)), [])
    return [name.strip() for name in names], min(end + 1, len(content))


def _delimiter(line: str) -> str:
    # The field guide allows what is usual in a country.
    return ";" if ";" in line and "," not in line else ","


def _columns(header: Sequence[str]) -> list[_Column]:
    """The components; a column of names goes with the component before it."""
    named = "STRUCTURE_NAME" in header
    columns: list[_Column] = []
    position = 0
    while position < len(header):
        # `FREQ:Frequency`, in version 1.0 also `FREQ: Frequency`.
        own, colon, label = (part.strip() for part in header[position].partition(":"))
        name_position = None
        if named and own not in _LEADING and position + 1 < len(header):
            name_position = position + 1
            label = header[name_position]
        columns.append(_Column(position, own, label or own, bool(colon), name_position))
        position += 1 if name_position is None else 2
    seen: set[str] = set()
    for column in columns:
        if column.id in seen:
            raise UnreadableDelivery(
                f"The SDMX-CSV file has two columns named {_show(column.id)} in its header row."
            )
        seen.add(column.id)
    return columns


def _dimension_columns(columns: Sequence[_Column]) -> list[_Column]:
    ids = [column.id for column in columns]
    end = ids.index(_TIME if _TIME in ids else _VALUE)
    others = _LEADING | {_VALUE, _CONFIDENTIAL, *_FLAGS}
    return [column for column in columns[: end + 1] if column.id not in others]


def _rows(
    content: bytes, start: int, width: int, value: int, positions: set[int]
) -> tuple[pa.Table, pa.Array | None]:
    """The columns that are needed, named by their number; and the values that are no numbers."""
    try:
        try:
            return _parsed(content, start, width, value, positions, pa.float64()), None
        except pa.ArrowInvalid as problem:
            if "conversion error to double" not in str(problem):
                raise
        table = _parsed(content, start, width, value, positions, pa.string())
    except pa.ArrowInvalid as problem:
        raise UnreadableDelivery(_what_is_wrong(content, start, width, str(problem))) from None
    texts = pc.utf8_trim_whitespace(table.column(str(value)).combine_chunks())
    number = pc.match_substring_regex(texts, _NUMBER)
    none = pa.scalar(None, pa.string())
    values = pc.if_else(number, texts, none).cast(pa.float64())
    texts = pc.if_else(number, none, texts)
    at = table.schema.get_field_index(str(value))
    return (
        table.set_column(at, str(value), values),
        None if texts.null_count == len(texts) else texts.dictionary_encode(),
    )


def _parsed(
    content: bytes,
    start: int,
    width: int,
    value: int,
    positions: set[int],
    value_type: pa.DataType,
) -> pa.Table:
    names = [str(position) for position in range(width)]
    rows = memoryview(content)[start:]
    types = {str(position): TEXT for position in positions} | {str(value): value_type}
    if not bytes(rows[:1000]).strip():
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    line = content[:start].decode()
    table = pacsv.read_csv(
        pa.BufferReader(pa.py_buffer(rows)),
        read_options=pacsv.ReadOptions(column_names=names, block_size=8_000_000),
        parse_options=pacsv.ParseOptions(
            delimiter=_delimiter(line), newlines_in_values=b'"' in content
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            null_values=_MISSING,
            strings_can_be_null=False,
        ),
    )
    return table
