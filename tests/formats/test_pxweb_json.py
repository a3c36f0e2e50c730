"""PxWeb's own `json` format, as saved queries answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.formats.pxweb_json import read_pxweb_json
from assets.vocabulary import UnreadableDelivery

REAL = Path(__file__).resolve().parents[3] / "shared/data/statfin-2026/json-format_115q.json"
COLUMNS = [
    {"code": "alue", "text": "Alue", "type": "d"},
    {"code": "vuosi", "text": "Vuosi", "type": "t"},
    {"code": "vaesto", "text": "Väestö", "type": "c"},
    {"code": "muutos", "text": "Muutos", "type": "c"},
]


def document(rows: list[tuple[list[str], list[str]]], **more: Any) -> bytes:
    data = [{"key": key, "values": values} for key, values in rows]
    return json.dumps({"columns": COLUMNS, "data": data} | more).encode()


def test_each_measure_of_a_row_is_a_row() -> None:
    found = read_pxweb_json(
        document(
            [(["SSS", "2024"], ["5", "1.5"]), (["KU091", "2024"], ["..", "-"])],
            metadata=[{"updated": "2025-06-03T05.00.00Z", "label": "L", "source": "S"}],
        )
    )
    assert [d.code for d in found.dimensions] == ["alue", "vuosi", "contentscode"]
    assert [d.role for d in found.dimensions] == [None, "time", "metric"]
    assert found.dimensions[2].labels == ("Väestö", "Muutos")
    np.testing.assert_array_equal(found.values, [5, 1.5, np.nan, np.nan])
    assert found.status is not None
    assert found.status.to_pylist() == [None, None, "..", "-"]
    codes = [[d.codes[i] for i in found.axis_index(n)] for n, d in enumerate(found.dimensions)]
    assert codes == [["SSS", "SSS", "KU091", "KU091"], ["2024"] * 4, ["vaesto", "muutos"] * 2]
    assert (found.updated, found.label, found.source) == ("2025-06-03T05.00.00Z", "L", "S")


@pytest.mark.skipif(not REAL.exists(), reason="the recorded answers are not beside the project")
def test_a_recorded_answer_of_statfin() -> None:
    found = read_pxweb_json(REAL.read_bytes())
    assert [d.codes for d in found.dimensions] == [
        ("2512",),
        ("SSS",),
        ("SS",),
        ("2023",),
        ("tyokay-tyolliset2",),
    ]
    assert found.values.tolist() == [35435.0]
    assert found.updated == "2025-06-03T05.00.00Z"


def test_an_answer_without_rows_has_none() -> None:
    found = read_pxweb_json(document([]))
    assert len(found.values) == 0
    assert [d.codes for d in found.dimensions][:2] == [(), ()]


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "file_empty", "is empty"),
        (b"<html>", "not_the_format", "web page"),
        (b"[]", "json_of_another_kind", "a list at 'document' where an object"),
        (b"{}", "json_of_another_kind", "nothing at 'columns' where a list of objects"),
        (
            json.dumps({"columns": COLUMNS[:2], "data": []}).encode(),
            "pxweb_columns",
            "no column of type 'c'",
        ),
        (
            json.dumps({"columns": [{"type": "x"}], "data": []}).encode(),
            "pxweb_columns",
            "neither 'd', 't' nor",
        ),
        (
            document([(["SSS"], ["1", "2"])]),
            "json_of_another_kind",
            "at 'data\\[1\\].key' where a list of 2 texts",
        ),
        (
            document([(["SSS", "2024"], ["1"])]),
            "json_of_another_kind",
            "at 'data\\[1\\].values' where a list of 2 texts",
        ),
        (document([(["SSS", 2024], ["1", "2"])]), "json_of_another_kind", "at 'data\\[1\\].key'"),  # type: ignore[list-item]
    ],
)
def test_what_is_wrong_is_said(content: bytes, code: str, says: str) -> None:
    with pytest.raises(UnreadableDelivery, match=says) as refused:
        read_pxweb_json(content)
    assert refused.value.reason.kind == code


cells = st.sampled_from(["1", "-2.5", "..", "...", "-", "", "1e999", " 7 ", "\ud800"])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.lists(cells, min_size=2, max_size=2), st.lists(cells, max_size=3)))
    | st.none(),
    st.binary(max_size=40),
)
def test_anything_is_read_or_refused(
    rows: list[tuple[list[str], list[str]]] | None, garbage: bytes
) -> None:
    content = garbage if rows is None else document(rows)
    try:
        found = read_pxweb_json(content)
    except UnreadableDelivery:
        return
    assert rows is not None
    assert len(found.values) == 2 * len(rows)
    assert not np.isinf(found.values).any()
