"""Files that are still being written wait; what programs leave behind is no delivery."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import openpyxl
import pytest

from assets.deliveries import Deliveries
from assets.deliveries.on_the_way import is_leftover, still_being_written
from assets.settings import Settings

WHOLE = b"indicator;region;period;value\nunemployed;KU205;2026-03;1254\n"


def workbook() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def put(folder: Path, content: bytes, *, age: float = 0, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


@pytest.mark.parametrize(
    ("content", "age", "waits"),
    [
        (WHOLE, 1, False),
        (WHOLE[:-10], 1, True),
        (WHOLE[:-10], 60, False),
        (WHOLE.splitlines()[0], 1, False),
        (workbook(), 1, False),
        (workbook()[:-100], 1, True),
    ],
)
def test_a_file_that_ends_in_the_middle_waits_while_it_is_young(
    tmp_path: Path, content: bytes, age: float, waits: bool
) -> None:
    path = put(tmp_path, content, age=age)
    assert (path in still_being_written([path], sleep=lambda _: None)) == waits


def test_a_file_that_grows_while_it_is_looked_at_waits(tmp_path: Path) -> None:
    path = put(tmp_path, WHOLE, age=1)
    grow = lambda _: put(tmp_path, WHOLE + WHOLE)  # noqa: E731
    assert still_being_written([path], sleep=grow) == {path}


def test_files_at_rest_cost_no_time(tmp_path: Path) -> None:
    def fail(_: float) -> None:
        raise AssertionError("nothing to wait for")

    assert still_being_written([put(tmp_path, WHOLE, age=3600)], sleep=fail) == frozenset()


def test_a_file_on_its_way_is_told_and_taken_in_later(settings: Settings) -> None:
    folder = settings.landing_dir / "employment_area" / "measurements"
    folder.mkdir(parents=True)
    path = put(folder, WHOLE[:-10], age=1)
    arrival = Deliveries(settings).take_in("employment_area", "measurements")
    assert arrival.vintages == []
    assert arrival.waiting == ["landing/employment_area/measurements/a.csv"]
    put(folder, WHOLE, age=60, name=path.name)
    arrival = Deliveries(settings).take_in("employment_area", "measurements")
    assert (len(arrival.vintages), arrival.waiting) == (1, [])


@pytest.mark.parametrize(
    "name",
    ["Thumbs.db", "a.csv.part", "a.csv.crdownload", ".~lock.a.csv#", "~$a.xlsx", "a.csv.filepart",
     ".DS_Store", "desktop.ini", "a.csv.tmp"],
)  # fmt: skip
def test_what_programs_leave_behind_is_no_delivery(name: str) -> None:
    assert is_leftover(name)


@pytest.mark.parametrize("name", ["a.csv", "osa.part.csv", "tmp.xlsx", "lock.csv"])
def test_other_names_are_deliveries(name: str) -> None:
    assert not is_leftover(name)
