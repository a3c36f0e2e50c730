"""Random small worlds, many of them in one warehouse, and how the marts' answers compare.

A world is an indicator (or a rate with its parts) of a made-up geography, and what its sources
deliver. Worlds share a build without touching: every world has indicators of its own, every
geography has regions and sources of its own, and the catalogue is written for them into a copy of
the dbt project. The deliveries are CSV files that the platform itself takes in. What does not
belong here: what the answer should be (`oracle`).
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.deliveries.deliveries import Deliveries
from assets.settings import DBT_PROJECT_DIR, Settings
from tests.conftest import csv_text
from tests.oracle.events import Event
from tests.oracle.log_worlds import (
    LOG_DATASETS,
    LOG_INDICATORS,
    log_indicators,
    log_periods,
    log_worlds,
    slices,
)
from tests.oracle.oracle import (
    MONTHS,
    TYPES,
    Answer,
    Counts,
    Delivery,
    EventLink,
    Gap,
    Geography,
    Habit,
    Indicator,
    Member,
    Merger,
    Observation,
    ObservationKey,
    Overlap,
    Period,
    Redefinition,
    Region,
    Reporter,
    Row,
    Version,
    World,
    answer,
    calendar,
    free_span,
)
from tests.parsed import dbt

TODAY = date(2026, 11, 22)
#: What the oracle knows of; other kinds in the marts are left alone.
OVERLAP_KINDS = (
    *("duplicate", "conflict", "redundant"),
    *("period_overlap", "nested_region", "nested_segment", "same_event"),
)
GAP_KINDS = (
    *("absent", "late", "suppressed", "not_available", "partial"),
    *("series_break", "stale_source"),
)
#: Of an indicator that several worlds share they tell of all of them together.
BEYOND_ONE_WORLD = ("series_break", "stale_source")
#: What is built: the marts that are compared, and all that they are made of.
_SELECTED = (
    "fct_observations",
    "fct_observation_vintages",
    "quality_overlaps",
    "quality_event_links",
    "quality_gaps",
    "quality_ledger",
    "quality_quarantine",
    "int_measurement_dispositions",
)
_SHOWN = 8000

T = TypeVar("T")

# -- drawing -----------------------------------------------------------------------------------

_NEW_YEARS = [date(year, 1, 1) for year in (2020, 2021, 2025)]
#: At the edge of periods and within them.
_REDEFINED = [*_NEW_YEARS, date(2025, 2, 1), date(2025, 4, 1), date(2025, 5, 15)]
_DELIVERED = [date(2019, 3, 1), date(2021, 2, 15), date(2025, 3, 1), date(2025, 5, 10)]
_DELIVERED += [date(2025, 8, 20), date(2026, 5, 1)]
#: Around the tolerances: 0.5 beside small values, half a per cent beside large ones.
_VALUES = (0.0, 1.0, 2.0, 10.0, 10.5, 11.0, 100.0, 1000.0, 1005.0, 1005.5)
_PERIODS: tuple[Period, ...] = (
    *(calendar("M", 2025, part) for part in (1, 2, 3, 4)),
    *(calendar("Q", year, part) for year in (2019, 2020, 2025) for part in (1, 2, 4)),
    *(calendar("S", year, part) for year in (2020, 2025) for part in (1, 2)),
    *(calendar("A", year) for year in (2012, 2019, 2020, 2021, 2024, 2025)),
    calendar("M", 2026, 10),
    free_span(date(2024, 7, 1), date(2025, 7, 1)),
    free_span(date(2025, 2, 1), date(2025, 4, 1)),
    free_span(date(2025, 3, 15), date(2025, 3, 20)),
    free_span(date(2019, 7, 1), date(2020, 7, 1)),
)


@st.composite
def geographies(draw: st.DrawFn, number: int, *, alone: bool) -> Geography:
    """A small country: municipalities that merge and move, and all levels above them.

    Args:
        number: keeps its regions and sources apart from those of the others.
        alone: whether it has the build for itself; only then may a source cover everything,
            because the whole country is the same region in every geography.
    """
    kus = [f"KU{10 * number + n:03}" for n in range(draw(st.integers(4, 8)))]
    sks = [f"SK{10 * number + n:03}" for n in range(draw(st.integers(2, 4)))]
    mks = [f"MK{3 * number + n:02}" for n in range(2 if alone else draw(st.integers(1, 2)))]
    tas = [f"TA{3 * number + n:02}" for n in range(draw(st.integers(1, 2)))]
    ely, evk = f"ELY{number:02}", f"EVK{number:02}"
    nuts3_of = {mk: f"FI{number:02}{n}" for n, mk in enumerate(mks)}
    nuts2, nuts1 = f"FI{number:02}A", f"FI{number:02}B"
    # Contract areas leave municipalities out; of the second one nobody knows which it has.
    areas_of_contract = [f"SS{2 * number + n:02}" for n in range(2)]
    # The first two municipalities stay, so that no region of theirs is the whole country.
    mk_of = {sk: draw(st.sampled_from(mks)) for sk in sks} | {sks[0]: mks[0], sks[1]: mks[-1]}
    ends: dict[str, date] = {}
    # The sub-region of each municipality from a day on.
    homes: dict[str, list[tuple[date | None, str]]] = {
        ku: [(None, draw(st.sampled_from(sks)))] for ku in kus
    }
    homes |= {kus[0]: [(None, sks[0])], kus[1]: [(None, sks[1])]}
    for ku in draw(st.lists(st.sampled_from(kus[2:]), max_size=3, unique=True)):
        day = draw(st.sampled_from(_NEW_YEARS))
        if draw(st.booleans()):
            ends[ku] = day
        else:
            homes[ku].append((day, draw(st.sampled_from(sks))))
    mergers = []
    for ku, day in ends.items():
        alive = [other for other in kus if ends.get(other, TODAY) > day]
        mergers.append(Merger(ku, draw(st.sampled_from(alive)), day))
    members: list[Member] = []
    for ku in kus:
        spans = homes[ku]
        for (start, sk), after in zip(spans, [*spans[1:], (None, "")], strict=True):
            end = after[0] or ends.get(ku)
            members += [Member(ku, sk, start, end), Member(ku, mk_of[sk], start, end)]
            members.append(Member(ku, nuts3_of[mk_of[sk]], start, end))
        ta = draw(st.sampled_from(tas))
        if ends.get(ku, TODAY) > date(2025, 1, 1):
            members.append(Member(ku, ta, date(2025, 1, 1), ends.get(ku)))
        first = min(ends.get(ku, date(2026, 1, 1)), date(2026, 1, 1))
        members.append(Member(ku, ely, None, first))
        if ku not in ends:
            members.append(Member(ku, evk, date(2026, 1, 1), None))
        members += [Member(ku, above, None, ends.get(ku)) for above in (nuts2, nuts1, "SSS")]
        if draw(st.booleans()):
            members.append(Member(ku, areas_of_contract[0], None, ends.get(ku)))
    regions = [
        *(Region(ku, "KU", None, ends.get(ku)) for ku in kus),
        *(Region(sk, "SK", None, _emptied(sk, members)) for sk in sks),
        *(Region(mk, "MK") for mk in mks),
        *(Region(ta, "TA", date(2025, 1, 1)) for ta in tas),
        Region(ely, "ELY", None, date(2026, 1, 1)),
        Region(evk, "EVK", date(2026, 1, 1)),
        *(Region(area, "SS") for area in areas_of_contract),
        *(Region(nuts3, "NUTS3") for nuts3 in nuts3_of.values()),
        Region(nuts2, "NUTS2"),
        Region(nuts1, "NUTS1"),
        Region("SSS", "SSS"),
    ]
    areas: dict[str, tuple[str, ...]] = {}
    delivered: dict[str, tuple[date, ...]] = {}
    habits: dict[str, Habit] = {}
    for letter in "abcd":
        source = f"g{number:02}{letter}"
        choices = [tuple(mks), tuple(mks), tuple(mks), (mks[0],), (sks[0],)]
        areas[source] = draw(st.sampled_from([*choices, *([()] * 4 if alone else [])]))
        days = st.lists(st.sampled_from(_DELIVERED), min_size=3, max_size=3, unique=True)
        delivered[source] = tuple(sorted(draw(days)))
        habits[source] = draw(_habits(delivered[source][-1]))
    return Geography(tuple(regions), tuple(members), areas, delivered, tuple(mergers), habits)


@st.composite
def _habits(draw: st.DrawFn, last: date) -> Habit:
    """A source that is just in time, just late, or neither; some are no more."""
    cadence = draw(st.sampled_from("ASQM"))
    edge = TODAY - timedelta(days=31 * MONTHS[cadence])
    near = [edge + timedelta(days=n) for n in (-2, -1, 0, 1) if edge + timedelta(days=n) > last]
    if not near or not draw(st.integers(0, 3)):
        return Habit(cadence)
    # The day changes at midnight in Finland, two or three hours before it does in UTC.
    clock = draw(st.sampled_from([time(12), time(20, 30), time(21, 30), time(23)]))
    end = draw(st.sampled_from([None, None, None, TODAY, TODAY + timedelta(days=1)]))
    return Habit(cadence, datetime.combine(draw(st.sampled_from(near)), clock, UTC), end)


def _emptied(region: str, members: Sequence[Member]) -> date | None:
    """When the last municipality left a region; None while it has one."""
    ends = [m.end for m in members if m.parent == region]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


@st.composite
def worlds(draw: st.DrawFn, geography: Geography) -> World:
    """A world of a geography: an indicator, or a rate and its two parts, and deliveries."""
    levels = tuple(
        draw(
            st.sampled_from(
                [
                    "KU SK MK SSS",
                    "KU SK TA MK SSS",
                    "KU SK MK SSS",
                    "KU MK",
                    "SK MK SSS",
                    "KU TA",
                    "KU SK MK ELY",
                    "KU EVK",
                    "KU SSS",
                    "MK SSS",
                    "KU",
                    "KU SK MK EVK ELY SSS",
                    "KU EVK SSS",
                    "KU SS SSS",
                    "KU NUTS3 NUTS2 SSS",
                    "KU SK MK ELY NUTS2 NUTS1 SSS",
                ]
            )
        ).split()
    )
    cadence = draw(st.sampled_from("AQSMQ"))
    base = _indicator(draw, geography, "x", levels, cadence)
    indicators = [base]
    if draw(st.integers(0, 3)) == 0:
        combination = st.sampled_from(["prefer", "sum"])
        above = replace(base, name="n", additivity="additive", combination=draw(combination))
        below = replace(above, name="d", combination=draw(combination))
        rate = replace(
            base,
            name="r",
            additivity="rate",
            combination="prefer",
            reporters=tuple(replace(r, slot="*") for r in base.reporters),
            numerator="n",
            denominator="d",
            rate_factor=100.0,
            tolerance_abs=0.1,
            unit="count",
        )
        indicators = [_with_slots(above), _with_slots(below), rate]
    redefinitions = [
        Redefinition(
            (changed := draw(st.sampled_from(indicators))).name,
            draw(st.sampled_from([None, *(r.source for r in changed.reporters)])),
            draw(st.sampled_from(_REDEFINED)),
        )
        for _ in range(draw(st.sampled_from([0, 0, 1, 2])))
    ]
    rows: dict[tuple[str, int], list[Row]] = defaultdict(list)
    places = _places(draw, base)
    for indicator in indicators:
        # The parts of a rate are told more often than the rate itself.
        for _ in range(draw(st.integers(0 if indicator.numerator else 1, 4))):
            _block(draw, geography, indicator, places, rows)
    # The door rejects 1 as a share, which may be 1 % or 100 %.
    shares = {i.name for i in indicators if i.unit == "percent"}
    deliveries = [
        Delivery(source, n, tuple(r for r in told if r.indicator not in shares or r.value != 1))
        for (source, n), told in sorted(rows.items())
    ]
    return World(geography, tuple(indicators), tuple(deliveries), TODAY, tuple(redefinitions))


def _indicator(
    draw: st.DrawFn, geography: Geography, name: str, levels: tuple[str, ...], cadence: str
) -> Indicator:
    sources = sorted(geography.areas)
    combination = draw(st.sampled_from(["prefer", "prefer", "sum", "separate", "single"]))
    chosen = draw(st.permutations(sources))[: draw(st.integers(1, 3))]
    slots = draw(st.lists(st.sampled_from(chosen), min_size=3, max_size=3))
    reporters = []
    for place, source in enumerate(chosen):
        expected = draw(
            st.sampled_from(
                [
                    (date(2015, 1, 1), None),
                    (date(2015, 1, 1), None),
                    (None, None),
                    (date(2015, 1, 1), date(2025, 1, 1)),
                    (date(2025, 1, 1), None),
                ]
            )
        )
        slot = slots[place] if combination == "sum" else "*"
        declared = draw(st.sampled_from([TYPES, TYPES, levels, levels[:1], ("MK", "SSS")]))
        side_by_side = draw(st.sampled_from([("total", "founder"), (), ("total",)]))
        reporters.append(
            Reporter(source, place + 1, slot, *expected, levels=declared, segments=side_by_side)
        )
    first_year = draw(st.sampled_from([2019, 2020, 2025, 2025]))
    first = calendar(cadence, first_year)
    is_open = cadence in "AS" and draw(st.booleans())
    last_part = min(3, {"A": 1, "S": 2, "Q": 4, "M": 12}[cadence])
    tolerances = draw(st.sampled_from([(0.5, 0.005), (0.5, 0.005), (1.0, 0.0), (0.0, 0.0)]))
    expected_levels = tuple(level for level in levels if draw(st.integers(0, 2)))
    additivity = draw(st.sampled_from(["additive", "additive", "additive", "none"]))
    if additivity == "none":
        # What is never added up needs no division but for its own comparison.
        reporters = [
            replace(r, restates=True, division_year=draw(st.sampled_from([None, 2020, 2024])))
            if draw(st.integers(0, 2)) == 0
            else r
            for r in reporters
        ]
    return Indicator(
        name,
        additivity,
        combination,
        cadence,
        levels,
        expected_levels,
        draw(st.sampled_from([("total",), ("total",), ("total", "founder")])),
        tuple(reporters),
        *tolerances,
        draw(st.sampled_from([0, 30, 90])),
        first,
        None if is_open else calendar(cadence, first_year, last_part),
        unit=draw(st.sampled_from(["count", "EUR"])),
    )


def _with_slots(indicator: Indicator) -> Indicator:
    """Reporters that fit the combination: one slot, or one for each source."""
    return replace(
        indicator,
        reporters=tuple(
            replace(
                r,
                slot=r.source if indicator.combination == "sum" else "*",
                restates=False,
                division_year=None,
            )
            for r in indicator.reporters
        ),
    )


@dataclass(frozen=True)
class _Place:
    """What the rows of a block are about."""

    level: str
    period: Period
    segment: str
    source: str


def _places(draw: st.DrawFn, indicator: Indicator) -> list[_Place]:
    """A few places that a world keeps coming back to, so that its rows meet."""
    first = indicator.first_period
    assert first is not None
    at_once = [p for p in _PERIODS if p.start.year == first.start.year]
    periods = [
        draw(st.sampled_from([first, *(p for p in at_once if p.freq == first.freq)])),
        draw(st.sampled_from(at_once)),
        draw(st.sampled_from(_PERIODS)),
    ]
    return [
        _Place(
            draw(st.sampled_from(indicator.expected_levels or indicator.levels)),
            periods[draw(st.sampled_from([0, 0, 0, 1, 1, 2]))],
            draw(st.sampled_from(["total", *indicator.segments])),
            draw(st.sampled_from([r.source for r in indicator.reporters])),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]


def _is_finer(period: Period, cadence: str) -> bool:
    """Whether a period is shorter than those in which an indicator is measured."""
    if period.freq in MONTHS:
        return MONTHS[period.freq] < MONTHS[cadence]
    return (period.end - period.start).days < 28 * MONTHS[cadence]


def _block(
    draw: st.DrawFn,
    geography: Geography,
    indicator: Indicator,
    places: Sequence[_Place],
    rows: dict[tuple[str, int], list[Row]],
) -> None:
    """A source reports a level, or a part of it, for a period; some of it again."""
    place = draw(st.sampled_from(places))
    level, period, segment, source = place.level, place.period, place.segment, place.source
    match draw(st.integers(0, 11)):
        case 0 | 1 | 2:
            source = draw(st.sampled_from([r.source for r in indicator.reporters]))
        case 3 | 4:
            period = draw(st.sampled_from(places)).period
        case 5:
            level = draw(st.sampled_from(indicator.levels))
        case 6:
            period = draw(st.sampled_from(_PERIODS))
        case 7:
            source = draw(st.sampled_from(sorted(geography.areas)))
    number = draw(st.integers(0, 2))
    regions = [r.region for r in geography.regions if r.type == level]
    if not draw(st.integers(0, 2)):
        regions = draw(st.lists(st.sampled_from(regions), min_size=1, max_size=2))
    periods = [period]
    if not draw(st.integers(0, 3)):
        # A series of one region whose periods may intersect.
        regions = regions[:1]
        near = [p for p in _PERIODS if p.start.year == period.start.year]
        periods = [period, *draw(st.lists(st.sampled_from(near), max_size=5))]
    elif not draw(st.integers(0, 3)):
        # A series of years, over which land and definitions change.
        of_land = [r.region for r in geography.regions if r.type == level]
        regions = draw(st.lists(st.sampled_from(of_land), min_size=1, max_size=4, unique=True))
        periods = [p for p in _PERIODS if p.freq == period.freq]
    segments = [segment]
    match draw(st.integers(0, 9)):
        case 0 | 1:
            segments = ["total", "founder"]
        case 2 | 3:
            # A second level beside the first one.
            other = draw(st.sampled_from(indicator.levels))
            regions = [*regions, *(r.region for r in geography.regions if r.type == other)]
    usual = draw(st.sampled_from(_VALUES))
    for region, told, segment in product(regions, periods, segments):
        if _is_finer(told, indicator.cadence):
            continue  # the door rejects it
        value: float | None = usual
        status = conf_status = unit = ""
        match draw(st.integers(0, 19)):
            case 0 | 1:
                continue
            case 2 | 3 | 4:
                value = draw(st.sampled_from(_VALUES))
            case 5:
                value = None
            case 6:
                value, status = None, draw(st.sampled_from("QOMLH"))
            case 7:
                status = draw(st.sampled_from("PEBUQ"))
            case 8:
                conf_status = draw(st.sampled_from("CAF"))
                value = draw(st.sampled_from([usual, None]))
            case 9:
                unit = "kEUR" if indicator.unit == "EUR" else ""
        row = Row(indicator.name, region, segment, told, value, status, conf_status, unit)
        rows[source, number].append(row)
        match draw(st.integers(0, 9)):
            case 0:
                rows[source, number].append(row._replace(value=draw(st.sampled_from(_VALUES))))
            case 1:
                later = draw(st.integers(0, 2))
                rows[source, later].append(row._replace(value=draw(st.sampled_from(_VALUES))))


def drawn(strategy: st.SearchStrategy[T], count: int, start: int) -> list[T]:
    """The first so many examples of a strategy from a seed, small and odd ones among them."""
    found: list[T] = []

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: T) -> None:
        found.append(example)

    collect()
    return found


@cache
def _country(start: int, number: int, alone: bool) -> Geography:
    """A geography of a seed, one and the same for all kinds of worlds that share a build."""
    # The first example of a strategy is its simplest: no merger, one municipality less.
    return drawn(geographies(number, alone=alone), 3, start + number)[-1]


def draw_log_worlds(start: int, *, countries: int, each: int) -> list[World]:
    """Worlds of logs, so many of each indicator as there are periods; the same for the same seed.

    One build can hold only those of one seed.
    """
    found = [_country(start, number, countries == 1) for number in range(countries)]
    worlds: list[World] = []
    for indicator in drawn(log_indicators(found), 3, start)[-1]:
        for number, periods in enumerate(slices(indicator.cadence, TODAY)[:each]):
            strategy = log_worlds(found[number % countries], indicator, periods, len(worlds), TODAY)
            worlds.append(drawn(strategy, 3, start + len(worlds))[-1])
    return worlds


def draw_worlds(start: int, *, countries: int, each: int) -> list[World]:
    """Worlds of several geographies, the same ones for the same seed."""
    found: list[World] = []
    for number in range(countries):
        geography = _country(start, number, countries == 1)
        found += drawn(worlds(geography), each, start + 1000 + number)
    return found


# -- one warehouse for many --------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """How the marts answer for a world.

    Attributes:
        differences: what only the oracle or only the marts say, a line each; empty if they agree.
    """

    world: World
    differences: tuple[str, ...]


class Workshop:
    """A copy of the dbt project whose catalogue is written anew for every batch of worlds.

    Args:
        folder: where it is made.
        project: the models that are judged; those of this checkout where nothing is said.
    """

    def __init__(self, folder: Path, project: Path = DBT_PROJECT_DIR) -> None:
        self._folder = folder
        self._project = folder / "dbt_project"
        self._is_parsed = project == DBT_PROJECT_DIR
        self._builds = 0
        self._countries: list[Geography] = []
        shutil.copytree(project, self._project, ignore=shutil.ignore_patterns("target", "logs"))

    def judge(self, batch: Sequence[World]) -> list[Verdict]:
        """Deliver the worlds, build the warehouse once and compare each with the oracle.

        Raises:
            AssertionError: a delivery or dbt failed, or the ledger of a delivery does not add up.
        """
        self._builds += 1
        self._countries = list({id(world.geography): world.geography for world in batch}.values())
        home = self._folder / f"home_{self._builds}"
        named = [
            world if world.logs else _named(world, f"w{number:04}_")
            for number, world in enumerate(batch)
        ]
        _write_catalogue(self._project / "seeds", named)
        lines = _deliver(home, Catalogue(self._project / "seeds"), named)
        self._build(home)
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
            warehouse.execute("use marts")
            said = _read(warehouse, named, lines)
            moments = _moments(warehouse)
        shutil.rmtree(home)
        verdicts = []
        for world, got in zip(named, said, strict=True):
            if world.logs:
                # The history of a sum of events follows the links of today (decision 23).
                alone = answer(world)
                for gap in [gap for gap in alone.gaps if gap.kind in BEYOND_ONE_WORLD]:
                    del alone.gaps[gap]
                verdicts.append(Verdict(world, tuple(differences(alone, got))))
                continue
            there = {(d.source, d.number) for d in world.deliveries}
            expected = answer(world, [r for r in moments.values() if not there.isdisjoint(r)])
            verdicts.append(Verdict(world, tuple(differences(expected, got))))
        return verdicts

    def _build(self, home: Path) -> None:
        arguments = [
            *("build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
            *("--select", *(f"+{name}" for name in _SELECTED)),
        ]
        if self._is_parsed:
            day = {"TILANNEKUVA_HOME": str(home), "TILANNEKUVA_TODAY": TODAY.isoformat()}
            done = dbt(arguments, self._folder / "workshop", day, self._project)
            said = done.stdout + done.stderr
            assert done.returncode == 0, f"dbt build failed:\n{said[-_SHOWN:]}"
            return
        command = subprocess.run(
            [Path(sys.executable).with_name("dbt"), *arguments, "--profiles-dir", "."],
            cwd=self._project,
            env=os.environ
            | {
                # The same words in every build, so that dbt need not parse the project again.
                "TILANNEKUVA_HOME": str(self._link(home)),
                "TILANNEKUVA_TODAY": TODAY.isoformat(),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        said = command.stdout + command.stderr
        assert command.returncode == 0, f"dbt build failed:\n{said[-_SHOWN:]}"

    def _link(self, home: Path) -> Path:
        link = self._folder / "home"
        link.unlink(missing_ok=True)
        link.symlink_to(home, target_is_directory=True)
        return link

    def shrunk(self, verdict: Verdict, rounds: int = 12) -> Verdict:
        """A smaller world that still differs: all that lack one thing are built together.

        Logs stay as they are, for no two worlds of one build can have the same periods.
        """
        if verdict.world.logs:
            return verdict
        # Without another country a region could be all of this one.
        others = [country for country in self._countries if country != verdict.world.geography]
        beside = [World(country, (), (), TODAY) for country in others[:1]]
        for _ in range(rounds):
            smaller = list(_smaller(_unnamed(verdict.world)))
            failing = [v for v in self.judge([*smaller, *beside]) if v.differences]
            if not failing:
                break
            verdict = min(failing, key=lambda v: _size(v.world))
        return verdict


def _size(world: World) -> int:
    return (
        sum(len(d.rows) for d in world.deliveries)
        + len(world.redefinitions)
        + sum(
            len(i.expected_levels) + len(i.segments) + len(i.levels) + len(i.reporters)
            for i in world.indicators
        )
    )


def _smaller(world: World) -> Iterator[World]:
    """Every world that lacks one row, half of a delivery, an expected level or a level."""
    for place, delivery in enumerate(world.deliveries):
        count = len(delivery.rows)
        cuts = [(0, count), (0, count // 2), (count // 2, count)]
        for start, end in [*cuts, *((n, n + 1) for n in range(count))]:
            if start < end:
                rows = delivery.rows[:start] + delivery.rows[end:]
                deliveries = [*world.deliveries]
                deliveries[place] = replace(delivery, rows=rows)
                yield replace(world, deliveries=tuple(d for d in deliveries if d.rows))
    for change in world.redefinitions:
        others = tuple(other for other in world.redefinitions if other != change)
        yield replace(world, redefinitions=others)
    for name in ("expected_levels", "levels", "segments", "reporters"):
        used = {item for i in world.indicators for item in getattr(i, name)}
        for item in sorted(used, key=str):
            less: list[Indicator] = []
            for i in world.indicators:
                change: dict[str, Any] = {name: tuple(x for x in getattr(i, name) if x != item)}
                less.append(replace(i, **change))
            if all(i.levels and i.segments and i.reporters for i in less):
                yield replace(world, indicators=tuple(less))


def _renamed(world: World, rename: Callable[[str], str]) -> World:
    indicators = tuple(
        replace(
            i,
            name=rename(i.name),
            numerator=rename(i.numerator) if i.numerator else "",
            denominator=rename(i.denominator) if i.denominator else "",
        )
        for i in world.indicators
    )
    deliveries = tuple(
        replace(d, rows=tuple(r._replace(indicator=rename(r.indicator)) for r in d.rows))
        for d in world.deliveries
    )
    redefinitions = tuple(
        replace(change, indicator=rename(change.indicator)) for change in world.redefinitions
    )
    return replace(world, indicators=indicators, deliveries=deliveries, redefinitions=redefinitions)


def _named(world: World, prefix: str) -> World:
    """The world with names that no other one has."""
    return _renamed(world, lambda name: prefix + name)


def _unnamed(world: World) -> World:
    return _renamed(world, lambda name: name.partition("_")[2])


# -- catalogue ---------------------------------------------------------------------------------


def _shared(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Indicators by name, with the sources of all worlds that share one."""
    found: dict[str, Indicator] = {}
    for indicator in indicators:
        known = found.get(indicator.name, indicator).reporters
        reporters = {reporter.source: reporter for reporter in (*known, *indicator.reporters)}
        found[indicator.name] = replace(indicator, reporters=tuple(reporters.values()))
    return list(found.values())


def _write_catalogue(seeds: Path, batch: Sequence[World]) -> None:
    """The catalogue of the worlds, in the columns that the project's own seeds have."""
    geographies = {id(world.geography): world.geography for world in batch}.values()
    indicators = _shared(indicator for world in batch for indicator in world.indicators)
    regions = {r.region: r for geography in geographies for r in geography.regions}
    _write(
        seeds / "regions.csv",
        [
            {
                "region": r.region,
                "region_type": r.type,
                "code": r.region.removeprefix(r.type) or r.region,
                **dict.fromkeys(("name_fi", "name_sv", "name_en"), f"Region {r.region}"),
                "valid_from": r.start or "",
                "valid_to": r.end or "",
            }
            for r in regions.values()
        ],
    )
    _write(
        seeds / "region_memberships.csv",
        [
            {
                "region": m.municipality,
                "parent": m.parent,
                "valid_from": m.start or "",
                "valid_to": m.end or "",
            }
            for geography in geographies
            for m in geography.members
        ],
    )
    _write(
        seeds / "region_changes.csv",
        [
            {
                "change": "merger",
                "region": merger.municipality,
                "name_fi": f"Region {merger.municipality}",
                "successor": merger.successor,
                "effective_on": merger.on,
            }
            for geography in geographies
            for merger in geography.mergers
        ],
    )
    _write(
        seeds / "definition_changes.csv",
        [
            {
                "indicator": change.indicator,
                "source": change.source or "",
                "effective_on": change.on,
                "reason": f"made up no. {number}",
            }
            for number, change in enumerate(c for world in batch for c in world.redefinitions)
        ],
    )
    _write(seeds / "region_aliases.csv", [])
    _write(
        seeds / "sources.csv",
        [
            {
                **dict.fromkeys(("source", "name", "name_fi", "owner"), source),
                "kind": "agency",
                "licence": "made up",
                "cadence": (habit := geography.habits.get(source, Habit())).cadence,
                "valid_to": habit.end or "",
                "area": " ".join(area),
                "datasets": " ".join(("measurements", *LOG_DATASETS)),
            }
            for geography in geographies
            for source, area in geography.areas.items()
        ],
    )
    _write(seeds / "indicators.csv", [_ANCHOR, *map(_indicator_row, indicators)])
    _write(
        seeds / "indicator_sources.csv",
        [
            {
                "indicator": i.name,
                "source": r.source,
                "preference": r.preference,
                "slot": r.slot if i.combination != "separate" else r.source,
                "levels": " ".join(r.levels),
                "segments": " ".join(r.segments),
                "expected_from": r.expected_from or "",
                "expected_to": r.expected_to or "",
                "restates_territory": str(r.restates).lower(),
                "division_year": r.division_year or "",
            }
            for i in [*indicators, *_anchors(geographies)]
            for r in i.reporters
        ],
    )


#: Reported once in every delivery, so that each one exists whichever worlds a build holds.
_ANCHOR = {
    "indicator": "anchor",
    "name_fi": "anchor",
    "name_en": "anchor",
    "unit": "count",
    "additivity": "none",
    "cadence": "A",
    "levels": "KU",
    "segments": "total",
    "combination": "separate",
    "release_lag_days": 0,
    "first_period": "2025",
}


def _anchors(geographies: Any) -> list[Indicator]:
    sources = sorted(source for geography in geographies for source in geography.areas)
    reporters = tuple(Reporter(source, n + 1, source) for n, source in enumerate(sources))
    return [Indicator("anchor", "none", "separate", "A", ("KU",), (), ("total",), reporters)]


def _indicator_row(indicator: Indicator) -> dict[str, object]:
    first, last = indicator.first_period, indicator.last_period
    return {
        **dict.fromkeys(("indicator", "name_fi", "name_sv", "name_en"), indicator.name),
        "framework": "development",
        "group_code": "H",
        "definition": "made up",
        "unit": indicator.unit,
        "direction": "up",
        "additivity": indicator.additivity,
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
        "rate_factor": indicator.rate_factor if indicator.numerator else "",
        "cadence": indicator.cadence,
        "levels": " ".join(indicator.levels),
        "expected_levels": " ".join(indicator.expected_levels),
        "segments": " ".join(indicator.segments),
        "combination": indicator.combination,
        "tolerance_abs": indicator.tolerance_abs,
        "tolerance_rel": indicator.tolerance_rel,
        "release_lag_days": indicator.release_lag_days,
        "first_period": first.text if first else "",
        "last_period": last.text if last else "",
        "min_count": 0,
        "decimals": 0,
        "event_dataset": indicator.event_dataset,
        "event_filter": indicator.event_filter,
    }


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows in the columns of the project's own seed; a column that they lack stays empty."""
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(
            stream, header, restval="", extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


# -- deliveries --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _At(Settings):
    """A deployment whose clock tells given moments."""

    ticks: Iterator[datetime] = field(default_factory=lambda: iter(()))

    def now(self) -> datetime:
        return next(self.ticks)


def _ticking(moment: datetime) -> Iterator[datetime]:
    """A moment, and those that follow it within the same second."""
    return (moment + timedelta(microseconds=n) for n in range(1_000_000))


def _taken_in(geography: Geography, source: str) -> list[datetime]:
    """When each delivery is taken in: at noon of its day, the last one as is the habit."""
    moments = [datetime.combine(day, time(12), UTC) for day in geography.delivered[source]]
    last = geography.habits.get(source, Habit()).last_taken_in
    return [*moments[:-1], last or moments[-1]]


#: A delivered file: its source, its dataset, and which one of the source it is.
File = tuple[str, str, int]
#: By file and line: the world of the row.
Lines = dict[tuple[File, int], int]


def _deliver(home: Path, catalogue: Catalogue, batch: Sequence[World]) -> Lines:
    """Drop every delivery into the landing zone and take all of them in."""
    geographies = {id(world.geography): world.geography for world in batch}.values()
    files: dict[File, list[dict[str, object]]] = {}
    lines: Lines = {}
    for geography in geographies:
        region = geography.regions[0].region
        for source, days in geography.delivered.items():
            for number in range(len(days)):
                anchor = Row("anchor", region, "total", calendar("A", 2025), float(number))
                files[source, "measurements", number] = [_cells(anchor)]
    for index, world in enumerate(batch):
        told: list[tuple[File, dict[str, object]]] = [
            ((delivery.source, "measurements", delivery.number), _cells(row))
            for delivery in world.deliveries
            for row in delivery.rows
        ]
        told += [
            ((log.source, log.dataset, log.number), _event_cells(log.dataset, event))
            for log in world.logs
            for event in log.rows
        ]
        for file, cells in told:
            rows = files.setdefault(file, [])
            rows.append(cells)
            lines[file, len(rows) + 1] = index
    on = {s: d for geography in geographies for s, d in geography.delivered.items()}
    moments = {
        (source, number): moment
        for geography in geographies
        for source in geography.delivered
        for number, moment in enumerate(_taken_in(geography, source))
    }
    # One after the other, so that the deliveries of different sources come in between one another.
    for moment in sorted(set(moments.values())):
        settings_ = _At(home, "landing", TODAY, True, ticks=_ticking(moment))
        coming = [
            (source, dataset, number)
            for source, dataset, number in files
            if moments[source, number] == moment
        ]
        for source, dataset, number in coming:
            path = settings_.landing_dir / source / dataset / f"{number}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            # Blank lines at the end, for the same content again would not be a delivery.
            text = csv_text(files[source, dataset, number]) + "\n" * number
            path.write_text(text, encoding="utf-8")
            delivered = datetime.combine(on[source][number], time(12), UTC).timestamp()
            os.utime(path, (delivered, delivered))
        with Deliveries(settings_, catalogue, {}) as deliveries:
            deliveries.prepare()
            for source, dataset in sorted({(source, dataset) for source, dataset, _ in coming}):
                arrival = deliveries.take_in(source, dataset)
                if arrival.refused_files:  # a file most of whose cells come twice waits
                    assert deliveries.accept(source, dataset, "they are meant to come twice")
                else:
                    assert arrival.outcome == "new", f"{source}/{dataset}: {arrival.message}"
            deliveries.zone.write_index()
    return lines


def _event_cells(dataset: str, event: Event) -> dict[str, object]:
    """A row of a log, in the columns of its dataset."""
    cells: dict[str, object] = {
        "region": event.region or "",
        "business_id": event.business or "",
        "segment": event.segment or "",
        "withdrawn": "yes" if event.is_withdrawn else "",
    }
    match dataset:
        case "funding_decisions":
            return cells | {
                "decision_id": event.event_id,
                "granted_on": event.day.isoformat(),
                "amount_eur": f"{event.amount:.2f}",
                "project_id": event.project_id or "",
                "project": event.project or "",
                "purpose": event.purpose,
                "instrument": event.instrument or "",
                "amount_basis": event.amount_basis or "",
                "period": event.period.text if event.period else "",
                "co_funders": "; ".join(event.co_funders),
            }
        case "advice_events":
            return cells | {
                "event_id": event.event_id,
                "happened_on": event.day.isoformat(),
                "topic": event.topic or "",
            }
    return cells | {
        "transfer_id": event.event_id,
        "from_actor": event.sender or "",
        "to_actor": event.receiver or "",
        "happened_on": event.day.isoformat(),
    }


def _cells(row: Row) -> dict[str, object]:
    return {
        "indicator": row.indicator,
        "region": row.region,
        "segment": row.segment,
        "period": row.period.text,
        "value": "" if row.value is None else f"{row.value:g}",
        "status": row.status,
        "conf_status": row.conf_status,
        "unit": row.unit,
    }


# -- answers -----------------------------------------------------------------------------------


def _read(
    warehouse: duckdb.DuckDBPyConnection, batch: Sequence[World], lines: Lines
) -> list[Answer]:
    """What the marts say of each world."""
    found = [Answer() for _ in batch]
    separate = {i.name for world in batch for i in world.indicators if i.combination == "separate"}

    # Logs are told apart by their periods, everything else by the indicator.
    of_logs = {
        (name, period.text): index
        for index, world in enumerate(batch)
        for name, period in log_periods(world)
    }

    def rows(sql: str) -> Iterator[tuple[Answer, tuple[Any, ...]]]:
        """Rows of a query on indicator and period, beside the answer that they are of."""
        for name, period, *row in warehouse.execute(sql).fetchall():
            if name in LOG_INDICATORS:
                if (name, period) in of_logs:
                    yield found[of_logs[name, period]], (name, period, *row)
            elif name != "anchor":
                yield found[int(name[1:5])], (name, period, *row)

    touching: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for said, row in rows(
        "select indicator, period, kind, region, segment, kept_source, kept_value, other_source, "
        "other_period, other_value from quality_overlaps"
    ):
        indicator, period, kind, region, segment, *rest = row
        overlap = Overlap(kind, indicator, region, segment, period, *rest)
        for period in (overlap.period, overlap.other_period):
            touching[indicator, overlap.region, overlap.segment, period].add(kind)
        if kind in OVERLAP_KINDS:
            said.overlaps[overlap] += 1
    for said, row in rows(
        "select indicator, period, region, segment, value, gross_value, obs_status, conf_status, "
        "source, sources, coverage_share, is_derived, has_overlap from fct_observations"
    ):
        place = (row[0], *row[2:4], row[1])
        value, gross, obs_status, conf_status, source, sources, share, is_derived, flag = row[4:]
        unknown = touching[place] - set(OVERLAP_KINDS)
        key = (*place, source if row[0] in separate else "*")
        assert key not in said.observations, key
        said.observations[key] = Observation(
            None if value is None else round(value, 9),
            None if gross is None else round(gross, 9),
            obs_status,
            conf_status,
            source,
            tuple(filter(None, (sources or "").split(","))),
            None if share is None else round(share, 9),
            is_derived,
            # A kind that the oracle does not know may have set the flag; then it tells nothing.
            flag and not (unknown and unknown == touching[place]),
        )
    for said, row in rows(
        "select indicator, period, kind, region, segment, source, due_on, days_late, "
        "coverage_share from quality_gaps"
    ):
        name, period, kind, region, segment, *rest = row
        if kind in GAP_KINDS and not (name in LOG_INDICATORS and kind in BEYOND_ONE_WORLD):
            gap = Gap(kind, name, region, segment, period, *rest)
            said.gaps[gap._replace(coverage_share=round(gap.coverage_share, 9))] += 1
    for dataset, source, file, line, *link in warehouse.execute(
        "select dataset, source, file, line, rule, is_same_event, indicator, days_apart, source, "
        "value, other_source, other_value from quality_event_links"
    ).fetchall():
        index = lines[(source, dataset, int(file.partition(".")[0])), line]
        found[index].links[EventLink(*link)] += 1
    _read_versions(warehouse, found)
    _read_ledger(warehouse, found, lines)
    return found


def _moments(warehouse: duckdb.DuckDBPyConnection) -> dict[datetime, tuple[tuple[str, int], ...]]:
    """Which deliveries of measurements were taken in when, in order."""
    moments: dict[datetime, tuple[tuple[str, int], ...]] = {}
    for moment, source, number in warehouse.execute(
        "select taken_in_at, source, cast(split_part(file, '.', 1) as integer) as number "
        "from staging.stg_vintages where dataset = 'measurements' "
        "order by taken_in_at, source, number"
    ).fetchall():
        moments[moment] = (*moments.get(moment, ()), (source, number))
    return moments


def _read_versions(warehouse: duckdb.DuckDBPyConnection, found: Sequence[Answer]) -> None:
    """The history of each cell; where it breaks off, an empty version tells from when on."""
    moments = _moments(warehouse)
    spans: dict[ObservationKey, list[tuple[Any, ...]]] = defaultdict(list)
    for *key, value, obs_status, start, end in warehouse.execute(
        "select indicator, region, segment, period, cell_slot, value, obs_status, known_from, "
        "known_to from intermediate.int_observation_versions "
        "where indicator <> 'anchor' and not starts_with(indicator, 'l_') order by known_from"
    ).fetchall():
        spans[key[0], key[1], key[2], key[3], key[4]].append((value, obs_status, start, end))
    for key, told in spans.items():
        versions: list[Version] = []
        for (value, obs_status, start, end), after in zip(told, [*told[1:], None], strict=True):
            rounded = None if value is None else round(value, 9)
            versions.append(Version(moments[start], rounded, obs_status))
            if end is not None and (after is None or after[2] != end):
                versions.append(Version(moments[end], None, None))
        found[int(key[0][1:5])].versions[key] = tuple(versions)


def _read_ledger(
    warehouse: duckdb.DuckDBPyConnection, found: Sequence[Answer], lines: Lines
) -> None:
    """The fate of each row, summed up per world; and that the sums are the published ledger."""
    fates: dict[tuple[int, File], Counter[str]] = defaultdict(Counter)
    totals: Counter[tuple[File, str]] = Counter()
    for source, dataset, number, line, fate in warehouse.execute(
        """
        select source, dataset, cast(split_part(file, '.', 1) as integer), line, disposition
        from intermediate.int_measurement_dispositions
        inner join staging.stg_vintages using (source, dataset, vintage)
        union all
        select distinct
            source, dataset, cast(regexp_extract(file, '([0-9]+)[.]csv', 1) as integer), line,
            'quarantined'
        from quality_quarantine
        """
    ).fetchall():
        file = (source, dataset, number)
        totals[file, fate] += 1
        if (file, line) in lines:
            fates[lines[file, line], file][fate] += 1
    for (file, _), index in lines.items():
        fates[index, file]["delivered"] += 1
    columns = ("observed", "superseded", "overlapped", "quarantined")
    for (index, (source, dataset, number)), counts in fates.items():
        origin = source if dataset == "measurements" else f"{source}/{dataset}"
        found[index].ledger[origin, number] = Counts(
            *(counts[column] for column in ("delivered", *columns))
        )
    for source, dataset, name, *published in warehouse.execute(
        "select source, dataset, file, rows_observed, rows_superseded, rows_overlapped, "
        "rows_quarantined from quality_ledger"
    ).fetchall():
        file = (source, dataset, int(name.partition(".")[0]))
        assert published == [totals[file, column] for column in columns], file


def differences(expected: Answer, said: Answer) -> Iterator[str]:
    """Where what the oracle expects and what the marts say differ, an entry for each key."""
    for name in ("observations", "overlaps", "links", "gaps", "ledger", "versions"):
        ours, theirs = getattr(expected, name), getattr(said, name)
        for key in sorted({*ours, *theirs}, key=str):
            if ours.get(key) != theirs.get(key):
                yield (f"{name}: {key}\n    oracle: {ours.get(key)}\n    marts:  {theirs.get(key)}")


def told(verdict: Verdict) -> str:
    """A world for people: its catalogue, its regions, what was delivered, and both answers."""
    world = verdict.world
    used = {row.region for d in world.deliveries for row in d.rows}
    used |= {event.region for log in world.logs for event in log.rows if event.region}
    lines = ["", "indicators:", *(f"  {i}" for i in world.indicators), "regions:"]
    lines += [
        f"  {r.region} {r.start or ''}–{r.end or ''}"
        + "".join(
            f" in {m.parent} ({m.start or ''}–{m.end or ''})"
            for m in world.geography.members
            if m.municipality == r.region
        )
        for r in world.geography.regions
        if r.type == "KU" or r.region in used
    ]
    lines += ["areas:", *(f"  {s}: {a}" for s, a in world.geography.areas.items())]
    for d in world.deliveries:
        lines.append(f"{d.source} {world.geography.delivered[d.source][d.number]} (no. {d.number})")
        lines += [f"  {tuple(_cells(row).values())}" for row in d.rows]
    for log in world.logs:
        lines.append(f"{log.source} {log.dataset} (no. {log.number})")
        lines += [f"  {_event_cells(log.dataset, event)}" for event in log.rows]
    return "\n".join([*lines, "differences:", *verdict.differences])
