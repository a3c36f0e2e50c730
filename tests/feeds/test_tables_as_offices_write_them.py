"""Tables whose attributes, codes and further variables change what a value is: to the raw zone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.feeds.connectors import Fetched
from assets.feeds.descriptions import TableDescription
from assets.feeds.table import Understood, read_table
from assets.raw.content import Content
from assets.vocabulary import UnreadableDelivery

CASES = Path(__file__).resolve().parents[3] / "shared" / "data" / "cases"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
CATALOGUE = Catalogue.load()

Rows = dict[tuple[str, str], tuple[float | None, str, str]]


def described(**more: Any) -> TableDescription:
    return TableDescription.model_validate(
        {
            "source": "eurostat",
            "service": {"kind": "file", "base_url": "https://example.test"},
            "licence": "reuse",
            "contact": "somebody",
            "dataset": "gdp",
            "id": "gdp",
            "title": "GDP",
            "page": "https://example.test",
            "cadence": "A",
            "format": "sdmx-csv",
            "flags": "eurostat",
            "symbols": {":": {"obs_status": "O"}},
            "variables": {"area": ["geo"], "time": ["TIME_PERIOD"]},
            "fixed": [{"variable": ["freq"], "value": "A"}],
            "contents": [{"indicator": "regional_gdp", "unit": "MEUR"}],
            "areas": {"codes": {"FI": "SSS", "FI1D8": "MK18", "FI200": "MK21"}},
        }
        | more
    )


def read(document: bytes | str, table: TableDescription | None = None) -> Understood:
    content = document.encode() if isinstance(document, str) else document
    table = table or described()
    extension = {"px": "px", "json-stat": "json"}.get(table.format or "", "csv")
    fetched = Fetched(Content(content), extension, "https://example.test/gdp", NOW)
    return read_table(table, fetched, CATALOGUE)


def outcome(understood: Understood) -> tuple[Rows, list[tuple[int, str, str]], int]:
    """Accepted cells by region and period, rejected ones, and how many were left out."""
    rows: Rows = {}
    rejected: list[tuple[int, str, str]] = []
    left_out = 0
    for batch in understood.delivery.batches:
        left_out += batch.left_out
        for row in batch.accepted.to_pylist():
            key = row["region"], row["period"]
            assert key not in rows
            rows[key] = row["value"], row["obs_status"], row["conf_status"]
        rejected += [(r.line, r.column, r.reason) for r in batch.rejected]
    return rows, rejected, left_out


def csv_of(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


# --- The cases --------------------------------------------------------------------------------


def case(path: str) -> bytes:
    file = CASES / path
    if not file.exists():
        pytest.skip(f"../shared/data/cases/{path} is not beside the repository")
    return file.read_bytes()


def test_case_a_multiplier_brings_each_value_to_the_described_unit() -> None:
    rows, rejected, _ = outcome(read(case("sdmx-attributes-that-change-a-value/unit_mult.csv")))
    assert rejected == []
    assert {region: value for (region, _), (value, *_) in rows.items()} == {
        "SSS": 273_100,
        "MK18": 2301.5,
        "MK21": 1250,
    }


def test_case_no_attribute_is_none() -> None:
    rows, rejected, _ = outcome(read(case("sdmx-attributes-that-change-a-value/na_status.csv")))
    assert rejected == []
    assert rows == {("SSS", "2022"): (273.1, "A", "F"), ("MK18", "2022"): (None, "M", "F")}


def test_case_an_embargo_that_lies_ahead_withholds_the_value_until_then() -> None:
    understood = read(case("sdmx-attributes-that-change-a-value/embargo.csv"))
    rows, [(line, column, reason)], _ = outcome(understood)
    assert (rows, line, column) == ({}, 1, "value")
    assert "2099-03-01" in reason
    assert understood.read_again == datetime(2099, 3, 1, 9, tzinfo=UTC)


def test_case_a_row_of_attributes_is_no_observation() -> None:
    rows, rejected, left_out = outcome(
        read(case("sdmx-attributes-that-change-a-value/attribute_only.csv"))
    )
    assert (rejected, left_out) == ([], 1)
    assert rows == {("MK18", "2022"): (2301.5, "A", "F")}


def test_case_nordic_quarters_are_quarters() -> None:
    table = described(
        format="px",
        cadence="Q",
        fixed=[],
        flags=None,
        variables={"area": ["Alue"], "time": ["Vuosi"]},
        contents=[{"indicator": "enterprises_started", "unit": "count"}],
        areas={"accept": ["SSS", r"KU\d{3}"]},
    )
    rows, rejected, _ = outcome(read(case("quarters-with-k/ky.px"), table))
    assert rejected == []
    assert {key: value for key, (value, *_) in rows.items()} == {
        ("SSS", "2024-Q4"): 10,
        ("SSS", "2025-Q1"): 20,
        ("KU205", "2024-Q4"): 3,
        ("KU205", "2025-Q1"): 4,
    }


# --- Attributes that change a value -----------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "header", "row", "value"),
    [
        ("MEUR", "UNIT_MULT", "6", 5.0),
        ("MEUR", "UNIT_MULT,UNIT_MEASURE", "6,EUR", 5.0),
        ("MEUR", "UNIT_MULT,UNIT_MEASURE", "0,EUR", 0.000005),
        ("MEUR", "UNIT_MULT,UNIT_MEASURE", "0,MIO_EUR", 5.0),
        ("MEUR", "UNIT_MULT,UNIT_MEASURE", "6,MIO_EUR", 5.0),
        ("MEUR", "UNIT_MULT,UNIT_MEASURE", "9.0,EUR", 5000.0),
        ("EUR", "UNIT_MULT,UNIT_MEASURE", "6,EUR", 5e6),
        ("kEUR", "UNIT_MULT,UNIT_MEASURE", "0,MIO_EUR", 5000.0),
        ("MEUR", "UNIT_MULTIPLIER", "9", 5000.0),
        ("MEUR", "POWERCODE", "3", 0.005),
        ("MEUR", "SCALE", "Millions", 5.0),
        ("MEUR", "UNIT_MULT:Multiplier", "6: Millions", 5.0),
        ("MEUR", "UNIT_MULT", "", 5.0),
        ("MEUR", "UNIT_MULT", "#N/A", 5.0),
        ("MEUR", "DECIMALS,BASE_PER,TIME_FORMAT,COLLECTION", "1,2015,P1Y,S", 5.0),
        ("MEUR", "UNIT_MEASURE,CURRENCY", "EUR,EUR", 5.0),
        # The size of the value is not known.
        ("MEUR", "UNIT_MULT", "0", None),
        ("MEUR", "UNIT_MULT", "a lot", None),
        ("MEUR", "UNIT_MULT,UNIT_MEASURE", "3,MIO_EUR", None),
        ("MEUR", "REPORTING_YEAR_START_DAY", "--07-01", None),
        ("MEUR", "REPORTING_YEAR_START_DAY", "--01-01", 5.0),
    ],
)
def test_a_power_of_ten_is_read_or_the_value_is_rejected(
    unit: str, header: str, row: str, value: float | None
) -> None:
    table = described(contents=[{"indicator": "regional_gdp", "unit": unit}])
    rows, rejected, _ = outcome(
        read(csv_of(f"geo,TIME_PERIOD,OBS_VALUE,{header}", f"FI1D8,2022,5,{row}"), table)
    )
    if value is None:
        assert rows == {}
        assert [column for _, column, _ in rejected] == ["value"]
    else:
        assert rows[("MK18", "2022")][0] == pytest.approx(value, rel=1e-15)


def test_a_multiplier_that_only_some_rows_have_is_doubtful_in_the_others() -> None:
    rows, rejected, _ = outcome(
        read(csv_of("geo,TIME_PERIOD,OBS_VALUE,UNIT_MULT", "FI,2022,5,6", "FI1D8,2022,5,"))
    )
    assert rows == {("SSS", "2022"): (5.0, "A", "F")}
    assert "UNIT_MULT is empty here" in rejected[0][2]


def test_a_multiplier_of_the_series_counts_for_its_observations() -> None:
    rows, rejected, left_out = outcome(
        read(
            csv_of(
                "STRUCTURE,STRUCTURE_ID,ACTION,freq,geo,TIME_PERIOD,OBS_VALUE,UNIT_MULT",
                "dataflow,X,I,A,FI,2022,273.1,",
                "dataflow,X,I,A,FI1D8,2022,2301.5,",
                "dataflow,X,I,A,FI,,,9",
                "dataflow,X,I,A,FI1D8,,,6",
            )
        )
    )
    assert (rejected, left_out) == ([], 2)
    assert [value for value, *_ in rows.values()] == [273_100, 2301.5]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_multiplier_is_read_whatever_parts_the_columns(separator: str) -> None:
    lines = ("KEY,freq,geo,UNIT_MULT,TIME_PERIOD,OBS_VALUE", "A.FI,A,FI,9,2022,273.1")
    rows, rejected, _ = outcome(read(csv_of(*(line.replace(",", separator) for line in lines))))
    assert (rows, rejected) == ({("SSS", "2022"): (273_100.0, "A", "F")}, [])


# --- Attributes that restrict a value ---------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row", "is_taken"),
    [
        ("EMBARGO_TIME", "2026-11-29T09:00:00Z", True),
        ("EMBARGO_TIME", "2026-12-01", False),
        ("EMBARGO_TIME", "2026-11-30T09:00:00+02:00", False),
        ("EMBARGO_TIME", "soon", False),
        ("EMBARGO_TIME", "#N/A", True),
        ("CONF_STATUS", "F", True),
        ("CONF_STATUS", "N", False),
        ("CONF_STATUS", "D", False),
        ("OBS_CONF", "C", False),
        ("OBS_CONF", "F", True),
        ("CONF_STATUS: Confidentiality", "C: Confidential", False),
        ("CONF_STATUS", "?", False),
        ("OBS_STATUS", "Q", False),
        ("OBS_STATUS", "P", True),
    ],
)
def test_a_restricted_value_does_not_get_out(header: str, row: str, is_taken: bool) -> None:
    document = csv_of(f"geo,TIME_PERIOD,OBS_VALUE,{header}", f"FI1D8,2022,2301.5,{row}")
    understood = read(document)
    told = json.dumps(
        [b.accepted.to_pylist() for b in understood.delivery.batches], default=str
    ) + str(understood.structure)
    assert ("2301.5" in told) == is_taken
    rows, rejected, _ = outcome(read(document))
    assert (len(rows), len(rejected)) == ((1, 0) if is_taken else (0, 1))


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        ("A", (5.0, "A", "F")),
        ("P", (5.0, "P", "F")),
        ("E", (5.0, "E", "F")),
        ("b", (5.0, "B", "F")),
        ("bp", (5.0, "B", "F")),
    ],
)
def test_both_code_lists_of_the_status_are_read(status: str, becomes: tuple[Any, ...]) -> None:
    column = "OBS_STATUS" if status.isupper() else "OBS_FLAG"
    rows, _, _ = outcome(read(csv_of(f"geo,TIME_PERIOD,OBS_VALUE,{column}", f"FI,2022,5,{status}")))
    assert rows == {("SSS", "2022"): becomes}


# --- Variables that tell cells of one key apart -----------------------------------------------

SEXES = ("geo,TIME_PERIOD,OBS_VALUE,sex", "FI,2022,10,T", "FI,2022,4,M", "FI,2022,6,F")


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_further_variable_is_named_or_the_table_is_refused(order: Sequence[int]) -> None:
    document = csv_of(*(",".join(line.split(",")[at] for at in order) for line in SEXES))
    with pytest.raises(UnreadableDelivery, match=r"only: \{sex: T\}"):
        read(document)
    rows, rejected, left_out = outcome(read(document, described(only={"sex": "T"})))
    assert (rows, rejected, left_out) == ({("SSS", "2022"): (10.0, "A", "F")}, [], 2)
    fixed = described(fixed=[{"variable": ["sex"], "value": "T"}])
    rows, rejected, left_out = outcome(read(document, fixed))
    assert (list(rows), len(rejected), left_out) == ([("SSS", "2022")], 2, 0)
    fixed = described(fixed=[{"variable": ["sex"], "value": "T"}], leave_out={"sex": ["M"]})
    rows, rejected, left_out = outcome(read(document, fixed))
    assert (list(rows), len(rejected), left_out) == ([("SSS", "2022")], 1, 1)


@pytest.mark.parametrize("name", ["UNIT_MEASURE", "CURRENCY", "BASE_PER", "ADJUSTMENT"])
def test_values_of_one_measure_have_one_unit(name: str) -> None:
    document = csv_of(f"geo,TIME_PERIOD,OBS_VALUE,{name}", "FI,2022,1,a", "FI1D8,2022,2,b")
    with pytest.raises(UnreadableDelivery, match=name):
        read(document)
    rows, _, left_out = outcome(read(document, described(only={name: "b"})))
    assert (list(rows), left_out) == ([("MK18", "2022")], 1)
    one = document.replace(",b", ",a")
    assert read(one).structure.units == ({name: "a"})


def test_a_text_that_differs_from_row_to_row_tells_nothing_apart() -> None:
    document = csv_of(
        "geo,TIME_PERIOD,OBS_VALUE,OBS_COM,SOURCE_ID", "FI,2022,1,x,1", "FI1D8,2022,2,y,2"
    )
    assert len(outcome(read(document))[0]) == 2


def cube(axes: dict[str, list[str]], values: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "class": "dataset",
        "id": list(axes),
        "size": [len(codes) for codes in axes.values()],
        "dimension": {name: {"category": {"index": codes}} for name, codes in axes.items()},
        "value": values,
    } | more


def tyonv_like(**more: Any) -> TableDescription:
    return described(
        **{
            "format": "json-stat",
            "cadence": "M",
            "fixed": [],
            "flags": None,
            "variables": {"area": ["Alue"], "time": ["Kuukausi"]},
            "contents": [{"indicator": "unemployed", "unit": "persons"}],
            "areas": {"accept": ["SSS", r"KU\d{3}"], "leave_out": [r"ELY\d+"]},
        }
        | more
    )


def test_parts_that_differ_in_a_variable_nobody_named_are_refused() -> None:
    def part(content: str, value: float) -> dict[str, Any]:
        axes = {"Alue": ["SSS"], "Kuukausi": ["2025M01"], "Tiedot": [content]}
        return cube(axes, [value])

    document = json.dumps({"count": part("lkm", 100), "share": part("osuus", 12.5)})
    with pytest.raises(UnreadableDelivery, match="several values of 'Tiedot'"):
        read(document, tyonv_like())


def test_names_for_people_may_say_what_is_taken() -> None:
    document = cube({"Alue": ["SSS"], "Kuukausi": ["2025M01"], "sp": ["0", "1"]}, [7, 3])
    document["dimension"]["sp"] = {
        "label": "Sukupuoli",
        "category": {"index": ["0", "1"], "label": {"0": "Yhteensä", "1": "Miehet"}},
    }
    text = json.dumps(document)
    rows, rejected, left_out = outcome(read(text, tyonv_like(only={"Sukupuoli": "Yhteensä"})))
    assert (rows, rejected, left_out) == ({("SSS", "2025-01"): (7.0, "A", "F")}, [], 1)
    with pytest.raises(UnreadableDelivery, match="has no 'Kaikki' among the values of 'sp'"):
        read(text, tyonv_like(only={"Sukupuoli": "Kaikki"}))


# --- What is left out -------------------------------------------------------------------------


def test_contents_fixed_variables_areas_and_layout_rows_are_left_out_and_counted() -> None:
    axes = {
        "Alue": ["SSS", "KU205", "ELY01", "Alue:"],
        "Kuukausi": ["2025M01", "2025"],
        "Tiedot": ["lkm", "osuus", "muutos"],
        "sp": ["T", "1"],
    }
    count = 4 * 2 * 3 * 2
    table = tyonv_like(
        variables={"area": ["Alue"], "time": ["Kuukausi"], "contents": ["Tiedot"]},
        contents=[{"codes": ["lkm"], "indicator": "unemployed", "unit": "persons"}],
        only={"sp": "T"},
        leave_out={"Tiedot": ["osuus|muutos"], "Alue": [".*:"], "Kuuk*": [r"\d{4}"]},
    )
    understood = read(json.dumps(cube(axes, list(range(count)))), table)
    rows, rejected, left_out = outcome(understood)
    assert (sorted(rows), rejected) == ([("KU205", "2025-01"), ("SSS", "2025-01")], [])
    assert len(rows) + left_out == count


def test_leave_out_never_takes_what_the_description_maps() -> None:
    axes = {"Alue": ["SSS"], "Kuukausi": ["2025M01"], "Tiedot": ["lkm"], "sp": ["T"]}
    table = tyonv_like(
        variables={"area": ["Alue"], "time": ["Kuukausi"], "contents": ["Tiedot"]},
        contents=[{"codes": ["lkm"], "indicator": "unemployed", "unit": "persons"}],
        fixed=[{"variable": ["sp"], "value": "T"}],
        leave_out={"*": [".*SS", "lkm", "T"]},
    )
    assert len(outcome(read(json.dumps(cube(axes, [1])), table))[0]) == 1


CODES = {
    "Alue": ["SSS", "KU205", "KU091", "ELY01", "XX", "Alue:"],
    "Kuukausi": ["2025M01", "2025M02", "2025", "2025K1", "x"],
    "Tiedot": ["lkm", "osuus", "muu"],
    "sp": ["T", "1", "2"],
}


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_cell_is_ever_lost(data: st.DataObject) -> None:
    axes = {
        name: data.draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
        for name, codes in CODES.items()
    }
    order = data.draw(st.permutations(list(axes)))
    axes = {name: axes[name] for name in order}
    count = 1
    for codes in axes.values():
        count *= len(codes)
    cell = st.none() | st.integers(0, 99) | st.sampled_from(["...", "<5", "NA", "?", "*"])
    values = data.draw(st.lists(cell, min_size=count, max_size=count))
    held: dict[str, Any] = {"fixed": [{"variable": ["sp"], "value": "T"}]}
    if "T" in axes["sp"]:
        held = data.draw(st.sampled_from([held, {"only": {"sp": "T"}}]))
    leave_out = data.draw(
        st.sampled_from([{}, {"Tiedot": ["osuus"]}, {"sp": ["[12]"], "Kuuk*": [r"\d{4}"]}])
    )
    table = tyonv_like(
        variables={"area": ["Alue"], "time": ["Kuukausi"], "contents": ["Tiedot"]},
        contents=[{"codes": ["lkm"], "indicator": "unemployed", "unit": "persons"}],
        leave_out=leave_out,
        **held,
    )
    understood = read(json.dumps(cube(axes, values)), table)
    lines: list[int] = []
    left_out = 0
    for batch in understood.delivery.batches:
        left_out += batch.left_out
        lines += [row["line"] for row in batch.accepted.to_pylist()]
        lines += [rejected.line for rejected in batch.rejected]
    assert len(lines) == len(set(lines))
    assert len(lines) + left_out == count


# --- Tables of one region ---------------------------------------------------------------------


def test_a_national_table_has_one_region_and_no_area_variable() -> None:
    table = tyonv_like(variables={"time": ["Kuukausi"]}, areas={"constant": "SSS"})
    rows, rejected, _ = outcome(
        read(json.dumps(cube({"Kuukausi": ["2025M01", "2025M02"]}, [1, 2])), table)
    )
    assert (list(rows), rejected) == ([("SSS", "2025-01"), ("SSS", "2025-02")], [])
    axes = {"Alue": ["SSS", "KU205"], "Kuukausi": ["2025M01"]}
    with pytest.raises(UnreadableDelivery, match="several values of 'Alue'"):
        read(json.dumps(cube(axes, [1, 2])), table)


@pytest.mark.parametrize(
    ("variables", "areas"),
    [
        ({"time": ["Vuosi"]}, {"accept": ["SSS"]}),
        ({"time": ["Vuosi"], "area": ["Alue"]}, {"constant": "SSS"}),
    ],
)
def test_a_table_has_an_area_variable_or_a_constant_region(
    variables: dict[str, Any], areas: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"areas\.constant"):
        tyonv_like(variables=variables, areas=areas)


# --- Symbols, periods and codes ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "status", "becomes"),
    [
        ("<5", None, (None, "Q", "A")),
        ("< 5", None, (None, "Q", "A")),
        ("1–4", None, (None, "Q", "A")),
        ("1-4", None, (None, "Q", "A")),
        ("NA", None, (None, "O", "F")),
        # Of a text and a status the one counts that withholds.
        ("..", "c", (None, "Q", "C")),
        ("...", "c", (None, "Q", "C")),
        ("~~~", "c", (None, "Q", "C")),
        ("...", "..", (None, "Q", "C")),
        ("...", "*", (None, "Q", "C")),
        ("..", "*", (None, "O", "F")),
        ("..", ".", (None, "M", "F")),
        ("~~~", "*", None),
        ("~~~", "..", None),
        ("..", "~~~", None),
        (5, "c", None),
    ],
)
def test_a_text_in_place_of_a_value_keeps_what_its_status_says(
    value: Any, status: str | None, becomes: tuple[Any, ...] | None
) -> None:
    table = tyonv_like(
        symbols={
            ".": {"obs_status": "M"},
            "..": {"obs_status": "O"},
            "...": {"obs_status": "Q", "conf_status": "C"},
            "c": {"obs_status": "Q", "conf_status": "C"},
            "*": {"obs_status": "P", "note": True},
        }
    )
    document = cube({"Alue": ["SSS"], "Kuukausi": ["2025M01"]}, [value], status=[status])
    rows, rejected, _ = outcome(read(json.dumps(document), table))
    assert list(rows.values()) == ([becomes] if becomes else [])
    assert len(rejected) == (0 if becomes else 1)


@pytest.mark.parametrize(
    ("indicator", "unit", "cadence", "period", "is_taken"),
    [
        ("population", "persons", "A", "2025", True),
        ("population", "persons", "A", "2025M12", False),
        ("population", "persons", "A", "2025K1", False),
        ("unemployed", "persons", "M", "2025M12", True),
        ("unemployed", "persons", "M", "2025", False),
        ("unemployed", "persons", "M", "2025-12-31", False),
        ("enterprises_started", "count", "Q", "2025K1", True),
        # The table says of itself that it is yearly.
        ("enterprises_started", "count", "A", "2025", True),
    ],
)
def test_a_period_of_another_frequency_than_the_indicators_is_rejected(
    indicator: str, unit: str, cadence: str, period: str, is_taken: bool
) -> None:
    table = tyonv_like(cadence=cadence, contents=[{"indicator": indicator, "unit": unit}])
    document = json.dumps(cube({"Alue": ["SSS"], "Kuukausi": [period]}, [1]))
    rows, rejected, _ = outcome(read(document, table))
    assert len(rows) == is_taken
    assert [column for _, column, _ in rejected] == ([] if is_taken else ["period"])
