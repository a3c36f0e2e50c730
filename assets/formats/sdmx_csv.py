"""Reading SDMX-CSV: one file in, one row per observation out.

What belongs here: the format in its two versions, plain or compressed, with codes alone or with
names beside them. What does not: what a code or a flag means (`eurostat_flags.py` and
`sdmx_codes.py` have the lists; everything else stands in the source descriptions and is applied
in `assets.feeds`).

Source of the rules: the SDMX-CSV field guide (versions 1.0 and 2.0 of the data message), and what
Eurostat's dissemination service makes of it: `LAST UPDATE`, `OBS_FLAG`, `CONF_STATUS`.
"""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from assets.formats.cube import (
    NUMBER,
    TEXT,
    WEB_PAGE,
    Attribute,
    BoolArray,
    CodedRows,
    Dimension,
    FloatArray,
    Int32Array,
)
from assets.languages import Text
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason, listing

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
        "KEY",
        "SERIES_KEY",
        "OBS_KEY",
    }
)
_USED = frozenset({"DATAFLOW", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "LAST UPDATE"})
_FORMAT = "SDMX-CSV"
_VALUE = "OBS_VALUE"
_COMMA = r"^-?\d+,\d+$"
_TIME = "TIME_PERIOD"
_FLAG_COLUMNS = ("OBS_FLAG", "OBS_STATUS")
_CONFIDENTIAL = ("CONF_STATUS", "OBS_CONF")
_GEO = frozenset({"geo", "ref_area"})
#: Attributes that change or restrict a value wherever they stand, and are never dimensions.
_ATTRIBUTES = frozenset(
    {
        "UNIT_MULT", "UNIT_MULTIPLIER", "POWERCODE", "SCALE", "EMBARGO_TIME", "EMBARGO",
        "REPORTING_YEAR_START_DAY", "REPYEARSTART", *_FLAG_COLUMNS, *_CONFIDENTIAL,
    }
)  # fmt: skip
_SPECIAL = _LEADING | _ATTRIBUTES | {_VALUE, _TIME}
#: Texts for people, and how many decimals to show: they tell nothing of a value.
_EXPLAINING = re.compile(
    r"(?:\w+_)?(?:TITLE|TITLE_COMPL|COM|COMMENTS?|NOTES?|DECIMALS|PRE_BREAK(?:_VALUE)?)"
    r"(?:_OBS|_TS|_DSET|_SERIES)?",
    re.IGNORECASE,
)
_DELIMITERS = ",;\t|"
_BLOCK = 4_000_000
"""Bytes that Arrow parses at a time, on each core."""
_MISSING = ["", "NaN", "nan", "#N/A"]
#: How the format says that an attribute has no value.
_NONE = frozenset({"", "#N/A"})
_FIRST = re.compile(rb"\S")
_EUROSTAT_ZONE = ZoneInfo("Europe/Luxembourg")


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


def read_sdmx_csv(document: bytes, variables: Sequence[str] = ()) -> CodedRows:
    """Read one SDMX-CSV data message, version 1.0 or 2.0, plain or compressed with gzip.

    The columns may stand in any order and be parted by commas, semicolons, tabs or bars. The file
    does not say which of them are dimensions. TIME_PERIOD, the area (`geo`, REF_AREA), the
    `variables` and whatever stands before OBS_VALUE are, without the columns of the format
    (DATAFLOW, STRUCTURE, KEY, …) and the attributes that are known by name. TIME_PERIOD has the
    role `time`, the area the role `geo`. Names beside the codes (`FREQ:Frequency` with `A: Annual`,
    or with STRUCTURE_NAME a column of names behind each one) become labels.

    Rows become:
        values: OBS_VALUE, NaN where it is empty, `#N/A` or no number; a text that is no number
            (`:`) stands in `texts`.
        status: OBS_FLAG (or OBS_STATUS) and CONF_STATUS (or OBS_CONF) as delivered, in the form
            in which Eurostat's JSON-stat has them: `bp`, with a confidentiality letter `bp|C`,
            that letter alone `|C`; null where both are empty. So one list of symbols serves both.
        attributes: every other column, texts for people left out; `#N/A` is no value.
        is_observation: False for a row without a value that leaves a dimension empty: it carries
            attributes of a series or a group, which are given to the rows of that group here.
        label: STRUCTURE_NAME, else the id of the dataflow.
        updated: the latest LAST UPDATE. Eurostat's `17/09/26 23:00:00`, which is Luxembourg time,
            is given in ISO form with its offset; anything else as it stands.

    Args:
        document: the bytes of the file.
        variables: ids that are dimensions wherever they stand; may end in `*`, any letter case.

    Raises:
        UnreadableDelivery: the only error, whatever the input; it says what is wrong and where.
    """
    content = _plain(document)
    header, start = _header(content)
    columns = _columns(header)
    by_id = {column.id: column for column in columns}
    if _VALUE not in by_id:
        raise UnreadableDelivery(
            Reason("columns_missing", format=_FORMAT, missing=_VALUE, listed=listing(header))
        )
    dimensions, others = _parts(columns, variables)
    leading = [column for column in columns if column.id in _USED]
    needed = [*dimensions, *leading, *others]
    positions = {column.position for column in needed}
    positions |= {column.name_position for column in dimensions if column.name_position is not None}
    table, texts = _rows(content, start, len(header), by_id[_VALUE].position, positions)
    codes = {position: _encoded(table.column(str(position))) for position in positions}
    _no_deletions(by_id, codes)
    read = [_dimension(column, codes) for column in dimensions]
    values: FloatArray = table.column(str(by_id[_VALUE].position)).to_numpy()
    is_observation = _observed(read, values, texts)
    attributes = {column.id: _attribute(column, codes) for column in others}
    if is_observation is not None:
        attributes = _given_to_groups(attributes, read, is_observation)
    flags = _first_of(attributes, _FLAG_COLUMNS)
    confidential = _first_of(attributes, _CONFIDENTIAL)
    return CodedRows(
        dimensions=tuple(dimension for dimension, _ in read),
        index=tuple(index for _, index in read),
        values=values,
        status=_status(flags, confidential),
        texts=texts,
        label=_dataflow(by_id, codes),
        updated=_updated(by_id, codes),
        attributes=tuple(
            attribute
            for name, attribute in attributes.items()
            if attribute.codes and name not in (*_FLAG_COLUMNS, *_CONFIDENTIAL)
        ),
        is_observation=is_observation,
    )


# --- The file ---------------------------------------------------------------------------------


def _plain(document: bytes) -> bytes:
    content = _decompressed(document) if document.startswith(b"\x1f\x8b") else document
    content = content.removeprefix(b"\xef\xbb\xbf")
    first = _FIRST.search(content)
    if first is None:
        raise UnreadableDelivery(Reason("file_empty"))
    if first[0] in b"<{[":
        kind = WEB_PAGE if first[0] == b"<" else Text(fi="JSONia", sv="JSON", en="JSON")
        begins = content[:60].decode("utf-8", "replace").strip()
        raise UnreadableDelivery(Reason("not_the_format", what=kind, format=_FORMAT, begins=begins))
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
                    Reason("decompressed_too_large", format=_FORMAT, most=MAX_BYTES)
                )
            if not unpacker.eof:
                raise _not_decompressed(Reason("compressed_cut"))
            rest = unpacker.unused_data.lstrip(b"\0")
    except zlib.error as problem:
        raise _not_decompressed(Reason("reader_message", message=str(problem))) from None
    if rest:
        raise _not_decompressed(Reason("compressed_rest", rest=len(rest)))
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _not_decompressed(problem: Reason) -> UnreadableDelivery:
    return UnreadableDelivery(Reason("not_decompressed", problem=problem))


def _header(content: bytes) -> tuple[list[str], int]:
    """The names of the columns, and where the rows begin."""
    end = content.find(b"\n")
    end = len(content) if end < 0 else end
    try:
        line = content[:end].decode()
    except UnicodeDecodeError:
        raise UnreadableDelivery(Reason("not_utf8", format=_FORMAT, line=1)) from None
    try:
        names = next(csv.reader([line.rstrip("\r")], delimiter=_delimiter(line)), [])
    except csv.Error as problem:
        raise UnreadableDelivery(_not_read(str(problem))) from None
    return [name.strip() for name in names], min(end + 1, len(content))


def _delimiter(line: str) -> str:
    """What parts the columns: the sign that makes a column of OBS_VALUE, and most columns."""
    # The field guide allows what is usual in a country. `STRUCTURE[;]` names a sign of its own.
    plain = re.sub(r"\[[^]]*\]", "", line)

    def fit(sign: str) -> tuple[bool, int]:
        names = [name.strip().strip('"').partition(":")[0] for name in plain.split(sign)]
        return _VALUE in names, len(names)

    return max(_DELIMITERS, key=fit)


def _columns(header: Sequence[str]) -> list[_Column]:
    """The components; a column of names goes with the component before it."""
    named = "STRUCTURE_NAME" in header
    columns: list[_Column] = []
    position = 0
    while position < len(header):
        # `FREQ:Frequency`, in version 1.0 also `FREQ: Frequency`.
        own, colon, label = (part.strip() for part in header[position].partition(":"))
        # `STRUCTURE[;]` says what parts several values in a cell.
        base = own.partition("[")[0].strip()
        own = base if base in _SPECIAL else own
        name_position = None
        if named and own not in _LEADING and position + 1 < len(header):
            name_position = position + 1
            label = header[name_position]
        columns.append(_Column(position, own, label or own, bool(colon), name_position))
        position += 1 if name_position is None else 2
    seen: set[str] = set()
    for column in columns:
        if column.id in seen:
            raise UnreadableDelivery(Reason("variable_twice", format=_FORMAT, text=column.id))
        seen.add(column.id)
    return columns


def _parts(
    columns: Sequence[_Column], variables: Sequence[str]
) -> tuple[list[_Column], list[_Column]]:
    """The dimensions, and the attributes, in the order of the file."""
    ids = [column.id for column in columns]
    value = ids.index(_VALUE)
    dimensions: list[_Column] = []
    attributes: list[_Column] = []
    for at, column in enumerate(columns):
        if column.id in _LEADING or column.id == _VALUE:
            continue
        name = column.id.casefold()
        is_described = any(fnmatchcase(name, variable.casefold()) for variable in variables)
        if is_described or column.id == _TIME or name in _GEO:
            dimensions.append(column)
        elif column.id in _ATTRIBUTES:
            attributes.append(column)
        elif _EXPLAINING.fullmatch(column.id.partition("[")[0]):
            continue
        else:
            (dimensions if at < value else attributes).append(column)
    return dimensions, attributes


def _rows(
    content: bytes, start: int, width: int, value: int, positions: set[int]
) -> tuple[pa.Table, pa.Array | None]:
    """The columns that are needed, named by their number; and the values that are no numbers."""
    name = str(value)
    try:
        try:
            table = _parsed(content, start, width, positions, {name: pa.float64()})
            if not pc.any(pc.is_inf(table.column(name))).as_py():
                return table, None
        except pa.ArrowInvalid as problem:
            if "conversion error to double" not in str(problem):
                raise
        table = _parsed(content, start, width, positions, {name: pa.string()})
    except pa.ArrowInvalid as problem:
        raise UnreadableDelivery(_what_is_wrong(content, start, width, str(problem))) from None
    none = pa.scalar(None, pa.string())
    texts = pc.utf8_trim_whitespace(table.column(name).combine_chunks())
    texts = pc.if_else(pc.is_in(texts, value_set=pa.array(_MISSING)), none, texts)
    if _delimiter(content[:start].decode()) != ",":
        texts = _with_points(texts)
    numeric = pc.fill_null(pc.match_substring_regex(texts, NUMBER), False)
    values = pc.if_else(numeric, texts, none).cast(pa.float64())
    # A number beyond all bounds is kept as the text that it came as.
    finite = pc.fill_null(pc.is_finite(values), False)
    values = pc.if_else(finite, values, pa.scalar(None, pa.float64()))
    texts = pc.if_else(finite, none, texts)
    return (
        table.set_column(table.schema.get_field_index(name), name, values),
        None if texts.null_count == len(texts) else texts.dictionary_encode(),
    )


def _with_points(texts: pa.Array) -> pa.Array:
    """Numbers with a decimal comma, as spreadsheets of the Nordic countries save them.

    The format asks for a point. A comma is read as the decimal sign where no number of the file has
    a point, and one of them can only be meant so: `1,234` alone may be a thousand.

    Raises:
        UnreadableDelivery: the decimal sign cannot be told.
    """
    with_comma = pc.fill_null(pc.match_substring_regex(texts, _COMMA), False)
    if not pc.any(with_comma).as_py():
        return texts
    commas = texts.filter(with_comma)
    has_points = pc.any(pc.match_substring_regex(texts, r"^-?\d+\.\d+$")).as_py()
    if has_points or pc.all(pc.match_substring_regex(commas, r"^-?[1-9]\d{0,2},\d{3}$")).as_py():
        raise UnreadableDelivery(
            Reason("decimal_sign_unknown", format=_FORMAT, text=commas[0].as_py())
        )
    return pc.if_else(with_comma, pc.replace_substring(texts, ",", "."), texts)


def _parsed(
    content: bytes, start: int, width: int, positions: set[int], value: dict[str, pa.DataType]
) -> pa.Table:
    types = {str(position): TEXT for position in positions} | value
    if _FIRST.search(content, start) is None:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    return pacsv.read_csv(
        pa.BufferReader(pa.py_buffer(memoryview(content)[start:])),
        read_options=pacsv.ReadOptions(
            column_names=[str(position) for position in range(width)], block_size=_BLOCK
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=_delimiter(content[:start].decode()),
            newlines_in_values=content.find(b'"', start) >= 0,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            null_values=_MISSING,
            strings_can_be_null=False,
        ),
    )


def _what_is_wrong(content: bytes, start: int, width: int, problem: str) -> Reason:
    """Where the file cannot be read, found line by line, which is slow."""
    try:
        text = content[start:].decode()
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, start + broken.start) + 1
        return Reason("not_utf8", format=_FORMAT, line=line)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(content[:start].decode()))
    try:
        for row in rows:
            if row and len(row) != width:
                return Reason(
                    "line_of_other_width",
                    format=_FORMAT,
                    line=rows.line_num + 1,
                    found=len(row),
                    expected=width,
                )
    except csv.Error as broken:
        problem = f"{broken} on line {rows.line_num + 1}"
    return _not_read(problem)


def _not_read(problem: str) -> Reason:
    message = Reason("reader_message", message=problem[:200])
    return Reason("table_not_read", format=_FORMAT, problem=message)


# --- What the columns say ---------------------------------------------------------------------


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """One array with one dictionary, its texts in order of first appearance."""
    return column.unify_dictionaries().combine_chunks()


def _index(encoded: pa.DictionaryArray) -> Int32Array:
    index: Int32Array = encoded.indices.to_numpy(zero_copy_only=False)
    return index.astype(np.int32, copy=False)


def _merged(texts: Sequence[str | None], index: Int32Array) -> tuple[tuple[str, ...], Int32Array]:
    """The texts without repetitions, and the index moved to them; -1 where there is no text."""
    places: dict[str, int] = {}
    move = np.array(
        [-1 if text is None else places.setdefault(text, len(places)) for text in texts],
        dtype=np.int32,
    )
    return tuple(places), move[index] if len(move) else index


def _split(text: str, coupled: bool) -> tuple[str, str]:
    """Code and name of a cell such as `A: Annual`."""
    code, _, name = text.partition(":") if coupled else (text, "", "")
    return code.strip(), name.strip()


def _dimension(
    column: _Column, codes: dict[int, pa.DictionaryArray]
) -> tuple[Dimension, Int32Array]:
    encoded = codes[column.position]
    # A moment has colons of its own, and no name.
    coupled = column.coupled and column.id != _TIME
    cells = [_split(text, coupled) for text in encoded.dictionary.to_pylist()]
    found, index = _merged([code for code, _ in cells], _index(encoded))
    names: dict[str, str] = {}
    for code, name in cells:
        if name:
            names.setdefault(code, name)
    if column.name_position is not None:
        names = _names(found, index, codes[column.name_position])
    role = "time" if column.id == _TIME else "geo" if column.id.casefold() in _GEO else None
    labels = tuple(names.get(code) or code for code in found)
    return Dimension(column.id, column.label, found, labels, role), index


def _names(found: Sequence[str], index: Int32Array, names: pa.DictionaryArray) -> dict[str, str]:
    """Code -> the name beside it in the first row that has the code."""
    rows = np.zeros(len(found), dtype=np.int64)
    # Backwards: of several rows written to one place the last one stays.
    rows[index[::-1]] = np.arange(len(index), dtype=np.int64)[::-1]
    return dict(zip(found, names.take(pa.array(rows)).to_pylist(), strict=True))


def _attribute(column: _Column, codes: dict[int, pa.DictionaryArray]) -> Attribute:
    """The codes of a column without their names."""
    encoded = codes[column.position]
    texts = (_split(text, column.coupled)[0] for text in encoded.dictionary.to_pylist())
    found, index = _merged([None if text in _NONE else text for text in texts], _index(encoded))
    return Attribute(column.id, found, index)


def _first_of(attributes: Mapping[str, Attribute], names: Sequence[str]) -> Attribute | None:
    """The first of these columns that the file has and that is not empty."""
    return next((attributes[n] for n in names if n in attributes and attributes[n].codes), None)


def _observed(
    dimensions: Sequence[tuple[Dimension, Int32Array]], values: FloatArray, texts: pa.Array | None
) -> BoolArray | None:
    """Which rows are observations; None where all are."""
    is_partial = np.zeros(len(values), dtype=np.bool_)
    for dimension, index in dimensions:
        if "" in dimension.codes:
            is_partial |= index == dimension.codes.index("")
    if not is_partial.any():
        return None
    is_partial &= np.isnan(values)
    if texts is not None:
        is_partial &= np.asarray(texts.is_null())
    return ~is_partial if is_partial.any() else None


def _given_to_groups(
    attributes: Mapping[str, Attribute],
    dimensions: Sequence[tuple[Dimension, Int32Array]],
    is_observation: BoolArray,
) -> dict[str, Attribute]:
    """Each attribute of a series or a group, given to its observations that have none themselves.

    The group of a row is what agrees in the dimensions that the row fills in; the row that fills in
    more of them counts before one that fills in fewer.
    """
    carriers = np.flatnonzero(~is_observation)
    filled = np.array(
        [
            index[carriers] != (d.codes.index("") if "" in d.codes else -1)
            for d, index in dimensions
        ],
        dtype=np.bool_,
    ).T.reshape(len(carriers), len(dimensions))
    given = {name: attribute.index.copy() for name, attribute in attributes.items()}
    patterns = sorted({tuple(row) for row in filled.tolist()}, key=sum, reverse=True)
    for pattern in patterns:
        rows = carriers[(filled == np.array(pattern, dtype=np.bool_)).all(axis=1)]
        key = np.zeros(len(is_observation), dtype=np.int64)
        for (_, index), is_filled in zip(dimensions, pattern, strict=True):
            if is_filled:
                # Numbered anew at each step, so that the product never overflows.
                key = np.unique(key * (int(index.max()) + 1) + index, return_inverse=True)[1]
        for name, attribute in attributes.items():
            of_group = np.full(int(key.max()) + 1, -1, dtype=np.int32)
            told = rows[attribute.index[rows] >= 0]
            of_group[key[told]] = attribute.index[told]
            lacks = is_observation & (given[name] < 0)
            given[name][lacks] = of_group[key[lacks]]
    return {name: replace(a, index=given[name]) for name, a in attributes.items()}


def _status(flags: Attribute | None, confidential: Attribute | None) -> pa.Array | None:
    """Flags and confidentiality as one text a row; each may be None."""
    if confidential is None:
        if flags is None:
            return None
        texts: list[str] = ["", *flags.codes]
        index = flags.index + 1
    else:
        second = ["", *confidential.codes]
        first = [""] if flags is None else ["", *flags.codes]
        both = confidential.index.astype(np.int64) + 1
        if flags is not None:
            both += (flags.index.astype(np.int64) + 1) * len(second)
        # Only the pairs that occur: there may be many letters in both.
        pairs = pa.array(both).dictionary_encode()
        texts = [
            first[pair // len(second)]
            + (f"|{letter}" if (letter := second[pair % len(second)]) else "")
            for pair in pairs.dictionary.to_pylist()
        ]
        index = _index(pairs)
    found, index = _merged([text or None for text in texts], index)
    return pa.DictionaryArray.from_arrays(
        pa.array(index, mask=index < 0), pa.array(found, pa.string())
    )


def _texts(name: str, by_id: dict[str, _Column], codes: dict[int, pa.DictionaryArray]) -> list[str]:
    """The texts that occur in a leading column; none where it is absent."""
    if name not in by_id:
        return []
    texts = codes[by_id[name].position].dictionary.to_pylist()
    return [text.strip() for text in texts if text.strip()]


def _no_deletions(by_id: dict[str, _Column], codes: dict[int, pa.DictionaryArray]) -> None:
    if any(action.upper().startswith("D") for action in _texts("ACTION", by_id, codes)):
        raise UnreadableDelivery(Reason("holds_deletions"))


def _dataflow(by_id: dict[str, _Column], codes: dict[int, pa.DictionaryArray]) -> str | None:
    ids = _texts("DATAFLOW", by_id, codes) or _texts("STRUCTURE_ID", by_id, codes)
    if len(ids) > 1:
        raise UnreadableDelivery(Reason("several_data_sets", listed=listing(ids)))
    names = _texts("STRUCTURE_NAME", by_id, codes) or ids
    return names[0] if names else None


def _updated(by_id: dict[str, _Column], codes: dict[int, pa.DictionaryArray]) -> str | None:
    return max(map(_moment, _texts("LAST UPDATE", by_id, codes)), default=None)


def _moment(text: str) -> str:
    try:
        moment = datetime.strptime(text, "%d/%m/%y %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return text
    return moment.replace(tzinfo=_EUROSTAT_ZONE).isoformat()
