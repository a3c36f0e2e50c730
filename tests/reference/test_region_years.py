"""A year's keys, served as the service serves them, become exactly the rows that the seeds have.

The seeds of today are taken back to an earlier year, the next year's keys are read from the
published municipality key, and what is proposed and applied is compared with the seeds again.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from assets.catalogue import Catalogue
from assets.errors import SourceUnavailable, TilannekuvaError
from assets.reference.proposal import Proposal
from assets.reference.review import apply_proposal
from assets.reference.rules import violations
from assets.reference.seeds import SEEDS, Reference, Row, holds, region_id, text_of
from assets.reference.yearly import fetch_year, propose_region_year
from assets.services.classifications import Classifications, NotPublishedYet
from assets.services.http import Caller, Patience, open_client
from assets.services.limiter import CallLimiter
from assets.settings import SEEDS_DIR
from tests.services.classifications_server import ClassificationServer, Published

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
KEY = DATA / "regions" / "municipality_key_2013_2026.csv"
QUICK = Patience(attempts=2, first_wait=0.01, longest_wait=0.02, deadline=20)
#: Column prefix of the key and id of the classification, by type.
DIVISIONS = {
    "KU": ("kunta", "kunta_1"),
    "SK": ("seutukunta", "seutukunta_1"),
    "MK": ("maakunta", "maakunta_1"),
    "ELY": ("ely", "ely_1"),
    "EVK": ("evk", "evk_1"),
    "TA": ("tyollisyysalue", "tyollisyysalue_1"),
    "NUTS3": ("nuts3", "nuts_2"),
    "NUTS2": ("nuts2", "nuts_2"),
    "NUTS1": ("nuts1", "nuts_2"),
}
MERGED = {
    2015: {"413": "609", "476": "297", "838": "423"},
    2016: {"164": "301", "283": "098", "319": "783", "532": "398"},
    2017: {"174": "297", "442": "051"},
    2020: {"911": "541"},
    2021: {"099": "214"},
    2025: {"588": "507"},
}


@cache
def key() -> tuple[dict[str, str], ...]:
    if not KEY.exists():
        pytest.skip(f"real file {KEY.name} is not beside the repository")
    with KEY.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def published(year: int) -> Published:
    """The year's keys: codes and names as in the published key, what it lacks from the seeds."""
    named = {row["region"]: row for row in Reference.read(SEEDS_DIR).rows["regions"]}
    found = Published()
    kunta = f"kunta_1_{year}0101"
    for row in key():
        if int(row["year"]) != year:
            continue
        for kind, (prefix, series) in DIVISIONS.items():
            code = row[f"{prefix}_code"]
            region = region_id(kind, code) if code else None
            if region is None:
                continue
            seed = named[region]
            names = {
                "fi": row.get(f"{prefix}_fi") or seed["name_fi"],
                "sv": row.get(f"{prefix}_sv") or seed["name_sv"],
                "en": seed["name_en"],
            }
            target = f"{series}_{year}0101"
            found.items.setdefault(target, {})[code] = names
            if kind != "KU":
                pairs = list(found.maps.get((kunta, target), ()))
                found.maps[kunta, target] = [*pairs, (row["kunta_code"], code)]
    before = [row["kunta_code"] for row in key() if int(row["year"]) == year - 1]
    found.maps[f"kunta_1_{year - 1}0101", kunta] = [
        (code, MERGED.get(year, {}).get(code, code)) for code in before
    ]
    return found


def seeds_of(year: int, directory: Path) -> Path:
    """Today's seeds as they would have been after the keys of a year, in a folder of their own."""
    directory.mkdir()
    today = Reference.read(SEEDS_DIR)
    day = f"{year}-01-01"
    shutil.copy(SEEDS_DIR / "region_types.csv", directory)
    known = {r["region"] for r in today.rows["regions"] if r["valid_from"] <= day}
    for seed in SEEDS:
        rows = []
        for row in today.rows[seed.name]:
            since = row.get("valid_from", row.get("effective_on", ""))
            if since > day or row["region"] not in known:
                continue
            until = {"valid_to": ""} if row.get("valid_to", "") > day else {}
            rows.append({**row, **until})
        text = text_of(seed, rows)
        (directory / f"{seed.name}.csv").write_text(text, encoding="utf-8", newline="")
    return directory


def files(directory: Path) -> dict[str, str]:
    return {s.name: (directory / f"{s.name}.csv").read_text("utf-8") for s in SEEDS}


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    limiter = CallLimiter(tmp_path / "limits", "classifications", max_calls=10_000)
    with Caller(limiter, open_client(2, 5), QUICK) as caller:
        yield caller


@pytest.fixture
def server() -> Iterator[ClassificationServer]:
    running = ClassificationServer(Published())
    yield running
    running.close()


class Propose(Protocol):
    """Propose a year to the seeds of the one before; `tmp_path` then holds `seeds` and `new`."""

    def __call__(
        self, year: int, *, ended: tuple[str, ...] = (), keys: Published | None = None
    ) -> Proposal: ...


@pytest.fixture
def propose(tmp_path: Path, caller: Caller, server: ClassificationServer) -> Propose:
    def run(year: int, *, ended: tuple[str, ...] = (), keys: Published | None = None) -> Proposal:
        server.published = keys or published(year)
        seeds = tmp_path / "seeds"
        if not seeds.exists():
            seeds_of(year - 1, seeds)
        return propose_region_year(
            year, tmp_path / "new", seeds, caller, ended_types=ended, base_url=server.base_url
        )

    return run


@pytest.mark.parametrize("year", [2015, 2016, 2017, 2018, 2020, 2021, 2023, 2024, 2025, 2026])
def test_a_year_proposed_and_applied_gives_the_rows_of_the_seeds(
    propose: Propose, tmp_path: Path, year: int
) -> None:
    propose(year, ended=("ELY",) if year == 2026 else ())
    changed = apply_proposal(tmp_path / "new", tmp_path / "seeds")
    found, expected = files(tmp_path / "seeds"), files(seeds_of(year, tmp_path / "expected"))
    if year in (2025, 2026):
        # Other spellings of regions that begin are written by people.
        del expected["region_aliases"]
    assert {name: found[name] for name in expected} == expected
    assert violations(Reference.read(tmp_path / "seeds")) == ()
    assert (changed == ()) == (year == 2023)


def test_2025_ends_pertunmaa_and_begins_the_employment_areas(
    propose: Propose, tmp_path: Path
) -> None:
    proposal = propose(2025)
    assert proposal.facts["Municipalities that end"] == ("KU588 Pertunmaa → KU507 Mäntyharju",)
    assert len(proposal.facts["New regions"]) == 46
    assert proposal.facts["Memberships without a former one"] == ("TA: 308 municipalities",)
    assert dict(proposal.added) == {
        "regions": 46, "region_memberships": 308, "region_changes": 1, "region_aliases": 0,
    }  # fmt: skip
    assert [question for question in proposal.questions if "TA" in question] == [
        "TA is on record for the first time in 2025. Add other spellings of its regions to "
        "region_aliases.csv, and look at its Swedish and English names."
    ]
    summary = (tmp_path / "new" / "README.md").read_text("utf-8")
    # Pertunmaa's row, and its seven memberships that close with it.
    assert "| regions.csv | 46 | 1 |" in summary
    assert "| region_memberships.csv | 308 | 7 |" in summary
    assert "- KU588 Pertunmaa → KU507 Mäntyharju" in summary


def test_2021_moves_six_municipalities_and_records_what_breaks_series(propose: Propose) -> None:
    proposal = propose(2021)
    told = [
        (row["change"], row["name_fi"], row["level"], row["from_parent"], row["to_parent"])
        for row in proposal.rows["region_changes"]
    ]
    assert told[0] == ("merger", "Honkajoki", "", "", "")
    assert {name for change, name, *_ in told if change == "move"} == {
        "Iitti", "Heinävesi", "Joroinen", "Isokyrö", "Kuhmoinen", "Laihia",
    }  # fmt: skip
    assert ("move", "Iitti", "MK", "MK08", "MK07") in told
    assert len(told) == 1 + 5 * 2 + 1
    # A move between ELY centres is a membership, and no break of the record.
    moved = {(r["region"], r["parent"]) for r in proposal.rows["region_memberships"]}
    assert {("KU090", "ELY07"), ("KU090", "ELY09")} <= moved
    assert proposal.facts["Regions that end"] == ("SK: SK151 Kyrönmaa",)
    assert "Renamed" not in proposal.facts


def test_a_type_without_a_key_is_left_alone_until_somebody_says_that_it_has_ended(
    propose: Propose, tmp_path: Path
) -> None:
    proposal = propose(2026)
    assert any("do not tell the type ELY" in question for question in proposal.questions)
    apply_proposal(tmp_path / "new", tmp_path / "seeds")
    reference = Reference.read(tmp_path / "seeds")
    assert len(reference.alive("ELY", "2026-01-01")) == 16
    assert len(reference.alive("EVK", "2026-01-01")) == 10
    assert reference.parents("2026-01-01")["KU005", "ELY"] == ("ELY11",)


@pytest.mark.parametrize(("ended", "says"), [("TA", "TA cannot have ended"), ("SSS", "SSS cannot")])
def test_only_a_type_without_a_key_can_have_ended(
    propose: Propose, tmp_path: Path, ended: str, says: str
) -> None:
    with pytest.raises(TilannekuvaError, match=says):
        propose(2026, ended=(ended,))
    assert not (tmp_path / "new").exists()


def test_a_year_that_was_taken_in_changes_nothing(propose: Propose, tmp_path: Path) -> None:
    seeds_of(2026, tmp_path / "seeds")
    proposal = propose(2026)
    assert proposal.is_empty
    assert proposal.questions == ()
    summary = (tmp_path / "new" / "README.md").read_text("utf-8")
    assert "holds the keys of 2026 already" in summary
    assert apply_proposal(tmp_path / "new", tmp_path / "seeds") == ()


def test_a_year_that_was_left_out_is_asked_about(propose: Propose, tmp_path: Path) -> None:
    seeds_of(2018, tmp_path / "seeds")
    assert any("of 2018" in question for question in propose(2021).questions)


def test_an_older_year_than_the_record_is_not_written_over_it(
    propose: Propose, tmp_path: Path
) -> None:
    seeds_of(2025, tmp_path / "seeds")
    keys = published(2024)
    keys.maps["kunta_1_20240101", "maakunta_1_20240101"] = [
        (code, "01" if code == "588" else parent)
        for code, parent in keys.maps["kunta_1_20240101", "maakunta_1_20240101"]
    ]
    with pytest.raises(TilannekuvaError, match=r"contradict what the record says .*KU588,MK10"):
        propose(2024, keys=keys)


# Next year, as it may be


def next_year() -> Published:
    """Keys of 2027 in which nothing has changed since 2026."""
    old = published(2026)
    text = {old_id: old_id.replace("20260101", "20270101") for old_id in old.items}
    maps = {
        (text[source], text[target]): pairs
        for (source, target), pairs in old.maps.items()
        if source in text and target in text and "2025" not in source
    }
    kunta = "kunta_1_20270101"
    maps["kunta_1_20260101", kunta] = [(code, code) for code in old.items["kunta_1_20260101"]]
    return Published({text[old_id]: names for old_id, names in old.items.items()}, maps)


def end_municipality(keys: Published, code: str, successors: tuple[str, ...]) -> None:
    """Take a municipality out of the keys of 2027."""
    kunta, before = "kunta_1_20270101", "kunta_1_20260101"
    del keys.items[kunta][code]
    for table, pairs in keys.maps.items():
        keys.maps[table] = [pair for pair in pairs if pair[0] != code]
    keys.maps[before, kunta] = [*keys.maps[before, kunta], *((code, new) for new in successors)]


def row_of(path: Path, start: str) -> str:
    """The one line of a file that starts so."""
    (line,) = [line for line in path.read_text("utf-8").splitlines() if line.startswith(start)]
    return line


def test_a_renamed_municipality_keeps_its_former_names_as_aliases(
    propose: Propose, tmp_path: Path
) -> None:
    keys = next_year()
    keys.items["kunta_1_20270101"]["257"] = {"fi": "Uusikirkko", "sv": "Nykyrka"}
    proposal = propose(2027, keys=keys)
    assert proposal.facts["Renamed"] == (
        "KU257 Kirkkonummi (Kyrkslätt, Kirkkonummi) → Uusikirkko (Nykyrka, Uusikirkko)",
    )
    assert apply_proposal(tmp_path / "new", tmp_path / "seeds") == (
        "regions.csv", "region_aliases.csv",
    )  # fmt: skip
    assert (
        row_of(tmp_path / "seeds" / "regions.csv", "KU257,")
        == "KU257,KU,257,Uusikirkko,Nykyrka,Uusikirkko,,"
    )
    aliases = (tmp_path / "seeds" / "region_aliases.csv").read_text("utf-8")
    assert aliases.endswith("Kirkkonummi,KU257\nKyrkslätt,KU257\n")


def test_a_finnish_name_that_stands_for_the_swedish_one_changes_with_it(propose: Propose) -> None:
    keys = next_year()
    keys.items["kunta_1_20270101"]["005"] = {"fi": "Ylijärvi"}
    (row,) = propose(2027, keys=keys).rows["regions"]
    assert (row["name_fi"], row["name_sv"], row["name_en"]) == ("Ylijärvi",) * 3


def test_a_former_name_that_means_something_else_now_is_asked_about(propose: Propose) -> None:
    keys = next_year()
    # Kuhmo takes the name that Sotkamo had; Vaasa loses its name as municipality and sub-region.
    kunta, seutu = keys.items["kunta_1_20270101"], keys.items["seutukunta_1_20270101"]
    kunta["765"], kunta["290"] = {"fi": "Uusi-Sotkamo"}, {"fi": "Sotkamo"}
    kunta["905"], seutu["152"] = {"fi": "Rannikko"}, {"fi": "Rannikon seutu"}
    proposal = propose(2027, keys=keys)
    asked = " ".join(proposal.questions)
    assert "'Sotkamo' was a name of KU765 and now stands for another region of type KU" in asked
    assert "'Vaasa' was a name of SK152 and now stands for KU905" in asked
    aliases = {row["alias"]: row["region"] for row in proposal.rows["region_aliases"]}
    assert aliases == {"Kuhmo": "KU290", "Vaasa": "KU905"}


def test_a_name_that_is_an_alias_or_the_finnish_one_in_the_swedish_list_is_no_new_name(
    propose: Propose,
) -> None:
    keys = next_year()
    keys.items["kunta_1_20270101"]["478"]["fi"] = "Maarianhamina - Mariehamn"
    keys.items["kunta_1_20270101"]["091"]["sv"] = "Helsinki"
    keys.items["kunta_1_20270101"]["092"] = {"fi": "Vantaa"}
    assert propose(2027, keys=keys).is_empty


def test_a_divided_municipality_is_asked_about_and_both_successors_stand(
    propose: Propose, tmp_path: Path
) -> None:
    keys = next_year()
    end_municipality(keys, "005", ("010", "759"))
    proposal = propose(2027, keys=keys)
    assert any("divided between KU010 Alavus, KU759 Soini" in q for q in proposal.questions)
    apply_proposal(tmp_path / "new", tmp_path / "seeds")
    assert Catalogue.load(tmp_path / "seeds").successors["KU005"] == ("KU010", "KU759")


def test_a_part_that_passes_between_municipalities_that_go_on_is_asked_about(
    propose: Propose,
) -> None:
    keys = next_year()
    table = ("kunta_1_20260101", "kunta_1_20270101")
    keys.maps[table] = [*keys.maps[table], ("005", "010")]
    proposal = propose(2027, keys=keys)
    assert proposal.is_empty
    assert any("Part of KU005 Alajärvi passes to KU010" in q for q in proposal.questions)


def test_the_key_of_abolished_municipalities_tells_successors_where_there_is_no_other(
    propose: Propose,
) -> None:
    keys = next_year()
    end_municipality(keys, "005", ("010",))
    del keys.maps["kunta_1_20260101", "kunta_1_20270101"]
    keys.maps["kunta_2_20270101", "kunta_1_20270101"] = [("588", "507"), ("005", "010")]
    (row,) = propose(2027, keys=keys).rows["region_changes"]
    assert (row["region"], row["successor"]) == ("KU005", "KU010")


def test_a_successor_that_no_table_tells_must_be_written_by_the_reviewer(
    propose: Propose, tmp_path: Path
) -> None:
    keys = next_year()
    end_municipality(keys, "005", ())
    proposal = propose(2027, keys=keys)
    assert any("no correspondence table tells its successor" in q for q in proposal.questions)
    before = files(tmp_path / "seeds")
    with pytest.raises(TilannekuvaError, match="merger of KU005 on 2027-01-01 has no successor"):
        apply_proposal(tmp_path / "new", tmp_path / "seeds")
    assert files(tmp_path / "seeds") == before
    reviewed = tmp_path / "new" / "region_changes.csv"
    reviewed.write_text(reviewed.read_text("utf-8").replace("Alajärvi,,", "Alajärvi,KU010,"))
    assert "region_changes.csv" in apply_proposal(tmp_path / "new", tmp_path / "seeds")


def test_a_new_municipality_joins_everything_and_the_whole_country(
    propose: Propose, tmp_path: Path
) -> None:
    keys = next_year()
    # Alajärvi and Soini found a new municipality.
    for table, pairs in keys.maps.items():
        if table[0] == "kunta_1_20270101":
            keys.maps[table] = [*pairs, *(("994", new) for old, new in pairs if old == "005")]
    end_municipality(keys, "005", ("994",))
    end_municipality(keys, "759", ("994",))
    keys.items["kunta_1_20270101"]["994"] = {"fi": "Järvikunta"}
    propose(2027, keys=keys)
    apply_proposal(tmp_path / "new", tmp_path / "seeds")
    reference = Reference.read(tmp_path / "seeds")
    joined = {kind for (region, kind) in reference.parents("2027-01-01") if region == "KU994"}
    assert joined == {"SK", "MK", "EVK", "TA", "NUTS3", "NUTS2", "NUTS1", "SSS"}
    assert row_of(tmp_path / "seeds" / "regions.csv", "KU994,").endswith(",2027-01-01,")
    assert not any(row["region"] == "KU005" for row in holding(reference, "2027-01-01"))


def holding(reference: Reference, day: str) -> list[Row]:
    return [row for row in reference.rows["region_memberships"] if holds(row, day)]


def test_a_code_that_comes_back_is_left_to_a_person(propose: Propose) -> None:
    keys = next_year()
    kunta = "kunta_1_20270101"
    keys.items[kunta]["588"] = {"fi": "Pertunmaa"}
    for table, pairs in keys.maps.items():
        if table[0] == kunta:
            keys.maps[table] = [*pairs, *(("588", new) for old, new in pairs if old == "507")]
    proposal = propose(2027, keys=keys)
    assert any("One code cannot stand for two spans" in q for q in proposal.questions)
    assert any(q.startswith("As it stands this could not be applied") for q in proposal.questions)


# Review


@pytest.fixture(scope="module")
def proposed_2021(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`seeds` as of 2020, and the proposal `new` of 2021 to them."""
    folder = tmp_path_factory.mktemp("proposed")
    seeds_of(2020, folder / "seeds")
    server = ClassificationServer(published(2021))
    limiter = CallLimiter(folder / "limits", "classifications", max_calls=10_000)
    with Caller(limiter, open_client(2, 5), QUICK) as caller:
        propose_region_year(
            2021, folder / "new", folder / "seeds", caller, base_url=server.base_url
        )
    server.close()
    return folder


@pytest.fixture
def reviewed(proposed_2021: Path, tmp_path: Path) -> Path:
    """The same in a folder that a test may write to."""
    return shutil.copytree(proposed_2021, tmp_path / "reviewed")


def test_a_proposal_is_applied_once(reviewed: Path) -> None:
    assert apply_proposal(reviewed / "new", reviewed / "seeds") == (
        "regions.csv", "region_memberships.csv", "region_changes.csv",
    )  # fmt: skip
    after = files(reviewed / "seeds")
    assert apply_proposal(reviewed / "new", reviewed / "seeds") == ()
    assert files(reviewed / "seeds") == after


def test_an_interrupted_application_is_finished(reviewed: Path) -> None:
    before = files(reviewed / "seeds")
    apply_proposal(reviewed / "new", reviewed / "seeds")
    after = files(reviewed / "seeds")
    late = reviewed / "seeds" / "region_changes.csv"
    late.write_text(before["region_changes"], encoding="utf-8")
    assert apply_proposal(reviewed / "new", reviewed / "seeds") == ("region_changes.csv",)
    assert files(reviewed / "seeds") == after


@pytest.mark.parametrize("seed", ["regions", "region_memberships", "region_aliases"])
def test_seeds_that_have_changed_since_are_not_touched(reviewed: Path, seed: str) -> None:
    path = reviewed / "seeds" / f"{seed}.csv"
    path.write_text(
        path.read_text("utf-8").replace("Kajaani", "Kajana").replace("KU992,SSS,,\n", ""),
        encoding="utf-8",
    )
    if seed == "region_aliases":
        path.write_text(path.read_text("utf-8") + "Stadi,KU091\n", encoding="utf-8")
    before = files(reviewed / "seeds")
    with pytest.raises(TilannekuvaError, match=f"seeds have changed since .*{seed}.csv"):
        apply_proposal(reviewed / "new", reviewed / "seeds")
    assert files(reviewed / "seeds") == before


@pytest.mark.parametrize(
    ("seed", "old", "new", "says"),
    [
        ("region_memberships", "KU142,SK071,", "KU142,SK072,", "SK072"),
        ("region_memberships", "KU142,SK071,2021-01-01,\n", "", "KU142 is in 0 regions of type SK"),
        ("region_memberships", ",2021-01-01,\n", ",2021-06-01,\n", "sets only 2021-01-01"),
        ("region_changes", "merger,KU099,Honkajoki,KU214,,,,2021-01-01\n", "", "without a merger"),
        ("region_changes", ",KU214,", ",KU999,", "KU999"),
        ("region_changes", "MK08,MK07", "MK08,MK09", "is not in region_"),
        ("regions", "KU099,KU,099,", "KU099,KU,99,", "code of a region that exists"),
        ("regions", "2021-01-01", "1.1.2021", "no date such as"),
        ("region_aliases", "alias,region\n", "alias,region\nHelsinki,KU049\n", "name of KU091"),
        ("region_aliases", "alias,region\n", "alias,region\nStadi ,KU091\n", "stray blank"),
    ],
)  # fmt: skip
def test_a_reviewed_row_that_contradicts_the_rest_is_refused(
    reviewed: Path, seed: str, old: str, new: str, says: str
) -> None:
    path = reviewed / "new" / f"{seed}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    before = files(reviewed / "seeds")
    with pytest.raises(TilannekuvaError, match=f"(?s)Nothing was changed.*{says}"):
        apply_proposal(reviewed / "new", reviewed / "seeds")
    assert files(reviewed / "seeds") == before


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("regions.csv", b"region;region_type\n", "first line of .* must be region,region_type"),
        ("regions.csv", b"", "first line of"),
        ("regions.csv", b"\xff\xfe", "no CSV file in UTF-8"),
        ("region_aliases.csv", b"alias,region\na,b,c\n", "Row 2 .* has 3 cells"),
        ("region_aliases.csv", b"alias,region\nStadi,KU091\nStadi,KU091\n", "second time"),
        ("region_changes.csv", None, "cannot be read"),
        ("proposal.json", b"[]", "does not say which seeds"),
        ("proposal.json", None, "is no proposal"),
    ],
)
def test_a_damaged_proposal_is_refused_with_its_place(
    reviewed: Path, name: str, content: bytes | None, says: str
) -> None:
    path = reviewed / "new" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TilannekuvaError, match=says):
        apply_proposal(reviewed / "new", reviewed / "seeds")


def test_a_review_is_not_written_over(propose: Propose) -> None:
    propose(2021)
    with pytest.raises(TilannekuvaError, match="not empty; a review there would be lost"):
        propose(2021)


def test_what_excel_adds_in_front_is_no_part_of_the_file(reviewed: Path) -> None:
    path = reviewed / "new" / "region_changes.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    apply_proposal(reviewed / "new", reviewed / "seeds")
    assert b"\r" not in (reviewed / "seeds" / "region_changes.csv").read_bytes()


# What the service may answer


def test_a_year_that_is_not_published_proposes_nothing(propose: Propose, tmp_path: Path) -> None:
    with pytest.raises(NotPublishedYet, match="not published kunta_1_20270101 yet"):
        propose(2027, keys=published(2026))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([("005", "146"), ("005", "071"), ("081", "071")], "two regions of type SK"),
        ([("005", "146")], "1 municipalities are in none .KU081"),
        ([("005", "146"), ("081", "999")], "081 → 999 names no known class"),
        ([("005", "146"), ("081", "071"), ("700", "071")], "700 → 071 names no known class"),
        ([("005", "146"), ("081", "Lahti")], "'Lahti', which is no code"),
    ],
)
def test_answers_that_contradict_each_other_are_refused(
    server: ClassificationServer, caller: Caller, pairs: list[tuple[str, str]], says: str
) -> None:
    kunta, seutu = "kunta_1_20270101", "seutukunta_1_20270101"
    server.published = Published(
        {
            kunta: {"005": {"fi": "Alajärvi"}, "081": {"fi": "Hartola"}},
            seutu: {"146": {"fi": "Järviseutu"}, "071": {"fi": "Lahti"}},
        },
        {(kunta, seutu): pairs},
    )
    with pytest.raises(SourceUnavailable, match=says):
        fetch_year(Classifications(caller, server.base_url), 2027)


def test_a_class_without_a_finnish_name_is_refused(
    server: ClassificationServer, caller: Caller
) -> None:
    server.published = Published({"kunta_1_20270101": {"005": {"fi": " ", "sv": "Alajärvi"}}})
    with pytest.raises(SourceUnavailable, match="no Finnish name of KU005"):
        fetch_year(Classifications(caller, server.base_url), 2027)


def test_of_several_classifications_of_a_series_the_highest_number_is_taken(
    server: ClassificationServer, caller: Caller
) -> None:
    kunta = "kunta_1_20270101"
    nuts = {"FI199": {"fi": "EP"}, "FI19": {"fi": "Länsi"}, "FI1": {"fi": "Manner"}}
    server.published = Published(
        {kunta: {"005": {"fi": "Alajärvi"}}, "nuts_10_20270101": nuts},
        {
            (kunta, "nuts_9_20270101"): [("005", "FI194")],
            (kunta, "nuts_10_20270101"): [("005", code) for code in nuts],
            (kunta, "nuts_11_20260101"): [("005", "FI194")],
        },
    )
    keys = fetch_year(Classifications(caller, server.base_url), 2027)
    assert keys.memberships == {"KU005": {"NUTS3": "FI199", "NUTS2": "FI19", "NUTS1": "FI1"}}
    assert keys.items_by_type["NUTS3"].keys() == {"FI199"}


def test_a_service_that_breaks_off_leaves_nothing_behind(
    propose: Propose, tmp_path: Path, server: ClassificationServer
) -> None:
    server.faults = [("maakunta_1_20210101/classificationItems", "html")]
    with pytest.raises(SourceUnavailable, match="Huoltokatko"):
        propose(2021)
    assert not (tmp_path / "new").exists()
    assert files(tmp_path / "seeds") == files(seeds_of(2020, tmp_path / "expected"))
