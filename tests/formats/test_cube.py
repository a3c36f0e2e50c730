"""Coded cells: where each stands, and the table that they make."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.formats.cube import TEXT, CodedRows, Cube, Dimension, texts_at


def dimension(code: str, *codes: str, labels: tuple[str, ...] | None = None) -> Dimension:
    return Dimension(code, code, codes, labels or codes)


def cube_of(*sizes: int) -> Cube:
    axes = tuple(
        dimension(f"v{n}", *(str(place) for place in range(size))) for n, size in enumerate(sizes)
    )
    return Cube(axes, np.arange(math.prod(sizes), dtype=np.float64))


AREAS = dimension("area", "SSS", "KU091", labels=("Koko maa", "Helsinki"))
YEARS = dimension("year", "2024", "2025", "2026")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=4), st.data())
def test_any_stretch_of_cells_knows_its_categories(sizes: list[int], data: st.DataObject) -> None:
    cube = cube_of(*sizes)
    cells = list(itertools.product(*map(range, sizes)))
    start = data.draw(st.integers(0, len(cells)))
    stop = data.draw(st.none() | st.integers(start, len(cells)))
    for axis in range(len(sizes)):
        expected = [cell[axis] for cell in cells][start:stop]
        assert cube.axis_index(axis, start, stop).tolist() == expected
        everywhere = cube.to_arrow()[f"v{axis}"].to_pylist()
        assert everywhere == [str(cell[axis]) for cell in cells]


def test_a_cell_is_found_by_its_codes() -> None:
    cube = Cube((AREAS, YEARS, dimension("only", "x")), np.arange(6.0))
    assert cube.cell({"area": "KU091", "year": "2025"}) == 4
    assert cube.dimension("year") is YEARS
    for selection in ({"area": "KU091"}, {"area": "KU091", "year": "1999"}):
        with pytest.raises(KeyError):
            cube.cell(selection)
    with pytest.raises(KeyError):
        cube.dimension("month")


def test_the_table_has_one_type_whatever_the_status_was_made_of() -> None:
    values = np.array([1.5, np.nan, 3, 4, 5, 6])
    texts = pa.array([None, "..", None, None, None, "p"])
    small_index = texts.dictionary_encode().cast(pa.dictionary(pa.int8(), pa.string()))
    for status in (None, texts, texts.dictionary_encode(), small_index):
        table = Cube((AREAS, YEARS), values, status=status).to_arrow()
        assert table.schema == pa.schema(
            [("area", TEXT), ("year", TEXT), ("value", pa.float64()), ("status", TEXT)]
        )
        assert table["value"].to_pylist() == [1.5, None, 3, 4, 5, 6]
        expected = [None] * 6 if status is None else texts.to_pylist()
        assert table["status"].to_pylist() == expected


def test_labels_stand_beside_codes_and_two_categories_may_share_one() -> None:
    twins = dimension("segment", "a", "b", labels=("Muut", "Muut"))
    table = Cube((AREAS, twins), np.arange(4.0)).to_arrow(labels=True)
    assert table.column_names[:4] == ["area", "area_label", "segment", "segment_label"]
    assert table["segment"].to_pylist() == ["a", "b"] * 2
    assert table["segment_label"].to_pylist() == ["Muut"] * 4
    assert table["area_label"].to_pylist() == ["Koko maa"] * 2 + ["Helsinki"] * 2


def test_no_column_takes_the_name_of_another() -> None:
    codes = ("value", "status", "value_code", "area", "area_label")
    axes = tuple(dimension(code, code) for code in codes)
    table = Cube(axes, np.zeros(1)).to_arrow(labels=True)
    assert len(set(table.column_names)) == 2 * len(codes) + 2
    assert table.column_names[-2:] == ["value", "status"]
    # Codes and labels are the same here: every column pair shows its own dimension.
    for n, code in enumerate(codes):
        assert table.column(2 * n).to_pylist() == table.column(2 * n + 1).to_pylist() == [code]
    assert "area_label" in table.column_names


def test_coded_rows_make_the_same_table_as_their_cube() -> None:
    cube = Cube(
        (AREAS, YEARS), np.array([1, np.nan, 3, 4, 5, 6]), pa.array([None, ".."] + [None] * 4)
    )
    index = tuple(cube.axis_index(axis).astype(np.int32) for axis in range(2))
    rows = CodedRows(cube.dimensions, index, cube.values, cube.status)
    assert rows.to_arrow(labels=True) == cube.to_arrow(labels=True)
    assert rows.axis_index(1, 2, 4).tolist() == cube.axis_index(1, 2, 4).tolist() == [2, 0]


def test_no_rows_make_an_empty_table() -> None:
    nothing = np.array([], dtype=np.int32)
    rows = CodedRows((dimension("area"),), (nothing,), np.array([], dtype=np.float64))
    assert rows.to_arrow(labels=True).num_rows == 0
    assert cube_of(3, 0).to_arrow().num_rows == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.sampled_from(["..", "p", "Å"]), max_size=12), st.randoms())
def test_texts_go_to_their_cells(texts: list[str | None], order: object) -> None:
    cells = list(range(len(texts)))
    order.shuffle(cells)  # type: ignore[attr-defined]
    given_texts = pa.array([texts[cell] for cell in cells], pa.string())
    spread = texts_at(len(texts) + 2, np.array(cells, dtype=np.int64), given_texts)
    if spread is None:
        assert set(texts) <= {None}
    else:
        assert spread.type == TEXT
        assert spread.to_pylist() == [*texts, None, None]
