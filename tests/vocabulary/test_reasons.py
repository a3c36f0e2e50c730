"""Reasons of refusals: each kind once, in languages that say the same."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.landing.understanding import Understanding
from assets.languages import LANGUAGES, Text, in_each, same
from assets.settings import PROJECT_ROOT
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import parse_period
from assets.vocabulary.reasons import REASONS, Reason, joined, listing
from assets.vocabulary.regions import RegionIndex
from tests.conftest import TODAY


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("kind", REASONS)
def test_every_wording_of_a_kind_is_told_with_the_same_things(kind: str) -> None:
    wording = REASONS[kind]
    assert all(wording)
    assert gaps(wording.sv) == gaps(wording.fi)
    # What a sender knows by the column's header need not be repeated.
    assert gaps(wording.fi) <= gaps(wording.en)
    assert gaps(wording.en) - gaps(wording.fi) <= {"column", "text", "problem", "format", "begins"}
    of_parts = {"layout_refuses", "in_column", "both_of"}
    assert len(set(wording)) == len(LANGUAGES) or kind in of_parts


def test_every_kind_is_used_and_every_kind_that_is_used_exists() -> None:
    used: set[str] = set()
    for path in (PROJECT_ROOT / "assets").rglob("*.py"):
        used |= set(
            re.findall(r'\bReason\(\s*f?"([a-z0-9_{}]+)"', path.read_text(encoding="utf-8"))
        )
    named = {kind for kind in used if "{" not in kind}
    patterns = [re.sub(r"\\\{.*?\\\}", ".*", re.escape(k)) for k in used if "{" in k]
    made = {kind for kind in REASONS if any(re.fullmatch(p, kind) for p in patterns)}
    assert named | made == set(REASONS)


def test_a_reason_is_its_english_text_and_has_one_in_every_language() -> None:
    reason = Reason("not_a_count", text="kaksi")
    assert reason == "'kaksi' is not a count; write a whole number such as 12"
    assert reason.of("fi") == "'kaksi' ei ole lukumäärä; kirjoita kokonaisluku, esimerkiksi 12"
    assert reason.of("sv") == "'kaksi' är inte ett antal; skriv ett heltal, till exempel 12"
    assert (reason.of("en"), reason.kind) == (reason, "not_a_count")


def test_parts_of_a_reason_follow_the_language() -> None:
    near = Text(fi="Yritystoimintaa aloittavat", sv="Företagsgrundare", en="founder")
    hint = Reason("did_you_mean", near=near)
    reason = Reason("not_a_region", text="{text}", hint=hint)
    assert reason == "'{text}' is not a region of the catalogue (did you mean founder?)"
    assert "(tarkoititko: Yritystoimintaa aloittavat?)" in reason.of("fi")
    assert "(menade du Företagsgrundare?)" in reason.of("sv")


def test_thousands_are_parted_as_the_language_does() -> None:
    reason = Reason("xls_too_large", size=268_435_457, most=268_435_456)
    assert "268,435,457" in reason
    for language in ("fi", "sv"):
        assert "268\u00a0435\u00a0457" in reason.of(language)
        assert "," not in reason.of(language).split(".xls")[0]


def test_a_long_cell_is_quoted_by_its_ends_in_every_language() -> None:
    reason = Reason("not_a_number", text="a" * 5_000 + "z")
    assert len(reason) < 500
    assert "z' is not a number" in reason
    assert "z' ei ole luku" in reason.of("fi")


def stored(reason: Reason) -> Reason:
    return Reason.stored(reason.kind, reason.parameters())


@pytest.mark.parametrize(
    "reason",
    [
        Reason("negative_grant"),
        Reason("not_a_number", text="kaksi 'ja' \"puoli\" {x}"),
        Reason("sheet_too_large", sheet="'A'", rows=1_048_576, columns=16_384, most=4_000_000),
        Reason("not_an_indicator", text="x", hint=Reason("did_you_mean", near=Text(*"abc"))),
        Reason("both_of", first=Reason("empty", column=Text(*"abc")), second="x"),
    ],
)
def test_a_reason_is_stored_as_its_code_and_parameters_and_worded_again(reason: Reason) -> None:
    assert stored(reason) == reason
    assert in_each(stored(reason).of) == in_each(reason.of)
    assert stored(reason).parameters() == reason.parameters()


def test_a_reason_of_a_release_with_fewer_languages_is_worded_in_all() -> None:
    reason = Reason.stored("empty", '{"column": {"en": "region", "fi": "alue"}}')
    assert reason.of("fi") == "pakollinen sarake alue on tyhjä"
    assert reason.of("sv") == "den obligatoriska kolumnen region är tom"


@pytest.mark.parametrize(
    ("code", "parameters"),
    [
        (None, None),
        ("of_another_release", "{}"),
        ("not_a_number", "{}"),
        ("not_a_number", "no JSON"),
        ("not_an_indicator", '{"text": "x", "hint": {"code": "gone", "parameters": {}}}'),
    ],
)
def test_a_reason_of_another_release_is_read_and_says_where_it_stands(
    code: str | None, parameters: str | None
) -> None:
    reason = Reason.stored(code, parameters)
    assert reason.kind == "earlier_release"
    assert "quarantine folder" in reason
    assert "karanteenikansiossa" in reason.of("fi")


def test_a_message_of_a_library_is_said_to_be_in_english() -> None:
    message = Reason("reader_message", message="incorrect header check")
    reason = Reason("not_decompressed", problem=message)
    assert reason == "The file cannot be decompressed: incorrect header check. Fetch it again."
    assert "(englanniksi: incorrect header check)" in reason.of("fi")


def test_a_message_of_a_library_is_only_a_part_of_a_reason() -> None:
    """Whoever rejects a file says what that means; the message of a library is a detail of it."""
    of_library = re.compile(r'(.*)\bReason\(\s*"reader_message"')
    for path in (PROJECT_ROOT / "assets").rglob("*.py"):
        for before in of_library.findall(path.read_text(encoding="utf-8")):
            assert before.strip() in {"message =", "raise _not_decompressed("}, path


def test_half_of_a_character_can_be_stored() -> None:
    reason = Reason("not_a_number", text="1\ud800")
    assert reason.parameters().encode() == b'{"text": "1\\\\ud800"}'


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1), min_size=1, max_size=2_000))
def test_many_reasons_become_one_that_can_be_stored(names: list[str]) -> None:
    reasons = [Reason("empty", column=name) for name in names]
    assert joined(reasons) == "; ".join(reasons)
    assert joined(reasons).of("fi") == "; ".join(reason.of("fi") for reason in reasons)
    assert stored(joined(reasons)) == joined(reasons)


def test_a_long_list_is_shortened_in_every_language() -> None:
    assert listing("abc") == same("a, b, c")
    assert listing("abcdefg") == Text(
        fi="a, b, c, d, e ja 2 muuta",
        sv="a, b, c, d, e och 2 till",
        en="a, b, c, d, e and 2 more",
    )


def test_parameters_that_may_not_be_shown_are_hidden_in_every_part() -> None:
    reason = Reason("in_column", column="region", problem=Reason("not_a_region", text="Maija",
                    hint=Reason("did_you_mean", near="Maijala")))  # fmt: skip
    shown = reason.redacted(lambda name, _: name == "column", "…")
    assert shown == "region: '…' is not a region of the catalogue (did you mean …?)"
    assert "Maija" not in shown.of("fi") + shown.parameters()


@pytest.fixture(scope="module")
def regions() -> RegionIndex:
    return RegionIndex(Catalogue.load())


@pytest.mark.parametrize(
    ("name", "english", "finnish", "swedish"),
    [
        (
            "Sotkammo",
            "(did you mean KU765 Sotkamo?)",
            "(tarkoititko: KU765 Sotkamo?)",
            "(menade du KU765 Sotkamo?)",
        ),
        (
            "Kajaan",
            "(did you mean KU205 Kajaani, SK182 Kajaani?)",
            "(tarkoititko: KU205 Kajaani, ",
            "(menade du KU205 Kajana, ",
        ),
        (
            "Kuopio",
            "KU297, SK112, TA17",
            "KU297 (kunta), SK112 (seutukunta), TA17",
            "KU297 (kommun), SK112 (ekonomisk region), TA17",
        ),
    ],
)
def test_the_nearest_regions_are_named(
    regions: RegionIndex, name: str, english: str, finnish: str, swedish: str
) -> None:
    with pytest.raises(NotUnderstood) as refused:
        regions.resolve(name)
    assert english in str(refused.value)
    assert finnish in refused.value.reason.of("fi")
    assert swedish in refused.value.reason.of("sv")
    with pytest.raises(NotUnderstood) as again:
        regions.resolve(name)
    assert again.value.reason.of("fi") == refused.value.reason.of("fi")


def test_an_ended_region_is_told_with_its_successor(regions: RegionIndex) -> None:
    reason = regions.why_ended("KU588", parse_period("2025-03"))
    assert reason is not None
    assert reason.of("fi") == (
        "KU588 Pertunmaa lakkasi 2025-01-01; ilmoita sen sijaan KU507 Mäntyharju"
    )
    assert reason.of("sv") == (
        "KU588 Pertunmaa upphörde 2025-01-01; ange i stället KU507 Mäntyharju"
    )


def test_a_misspelt_indicator_is_told_with_the_nearest_by_id_and_by_name() -> None:
    understanding = Understanding(Catalogue.load(), TODAY)
    column = DATASETS["measurements"].by_name["indicator"]
    told = understanding.meanings(column, ["unemploied"])["unemploied"]
    assert "did you mean unemployed" in str(told)
    assert "unemployed (Työttömät työnhakijat)" in told.reason.of("fi")
    assert "unemployed (Arbetslösa arbetssökande)" in told.reason.of("sv")
