"""From cube to table cells: every cell is accepted, rejected or declared left out."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.feeds import cells as cells_module
from assets.feeds.cells import (
    CELLS_SCHEMA,
    REJECTED_SCHEMA,
    Cells,
    cells_of,
    cells_of_parts,
    left_out_cells,
)
from assets.feeds.descriptions import (
    Content,
    FixedVariable,
    SegmentVariable,
    TableDescription,
    Variables,
)
from assets.feeds.reading import read_parts
from assets.formats.cube import CodedRows, Cube, Dimension
from assets.formats.jsonstat import read_dataset
from assets.raw.archive import NamedPart
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

CONTENTS = ["TYOTTOMATLOPUSSA", "TYOVOIMATK", "AVPAIKATLOPUSSA"]


def cube_of(
    axes: dict[str, list[str]], values: list[Any], status: dict[int, str] | None = None
) -> Cube:
    return read_dataset(document_of(axes, values, status))


def document_of(
    axes: dict[str, list[str]], values: list[Any], status: dict[int, str] | None = None
) -> bytes:
    return json.dumps(
        {
            "class": "dataset",
            "id": list(axes),
            "size": [len(codes) for codes in axes.values()],
            "dimension": {name: {"category": {"index": codes}} for name, codes in axes.items()},
            "value": values,
            "status": {str(cell): symbol for cell, symbol in (status or {}).items()},
        }
    ).encode()


def one(value: Any, symbol: str | None, table: TableDescription, **more: list[str]) -> Any:
    """The accepted row of a one-cell cube, or the reason of its rejection."""
    axes = {"Alue": ["KU091"], "timeperiod_m": ["2025M03"], "contentscode": [CONTENTS[0]]} | more
    found = cells_of(cube_of(axes, [value], {0: symbol} if symbol else None), table)
    assert found.accepted.num_rows + found.rejected.num_rows == 1
    rows = found.accepted.to_pylist()
    if rows:
        return rows[0]
    return reasons(found)[0]


def reasons(found: Cells) -> list[Reason]:
    """Why the rejected cells were rejected."""
    rows = found.rejected.to_pylist()
    return [Reason.stored(row["reason_code"], row["reason_parameters"]) for row in rows]


def test_a_cell_becomes_one_row_of_the_raw_shape(tyonv: TableDescription) -> None:
    assert one(1234, None, tyonv) == {
        "table_id": "statfin.tyonv_12r5",
        "line": 1,
        "indicator": "unemployed",
        "region": "KU091",
        "period": "2025M03",
        "segment": "total",
        "unit": "persons",
        "value": 1234.0,
        "symbol": None,
        "obs_status": "A",
        "conf_status": "F",
        "dims": '{"Alue":"KU091","timeperiod_m":"2025M03","contentscode":"TYOTTOMATLOPUSSA"}',
    }


@pytest.mark.parametrize(
    ("value", "symbol", "becomes"),
    [
        (None, "...", (None, "...", "Q", "C")),
        ("...", None, (None, "...", "Q", "C")),
        (None, "..", (None, "..", "O", "F")),
        (None, ".", (None, ".", "M", "F")),
        (None, None, (None, None, "O", "F")),
        ("", None, (None, None, "O", "F")),
        (None, "-", (0.0, "-", "A", "F")),
        (0, "-", (0.0, "-", "A", "F")),
        (0, None, (0.0, None, "A", "F")),
        (7, "*", (7.0, "*", "P", "F")),
        (None, "*", (None, "*", "O", "F")),
        ("7", None, (7.0, None, "A", "F")),
    ],
)
def test_symbols_mean_what_the_table_says(
    tyonv: TableDescription, value: Any, symbol: str | None, becomes: tuple[Any, ...]
) -> None:
    row = one(value, symbol, tyonv)
    assert (row["value"], row["symbol"], row["obs_status"], row["conf_status"]) == becomes


@pytest.mark.parametrize(
    ("value", "symbol", "more", "says"),
    [
        (5, "...", {}, "beside the symbol '...'"),
        (5, "-", {}, "beside the symbol '-'"),
        (None, "x", {}, "'x' has no meaning"),
        ("n/a", None, {}, "'n/a' has no meaning"),
        ("n/a", "..", {}, "'n/a' has no meaning"),
        (5, "?", {}, "'?' has no meaning"),
        (5, None, {"contentscode": ["TYOTOSUUS"]}, "content code 'TYOTOSUUS'"),
        (5, None, {"Alue": ["XX01"]}, "area code 'XX01'"),
    ],
)
def test_what_is_not_understood_is_rejected_with_its_reason(
    tyonv: TableDescription, value: Any, symbol: str | None, more: dict[str, Any], says: str
) -> None:
    assert says in one(value, symbol, tyonv, **more)


@pytest.mark.parametrize(
    ("value", "symbol", "status"),
    [
        (7, None, "F"),
        (0, None, "F"),
        (None, "-", "F"),
        (7, "*", "P"),
        (None, None, "O"),
        (None, "*", "O"),
        (None, ".", "M"),
        (None, "...", "Q"),
    ],
)
def test_values_of_a_projection_are_forecasts_where_no_symbol_says_otherwise(
    tyonv: TableDescription, value: Any, symbol: str | None, status: str
) -> None:
    projected = tyonv.contents[0].model_copy(update={"status": "F"})
    table = tyonv.model_copy(update={"contents": [projected, *tyonv.contents[1:]]})
    assert one(value, symbol, table)["obs_status"] == status


def test_the_status_of_a_content_is_not_that_of_its_neighbours(tyonv: TableDescription) -> None:
    projected = tyonv.contents[1].model_copy(update={"status": "F"})
    table = tyonv.model_copy(update={"contents": [tyonv.contents[0], projected]})
    axes = {
        "Alue": ["KU091", "SSS"],
        "timeperiod_m": ["2025M03"],
        "contentscode": [*CONTENTS[:2], "TYOTOSUUS"],
    }
    found = cells_of(cube_of(axes, [1, 2, 3, 4, 5, 6], {4: "*"}), table)
    assert [(r["line"], r["obs_status"]) for r in found.accepted.to_pylist()] == [
        (1, "A"),
        (2, "F"),
        (4, "A"),
        (5, "P"),
    ]
    assert found.rejected["line"].to_pylist() == [3, 6]


def test_a_withheld_value_does_not_get_into_the_rejected_text(tyonv: TableDescription) -> None:
    axes = {"Alue": ["KU091"], "timeperiod_m": ["2025M03"], "contentscode": [CONTENTS[0]]}
    rejected = cells_of(cube_of(axes, [5], {0: "..."}), tyonv).rejected.to_pylist()
    assert json.loads(rejected[0]["text"]) == {
        "dims": {
            "Alue": "KU091",
            "timeperiod_m": "2025M03",
            "contentscode": "TYOTTOMATLOPUSSA",
        },
        "value": None,
        "symbol": "...",
    }


def test_left_out_areas_are_counted_and_unknown_ones_rejected(tyonv: TableDescription) -> None:
    axes = {
        "alue_23_20260101": ["SSS", "ELY01", "ZZ"],
        "timeperiod_m": ["2025M03", "2025M04"],
        "contentscode": CONTENTS,
    }
    cube = cube_of(axes, list(range(18)))
    found = cells_of(cube, tyonv)
    assert found.accepted["line"].to_pylist() == [1, 2, 3, 4, 5, 6]
    assert found.rejected["line"].to_pylist() == [13, 14, 15, 16, 17, 18]
    assert found.rejected["column"].unique().to_pylist() == ["region"]
    assert left_out_cells(cube, tyonv) == 6


def test_parts_of_a_fetch_join_to_one_table_with_continuing_lines(tyonv: TableDescription) -> None:
    def part(month: str) -> Cube:
        return cube_of(
            {"Alue": ["SSS", "ZZ"], "timeperiod_m": [month], "contentscode": CONTENTS},
            list(range(6)),
        )

    found = cells_of_parts([part("2025M03"), part("2025M04")], tyonv)
    assert found.accepted["line"].to_pylist() == [1, 2, 3, 7, 8, 9]
    assert found.rejected["line"].to_pylist() == [4, 5, 6, 10, 11, 12]
    assert found.accepted.schema.equals(CELLS_SCHEMA)
    assert found.rejected.schema.equals(REJECTED_SCHEMA)
    assert cells_of_parts([], tyonv).accepted.num_rows == 0


def test_a_part_that_cannot_be_read_is_named(tyonv: TableDescription) -> None:
    good = document_of(
        {"Alue": ["SSS"], "timeperiod_m": ["2025M03"], "contentscode": CONTENTS}, [1, 2, 3]
    )
    parts = [NamedPart("part-1.json", good), NamedPart("part-2.json", b"<html>")]
    with pytest.raises(UnreadableDelivery, match=r"Part 2 \(part-2\.json\) of table"):
        list(read_parts(parts, tyonv))


def rows_of(axes: dict[str, list[str]], values: list[float], status: list[str | None]) -> CodedRows:
    """A long table: each axis gives its code row by row."""
    codes = {name: list(dict.fromkeys(column)) for name, column in axes.items()}
    return CodedRows(
        dimensions=tuple(Dimension(n, n, tuple(c), tuple(c)) for n, c in codes.items()),
        index=tuple(
            np.array([codes[name].index(code) for code in column], dtype=np.int32)
            for name, column in axes.items()
        ),
        values=np.array(values),
        status=pa.array(status, pa.string()),
        updated="2026-03-01T10:00:00Z",
    )


GDP = TableDescription.model_validate(
    {
        "source": "eurostat",
        "service": {"kind": "eurostat", "base_url": "https://example.test"},
        "licence": "reuse",
        "contact": "somebody",
        "dataset": "gdp",
        "id": "nama_10r_3gdp",
        "title": "GDP",
        "page": "https://example.test",
        "cadence": "A",
        "flags": "eurostat",
        "variables": {"area": ["geo"], "time": ["TIME_PERIOD"], "contents": ["unit"]},
        "fixed": [{"variable": ["freq"], "value": "A"}],
        "contents": [{"codes": ["MIO_EUR"], "indicator": "regional_gdp", "unit": "MEUR"}],
        "areas": {"codes": {"FI1B1": "MK01", "FI": "SSS"}, "leave_out": ["SE.*"]},
        "symbols": {"z": {"obs_status": "M"}},
    }
)


def test_a_long_table_is_mapped_like_a_cube() -> None:
    rows = rows_of(
        {
            "freq": ["A"] * 6,
            "unit": ["MIO_EUR", "MIO_EUR", "MIO_EUR", "MIO_PPS", "MIO_EUR", "MIO_EUR"],
            "geo": ["FI1B1", "FI", "SE110", "FI", "FI1B1", "FI"],
            "TIME_PERIOD": ["2023", "2023", "2023", "2023", "2024", "2024"],
        },
        [1.5, 2.5, 3.5, 4.5, np.nan, 9.5],
        ["p", None, None, None, ":|C", "?"],
    )
    found = cells_of(rows, GDP)
    assert [
        (r["line"], r["region"], r["period"], r["value"], r["obs_status"], r["conf_status"])
        for r in found.accepted.to_pylist()
    ] == [
        (1, "MK01", "2023", 1.5, "P", "F"),
        (2, "SSS", "2023", 2.5, "A", "F"),
        (5, "MK01", "2024", None, "Q", "C"),
    ]
    assert [(r["line"], r["column"]) for r in found.rejected.to_pylist()] == [
        (4, "indicator"),
        (6, "symbol"),
    ]
    assert left_out_cells(rows, GDP) == 1


def test_a_symbol_of_the_table_comes_before_the_flags_of_its_source() -> None:
    rows = rows_of(
        {"freq": ["A"], "unit": ["MIO_EUR"], "geo": ["FI"], "TIME_PERIOD": ["2024"]},
        [np.nan],
        ["z"],
    )
    assert cells_of(rows, GDP).accepted["obs_status"].to_pylist() == ["M"]


def test_codes_of_a_variable_become_segments(tyonv: TableDescription) -> None:
    table = tyonv.model_copy(
        update={
            "segments": SegmentVariable(
                variable=["koko*"], codes={"1-9": "local_small", "250-": "large"}
            )
        }
    )
    axes = {
        "Alue": ["SSS"],
        "koko_1": ["1-9", "250-", "10-"],
        "timeperiod_m": ["2025M03"],
        "contentscode": CONTENTS[:1],
    }
    found = cells_of(cube_of(axes, [1, 2, 3]), table)
    assert found.accepted["segment"].to_pylist() == ["local_small", "large"]
    assert reasons(found) == ["The code '10-' is mapped to no segment."]


def test_a_table_of_one_measure_needs_no_contents_variable(tyonv: TableDescription) -> None:
    table = tyonv.model_copy(
        update={
            "variables": Variables(area=["Alue"], time=["Vuosi"]),
            "contents": [Content(indicator="population", unit="persons")],
        }
    )
    found = cells_of(cube_of({"Alue": ["SSS", "KU091"], "Vuosi": ["2025"]}, [5, 6]), table)
    assert found.accepted["indicator"].to_pylist() == ["population"] * 2
    assert found.accepted["value"].to_pylist() == [5.0, 6.0]


def test_a_variable_nobody_described_stops_the_table(tyonv: TableDescription) -> None:
    axes = {"Alue": ["SSS"], "timeperiod_m": ["2025M03"], "contentscode": [CONTENTS[0]]}
    cube = cube_of(axes | {"sukupuoli": ["SSS", "1"]}, [1, 2])
    with pytest.raises(UnreadableDelivery, match="several values of 'sukupuoli'"):
        cells_of(cube, tyonv)
    fixed = tyonv.model_copy(
        update={"fixed": [FixedVariable(variable=["sukupuoli*"], value="SSS")]}
    )
    found = cells_of(cube, fixed)
    assert found.accepted["value"].to_pylist() == [1.0]
    assert "only 'SSS' is taken" in reasons(found)[0]


@pytest.mark.parametrize("absent", ["Alue", "timeperiod_m", "contentscode"])
def test_a_table_without_a_needed_variable_is_unreadable(
    tyonv: TableDescription, absent: str
) -> None:
    axes = {"Alue": ["SSS"], "timeperiod_m": ["2025M03"], "contentscode": [CONTENTS[0]]}
    del axes[absent]
    with pytest.raises(UnreadableDelivery, match=r"has no \w+ variable"):
        cells_of(cube_of(axes, [1]), tyonv)


AREAS = st.lists(
    st.sampled_from(["SSS", "KU091", "SK011", "MK01", "ELY01", "XX", 'q"\\']),
    min_size=0,
    max_size=5,
    unique=True,
)
CODES = st.lists(
    st.sampled_from([*CONTENTS, "tyonv-tyottomat", "TYOTOSUUS"]),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(max_examples=100, deadline=None)
@given(AREAS, CODES, st.integers(1, 3), st.data())
def test_no_cell_is_ever_lost(
    tyonv: TableDescription, areas: list[str], codes: list[str], months: int, data: st.DataObject
) -> None:
    periods = [f"2025M{n + 1:02d}" for n in range(months)]
    count = len(areas) * len(codes) * months
    cell = st.none() | st.integers(0, 9) | st.sampled_from(["..", "7", "?"])
    values = data.draw(st.lists(cell, min_size=count, max_size=count))
    symbols = data.draw(
        st.dictionaries(
            st.integers(0, max(count - 1, 0)), st.sampled_from([".", "...", "-", "*", "!"])
        )
    )
    axes = {"contentscode": codes, "Alue": areas, "timeperiod_m": periods}
    cube = cube_of(axes, values, symbols if count else None)
    found = cells_of(cube, tyonv, first_line=11)
    lines = found.accepted["line"].to_pylist() + found.rejected["line"].to_pylist()
    assert len(set(lines)) == len(lines)
    assert len(lines) + left_out_cells(cube, tyonv) == count
    for row in found.accepted.to_pylist():
        dims = json.loads(row["dims"])
        at = cube.cell(dims)
        assert row["line"] == at + 11
        assert row["region"] == dims["Alue"]
        assert row["period"] == dims["timeperiod_m"]
        if not np.isnan(cube.values[at]):
            assert row["value"] == cube.values[at]
        else:
            assert row["value"] is None or row["symbol"] == "-"
    for row in found.rejected.to_pylist():
        assert row["line"] == cube.cell(json.loads(row["text"])["dims"]) + 11


def test_blocks_do_not_change_the_outcome(
    tyonv: TableDescription, monkeypatch: pytest.MonkeyPatch
) -> None:
    axes = {"Alue": ["SSS", "ELY01", "ZZ"], "timeperiod_m": ["a", "b"], "contentscode": CONTENTS}
    cube = cube_of(axes, [*range(17), ".."], {3: "-", 4: "*"})
    whole = cells_of(cube, tyonv)
    monkeypatch.setattr(cells_module, "_BLOCK", 4)
    parts = cells_of(cube, tyonv)
    assert parts.accepted.equals(whole.accepted)
    assert parts.rejected.equals(whole.rejected)


def test_a_million_cells_take_a_second_not_a_minute(tyonv: TableDescription) -> None:
    areas = ["SSS", *(f"KU{n:03d}" for n in range(1000))]
    periods = [f"{year}M{month:02d}" for year in range(1998, 2026) for month in range(1, 13)]
    axes = {"Alue": areas, "timeperiod_m": periods, "contentscode": CONTENTS}
    dimensions = tuple(
        Dimension(name, name, tuple(codes), tuple(codes)) for name, codes in axes.items()
    )
    values = np.arange(1001 * 336 * 3, dtype=np.float64)
    began = time.perf_counter()
    accepted = cells_of(Cube(dimensions, values), tyonv).accepted
    assert accepted.num_rows == len(values)
    # About half a second; the bound is for slow machines and catches a loop over cells.
    assert time.perf_counter() - began < 4
