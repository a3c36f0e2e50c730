"""The catalogue seeds hold together: facts of the regions, references, and rules across rows.

Plain reading of the CSV files, no dbt: what dbt's own generic tests say is not repeated here.
Expected facts come from the yearly municipality keys of Statistics Finland and from the public
contract of ids; they are written out so that a change of the seeds has to change them too.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from assets.datasets import DATASETS

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
YEARS = range(2013, 2027)

Row = dict[str, str]

MUNICIPALITIES = {
    2013: 320, 2014: 320, 2015: 317, 2016: 313, 2017: 311, 2018: 311, 2019: 311,
    2020: 310, 2021: 309, 2022: 309, 2023: 309, 2024: 309, 2025: 308, 2026: 308,
}  # fmt: skip

# Parent type -> first and last year of the record, both included.
PARENT_YEARS = {
    "SK": (2013, 2026),
    "MK": (2013, 2026),
    "SSS": (2013, 2026),
    "ELY": (2013, 2025),
    "NUTS3": (2017, 2026),
    "NUTS2": (2017, 2026),
    "NUTS1": (2017, 2026),
    "TA": (2025, 2026),
    "EVK": (2026, 2026),
}

MERGERS = {
    ("Lavia", "KU609", 2015), ("Maaninka", "KU297", 2015), ("Tarvasjoki", "KU423", 2015),
    ("Jalasjärvi", "KU301", 2016), ("Hämeenkoski", "KU098", 2016), ("Köyliö", "KU783", 2016),
    ("Nastola", "KU398", 2016), ("Juankoski", "KU297", 2017), ("Luvia", "KU051", 2017),
    ("Valtimo", "KU541", 2020), ("Honkajoki", "KU214", 2021), ("Pertunmaa", "KU507", 2025),
}  # fmt: skip

MOVES = {
    ("Vaala", "MK18", "MK17", 2016), ("Vaala", "SK182", "SK173", 2016),
    ("Iitti", "MK08", "MK07", 2021), ("Iitti", "SK081", "SK071", 2021),
    ("Heinävesi", "MK10", "MK12", 2021), ("Heinävesi", "SK103", "SK122", 2021),
    ("Joroinen", "MK10", "MK11", 2021), ("Joroinen", "SK105", "SK114", 2021),
    ("Isokyrö", "MK15", "MK14", 2021), ("Isokyrö", "SK151", "SK142", 2021),
    ("Kuhmoinen", "MK13", "MK06", 2021), ("Kuhmoinen", "SK134", "SK064", 2021),
    ("Laihia", "SK151", "SK152", 2021),
}  # fmt: skip

# The contract: indicator -> combination and sources in order of preference (None: not fixed).
INDICATORS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "enterprises_started": ("prefer", ("statfin", "prh")),
    "enterprises_closed": ("prefer", ("statfin", "prh")),
    "growth_enterprises": ("prefer", ("business_finland", "evk", "ely")),
    "growth_enterprise_turnover": ("prefer", ("business_finland", "evk", "ely")),
    "development_funding": ("sum", ("evk", "ely", "business_finland", "tekes", "council")),
    "advice_events": ("sum", None),
    "innovation_service_uses": ("sum", ("business_finland", "development_company")),
    "own_studies": ("sum", None),
    "rd_expenditure": ("prefer", ("statfin",)),
    "investment_financing": (
        "sum",
        ("evk", "ely", "business_finland", "tekes", "finnvera", "council"),
    ),
    "unemployed": ("prefer", ("statfin", "employment_area", "te_office")),
    "labour_force": ("prefer", ("statfin", "employment_area", "te_office")),
    "open_vacancies": ("prefer", ("statfin", "employment_area", "te_office")),
    "unemployment_rate": ("prefer", ("statfin", "employment_area", "te_office")),
    "vacancies_per_unemployed": ("prefer", ("statfin", "employment_area", "te_office")),
    "change_negotiations": ("prefer", ("te_office", "employment_area")),
    "outlook_score": ("separate", None),
    "population": ("prefer", ("statfin", "sotkanet")),
    "plan_current": ("single", ("coordinator",)),
    "plan_objectives_reached": ("single", ("coordinator",)),
    "plan_measures_done": ("single", ("coordinator",)),
    "meeting_activity": ("single", ("coordinator",)),
    "steering_self_assessment": ("single", ("coordinator",)),
    "network_survey_score": ("single", ("survey",)),
    "customer_survey_score": ("single", ("survey",)),
    "transfers": ("sum", None),
    "service_users": ("prefer", ("service",)),
    # Added to the contract: of the users of either, those of each.
    "service_users_web": ("prefer", ("service",)),
    "service_users_phone": ("prefer", ("service",)),
    # Added to the contract: measures that statistical offices publish by region.
    "establishments": ("single", ("statfin",)),
    "establishment_personnel": ("single", ("statfin",)),
    "establishment_turnover": ("single", ("statfin",)),
    "unemployed_survey": ("single", ("statfin",)),
    "employed_survey": ("single", ("statfin",)),
    "unemployment_rate_survey": ("single", ("statfin",)),
    "employment_rate_survey": ("single", ("statfin",)),
    "population_projection": ("single", ("statfin",)),
    "regional_gdp": ("single", ("eurostat",)),
}

SOURCES = {
    "statfin", "eurostat", "sotkanet", "prh", "ely", "evk", "tekes", "business_finland",
    "finnvera", "te_office", "employment_area", "development_company", "enterprise_agency",
    "proagria", "coordinator", "council", "survey", "service", "own_study",
}  # fmt: skip

KEYS = {
    "indicators": ("indicator",),
    "indicator_sources": ("indicator", "source"),
    "sources": ("source",),
    "segments": ("segment",),
    "units": ("unit",),
    "words": ("list", "code"),
    "obs_statuses": ("obs_status",),
    "conf_statuses": ("conf_status",),
    "frequencies": ("freq",),
    "region_types": ("region_type",),
    "regions": ("region",),
    "region_aliases": ("alias",),
    "region_memberships": ("region", "parent", "valid_from"),
    "region_changes": ("change", "region", "level", "effective_on"),
    "region_shares": ("from_region", "to_region", "effective_on"),
    "definition_changes": ("indicator", "source", "effective_on"),
    "accepted_findings": ("acceptance",),
    "accepted_values": ("indicator", "region", "segment", "period", "source"),
    "expected_reporters": (
        "source",
        "organisation",
        "dataset",
        "indicator",
        "regions",
        "valid_from",
    ),
    "event_link_rules": ("rule",),
    "event_phases": ("kind",),
    "document_freshness": ("kind",),
    "contract_areas": ("region", "part_of", "valid_from"),
    "surveys": ("survey",),
    "survey_questions": ("survey", "question"),
    "survey_scales": ("scale", "answer"),
    "annual_clock": ("rule",),
}

PERIOD_TEXT = {"A": r"\d{4}", "S": r"\d{4}-S[12]", "Q": r"\d{4}-Q[1-4]", "M": r"\d{4}-\d{2}"}


@cache
def rows(seed: str) -> list[Row]:
    """The rows of one seed."""
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def column(seed: str, name: str) -> list[str]:
    """One column of one seed."""
    return [row[name] for row in rows(seed)]


@cache
def types() -> dict[str, str]:
    """Region types by region."""
    return {row["region"]: row["region_type"] for row in rows("regions")}


def sources_of(indicator: str) -> list[Row]:
    """The sources of one indicator, in order of preference."""
    found = [row for row in rows("indicator_sources") if row["indicator"] == indicator]
    return sorted(found, key=lambda row: int(row["preference"]))


def holds(row: Row, day: date) -> bool:
    """Whether a half-open span with open ends holds on a day."""
    text = day.isoformat()
    return (not row["valid_from"] or row["valid_from"] <= text) and (
        not row["valid_to"] or text < row["valid_to"]
    )


def alive(region_type: str, year: int) -> set[str]:
    """The regions of a type on 1 January of a year."""
    day = date(year, 1, 1)
    return {
        row["region"]
        for row in rows("regions")
        if row["region_type"] == region_type and holds(row, day)
    }


@cache
def parents(year: int) -> dict[tuple[str, str], tuple[str, ...]]:
    """Parents by (municipality, parent type) on 1 January of a year."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows("region_memberships"):
        if holds(row, date(year, 1, 1)):
            found[row["region"], types()[row["parent"]]].append(row["parent"])
    return {key: tuple(value) for key, value in found.items()}


def cells() -> Iterator[tuple[str, int, str, str]]:
    """Every cell of every seed: (seed, row number, column, text)."""
    for seed in KEYS:
        for number, row in enumerate(rows(seed), start=2):
            for name, text in row.items():
                yield seed, number, name, text


# Files


def test_every_seed_is_described_column_by_column_in_order() -> None:
    described = {
        seed["name"]: seed
        for seed in yaml.safe_load((SEEDS / "_seeds.yml").read_text("utf-8"))["seeds"]
    }
    assert set(described) == {path.stem for path in SEEDS.glob("*.csv")} == set(KEYS)
    for name, seed in described.items():
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        assert [c["name"] for c in seed["columns"]] == header, name
        assert list(seed["config"]["column_types"]) == header, name
        assert all(c["description"] for c in seed["columns"]), name


@pytest.mark.parametrize("seed", KEYS)
def test_keys_are_unique(seed: str) -> None:
    counts = Counter(tuple(row[name] for name in KEYS[seed]) for row in rows(seed))
    assert [key for key, count in counts.items() if count > 1] == []


def test_cells_carry_no_stray_space() -> None:
    stray = [cell for cell in cells() if cell[3] != " ".join(cell[3].split())]
    assert stray == []


def test_dates_are_iso_and_spans_run_forward() -> None:
    for seed, number, name, text in cells():
        if text and name in {
            "valid_from", "valid_to", "expected_from", "expected_to", "effective_on",
            "period_from", "period_to", "decided_on", "until",
        }:  # fmt: skip
            assert date.fromisoformat(text), (seed, number, name)
    for seed in ("regions", "region_memberships", "sources"):
        for row in rows(seed):
            if row["valid_from"] and row["valid_to"]:
                assert row["valid_from"] < row["valid_to"], row


# The knowledge base


def test_every_kind_of_document_has_its_time_and_so_has_any_other() -> None:
    kinds = {row["code"] for row in rows("words") if row["list"] == "document_kind"}
    assert {row["kind"] for row in rows("document_freshness")} == kinds | {"*"}
    assert all(0 < int(row["fresh_for_months"]) <= 60 for row in rows("document_freshness"))


def test_what_is_said_of_contract_areas_is_about_contract_areas() -> None:
    said = {
        (types()[row["region"]], types()[row["part_of"]])
        for row in rows("contract_areas")
        if row["part_of"]
    }
    assert said <= {("SS", "ELY"), ("SS", "EVK"), ("SS", "MK")}


# Regions


@pytest.mark.parametrize(("year", "count"), MUNICIPALITIES.items())
def test_municipalities_per_year_match_the_classification(year: int, count: int) -> None:
    assert len(alive("KU", year)) == count


@pytest.mark.parametrize("year", YEARS)
def test_regions_and_sub_regions_per_year_match_the_classification(year: int) -> None:
    assert len(alive("MK", year)) == 19
    assert len(alive("SK", year)) == (70 if year < 2021 else 69)


def test_centres_and_areas_replace_each_other_on_their_day() -> None:
    # Fifteen ELY centres; Ahvenanmaa stands as the sixteenth area of the key.
    assert (len(alive("ELY", 2025)), len(alive("ELY", 2026))) == (16, 0)
    assert (len(alive("EVK", 2025)), len(alive("EVK", 2026))) == (0, 10)
    assert (len(alive("TA", 2024)), len(alive("TA", 2025))) == (0, 46)
    assert alive("SS", 2026) == {f"SS{number:02d}" for number in range(1, 69)}
    assert alive("SSS", 2013) == alive("SSS", 2026) == {"SSS"}


def test_nuts_codes_change_with_the_nuts_versions() -> None:
    for year in range(2017, 2027):
        assert len(alive("NUTS3", year)) == 19, year
        assert len(alive("NUTS2", year)) == 5, year
        assert alive("NUTS1", year) == {"FI1", "FI2"}, year
    assert "FI1D9" not in alive("NUTS3", 2017)
    assert "FI1D9" in alive("NUTS3", 2018)
    assert "FI197" in alive("NUTS3", 2023)
    assert "FI197" not in alive("NUTS3", 2024)


def test_region_ids_are_type_and_padded_code() -> None:
    widths = {"KU": 3, "SK": 3, "MK": 2, "ELY": 2, "EVK": 2, "TA": 2, "SS": 2}
    for row in rows("regions"):
        kind, code = row["region_type"], row["code"]
        if kind in widths:
            assert row["region"] == kind + code, row
            assert code.isdigit(), row
            assert len(code) == widths[kind], row
        else:
            assert row["region"] == code, row


def test_every_region_has_a_type_and_three_names() -> None:
    known = set(column("region_types", "region_type"))
    for row in rows("regions"):
        assert row["region_type"] in known, row
        assert row["name_fi"], row
        assert row["name_sv"], row
        assert row["name_en"], row


def test_every_merger_is_present_and_ends_the_municipality_that_day() -> None:
    mergers = [row for row in rows("region_changes") if row["change"] == "merger"]
    assert {
        (row["name_fi"], row["successor"], int(row["effective_on"][:4])) for row in mergers
    } == MERGERS
    ended = {
        (row["region"], row["valid_to"])
        for row in rows("regions")
        if row["region_type"] == "KU" and row["valid_to"]
    }
    assert ended == {(row["region"], row["effective_on"]) for row in mergers}
    for row in mergers:
        assert row["successor"] in alive("KU", int(row["effective_on"][:4])), row


def test_moves_are_exactly_the_changes_of_membership() -> None:
    moves = [row for row in rows("region_changes") if row["change"] == "move"]
    assert {
        (row["name_fi"], row["from_parent"], row["to_parent"], int(row["effective_on"][:4]))
        for row in moves
    } == MOVES
    seen = set()
    for year in YEARS[1:]:
        for municipality in alive("KU", year):
            for level in ("SK", "MK"):
                (before,) = parents(year - 1)[municipality, level]
                (after,) = parents(year)[municipality, level]
                if before != after:
                    seen.add((municipality, level, before, after, f"{year}-01-01"))
    assert seen == {
        (r["region"], r["level"], r["from_parent"], r["to_parent"], r["effective_on"])
        for r in moves
    }


@pytest.mark.parametrize("year", YEARS)
def test_each_municipality_has_one_parent_of_each_type(year: int) -> None:
    for kind, (first, last) in PARENT_YEARS.items():
        expected = 1 if first <= year <= last else 0
        wrong = {
            municipality: parents(year).get((municipality, kind), ())
            for municipality in alive("KU", year)
            if len(parents(year).get((municipality, kind), ())) != expected
        }
        assert wrong == {}, kind


@pytest.mark.parametrize("year", YEARS)
def test_members_and_parents_are_alive_and_no_parent_is_empty(year: int) -> None:
    held: defaultdict[str, set[str]] = defaultdict(set)
    for (municipality, kind), found in parents(year).items():
        assert municipality in alive("KU", year), municipality
        held[kind].update(found)
    for kind, (first, last) in PARENT_YEARS.items():
        if first <= year <= last:
            assert held[kind] == alive(kind, year), kind


@pytest.mark.parametrize("year", YEARS)
def test_types_nest_as_declared(year: int) -> None:
    for row in rows("region_types"):
        kind = row["region_type"]
        if kind in {"KU", "SS", "SSS"}:
            continue
        for outer in row["nests_in"].split():
            found: defaultdict[str, set[str]] = defaultdict(set)
            for municipality in alive("KU", year):
                inside = parents(year).get((municipality, kind), ())
                around = parents(year).get((municipality, outer), ())
                for region in inside:
                    found[region].update(around)
            split = {region: around for region, around in found.items() if len(around) > 1}
            assert split == {}, (kind, outer)


def test_each_region_falls_in_one_economic_development_centre() -> None:
    centres: defaultdict[str, set[str]] = defaultdict(set)
    for municipality in alive("KU", 2026):
        (region,) = parents(2026)[municipality, "MK"]
        centres[region].update(parents(2026)[municipality, "EVK"])
    assert len(centres) == 19
    assert {region: found for region, found in centres.items() if len(found) != 1} == {}


def test_nuts_follows_the_move_of_a_municipality_years_later() -> None:
    def nuts(municipality: str, year: int) -> str:
        (found,) = parents(year)[municipality, "NUTS3"]
        return found

    assert nuts("KU785", 2017) == "FI1D4"  # Vaala: still Kainuu
    assert nuts("KU785", 2018) == "FI1D9"
    assert nuts("KU142", 2023) == "FI1C4"  # Iitti: still Kymenlaakso
    assert nuts("KU142", 2024) == "FI1C6"


def test_an_alias_means_one_region_and_is_no_other_region_of_that_type() -> None:
    folded = Counter(alias.casefold() for alias in column("region_aliases", "alias"))
    assert [alias for alias, count in folded.items() if count > 1] == []
    named = {
        (row["region_type"], row[name].casefold()): row["region"]
        for row in rows("regions")
        for name in ("name_fi", "name_sv")
        if not row["valid_to"]
    }
    for row in rows("region_aliases"):
        region = row["region"]
        assert region in types(), row
        assert named.get((types()[region], row["alias"].casefold()), region) == region, row


# References


def test_indicators_and_sources_are_those_of_the_contract() -> None:
    assert set(column("indicators", "indicator")) == set(INDICATORS)
    assert set(column("sources", "source")) == SOURCES


def test_references_resolve() -> None:
    region_types = set(column("region_types", "region_type"))
    segments = set(column("segments", "segment"))
    frequencies = set(column("frequencies", "freq"))
    base_units = {row["unit"] for row in rows("units") if row["unit"] == row["base_unit"]}
    for row in rows("indicators"):
        assert row["unit"] in base_units, row
        assert row["cadence"] in frequencies, row
        assert set(row["levels"].split()) <= region_types, row
        assert set(row["segments"].split()) <= segments, row
        assert set(row["expected_levels"].split()) <= set(row["levels"].split()), row
    for row in rows("indicator_sources"):
        assert row["indicator"] in INDICATORS, row
        assert row["source"] in SOURCES, row
        assert row["levels"], row
        assert set(row["levels"].split()) <= region_types, row
    for row in rows("sources"):
        assert row["cadence"] in frequencies, row
        assert set(row["area"].split()) <= set(types()), row
        assert "measurements" in row["datasets"].split(), row
        assert set(row["datasets"].split()) <= set(DATASETS), row
    for row in rows("units"):
        assert row["base_unit"] in base_units, row
        assert float(row["factor"]) > 0, row
        assert row["unit"] not in base_units or float(row["factor"]) == 1, row
    for row in rows("region_types"):
        assert set(row["nests_in"].split()) <= region_types, row


def test_observation_statuses_stand_in_the_order_of_their_strength() -> None:
    ordered = sorted(rows("obs_statuses"), key=lambda row: int(row["precedence"]))
    assert " ".join(row["obs_status"] for row in ordered) == (
        "B O M L H Q J S D K W I F E P N U V G A"
    )
    assert column("obs_statuses", "precedence") == [str(n) for n in range(1, 21)]
    missing = {row["obs_status"] for row in rows("obs_statuses") if row["is_missing"] == "true"}
    assert missing == {"O", "M", "L", "H", "Q"}


def test_only_free_values_may_be_published() -> None:
    free = [r["conf_status"] for r in rows("conf_statuses") if r["is_confidential"] == "false"]
    assert free == ["F"]
    assert {"A", "C"} <= set(column("conf_statuses", "conf_status"))


def test_segments_have_one_total() -> None:
    assert column("segments", "segment") == [
        "total", "founder", "local_small", "domestic_sme", "international_sme", "large",
    ]  # fmt: skip
    assert [r["segment"] for r in rows("segments") if r["is_total"] == "true"] == ["total"]


# Rules of the indicators


@pytest.mark.parametrize("indicator", INDICATORS)
def test_sources_are_combined_as_the_contract_says(indicator: str) -> None:
    combination, order = INDICATORS[indicator]
    (row,) = [row for row in rows("indicators") if row["indicator"] == indicator]
    found = sources_of(indicator)
    assert row["combination"] == combination
    assert [int(source["preference"]) for source in found] == list(range(1, len(found) + 1))
    if order is not None:
        assert tuple(source["source"] for source in found) == order


@pytest.mark.parametrize("indicator", INDICATORS)
def test_slots_fit_the_combination(indicator: str) -> None:
    (row,) = [row for row in rows("indicators") if row["indicator"] == indicator]
    slots = {source["source"]: source["slot"] for source in sources_of(indicator)}
    successor = {source["source"]: source["successor"] for source in rows("sources")}
    if row["combination"] == "separate":
        assert all(slot == source for source, slot in slots.items())
    elif row["combination"] == "sum":
        # Only a successor and its predecessor share a series, and they always do.
        assert all(slot == (successor[source] or source) for source, slot in slots.items())
    else:
        assert set(slots.values()) == {"*"}
        assert row["combination"] != "single" or len(slots) == 1


def test_successors_take_over_on_the_day_their_predecessor_ends() -> None:
    by_id = {row["source"]: row for row in rows("sources")}
    pairs = {row["source"]: row["successor"] for row in rows("sources") if row["successor"]}
    assert pairs == {
        "ely": "evk", "tekes": "business_finland", "te_office": "employment_area",
    }  # fmt: skip
    for source, successor in pairs.items():
        assert by_id[source]["valid_to"] == by_id[successor]["valid_from"] != "", source


def test_a_source_is_expected_only_while_it_exists() -> None:
    by_id = {row["source"]: row for row in rows("sources")}
    for row in rows("indicator_sources"):
        source = by_id[row["source"]]
        if not row["expected_from"]:
            assert not row["expected_to"], row
            continue
        assert row["expected_from"] >= source["valid_from"], row
        if source["valid_to"]:
            assert row["expected_from"] < row["expected_to"] <= source["valid_to"], row


def test_an_expected_level_is_published_by_some_expected_source() -> None:
    for row in rows("indicators"):
        if row["additivity"] == "rate":
            continue  # computed from its parts, whose own levels are expected
        published = {
            level
            for source in sources_of(row["indicator"])
            if source["expected_from"]
            for level in source["levels"].split()
        }
        assert set(row["expected_levels"].split()) <= published, row["indicator"]


def test_rates_have_their_parts_at_the_same_levels_and_cadence() -> None:
    by_id = {row["indicator"]: row for row in rows("indicators")}
    rates = {
        row["indicator"]: (row["numerator"], row["denominator"], float(row["rate_factor"]))
        for row in rows("indicators")
        if row["additivity"] == "rate"
    }
    assert rates == {
        "unemployment_rate": ("unemployed", "labour_force", 100.0),
        "vacancies_per_unemployed": ("open_vacancies", "unemployed", 1.0),
    }
    for rate, (numerator, denominator, _) in rates.items():
        for part in (numerator, denominator):
            assert by_id[part]["additivity"] == "additive"
            assert by_id[part]["cadence"] == by_id[rate]["cadence"]
            assert by_id[part]["levels"] == by_id[rate]["levels"]
    for row in rows("indicators"):
        if row["additivity"] != "rate":
            assert row["numerator"] + row["denominator"] + row["rate_factor"] == "", row


def test_vocabularies_of_the_indicators_are_closed() -> None:
    for row in rows("indicators"):
        groups = "ABCDEFGH" if row["framework"] == "development" else "ABCDEF"
        assert row["framework"] in {"development", "cooperation"}, row
        assert row["group_code"] in set(groups), row
        assert row["direction"] in {"up", "down", "neutral"}, row
        assert row["additivity"] in {"additive", "rate", "none"}, row
        assert row["cadence"] in PERIOD_TEXT, row
        assert re.fullmatch(PERIOD_TEXT[row["cadence"]], row["first_period"]), row
        assert row["definition"].endswith("."), row


def test_numbers_of_the_indicators_make_sense() -> None:
    counted = {
        "advice_events", "transfers", "service_users", "service_users_web", "service_users_phone",
        "network_survey_score", "customer_survey_score",
    }  # fmt: skip
    for row in rows("indicators"):
        assert int(row["release_lag_days"]) > 0, row
        assert float(row["tolerance_abs"]) > 0, row
        assert float(row["tolerance_rel"]) >= 0, row
        assert int(row["min_count"]) == (5 if row["indicator"] in counted else 0), row
        if row["valid_max"]:
            assert float(row["valid_min"]) < float(row["valid_max"]), row


def test_event_indicators_split_by_segment_and_their_sources_deliver_the_dataset() -> None:
    datasets = {row["source"]: row["datasets"].split() for row in rows("sources")}
    filters = {}
    for row in rows("indicators"):
        if not row["event_dataset"]:
            assert row["segments"] == "total", row
            continue
        filters[row["indicator"]] = (row["event_dataset"], row["event_filter"])
        if row["event_dataset"] == "register_events":
            # A register is asked, it delivers no files, and it knows no customer segments.
            assert row["segments"] == "total", row
            assert "prh" in [source["source"] for source in sources_of(row["indicator"])]
            continue
        assert row["segments"].split() == column("segments", "segment"), row
        for source in sources_of(row["indicator"]):
            assert row["event_dataset"] in datasets[source["source"]], source
    assert filters == {
        "enterprises_started": ("register_events", "started"),
        "enterprises_closed": ("register_events", "closed"),
        "development_funding": ("funding_decisions", "development"),
        "investment_financing": ("funding_decisions", "investment"),
        "advice_events": ("advice_events", ""),
        "transfers": ("transfers", ""),
    }


# Phases


def test_phases_are_kinds_of_events_and_follow_one_another() -> None:
    kinds = {row["code"] for row in rows("words") if row["list"] == "event_kind"}
    order: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows("event_phases"):
        assert {row["kind"], row["activity"]} <= kinds, row
        # An activity is what its phases are of, never a phase itself.
        assert row["activity"] not in column("event_phases", "kind"), row
        order[row["activity"]].append(int(row["sort_key"]))
    for activity, places in order.items():
        assert sorted(places) == list(range(1, len(places) + 1)), activity


# Surveys


def wordings(row: Row, code: str) -> list[str]:
    """Everything by which a delivery may call a survey or a question, without case and blanks."""
    names = (row[code], row["name_fi"], row["name_sv"], row["name_en"], *row["aliases"].split(";"))
    return [" ".join(name.split()).lower() for name in names if name.strip()]


def test_a_name_means_one_survey_and_a_wording_one_question_of_it() -> None:
    surveys = [name for row in rows("surveys") for name in set(wordings(row, "survey"))]
    assert len(surveys) == len(set(surveys))
    for survey in column("surveys", "survey"):
        asked = [row for row in rows("survey_questions") if row["survey"] == survey]
        names = [name for row in asked for name in set(wordings(row, "question"))]
        assert names, f"{survey} asks nothing"
        assert len(names) == len(set(names)), survey


def test_scales_of_questions_are_whole() -> None:
    words = {row["code"] for row in rows("words") if row["list"] == "answer"}
    assert set(column("survey_scales", "answer")) <= words
    bounds = {"score": ("1", "5"), "agreement": ("1", "5"), "outlook": ("-2", "2")}
    for row in rows("survey_questions"):
        assert (row["scale_min"], row["scale_max"]) == bounds.get(row["scale"], ("", "")), row
    for row in rows("survey_scales"):
        low, high = bounds.get(row["scale"], ("", ""))
        assert bool(row["score"]) == bool(low)
        assert not row["score"] or int(low) <= int(row["score"]) <= int(high)
        # On the five steps those who agree gave 4 or 5; what is withheld relies on it.
        if row["scale"] == "agreement":
            assert (row["agrees"] == "true") == (int(row["score"]) >= 4)


def test_what_surveys_feed_is_measured_from_one_to_five() -> None:
    fed = {row["indicator"] for row in rows("survey_questions")} - {""}
    assert fed == {"network_survey_score", "customer_survey_score", "steering_self_assessment"}
    limits = {row["indicator"]: (row["valid_min"], row["valid_max"]) for row in rows("indicators")}
    for row in rows("survey_questions"):
        if row["indicator"]:
            assert (row["scale_min"], row["scale_max"]) == limits[row["indicator"]]
    surveys = [(row["indicator"], row["survey"]) for row in rows("survey_questions")]
    assert len({pair for pair in surveys if pair[0]}) == len(fed), "an indicator of two surveys"


def test_each_survey_with_statements_has_at_most_one_main_one() -> None:
    mains = [row["survey"] for row in rows("survey_questions") if row["is_main"] == "true"]
    assert len(mains) == len(set(mains))


def test_the_annual_clock_says_what_the_domain_says() -> None:
    """Group, what is expected, months, length of a window, least and most: written out by hand."""
    clock = {
        row["rule"]: (
            row["group_name"], row["expects"], row["months"], int(row["window_months"]),
            int(row["least"]), int(row["most"]), row["level"], row["variant"],
        )
        for row in rows("annual_clock")
    }  # fmt: skip
    every_month = " ".join(str(month) for month in range(1, 13))
    assert clock == {
        "steering_priorities": ("steering_group", "meeting", "10", 1, 1, 1, "area", ""),
        "steering_approval": ("steering_group", "meeting", "12", 1, 1, 1, "area", ""),
        "steering_follow_up_a": ("steering_group", "meeting", "1 5 9", 1, 2, 3, "area", "a"),
        "steering_follow_up_b": ("steering_group", "meeting", "3 6 10", 1, 2, 3, "area", "b"),
        "working_meetings": ("working_group", "meeting", every_month, 1, 12, 12, "area", ""),
        "coordinator_meetings": ("area_coordinators", "meeting", "1", 12, 6, 12, "area", ""),
        "topical_days": ("topical_day", "meeting", "1", 12, 2, 4, "area", ""),
        "national_meetings": ("national", "meeting", "1", 12, 1, 2, "national", ""),
        "plan_draft": ("working_group", "plan_draft", "9", 2, 1, 1, "area", ""),
        "plan_revision": ("working_group", "plan_revision", "11", 2, 1, 1, "area", ""),
        "plan_approval": ("steering_group", "plan_approval", "12", 1, 1, 1, "area", ""),
        "self_assessment": ("steering_group", "survey_round", "1", 12, 1, 1, "area", ""),
        "network_survey": ("", "survey_round", "1", 24, 1, 1, "national", ""),
        "customer_survey": ("", "survey_round", "1", 24, 1, 1, "national", ""),
    }


def test_rules_of_the_annual_clock_can_be_followed() -> None:
    groups = {row["code"] for row in rows("words") if row["list"] == "group"}
    for row in rows("annual_clock"):
        months = [int(month) for month in row["months"].split()]
        assert months == sorted(set(months)), row
        assert set(months) <= set(range(1, 13)), row
        assert row["group_name"] in groups | {""}, row
        least, most = int(row["least"]), int(row["most"])
        assert 1 <= least <= most <= 31, row
        # Every window of a rule takes the same number.
        assert most % len(months) == 0, row
        assert row["every_years"] == "1" or row["valid_from"], row
        if row["expects"] == "meeting":
            # A meeting fills a month or a year, which are periods of the calendar.
            assert row["group_name"], row
            assert int(row["window_months"]) in (1, 12), row
            assert row["window_months"] == "1" or months == [1], row
            assert row["indicator"] == "meeting_activity", row
    # Months come before years, and of years a group has one rule.
    of_years = [
        row["group_name"]
        for row in rows("annual_clock")
        if row["expects"] == "meeting" and row["window_months"] == "12"
    ]
    assert len(of_years) == len(set(of_years))


def test_meeting_activity_is_of_steering_and_working_groups() -> None:
    counted = {row["group_name"] for row in rows("annual_clock") if row["is_counted"] == "true"}
    assert counted == {"steering_group", "working_group"}
