"""Regions: typed codes, names, aliases; what is ambiguous is refused with the codes to choose."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import parse_period
from assets.vocabulary.regions import RegionIndex, genitives


@pytest.fixture(scope="session")
def regions(catalogue: Catalogue) -> RegionIndex:
    return RegionIndex(catalogue)


def test_every_code_of_the_catalogue_is_understood_in_any_case(
    regions: RegionIndex, catalogue: Catalogue
) -> None:
    for region in catalogue.regions:
        for text in (region.region, region.region.lower(), f" {region.region} "):
            assert regions.resolve(text) == region.region
            assert regions.resolve(text, region.region_type) == region.region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("KU205", "KU205"), ("SK181", "SK181"), ("MK18", "MK18"), ("EVK05", "EVK05"),
        ("ELY14", "ELY14"), ("TA12", "TA12"), ("SS07", "SS07"), ("SSS", "SSS"), ("FI1B", "FI1B"),
        ("ku91", "KU091"), ("KU5", "KU005"), ("mk1", "MK01"), ("evk5", "EVK05"), ("ss7", "SS07"),
        ("KU 205", "KU205"), ("KU-205", "KU205"), ("sk-11", "SK011"),
    ],
)  # fmt: skip
def test_typed_codes_may_be_unpadded_spaced_or_lower_case(
    regions: RegionIndex, text: str, region: str
) -> None:
    assert regions.resolve(text) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Kainuu", "MK18"), ("kajanaland", "MK18"), ("KEHYS-KAINUU", "SK181"), ("Esbo", "KU049"),
        ("Sotkamo", "KU765"), ("Nyland", "MK01"), ("  Keski-Suomen   elinvoimakeskus ", "EVK05"),
        ("Keski-Pohjanmaan työllisyysalue", "TA12"), ("Kainuun ELY-keskus", "ELY14"),
        ("Mariehamn", "KU478"),
    ],
)  # fmt: skip
def test_a_name_in_finnish_or_swedish_is_understood_where_it_is_one_region(
    regions: RegionIndex, text: str, region: str
) -> None:
    assert regions.resolve(text) == region


@pytest.mark.parametrize(
    ("text", "region_type", "region"),
    [
        ("Kajaanin kaupunki", None, "KU205"),
        ("Sotkamon kunta", None, "KU765"),
        ("Helsingin kaupunki", None, "KU091"),
        ("Uudenkaupungin kaupunki", None, "KU895"),
        ("Kuhmon kaupunki", None, "KU290"),
        ("Kuhmoisten kunta", None, "KU291"),
        ("Helsingfors stad", None, "KU091"),
        ("Ingå kommun", None, "KU149"),
        ("City of Tampere", None, "KU837"),
        ("Kajaanin seutukunta", None, "SK182"),
        ("205 Kajaani", None, "KU205"),
        ("091 Helsinki", None, "KU091"),
        ("18 Kainuu", None, "MK18"),
        ("Kajaani (205)", None, "KU205"),
        ("KU205 Kajaani", None, "KU205"),
        ("Kunta 205", None, "KU205"),
        ("205 - Kajaani", None, "KU205"),
        ("Sopimusseutu 7", None, "SS07"),
        ("Mänttä–Vilppula", None, "KU508"),
        ("Mänttä - Vilppula", None, "KU508"),
        ("Kajaani​", "KU", "KU205"),
        ("KU205​", None, "KU205"),
        ("Helsinki/Helsingfors", "KU", "KU091"),
        ("Espoo – Esbo", "KU", "KU049"),
        ("Vaasa (Vasa)", "KU", "KU905"),
        ("Kemiönsaari/Kimitoön", None, "KU322"),
    ],
)
def test_regions_are_understood_as_people_write_them(
    regions: RegionIndex, text: str, region_type: str | None, region: str
) -> None:
    assert regions.resolve(text, region_type) == region


@pytest.mark.parametrize(
    "text", ["204 Kajaani", "Kajaani/Sotkamo", "Kajaani ja Sotkamo", "Kajaanin kylä"]
)
def test_a_name_that_contradicts_itself_is_no_region(regions: RegionIndex, text: str) -> None:
    with pytest.raises(NotUnderstood, match="is not a region of the catalogue"):
        regions.resolve(text, "KU")


def test_the_genitive_of_a_municipality_leads_to_one_municipality(regions: RegionIndex) -> None:
    forms: dict[str, set[str]] = {}
    for region in regions.regions.values():
        if region[0].region_type == "KU":
            for form in genitives(region[0].name_fi.casefold()):
                forms.setdefault(form, set()).add(region[0].region)
    assert {form: found for form, found in forms.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("205", "KU205 Kajaani"),
        ("SK205", "KU205"),
        ("Kajaan", "KU205 Kajaani"),
        ("Sotkammon kunta", "KU765 Sotkamo"),
    ],
)
def test_a_rejected_region_comes_with_a_near_one(
    regions: RegionIndex, text: str, near: str
) -> None:
    with pytest.raises(NotUnderstood, match=f"did you mean .*{near}"):
        regions.resolve(text)


@pytest.mark.parametrize(
    ("alias", "region"),
    [("koko maa", "SSS"), ("Hela landet", "SSS"), ("Suomi", "SSS"), ("Kuopion seutukunta", "SK112"),
     ("Kainuun maakunta", "MK18"), ("Kainuun ELY", "ELY14")],
)  # fmt: skip
def test_aliases_are_understood(regions: RegionIndex, alias: str, region: str) -> None:
    assert regions.resolve(alias) == region


def test_every_alias_leads_to_a_region_or_is_refused_as_ambiguous(
    regions: RegionIndex, catalogue: Catalogue
) -> None:
    for alias, region in catalogue.region_aliases:
        assert regions.resolve(alias, regions.type_of(region)) == region


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Kuopio", ["KU297", "SK112", "TA17"]),
        ("Helsinki", ["KU091", "SK011", "TA08"]),
        ("Helsingfors", ["KU091", "SK011", "TA08"]),
        ("Satakunta", ["MK04", "TA35"]),
        ("Kajaani", ["KU205", "SK182"]),
    ],
)
def test_an_ambiguous_name_is_refused_with_the_codes_to_choose_from(
    regions: RegionIndex, name: str, codes: list[str]
) -> None:
    with pytest.raises(NotUnderstood, match=f"names {len(codes)} regions; write the code") as no:
        regions.resolve(name)
    assert str(no.value).endswith(", ".join(codes))


@pytest.mark.parametrize(
    ("name", "region_type", "region"),
    [("Kuopio", "KU", "KU297"), ("Kuopio", "SK", "SK112"), ("Kuopio", "TA", "TA17"),
     ("Satakunta", "MK", "MK04"), ("205", "KU", "KU205"), ("5", "KU", "KU005"),
     ("18", "MK", "MK18"), ("18", "KU", "KU018"), ("KU205", "KU", "KU205")],
)  # fmt: skip
def test_the_type_of_region_settles_names_and_bare_codes(
    regions: RegionIndex, name: str, region_type: str, region: str
) -> None:
    assert regions.resolve(name, region_type) == region


@pytest.mark.parametrize(
    ("text", "region_type", "reason"),
    [
        ("KU205", "MK", "not a region of type MK"),
        ("999", "KU", "not the code of a region of type KU"),
        ("²", "KU", "not the code of a region of type KU"),
        ("Kainuu", "KU", "not a region of the catalogue"),
        ("205", None, "not a region of the catalogue"),
        ("KU999", None, "not a region of the catalogue"),
        ("XX12", None, "not a region of the catalogue"),
        ("", None, "not a region of the catalogue"),
    ],
)
def test_what_is_no_region_is_refused_with_the_reason(
    regions: RegionIndex, text: str, region_type: str | None, reason: str
) -> None:
    with pytest.raises(NotUnderstood, match=reason) as refused:
        regions.resolve(text, region_type)
    assert repr(text) in str(refused.value)


def test_a_misspelt_name_is_refused_with_a_hint(regions: RegionIndex) -> None:
    with pytest.raises(NotUnderstood, match=r"'Sotkammo' .*did you mean KU765 Sotkamo\?"):
        regions.resolve("Sotkammo")


@pytest.mark.parametrize(
    ("text", "region_type"),
    [("kunta", "KU"), ("KU", "KU"), ("Municipality", "KU"), ("maakunta", "MK"),
     ("Seutukunta", "SK"), ("työllisyysalue", "TA"), ("koko maa", "SSS"),
     ("elinvoimakeskus", "EVK")],
)  # fmt: skip
def test_a_type_of_region_is_understood_by_id_or_name(
    regions: RegionIndex, text: str, region_type: str
) -> None:
    assert regions.region_type(text) == region_type


def test_an_unknown_type_of_region_is_refused_with_the_types_there_are(
    regions: RegionIndex,
) -> None:
    with pytest.raises(NotUnderstood, match="'kylä' is not a type of region; write one of KU, SS"):
        regions.region_type("kylä")


def test_a_region_ended_only_where_the_whole_period_lies_after_its_end(
    regions: RegionIndex,
) -> None:
    ended = date(2025, 1, 1)
    assert regions.ended_before("KU588", parse_period("2025-01")) == ended
    assert regions.ended_before("KU588", parse_period("2024-12")) is None
    assert regions.ended_before("KU588", parse_period("2024-07-01/P12M")) is None
    assert regions.ended_before("KU205", parse_period("2025-01")) is None
    assert regions.successors["KU588"] == ("KU507",)


def test_refusing_the_same_text_again_holds_on_to_nothing(regions: RegionIndex) -> None:
    depths = set()
    for _ in range(20):
        with pytest.raises(NotUnderstood) as refused:
            regions.resolve("Kuopio")
        depths.add(len(refused.traceback))
    assert len(depths) == 1


@given(text=st.text(max_size=60), region_type=st.sampled_from([None, "KU", "MK", "SSS"]))
def test_any_text_is_a_region_or_not_understood(text: str, region_type: str | None) -> None:
    index = RegionIndex(Catalogue.load())
    with contextlib.suppress(NotUnderstood):
        assert index.resolve(text, region_type) in index.regions
