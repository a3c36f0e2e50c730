"""Random small worlds of counts of customers, many in one build, and what follows from them.

A world is an indicator of a made-up country (the geographies of the oracle: a lattice of levels,
municipalities that merge and move) whose sources count customers by segment and period, the larger
regions and periods now and then as well, with revisions and cells that they withhold themselves.
The deliveries go through the platform's own readers and models. What does not belong here: solving
(`attack`).
"""

from __future__ import annotations

import csv
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from assets.catalogue import Catalogue
from assets.settings import DBT_PROJECT_DIR
from tests.oracle.oracle import (
    Delivery,
    Geography,
    Indicator,
    Period,
    Reporter,
    Row,
    World,
    calendar,
)
from tests.oracle.worlds import (
    TODAY,
    _deliver,
    _named,
    _write_catalogue,
    drawn,
    geographies,
)
from tests.parsed import dbt
from tests.privacy.attack import Equation, Span, pinned, solved

MIN_COUNT = 5
YEAR = 2025
_SELECTED = (
    *("fct_observations", "fct_observation_vintages", "fct_measurements"),
    *("quality_overlaps", "quality_ledger", "region_neighbours", "dim_period", "dim_indicator"),
)
_LEVELS = (
    *("KU SK MK SSS", "SK MK SSS", "SK MK SSS", "SK MK EVK SSS", "KU SK TA MK SSS"),
    *("SK TA MK SSS", "MK SSS", "SK MK", "KU TA SSS"),
)
_COUNTS = (0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 12, 15, 20, 30)
#: What is reported of a year: one frequency, or several that intersect.
_CALENDARS: tuple[tuple[str, ...], ...] = (("Q",), ("Q",), ("A",), ("Q", "A"), ("S", "Q"))


# -- drawing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountWorld:
    """A world, and what its sources withheld.

    Attributes:
        hidden: by region, segment and period what was counted where nothing was delivered.
        is_plain: one frequency, so that bounds can be reckoned.
    """

    world: World
    hidden: Mapping[tuple[str, str, str], int]
    is_plain: bool


def draw_count_worlds(start: int, *, countries: int, each: int) -> list[CountWorld]:
    """Worlds of several countries, the same ones for the same seed."""
    found: list[CountWorld] = []
    for number in range(countries):
        geography = drawn(geographies(number, alone=False), 3, start + number)[-1]
        dice = random.Random(start * 1000 + number)
        found += [_draw(dice, geography) for _ in range(each)]
    return found


def _draw(dice: random.Random, geography: Geography) -> CountWorld:
    levels = tuple(dice.choice(_LEVELS).split())
    frequencies = dice.choice(_CALENDARS)
    combination = dice.choice(("prefer", "prefer", "sum", "single"))
    segments = ("founder", "local_small", "large")[: dice.choice((0, 2, 3, 3))]
    sources = sorted(geography.areas)[: 1 if combination == "single" else dice.choice((1, 2))]
    indicator = Indicator(
        "x",
        "additive",
        combination,
        frequencies[0],
        levels,
        (),
        ("total", *segments),
        tuple(
            Reporter(source, n + 1, source if combination == "sum" else "*", levels=levels)
            for n, source in enumerate(sources)
        ),
        first_period=calendar(frequencies[0], YEAR),
    )
    finest = _periods(dice, frequencies)
    deliveries: dict[tuple[str, int], list[Row]] = {}
    hidden: dict[tuple[str, str, str], int] = {}
    for source in sources:
        log = _log(dice, geography, levels, segments, finest)
        rows = log.report()
        if len(sources) == 1:
            for n, row in enumerate(rows):
                if row.value and dice.random() < 0.03:
                    hidden[row.region, row.segment, row.period.text] = int(row.value)
                    rows[n] = row._replace(value=None, status="Q")
        deliveries[source, 0] = rows
        for number in (1, 2):
            # Corrected counts, and everything anew that they are part of.
            if not hidden and dice.random() < 0.25:
                for place in dice.choices(sorted(log.counted, key=str), k=2):
                    log.counted[place] = dice.choice(_COUNTS)
                told = {(r.region, r.segment, r.period): r.value for r in rows}
                rows = log.report()
                deliveries[source, number] = [
                    row for row in rows if told[row.region, row.segment, row.period] != row.value
                ]
    return CountWorld(
        World(
            geography,
            (indicator,),
            tuple(
                Delivery(source, n, tuple(rows)) for (source, n), rows in deliveries.items() if rows
            ),
            TODAY,
        ),
        hidden,
        len(frequencies) == 1,
    )


def _periods(dice: random.Random, frequencies: Sequence[str]) -> dict[str, list[Period]]:
    """Periods by frequency; those of the last one are counted, the others are sums of them."""
    most = {"A": 1, "S": 2, "Q": 4, "M": 12}
    if len(frequencies) == 1:
        freq = frequencies[0]
        return {freq: [calendar(freq, YEAR, n + 1) for n in range(min(most[freq], 2))]}
    order = sorted(frequencies, key=lambda freq: most[freq])
    return {
        freq: [calendar(freq, YEAR, n + 1) for n in range(most[freq])]
        for freq in order
        if freq == order[-1] or dice.random() < 0.9
    }


@dataclass
class _Log:
    """What a source counts: customers of the smallest regions, and those of whom less is known.

    Attributes:
        counted: by region (of any level: no smaller one is known), segment and period.
        rows: region, segment and period of everything that the source reports.
    """

    counted: dict[tuple[str, str, Period], int]
    rows: list[tuple[str, str, Period]]
    territories: Mapping[str, frozenset[str]]

    def value(self, region: str, segment: str, period: Period) -> int:
        """Customers of a region, also of those inside it, in a segment or all, in a period."""
        return sum(
            count
            for (where, of, when), count in self.counted.items()
            if segment in (of, "total")
            and period.start <= when.start < period.end
            and (where == region or self.territories[where] <= self.territories[region])
        )

    def report(self) -> list[Row]:
        """A whole delivery."""
        return [Row("x", *row, float(self.value(*row))) for row in self.rows]


def _log(
    dice: random.Random,
    geography: Geography,
    levels: Sequence[str],
    segments: Sequence[str],
    periods: Mapping[str, Sequence[Period]],
) -> _Log:
    territories = geography._territories_of(YEAR)
    typed = {
        level: [
            r.region
            for r in geography.regions_of(YEAR)
            if r.type == level and territories.get(r.region)
        ]
        for level in levels
    }
    *coarse, finest = periods
    counted: dict[tuple[str, str, Period], int] = {}
    for region in typed[levels[0]]:
        for period in periods[finest]:
            for segment in segments or ("∅",):
                counted[region, segment, period] = dice.choice(_COUNTS)
            if segments:
                counted[region, "∅", period] = dice.choice((0, 0, 0, 2, 6))
    told_levels = [levels[0], *(level for level in levels[1:] if dice.random() < 0.35)]
    for level in told_levels[1:]:
        for region in typed[level]:
            if region != "SSS" and dice.random() < 0.3:
                where = (region, dice.choice((*segments, "∅")), dice.choice(periods[finest]))
                counted[where] = dice.choice((1, 3, 7))
    complete = dice.choice((0.75, 0.95, 1.0))
    rows = [
        (region, segment, period)
        for level in told_levels
        for region in typed[level]
        for freq in (*coarse, finest)
        for period in periods[freq]
        if freq == finest or dice.random() < 0.7
        for segment in (*segments, "total")
        if dice.random() < complete
    ]
    return _Log(counted, rows, territories)


# -- one build for many ------------------------------------------------------------------------


@contextmanager
def built(
    folder: Path, batch: Sequence[CountWorld]
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[CountWorld]]]:
    """A warehouse with the worlds, and the worlds under the names that they have there."""
    project = folder / "dbt_project"
    shutil.copytree(DBT_PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "logs"))
    named = [
        CountWorld(_named(one.world, f"w{n:04}_"), one.hidden, one.is_plain)
        for n, one in enumerate(batch)
    ]
    _write_catalogue(project / "seeds", [one.world for one in named])
    _count_customers(project / "seeds" / "indicators.csv")
    home = folder / "home"
    _deliver(home, Catalogue(project / "seeds"), [one.world for one in named])
    done = dbt(
        [
            *("build", "--exclude-resource-type", "unit_test", "--no-write-json"),
            *("--exclude-resource-type", "test"),
            *("--select", *(f"+{name}" for name in _SELECTED)),
        ],
        folder / "workshop",
        {"TILANNEKUVA_HOME": str(home), "TILANNEKUVA_TODAY": TODAY.isoformat()},
        project,
    )
    assert done.returncode == 0, f"dbt build failed:\n{(done.stdout + done.stderr)[-8000:]}"
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        warehouse.execute("use marts")
        yield warehouse, named


def _count_customers(path: Path) -> None:
    """Give the indicators of the worlds a smallest count that may be published."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            if row["indicator"].startswith("w"):
                row["min_count"] = str(MIN_COUNT)
            writer.writerow(row)


# -- what is published, and what is true -------------------------------------------------------


class Cell(NamedTuple):
    region: str
    segment: str
    period: str


class Figure(NamedTuple):
    """What was known of a cell from a moment on."""

    cell: Cell
    since: Any


@dataclass
class Published:
    """A world as it was built.

    Attributes:
        truth: by version of a cell its value, also where it is withheld.
        shown: those that the published tables show.
        until: by version, when it ended; None while it holds.
        spans: first and last day of each period.
        territories: municipalities of each region.
        freqs: frequency of each period.
        small: versions that nobody may learn.
        now: of each cell the version that holds.
    """

    truth: dict[Figure, int] = field(default_factory=dict)
    shown: set[Figure] = field(default_factory=set)
    until: dict[Figure, Any] = field(default_factory=dict)
    spans: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    freqs: dict[str, str] = field(default_factory=dict)
    territories: dict[str, frozenset[str]] = field(default_factory=dict)
    small: set[Figure] = field(default_factory=set)
    now: dict[Cell, Figure] = field(default_factory=dict)


def read(warehouse: duckdb.DuckDBPyConnection, batch: Sequence[CountWorld]) -> list[Published]:
    """What each world's publication shows, with what it withholds beside it."""
    found = [Published() for _ in batch]
    for one, world in zip(found, batch, strict=True):
        one.territories = dict(world.world.geography._territories_of(YEAR))
        # The countries of the other worlds lie in the whole country as well.
        one.territories["SSS"] |= {"elsewhere"}

    def place(indicator: str, _: str) -> tuple[Published, Mapping[Any, int]]:
        number = int(indicator[1:5])
        return found[number], batch[number].hidden

    fill(warehouse, "indicator <> 'anchor'", place)
    return found


def fill(
    warehouse: duckdb.DuckDBPyConnection,
    condition: str,
    place: Callable[[str, str], tuple[Published, Mapping[Any, int]]],
) -> None:
    """Add what is published of some indicators to worlds.

    Args:
        warehouse: with the published tables in the schema of names without one.
        condition: on the column `indicator`.
        place: from indicator and period the world, and what its sources withheld by cell.
    """
    for row in warehouse.execute(
        f"""
        select
            truth.indicator, truth.region, truth.segment, truth.period, truth.known_from,
            truth.known_to, truth.value, published.value, periods.period_start,
            periods.period_end, periods.freq, observed.value, observed.gross_value
        from intermediate.int_observation_versions as truth
        join fct_observation_vintages as published
            using (indicator, region, segment, period, cell_slot, known_from)
        join dim_period as periods using (period)
        left join fct_observations as observed
            on observed.indicator = truth.indicator and observed.region = truth.region
            and observed.segment = truth.segment and observed.period = truth.period
            and truth.known_to is null
        where truth.{condition}
        """
    ).fetchall():
        indicator, region, segment, period, since, until, truth, shown, start, end, freq = row[:11]
        one, hidden = place(indicator, period)
        cell = Cell(region, segment, period)
        figure = Figure(cell, since)
        value = truth
        if truth is None and until is None:
            value = hidden.get(tuple(cell))
        if value is None:
            continue
        one.truth[figure] = int(value)
        one.until[figure] = until
        one.spans[period] = (start, end)
        one.freqs[period] = freq
        if truth is None or 0 < value < MIN_COUNT:
            one.small.add(figure)
        # The observation, its gross value and its newest version are one figure.
        if any(told is not None for told in (shown, *row[11:13])):
            one.shown.add(figure)
        if until is None:
            one.now[cell] = figure
    for indicator, region, segment, period, taken, value in warehouse.execute(
        "select indicator, region, segment, period, taken_in_at, value from fct_measurements "
        f"where value is not null and {condition}"
    ).fetchall():
        _tell(place(indicator, period)[0], Cell(region, segment, period), value, taken)
    for indicator, region, segment, period, kept, other in warehouse.execute(
        "select indicator, region, segment, period, kept_value, other_value from quality_overlaps "
        f"where {condition}"
    ).fetchall():
        for value in (kept, other):
            _tell(place(indicator, period)[0], Cell(region, segment, period), value, None)


def _tell(one: Published, cell: Cell, value: float | None, taken: Any) -> None:
    """A row of another table that shows what a version of the cell was."""
    for figure, truth in one.truth.items():
        if figure.cell == cell and truth == value and taken in (None, figure.since):
            one.shown.add(figure)


# -- what follows ------------------------------------------------------------------------------


def equations(one: Published, shown: set[Figure]) -> tuple[list[Equation[Any]], set[Any]]:
    """All that adds up at some moment, as equations of what is not shown; and the small rests.

    The attacker knows which relations hold: every whole that is the sum of its parts in truth is
    taken for one. Of one that is not, the rest is an unknown of its own; so it is of one that was
    earlier, when no figure of it may be shown, and is not any more.
    """
    found: list[Equation[Any]] = []
    small: set[Any] = set()
    # A whole that is smaller than its parts now is a sum that nobody trusts, nor what holds it: two
    # sources that contradict each other make such, and a sum past it holds by chance.
    wrong = {
        whole.cell
        for _, whole, parts in _sums(one, one.now)
        if one.truth[whole] < sum(one.truth[part] for part in parts)
    } | {cell for cell in one.now if _is_less_than_disjoint_parts(one, cell)}
    doubted = {
        figure
        for figure in one.truth
        for cell in wrong
        if (cell.segment, cell.period) == (figure.cell.segment, figure.cell.period)
        and one.territories[cell.region] <= one.territories[figure.cell.region]
    }
    open_now = {
        (name, whole.cell)
        for name, whole, parts in _sums(one, one.now)
        if one.truth[whole] != sum(one.truth[part] for part in parts)
    }
    moments = sorted({figure.since for figure in one.truth})
    for moment in moments:
        holding = {
            figure.cell: figure
            for figure in one.truth
            if figure.since <= moment and (one.until[figure] is None or one.until[figure] > moment)
        }
        for name, whole, parts in _sums(one, holding):
            rest = one.truth[whole] - sum(one.truth[part] for part in parts)
            if rest < 0 or whole in doubted or (rest and _is_same_place(one, whole, parts)):
                continue
            if name == "segments" and doubted.intersection(parts):
                continue
            unknown: dict[Any, int] = {whole: 1} if whole not in shown else {}
            unknown |= {part: -1 for part in parts if part not in shown}
            constant = sum(one.truth[part] for part in parts if part in shown)
            constant -= one.truth[whole] if whole in shown else 0
            if rest or (name, whole.cell) in open_now:
                # The same rest while neither the whole nor a part changes.
                mark = (name, whole, tuple(sorted(parts, key=str)))
                unknown[mark] = -1
                if 0 < rest < MIN_COUNT and moment == moments[-1]:
                    small.add(mark)
            if unknown:
                found.append(Equation(unknown, constant))
    return found, small


def _sums(
    one: Published, holding: Mapping[Cell, Figure]
) -> Iterator[tuple[str, Figure, list[Figure]]]:
    """Every whole with its parts: regions of one type, segments, periods of one frequency."""
    by_place: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    by_row: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in holding:
        by_place[cell.segment, cell.period].append(cell)
        by_row[cell.region, cell.segment].append(cell)
    for cell, whole in holding.items():
        parts: dict[str, list[Figure]] = defaultdict(list)
        for other in by_place[cell.segment, cell.period]:
            kind = other.region.rstrip("0123456789")
            is_other_level = kind != cell.region.rstrip("0123456789")
            if is_other_level and one.territories[other.region] <= one.territories[cell.region]:
                parts[f"regions {kind}"].append(holding[other])
        if cell.segment == "total":
            parts["segments"] = [
                holding[other]
                for other in holding
                if (other.region, other.period) == (cell.region, cell.period)
                and other.segment != "total"
            ]
        start, end = one.spans[cell.period]
        for other in by_row[cell.region, cell.segment]:
            since, until = one.spans[other.period]
            freq = one.freqs[other.period]
            if start <= since and until <= end and freq != one.freqs[cell.period]:
                parts[f"periods {freq}"].append(holding[other])
        for name, of in parts.items():
            if of:
                yield name, whole, of


def _is_less_than_disjoint_parts(one: Published, cell: Cell) -> bool:
    """Whether regions of two types that share no municipality have more together than a whole."""
    parts: dict[str, list[Cell]] = defaultdict(list)
    for other in one.now:
        kind = other.region.rstrip("0123456789")
        if (
            (other.segment, other.period) == (cell.segment, cell.period)
            and kind != cell.region.rstrip("0123456789")
            and one.territories[other.region] <= one.territories[cell.region]
        ):
            parts[kind].append(other)
    for kind, some in parts.items():
        covered = frozenset[str]().union(*(one.territories[part.region] for part in some))
        for other_kind, others in parts.items():
            beside = [p for p in others if not one.territories[p.region] & covered]
            together = sum(one.truth[one.now[part]] for part in (*some, *beside))
            if kind != other_kind and together > one.truth[one.now[cell]]:
                return True
    return False


def _is_same_place(one: Published, whole: Figure, parts: Sequence[Figure]) -> bool:
    """Two figures of one territory may differ, but nobody lives in the difference."""
    (first, *others) = parts
    return (
        not others
        and whole.cell.period == first.cell.period
        and whole.cell.segment == first.cell.segment
        and one.territories[whole.cell.region] == one.territories[first.cell.region]
    )


def found_by_equations(one: Published, shown: set[Figure]) -> set[Any]:
    """Small figures and rests that the additions and subtractions of what is shown determine."""
    told, rests = equations(one, shown)
    known = solved(told)
    return {figure for figure in one.small if figure in known} | (rests & known)


def found_by_bounds(one: Published, shown: set[Figure]) -> set[Any]:
    """Small figures that have one value left when each cell with customers has one at least."""
    told, _ = equations(one, shown)
    least = {figure: min(1, value) for figure, value in one.truth.items()}
    return one.small & pinned(told, least)


def found_by_territory(one: Published, shown: set[Figure]) -> set[Cell]:
    """Small present figures that follow from what regions, segments and periods are made of.

    The unknowns are customers of one municipality, segment (or none) and instant: two ways to lay
    out one territory have the same sum, also where no region of one lies in one of the other.
    """
    instants = sorted({day for cell in one.now for day in one.spans[cell.period]})
    segments = {cell.segment for cell in one.now if cell.segment != "total"} | {"∅"}

    def atoms(cell: Cell) -> dict[Any, int]:
        start, end = one.spans[cell.period]
        return {
            (municipality, segment, day): 1
            for municipality in one.territories[cell.region]
            for segment in (segments if cell.segment == "total" else {cell.segment})
            for day in instants
            if start <= day < end
        }

    span = Span(atoms(cell) for cell, figure in one.now.items() if figure in shown)
    return {
        cell
        for cell, figure in one.now.items()
        # A region that has lost its last municipality is no sum of anything.
        if figure in one.small and one.territories[cell.region] and span.has(atoms(cell))
    }


def attacked(one: Published, *, is_plain: bool) -> set[Any]:
    """What any of the attackers finds out, or is shown without a need to.

    Args:
        one: a world as it is published.
        is_plain: whether it has one frequency, so that bounds can be reckoned.
    """
    found = found_by_equations(one, one.shown) | found_by_territory(one, one.shown)
    if is_plain:
        found |= found_by_bounds(one, one.shown)
    return found | (one.small & one.shown)
