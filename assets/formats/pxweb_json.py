"""PxWeb's own `json` format: a row per combination of keys, a column per measure.

Used by saved queries and files of PxWeb v1; everything arrives as text. What does not belong here:
JSON-stat, which the same service speaks too and which says more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.formats.cube import MAX_CELLS, NUMBER, CodedRows, Dimension, FloatArray
from assets.formats.json_values import OBJECT, of_another_kind, parsed_json
from assets.languages import Text
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

CONTENTS = "contentscode"
"""Code of the dimension that the measures become: the format has a column for each instead."""

_KEY, _TIME, _CONTENT = "d", "t", "c"
_FORMAT = "PxWeb JSON"
_LIST_OF_OBJECTS = Text(
    fi="luettelo, jossa on objekteja",
    sv="en lista med objekt",
    en="a list of objects",
)


def read_pxweb_json(document: bytes) -> CodedRows:
    """Read an answer in PxWeb's `json` format.

    Returns:
        One row per row and measure of the document, in its order: the key variables and
        `contentscode`; a text that is no number (`..`, `-`) is the row's status.

    Raises:
        UnreadableDelivery: the only error, whatever the input.
    """
    root = _parsed(document)
    columns = _objects(root, "columns")
    rows = _objects(root, "data")
    keys = [column for column in columns if column.get("type", _KEY) in (_KEY, _TIME)]
    measures = [column for column in columns if column.get("type") == _CONTENT]
    if not measures or len(keys) + len(measures) != len(columns):
        raise UnreadableDelivery(Reason("pxweb_columns"))
    if (count := len(rows) * len(measures)) > MAX_CELLS:
        raise UnreadableDelivery(
            Reason("too_many_cells", format=_FORMAT, cells=count, most=MAX_CELLS)
        )
    key_cells = [_texts(row, "key", len(keys), n) for n, row in enumerate(rows, start=1)]
    values = [_texts(row, "values", len(measures), n) for n, row in enumerate(rows, start=1)]
    dimensions, index = [], []
    for axis, column in enumerate(keys):
        encoded = pa.array([cells[axis] for cells in key_cells], pa.string()).dictionary_encode()
        codes = tuple(encoded.dictionary.to_pylist())
        dimensions.append(_dimension(column, codes))
        places = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        index.append(np.repeat(places, len(measures)))
    names = tuple(str(column.get("code")) for column in measures)
    labels = tuple(str(column.get("text", column.get("code"))) for column in measures)
    dimensions.append(Dimension(CONTENTS, CONTENTS, names, labels, role="metric"))
    index.append(np.tile(np.arange(len(measures), dtype=np.int32), len(rows)))
    numbers, status = _numbers([value for cells in values for value in cells])
    about = next(iter(_objects(root, "metadata")), {}) if "metadata" in root else {}
    return CodedRows(
        tuple(dimensions),
        tuple(index),
        numbers,
        status,
        label=_optional(about.get("label")),
        source=_optional(about.get("source")),
        updated=_optional(about.get("updated")),
    )


def _parsed(document: bytes) -> dict[str, Any]:
    root = parsed_json(document, _FORMAT)
    if not isinstance(root, dict):
        raise UnreadableDelivery(of_another_kind(_FORMAT, "document", root, OBJECT))
    return root


def _objects(root: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = root.get(name)
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise UnreadableDelivery(of_another_kind(_FORMAT, name, found, _LIST_OF_OBJECTS))
    return found


def _texts(row: dict[str, Any], name: str, count: int, number: int) -> Sequence[str]:
    cells = row.get(name, [] if count == 0 else None)
    if (
        not isinstance(cells, list)
        or len(cells) != count
        or not all(isinstance(cell, str) and _is_text(cell) for cell in cells)
    ):
        expected = Text(
            fi=f"luettelo, jossa on {count} tekstiä",
            sv=f"en lista med {count} texter",
            en=f"a list of {count} texts",
        )
        raise UnreadableDelivery(
            of_another_kind(_FORMAT, f"data[{number}].{name}", cells, expected)
        )
    return cells


def _is_text(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _dimension(column: dict[str, Any], codes: tuple[str, ...]) -> Dimension:
    code = str(column.get("code"))
    return Dimension(
        code,
        str(column.get("text", code)),
        codes,
        codes,
        role="time" if column.get("type") == _TIME else None,
    )


def _numbers(cells: list[str]) -> tuple[FloatArray, pa.Array | None]:
    nothing = pa.scalar(None, pa.string())
    texts = pc.utf8_trim_whitespace(pa.array(cells, pa.string()))
    numeric = pc.match_substring_regex(texts, NUMBER)
    values = pc.if_else(numeric, texts, nothing).cast(pa.float64())
    finite = pc.fill_null(pc.is_finite(values), False)
    values = pc.if_else(finite, values, pa.scalar(None, pa.float64()))
    other = pc.and_(pc.invert(finite), pc.not_equal(texts, ""))
    status = pc.if_else(other, texts, nothing) if pc.any(other).as_py() else None
    return values.to_numpy(zero_copy_only=False).astype(np.float64), status


def _optional(value: Any) -> str | None:
    return value if isinstance(value, str) else None
