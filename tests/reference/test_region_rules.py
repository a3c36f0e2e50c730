"""The rules among the region seeds: they hold for today's, and each notices what it is for."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import TilannekuvaError
from assets.reference.rules import violations
from assets.reference.seeds import SEEDS, Reference, code_of, read_rows, region_id, text_of
from assets.settings import SEEDS_DIR

Changed = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def today() -> Reference:
    return Reference.read(SEEDS_DIR)


def row(seed: str, *cells: str) -> Changed:
    (columns,) = [s.columns for s in SEEDS if s.name == seed]
    return {seed: [dict(zip(columns, cells, strict=True))]}


def test_todays_seeds_hold_together(today: Reference) -> None:
    assert violations(today) == ()


def test_todays_seeds_are_read_and_written_byte_for_byte(today: Reference) -> None:
    for seed in SEEDS:
        written = text_of(seed, today.rows[seed.name]).encode()
        assert written == (SEEDS_DIR / f"{seed.name}.csv").read_bytes()


@pytest.mark.parametrize("name", ["regions", "region_memberships", "region_changes"])
def test_a_row_that_was_taken_out_goes_back_to_its_place(today: Reference, name: str) -> None:
    rows = today.rows[name]
    for taken in (0, len(rows) // 3, len(rows) - 1):
        rest = {**today.rows, name: (*rows[:taken], *rows[taken + 1 :])}
        if name == "regions":
            # Memberships are ordered by the types that regions.csv gives.
            rest["region_memberships"] = ()
        less = Reference(rest, today.hashes, today.nests_in)
        assert less.merged({name: [rows[taken]]}).rows[name] == rows


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (row("regions", "KU5", "KU", "5", "a", "a", "a", "", ""), "leading zero"),
        (row("regions", "XX001", "XX", "001", "a", "a", "a", "", ""), "does not know"),
        (row("regions", "KU998", "KU", "998", "a", "", "a", "", ""), "KU998 has no name_sv"),
        (row("regions", "KU998", "KU", "998", "a", "a", "a", "", ""), "KU998 is in 0 regions"),
        (row("regions", "SK999", "SK", "999", "a", "a", "a", "", ""), "without members"),
        (
            row("regions", "KU998", "KU", "998", "a", "a", "a", "2027-01-01", "2026-01-01"),
            "ends before it begins",
        ),
        (
            row("regions", "KU005", "KU", "005", "Alajärvi", "Alajärvi", "Alajärvi", "",
                "2027-01-01"),
            "without a merger",
        ),
        (row("region_memberships", "KU005", "SK071", "", ""), "KU005 is in 2 regions of type SK"),
        (row("region_memberships", "KU005", "SK071", "2027-02-30", ""), "no date"),
        (row("region_memberships", "KU005", "SK999", "", ""), "names 'SK999'"),
        (row("region_memberships", "SK146", "MK14", "", ""), "without existing"),
        (row("region_memberships", "KU005", "MK14", "", "2027-01-01"), "in 0 regions of type MK"),
        (
            row("region_changes", "merger", "KU005", "Alajärvi", "KU010", "", "", "",
                "2027-01-01"),
            "does not end then",
        ),
        (
            row("region_changes", "merger", "KU588", "Pertunmaa", "KU099", "", "", "",
                "2025-01-01"),
            "KU099, into which KU588 merges on 2025-01-01, does not exist",
        ),
        (
            row("region_changes", "move", "KU005", "Alajärvi", "", "SK", "SK146", "SK071",
                "2027-01-01"),
            "is not in region_memberships",
        ),
        (
            row("region_changes", "split", "KU005", "Alajärvi", "", "", "", "", "2027-01-01"),
            "the kind 'split'",
        ),
        (row("region_aliases", "HELA LANDET", "SSS"), "stands 2 times"),
        (row("region_aliases", "Esbo", "KU091"), "is the name of KU049"),
        (row("region_aliases", "Stadi", "KU000"), "is no region"),
        (row("region_aliases", "Stadi  on", "KU091"), "stray blank"),
    ],
)  # fmt: skip
def test_each_rule_notices_what_it_is_for(today: Reference, changed: Changed, says: str) -> None:
    found = violations(today.merged(changed))
    assert any(says in sentence for sentence in found), found[:5]


def test_two_rows_of_one_key_are_noticed(today: Reference) -> None:
    doubled = {**today.rows, "region_aliases": today.rows["region_aliases"][:1] * 2}
    (sentence,) = violations(Reference(doubled, today.hashes, today.nests_in))
    assert sentence == "region_aliases: 2 rows have the key Koko maa"


def test_a_sub_region_that_is_torn_apart_is_noticed(today: Reference) -> None:
    day = "2027-01-01"
    changed = row("region_memberships", "KU005", "MK06", day, "")
    changed["region_memberships"] += row("region_memberships", "KU005", "MK14", "", day)[
        "region_memberships"
    ]
    changed |= row(
        "region_changes", "move", "KU005", "Alajärvi", "", "MK", "MK14", "MK06", day
    )  # fmt: skip
    assert "SK146 lies in 2 regions of type MK on 2027-01-01 (MK06 MK14)" in " ".join(
        violations(today.merged(changed))
    )


@pytest.mark.parametrize(
    ("kind", "code", "region"),
    [
        ("KU", "5", "KU005"), ("KU", "005", "KU005"), ("KU", "0005", None), ("KU", "", None),
        ("KU", "²", None), ("TA", "8", "TA08"), ("NUTS3", "FI1B1", "FI1B1"), ("NUTS3", "FI1", None),
        ("NUTS1", "FI1", "FI1"), ("NUTS3", "fi1b1", None),
    ],
)  # fmt: skip
def test_a_region_is_its_type_and_padded_code(kind: str, code: str, region: str | None) -> None:
    assert region_id(kind, code) == region
    if region:
        assert region_id(kind, code_of(kind, region)) == region


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='alias,region"\n\r5\0 ä', max_size=40))
def test_any_file_is_read_or_refused_with_its_place(content: bytes | str) -> None:
    body = content if isinstance(content, bytes) else b"alias,region\n" + content.encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "region_aliases.csv"
        path.write_bytes(body)
        try:
            rows = read_rows(path, ("alias", "region"))
        except TilannekuvaError as refusal:
            said = str(refusal)
        else:
            said = str(path)
            assert all(list(found) == ["alias", "region"] for found in rows)
    assert str(path) in said


cells = st.sampled_from(
    ["", "KU005", "KU010", "SK146", "MK14", "EVK07", "SSS", "KU", "SK", "merger", "move", "005",
     "2021-01-01", "2026-01-01", "2027-01-01", "1.1.2027", " x", "Helsinki", "KU010 KU759", "²"]
)  # fmt: skip
any_rows = st.fixed_dictionaries(
    {
        seed.name: st.lists(st.fixed_dictionaries(dict.fromkeys(seed.columns, cells)), max_size=2)
        for seed in SEEDS
    }
)


@settings(max_examples=25, deadline=None)
@given(any_rows)
def test_any_rows_are_judged_without_a_crash(changed: Changed) -> None:
    today = Reference.read(SEEDS_DIR)
    merged = today.merged(changed)
    assert all(isinstance(sentence, str) for sentence in violations(merged))
    for seed in SEEDS:
        before = {seed.key_of(found) for found in today.rows[seed.name]}
        added = {seed.key_of(found) for found in changed[seed.name]} - before
        assert len(merged.rows[seed.name]) == len(before) + len(added)


def test_a_folder_without_seeds_is_named(tmp_path: Path) -> None:
    with pytest.raises(TilannekuvaError, match=r"regions\.csv cannot be read"):
        Reference.read(tmp_path)
