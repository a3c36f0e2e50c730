"""What the marts must say of a small world, reckoned by hand: the brute-force oracle.

Written from the definitions (the domain's kinds of overlap and gap, the contracts' rules of
combining, the decision records), never from the SQL: dictionaries, recursion, all pairs. It may be
as slow as it likes and knows nothing of dbt, DuckDB or the raw zone. What does not belong here:
how worlds are drawn, delivered and compared (`worlds`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.oracle.events import Event, Judgement, LinkRule, Log, LogDelivery, grouped, judged

#: SDMX statuses from the strongest to the weakest (domain: observation status).
PRECEDENCE = "BOMLHQJSDKWIFEPNUVGA"
#: Statuses that say that there is no value; a row with a value contradicts them.
WITHOUT_VALUE = frozenset("OMLHQ")
#: The value of a period that is not over is provisional (domain: gap, by kind).
PROVISIONAL = "P"
#: Confidentiality that lets a value be published; every other one withholds it.
FREE = "F"
#: Region types from the finest to the coarsest.
TYPES = ("KU", "SS", "SK", "TA", "MK", "NUTS3", "EVK", "ELY", "NUTS2", "NUTS1", "SSS")
#: In which larger types every region of a type lies, in every year of the record.
NESTS_IN: Mapping[str, frozenset[str]] = {
    "KU": frozenset({"SK", "MK", "ELY", "EVK", "TA", "NUTS3", "NUTS2", "NUTS1", "SSS"}),
    "SS": frozenset({"SSS"}),
    "SK": frozenset({"MK", "ELY", "EVK", "NUTS2", "NUTS1", "SSS"}),
    "TA": frozenset({"NUTS2", "NUTS1", "SSS"}),
    "MK": frozenset({"ELY", "EVK", "NUTS2", "NUTS1", "SSS"}),
    "NUTS3": frozenset({"NUTS2", "NUTS1", "SSS"}),
    "EVK": frozenset({"SSS"}),
    "ELY": frozenset({"NUTS1", "SSS"}),
    "NUTS2": frozenset({"NUTS1", "SSS"}),
    "NUTS1": frozenset({"SSS"}),
    "SSS": frozenset(),
}
#: Areas to which whatever is additive is rolled up beside the levels of its indicator.
AREAS = frozenset({"SS", "ELY", "EVK"})
MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}
#: The first year of the regional classifications.
FIRST_YEAR = 2013
HELSINKI = ZoneInfo("Europe/Helsinki")
#: Shares are sums of fractions; nothing real differs by less.
TINY = 1e-9


class Period(NamedTuple):
    """A half-open span of days; `freq` is `_Z` for one that is none of the calendar's own."""

    text: str
    freq: str
    start: date
    end: date


def calendar(freq: str, year: int, part: int = 1) -> Period:
    """The calendar period of a frequency (A, S, Q, M): `part` 1 is the first of its year."""
    months = MONTHS[freq]
    first = (part - 1) * months
    after = first + months
    text = {"A": f"{year}", "M": f"{year}-{part:02}"}.get(freq, f"{year}-{freq}{part}")
    return Period(text, freq, date(year, first + 1, 1), date(year + after // 12, after % 12 + 1, 1))


def free_span(start: date, end: date) -> Period:
    """A span of days that has no name in the calendar."""
    return Period(f"{start}/{end - timedelta(days=1)}", "_Z", start, end)


@dataclass(frozen=True)
class Region:
    """A region and when it exists, half-open; None is open."""

    region: str
    type: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Member:
    """A municipality belongs to a region during a half-open span; None is open."""

    municipality: str
    parent: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Merger:
    """A municipality became part of another one on a day."""

    municipality: str
    successor: str
    on: date


@dataclass(frozen=True)
class Habit:
    """How a source delivers.

    Attributes:
        cadence: how often it should.
        last_taken_in: when its last delivery was taken in (UTC); None for noon of the day of it.
        end: first day on which the source is no more; None while it is.
    """

    cadence: str = "A"
    last_taken_in: datetime | None = None
    end: date | None = None


@dataclass(frozen=True)
class Geography:
    """Regions, and the sources that report on them.

    Attributes:
        areas: by source, the regions that it covers; none for the whole country.
        delivered: by source, the day of each of its deliveries, in order.
        mergers: municipalities that ended, and into which one each of them went.
        habits: by source, how it delivers; a yearly one that goes on where nothing is said.
    """

    regions: tuple[Region, ...]
    members: tuple[Member, ...]
    areas: Mapping[str, tuple[str, ...]]
    delivered: Mapping[str, tuple[date, ...]]
    mergers: tuple[Merger, ...] = ()
    habits: Mapping[str, Habit] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Region]:
        """Regions by id."""
        return {region.region: region for region in self.regions}

    def last_taken_in(self, source: str) -> date:
        """The day in Finland on which the last delivery of a source was taken in."""
        moment = self.habits.get(source, Habit()).last_taken_in
        return moment.astimezone(HELSINKI).date() if moment else self.delivered[source][-1]

    def regions_of(self, year: int) -> list[Region]:
        """Regions that exist on the first day of a year."""
        return [r for r in self.regions if _holds(r.start, r.end, date(year, 1, 1))]

    @cached_property
    def _territories(self) -> dict[int, dict[str, frozenset[str]]]:
        return {}

    def _territories_of(self, year: int) -> dict[str, frozenset[str]]:
        if year not in self._territories:
            day = date(year, 1, 1)
            regions = self.regions_of(year)
            alive = {r.region for r in regions if r.type == "KU"}
            self._territories[year] = {
                r.region: frozenset(
                    {r.region} & alive
                    | {
                        m.municipality
                        for m in self.members
                        if m.parent == r.region
                        and m.municipality in alive
                        and _holds(m.start, m.end, day)
                    }
                )
                for r in regions
            }
        return self._territories[year]

    def territory(self, region: str, year: int) -> frozenset[str]:
        """The municipalities of a region in the classification of a year."""
        return self._territories_of(year).get(region, frozenset())

    def land(self, region: str, year: int) -> frozenset[str]:
        """What a region holds in municipalities as they once were, those merged since included."""
        held = set(self.territory(region, year))
        while absorbed := {
            merger.municipality
            for merger in self.mergers
            if merger.on <= date(year, 1, 1)
            and merger.successor in held
            and merger.municipality not in held
        }:
            held |= absorbed
        return frozenset(held)

    def changes_of_land(self, region: str, until: int) -> list[date]:
        """The New Years on which a region got other land; one that is new has not changed."""
        return [
            date(year, 1, 1)
            for year in range(FIRST_YEAR + 1, until + 1)
            if (before := self.land(region, year - 1))
            and (after := self.land(region, year))
            and before != after
        ]

    def lies_in(self, region: str, container: str, year: int) -> bool:
        """Whether all municipalities of a region are the container's; all lie in the country."""
        territories = self._territories_of(year)
        if (
            region in (container, "SSS")
            or region not in territories
            or container not in territories
        ):
            return False
        if container == "SSS":
            return True
        return bool(territories[region]) and territories[region] <= territories[container]


@dataclass(frozen=True)
class Reporter:
    """A source of an indicator; see `indicator_sources` of the catalogue.

    Attributes:
        levels, segments: those that the source publishes side by side, as declared.
        restates: its whole series stands in one division, that of `division_year` or, where that
            is not told, the newest one; only of indicators that are not added up.
    """

    source: str
    preference: int
    slot: str = "*"
    expected_from: date | None = None
    expected_to: date | None = None
    levels: tuple[str, ...] = TYPES
    segments: tuple[str, ...] = ("total", "founder")
    restates: bool = False
    division_year: int | None = None


@dataclass(frozen=True)
class Indicator:
    """An indicator of the catalogue and its sources; lists are in the catalogue's order.

    Attributes:
        event_dataset, event_filter: the logs of which it is the sum, and of which purpose.
    """

    name: str
    additivity: str
    combination: str
    cadence: str
    levels: tuple[str, ...]
    expected_levels: tuple[str, ...]
    segments: tuple[str, ...]
    reporters: tuple[Reporter, ...]
    tolerance_abs: float = 0.5
    tolerance_rel: float = 0.005
    release_lag_days: int = 30
    first_period: Period | None = None
    last_period: Period | None = None
    numerator: str = ""
    denominator: str = ""
    rate_factor: float = 1.0
    unit: str = "count"
    event_dataset: str = ""
    event_filter: str = ""

    def slot_of(self, source: str) -> str:
        """The slot that a source fills."""
        (slot,) = (r.slot for r in self.reporters if r.source == source)
        return source if self.combination == "separate" else slot

    def preference_of(self, source: str) -> int:
        """The place of a source in the order of preference."""
        (preference,) = (r.preference for r in self.reporters if r.source == source)
        return preference

    def conflict(self, kept: float | None, other: float | None) -> bool:
        """Apart by more than the larger tolerance; a missing value contradicts nothing."""
        if kept is None or other is None:
            return False
        return abs(other - kept) > max(self.tolerance_abs, self.tolerance_rel * abs(kept)) + TINY


class Row(NamedTuple):
    """One row as a partner writes it; None is an empty value, "" an empty status."""

    indicator: str
    region: str
    segment: str
    period: Period
    value: float | None
    status: str = ""
    conf_status: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Delivery:
    """The rows of one delivery of a source; `number` 0 is its first."""

    source: str
    number: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Redefinition:
    """From a day on an indicator counts something else; of one source, or of all of them."""

    indicator: str
    source: str | None
    on: date


@dataclass(frozen=True)
class World:
    """Indicators of a geography and what was delivered for them, judged on a day.

    Attributes:
        logs: deliveries of events, which are summed up into some of the indicators.
        link_rules: by which two events may be one.
    """

    geography: Geography
    indicators: tuple[Indicator, ...]
    deliveries: tuple[Delivery, ...]
    today: date
    redefinitions: tuple[Redefinition, ...] = ()
    logs: tuple[LogDelivery, ...] = ()
    link_rules: tuple[LinkRule, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Indicator]:
        """Indicators by name."""
        return {indicator.name: indicator for indicator in self.indicators}


class Cell(NamedTuple):
    """What is measured: an indicator of a region and segment over a period."""

    indicator: str
    region: str
    segment: str
    period: Period


class Overlap(NamedTuple):
    """One row of `quality_overlaps`."""

    kind: str
    indicator: str
    region: str | None
    segment: str
    period: str
    kept_source: str
    kept_value: float | None
    other_source: str
    other_period: str
    other_value: float | None


class Gap(NamedTuple):
    """One row of `quality_gaps`; the share is rounded to nine digits."""

    kind: str
    indicator: str
    region: str
    segment: str
    period: str
    source: str | None
    due_on: date | None
    days_late: int | None
    coverage_share: float


class Observation(NamedTuple):
    """One row of `fct_observations` without its key; numbers are rounded to nine digits.

    The share is None where nobody is known to be expected to report.
    """

    value: float | None
    gross_value: float | None
    obs_status: str
    conf_status: str
    source: str | None
    sources: tuple[str, ...]
    coverage_share: float | None
    is_derived: bool
    has_overlap: bool


class Counts(NamedTuple):
    """One row of `quality_ledger`."""

    delivered: int
    observed: int
    superseded: int
    overlapped: int
    quarantined: int


class Version(NamedTuple):
    """What was known of a cell from a refresh on; both empty once it was known no longer.

    Attributes:
        since: what the refresh took in: source and number of each delivery, in order.
    """

    since: tuple[tuple[str, int], ...]
    value: float | None
    obs_status: str | None


class EventLink(NamedTuple):
    """One row of `quality_event_links`."""

    rule: str
    is_same_event: bool
    indicator: str
    days_apart: int
    source: str
    value: float
    other_source: str
    other_value: float


#: Indicator, region, segment, period, and the source under `separate` (`*` elsewhere).
ObservationKey = tuple[str, str, str, str, str]


@dataclass
class Answer:
    """What the marts must hold.

    Attributes:
        observations: by indicator, region, segment, period and slot.
        overlaps: how often each is found.
        links: how often two events are told to be one, or to be alike and two.
        gaps: each one.
        ledger: by source and number of the delivery; deliveries with rows of the world only.
        versions: of each observation that there ever was, in order.
    """

    observations: dict[ObservationKey, Observation] = field(default_factory=dict)
    overlaps: Counter[Overlap] = field(default_factory=Counter)
    links: Counter[EventLink] = field(default_factory=Counter)
    gaps: Counter[Gap] = field(default_factory=Counter)
    ledger: dict[tuple[str, int], Counts] = field(default_factory=dict)
    versions: dict[ObservationKey, tuple[Version, ...]] = field(default_factory=dict)


@dataclass
class _Measurement:
    """A row that was understood."""

    cell: Cell
    source: str
    delivery: int
    line: int
    value: float | None
    status: str
    conf_status: str
    delivered_on: date | None
    fate: str = ""
    net: float | None = None

    @property
    def is_withheld(self) -> bool:
        return self.status == "Q" or self.conf_status != FREE


@dataclass
class _Logged:
    """An event that was understood; `home` is where it counts, in its segment and in total."""

    log: Log
    dataset: str
    indicator: Indicator
    period: Period
    home: str
    is_net: bool = True
    fate: str = ""

    def cell(self, segment: str = "total") -> Cell:
        return Cell(self.indicator.name, self.home, segment, self.period)


@dataclass
class _Held:
    """What a slot, or a whole cell, holds.

    Attributes:
        gross: the value with events in it that another organisation's log stands for.
        published: delivered as such; else made of parts.
        made_of: the sources of which something is in the value.
        territory: the municipalities that a slot's value rests on.
        rests_on: of a cell the territories of its slots that have a value; None for a whole one.
        first, since: first delivery of the kept row's key, and of its series.
    """

    value: float | None
    status: str
    conf_status: str
    source: str | None
    sources: frozenset[str]
    preference: int
    coverage: float
    published: bool
    made_of: frozenset[str] = frozenset()
    gross: float | None = None
    territory: frozenset[str] = frozenset()
    rests_on: frozenset[frozenset[str] | None] = frozenset()
    first: date | None = None
    since: date | None = None

    @property
    def is_withheld(self) -> bool:
        return self.status == "Q" or self.conf_status != FREE


def answer(world: World, order: Sequence[tuple[tuple[str, int], ...]] = ()) -> Answer:
    """What the marts must say of a world.

    Args:
        order: of the refreshes that took in its deliveries, by source and number; without it
            nothing is said of versions.
    """
    said = _Reckoning(world).result
    told: dict[ObservationKey, list[Version]] = defaultdict(list)
    for place, since in enumerate(order, 1):
        known = {delivery for refresh in order[:place] for delivery in refresh}
        deliveries = tuple(d for d in world.deliveries if (d.source, d.number) in known)
        then = _Reckoning(replace(world, deliveries=deliveries)).known
        for key in {*told, *then}:
            now = then.get(key, (None, None))
            before = told[key][-1][1:] if told[key] else (None, None)
            if now != before:
                told[key].append(Version(since, *now))
    said.versions = {key: tuple(versions) for key, versions in told.items()}
    return said


class _Reckoning:
    def __init__(self, world: World) -> None:
        self.world = world
        self.geography = world.geography
        self.result = Answer()
        self.quarantined: Counter[tuple[str, int]] = Counter()
        self.delivered: Counter[tuple[str, int]] = Counter()
        self.understood: list[_Measurement] = list(self._understand())
        self.kept = self._within_sources()
        self.logged = self._logs()
        self._of_periods()
        self._nested()
        self.slots = self._between_sources()
        self.sums: dict[tuple[Cell, str], _Held | None] = {}
        #: Value and status of each observation, whether or not its period is over.
        self.known: dict[ObservationKey, tuple[float | None, str | None]] = {}
        self.cells = self._cells()
        self._rates()
        self._observe()
        self._gaps()
        self._breaks()
        self._stale()
        self._balance()

    # -- rows ----------------------------------------------------------------------------------

    def _understand(self) -> Iterator[_Measurement]:
        """Rows that keep their contract; the others are quarantined."""
        factors = {"EUR": 1.0, "kEUR": 1000.0}
        for delivery in self.world.deliveries:
            origin = (delivery.source, delivery.number)
            for line, row in enumerate(delivery.rows):
                self.delivered[origin] += 1
                indicator = self.world.by_name[row.indicator]
                end = self.geography.by_id[row.region].end
                has_ended = end is not None and end <= row.period.start
                reports = delivery.source in {r.source for r in indicator.reporters}
                contradicts = row.value is not None and row.status in WITHOUT_VALUE
                if not reports or contradicts or (has_ended and row.value is not None):
                    self.quarantined[origin] += 1
                    continue
                status = row.status or "A"
                if row.value is None:
                    # An empty value without a word why is simply missing.
                    status = row.status if row.status in WITHOUT_VALUE else "O"
                    status = "M" if has_ended else status
                conf_status = row.conf_status or FREE
                value = None
                if row.value is not None and conf_status == FREE:
                    value = row.value * factors.get(row.unit, 1.0)
                yield _Measurement(
                    Cell(row.indicator, row.region, row.segment, row.period),
                    delivery.source,
                    delivery.number,
                    line,
                    value,
                    status,
                    conf_status,
                    self.geography.delivered[delivery.source][delivery.number],
                )

    def _within_sources(self) -> dict[Cell, list[_Measurement]]:
        """The row of each source and cell: of the newest delivery the last one with a value."""
        told: dict[tuple[str, Cell], list[_Measurement]] = defaultdict(list)
        for row in self.understood:
            told[row.source, row.cell].append(row)
        kept: dict[Cell, list[_Measurement]] = defaultdict(list)
        for (_, cell), rows in told.items():
            newest = max(row.delivery for row in rows)
            for row in rows:
                row.fate = "superseded" if row.delivery < newest else "overlapped"
            current = [row for row in rows if row.delivery == newest]
            stands = max(current, key=lambda row: (row.value is not None, row.line))
            stands.fate = "kept"
            kept[cell].append(stands)
            for row in current:
                if row is not stands:
                    self._overlap("duplicate", stands, row)
        return kept

    # -- events --------------------------------------------------------------------------------

    def _logs(self) -> list[_Logged]:
        """Events that stand, each with its home; those that several logged count once."""
        told: dict[tuple[str, str, str], list[tuple[int, int, Event]]] = defaultdict(list)
        self.event_fates: Counter[tuple[tuple[str, int], str]] = Counter()
        for delivery in self.world.logs:
            for line, event in enumerate(delivery.rows):
                self.delivered[delivery.origin] += 1
                if self._has_ended(event):
                    self.quarantined[delivery.origin] += 1
                else:
                    key = (delivery.source, delivery.dataset, event.event_id)
                    told[key].append((delivery.number, line, event))
        logged: list[_Logged] = []
        for (source, dataset, _), rows in told.items():
            number, line, stands = max(rows, key=lambda row: row[:2])
            kept = self._logged(source, dataset, number, line, stands)
            for other in rows:
                origin = (f"{source}/{dataset}", other[0])
                if other[0] < number:
                    self.event_fates[origin, "superseded"] += 1
                elif other[1] < line:
                    self.event_fates[origin, "overlapped"] += 1
                    self._same_id(kept, stands, other[2])
            if stands.is_withdrawn:
                self.event_fates[(f"{source}/{dataset}", number), "observed"] += 1
            else:
                logged.append(kept)
        for indicator in self.world.indicators:
            self._link([event for event in logged if event.indicator == indicator])
        return logged

    def _has_ended(self, event: Event) -> bool:
        """Whether an event is told of a region that had ended; one taken back may be."""
        if event.region is None or event.is_withdrawn:
            return False
        end = self.geography.by_id[event.region].end
        return end is not None and end <= event.day.replace(day=1)

    def _logged(self, source: str, dataset: str, number: int, line: int, event: Event) -> _Logged:
        (indicator,) = (
            i
            for i in self.world.indicators
            if i.event_dataset == dataset and i.event_filter in ("", event.purpose)
        )
        part = (event.day.month - 1) // MONTHS[indicator.cadence] + 1
        period = event.period or calendar(indicator.cadence, event.day.year, part)
        log = Log(source, indicator.preference_of(source), number, line, event, period.text)
        home = self._home(indicator, event, period)
        return _Logged(log, dataset, indicator, period, home)

    def _home(self, indicator: Indicator, event: Event, period: Period) -> str:
        """An event's own region, or the smallest one around it at a level of the indicator.

        A region that nobody told, or that did not exist then, is no known place.
        """
        year = self._year(period)
        regions = {r.region: r for r in self.geography.regions_of(year)}
        if event.region not in regions:
            return "SSS"
        around = [
            region
            for region in regions.values()
            if region.type in indicator.levels
            and (
                region.region == event.region
                or self.geography.lies_in(event.region, region.region, year)
            )
        ]
        smallest = min(
            around,
            key=lambda r: (r.region != event.region, TYPES.index(r.type), r.region),
        )
        return smallest.region

    def _same_id(self, kept: _Logged, stands: Event, other: Event) -> None:
        """The same id again in one delivery: the last row stands, or takes the event back."""
        value = None if stands.is_withdrawn else stands.counts
        is_conflict = kept.indicator.conflict(value, other.counts)
        self.result.overlaps[
            Overlap(
                "conflict" if is_conflict else "duplicate",
                kept.indicator.name,
                stands.region,
                stands.segment or "total",
                kept.period.text,
                kept.log.source,
                value,
                kept.log.source,
                kept.period.text,
                other.counts,
            )
        ] += 1

    def _link(self, logged: Sequence[_Logged]) -> None:
        """Of each group of logs of one event the preferred one counts, the others overlap."""
        if not logged:
            return
        by_log = {event.log: event for event in logged}
        rules = [rule for rule in self.world.link_rules if rule.dataset == logged[0].dataset]
        judgements = list(judged(list(by_log), rules))
        groups = grouped(judgements)
        for judgement in judgements:
            is_same = any({judgement.one, judgement.two} <= set(group) for group in groups)
            # Two that a third brings together are one event whatever they look like.
            if judgement.rule.links or not is_same:
                self._tell_link(logged[0].indicator.name, judgement, is_same)
        for first, *others in groups:
            kept = by_log[first]
            for log in others:
                other = by_log[log]
                other.is_net = False
                self.result.overlaps[
                    Overlap(
                        "same_event",
                        kept.indicator.name,
                        kept.home,
                        first.event.segment or "total",
                        kept.period.text,
                        first.source,
                        first.event.counts,
                        log.source,
                        other.period.text,
                        log.event.counts,
                    )
                ] += 1

    def _tell_link(self, indicator: str, judgement: Judgement, is_same: bool) -> None:
        one, two = judgement.one, judgement.two
        self.result.links[
            EventLink(
                judgement.rule.rule,
                is_same,
                indicator,
                abs((one.event.day - two.event.day).days),
                one.source,
                one.event.counts,
                two.source,
                two.event.counts,
            )
        ] += 1

    def _sums_of_logs(self) -> Iterator[tuple[Cell, list[_Measurement]]]:
        """What the log of each source adds up to in each cell, and without what others logged."""
        events: dict[tuple[Cell, str], list[_Logged]] = defaultdict(list)
        for event in self.logged:
            for segment in {"total", event.log.event.segment or "total"}:
                events[event.cell(segment), event.log.source].append(event)
        self.sums_of_logs: dict[tuple[Cell, str], _Measurement] = {}
        sums: dict[Cell, list[_Measurement]] = defaultdict(list)
        for (cell, source), added in events.items():
            # Money is exact.
            gross = round(sum(event.log.event.counts for event in added), 2)
            net = round(sum(event.log.event.counts for event in added if event.is_net), 2)
            row = _Measurement(cell, source, -1, -1, gross, "A", FREE, None, net=net)
            self.sums_of_logs[cell, source] = row
            sums[cell].append(row)
        yield from sums.items()

    # -- overlaps ------------------------------------------------------------------------------

    def _overlap(self, agreeing: str, kept: _Measurement, other: _Measurement) -> None:
        indicator = self.world.by_name[kept.cell.indicator]
        kind = agreeing
        if kept.cell.period == other.cell.period and indicator.conflict(kept.value, other.value):
            kind = "conflict"
        self.result.overlaps[
            Overlap(
                kind,
                *kept.cell[:3],
                kept.cell.period.text,
                kept.source,
                kept.value,
                other.source,
                other.cell.period.text,
                other.value,
            )
        ] += 1

    def _of_periods(self) -> None:
        """Every pair of intersecting, unequal periods of one source; values only."""
        valued = [row for rows in self.kept.values() for row in rows if row.value is not None]
        for one, two in combinations(valued, 2):
            left, right = one.cell.period, two.cell.period
            if (
                one.source == two.source
                and one.cell[:3] == two.cell[:3]
                and left != right
                and left.start < right.end
                and right.start < left.end
            ):
                cadence = self.world.by_name[one.cell.indicator].cadence
                # The cadence's own period first, then the shorter, then the earlier one.
                first, second = sorted(
                    (one, two),
                    key=lambda row: (
                        row.cell.period.freq != cadence,
                        row.cell.period.end - row.cell.period.start,
                        row.cell.period.start,
                    ),
                )
                self._overlap("period_overlap", first, second)

    def _nested(self) -> None:
        """A region beside regions inside it, and a total beside segments, that would count twice.

        One row is one outer cell, beside the sum of the parts: of the largest level inside it
        that is not declared beside it, or of all segments.
        """
        valued = [row for rows in self.kept.values() for row in rows if row.value is not None]
        for outer in valued:
            indicator = self.world.by_name[outer.cell.indicator]
            if indicator.additivity != "additive":
                continue
            (said,) = (r for r in indicator.reporters if r.source == outer.source)
            of_source = [row for row in valued if row.source == outer.source]
            by_type: dict[str, list[float]] = defaultdict(list)
            segments: dict[str, float] = {}
            for row in of_source:
                place = outer.cell
                if row.cell == place._replace(region=row.cell.region) and self._inside(row, outer):
                    levels = {self._type(row), self._type(outer)}
                    if not levels <= set(said.levels):
                        by_type[self._type(row)].append(row.value or 0.0)
                if place.segment == "total" and row.cell == place._replace(
                    segment=row.cell.segment
                ):
                    segments[row.cell.segment] = row.value or 0.0
            if by_type:
                largest = max(by_type, key=TYPES.index)
                self._nest("nested_region", outer, sum(by_type[largest]))
            if len(segments) > 1 and not set(segments) <= set(said.segments):
                del segments["total"]
                self._nest("nested_segment", outer, sum(segments.values()))

    def _type(self, row: _Measurement) -> str:
        return self.geography.by_id[row.cell.region].type

    def _inside(self, inner: _Measurement, outer: _Measurement) -> bool:
        """Whether a region lies in another; of two with the same land the larger type is outer."""
        year = self._year(outer.cell.period)
        one, two = inner.cell.region, outer.cell.region
        if not self.geography.lies_in(one, two, year):
            return False
        both = self.geography.lies_in(two, one, year)
        return not both or TYPES.index(self._type(outer)) > TYPES.index(self._type(inner))

    def _nest(self, kind: str, outer: _Measurement, parts: float) -> None:
        period = outer.cell.period.text
        self.result.overlaps[
            Overlap(
                kind,
                *outer.cell[:3],
                period,
                outer.source,
                outer.value,
                outer.source,
                period,
                parts,
            )
        ] += 1

    def _between_sources(self) -> dict[tuple[Cell, str], _Held]:
        """What was delivered for each slot: the preferred source that has a value."""
        slots: dict[tuple[Cell, str], list[_Measurement]] = defaultdict(list)
        for cell, rows in (*self.kept.items(), *self._sums_of_logs()):
            indicator = self.world.by_name[cell.indicator]
            for row in rows:
                slots[cell, indicator.slot_of(row.source)].append(row)
        held: dict[tuple[Cell, str], _Held] = {}
        for (cell, slot), rows in slots.items():
            indicator = self.world.by_name[cell.indicator]
            rows.sort(key=lambda row: (row.value is None, indicator.preference_of(row.source)))
            stands, *others = rows
            stands.fate = "observed"
            for row in others:
                row.fate = "overlapped"
                self._overlap("redundant", stands, row)
            history = [m for m in self.understood if m.source == stands.source]
            held[cell, slot] = _Held(
                stands.value if stands.net is None else stands.net,
                stands.status,
                stands.conf_status,
                stands.source,
                frozenset(row.source for row in rows),
                indicator.preference_of(stands.source),
                0.0 if stands.value is None else 1.0,
                published=True,
                made_of=frozenset({stands.source}),
                gross=stands.value,
                territory=self._territory(cell),
                # Of a log nobody knows when it was first told of a cell.
                first=min(_days(m for m in history if m.cell == cell), default=None),
                since=min(
                    _days(m for m in history if m.cell.indicator == cell.indicator), default=None
                ),
            )
        return held

    def _territory(self, cell: Cell) -> frozenset[str]:
        found = self.geography.territory(cell.region, self._year(cell.period))
        return found or frozenset({cell.region})

    # -- levels --------------------------------------------------------------------------------

    def _year(self, period: Period) -> int:
        """The classification that a period is read in: that of the year of its last day."""
        last = (period.end - timedelta(days=1)).year
        return max(FIRST_YEAR, min(last, self.world.today.year))

    def _part_type(self, indicator: Indicator, target: str) -> str | None:
        """The largest level of the indicator that nests in a level.

        The municipalities of a contract area are known or it has none.
        """
        if target == "SS":
            return "KU" if "KU" in indicator.levels else None
        nesting = [t for t in indicator.levels if target in NESTS_IN[t]]
        return max(nesting, key=TYPES.index) if nesting else None

    def _beside(self, indicator: Indicator) -> set[str]:
        """Levels that no other level is made of: what is logged there counts in the country."""
        parts = {self._part_type(indicator, target) for target in indicator.levels}
        return set(indicator.levels) - parts - {"SSS"}

    def _covers(self, indicator: Indicator, slot: str, region: str, year: int) -> bool:
        """Whether a source of the slot covers a region; one without an area covers all."""
        areas = [
            self.geography.areas[r.source]
            for r in indicator.reporters
            if indicator.slot_of(r.source) == slot
        ]
        return any(
            not area
            or any(
                region == inside or self.geography.lies_in(region, inside, year) for inside in area
            )
            for area in areas
        )

    def _applies(self, indicator: Indicator, slot: str, region: Region, year: int) -> bool:
        """Whether a slot can be measured in a region; an ended one if it ever was measured."""
        if region.type not in indicator.levels or not self._covers(
            indicator, slot, region.region, year
        ):
            return False
        return (
            region.end is None
            or region.end > self.world.today
            or any(
                row.cell.indicator == indicator.name
                and row.cell.region == region.region
                and row.status != "M"
                for rows in self.kept.values()
                for row in rows
            )
        )

    def _rolled_up(self, cell: Cell, slot: str) -> _Held | None:
        """The sum of a region's parts; None where no part has a value."""
        indicator = self.world.by_name[cell.indicator]
        year = self._year(cell.period)
        target = self.geography.by_id[cell.region].type
        part_type = self._part_type(indicator, target)
        if indicator.additivity != "additive" or part_type is None:
            return None
        if target not in {*indicator.levels, *AREAS}:
            return None
        parts: list[_Held] = []
        missing = 0
        if target == "SSS" and indicator.event_dataset:
            for region in self.geography.regions_of(year):
                own = self.slots.get((cell._replace(region=region.region), slot))
                if own is not None and region.type in self._beside(indicator):
                    parts.append(own)
        for region in self.geography.regions_of(year):
            if region.type != part_type or not self.geography.lies_in(
                region.region, cell.region, year
            ):
                continue
            part = self._slot_value(cell._replace(region=region.region), slot)
            if part is not None and part.value is None and part.status == "M":
                continue  # Cannot exist: neither a part nor missing.
            if part is not None and part.value is not None:
                parts.append(part)
            elif not indicator.event_dataset and self._applies(indicator, slot, region, year):
                missing += 1  # A log without an entry is a zero.
        if not parts:
            return None
        first = min(parts, key=lambda part: part.preference)
        return _Held(
            sum(part.value or 0.0 for part in parts),
            strongest(part.status for part in parts),
            FREE,
            first.source,
            # A published part stands for its kept source, a derived one for all it is made of.
            frozenset().union(*(part.made_of for part in parts)),
            first.preference,
            sum(part.coverage for part in parts) / (len(parts) + missing),
            published=False,
            made_of=frozenset().union(*(part.made_of for part in parts)),
            gross=sum(part.gross or 0.0 for part in parts),
            territory=frozenset().union(*(part.territory for part in parts)),
        )

    def _slot_value(self, cell: Cell, slot: str) -> _Held | None:
        """What was published, also without a value; else what the parts hold.

        What was logged of the region itself comes on top of what its parts hold.
        """
        own = self.slots.get((cell, slot))
        if own is not None and not self.world.by_name[cell.indicator].event_dataset:
            return own
        if (cell, slot) not in self.sums:
            parts = self._rolled_up(cell, slot)
            self.sums[cell, slot] = own if parts is None else _together(own, parts)
        return self.sums[cell, slot]

    # -- cells ---------------------------------------------------------------------------------

    def _cells(self) -> dict[tuple[Cell, str], _Held]:
        """Every slot of every cell that is published or derived."""
        found: dict[tuple[Cell, str], _Held] = {}
        for cell, slot in self.slots:
            held = self._slot_value(cell, slot)
            assert held is not None
            found[cell, slot] = held
        told = {(c.indicator, c.segment, c.period, slot) for c, slot in self.slots}
        for name, segment, period, slot in told:
            for region in self.geography.regions_of(self._year(period)):
                cell = Cell(name, region.region, segment, period)
                if (derived := self._slot_value(cell, slot)) is not None:
                    found[cell, slot] = derived
        return found

    def _combined(self) -> dict[tuple[Cell, str], _Held]:
        """The slots of each cell added; under `separate` each for itself."""
        together: dict[tuple[Cell, str], list[_Held]] = defaultdict(list)
        for (cell, slot), held in self.cells.items():
            is_separate = self.world.by_name[cell.indicator].combination == "separate"
            together[cell, slot if is_separate else "*"].append(held)
        combined: dict[tuple[Cell, str], _Held] = {}
        for key, slots in together.items():
            valued = [held for held in slots if held.value is not None]
            first = min(slots, key=lambda held: (held.value is None, held.preference))
            confidential = [held.conf_status for held in slots if held.conf_status != FREE]
            possible = [held for held in slots if held.value is not None or held.status != "M"]
            combined[key] = _Held(
                sum(held.value or 0.0 for held in valued) if valued else None,
                strongest(held.status for held in valued or slots),
                max(confidential) if confidential and not valued else FREE,
                first.source,
                frozenset().union(*(held.sources for held in slots)),
                first.preference,
                sum(held.coverage for held in possible) / len(possible) if possible else 0.0,
                published=all(held.published for held in slots),
                made_of=frozenset().union(*(held.made_of for held in valued)),
                gross=sum(held.gross or 0.0 for held in valued),
                rests_on=frozenset(
                    None if held.coverage > 1 - TINY else held.territory for held in valued
                ),
                first=max((held.first for held in slots if held.first), default=None),
                since=max((held.since for held in slots if held.since), default=None),
            )
        return combined

    def _rates(self) -> None:
        """Rates from their parts; a delivered one wins, also when it was withheld."""
        self.combined = self._combined()
        for rate in self.world.indicators:
            if rate.additivity != "rate":
                continue
            for (cell, _), above in list(self.combined.items()):
                below = self.combined.get((cell._replace(indicator=rate.denominator), "*"))
                place = cell._replace(indicator=rate.name)
                if cell.indicator != rate.numerator or below is None:
                    continue
                if (place, "*") not in self.combined:
                    self.combined[place, "*"] = self._rate(rate, above, below)

    def _rate(self, rate: Indicator, above: _Held, below: _Held) -> _Held:
        value = None
        missing = [held for held in (above, below) if held.value is None]
        conf_status = FREE
        if missing:
            status = strongest(held.status for held in missing)
            if any(held.conf_status != FREE for held in missing):
                conf_status = "C"
        elif not below.value:
            status = "M"
        elif not self._same_parts(above, below):
            status = "O"
        else:
            assert above.value is not None
            value = rate.rate_factor * above.value / below.value
            status = strongest((above.status, below.status))
        days = [(held.first, held.since) for held in (above, below)]
        return _Held(
            value,
            status,
            conf_status,
            above.source,
            above.sources | below.sources,
            0,
            min(above.coverage, below.coverage),
            published=False,
            made_of=above.made_of | below.made_of,
            gross=value,
            # Whole when the later part has come.
            first=max((first for first, _ in days if first), default=None),
            since=max((since for _, since in days if since), default=None),
        )

    def _same_parts(self, above: _Held, below: _Held) -> bool:
        """Parts belong together when both are whole, or incomplete alike."""
        if abs(above.coverage - below.coverage) > TINY:
            return False
        return above.coverage > 1 - TINY or above.rests_on == below.rests_on

    def _observe(self) -> None:
        touched = {
            (o.indicator, o.region, o.segment, period, o.kept_source)
            for o in self.result.overlaps
            for period in (o.period, o.other_period)
        }
        for (cell, slot), held in self.combined.items():
            place = (*cell[:3], cell.period.text)
            status = held.status
            if held.value is not None and cell.period.end > self.world.today:
                status = strongest((status, PROVISIONAL))
            self.known[*place, slot] = (_rounded(held.value), held.status)
            self.result.observations[*place, slot] = Observation(
                _rounded(held.value),
                None if held.value is None else _rounded(held.gross),
                status,
                held.conf_status,
                held.source,
                tuple(sorted(held.sources)),
                # Nobody has a duty to report in these worlds, so that of a log nothing is known.
                None if self._is_log_sum(cell) else round(held.coverage, 9),
                not held.published,
                any(t[:4] == place and slot in ("*", t[4]) for t in touched)
                # What was set aside in a part is set aside in every sum that holds it.
                or (held.value is not None and (held.gross or 0.0) - held.value >= 0.005),
            )

    # -- gaps ----------------------------------------------------------------------------------

    def _gaps(self) -> None:
        held = {
            key: value
            for key, value in self.cells.items()
            if self.world.by_name[key[0].indicator].additivity != "rate"
        } | {
            key: value
            for key, value in self.combined.items()
            if self.world.by_name[key[0].indicator].additivity == "rate"
        }
        for (cell, _), what in held.items():
            due_on = self._due_on(cell)
            if due_on >= self.world.today:
                continue
            if what.value is None and what.status != "M":
                kind = "suppressed" if what.is_withheld else "not_available"
                self._gap(kind, cell, what.source, due_on, None, what.coverage)
            elif self._is_log_sum(cell):
                continue
            elif what.value is not None and not what.published and what.coverage < 1 - TINY:
                self._gap("partial", cell, what.source, due_on, None, what.coverage)
        for cell, slot, source in self._expected():
            due_on = self._due_on(cell)
            there = held.get((cell, slot))
            if there is None:
                self._gap("absent", cell, source, due_on, (self.world.today - due_on).days, 0.0)
            elif (
                there.value is not None
                and there.first is not None
                and there.since is not None
                and there.since <= due_on < there.first
            ):
                late = (there.first - due_on).days
                self._gap("late", cell, source, due_on, late, there.coverage)

    def _gap(
        self,
        kind: str,
        cell: Cell,
        source: str | None,
        due_on: date | None,
        days_late: int | None,
        coverage: float,
    ) -> None:
        self.result.gaps[
            Gap(kind, *cell[:3], cell.period.text, source, due_on, days_late, round(coverage, 9))
        ] += 1

    def _is_log_sum(self, cell: Cell) -> bool:
        """A sum of what several organisations log."""
        indicator = self.world.by_name[cell.indicator]
        return indicator.combination == "sum" and bool(indicator.event_dataset)

    def _followed_from(self, indicator: Indicator, slot: str) -> date | None:
        """Start of the first period that anybody has delivered for a slot; None where none was.

        Of a rate that nobody delivers it is the later one of its parts.
        """
        starts = [
            cell.period.start
            for cell, its_slot in self.slots
            if cell.indicator == indicator.name
            and its_slot == slot
            and cell.period.freq == indicator.cadence
        ]
        if indicator.additivity == "rate":
            parts = [
                [
                    cell.period.start
                    for cell, _ in self.slots
                    if cell.indicator == name
                    and cell.period.freq == self.world.by_name[name].cadence
                ]
                for name in (indicator.numerator, indicator.denominator)
            ]
            if all(parts):
                starts.append(max(min(found) for found in parts))
        return min(starts, default=None)

    def _due_on(self, cell: Cell) -> date:
        """`release_lag_days` after the last day of the period."""
        lag = self.world.by_name[cell.indicator].release_lag_days
        return cell.period.end + timedelta(days=lag - 1)

    def _expected(self) -> Iterator[tuple[Cell, str, str]]:
        """Cells and slots that are due by today, and the source whose turn it is."""
        for indicator in self.world.indicators:
            followed = {
                slot: self._followed_from(indicator, slot)
                for slot in {indicator.slot_of(r.source) for r in indicator.reporters}
            }
            for period in self._periods(indicator):
                year = self._year(period)
                for slot, source in self._turns(indicator, period):
                    followed_from = followed[slot]
                    if followed_from is None or period.start < followed_from:
                        continue
                    for region in self.geography.regions_of(year):
                        if region.type in indicator.expected_levels and self._applies(
                            indicator, slot, region, year
                        ):
                            for segment in indicator.segments:
                                cell = Cell(indicator.name, region.region, segment, period)
                                if self._due_on(cell) < self.world.today:
                                    yield cell, slot, source

    def _periods(self, indicator: Indicator) -> Iterator[Period]:
        first, last = indicator.first_period, indicator.last_period
        if first is None:
            return
        for year in range(first.start.year, self.world.today.year + 1):
            for part in range(1, 12 // MONTHS[indicator.cadence] + 1):
                period = calendar(indicator.cadence, year, part)
                if period.start >= first.start and (last is None or period.start <= last.start):
                    yield period

    def _turns(self, indicator: Indicator, period: Period) -> Iterator[tuple[str, str]]:
        """Of each slot the first source in order of preference that is expected to deliver."""
        slots: dict[str, list[Reporter]] = defaultdict(list)
        for reporter in indicator.reporters:
            slots[indicator.slot_of(reporter.source)].append(reporter)
        for slot, reporters in slots.items():
            turn = [
                r
                for r in reporters
                # A rate is expected of nobody; its preferred source stands for its parts.
                if indicator.additivity == "rate"
                or (
                    r.expected_from is not None
                    and _holds(r.expected_from, r.expected_to, period.start)
                )
            ]
            if turn:
                yield slot, min(turn, key=lambda r: r.preference).source

    def _breaks(self) -> None:
        """The first value after the land or the definition changed, or of which its source says so.

        Only values of one frequency make a series, and one that begins or ends with the change
        does not break.
        """
        series: dict[tuple[Any, ...], list[tuple[Cell, _Held]]] = defaultdict(list)
        for (cell, slot), held in self.combined.items():
            if held.value is not None:
                series[cell[:3], slot, cell.period.freq].append((cell, held))
        for ((_, region, _), _, _), values in series.items():
            values.sort(key=lambda value: value[0].period.text)
            for day in self.geography.changes_of_land(region, self.world.today.year):
                for before, after in self._sides(values, day):
                    # Values that their source carries over into one division go on.
                    if self._division(*before) < day.year <= self._division(*after):
                        self._break(*after)
            for change in self.world.redefinitions:
                concerned = [value for value in values if self._is_redefined(*value, change)]
                for _, after in self._sides(concerned, change.on):
                    self._break(*after)
            for cell, held in values:
                has_flag = held.status == "B" and held.published
                if has_flag and any(o.period.end <= cell.period.start for o, _ in values):
                    self._break(cell, held)

    def _sides(
        self, values: Sequence[tuple[Cell, _Held]], day: date
    ) -> Iterator[tuple[tuple[Cell, _Held], tuple[Cell, _Held]]]:
        """The last value before a day and the first one after it, if there are both."""
        before = [value for value in values if value[0].period.end <= day]
        after = [value for value in values if value[0].period.start >= day]
        if before and after:
            yield (
                max(before, key=lambda value: value[0].period.end),
                min(after, key=lambda value: value[0].period.start),
            )

    def _division(self, cell: Cell, held: _Held) -> int:
        """The year of the division in which a value stands."""
        for reporter in self.world.by_name[cell.indicator].reporters:
            if reporter.source == held.source and reporter.restates and held.published:
                return reporter.division_year or self.world.today.year
        return self._year(cell.period)

    def _is_redefined(self, cell: Cell, held: _Held, change: Redefinition) -> bool:
        """Whether something that was redefined is in a value; a rate changes with its parts."""
        indicator = self.world.by_name[cell.indicator]
        if change.indicator in (indicator.numerator, indicator.denominator):
            if not held.published:
                part = self.combined[cell._replace(indicator=change.indicator), "*"]
                return change.source is None or change.source in part.made_of
        elif change.indicator != indicator.name:
            return False
        elif indicator.additivity == "rate" and not held.published:
            # Of the rate itself a source has told nothing here.
            return change.source is None
        return change.source is None or change.source in held.made_of

    def _break(self, cell: Cell, held: _Held) -> None:
        gap = Gap("series_break", *cell[:3], cell.period.text, held.source, None, None, 1.0)
        # Whatever changed, one value breaks its series once.
        self.result.gaps[gap] = 1

    def _stale(self) -> None:
        """Indicators that wait for a source which has been silent for longer than its cadence."""
        for indicator in self.world.indicators:
            for reporter in indicator.reporters:
                habit = self.geography.habits.get(reporter.source, Habit())
                last = self.geography.last_taken_in(reporter.source)
                due_on = last + timedelta(days=31 * MONTHS[habit.cadence])
                has_ended = habit.end is not None and habit.end <= self.world.today
                if due_on >= self.world.today or has_ended:
                    continue
                if not self._waits_for(indicator, reporter):
                    continue
                # The first period of which the last delivery cannot have told all.
                period = min(
                    (
                        period
                        for year in range(last.year, self.world.today.year + 1)
                        for part in range(1, 12 // MONTHS[indicator.cadence] + 1)
                        if (period := calendar(indicator.cadence, year, part)).end > last
                    ),
                    key=lambda period: period.start,
                )
                stop = indicator.last_period
                if stop is None or period.start <= stop.start:
                    late = (self.world.today - due_on).days
                    cell = Cell(indicator.name, "SSS", "total", period)
                    self._gap("stale_source", cell, reporter.source, due_on, late, 0.0)

    def _waits_for(self, indicator: Indicator, reporter: Reporter) -> bool:
        """Whose turn it is now; where it is nobody's, whoever has delivered before."""
        today = self.world.today

        def is_expected(other: Reporter) -> bool:
            start = other.expected_from
            return start is not None and _holds(start, other.expected_to, today)

        if is_expected(reporter):
            return True
        slot = indicator.slot_of(reporter.source)
        alike = [r for r in indicator.reporters if indicator.slot_of(r.source) == slot]
        return not any(map(is_expected, alike)) and any(
            row.cell.indicator == indicator.name and row.source == reporter.source
            for row in self.understood
        )

    # -- ledger --------------------------------------------------------------------------------

    def _balance(self) -> None:
        fates: Counter[tuple[str, int, str]] = Counter(
            (row.source, row.delivery, row.fate) for row in self.understood
        )
        for event in self.logged:
            cell, source = event.cell(), event.log.source
            is_observed = event.is_net and self.sums_of_logs[cell, source].fate == "observed"
            origin = (f"{source}/{event.dataset}", event.log.number)
            self.event_fates[origin, "observed" if is_observed else "overlapped"] += 1
        for (origin, fate), count in self.event_fates.items():
            fates[*origin, fate] += count
        for (source, number), delivered in self.delivered.items():
            self.result.ledger[source, number] = Counts(
                delivered,
                fates[source, number, "observed"],
                fates[source, number, "superseded"],
                fates[source, number, "overlapped"],
                self.quarantined[source, number],
            )


def _days(rows: Iterable[_Measurement]) -> Iterator[date]:
    return (row.delivered_on for row in rows if row.delivered_on is not None)


def _together(own: _Held | None, parts: _Held) -> _Held:
    """What was logged of a region itself, and what its parts hold."""
    if own is None:
        return parts
    first = min(own, parts, key=lambda held: held.preference)
    return replace(
        parts,
        value=(own.value or 0.0) + (parts.value or 0.0),
        gross=(own.gross or 0.0) + (parts.gross or 0.0),
        source=first.source,
        preference=first.preference,
        sources=own.sources | parts.sources,
        made_of=own.made_of | parts.made_of,
    )


def strongest(statuses: Iterable[str]) -> str:
    """One flag for several, by the SDMX precedence."""
    return min(statuses, key=PRECEDENCE.index)


def _holds(start: date | None, end: date | None, day: date) -> bool:
    """Whether a day lies in a half-open span with open ends."""
    return (start is None or start <= day) and (end is None or day < end)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 9)


def balances(counts: Sequence[int]) -> bool:
    """Delivered = observed + superseded + overlapped + quarantined."""
    return counts[0] == sum(counts[1:])
