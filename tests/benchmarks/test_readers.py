"""The benchmark's own parts: the files it makes, and how it compares what was read."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from assets.formats.jsonstat import read_dataset
from assets.formats.px import read_px
from benchmarks import made, readers
from benchmarks.cells import Axis, Cells, disagreement

SIZES = (5, 13, 2, 3)


def cells(*values: float, codes: str = "ab") -> Cells:
    return Cells([Axis(list(codes), np.arange(len(values)) % len(codes))], np.array(values))


def test_a_made_cube_is_the_same_every_time_and_knows_why_a_value_is_missing() -> None:
    cube = made.make_cube(SIZES)
    assert cube == made.make_cube(SIZES)
    assert cube.sizes == SIZES
    assert len(cube.values) == 390
    missing = {cell for cell, value in enumerate(cube.values) if value is None}
    assert missing == cube.symbols.keys()
    assert missing
    assert {type(value) for value in cube.values} == {int, float, type(None)}


@pytest.mark.parametrize("form", ["jsonstat", "px"])
def test_each_format_holds_the_whole_cube(form: str, tmp_path: Path) -> None:
    cube = made.make_cube(SIZES)
    file = tmp_path / "made"
    readers.WRITERS[form](cube, file)
    read = {"jsonstat": read_dataset, "px": read_px}[form](file.read_bytes())
    assert tuple(dimension.codes for dimension in read.dimensions) == cube.codes
    assert tuple(dimension.labels for dimension in read.dimensions) == cube.labels
    assert read.to_arrow()["value"].to_pylist() == cube.values
    assert read.to_arrow()["status"].to_pylist() == [
        cube.symbols.get(cell) for cell in range(len(cube.values))
    ]


def test_equal_readings_agree_in_whatever_order_they_list_categories() -> None:
    mine = cells(1, np.nan, 3)
    assert disagreement(mine, cells(1, np.nan, 3)) is None
    other = Cells([Axis(["b", "a"], np.array([1, 0, 1]))], mine.values)
    assert disagreement(mine, other) is None


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        (cells(1, np.nan, 4), "1 of 3 cells differ, the first is cell 2: (a) = 4 instead of (a)"),
        (cells(1, 2, 3), "1 of 3 cells differ, the first is cell 1: (b) = 2 instead of (b) = nan"),
        (cells(1, np.nan, 3, codes="ax"), "the first is cell 1: (x) = nan instead of (b) = nan"),
        (cells(1, np.nan), "2 cells instead of 3"),
        (Cells([], np.zeros(3)), "0 dimensions instead of 1"),
    ],
)
def test_what_differs_is_said(theirs: Cells, words: str) -> None:
    assert words in (disagreement(cells(1, np.nan, 3), theirs) or "")


def test_cells_survive_the_file_between_two_processes(tmp_path: Path) -> None:
    cells(1, np.nan, 3).save(tmp_path / "cells.npz")
    loaded = Cells.load(tmp_path / "cells.npz")
    assert disagreement(cells(1, np.nan, 3), loaded) is None


def test_a_reader_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    """Without the other readers: a reader that cannot run is a line of the table, not a crash."""
    file, small = tmp_path / "made.jsonstat", tmp_path / "small.jsonstat"
    made.write_jsonstat(made.make_cube(SIZES), file)
    made.write_jsonstat(made.make_cube((1, 1, 1, 1)), small)
    results = readers.measure("jsonstat", file, small, Path(sys.executable), rounds=1)
    ours = results["tilannekuva"]
    assert ours.failed is None
    assert ours.seconds > 0
    # Megabytes; a child begins with the peak of the process that started it.
    assert 20 < ours.peak_mb < 20_000
    assert "No module named 'pyjstat'" in (results["pyjstat"].failed or "")
    shown = readers.table("jsonstat", file.stat().st_size, 390, 1, results)
    assert "tilannekuva" in shown
    assert "pyjstat         could not read it" in shown
