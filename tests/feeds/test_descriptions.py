"""Source descriptions: those that are there, and errors that name file, line and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.errors import TilannekuvaError
from assets.feeds.descriptions import (
    Areas,
    FixedVariable,
    SourceDescription,
    TableDescription,
    load_source,
    load_sources,
    load_tables,
    matching_variable,
)

TEXT = """\
source: statfin
service:
  kind: pxweb
  base_url: https://example.test/api/v1
licence: CC BY 4.0
contact: somebody
areas:
  accept: [SSS]
symbols:
  ".": {obs_status: M}
tables:
  - dataset: one
    id: a/one.px
    title: One
    page: https://example.test/one
    cadence: M
    variables: {area: [alue], time: [kuukausi], contents: [tiedot]}
    contents:
      - {codes: [A], indicator: unemployed, unit: persons}
  - dataset: two
    id: a/two.px
    title: Two
    page: https://example.test/two
    cadence: A
    variables: {area: [alue], time: [vuosi]}
    contents:
      - {indicator: population, unit: persons}
    areas: {codes: {FI1: SSS}}
    symbols:
      ".": {obs_status: O}
      "x": {obs_status: Q, conf_status: C}
"""


def written(folder: Path, text: str = TEXT, name: str = "statfin.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_described_source_loads_and_its_tables_are_told_apart() -> None:
    sources = load_sources()
    tables = load_tables()
    assert {"statfin.tyonv_12r5"} <= set(tables)
    assert len(tables) == sum(len(source.described_tables) for source in sources.values())
    assert len({table.digest for table in tables.values()}) == len(tables)


def test_the_employment_table_gives_three_measures(tyonv: TableDescription) -> None:
    assert [(c.indicator, c.unit) for c in tyonv.contents] == [
        ("unemployed", "persons"),
        ("labour_force", "persons"),
        ("open_vacancies", "count"),
    ]
    assert tyonv.id == "StatFin/tyonv/12r5.px"
    assert tyonv.symbols["..."].conf_status == "C"


def test_a_table_has_what_its_source_says_of_all_and_what_it_says_itself(tmp_path: Path) -> None:
    one, two = load_source(written(tmp_path)).described_tables
    assert (one.areas.accept, one.symbols["."].obs_status) == (["SSS"], "M")
    assert (two.areas.codes, two.symbols["."].obs_status) == ({"FI1": "SSS"}, "O")
    assert (two.symbols["x"].conf_status, two.source, two.licence) == ("C", "statfin", "CC BY 4.0")


@pytest.mark.parametrize(
    ("areas", "code", "region", "is_left_out"),
    [
        ({"accept": [r"KU\d{3}"], "leave_out": [r"ELY\d+"]}, "KU091", "KU091", False),
        ({"accept": [r"KU\d{3}"], "leave_out": [r"ELY\d+"]}, "KU0911", None, False),
        ({"accept": [r"KU\d{3}"], "leave_out": [r"ELY\d+"]}, "ELY01", None, True),
        ({"accept": [r"KU\d{3}"], "leave_out": [r"KU\d+"]}, "KU091", "KU091", False),
        ({"rewrite": {r"KUNTA:(\d{3})": r"KU\1"}}, "KUNTA:091", "KU091", False),
        ({"rewrite": {r"KUNTA:(\d{3})": r"KU\1"}}, "KUNTA:91", None, False),
        ({"codes": {"FI1B1": "MK01"}, "accept": ["SSS"]}, "FI1B1", "MK01", False),
        ({"names": "MK", "leave_out": ["Ulkomaat"]}, "Uusimaa", "Uusimaa", False),
        ({"names": "MK", "leave_out": ["Ulkomaat"]}, "Ulkomaat", None, True),
    ],
)
def test_areas_are_taken_left_out_or_neither(
    areas: dict[str, Any], code: str, region: str | None, is_left_out: bool
) -> None:
    described = Areas.model_validate(areas)
    assert (described.region_of(code), described.leaves_out(code)) == (region, is_left_out)


def test_a_fixed_variable_is_held_at_the_first_alternative_that_is_there() -> None:
    fixed = FixedVariable(variable=["sukupuoli*"], value=["SSS", "yhteensä"])
    assert fixed.chosen(["1", "2", "Yhteensä"]) == "Yhteensä"
    assert fixed.chosen(["yhteensä", "SSS"]) == "SSS"
    assert fixed.chosen(["1", "2"]) is None


def test_no_dot_symbol_of_any_table_stands_for_a_number() -> None:
    for table in load_tables().values():
        for symbol, meaning in table.symbols.items():
            if set(symbol) == {"."}:
                assert meaning.value is None
                assert not meaning.note


def test_the_first_alternative_that_is_there_counts(tyonv: TableDescription) -> None:
    codes = ["tyonv-tyottomat", "avpaikatlopussa", "TYOTTOMATLOPUSSA", "TYOTOSUUS"]
    found = tyonv.content_of(codes)
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
    ("old", "new", "line", "says"),
    [
        ("cadence: M", "cadence: W", 16, "tables.0.cadence"),
        ("dataset: one", "dataset: One", 12, "tables.0.dataset"),
        ("title: Two", "title: Two\n    colour: blue", 23, "tables.1.colour"),
        ("accept: [SSS]", 'accept: ["KU("]', 8, "not a regular expression"),
        ('".": {obs_status: M}', '".": {obs_status: "?"}', 10, "symbols...obs_status"),
        (
            '".": {obs_status: M}',
            '".": {obs_status: A, value: 0, note: true}',
            10,
            "a note on a value or stands for one, not both",
        ),
        ("{codes: [A], indic", "{indic", 12, "needs codes in each content"),
        ("- {indicator: population", "- {codes: [B], indicator: population", 20, "without codes"),
        ("codes: [A]", "codes: [A, a]", 12, "content code 'a' is given twice"),
        ("indicator: population", "status: Q, indicator: population", 27, "there is no value"),
        ("indicator: population", "status: X, indicator: population", 27, "contents.0.status"),
        ("dataset: two", "dataset: one", 1, "the dataset one is described twice"),
        ("areas:\n  accept: [SSS]\n", "", 1, "tables.0 (one) has no areas"),
        ("kind: pxweb", "kind: file", 1, "says its format"),
        ("kind: pxweb", "kind: prh", 1, "has a registry"),
        ("cadence: A", 'cadence: A\n    since: "soon"', 25, "tables.1.since"),
    ],
)
def test_an_error_names_file_line_and_field(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in TEXT
    with pytest.raises(TilannekuvaError) as caught:
        load_source(written(tmp_path, TEXT.replace(old, new)))
    told = str(caught.value)
    assert told.startswith("statfin.yaml is wrong: ")
    assert f"line {line}," in told
    assert says in told


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: [", "- 1\n", "", "\x00"])
def test_yaml_that_is_no_description_is_an_error_of_that_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(TilannekuvaError, match=r"statfin\.yaml"):
        load_source(written(tmp_path, text))


def test_a_content_has_normal_values_unless_it_says_otherwise(tmp_path: Path) -> None:
    text = TEXT.replace("indicator: population", "status: F, indicator: population")
    one, two = load_source(written(tmp_path, text)).described_tables
    assert (one.contents[0].status, two.contents[0].status) == ("A", "F")
    assert two.digest != load_source(written(tmp_path)).described_tables[1].digest


def test_a_file_is_called_after_its_source(tmp_path: Path) -> None:
    with pytest.raises(TilannekuvaError, match=r"rename the file to statfin\.yaml"):
        load_source(written(tmp_path, name="other.yaml"))


def test_the_digest_changes_with_what_is_asked_and_understood_only(tmp_path: Path) -> None:
    def digests(text: str) -> list[str]:
        return [t.digest for t in load_source(written(tmp_path, text)).described_tables]

    first = digests(TEXT)
    assert digests(TEXT.replace("title: One", "title: Uno")) == first
    changed = digests(TEXT.replace("codes: [A]", "codes: [B]"))
    assert (changed[0] != first[0], changed[1]) == (True, first[1])


def test_what_is_described_can_be_written_and_read_again(tmp_path: Path) -> None:
    source = load_source(written(tmp_path))
    again = SourceDescription.model_validate(
        yaml.safe_load(yaml.safe_dump(source.model_dump(mode="json", exclude_unset=True)))
    )
    assert again == source
