"""Whether a new edition still looks like the last one, told in words."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.feeds.descriptions import Drift, TableDescription
from assets.feeds.structure import (
    Structure,
    classification_vintage,
    differences,
    structure_of,
)
from assets.formats.cube import Cube, Dimension

LAST = Structure(
    variables={"area": "alue_23_20250101", "time": "timeperiod_m", "contents": "contentscode"},
    codes={"area": ["SSS", "KU507"], "time": ["2025M01"], "contents": ["a"]},
    units={"a": "lukumäärä"},
    rows=100,
    values=90,
)


def test_the_same_structure_and_new_periods_are_no_difference() -> None:
    grown = replace(LAST, codes={**LAST.codes, "time": ["2025M01", "2025M02"]}, rows=110, values=99)
    assert differences(LAST, LAST, Drift()) == []
    assert differences(LAST, grown, Drift()) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"variables": {**LAST.variables, "area": "alue_23_20260101"}},
            ["the area classification is that of 2026-01-01", "that of 2025-01-01"],
        ),
        (
            {"variables": {**LAST.variables, "area": "Alue"}},
            ["the area classification is that of no stated day (Alue)"],
        ),
        (
            {"variables": {**LAST.variables, "contents": "tiedot"}},
            ["the variable of contents is called tiedot; it was called contentscode"],
        ),
        (
            {"variables": {k: v for k, v in LAST.variables.items() if k != "contents"}},
            ["the variable of contents is gone; it was contentscode"],
        ),
        ({"codes": {**LAST.codes, "area": ["SSS"]}}, ["codes of area are gone: KU507"]),
        (
            {"codes": {**LAST.codes, "area": [*LAST.codes["area"], *(f"K{n}" for n in range(9))]}},
            ["codes of area are new: K0, K1, K2, K3, K4 and 4 more"],
        ),
        ({"codes": {**LAST.codes, "time": ["2025M02"]}}, ["codes of time are gone: 2025M01"]),
        ({"units": {"a": "1000"}}, ["the unit of a is 1000; it was lukumäärä"]),
        ({"rows": 80}, ["80 rows, 80% of the 100 before"]),
        ({"rows": 0, "values": 0}, ["0 rows, 0%", "0 rows with a value, 0%"]),
        ({"values": 300}, ["300 rows with a value, 333% of the 90 before"]),
    ],
)
def test_a_break_is_told_in_words(change: dict[str, object], says: list[str]) -> None:
    told = "; ".join(differences(LAST, replace(LAST, **change), Drift()))  # type: ignore[arg-type]
    for words in says:
        assert words in told


def test_how_much_may_change_is_the_tables_own() -> None:
    new = replace(LAST, rows=20, values=18)
    assert differences(LAST, new, Drift())
    assert differences(LAST, new, Drift(fewest=0.1)) == []


@pytest.mark.parametrize(
    ("variable", "vintage"),
    [
        ("alue_23_20260101", "2026-01-01"),
        ("Alue", None),
        ("alue_23", None),
        ("ikaryhma_10_99999999", None),
    ],
)
def test_a_variable_code_may_carry_its_classification(variable: str, vintage: str | None) -> None:
    assert classification_vintage(variable) == vintage


def test_the_structure_of_all_parts_is_that_of_the_table(tyonv: TableDescription) -> None:
    def part(month: str, unit: str) -> Cube:
        axes = {
            "Alue": ("SSS", "ELY01"),
            "timeperiod_m": (month,),
            "contentscode": ("TYOTTOMATLOPUSSA", "TYOTOSUUS"),
        }
        dimensions = tuple(
            Dimension(
                name,
                name,
                codes,
                codes,
                units={codes[0]: {"base": unit}} if name == "contentscode" else {},
            )
            for name, codes in axes.items()
        )
        return Cube(dimensions, np.array([1.0, np.nan, 3.0, 4.0]))

    found = structure_of([part("2025M01", "lkm"), part("2025M02", "lkm")], tyonv)
    assert found == Structure(
        variables={"area": "Alue", "time": "timeperiod_m", "contents": "contentscode"},
        codes={
            "area": ["SSS"],
            "time": ["2025M01", "2025M02"],
            "contents": ["TYOTTOMATLOPUSSA"],
        },
        units={"TYOTTOMATLOPUSSA": "lkm"},
        rows=8,
        values=6,
        left_out={"area": tyonv.areas.leave_out},
    )
    kept = json.loads(json.dumps(found.to_dict()))
    assert Structure.from_dict(kept) == found


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_size_is_judged_by_share_alone(before: int, now: int) -> None:
    found = differences(Structure(rows=before), Structure(rows=now), Drift())
    assert bool(found) == (before > 0 and not 0.9 * before <= now <= 2 * before)
