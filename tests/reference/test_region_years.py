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

import pytest

from assets.catalogue import Catalogue
from assets.errors import SourceUnavailable, TilannekuvaError
from assets.reference.proposal import Proposal
from assets.reference.review import apply_proposal
from assets.reference.rules import parents, violations
from assets.reference.seeds import SEEDS, Reference, holds, region_id, text_of
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


@pytest.fixture
def propose(tmp_path: Path, caller: Caller, server: ClassificationServer):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Propose a year to the seeds of the one before; the proposal lies in `tmp_path / "new"`."""

    def run(year: int, *, ended: tuple[str, ...] = (), keys: Published | None = None) -> Proposal:
        server.published = keys or published(year)
        seeds = tmp_path / "seeds"
        if not seeds.exists():
            seeds_of(year - 1, seeds)
        return propose_region_year(
            year, tmp_path / "new", seeds, caller, ended_types=ended, base_url=server.base_url
        )

    return run


@pytest.mark.parametrize("year", range(2014, 2027))
def test_a_year_proposed_and_applied_gives_the_rows_of_the_seeds(
    propose, tmp_path: Path, year: int
) -> None:
    propose(year, ended=("ELY",) if year == 2026 else ())
    changed = apply_proposal(tmp_path / "new", tmp_path / "seeds")
    expected = files(seeds_of(year, tmp_path / "expected"))
    if year in (2025, 2026):
        # Other spellings of regions that begin are written by people.
        del expected["region_aliases"]
    found = files(tmp_path / "seeds")
    assert {name: found[name] for name in expected} == expected
    assert violations(Reference.read(tmp_path / "seeds")) == ()
    assert changed == () or year not in (2014, 2019, 2022, 2023)
