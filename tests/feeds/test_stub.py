"""A stub is a description as soon as its gaps are filled, whatever the service calls its things."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.feeds.descriptions import (
    Service,
    SourceDescription,
    load_source,
    matching_variable,
)
from assets.feeds.selection import question_of
from assets.feeds.stub import CHOOSE, source_stub, table_stub
from assets.services.http import Caller, Patience, open_client
from assets.services.limiter import CallLimiter
from assets.services.pxweb import PxWeb
from assets.services.pxwebapi2 import PxWebApi2
from assets.services.tables import Metadata, Variable
from assets.vocabulary.periods import parse_period
from tests.services.local_service import Canned

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SERVICE = Service.model_validate({"kind": "pxweb", "base_url": "https://example.org/api"})
QUICK = Patience(attempts=1, first_wait=0.01)


def real(name: str) -> bytes:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"real file {name} is not beside the repository")
    return path.read_bytes()


def metadata(*variables: Variable, title: str = "Työttömät") -> Metadata:
    return Metadata(title, variables)


def finished(stub: str) -> str:
    """The stub with every gap filled as a person might fill it; measures get different ids."""
    number = count(1)

    def fill(gap: re.Match[str]) -> str:
        match gap[1]:
            case "cadence: ":
                return "cadence: A"
            case "indicator: ":
                return f"indicator: measure_{next(number)}"
            case "accept: [":
                return r"accept: ['\d+'"
        return f"{gap[1]}chosen"

    # A gap is a bare word; what the service itself calls so stands in quotes or in a comment.
    lines = [
        line if line.lstrip().startswith("#") else re.sub(rf"(\w+: \[?){CHOOSE}\b(?!')", fill, line)
        for line in stub.split("\n")
    ]
    return "\n".join(lines)


def described(stub: str) -> SourceDescription:
    head = source_stub("office", SERVICE, stub)
    return SourceDescription.model_validate(yaml.safe_load(finished(head)))


AREA = Variable("Alue", "Alue", ("SSS", "KU091", "KU837", "MK01", "MA1"))
TIME = Variable("timeperiod_m", "Kuukausi", ("2025M01", "2025M02"), time=True)
CONTENTS = Variable(
    "contentscode", "Tiedot", ("tyottomat", "tyovoima"), ("Työttömät: kaikki", "Työvoima")
)
AGE = Variable("ika", "Ikä", ("SSS", "0-14"), ("Yhteensä", "0–14"))


def entry_of(*variables: Variable) -> dict[str, Any]:
    stub = table_stub("tyonv_12r5", "StatFin/tyonv/12r5.px", metadata(*variables), "https://a.b/c")
    return dict(yaml.safe_load(stub)[0])


def test_each_variable_finds_its_part() -> None:
    entry = entry_of(AGE, CONTENTS, TIME, AREA)
    assert entry["variables"] == {
        "area": ["Alue"],
        "time": ["timeperiod_m"],
        "contents": ["contentscode"],
    }
    assert (entry["dataset"], entry["id"]) == ("tyonv_12r5", "StatFin/tyonv/12r5.px")
    assert entry["cadence"] == "M"
    assert entry["fixed"] == [{"variable": ["ika"], "value": "SSS"}]
    assert [content["codes"] for content in entry["contents"]] == [["tyottomat"], ["tyovoima"]]
    # MA1 is no region of the platform: what becomes of it is for a person to say.
    assert entry["areas"]["accept"] == [r"KU\d{3}", "SSS", r"MK\d{2}"]


def test_what_the_stub_says_is_what_is_asked() -> None:
    stub = table_stub("a", "a.px", metadata(AGE, CONTENTS, TIME, AREA), "https://a.b/c")
    (table,) = described(stub).described_tables
    question = question_of(table, metadata(AGE, CONTENTS, TIME, AREA))
    assert question.selection == {
        "ika": ("SSS",),
        "contentscode": CONTENTS.values,
        "timeperiod_m": TIME.values,
        "Alue": AREA.values,
    }


def test_a_code_that_carries_a_classification_is_described_without_its_day() -> None:
    entry = entry_of(TIME, Variable("alue_23_20260101", "Alue", AREA.values))
    assert entry["variables"]["area"] == ["alue_23_*"]


def test_a_day_stays_where_the_code_without_it_would_fit_two_variables() -> None:
    home, work = (
        Variable(f"alue_23_{day}", "Alue", AREA.values) for day in ("20250101", "20260101")
    )
    entry = entry_of(TIME, home, work)
    assert entry["variables"]["area"] == ["alue_23_20250101"]
    assert entry["fixed"] == [{"variable": ["alue_23_20260101"], "value": "SSS"}]


@pytest.mark.parametrize(
    ("values", "labels", "total"),
    [
        (("1", "2", "SSS"), ("Miehet", "Naiset", "Yhteensä"), "SSS"),
        (("0", "1"), ("0 år", "totalt, samtliga åldrar"), "1"),
        (("0", "1"), ("0-vuotiaat", "Ikäluokat yhteensä"), "1"),
        (("a", "b"), ("Miehet yhteensä", "Naiset yhteensä"), CHOOSE),
        # Age nought is no total.
        (("0", "1"), ("0", "1"), CHOOSE),
        (("T", "M"), ("", ""), "T"),
        (("x",), ("Ainoa",), "x"),
    ],
)
def test_a_total_is_known_by_its_label_before_its_code(
    values: tuple[str, ...], labels: tuple[str, ...], total: str
) -> None:
    entry = entry_of(TIME, AREA, Variable("luokka", "Luokka", values, labels))
    assert entry["fixed"] == [{"variable": ["luokka"], "value": total}]


def test_a_variable_that_the_service_sums_up_needs_no_value() -> None:
    summed = Variable("luokka", "Luokka", ("a", "b"), elimination=True)
    assert "fixed" not in entry_of(TIME, AREA, summed)


@pytest.mark.parametrize(
    ("values", "cadence"),
    [
        (("2024", "2025"), "A"),
        (("2025Q1", "2025Q2"), "Q"),
        (("2025W01", "2025W02"), CHOOSE),
        (("I/2025", "II/2025"), CHOOSE),
        ((), CHOOSE),
    ],
)
def test_a_cadence_is_told_only_where_it_is_one_of_the_platform(
    values: tuple[str, ...], cadence: str
) -> None:
    assert entry_of(Variable("aika", "Aika", values, time=True), AREA)["cadence"] == cadence


def test_an_id_that_yaml_would_read_as_a_number_stays_a_text() -> None:
    stub = table_stub("1001", "012", metadata(TIME, AREA), "https://a.b/c d")
    (entry,) = yaml.safe_load(stub)
    assert (entry["dataset"], entry["id"], entry["page"]) == ("1001", "012", "https://a.b/c%20d")


# -- the metadata of real services ---------------------------------------------------------------


def of_service(kind: str, answer: bytes, path: str, tmp_path: Path) -> Metadata:
    server = Canned({path: answer})
    try:
        limiter = CallLimiter(tmp_path, "service", max_calls=100)
        with Caller(limiter, open_client(2, 5), QUICK) as caller:
            client = PxWeb if kind == "pxweb" else PxWebApi2
            return client(caller, server.origin).metadata("table")
    finally:
        server.close()


def test_statistics_finlands_employment_table_says_that_it_has_no_areas(tmp_path: Path) -> None:
    answer = real("statfin-2026/api-metadata-employment.json")
    found = of_service("pxweb", answer, "/fi/table", tmp_path)
    stub = table_stub("tyti_135z", "StatFin/tyti/135z.px", found, "https://a.b/c")
    (entry,) = yaml.safe_load(stub)
    assert entry["variables"]["time"] == ["timeperiod_m"]
    assert entry["variables"]["area"] == [CHOOSE]
    assert entry["areas"]["accept"] == [CHOOSE]
    assert (entry["cadence"], len(entry["contents"])) == ("M", 21)
    assert "# Työllisyysaste, 15-64-vuotiaat, %, trendi" in stub
    assert len(described(stub).tables[0].contents) == 21


def test_statistics_swedens_table_finds_region_total_and_unit(tmp_path: Path) -> None:
    answer = real("pxwebapi2-scb/TAB6471_metadata.json")
    found = of_service("pxwebapi2", answer, "/tables/table/metadata", tmp_path)
    stub = table_stub("tab6471", "TAB6471", found, "https://a.b/c")
    (table,) = described(stub).described_tables
    assert (table.variables.area, table.variables.time) == (["Region"], ["Tid"])
    assert [(e.variable, e.value) for e in table.fixed] == [
        (["Alder"], "TotSA"),
        (["Kon"], "TotSa"),
    ]
    assert "# Folkmängden per månad, in antal" in stub
    assert r"\d{4}: 290, such as 0114" in stub
    assert len(question_of(table, found).selection["Region"]) == 312


def test_a_new_source_is_a_file_that_loads(tmp_path: Path) -> None:
    entry = table_stub("a", "a.px", metadata(TIME, AREA, CONTENTS), "https://a.b/c")
    path = tmp_path / "office.yaml"
    path.write_text(finished(source_stub("office", SERVICE, entry)), encoding="utf-8")
    source = load_source(path)
    assert (source.service, len(source.described_tables)) == (SERVICE, 1)


# -- whatever a service may say ------------------------------------------------------------------

#: Words as services write them, among them what YAML, patterns and comments stumble over.
AWKWARD = [
    "'", '"', "yes", "null", "012", "1:30", "*", "a*", "[b]", "?x", "{", "é'\\", "%d", "a: b",
    "# no", "- x", "a\nb", "\t", "\x07", "\x85", "\u2028", "  ", CHOOSE,
]  # fmt: skip
odd = st.one_of(
    st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
codes = odd.filter(bool)


@st.composite
def tables(draw: st.DrawFn) -> Metadata:
    names = draw(st.lists(codes, min_size=1, max_size=5, unique_by=str.casefold))
    periods = st.sampled_from(["2024", "2025Q1", "2025M12", "2025W01"])
    areas = st.sampled_from(["SSS", "KU091", "MK01", "MA1", "FI1B1"])
    variables = []
    for name in names:
        kind = draw(st.sampled_from([odd, odd, periods, areas]))
        values = draw(st.lists(kind, max_size=4, unique_by=str.casefold))
        variables.append(
            Variable(
                draw(st.sampled_from([name, name, f"{name}_20260101"])),
                draw(odd),
                tuple(values),
                tuple(draw(odd) for _ in values),
                elimination=draw(st.booleans()),
                time=draw(st.booleans()),
                units={value: draw(odd) for value in values if draw(st.booleans())},
            )
        )
    return Metadata(draw(odd), tuple(variables))


@given(table=tables(), name=codes, page=odd)
@settings(max_examples=80, deadline=None)
def test_a_finished_stub_is_always_a_description(table: Metadata, name: str, page: str) -> None:
    stub = table_stub("a_1", name, table, f"https://a.b/{page}")
    (entry,) = described(stub).described_tables
    assert entry.id == name
    fixed_values = {e.values[0] for e in entry.fixed}
    assert fixed_values <= {v for variable in table.variables for v in variable.values} | {"chosen"}


@given(table=tables())
@settings(max_examples=50, deadline=None)
def test_what_a_stub_fixes_and_names_is_there(table: Metadata) -> None:
    """Each alternative of a stub fits exactly the variable that it was written for."""
    (entry,) = yaml.safe_load(table_stub("a_1", "a.px", table, "https://a.b/c"))
    alternatives = [a for part in entry["variables"].values() for a in part]
    alternatives += [a for fixed in entry.get("fixed", []) for a in fixed["variable"]]
    known = [v.code for v in table.variables]
    found = [matching_variable([a], known) for a in alternatives if a != CHOOSE]
    assert None not in found
    assert len(found) == len(set(found))


@given(values=st.lists(st.from_regex(r"20[0-2][0-9]M(0[1-9]|1[0-2])", fullmatch=True), min_size=1))
@settings(max_examples=30)
def test_periods_are_known_without_a_mark(values: list[str]) -> None:
    entry = entry_of(Variable("x", "x", tuple(values)), AREA)
    assert entry["variables"]["time"] == ["x"]
    assert entry["cadence"] == parse_period(values[-1]).freq
