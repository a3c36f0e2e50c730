"""Foreign files by their layout: what the descriptions say, and what real files become."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.errors import TilannekuvaError
from assets.landing.layouts import Layout, Repair, layouts_for, load_layouts
from assets.landing.reader import Row, Sheet, read_sheet
from assets.raw.content import Content
from assets.vocabulary import NotUnderstood, UnreadableDelivery
from assets.vocabulary.numbers import parse_day, parse_decimal
from assets.vocabulary.periods import parse_period
from assets.vocabulary.regions import RegionIndex

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SMALL = """\
name: small
description: A file for tests.
dataset: measurements
columns:
  region: {header: kunta}
  period:
    header: time
    rewrite: {pattern: '(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-[0-9]{2}', text: '{year}-{month}'}
region_type: KU
values:
  - {header: Tyottomat, indicator: unemployed}
  - {header: Tyovoima, indicator: labour_force}
left_out:
  - {header: Avoimet_.*, reason: by another definition}
"""


def real(name: str) -> Content:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"real file {name} is not beside the repository")
    return Content(path)


def described(tmp_path: Path, text: str, name: str = "small") -> tuple[Layout, ...]:
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_layouts(tmp_path)


def read(
    content: str | Content, layouts: tuple[Layout, ...], dataset: str = "measurements"
) -> Sheet:
    given = content if isinstance(content, Content) else Content(content.encode())
    return read_sheet(given, DATASETS[dataset], layouts)


def named(sheet: Sheet, row: Row) -> dict[str, str]:
    assert row.problem is None, row.problem
    return {c.name: cell for c, cell in zip(sheet.columns, row.cells, strict=True) if c}


# -- the descriptions -------------------------------------------------------------------------


def test_every_description_of_the_project_names_what_the_catalogue_has(
    catalogue: Catalogue,
) -> None:
    layouts = load_layouts()
    assert {"business_openings", "municipal_key_figures", "eura_2014_2020"} <= {
        layout.name for layout in layouts
    }
    for layout in layouts:
        assert set(layout.sources) <= set(catalogue.sources), layout.name
        for value in layout.values:
            indicator = catalogue.indicators[value.indicator]
            assert value.unit is None or value.unit in catalogue.units
            assert set(layout.sources) <= set(catalogue.indicator_sources[indicator.indicator])
        assert layout.region_type is None or layout.region_type in catalogue.region_types


def test_a_source_delivers_in_its_own_layouts_and_in_everybodys(tmp_path: Path) -> None:
    described(tmp_path, SMALL)
    described(tmp_path, SMALL.replace("name: small", "name: own") + "sources: [ely]\n", "own")
    assert [x.name for x in layouts_for("ely", tmp_path)] == ["own", "small"]
    assert [x.name for x in layouts_for("prh", tmp_path)] == ["small"]


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("dataset: measurements", "dataset: measurings", "'measurings' is not a landing dataset"),
        ("region_type: KU", "region_typ: KU", "line 9, region_typ: Extra inputs"),
        ("header: kunta", "header: '(kunta'", "line 5.*not a regular expression"),
        ("region: {header: kunta}", "note: {header: kunta}", "nothing fills the required region"),
        ("region_type: KU", "constants: {colour: red}", "no columns of measurements: colour"),
        ("region_type: KU", "constants: {region: SSS}", "filled twice: region"),
        ("'{year}-{month}'", "'{year}-{day}'", "line 8.*a group that pattern does not have"),
        ("name: small", "name: other", "it describes other"),
        ("labour_force}", "labour_force, offset: 1}", "offset: Extra inputs"),
    ],
)
def test_a_wrong_description_says_file_line_and_field(
    tmp_path: Path, was: str, becomes: str, says: str
) -> None:
    assert was in SMALL
    with pytest.raises(TilannekuvaError, match=rf"small\.yaml is wrong: .*{says}"):
        described(tmp_path, SMALL.replace(was, becomes))


# -- applying them ----------------------------------------------------------------------------


def test_columns_of_values_become_measurements(tmp_path: Path) -> None:
    text = (
        "Ajettu 1.4.2025\nTyottomat;Tyovoima;Avoimet_tyopaikat;TIME;Kunta;kissa\n"
        "1 068,0;7 873;5;2006-01-01;Akaa;x\n;7;;2006-02-01;Akaa;\n"
    )
    sheet = read(text, described(tmp_path, SMALL))
    assert (sheet.layout, list(sheet.unknown_headers)) == ("small", ["kissa"])
    assert list(sheet.notes) == ["read by the layout small"]
    rows = list(sheet.rows)
    assert [(row.line, row.part) for row in rows] == [
        (3, "Tyottomat"), (3, "Tyovoima"), (4, "Tyottomat"), (4, "Tyovoima")
    ]  # fmt: skip
    assert named(sheet, rows[0]) == {
        "indicator": "unemployed", "region": "Akaa", "region_type": "KU", "period": "2006-01",
        "value": "1 068,0", "unit": "",
    }  # fmt: skip
    assert [row.cells[3] for row in rows] == ["1 068,0", "7 873", "", "7"]
    assert sheet.delivered(rows[0])["Avoimet_tyopaikat"] == "5"


def test_a_line_that_breaks_its_layout_is_one_row_with_a_problem(tmp_path: Path) -> None:
    text = (
        "Tyottomat;Tyovoima;time;kunta\n1;2;helmikuu;Akaa\n1;2;2006-01-01;Yhteensä\n"
        "1.234;2;2006-01-01;Akaa\n1;2\n"
    )
    rows = list(read(text, described(tmp_path, SMALL)).rows)
    assert [(row.line, row.problem and row.problem[0]) for row in rows] == [
        (2, "period"), (3, ""), (4, "value"), (5, "")
    ]  # fmt: skip
    assert rows[0].problem == ("period", "'helmikuu' does not look as the layout expects")
    assert rows[0].given == ["1", "2", "helmikuu", "Akaa"]


def test_a_file_in_the_contracts_columns_needs_no_layout(tmp_path: Path) -> None:
    text = "indicator;region;period;value;Tyottomat;Tyovoima;time;kunta\na;b;c;1;2;3;x;y\n"
    sheet = read(text, described(tmp_path, SMALL))
    assert sheet.layout is None
    assert [row.cells[0] for row in sheet.rows] == ["a"]


def test_a_header_that_fits_two_layouts_is_refused_by_their_names(tmp_path: Path) -> None:
    described(tmp_path, SMALL)
    layouts = described(tmp_path, SMALL.replace("name: small", "name: twin"), "twin")
    with pytest.raises(UnreadableDelivery, match="more than one layout: small and twin"):
        read("Tyottomat;Tyovoima;time;kunta\n", layouts)


@pytest.mark.parametrize(
    ("period", "offset", "becomes"),
    [
        ("2010-Q1", -1, "2009-Q4"), ("2010-Q1", 4, "2011-Q1"), ("2010", -1, "2009"),
        ("2010-12", 1, "2011-01"), ("2010-S1", -1, "2009-S2"), ("2010-W01", 1, None),
        ("soon", 1, None),
    ],
)  # fmt: skip
def test_a_value_may_belong_to_another_period_than_its_row(
    tmp_path: Path, period: str, offset: int, becomes: str | None
) -> None:
    text = SMALL.replace("labour_force}", f"labour_force, period_offset: {offset}}}")
    text = text[: text.index("    rewrite:")] + text[text.index("region_type:") :]
    own, other = read(
        f"Tyottomat;Tyovoima;time;kunta\n1;2;{period};Akaa\n", described(tmp_path, text)
    ).rows
    assert own.cells[2] == period
    if becomes is None:
        assert other.problem is not None
        assert other.problem[0] == "period"
    else:
        assert (other.problem, other.cells[2]) == (None, becomes)


# -- broken quotation marks -------------------------------------------------------------------

REPAIR = Repair(trim='"|,*"?;', columns=["[A-Z][0-9]{2}", ".*", "[0-9]", ".*", "[0-9]{4,}"])
WORDS = st.text(alphabet="abä ,;x", min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(WORDS, WORDS, st.integers(0, 9), st.integers(1000, 99_999), st.sampled_from([";", ",,;"]))
def test_free_text_with_separators_lands_in_one_cell(
    title: str, office: str, axis: int, amount: int, end: str
) -> None:
    line = f"A01,{title},{axis},{office},{amount}{end}"
    assert REPAIR.parted(line, ",") == [
        "A01",
        title.strip(),
        str(axis),
        office.strip(),
        str(amount),
    ]


def test_a_line_with_two_readings_or_none_is_not_repaired() -> None:
    assert "more than one way" in REPAIR.parted("A01,a,1,b,2,c,1000;", ",")
    assert "cannot be parted" in REPAIR.parted("A01,a,b,1000;", ",")
    assert "characters" in REPAIR.parted("A01," + "a" * 5000 + ",1,b,1000;", ",")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet='A01,x";', max_size=200))
def test_any_line_is_parted_or_says_why_not(line: str) -> None:
    parted = REPAIR.parted(line, ",")
    assert isinstance(parted, str) or len(parted) == len(REPAIR.columns)


# -- real files -------------------------------------------------------------------------------


def test_business_openings_of_a_quarter(catalogue: Catalogue) -> None:
    sheet = read(real("business-openings/aly_2010q1_regions_en.csv"), layouts_for("statfin"))
    assert (sheet.layout, list(sheet.unknown_headers)) == ("business_openings", [])
    regions = RegionIndex(catalogue)
    found: dict[tuple[str, str, str], int] = {}
    unknown = []
    left_out = []
    for row in sheet.rows:
        if row.left_out:
            left_out.append(row.line)
            continue
        cells = named(sheet, row)
        try:
            region = regions.resolve(cells["region"], cells["region_type"] or None)
        except NotUnderstood:
            unknown.append(cells["region"])
            continue
        found[cells["indicator"], region, cells["period"]] = int(parse_decimal(cells["value"]))
    assert found["enterprises_started", "SSS", "2010-Q1"] == 10_082
    assert found["enterprises_closed", "SSS", "2009-Q4"] == 10_010
    assert found["enterprises_closed", "MK01", "2009-Q4"] == 3_786
    assert found["enterprises_started", "MK21", "2010-Q1"] == 61
    assert left_out == [3, 23]
    # A maakunta until 2010.
    assert set(unknown) == {"Itä-Uusimaa"}
    started = [v for (i, r, _), v in found.items() if i == "enterprises_started" and r != "SSS"]
    assert (len(started), sum(started) + 193) == (19, 9_800 + 61)


def test_population_of_the_municipal_key_figures(catalogue: Catalogue) -> None:
    sheet = read(real("key-figures/kuntien_avainluvut.csv"), layouts_for("statfin"))
    assert (sheet.layout, list(sheet.unknown_headers)) == ("municipal_key_figures", [])
    regions = RegionIndex(catalogue)
    found = {}
    for row in sheet.rows:
        cells = named(sheet, row)
        region = regions.resolve(cells["region"], cells["region_type"])
        found[region, parse_period(cells["period"]).text] = parse_decimal(cells["value"])
    assert len(found) == 311 * 11
    assert found["KU992", "2006"] == 20_341


def test_broken_lines_of_eura_become_what_the_mended_list_has() -> None:
    original = real("eura/fi_2014_2020_original.csv")
    (layout,) = (x for x in layouts_for("ely") if x.name == "eura_2014_2020")
    everybody = layout.model_copy(update={"refuse": ()})
    sheet = read(original, (everybody,), "funding_decisions")
    with (DATA / "eura" / "fi_2014_2020.csv").open(encoding="utf-8", newline="") as stream:
        mended = {row["Koodi"]: row for row in csv.DictReader(stream)}
    assert len(mended) == 2_881
    differs: Counter[str] = Counter()
    problems = []
    for row in sheet.rows:
        if row.problem:
            problems.append(row.problem[1])
            continue
        cells = named(sheet, row)
        other = mended.pop(cells["decision_id"])
        assert parse_decimal(cells["amount_eur"]) == parse_decimal(
            other["Myönnetty EU- ja valtion rahoitus"]
        )
        assert parse_day(cells["granted_on"]) == parse_day(other["Aloituspvm"])
        assert cells["region"] == "SSS"
        for column, header in (("project", "Hankkeen nimi"), ("beneficiary", "Toteuttajan nimi")):
            mine, theirs = (
                " ".join(text.replace(",", " ").replace('"', "").replace(";", " ").split())
                for text in (cells[column], other[header])
            )
            differs[column] += mine != theirs
    # In 17 lines amounts stand where a day belongs, or a day or an amount is missing.
    assert len(problems) == len(mended) == 17
    assert all("cannot be parted into cells" in reason for reason in problems)
    # The mended list parts a word where a quotation mark stood, and has no beneficiary where the
    # original gives an amount for one.
    assert differs == {"project": 1, "beneficiary": 1}


def test_eura_delivered_by_the_ely_centres_takes_in_their_projects_only() -> None:
    sheet = read(real("eura/fi_2014_2020_original.csv"), layouts_for("ely"), "funding_decisions")
    assert list(sheet.unknown_headers) == []
    refused = Counter(row.problem[0] for row in sheet.rows if row.problem)
    assert refused == {"Viranomainen": 763, "": 17}


def test_sotkanet_and_labour_files_need_a_description_only(tmp_path: Path) -> None:
    described(
        tmp_path,
        "name: sotkanet\ndescription: Population as geofi keeps it.\ndataset: measurements\n"
        "columns:\n  region: {header: municipality_code}\n  period: {header: year}\n"
        "region_type: KU\nvalues:\n  - {header: primary.value, indicator: population}\n",
        "sotkanet",
    )
    layouts = described(tmp_path, SMALL)
    sheet = read(real("sotkanet/geofi_sotka_pop.csv"), layouts)
    rows = [named(sheet, row) for row in sheet.rows]
    assert (sheet.layout, len(rows)) == ("sotkanet", 7_107)
    assert rows[0]["region"] == "435"
    sheet = read(real("statfin-labour-2006-2020/data_kunta_1001.csv"), layouts)
    assert sheet.layout == "small"
    assert sum(row.problem is None for row in sheet.rows) == 2 * 55_180


# -- rows that are left out, and columns that nobody named -------------------------------------

POPULATION = """\
name: small
description: A file for tests.
dataset: measurements
columns:
  region: {header: Alue}
  period: {header: Vuosi}
region_type: KU
values:
  - {header: Väkiluku, indicator: population}
"""
SEXES = (
    "Alue;Sukupuoli;Vuosi;Väkiluku\n"
    "Kajaani;Yhteensä;2024;36297\nKajaani;Miehet;2024;18052\nKajaani;Naiset;2024;18245\n"
)


def test_a_column_that_tells_rows_of_one_key_apart_refuses_the_file_or_is_filtered(
    tmp_path: Path,
) -> None:
    layouts = described(tmp_path, POPULATION)
    with pytest.raises(UnreadableDelivery, match="'Sukupuoli' tells rows of one key apart"):
        read(SEXES, layouts)
    # The same column beside one row a key tells nothing apart.
    (row,) = read("\n".join(SEXES.splitlines()[:2]), layouts).rows
    assert row.problem is None
    layouts = described(tmp_path, POPULATION + "only: {Sukupuoli: yhteensä}\n")
    sheet = read(SEXES, layouts)
    rows = list(sheet.rows)
    assert [row.left_out for row in rows] == [False, True, True]
    assert named(sheet, rows[0])["value"] == "36297"
    with pytest.raises(UnreadableDelivery, match="No row has 'yhteensä' in the column 'Sukupuoli'"):
        read(SEXES.replace("Yhteensä", "Kaikki"), layouts)


def test_counts_and_percentages_in_one_column_are_told_apart(tmp_path: Path) -> None:
    document = "Alue;Vuosi;Tiedot;Väkiluku\nKajaani;2024;lkm;36297\nKajaani;2024;%;0,7\n"
    with pytest.raises(UnreadableDelivery, match="'Tiedot' tells rows of one key apart"):
        read(document, described(tmp_path, POPULATION))
    layouts = described(tmp_path, POPULATION + "only: {Tiedot: lkm}\n")
    assert [row.left_out for row in read(document, layouts).rows] == [False, True]


_KINDS = st.sampled_from(["Yhteensä", "Miehet", "Naiset", "otsikko"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(2015, 2024), _KINDS), min_size=1, max_size=12))
def test_every_line_is_accepted_refused_or_left_out(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[int, str]]
) -> None:
    text = POPULATION + (
        "only: {Sukupuoli: Yhteensä}\n"
        "leave_out:\n  - {header: Sukupuoli, cells: otsikko, reason: a heading}\n"
        "refuse:\n  - {header: Vuosi, cells: '2015', reason: by another definition}\n"
    )
    layouts = described(tmp_path_factory.mktemp("layouts"), text)
    document = "Alue;Sukupuoli;Vuosi;Väkiluku\n" + "".join(
        f"Kajaani;{kind};{year};{n}\n" for n, (year, kind) in enumerate(lines)
    )
    if all(kind != "Yhteensä" for _, kind in lines):
        with pytest.raises(UnreadableDelivery):
            read(document, layouts)
        return
    rows = list(read(document, layouts).rows)
    assert [row.line for row in rows] == list(range(2, len(lines) + 2))
    assert [row.left_out for row in rows] == [kind != "Yhteensä" for _, kind in lines]
    assert [row.problem is not None for row in rows] == [
        kind == "Yhteensä" and year == 2015 for year, kind in lines
    ]
