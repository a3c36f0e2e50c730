"""Reading PX (PC-Axis): one file in, one cube of numbers out.

What belongs here: the cube, its labels in several languages, quoted symbols and rows that are left
out; keywords are read in `px_header.py`, periods in `px_periods.py`. What does not: what a
variable, a code or a symbol means for Tilannekuva; that stands in the source descriptions and is
applied in `assets.feeds`.

Source of the rules: the PX file format of Statistics Sweden, version 2013, and for variable
types and codes the files of Statistics Finland.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assets.formats.cube import (
    MAX_CELLS,
    NUMBER,
    Cube,
    Dimension,
    FloatArray,
    IntArray,
    texts_at,
    twice_in,
)
from assets.formats.px_header import (
    BREAK,
    KEYWORD_FOLLOWS,
    NOTES,
    PX,
    VALUE,
    Header,
    parse,
    texts_of,
)
from assets.formats.px_periods import in_order_of, periods_of
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Given, Reason

_BLOCK = 4_000_000
"""Bytes of data worked on at a time; bounds the memory beside the values themselves."""

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\s+(\d\d):(\d\d))?$")
_SEPARATORS = np.zeros(256, dtype=np.bool_)
# \x1a ended files under DOS.
_SEPARATORS[list(b" \t\r\n,;\0\x1a")] = True
_BLANK = b" \t\r\n\0\x1a"
_QUOTE = ord('"')
_LABELS = ("TITLE", "DESCRIPTION", "CONTENTS")
_ROLES = {"T": "time", "TIME": "time", "G": "geo", "GEOGRAPHICAL": "geo"}
_ROLES |= {"C": "metric", "CONTENT": "metric", "CONTENTS": "metric"}

BoolArray = npt.NDArray[np.bool_]


class _Variable(NamedTuple):
    """A variable in the default language, beside the dimension that it becomes."""

    name: str
    values: tuple[str, ...]
    codes: tuple[str, ...]
    dimension: Dimension


def read_px(document: bytes, language: str | None = None) -> Cube:
    """Read one PX file.

    Dimensions stand in the order of the data, `STUB` before `HEADING`. Their code is that of
    VARIABLECODE (also VARIABLE-CODE), else the variable's name; category codes are CODES, else
    the periods of TIMEVAL (as `2024`, `2024H1`, `2024Q1`, `2024M01`, `2024W01`, `2024-01-31`),
    else VALUES. Roles: `metric` is CONTVARIABLE, `time` has a TIMEVAL, `geo` has a MAP;
    VARIABLE-TYPE decides for the rest. Units (`base`, `decimals`) stand on the metric
    dimension; a file without one gives its unit in `read_header(document).text("UNITS")`.

    `status` is the symbol as written in the data (`.` to `......`, `-` or any other text),
    and the value is NaN there. What the publisher shows instead is in `Header.shown_symbols`.
    A file from before 2005 wrote `-` as 0, which cannot be told apart any more: values are left
    as they are, `Header.tells_nil_from_zero` is False. Rows that `KEYS` leaves out are 0.

    VALUES decide the order of the cells: a TIMEVAL in another order is put into theirs, one that
    contradicts them is an error. A line break inside a quoted text is a blank. What no keyword
    owns, damaged notes and whatever stands behind the semicolon of DATA do not count.

    Notes on a single value or cell stand with the notes of its variable or of the cube, with
    its name before them. `updated` is the latest LAST-UPDATED, else CREATION-DATE, in ISO form;
    it has no zone: PX gives the publisher's local time.

    Args:
        document: the bytes of the file. What is UTF-8 is read so, whatever CODEPAGE says; else
            CODEPAGE decides, then CHARSET (OEM is a DOS page).
        language: a language of the file for labels, units and notes; what is not given in it
            is taken from the default language. Codes do not depend on it.

    Raises:
        UnreadableDelivery: the only error, whatever the input; it says what is wrong and where.
    """
    header, body = parse(document)
    stub, heading = (_names(header, keyword) for keyword in ("STUB", "HEADING"))
    names = [*stub, *heading]
    if not names:
        raise UnreadableDelivery(Reason("px_no_variables"))
    translated = [
        *_translated(header, "STUB", stub, language),
        *_translated(header, "HEADING", heading, language),
    ]
    _no_strangers(header, names)
    notes = _notes(header, language)
    variables = [
        _variable(header, name, label, language, notes)
        for name, label in zip(names, translated, strict=True)
    ]
    for found in (names, [variable.dimension.code for variable in variables]):
        if (twice := twice_in(found)) is not None:
            raise UnreadableDelivery(Reason("variable_twice", format=PX, text=twice))
    shape = [len(variable.codes) for variable in variables]
    count = math.prod(shape)
    if count > MAX_CELLS:
        raise UnreadableDelivery(Reason("too_many_cells", format=PX, cells=count, most=MAX_CELLS))
    rows = variables[: len(stub)]
    if any(header.texts("KEYS", variable.name) for variable in rows):
        values, status = _keyed(header, body, rows, math.prod(shape[len(stub) :]), count)
    else:
        values, status = _dense(body, count)
    return Cube(
        dimensions=tuple(variable.dimension for variable in variables),
        values=values,
        status=status,
        label=next(filter(None, (header.text(key, language=language) for key in _LABELS)), None),
        source=header.text("SOURCE", language=language),
        updated=_updated(header),
        notes=notes.get((), ()),
    )


def read_header(document: bytes) -> Header:
    """The keywords of a PX file, without its data.

    Raises:
        UnreadableDelivery: as `read_px`.
    """
    return parse(document)[0]


def _names(header: Header, keyword: str) -> tuple[str, ...]:
    names = header.texts(keyword) or ()
    return () if names == ("",) else names


def _no_strangers(header: Header, names: Sequence[str]) -> None:
    """Refuse a keyword whose variable is misspelt, so that another one lacks it."""
    for keyword in ("VALUES", "CODES", "KEYS"):
        named = {
            subkeys[0]
            for (word, tag, subkeys) in header.entries
            if word == keyword and subkeys and tag in (None, header.language)
        }
        lacking = [name for name in names if name not in named]
        if lacking and (strange := sorted(named - set(names))):
            raise UnreadableDelivery(
                Reason("px_variable_misspelt", keyword=keyword, first=strange[0], second=lacking[0])
            )


def _translated(
    header: Header, keyword: str, names: tuple[str, ...], language: str | None
) -> tuple[str, ...]:
    if language is None:
        return names
    translated = header.texts(keyword, language=language)
    if translated is None or names == ():
        return names
    if len(translated) != len(names):
        raise _differ(names, keyword, translated, f"{keyword}[{language}]")
    return translated


def _variable(
    header: Header,
    name: str,
    label: str,
    language: str | None,
    notes: Mapping[tuple[str, ...], tuple[str, ...]],
) -> _Variable:
    given = header.texts("CODES", name)
    raw_time = header.raw("TIMEVAL", (name,), None)
    periods = () if raw_time is None else periods_of(raw_time, name)
    values = header.texts("VALUES", name) or given
    if not values and len(periods) == 1:
        values = periods
    if not values:
        # TIMEVAL is often a range from the first period to the last, whatever the numbers do.
        raise UnreadableDelivery(
            Reason("order_not_given", format=PX, variable=name, one_list="VALUES")
        )
    # VALUES decides how many there are and in which order the numbers stand; a TIMEVAL that does
    # not fit is no list of codes.
    codes = given or (periods if len(periods) == len(values) else values)
    labels = values if language is None else header.texts("VALUES", label, language=language)
    labels = labels or values
    for found, what in ((codes, "CODES"), (labels, f"VALUES[{language}]")):
        if len(found) != len(values):
            raise _differ(values, "VALUES", found, what, Reason("of_variable", variable=name))
    if raw_time is not None:
        codes = in_order_of(values, codes, name, "CODES" if given else "TIMEVAL")
    if (twice := twice_in(codes)) is not None:
        raise UnreadableDelivery(Reason("code_twice", format=PX, text=twice, variable=name))
    kind = (header.text("VARIABLE-TYPE", name) or "").strip().upper()
    role = _ROLES.get(kind)
    if header.text("MAP", name):
        role = "geo"
    if raw_time is not None:
        role = "time"
    if header.text("CONTVARIABLE") == name:
        role = "metric"
    code = header.text("VARIABLECODE", name) or header.text("VARIABLE-CODE", name) or name
    dimension = Dimension(
        code=code,
        label=label,
        codes=codes,
        labels=labels,
        role=role,
        units=_units(header, name, values, codes, labels, language) if role == "metric" else {},
        notes=notes.get((label,), notes.get((name,), ())),
    )
    return _Variable(name, values, codes, dimension)


def _units(
    header: Header,
    name: str,
    values: Sequence[str],
    codes: Sequence[str],
    labels: Sequence[str],
    language: str | None,
) -> dict[str, dict[str, Any]]:
    """Per category code of the contents variable `base` and `decimals`, where they are given."""
    units: dict[str, dict[str, Any]] = {}
    for value, code, label in zip(values, codes, labels, strict=True):
        own = header.texts("UNITS", label, language=language) or header.texts("UNITS", value)
        base = " ".join(own) if own else header.text("UNITS", language=language)
        decimals = (
            header.text("PRECISION", name, value)
            or header.text("SHOWDECIMALS")
            or header.text("DECIMALS")
            or ""
        ).strip()
        unit: dict[str, Any] = {} if base is None else {"base": base}
        if decimals.isascii() and decimals.isdigit() and len(decimals) <= 2:
            unit["decimals"] = int(decimals)
        if unit:
            units[code] = unit
    return units


def _notes(header: Header, language: str | None) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Notes by what they are about: `()` the cube, `(name,)` a variable, in one language.

    A note holds `##` where a new note begins and `#` where a new line does.
    """
    tags = {None, header.language}
    if any(key[0] in NOTES and key[1] == language for key in header.entries):
        tags = {language} if language not in tags else tags
    found: dict[tuple[str, ...], list[str]] = {}
    for (keyword, tag, subkeys), raws in header.entries.items():
        if keyword not in NOTES or tag not in tags:
            continue
        whole, about = subkeys[: NOTES[keyword]], subkeys[NOTES[keyword] :]
        named = ", ".join(name for name in about if name != "*")
        for raw in raws:
            for text in " ".join(texts_of(raw, keyword)).split("##"):
                note = text.replace("#", "\n").strip()
                if note:
                    found.setdefault(whole, []).append(f"{named}: {note}" if named else note)
    return {about: tuple(texts) for about, texts in found.items()}


def _updated(header: Header) -> str | None:
    moments = [
        _moment(text)
        for (keyword, tag, _), raws in header.entries.items()
        if keyword == "LAST-UPDATED" and tag in (None, header.language)
        for raw in raws
        for text in texts_of(raw, keyword)
        if text.strip()
    ]
    if moments:
        return max(moments)
    created = header.text("CREATION-DATE")
    return _moment(created) if created else None


def _moment(text: str) -> str:
    """`20230525 16:13` in ISO form; anything else as it stands."""
    found = _MOMENT.match(text.strip())
    if found is None:
        return text.strip()
    try:
        if found[4] is None:
            return date(*(int(part) for part in found.groups()[:3])).isoformat()
        year, month, day, hour, minute = (int(part) for part in found.groups())
        return datetime(year, month, day, hour, minute).isoformat()  # noqa: DTZ001
    except ValueError:
        return text.strip()


# --- The data ---------------------------------------------------------------------------------


class _Tokens(NamedTuple):
    """Cells as text.

    Attributes:
        texts: one string per cell, without quotes.
        doubtful: which of them end with something else than a digit: surely the symbols, and
            perhaps a number such as `5.`
    """

    texts: pa.Array
    doubtful: BoolArray


def _ended(body: bytes, count: int | None) -> bytes:
    """The data up to their semicolon; what stands behind it does not count.

    A semicolon may also part cells. It ends the data where a keyword follows, or where `count`
    cells stand before it.

    Raises:
        UnreadableDelivery: the file ends inside its last cell, so that a digit may be missing.
    """
    at = body.find(b";")
    if at >= 0 and body[at + 1 :].strip(_BLANK):
        first = VALUE.match(body)
        heads = [body[: at + 1] if first is None else body[: first.end() + 1]]
        if (following := KEYWORD_FOLLOWS.search(body)) is not None:
            heads.append(body[: following.start() + 1])
        for head in heads:
            if sum(len(tokens.texts) for tokens in _tokens(head)) == count:
                return head
        if following is not None and heads[-1].count(b'"') % 2 == 0:
            return heads[-1]
    if body and body[-1] not in b'" \t\r\n,;\0\x1a':
        last = body[-20:].decode(errors="replace").split()[-1]
        raise UnreadableDelivery(Reason("px_cut_in_cell", text=last))
    return body


def _dense(body: bytes, count: int) -> tuple[FloatArray, pa.Array | None]:
    """All cells in a row."""
    body = _ended(body, count)
    # Each cell but the last takes two bytes, so that a short file cannot ask for much memory.
    values = np.empty(min(count, len(body) // 2 + 1))
    cells: list[IntArray] = []
    symbols: list[pa.Array] = []
    found = 0
    for tokens in _tokens(body):
        if found + len(tokens.texts) <= len(values):
            numbers, at, texts = _numbers(tokens)
            values[found : found + len(numbers)] = numbers
            cells.append(at + found)
            symbols.append(texts)
        found += len(tokens.texts)
    if found != count:
        raise UnreadableDelivery(Reason("cells_missing", format=PX, found=found, expected=count))
    return values, _status(count, cells, symbols)


def _keyed(
    header: Header, body: bytes, rows: Sequence[_Variable], width: int, count: int
) -> tuple[FloatArray, pa.Array | None]:
    """Rows that begin with a key for each stub variable; the others hold only zeros."""
    body = _ended(body, None)
    if not body.rstrip(_BLANK).endswith(b";"):
        raise UnreadableDelivery(Reason("px_rows_open"))
    blocks = list(_tokens(body))
    texts = pa.concat_arrays([block.texts for block in blocks] or [pa.array([], pa.string())])
    doubtful = np.concatenate([block.doubtful for block in blocks] or [np.zeros(0, np.bool_)])
    length = len(rows) + width
    if len(texts) % length:
        raise UnreadableDelivery(
            Reason("px_rows_of_other_width", found=len(texts), keys=len(rows), cells=width)
        )
    starts = np.arange(0, len(texts), length, dtype=np.int64)
    row = np.zeros(len(starts), dtype=np.int64)
    for number, variable in enumerate(rows):
        kind = (header.text("KEYS", variable.name) or "VALUES").strip().upper()
        given = header.texts("CODES", variable.name) if kind == "CODES" else None
        keys = texts.take(pa.array(starts + number))
        keys = pc.replace_substring_regex(keys, BREAK, " ")
        at = pc.index_in(keys, value_set=pa.array(given or variable.values, pa.string()))
        if at.null_count:
            unknown = int(np.flatnonzero(np.asarray(at.is_null()))[0])
            raise UnreadableDelivery(
                Reason(
                    "px_key_unknown",
                    text=keys[unknown].as_py(),
                    variable=variable.name,
                    at=unknown + 1,
                    keyword=kind,
                )
            )
        row = row * len(variable.codes) + at.to_numpy()
    if len(np.unique(row)) != len(row):
        raise UnreadableDelivery(Reason("px_rows_twice"))
    is_cell = np.tile(np.arange(length) >= len(rows), len(starts))
    numbers, at, symbols = _numbers(_Tokens(texts.filter(pa.array(is_cell)), doubtful[is_cell]))
    values = np.zeros(count)
    if len(row):
        values.reshape(-1, width)[row] = numbers.reshape(-1, width)
        at = row[at // width] * width + at % width
    return values, _status(count, [at], [symbols])


def _status(count: int, cells: list[IntArray], symbols: list[pa.Array]) -> pa.Array | None:
    if not cells:
        return None
    return texts_at(count, np.concatenate(cells), pa.concat_arrays(symbols))


def _tokens(body: bytes) -> Iterator[_Tokens]:
    """The body block by block, cut at separators outside quotes."""
    data = np.frombuffer(body, dtype=np.uint8)
    start, size = 0, _BLOCK
    while start < len(data):
        block = data[start : start + size]
        separator = _SEPARATORS[block]
        outside: BoolArray | None = None
        quotes = block == _QUOTE
        if quotes.any():
            # Odd from an opening quote to just before its closing one; 256 is even.
            outside = (np.cumsum(quotes, dtype=np.uint8) & 1) == 0
            separator &= outside
            separator |= quotes
        if start + size < len(data):
            # A closing quote may end a block, an opening one may not.
            ends = separator if outside is None else separator & outside
            last = len(ends) - int(np.argmax(ends[::-1]))
            if not ends[last - 1]:
                size *= 2
                if size > 2**30:
                    raise UnreadableDelivery(Reason("px_cell_open"))
                continue
            block, separator = block[:last], separator[:last]
        start += len(block)
        size = _BLOCK
        yield _split(block, separator)


def _split(block: npt.NDArray[np.uint8], separator: BoolArray) -> _Tokens:
    """The pieces of a block between its separators."""
    inside = ~separator
    edges = np.flatnonzero(np.diff(inside.view(np.int8), prepend=0, append=0))
    first, after = edges[0::2], edges[1::2]
    offsets = np.zeros(len(first) + 1, dtype=np.int32)
    np.cumsum(after - first, out=offsets[1:])
    texts = pa.StringArray.from_buffers(
        len(first), pa.py_buffer(offsets), pa.py_buffer(block[inside])
    )
    final = block[after - 1]
    return _Tokens(texts, (final < ord("0")) | (final > ord("9")))


def _numbers(tokens: _Tokens) -> tuple[FloatArray, IntArray, pa.Array]:
    """The numbers, NaN where there is none; where that is, and the texts that stand there."""
    texts, other = tokens
    array: pa.Array | None = None
    if not pc.any(_numeric(texts.filter(pa.array(other)).unique())).as_py():
        try:
            array = _cast(texts, other)
        except pa.ArrowInvalid:
            array = None
    if array is None:
        # A text that ends with a digit, or a number that does not.
        other = ~np.asarray(_numeric(texts))
        array = _cast(texts, other)
    values: FloatArray = array.to_numpy(zero_copy_only=False)
    if np.isinf(values).any():
        at = int(np.flatnonzero(np.isinf(values))[0])
        raise UnreadableDelivery(Reason("number_too_large", text=texts[at].as_py()))
    return values, np.flatnonzero(other), pc.utf8_trim_whitespace(texts.filter(pa.array(other)))


def _numeric(texts: pa.Array) -> pa.Array:
    return pc.match_substring_regex(texts, NUMBER)


def _cast(texts: pa.Array, other: BoolArray) -> pa.Array:
    if other.any():
        texts = pc.if_else(pa.array(other), pa.scalar(None, pa.string()), texts)
    return texts.cast(pa.float64())


# --- Refusals ---------------------------------------------------------------------------------


def _differ(
    one: Sequence[str], one_list: str, other: Sequence[str], other_list: str, of: Given = ""
) -> UnreadableDelivery:
    return UnreadableDelivery(
        Reason(
            "lists_differ",
            format=PX,
            count=len(one),
            one_list=one_list,
            other_count=len(other),
            other_list=other_list,
            of=of,
        )
    )
