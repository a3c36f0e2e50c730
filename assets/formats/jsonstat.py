"""Reading JSON-stat: one dataset in, one cube of numbers out.

What belongs here: the format, in every shape that statistical offices really send (see
`cube.Cube`). What does not: what a variable or a code means for Tilannekuva; that stands in
the source descriptions and is applied in `assets.statistics`.

Source of the rules: the JSON-stat 2.0 format description (json-stat.org), and its version 1
form, in which `id`, `size` and `role` stand inside `dimension`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from assets.errors import UnreadableDelivery
from assets.formats.cube import Cube, Dimension, FloatArray, IntArray, ObjectArray

MAX_CELLS = 50_000_000
"""Largest cube that is read. A few bytes can declare a cube of any size; this bounds memory."""

_NUMBER = r"^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$"


def read_dataset(document: bytes | dict[str, Any]) -> Cube:
    """Read one JSON-stat dataset, version 2 or 1.

    Args:
        document: the bytes of a response or file, or the already parsed JSON object.

    Raises:
        UnreadableDelivery: the only error, whatever the input; it says what is wrong and where.
    """
    dataset = _dataset_of(_parse(document) if isinstance(document, bytes) else document)
    axes = _object(dataset.get("dimension"), "dimension")
    # Version 2 has id, size and role beside `dimension`, version 1 inside it.
    outer = dataset if "id" in dataset else axes
    ids = [_text(code, "id") for code in _list(outer.get("id"), "id")]
    if len(set(ids)) != len(ids):
        raise UnreadableDelivery("The JSON-stat dataset names a dimension twice in 'id'.")
    sizes = [_whole(size, f"size[{n}]") for n, size in enumerate(_list(outer.get("size"), "size"))]
    if len(sizes) != len(ids):
        raise UnreadableDelivery(
            f"The JSON-stat dataset has {len(ids)} dimensions in 'id' but {len(sizes)} numbers "
            "in 'size'."
        )
    roles = _roles(outer.get("role"))
    dimensions = tuple(
        _dimension(code, size, axes.get(code), roles.get(code))
        for code, size in zip(ids, sizes, strict=True)
    )
    count = math.prod(sizes)
    if count > MAX_CELLS:
        raise UnreadableDelivery(
            f"The JSON-stat dataset declares {count} cells; more than {MAX_CELLS} are not read "
            "in one piece. Fetch it in smaller parts."
        )
    values, texts = _values(dataset.get("value"), count)
    return Cube(
        dimensions=dimensions,
        values=values,
        status=_status(dataset.get("status"), count),
        texts=texts,
        label=_optional_text(dataset.get("label"), "label"),
        source=_optional_text(dataset.get("source"), "source"),
        updated=_optional_text(dataset.get("updated"), "updated"),
        notes=_notes(dataset.get("note"), "note"),
    )


def _parse(document: bytes) -> Any:
    body = document.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise UnreadableDelivery("The JSON-stat document is empty.")
    if body[:1] == b"<":
        raise UnreadableDelivery(
            "The JSON-stat document is a web page (HTML or XML), not JSON; it begins with "
            f"{_show(body[:60].decode('utf-8', 'replace'))}."
        )
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise UnreadableDelivery(
            f"The JSON-stat document is not JSON: {problem.msg} at line {problem.lineno}, "
            f"column {problem.colno}; it begins with "
            f"{_show(body[:60].decode('utf-8', 'replace'))}."
        ) from None


def _dataset_of(document: Any) -> dict[str, Any]:
    """The dataset itself: the document, or what version 1 wraps in `dataset`."""
    root = _object(document, "document")
    kind = root.get("class", "dataset")
    if kind != "dataset":
        raise UnreadableDelivery(
            f"The JSON-stat document is of class {_show(kind)}; a single dataset is expected."
        )
    if "dimension" in root:
        return root
    if "dataset" in root:
        return _object(root["dataset"], "dataset")
    raise UnreadableDelivery(
        "The JSON document is not a JSON-stat dataset: it has neither 'dimension' nor 'dataset', "
        f"only {_show(', '.join(map(str, list(root)[:8])) or 'nothing')}."
    )


def _dimension(code: str, size: int, body: Any, role: str | None) -> Dimension:
    where = f"dimension.{_clip(code)}"
    dimension = _object(body, where)
    category = _object(dimension.get("category"), f"{where}.category")
    labels = _object(category.get("label", {}), f"{where}.category.label")
    codes = _codes(category.get("index"), labels, f"{where}.category")
    if len(codes) != size:
        raise UnreadableDelivery(
            f"The JSON-stat dataset says that dimension {_show(code)} has {size} categories in "
            f"'size', but lists {len(codes)} in {where}.category."
        )
    named = {str(key): _text(label, f"{where}.category.label") for key, label in labels.items()}
    children = _object(category.get("child", {}), f"{where}.category.child")
    units = _object(category.get("unit", {}), f"{where}.category.unit")
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
    )


def _codes(index: Any, labels: dict[str, Any], where: str) -> tuple[str, ...]:
    if index is None:
        # A constant dimension may leave the index out. With more categories the order would
        # be a guess, and a guess puts numbers on the wrong region.
        if len(labels) != 1:
            raise UnreadableDelivery(
                f"The JSON-stat dataset gives no index in {where}, which only a dimension with "
                f"one labelled category may leave out; this one has {len(labels)}."
            )
        return (_text(next(iter(labels)), where),)
    if isinstance(index, list):
        codes = [_text(code, f"{where}.index") for code in index]
        if len(set(codes)) != len(codes):
            raise UnreadableDelivery(f"The JSON-stat dataset names a category twice in {where}.")
        return tuple(codes)
    positions = _object(index, f"{where}.index")
    ordered: list[str | None] = [None] * len(positions)
    for code, given in positions.items():
        at = _whole(given, f"{where}.index")
        if at >= len(ordered):
            raise UnreadableDelivery(
                f"The JSON-stat dataset puts category {_show(code)} at index {at} in {where}, "
                f"which has only {len(ordered)} categories (0 to {len(ordered) - 1})."
            )
        if ordered[at] is not None:
            raise UnreadableDelivery(
                f"The JSON-stat dataset puts two categories at index {at} in {where}: "
                f"{_show(ordered[at])} and {_show(code)}."
            )
        ordered[at] = _text(code, f"{where}.index")
    return tuple(code for code in ordered if code is not None)


def _values(raw: Any, count: int) -> tuple[FloatArray, ObjectArray | None]:
    if isinstance(raw, dict):
        at = _positions(list(raw), count, "value")
        given, given_texts = _numbers(list(raw.values()), at)
        values = np.full(count, np.nan)
        values[at] = given
        if given_texts is None:
            return values, None
        texts = np.full(count, None, dtype=object)
        texts[at] = given_texts
        return values, texts
    if not isinstance(raw, list):
        raise UnreadableDelivery(
            "The JSON-stat dataset has no usable 'value': a list or an object is expected, "
            f"found {_kind(raw)}."
        )
    if len(raw) != count:
        raise UnreadableDelivery(
            f"The JSON-stat dataset has {len(raw)} values, but 'size' calls for {count}."
        )
    return _numbers(raw, None)


def _numbers(raw: list[Any], cells: IntArray | None) -> tuple[FloatArray, ObjectArray | None]:
    """Numbers of a value list; texts that are no number beside them.

    `cells` are the cell numbers of the list, for error messages; None means 0, 1, 2, ...
    """
    texts: ObjectArray | None = None
    # Arrow alone would take true as 1, so the types are looked at first.
    types = set(map(type, raw)) - {type(None)}
    try:
        if types <= {int, float}:
            array = pa.array(raw, pa.float64())
        elif types == {str}:
            strings = pc.utf8_trim_whitespace(pa.array(raw, pa.string()))
            array, texts = _numbers_of_strings(strings)
        else:
            array, texts = _numbers_one_by_one(raw, cells)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        # An integer beyond 2**53, or a text with broken characters.
        array, texts = _numbers_one_by_one(raw, cells)
    values: FloatArray = array.to_numpy(zero_copy_only=False).astype(np.float64, copy=True)
    endless = np.flatnonzero(np.isinf(values))
    if len(endless):
        at = endless[0] if cells is None else cells[endless[0]]
        raise UnreadableDelivery(
            f"The JSON-stat dataset has a value in cell {at} that is too large for a number."
        )
    return values, texts


def _numbers_of_strings(strings: pa.Array) -> tuple[pa.Array, ObjectArray | None]:
    numeric = pc.fill_null(pc.match_substring_regex(strings, _NUMBER), False)
    array = pc.cast(pc.if_else(numeric, strings, pa.scalar(None, pa.string())), pa.float64())
    other = pc.and_(pc.invert(numeric), pc.fill_null(pc.not_equal(strings, ""), False))
    if not pc.any(other).as_py():
        return array, None
    kept = pc.if_else(other, strings, pa.scalar(None, pa.string()))
    return array, np.array(kept.to_pylist(), dtype=object)


def _numbers_one_by_one(
    raw: list[Any], cells: IntArray | None
) -> tuple[pa.Array, ObjectArray | None]:
    """The slow path: numbers and texts mixed, very large integers, or something wrong."""
    strings: list[str | None] = []
    for n, item in enumerate(raw):
        if item is None or (isinstance(item, float) and math.isnan(item)):
            strings.append(None)
        elif isinstance(item, str):
            strings.append(_text(item, "value").strip())
        elif isinstance(item, float):
            strings.append(repr(item) if math.isfinite(item) else "1e999")
        elif isinstance(item, int) and not isinstance(item, bool):
            # repr of an endless integer is itself an error.
            strings.append(repr(item) if item.bit_length() < 1024 else "1e999")
        else:
            at = n if cells is None else cells[n]
            raise UnreadableDelivery(
                f"The JSON-stat dataset has {_kind(item)} as the value of cell {at}; a number, "
                "a text or null is expected."
            )
    return _numbers_of_strings(pa.array(strings, pa.string()))


def _status(raw: Any, count: int) -> ObjectArray | None:
    if raw is None:
        return None
    status = np.full(count, None, dtype=object)
    if isinstance(raw, dict):
        at = _positions(list(raw), count, "status")
        if len(at):
            status[at] = _symbols(list(raw.values()))
    elif isinstance(raw, list):
        # A list of one element stands for every cell.
        if len(raw) not in (1, count):
            raise UnreadableDelivery(
                f"The JSON-stat dataset has a 'status' list of {len(raw)} entries; 1 or {count} "
                "are expected."
            )
        if count:
            status[:] = _symbols(raw)
    else:
        status[:] = _symbols([raw])
    return status if any(symbol is not None for symbol in status) else None


def _symbols(raw: list[Any]) -> ObjectArray:
    try:
        strings = pa.array(raw, pa.string())
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        strings = pa.array(
            [None if item is None else _text(item, "status") for item in raw], pa.string()
        )
    trimmed = pc.utf8_trim_whitespace(strings)
    kept = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    symbols = np.empty(len(raw), dtype=object)
    symbols[:] = kept.to_pylist()
    return symbols


def _positions(keys: list[Any], count: int, where: str) -> IntArray:
    """Cell numbers that are the keys of a sparse object."""
    try:
        texts = pa.array(keys, pa.string())
        if not pc.all(pc.match_substring_regex(texts, r"^[0-9]{1,18}$")).as_py():
            raise ValueError("not all keys are cell numbers")
        at = np.asarray(texts.cast(pa.int64()), dtype=np.int64)
    except (pa.ArrowException, TypeError, ValueError):
        # One by one, to name the key that is wrong.
        at = np.fromiter((_whole(key, where) for key in keys), dtype=np.int64, count=len(keys))
    if len(at) and at.max() >= count:
        raise UnreadableDelivery(
            f"The JSON-stat dataset has an entry for cell {at.max()} in '{where}', but 'size' "
            f"makes only {count} cells (0 to {count - 1})."
        )
    named = np.zeros(count, dtype=np.bool_)
    named[at] = True
    if np.count_nonzero(named) != len(at):
        raise UnreadableDelivery(f"The JSON-stat dataset gives a cell twice in '{where}'.")
    return at


def _roles(raw: Any) -> dict[str, str]:
    roles: dict[str, str] = {}
    for role, members in _object({} if raw is None else raw, "role").items():
        listed = [members] if isinstance(members, str) else _list(members, f"role.{_clip(role)}")
        for code in listed:
            roles.setdefault(_text(code, "role"), _text(role, "role"))
    return roles


def _notes(raw: Any, where: str) -> tuple[str, ...]:
    if raw is None:
        return ()
    return tuple(_text(note, where) for note in (raw if isinstance(raw, list) else [raw]))


def _object(raw: Any, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise UnreadableDelivery(
            f"The JSON-stat dataset has {_kind(raw)} at '{where}' where an object is expected."
        )
    return raw


def _list(raw: Any, where: str) -> Sequence[Any]:
    if not isinstance(raw, list):
        raise UnreadableDelivery(
            f"The JSON-stat dataset has {_kind(raw)} at '{where}' where a list is expected."
        )
    return raw


def _text(raw: Any, where: str) -> str:
    """A text; numbers are taken as text, because years often come without quotes."""
    if isinstance(raw, str):
        try:
            raw.encode()
        except UnicodeEncodeError:
            raise UnreadableDelivery(
                f"The JSON-stat dataset has a text at '{where}' with broken characters."
            ) from None
        return raw
    if isinstance(raw, float) or (
        isinstance(raw, int) and not isinstance(raw, bool) and raw.bit_length() < 1024
    ):
        return str(raw)
    raise UnreadableDelivery(
        f"The JSON-stat dataset has {_kind(raw)} at '{where}' where a text is expected."
    )


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
        shown = _show(raw) if isinstance(raw, str | float) else _kind(raw)
        raise UnreadableDelivery(
            f"The JSON-stat dataset has {shown} at '{where}' where a whole number from 0 on is "
            "expected."
        )
    return number


def _kind(raw: Any) -> str:
    """What a JSON value is, in words; never its content, which may be deep or endless."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true or false"
    for kind, words in ((str, "a text"), (dict, "an object"), (list, "a list")):
        if isinstance(raw, kind):
            return words
    if isinstance(raw, int | float):
        return "a number"
    return f"a {type(raw).__name__}"


def _clip(text: object, length: int = 60) -> str:
    shown = text if isinstance(text, str) else _kind(text)
    return shown if len(shown) <= length else shown[:length] + "..."


def _show(text: object) -> str:
    return repr(_clip(text))
