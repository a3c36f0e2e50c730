"""The Sotkanet reader against both forms of its answers, against every way to write them, and
against rubbish.
"""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.formats.cube import CodedRows
from assets.formats.sotkanet import read_regions, read_sotkanet
from assets.vocabulary import UnreadableDelivery

REGIONS = json.dumps(
    [
        {"id": 658, "code": "358", "category": "MAA", "title": {"fi": "Suomi", "en": "Finland"}},
        {"id": 46, "code": "091", "category": "KUNTA", "title": {"fi": "Helsinki"}},
        {"id": "271", "code": 837, "category": "KUNTA", "title": {"sv": "Tammerfors"}},
        # Told twice, and once without an official code.
        {"id": 46, "code": "091", "category": "KUNTA", "title": {"fi": "Helsinki"}},
        {"id": 1042, "code": None, "category": "ERVA", "title": None},
        # A second internal id of a region that is there already.
        {"id": 47, "code": "091", "category": "KUNTA", "title": {"fi": "Helsinki"}},
    ]
).encode()

POPULATION = b"""indicator;region;year;gender;primary value;absolute value
127;658;2019;total;5525292.0;5525292
127;46;2019;total;653835.0;653835
127;46;2020;total;656920.0;656920
127;9999;2020;male;12,5;
127;271;2020;total;;241009
"""


def codes(rows: CodedRows, code: str) -> list[str]:
    """The code of every row in one dimension."""
    at = [dimension.code for dimension in rows.dimensions].index(code)
    return [rows.dimensions[at].codes[place] for place in rows.index[at]]


def numbers(rows: CodedRows) -> list[float | None]:
    return [None if math.isnan(value) else value for value in rows.values.tolist()]


def test_an_answer_becomes_coded_rows_in_its_own_order() -> None:
    rows = read_sotkanet(POPULATION, REGIONS)
    assert [(d.code, d.role) for d in rows.dimensions] == [
        ("indicator", "metric"),
        ("region", "geo"),
        ("year", "time"),
        ("gender", None),
    ]
    assert codes(rows, "indicator") == ["127"] * 5
    assert codes(rows, "region") == ["MAA:358", "KUNTA:091", "KUNTA:091", "ID:9999", "KUNTA:837"]
    assert codes(rows, "year") == ["2019", "2019", "2020", "2020", "2020"]
    assert codes(rows, "gender") == ["total"] * 3 + ["male", "total"]
    assert numbers(rows) == [5525292, 653835, 656920, 12.5, None]
    assert rows.status is None
    assert rows.texts is None


def test_regions_have_names_and_an_unknown_one_stays_visible() -> None:
    region = read_sotkanet(POPULATION, REGIONS).dimensions[1]
    assert dict(zip(region.codes, region.labels, strict=True)) == {
        "MAA:358": "Suomi",
        "KUNTA:091": "Helsinki",
        "ID:9999": "ID:9999",
        "KUNTA:837": "Tammerfors",
    }
    assert read_sotkanet(POPULATION, REGIONS, language="en").dimensions[1].labels[0] == "Finland"


def test_the_absolute_value_can_be_read_instead() -> None:
    rows = read_sotkanet(POPULATION, REGIONS, value="absolute")
    assert numbers(rows) == [5525292, 653835, 656920, None, 241009]
    without = b"region;year;primary.value\n46;2020;1\n"
    assert numbers(read_sotkanet(without, REGIONS)) == [1]
    with pytest.raises(UnreadableDelivery, match=r"no column for absolute value.*primary"):
        read_sotkanet(without, REGIONS, value="absolute")


def test_an_internal_id_that_has_no_code_is_kept_as_an_id() -> None:
    rows = read_sotkanet(b"region;year;value\n1042;2020;1\n;2020;2\n", REGIONS)
    assert codes(rows, "region") == ["ID:1042", "ID:"]


def test_two_internal_ids_of_one_region_are_one_code() -> None:
    rows = read_sotkanet(b"region;year;value\n46;2020;1\n47;2020;2\n46;2021;3\n", REGIONS)
    assert rows.dimensions[0].codes == ("KUNTA:091",)
    assert rows.index[0].tolist() == [0, 0, 0]


def test_indicator_and_gender_may_be_left_out() -> None:
    rows = read_sotkanet(b"value;year;region\n7;2020;46", REGIONS)
    assert [dimension.code for dimension in rows.dimensions] == ["region", "year"]


def test_values_that_are_no_numbers_are_kept_beside_the_numbers() -> None:
    document = (
        b"region;year;value\n46;2020;..\n46;2021; 5 \n46;2022;1e999\n46;2023;-,5\n46;2024;.\n"
    )
    rows = read_sotkanet(document, REGIONS)
    assert numbers(rows) == [None, 5, None, -0.5, None]
    assert rows.texts is not None
    assert rows.texts.to_pylist() == ["..", None, "1e999", None, "."]


def test_an_unclosed_quote_swallows_no_lines() -> None:
    rows = read_sotkanet(b'region;year;value\n46;2020;"1\n"46";2021;"2"\n46;2022;3\n', REGIONS)
    assert codes(rows, "year") == ["2020", "2021", "2022"]
    assert numbers(rows) == [1, 2, 3]


@pytest.mark.parametrize(
    "document",
    [b"indicator;region;year;gender;primary value", b"region;year;value\r\n\r\n", b"[]", b" [ ] "],
)
def test_years_without_data_are_an_answer_without_rows(document: bytes) -> None:
    rows = read_sotkanet(document, REGIONS)
    assert len(rows.values) == 0
    assert all(len(places) == 0 for places in rows.index)
    assert rows.to_arrow().num_rows == 0


def test_the_json_form_says_the_same() -> None:
    document = json.dumps(
        [
            {"indicator": 127, "region": 658, "year": 2019, "gender": "total", "value": 5525292},
            {"indicator": 127, "region": 46, "year": 2019, "gender": "total", "absValue": 653835},
            {"indicator": 127, "region": 9, "year": 2020, "gender": "total", "value": None},
        ]
    ).encode()
    rows = read_sotkanet(document, REGIONS)
    assert codes(rows, "region") == ["MAA:358", "KUNTA:091", "ID:9"]
    assert numbers(rows) == [5525292, None, None]
    assert numbers(read_sotkanet(document, REGIONS, value="absolute")) == [None, 653835, None]


@pytest.mark.parametrize(
    ("document", "code", "says"),
    [
        (b"", "file_empty", "is empty"),
        (b"\xef\xbb\xbf \n", "file_empty", "is empty"),
        (b"<html><body>Huolto</body></html>", "not_the_format", "a web page"),
        # Population by municipality, as others pass it on.
        (
            b"municipality_code,primary.value,year\n435,915,2002\n",
            "columns_missing",
            "no column for region and year",
        ),
        (b"region;year\n1;2\n", "columns_missing", "no column for primary value"),
        (b"region;year;value;VALUE\n1;2;3;4\n", "variable_twice", "two variables named 'primary'"),
        (
            b"region;year;value\n1;2;3\n1;2\n",
            "line_of_other_width",
            "2 fields on line 3, but its header row names 3",
        ),
        (
            b"region;year;value\n\n1;2;3;4\n",
            "line_of_other_width",
            "4 fields on line 3, but its header row names 3",
        ),
        (b"region;year;value\n1;2;\xff\n", "not_utf8", "on line 2"),
        (b"region;year;\xff\n1;2;3\n", "not_utf8", "on line 1"),
        (
            b'{"error": "Indicator not found"}',
            "answer_is_an_error",
            "error of the service: Indicator not found",
        ),
        (
            b'[{"region": 1, "year": 2020, "value": 1}, 5]',
            "json_of_another_kind",
            "a number at '\\[2\\]'",
        ),
        (
            b'[{"region": [1], "year": 2020, "value": 1}]',
            "json_of_another_kind",
            "a list at '\\[1\\].region'",
        ),
        (
            b'[{"region": 1, "year": 2020, "value": true}]',
            "json_of_another_kind",
            "true or false at '\\[1\\].value'",
        ),
        (b'[{"region": 1, "year": 2020, "val', "not_json", "is not JSON"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(document: bytes, code: str, says: str) -> None:
    with pytest.raises(UnreadableDelivery, match=says) as refused:
        read_sotkanet(document, REGIONS)
    assert refused.value.reason.kind == code


@pytest.mark.parametrize(
    ("regions", "code", "says"),
    [
        (b"", "file_empty", "is empty"),
        (b"{}", "json_of_another_kind", "an object at 'regions' where a list"),
        (b"[null]", "json_of_another_kind", "nothing at 'regions\\[1\\]'"),
        (b'[{"id": null, "code": "1"}]', "json_of_another_kind", "nothing at 'regions\\[1\\].id'"),
        (b'[{"id": {}, "code": "1"}]', "json_of_another_kind", "an object at 'regions\\[1\\].id'"),
        (
            b'[{"id": 1, "title": {"fi": ["x"]}}]',
            "json_of_another_kind",
            "a list at 'regions\\[1\\].title'",
        ),
        (
            b'[{"id": 1, "code": "1", "category": "KUNTA"},'
            b' {"id": "1", "code": "2", "category": "KUNTA"}]',
            "sotkanet_region_twice",
            "id 1 twice: as KUNTA:1 and, in entry 2, as KUNTA:2",
        ),
    ],
)
def test_a_list_of_regions_that_cannot_be_used_says_where_and_why(
    regions: bytes, code: str, says: str
) -> None:
    for read in (read_regions, lambda content: read_sotkanet(POPULATION, content)):
        with pytest.raises(UnreadableDelivery, match=says) as refused:
            read(regions)
        assert refused.value.reason.kind == code


NAMES = {
    "indicator": ["indicator", "Indicator"],
    "region": ["region", "REGION"],
    "year": ["year"],
    "gender": ["gender", '"gender"'],
    "primary": ["primary value", "primary.value", "primary_value", "value"],
    "absolute": ["absolute value", "absolute.value", "absValue"],
    "note": ["note"],
}
OBSERVATIONS = st.lists(
    st.fixed_dictionaries(
        {
            "indicator": st.sampled_from(["127", "5"]),
            "region": st.sampled_from(["658", "46", "271", "77"]),
            "year": st.integers(1900, 2100).map(str),
            "gender": st.sampled_from(["male", "female", "total"]),
            "primary": st.none() | st.floats(-1e9, 1e9).map(lambda number: round(number, 3)),
            "absolute": st.none() | st.integers(0, 10**9),
            "note": st.text("abcå .,", max_size=4),
        }
    ),
    max_size=20,
)


@settings(max_examples=80, deadline=None)
@given(
    observations=OBSERVATIONS,
    chance=st.randoms(use_true_random=False),
    end=st.sampled_from(["\n", "\r\n"]),
    comma=st.booleans(),
    quoted=st.booleans(),
    bom=st.booleans(),
    last_end=st.booleans(),
)
def test_every_way_to_write_a_table_reads_the_same(
    observations: list[dict[str, Any]],
    chance: random.Random,
    end: str,
    comma: bool,
    quoted: bool,
    bom: bool,
    last_end: bool,
) -> None:
    columns = list(NAMES)
    chance.shuffle(columns)

    def written(value: Any) -> str:
        text = "" if value is None else str(value)
        if comma and isinstance(value, float):
            text = text.replace(".", ",")
        return f'"{text}"' if quoted else text

    lines = [";".join(chance.choice(NAMES[column]) for column in columns)]
    lines += [";".join(written(row[column]) for column in columns) for row in observations]
    text = end.join(lines) + (end if last_end else "")
    rows = read_sotkanet(text.encode("utf-8-sig" if bom else "utf-8"), REGIONS)
    keys = {"658": "MAA:358", "46": "KUNTA:091", "271": "KUNTA:837", "77": "ID:77"}
    assert codes(rows, "region") == [keys[row["region"]] for row in observations]
    for column in ("indicator", "year", "gender"):
        assert codes(rows, column) == [row[column] for row in observations]
    assert numbers(rows) == [row["primary"] for row in observations]
    absolute = read_sotkanet(text.encode(), REGIONS, value="absolute")
    assert numbers(absolute) == [row["absolute"] for row in observations]

    entries = [{key: row[key] for key in NAMES if key != "primary"} for row in observations]
    for entry, row in zip(entries, observations, strict=True):
        entry["value"] = row["primary"]
    as_json = read_sotkanet(json.dumps(entries).encode(), REGIONS)
    for column in ("indicator", "region", "year", "gender"):
        assert codes(as_json, column) == codes(rows, column)
    assert numbers(as_json) == numbers(rows)


PIECES = st.sampled_from(
    [
        b"region", b"year", b"value", b"gender", b"primary value", b";", b"\n", b"\r", b"\r\n",
        b'"', b"46", b"2020", b"1e9", b"1e999", b"-", b",", b".", b"\xff", b"\x00", b"\xef\xbb\xbf",
        b"[", b"]", b"{", b"}", b'"region":', b'"year":', b'"value":', b"null", b"true",
        b"\xed\xa0\x80", b'\\ud800', b"region;year;value\n", b'[{"region":1,"year":2,"value":',
        b'"\\ud800"', b"9" * 400,
    ]
)  # fmt: skip
RUBBISH = st.one_of(
    st.binary(max_size=80), st.text(max_size=40).map(str.encode), st.lists(PIECES).map(b"".join)
)


@settings(max_examples=300, deadline=None)
@given(document=RUBBISH, regions=RUBBISH | st.just(REGIONS))
def test_rubbish_is_read_or_becomes_the_one_error(document: bytes, regions: bytes) -> None:
    try:
        rows = read_sotkanet(document, regions)
    except UnreadableDelivery:
        return
    assert len({len(rows.values), *map(len, rows.index)}) == 1
    assert not any(math.isinf(value) for value in rows.values)
    assert rows.to_arrow(labels=True).num_rows == len(rows.values)
