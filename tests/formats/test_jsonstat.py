"""The JSON-stat reader against real files, against every encoding, and against rubbish."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.formats.cube import Cube
from assets.formats.jsonstat import Link, read_dataset, read_document
from assets.vocabulary import UnreadableDelivery

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def real(name: str) -> Cube:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"real file {name} is not beside the repository")
    return read_dataset(path.read_bytes())


def plain(column: pa.Array | None, cube: Cube) -> list[str | None]:
    return [None] * len(cube.values) if column is None else column.to_pylist()


def numbers(cube: Cube) -> list[float | None]:
    return [None if math.isnan(value) else value for value in cube.values]


def small(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "id": ["area", "time"],
        "size": [2, 3],
        "dimension": {
            "area": {"category": {"index": {"KU091": 1, "SSS": 0}, "label": {"SSS": "Koko maa"}}},
            "time": {"category": {"index": ["2024", "2025", "2026"]}},
        },
        "value": [1, 2, 3, 4, None, 6.5],
    }
    return {key: value for key, value in (document | changes).items() if value is not ...}


def test_statfin_population_of_three_cities() -> None:
    cube = real("statfin-2026/api-query-three-cities.json")
    assert cube.shape == (3, 1, 1, 1, 1)
    assert cube.values[cube.cell({"alue_23_20260101": "KU091"})] == 694392
    area = cube.dimension("alue_23_20260101")
    assert (area.label, area.role, area.labels[1]) == ("Alue", "geo", "Helsinki")
    assert cube.dimension("timeperiod_y").role == "time"
    assert cube.updated == "2026-04-01T05:00:00Z"
    assert cube.dimension("contentscode").units["vaerak-vaesto"]["decimals"] == 0
    assert len(cube.notes) == 1
    assert "1.1.2026 aluejakoa" in area.notes[0]


def test_one_element_status_list_means_all_and_constant_dimension_needs_no_index() -> None:
    cube = real("jsonstat/canada.json")
    assert cube.shape == (1, 1, 20, 2, 3)
    assert plain(cube.status, cube) == ["a"] * 120
    women = {"age": "T", "concept": "POP", "sex": "F"}
    assert cube.values[cube.cell(women)] == 17571.3
    assert cube.dimension("country").labels == ("Canada",)


def test_oecd_statuses_stand_on_their_cells() -> None:
    cube = real("jsonstat/oecd.json")
    assert cube.shape == (1, 36, 12)
    statuses = plain(cube.status, cube)
    assert [n for n in range(24) if statuses[n] is not None] == [10, 11, 22, 23]
    assert cube.dimension("area").category_notes["DE"][0].startswith("Germany (code DE)")
    assert cube.values[0] == 5.943826289


def test_galicia_index_arrays() -> None:
    cube = real("jsonstat/galicia.json")
    assert len(cube.values) == 3960
    whole = {"birth": "T", "age": "T", "gender": "T", "time": "2001", "residence": "T"}
    assert cube.values[cube.cell(whole)] == 2695880


def test_hierarchy_is_kept_and_sparse_values_leave_the_rest_missing() -> None:
    cube = real("jsonstat/hierarchy.json")
    assert cube.shape == (132,)
    assert cube.dimensions[0].children["2"] == ("2.1", "2.2")
    assert np.isnan(cube.values).all()


def test_texts_that_are_no_numbers_are_kept_beside_the_values() -> None:
    cube = real("jsonstat/order.json")
    assert plain(cube.texts, cube)[cube.cell({"A": "1", "B": "2", "C": "3"})] == "A1B2C3"
    assert np.isnan(cube.values).all()


def test_scb_answer_of_a_newer_service_reads_alike() -> None:
    cube = real("pxwebapi2-scb/TAB6471_data.json")
    assert len(cube.values) == math.prod(cube.shape)


def version_1(**changes: Any) -> dict[str, Any]:
    modern = small(**changes)
    where = {"id": modern["id"], "size": [str(size) for size in modern["size"]]}
    rest = {key: modern[key] for key in modern.keys() - {"id", "size", "class", "version"}}
    return rest | {"dimension": modern["dimension"] | where | {"role": {"time": ["time"]}}}


def test_version_1_wrapper() -> None:
    cube = read_dataset({"dataset": version_1(status={"4": ".."})})
    assert cube.shape == (2, 3)
    assert cube.dimension("time").role == "time"
    assert plain(cube.status, cube) == [None] * 4 + ["..", None]


def test_a_bundle_gives_its_datasets_by_name() -> None:
    bundle = {
        "class": "bundle",
        "label": "two",
        "first": version_1(),
        "second": version_1(value=[9] * 6),
    }
    whole = read_document(json.dumps(bundle).encode())
    assert [(cube.name, cube.values[0]) for cube in whole.cubes] == [("first", 1), ("second", 9)]
    assert whole.links == ()
    with pytest.raises(UnreadableDelivery, match="holds 2 datasets"):
        read_dataset(bundle)


def test_a_collection_gives_what_it_holds_and_names_what_it_only_links_to() -> None:
    here, there = "https://example.org/here", "https://example.org/there"
    inner = {"class": "collection", "link": {"item": [small(value=[7] * 6), {"href": there}]}}
    items = [
        {"class": "dataset", "href": there, "label": "Elsewhere"},
        small(href=here),
        inner,
        {"class": "collection", "href": there},
    ]
    whole = read_document({"class": "collection", "link": {"item": items}})
    assert [(cube.name, cube.values[0]) for cube in whole.cubes] == [(here, 1), (None, 7)]
    assert whole.links == (
        Link(there, "dataset", "Elsewhere"),
        Link(there, None, None),
        Link(there, "collection", None),
    )


def test_a_collection_of_one_is_no_single_dataset_while_it_links_to_more() -> None:
    assert read_dataset({"class": "collection", "link": {"item": [small()]}}).shape == (2, 3)
    with pytest.raises(UnreadableDelivery, match="1 datasets and links to 1 more"):
        read_dataset({"class": "collection", "link": {"item": [small(), {"href": "x"}]}})


def test_the_error_in_one_of_several_datasets_says_in_which() -> None:
    with pytest.raises(UnreadableDelivery, match=r"'bad': .* 2 cells, but .* call for 6"):
        read_document({"good": version_1(), "bad": version_1(value=[1, 2])})


@pytest.mark.parametrize("sparse", [False, True])
def test_first_web_service_of_eurostat(sparse: bool) -> None:
    symbols: Any = [":", None, "b", None, ":", None]
    if sparse:
        symbols = {"0": ":", "2": "b", "4": ":"}
    labels = {":": "not available", "b": "break in time series"}
    old = version_1(status={"value": symbols, "category": {"label": labels}})
    old |= {"title": "GDP", "lastUpdateDate": 1446764400000, "value": [None, 2, 3, 4, None, 6]}
    cube = read_dataset(json.dumps({"nama_gdp_c": old}).encode())
    assert (cube.name, cube.label, cube.updated) == ("nama_gdp_c", "GDP", "2015-11-05T23:00:00Z")
    assert plain(cube.status, cube) == [":", None, "b", None, ":", None]
    assert numbers(cube) == [None, 2, 3, 4, None, 6]
    assert cube.status_labels == labels


def test_flags_of_eurostat_today() -> None:
    labels = {"p": "provisional", "e": "estimated"}
    cube = read_dataset(
        small(
            value={"0": 27.8, "5": 3},
            status={"0": "p", "3": "e"},
            extension={"lang": "EN", "status": {"label": labels}},
        )
    )
    assert numbers(cube) == [27.8, None, None, None, None, 3]
    # A status stands beside a value as well as where there is none.
    assert plain(cube.status, cube) == ["p", None, None, "e", None, None]
    assert cube.status_labels == labels


def test_numbers_and_texts_may_be_mixed() -> None:
    cube = read_dataset(small(value=[1, " 2.5 ", "..", None, 2**70, ""]))
    assert numbers(cube) == [1, 2.5, None, None, float(2**70), None]
    assert plain(cube.texts, cube) == [None, None, "..", None, None, None]
    cube = read_dataset(small(value={"4": "x", "1": 3}))
    assert numbers(cube) == [None, 3, None, None, None, None]
    assert plain(cube.texts, cube) == [None] * 4 + ["x", None]


@pytest.mark.parametrize(
    "listed",
    [
        "1,,3,4,5,6",
        "1,2,3,4,5,",
        ",2,3,4,5,6",
        "1,2,3,4,5,nul",
        "1,2,3 4,5,6,7",
        "1,2,3,4,--5,6",
        "1, ,3,4,5,6",
        "1,2,3,4,5, ",
    ],
)
def test_a_broken_list_of_values_is_not_json(listed: str) -> None:
    body = json.dumps(small(value="HERE")).replace('"HERE"', f"[{listed}]")
    with pytest.raises(UnreadableDelivery, match="not JSON"):
        read_dataset(body.encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"label": 'the "value":[9,9,9,9,9,9] in a text'},
        {"label": 'ends with "value'},
        {"status": {"value": [None] * 6}},
        {"extension": {"value": [9, 9, 9, 9, 9, 9]}},
        {"extension": {'a "value': [9, 9, 9, 9, 9, 9]}},
        {"extension": {"value": [{"value": [9, 9]}]}},
    ],
)
def test_only_the_value_of_the_dataset_is_its_value(changes: dict[str, Any]) -> None:
    document = {key: small(**changes)[key] for key in sorted(small(**changes))}
    assert numbers(read_dataset(json.dumps(document).encode())) == [1, 2, 3, 4, None, 6.5]


def test_arrow_table_has_codes_labels_value_and_status() -> None:
    table = read_dataset(small(status={"4": "..."})).to_arrow(labels=True)
    assert table.column_names == ["area", "area_label", "time", "time_label", "value", "status"]
    assert pa.types.is_dictionary(table.schema.field("area").type)
    assert table.slice(4, 1).to_pylist() == [
        {
            "area": "KU091",
            "area_label": "KU091",
            "time": "2025",
            "time_label": "2025",
            "value": None,
            "status": "...",
        }
    ]


@pytest.mark.parametrize(
    ("document", "code", "says"),
    [
        (b"", "file_empty", "is empty"),
        (b"<!DOCTYPE html><html>", "not_the_format", "web page"),
        (b'{"class":"dataset"', "not_json", "not JSON"),
        (b"\xff\xfe\x00", "not_json", "not JSON"),
        (b"[]", "json_of_another_kind", "a list at 'document'"),
        (b"{}", "not_jsonstat", "there is no 'dimension' in ''"),
        ({"dataset": {"value": [1]}}, "not_jsonstat", "there is no 'dimension' in 'dataset'"),
        ({"class": "bundle"}, "not_one_dataset", "holds 0 datasets"),
        (
            {"class": "bundle", "a": version_1(), "b": 5},
            "not_jsonstat",
            "there is no 'dimension' in 'b'",
        ),
        ({"class": "dimension"}, "jsonstat_class", "of class 'dimension'"),
        ({"class": []}, "json_of_another_kind", "a list at 'class'"),
        ({"class": "collection", "link": []}, "json_of_another_kind", "a list at 'document.link'"),
        (
            {"class": "collection", "link": {"item": [5]}},
            "json_of_another_kind",
            "a number at 'link.item[0]'",
        ),
        (
            {"error": [{"status": 400, "label": "No results found"}]},
            "answer_is_an_error",
            "service: No results found",
        ),
        ({"warning": {"label": "ASYNCHRONOUS"}}, "answer_is_an_error", "service: ASYNCHRONOUS"),
        (small(value=[1, 2, 3, 4, 5, 10**400]), "value_too_large", "cell 5 that is too large"),
        (
            small(value=["1", "2", "1e999", "4", "5", "6"]),
            "value_too_large",
            "cell 2 that is too large",
        ),
        (
            b'{"id":["a"],"size":[2],"dimension":{"a":{"category":{"index":["b","c"]}}},'
            b'"value":[1,1e999]}',
            "value_too_large",
            "too large",
        ),
        (small(value=[1, 2]), "cells_missing", "2 cells, but its variables call for 6"),
        (small(value=...), "json_of_another_kind", "nothing at 'value' where a list or an object"),
        (small(value={"6": 1}), "place_beyond", "number 6 of 'value', which only goes up to 5"),
        (small(value={"x": 1}), "not_a_place", "'x' at 'value'"),
        (small(value=[1, 2, 3, 4, True, 6]), "json_of_another_kind", "true or false at 'value[4]'"),
        (small(value=[1, 2, 3, 4, [5], 6]), "json_of_another_kind", "a list at 'value[4]'"),
        (small(value={"5": {}}), "json_of_another_kind", "an object at 'value[5]'"),
        (small(status=["a", "b"]), "lists_differ", "6 entries in 'value' but 2 in 'status'"),
        (small(status={"9": "a"}), "place_beyond", "number 9 of 'status'"),
        (small(status={"1": []}), "json_of_another_kind", "a list at 'status'"),
        (small(size=[2]), "lists_differ", "2 entries in 'id' but 1 in 'size'"),
        (small(size=[2, -3]), "json_of_another_kind", "at 'size[1]'"),
        (
            small(size=[3, 3]),
            "lists_differ",
            "3 entries in 'size' but 2 in 'category' of the variable 'area'",
        ),
        (small(id=["area", "area"]), "variable_twice", "two variables named 'area'"),
        (small(id=["area", "when"]), "json_of_another_kind", "nothing at 'dimension.when'"),
        (
            small(
                dimension=small()["dimension"] | {"area": {"category": {"index": {"a": 0, "b": 2}}}}
            ),
            "place_beyond",
            "number 2 of 'dimension.area.category.index'",
        ),
        (
            small(
                dimension=small()["dimension"] | {"area": {"category": {"index": {"a": 0, "b": 0}}}}
            ),
            "place_twice",
            "two entries for number 0 of 'dimension.area.category.index'",
        ),
        (
            small(
                dimension=small()["dimension"]
                | {"area": {"category": {"label": {"a": "A", "b": "B"}}}}
            ),
            "order_not_given",
            "gives no index",
        ),
    ],
)
def test_an_error_says_what_is_wrong_and_where(document: Any, code: str, says: str) -> None:
    with pytest.raises(UnreadableDelivery) as caught:
        read_dataset(document)
    assert (caught.value.reason.kind, says in str(caught.value)) == (code, True)


def test_a_declared_giant_is_refused_before_memory_is_taken() -> None:
    codes = [str(n) for n in range(1000)]
    giant = {
        "id": ["a", "b", "c"],
        "size": [1000, 1000, 1000],
        "dimension": {name: {"category": {"index": codes}} for name in "abc"},
        "value": {},
    }
    with pytest.raises(UnreadableDelivery, match="1000000000 cells"):
        read_dataset(giant)


CODES = st.lists(
    st.text(min_size=1, max_size=6).filter(lambda text: "\x00" not in text),
    min_size=1,
    max_size=4,
    unique=True,
)
NUMBERS = (
    st.none()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, width=64).filter(math.isfinite)
)


ABOUT = {"class", "version", "label", "note", "source", "updated", "href", "extension", "link"}
ABOUT |= {"dimension", "error", "warning"}


@st.composite
def encoded_cubes(draw: st.DrawFn) -> tuple[Any, ...]:
    """A random cube and one random way to write it down."""
    axes = draw(st.lists(CODES, min_size=1, max_size=3))
    ids = draw(st.permutations([f"v{n}" for n in range(len(axes))]))
    count = math.prod(map(len, axes))
    values = draw(st.lists(NUMBERS, min_size=count, max_size=count))
    symbol = st.none() | st.sampled_from([".", "..", "...", "p", "c"])
    statuses = draw(st.lists(symbol, min_size=count, max_size=count))
    dimension = {}
    for code, axis in zip(ids, axes, strict=True):
        form = draw(st.sampled_from(["array", "object", "text"] + ["none"] * (len(axis) == 1)))
        category: dict[str, Any] = {"label": {c: f"label of {c}" for c in axis}}
        if form == "array":
            category["index"] = axis
        elif form != "none":
            numbered = list(enumerate(axis))
            category["index"] = {
                c: str(n) if form == "text" else n for n, c in draw(st.permutations(numbered))
            }
        dimension[code] = {"category": category}
    written: Any = values
    how = draw(st.sampled_from(["dense", "sparse", "sparse_with_null", "strings"]))
    if how == "strings":
        written = [None if v is None else repr(v) for v in values]
    elif how == "sparse":
        written = {str(n): v for n, v in enumerate(values) if v is not None}
    elif how == "sparse_with_null":
        written = {str(n): v for n, v in enumerate(values)}
    status: Any = statuses
    if draw(st.booleans()):
        status = {str(n): s for n, s in enumerate(statuses) if s is not None}
    elif draw(st.booleans()):
        one = draw(st.sampled_from(["a", "p"]))
        statuses, status = [one] * count, draw(st.sampled_from([one, [one]]))
    sizes = [len(axis) for axis in axes]
    body: dict[str, Any] = {"value": written, "status": status, "dimension": dimension}
    where = {"id": list(ids), "size": draw(st.sampled_from([sizes, [str(s) for s in sizes]]))}
    modern = {"class": "dataset", **where, **body}
    older = body | {"dimension": dimension | where}
    name = draw(st.text(max_size=5).filter(lambda text: text not in ABOUT))
    document = draw(
        st.sampled_from(
            [
                modern,
                {"dataset": older},
                {name: older},
                {"class": "bundle", name: older},
                {"class": "collection", "link": {"item": [modern]}},
            ]
        )
    )
    return document, axes, values, statuses


@settings(max_examples=200, deadline=None)
@given(encoded_cubes(), st.sampled_from(["object", "bytes", "compact"]))
def test_every_encoding_gives_the_same_cube(encoded: tuple[Any, ...], form: str) -> None:
    document, axes, values, statuses = encoded
    if form != "object":
        separators = (",", ":") if form == "compact" else None
        document = json.dumps(document, separators=separators).encode()
    cube = read_dataset(document)
    assert [list(d.codes) for d in cube.dimensions] == axes
    assert numbers(cube) == [None if v is None else float(v) for v in values]
    assert plain(cube.status, cube) == statuses
    assert cube.texts is None
    table = cube.to_arrow(labels=True)
    cells = itertools.product(*axes)
    assert table.select([d.code for d in cube.dimensions]).to_pylist() == [
        {d.code: code for d, code in zip(cube.dimensions, cell, strict=True)} for cell in cells
    ]
    assert table["value"].to_pylist() == numbers(cube)
    assert table["status"].to_pylist() == statuses


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def only_unreadable(document: Any) -> None:
    try:
        whole = read_document(document)
    except UnreadableDelivery:
        return
    for cube in whole.cubes:
        cube.to_arrow(labels=True)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_unreadable_at_worst(document: bytes) -> None:
    only_unreadable(document)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [
            "value",
            "status",
            "size",
            "id",
            "role",
            "note",
            "dimension",
            "label",
            "updated",
            "class",
            "extension",
            "error",
            "link",
        ]
    ),
    JSON,
)
def test_arbitrary_json_is_unreadable_at_worst(part: str, rubbish: Any) -> None:
    document = small(**{part: rubbish})
    only_unreadable(document)
    only_unreadable(rubbish)
    only_unreadable({"name": document, "class": "bundle"})
    only_unreadable({"class": "collection", "link": {"item": [document, rubbish]}})
    only_unreadable({"class": "collection", "link": rubbish})


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["index", "label", "child", "unit", "note"]), JSON)
def test_arbitrary_categories_are_unreadable_at_worst(part: str, rubbish: Any) -> None:
    document = small()
    document["dimension"]["area"]["category"][part] = rubbish
    only_unreadable(document)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_are_unreadable_at_worst(data: st.DataObject) -> None:
    separators = data.draw(st.sampled_from([None, (",", ":")]))
    body = bytearray(json.dumps(small(status={"4": ".."}), separators=separators).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    only_unreadable(bytes(body))


def test_deep_nesting_is_unreadable_at_worst() -> None:
    only_unreadable(b'{"dimension":' * 100_000)
    only_unreadable(b"[" * 900 + b"]" * 900)
    deep: Any = 0
    for _ in range(5000):
        deep = [deep]
    only_unreadable(small(value=[1, 2, 3, 4, 5, deep]))
    nested: Any = small()
    for _ in range(5000):
        nested = {"class": "collection", "link": {"item": [nested]}}
    assert len(read_document(nested).cubes) == 1
    only_unreadable(b'{"value":[1' * 100_000)
