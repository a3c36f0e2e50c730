"""Table descriptions: the one that is there, and errors that name file and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.errors import TilannekuvaError
from assets.statistics.tables import (
    TABLES_DIR,
    load_table,
    load_tables,
    matching_variable,
)

TYONV = TABLES_DIR / "statfin_tyonv_12r5.yaml"


def test_the_employment_table_gives_three_measures() -> None:
    table = load_tables()["statfin.tyonv_12r5"]
    assert [(c.indicator, c.unit) for c in table.contents] == [
        ("unemployed", "persons"),
        ("labour_force", "persons"),
        ("open_vacancies", "count"),
    ]
    assert table.url == "https://pxdata.stat.fi/PxWeb/api/v1/fi/StatFin/tyonv/12r5.px"
    assert table.config_url == "https://pxdata.stat.fi/PxWeb/api/v1/fi/?config"


def test_areas_are_taken_left_out_or_neither() -> None:
    areas = load_table(TYONV).areas
    assert all(map(areas.accepts, ["KU091", "SK011", "MK01", "SSS"]))
    assert all(map(areas.leaves_out, ["ELY01", "EVK05", "MA1"]))
    assert not any(f("XX1") for f in (areas.accepts, areas.leaves_out))
    assert not areas.accepts("KU0911")


def test_no_dot_symbol_of_any_table_stands_for_a_number() -> None:
    for table in load_tables().values():
        for symbol, meaning in table.symbols.items():
            if set(symbol) == {"."}:
                assert meaning.value is None
                assert not meaning.note


def test_the_first_alternative_that_is_there_counts() -> None:
    table = load_table(TYONV)
    codes = ["tyonv-tyottomat", "avpaikatlopussa", "TYOTTOMATLOPUSSA", "TYOTOSUUS"]
    found = table.content_of(codes)
    assert {code: content.indicator for code, content in found.items()} == {
        "TYOTTOMATLOPUSSA": "unemployed",
        "avpaikatlopussa": "open_vacancies",
    }


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["alue_23_20260101", "timeperiod_m"], "alue_23_20260101"),
        (["Alue", "alue_23_20260101"], "Alue"),
        (["timeperiod_m"], None),
    ],
)
def test_variables_are_found_under_any_vintage(codes: list[str], found: str | None) -> None:
    assert matching_variable(["ALUE", "alue_*"], codes) == found


def test_a_pattern_that_fits_two_variables_is_no_choice() -> None:
    with pytest.raises(ValueError, match="fits several"):
        matching_variable(["alue*"], ["alue_1", "alue_2"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cadence": "W"}, "cadence:"),
        ({"path": "/StatFin/x.px"}, "path:"),
        ({"dataset": "Tyonv"}, "dataset:"),
        ({"colour": "blue"}, "colour:"),
        ({"areas": {"accept": ["KU("]}}, "areas.accept.0:"),
        ({"symbols": {".": {"obs_status": "?"}}}, "symbols...obs_status:"),
        ({"symbols": {"-": {"obs_status": "A", "value": 0, "note": True}}}, "symbols.-:"),
        ({"contents": [{"codes": [], "indicator": "a", "unit": "b"}]}, "contents.0.codes:"),
        ({"dataset": "other"}, "rename the file to statfin_other.yaml"),
        (
            {"contents": [{"codes": ["A", "a"], "indicator": "a", "unit": "b"}]},
            "content code 'a' is given twice",
        ),
    ],
)
def test_an_error_names_file_and_field(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    raw = yaml.safe_load(TYONV.read_text(encoding="utf-8"))
    path = tmp_path / TYONV.name
    path.write_text(yaml.safe_dump(raw | change, allow_unicode=True), encoding="utf-8")
    with pytest.raises(TilannekuvaError) as caught:
        load_table(path)
    assert says in str(caught.value)
    if "rename" not in says:
        assert TYONV.name in str(caught.value)


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: [", "- 1\n", "", "\x00"])
def test_yaml_that_is_no_description_is_an_error_of_that_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "statfin_x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TilannekuvaError, match=r"statfin_x\.yaml"):
        load_table(path)
