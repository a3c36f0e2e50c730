"""Reading JSON-stat: a document in, cubes of coded cells out.

What belongs here: the format, in every shape that statistical offices really send (see
`cube.Cube`). What does not: fetching what a document only links to, and what a variable, a code
or a status means for Tilannekuva; that stands in the source descriptions and is applied in
`assets.feeds`.

Sources of the rules: the JSON-stat 2.0 format description (json-stat.org); its version 1 form,
where `id`, `size` and `role` stand inside `dimension` and a document is a *bundle* of named
datasets; and the answers of Eurostat's first web service (version 1.1), where `status` is an
object of `value` and `category.label`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

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
from assets.formats.json_values import (
    LIST,
    OBJECT,
    TEXT,
    WHOLE_NUMBER,
    of_another_kind,
    parsed_json,
)
from assets.languages import Text
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Given, Reason, listing

_FORMAT = "JSON-stat"
_LIST_OR_OBJECT = Text(
    fi="luettelo tai objekti",
    sv="en lista eller ett objekt",
    en="a list or an object",
)
_CELL = Text(
    fi="luku, teksti tai null",
    sv="ett tal, en text eller null",
    en="a number, a text or null",
)
_LIST_FOLLOWS = re.compile(rb"\s*:\s*\[")
_INNUMBERS = b"0123456789+-.eE,nul "
_COMMA_TO_LINE = bytes.maketrans(b",", b"\n")
_PLACE_TEXT = "(the values were cut out here)"
_PLACE = orjson.dumps(_PLACE_TEXT)

_ABOUT = {"class", "version", "label", "note", "source", "updated", "href", "extension", "link"}
"""What may stand in a bundle beside its datasets."""


class Link(NamedTuple):
    """Something that a collection only points to; nothing was read from there.

    Attributes:
        href: its address as delivered; None where the collection gives none.
        kind: `dataset`, `collection` or `dimension`; None where not said.
        label: its name for people.
    """

    href: str | None
    kind: str | None
    label: str | None


@dataclass(frozen=True)
class Document:
    """What a JSON-stat document holds.

    Attributes:
        cubes: every dataset that is in it, in the order of the document. `name` is what a bundle
            calls it, or its address in a collection.
        links: what a collection points to without holding it.
    """

    cubes: tuple[Cube, ...]
    links: tuple[Link, ...] = ()


def read_document(document: bytes | dict[str, Any]) -> Document:
    """Read every dataset of a JSON-stat document: dataset, bundle or collection, version 1 or 2.

    Args:
        document: the bytes of a response or file, or the already parsed JSON object.

    Raises:
        UnreadableDelivery: the only error, whatever the input; it says what is wrong and where.
    """
    root = _object(_parse(document) if isinstance(document, bytes) else document, "document")
    cubes: list[Cube] = []
    links: list[Link] = []
    left = MAX_CELLS
    for name, item in _members(root):
        if isinstance(item, Link):
            links.append(item)
        else:
            try:
                cube = _cube(item, name, left)
            except UnreadableDelivery as problem:
                if name is None:
                    raise
                reason = Reason("in_dataset", name=name, problem=problem.reason)
                raise UnreadableDelivery(reason) from None
            cubes.append(cube)
            left -= len(cube.values)
    return Document(tuple(cubes), tuple(links))


def read_dataset(document: bytes | dict[str, Any]) -> Cube:
    """Read a JSON-stat document that holds exactly one dataset, version 2 or 1.

    Args:
        document: the bytes of a response or file, or the already parsed JSON object.

    Raises:
        UnreadableDelivery: the only error, whatever the input; it says what is wrong and where.
    """
    whole = read_document(document)
    if len(whole.cubes) != 1 or whole.links:
        raise UnreadableDelivery(
            Reason("not_one_dataset", count=len(whole.cubes), links=len(whole.links))
        )
    return whole.cubes[0]


def _parse(document: bytes) -> Any:
    cut = _cut_values(document.removeprefix(b"\xef\xbb\xbf").strip())
    return parsed_json(document, _FORMAT) if cut is None else cut


def _cut_values(body: bytes) -> dict[str, Any] | None:
    """The document with its dense values as an Arrow array, not as one Python object per cell.

    The list of values is nearly all of a large document. Arrow's CSV parser reads it in two thirds
    of the time that Python numbers take. It also takes a few numbers that JSON forbids and nobody
    misreads (`.5`, `007`, `+1`).

    None where this does not apply: no such list, texts or line ends in it, several datasets, or
    something wrong. Then the document is parsed as a whole, which also words what is wrong.
    """
    found = _dense_values(body)
    if found is None:
        return None
    values, start, stop = found
    try:
        root = orjson.loads(b"".join((body[:start], _PLACE, body[stop:])))
    except orjson.JSONDecodeError:
        return None
    for dataset in (root, root.get("dataset")) if isinstance(root, dict) else ():
        if isinstance(dataset, dict) and dataset.get("value") == _PLACE_TEXT:
            dataset["value"] = values
            return root
    return None


def _dense_values(body: bytes) -> tuple[pa.Array, int, int] | None:
    """The first `value` that is a list of numbers, and where in `body` it starts and stops."""
    stop = 0
    while (key := body.find(b'"value"', stop)) >= 0:
        opening = _LIST_FOLLOWS.match(body, key + len(b'"value"'))
        if opening is None:
            stop = key + 1
            continue
        start, stop = opening.end(), body.find(b"]", opening.end())
        if stop < 0:
            return None
        # After a backslash the quote is part of a longer text.
        if body[key - 1 : key] == b"\\":
            continue
        listed = body[start:stop]
        if listed.translate(None, _INNUMBERS) or not listed or listed.endswith(b","):
            continue
        try:
            table = pv.read_csv(
                pa.BufferReader(listed.translate(_COMMA_TO_LINE)),
                read_options=pv.ReadOptions(column_names=["value"]),
                # A lone line end is an empty value, which is an error, and not a line to skip.
                parse_options=pv.ParseOptions(quote_char=False, ignore_empty_lines=False),
                convert_options=pv.ConvertOptions(
                    column_types={"value": pa.float64()}, null_values=["null", " null"]
                ),
            )
        except pa.ArrowException:
            continue
        return table.column(0).combine_chunks(), start - 1, stop + 1
    return None


def _members(root: dict[str, Any]) -> Iterator[tuple[str | None, dict[str, Any] | Link]]:
    """The datasets of a document with their names, and what it only links to."""
    kind = root.get("class")
    if "dimension" in root:
        yield None, root
    elif kind == "collection":
        yield from _items(root)
    elif kind in (None, "bundle", "dataset"):
        yield from _bundle(root)
    else:
        raise UnreadableDelivery(Reason("jsonstat_class", text=_text(kind, "class")))


def _bundle(root: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The named datasets of version 1; a single one is usually named `dataset`."""
    datasets = {
        _text(name, "document"): body
        for name, body in root.items()
        if isinstance(body, dict) and "dimension" in body
    }
    strange = [name for name in root if name not in datasets and name not in _ABOUT]
    complaint = _complaint(root.get("error", root.get("warning")))
    if not datasets and complaint:
        raise UnreadableDelivery(
            Reason("answer_is_an_error", format=_FORMAT, message=complaint[:300])
        )
    if strange or not (datasets or root.get("class") == "bundle"):
        names = [_text(name, "document") for name in strange or root]
        raise UnreadableDelivery(Reason("not_jsonstat", listed=listing(names)))
    yield from datasets.items()


def _items(root: dict[str, Any]) -> Iterator[tuple[str | None, dict[str, Any] | Link]]:
    """The items of a collection, those of collections inside it too."""
    waiting: list[tuple[Any, str]] = [(root, "document")]
    while waiting:
        item, where = waiting.pop()
        body = _object(item, where)
        href = _optional_text(body.get("href"), f"{where}.href")
        if "dimension" in body:
            yield href, body
        elif body is root or (body.get("class") == "collection" and "link" in body):
            link = _object(body.get("link", {}), f"{where}.link")
            items = _list(link.get("item", []), f"{where}.link.item")
            # Taken from the end, so put there last to first.
            waiting += [(below, f"link.item[{n}]") for n, below in enumerate(items)][::-1]
        else:
            yield (
                href,
                Link(
                    href,
                    _optional_text(body.get("class"), f"{where}.class"),
                    _optional_text(body.get("label"), f"{where}.label"),
                ),
            )


def _complaint(raw: Any) -> str | None:
    """The words of an error answer, which is a text, an object with a label, or a list of them."""
    if isinstance(raw, list) and raw:
        raw = raw[0]
    if isinstance(raw, dict):
        raw = raw.get("label", raw.get("message"))
    return raw if isinstance(raw, str) else None


def _cube(dataset: dict[str, Any], name: str | None, most: int) -> Cube:
    axes = _object(dataset.get("dimension"), "dimension")
    # Version 2 has id, size and role beside `dimension`, version 1 inside it.
    outer = dataset if "id" in dataset else axes
    ids = [_text(code, "id") for code in _list(outer.get("id"), "id")]
    if (twice := twice_in(ids)) is not None:
        raise UnreadableDelivery(Reason("variable_twice", format=_FORMAT, text=twice))
    sizes = [_whole(size, f"size[{n}]") for n, size in enumerate(_list(outer.get("size"), "size"))]
    if len(sizes) != len(ids):
        raise _differ(len(ids), "id", len(sizes), "size")
    roles = _roles(outer.get("role"))
    dimensions = tuple(
        _dimension(code, size, axes.get(code), roles.get(code))
        for code, size in zip(ids, sizes, strict=True)
    )
    count = math.prod(sizes)
    if count > most:
        raise UnreadableDelivery(
            Reason("too_many_cells", format=_FORMAT, cells=count, most=MAX_CELLS)
        )
    values, texts = _values(dataset.get("value"), count)
    status = dataset.get("status")
    if isinstance(status, dict) and "value" in status:
        status = status["value"]
    return Cube(
        dimensions=dimensions,
        values=values,
        status=_status(status, count),
        texts=texts,
        # The second of two names is that of Eurostat's first web service.
        label=_optional_text(dataset.get("label", dataset.get("title")), "label"),
        source=_optional_text(dataset.get("source"), "source"),
        updated=_updated(dataset.get("updated", dataset.get("lastUpdateDate"))),
        notes=_notes(dataset.get("note"), "note"),
        status_labels=_status_labels(dataset),
        name=name,
    )


def _updated(raw: Any) -> str | None:
    """A time as delivered; milliseconds since 1970 as `2015-11-05T23:00:00Z`."""
    if isinstance(raw, int) and 0 < raw < 10**14:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=raw)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return _optional_text(raw, "updated")


def _status_labels(dataset: dict[str, Any]) -> dict[str, str]:
    """What Eurostat says its flags mean; the second place is that of its first web service."""
    labels: dict[str, str] = {}
    for path in (("extension", "status", "label"), ("status", "category", "label")):
        found: Any = dataset
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, dict):
            for symbol, label in found.items():
                if isinstance(label, str):
                    labels[_text(symbol, "status")] = _text(label, ".".join(path))
    return labels


def _dimension(code: str, size: int, body: Any, role: str | None) -> Dimension:
    where = f"dimension.{_clip(code)}"
    dimension = _object(body, where)
    category = _object(dimension.get("category"), f"{where}.category")
    labels = _object(category.get("label", {}), f"{where}.category.label")
    codes = _codes(category.get("index"), labels, code)
    if len(codes) != size:
        of = Reason("of_variable", variable=code)
        raise _differ(size, "size", len(codes), "category", of)
    named = {
        str(key): _text(label, f"{where}.category.label")
        for key, label in labels.items()
        if label is not None
    }
    children = _object(category.get("child", {}), f"{where}.category.child")
    units = _object(category.get("unit", {}), f"{where}.category.unit")
    notes = _object(category.get("note", {}), f"{where}.category.note")
    return Dimension(
        code=code,
        label=_optional_text(dimension.get("label"), f"{where}.label") or code,
        codes=codes,
        labels=tuple(named.get(category_code, category_code) for category_code in codes),
        role=role,
        children={
            str(parent): tuple(
                _text(child, f"{where}.category.child")
                for child in _list(below, f"{where}.category.child")
            )
            for parent, below in children.items()
        },
        units={str(key): _object(unit, f"{where}.category.unit") for key, unit in units.items()},
        notes=_notes(dimension.get("note"), f"{where}.note"),
        category_notes={
            str(key): _notes(note, f"{where}.category.note") for key, note in notes.items()
        },
    )


def _codes(index: Any, labels: dict[str, Any], variable: str) -> tuple[str, ...]:
    where = f"dimension.{_clip(variable)}.category"
    if index is None:
        # A constant dimension may leave the index out. With more categories the order would
        # be a guess, and a guess puts numbers on the wrong region.
        if len(labels) != 1:
            raise UnreadableDelivery(
                Reason("order_not_given", format=_FORMAT, variable=variable, one_list="index")
            )
        return (_text(next(iter(labels)), where),)
    if isinstance(index, list):
        codes = [_text(code, f"{where}.index") for code in index]
        if (twice := twice_in(codes)) is not None:
            raise UnreadableDelivery(
                Reason("code_twice", format=_FORMAT, text=twice, variable=variable)
            )
        return tuple(codes)
    positions = _object(index, f"{where}.index")
    ordered: list[str | None] = [None] * len(positions)
    for code, given in positions.items():
        at = _whole(given, f"{where}.index")
        if at >= len(ordered):
            raise _beyond(at, f"{where}.index", len(ordered))
        if ordered[at] is not None:
            raise _twice(at, f"{where}.index")
        ordered[at] = _text(code, f"{where}.index")
    return tuple(code for code in ordered if code is not None)


def _values(raw: Any, count: int) -> tuple[FloatArray, pa.Array | None]:
    if isinstance(raw, dict):
        at = _positions(list(raw), count, "value")
        given, given_texts = _numbers(list(raw.values()), at)
        values = np.full(count, np.nan)
        values[at] = given
        return values, None if given_texts is None else texts_at(count, at, given_texts)
    if not isinstance(raw, list | pa.Array):
        raise UnreadableDelivery(of_another_kind(_FORMAT, "value", raw, _LIST_OR_OBJECT))
    if len(raw) != count:
        raise UnreadableDelivery(
            Reason("cells_missing", format=_FORMAT, found=len(raw), expected=count)
        )
    return _numbers(raw, None)


def _numbers(
    raw: list[Any] | pa.Array, cells: IntArray | None
) -> tuple[FloatArray, pa.Array | None]:
    """Numbers of a value list; texts that are no number beside them (string, null elsewhere).

    `raw` is a list of JSON values, or what `_cut_values` made of one. `cells` are the cell numbers
    of the list, for error messages; None means 0, 1, 2, ...
    """
    array: pa.Array | None
    texts: pa.Array | None = None
    try:
        # With the type left open Arrow takes neither true as 1 nor "1" as a number, and one
        # pass over the list is enough.
        array = raw if isinstance(raw, pa.Array) else pa.array(raw)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        array = None  # numbers and texts mixed, an integer beyond 2**53, or something wrong
    if array is not None and pa.types.is_string(array.type):
        array, texts = _numbers_of_strings(array)
    elif array is None or not _is_number(array.type):
        array, texts = _numbers_one_by_one(raw, cells)
    values: FloatArray = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    endless = np.isinf(values)
    if endless.any():
        at = int(endless.argmax())
        cell = at if cells is None else int(cells[at])
        raise UnreadableDelivery(Reason("value_too_large", format=_FORMAT, at=cell))
    return values, texts


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)


def _numbers_of_strings(strings: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    nothing = pa.scalar(None, pa.string())
    trimmed = pc.utf8_trim_whitespace(strings)
    numeric = pc.fill_null(pc.match_substring_regex(trimmed, NUMBER), False)
    array = pc.cast(pc.if_else(numeric, trimmed, nothing), pa.float64())
    other = pc.and_(pc.invert(numeric), pc.fill_null(pc.not_equal(trimmed, ""), False))
    if not pc.any(other).as_py():
        return array, None
    return array, pc.if_else(other, trimmed, nothing)


def _numbers_one_by_one(raw: list[Any], cells: IntArray | None) -> tuple[pa.Array, pa.Array | None]:
    """The slow path: numbers and texts mixed, very large integers, or something wrong."""
    numbers: list[float | None] = []
    strings: list[str | None] = []
    for n, item in enumerate(raw):
        number, text = None, None
        if isinstance(item, str):
            text = _text(item, "value")
        elif isinstance(item, int | float) and not isinstance(item, bool):
            try:
                number = float(item)
            except OverflowError:
                number = math.inf
        elif item is not None:
            at = n if cells is None else cells[n]
            raise UnreadableDelivery(of_another_kind(_FORMAT, f"value[{at}]", item, _CELL))
        numbers.append(number)
        strings.append(text)
    of_strings, texts = _numbers_of_strings(pa.array(strings, pa.string()))
    return pc.coalesce(pa.array(numbers, pa.float64()), of_strings), texts


def _status(raw: Any, count: int) -> pa.Array | None:
    if raw is None:
        return None
    if isinstance(raw, dict):
        at = _positions(list(raw), count, "status")
        return texts_at(count, at, _symbols(list(raw.values())))
    # A text, or a list of one, stands for every cell.
    symbols = _symbols(raw if isinstance(raw, list) else [raw])
    if len(symbols) not in (1, count):
        raise _differ(count, "value", len(symbols), "status")
    if not count or symbols.null_count == len(symbols):
        return None
    if len(symbols) < count:
        everywhere = pa.array(np.zeros(count, dtype=np.int32))
        return pa.DictionaryArray.from_arrays(everywhere, symbols)
    return symbols.dictionary_encode()


def _symbols(raw: list[Any]) -> pa.Array:
    """Statuses without the blanks around them (string); an empty one is null."""
    try:
        strings = pa.array(raw, pa.string())
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        strings = pa.array(
            [None if item is None else _text(item, "status") for item in raw], pa.string()
        )
    trimmed = pc.utf8_trim_whitespace(strings)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _positions(keys: list[Any], count: int, where: str) -> IntArray:
    """Cell numbers that are the keys of a sparse object."""
    try:
        texts = pa.array(keys, pa.string())
        if not pc.all(pc.ascii_is_decimal(texts)).as_py():
            raise ValueError("not all keys are cell numbers")
        at = np.asarray(texts.cast(pa.int64()), dtype=np.int64)
    except (pa.ArrowException, TypeError, ValueError):
        # One by one, to name the key that is wrong.
        at = np.fromiter((_whole(key, where) for key in keys), dtype=np.int64, count=len(keys))
    if len(at) and at.max() >= count:
        raise _beyond(int(at.max()), where, count)
    named = np.zeros(count, dtype=np.bool_)
    named[at] = True
    if np.count_nonzero(named) != len(at):
        numbers, times = np.unique(at, return_counts=True)
        raise _twice(int(numbers[times > 1][0]), where)
    return at


def _roles(raw: Any) -> dict[str, str]:
    roles: dict[str, str] = {}
    for role, members in _object({} if raw is None else raw, "role").items():
        listed = [members] if isinstance(members, str) else _list(members, f"role.{_clip(role)}")
        for code in listed:
            roles.setdefault(_text(code, "role"), _text(role, "role"))
    return roles


def _notes(raw: Any, where: str) -> tuple[str, ...]:
    listed = raw if isinstance(raw, list) else [raw]
    return tuple(_text(note, where) for note in listed if note is not None)


def _object(raw: Any, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise UnreadableDelivery(of_another_kind(_FORMAT, where, raw, OBJECT))
    return raw


def _list(raw: Any, where: str) -> Sequence[Any]:
    if not isinstance(raw, list):
        raise UnreadableDelivery(of_another_kind(_FORMAT, where, raw, LIST))
    return raw


def _text(raw: Any, where: str) -> str:
    """A text; numbers are taken as text, because years often come without quotes."""
    if isinstance(raw, str):
        try:
            raw.encode()
        except UnicodeEncodeError:
            raise UnreadableDelivery(Reason("text_broken", format=_FORMAT, place=where)) from None
        return raw
    if isinstance(raw, float) or (
        isinstance(raw, int) and not isinstance(raw, bool) and raw.bit_length() < 1024
    ):
        return str(raw)
    raise UnreadableDelivery(of_another_kind(_FORMAT, where, raw, TEXT))


def _optional_text(raw: Any, where: str) -> str | None:
    return None if raw is None else _text(raw, where)


def _whole(raw: Any, where: str) -> int:
    """A whole number from 0, also written as text (`"3"`) or as 3.0."""
    number: int | None = None
    if isinstance(raw, str):
        if raw.isascii() and raw.isdigit() and len(raw) <= 18:
            number = int(raw)
    elif isinstance(raw, float):
        number = int(raw) if raw.is_integer() and raw < 1e15 else None
    elif isinstance(raw, int) and not isinstance(raw, bool):
        number = raw if raw < 10**18 else None
    if number is None or number < 0:
        if isinstance(raw, str):
            raise UnreadableDelivery(Reason("not_a_place", format=_FORMAT, text=raw, place=where))
        raise UnreadableDelivery(of_another_kind(_FORMAT, where, raw, WHOLE_NUMBER))
    return number


def _clip(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[:length] + "..."


# --- Refusals ---------------------------------------------------------------------------------


def _differ(
    count: int, one_list: str, other_count: int, other_list: str, of: Given = ""
) -> UnreadableDelivery:
    return UnreadableDelivery(
        Reason(
            "lists_differ",
            format=_FORMAT,
            count=count,
            one_list=f"'{one_list}'",
            other_count=other_count,
            other_list=f"'{other_list}'",
            of=of,
        )
    )


def _twice(at: int, where: str) -> UnreadableDelivery:
    return UnreadableDelivery(Reason("place_twice", format=_FORMAT, at=at, place=where))


def _beyond(at: int, where: str, count: int) -> UnreadableDelivery:
    reason = Reason("place_beyond", format=_FORMAT, at=at, place=where, most=count - 1)
    return UnreadableDelivery(reason)
