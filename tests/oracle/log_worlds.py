"""Random small logs of several organisations, which tell of one another's events, and badly.

A world is what the organisations of one country log of one indicator during two periods that no
other world has, with ids, businesses and projects of its own. What does not belong here: how
worlds are delivered and compared (`worlds`), what the answer should be (`oracle`, `events`).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from assets.sample.events import business_id
from assets.settings import SEEDS_DIR
from tests.oracle.events import Event, LinkRule, LogDelivery
from tests.oracle.oracle import MONTHS, Geography, Indicator, Period, Reporter, World, calendar

#: Indicators that are sums of logs: their dataset, and of which purpose.
LOG_INDICATORS = {
    "l_funding": ("funding_decisions", "development"),
    "l_investment": ("funding_decisions", "investment"),
    "l_advice": ("advice_events", ""),
    "l_transfers": ("transfers", ""),
}
LOG_DATASETS = ("funding_decisions", "advice_events", "transfers")
#: No event from before is accepted.
_FIRST_YEAR = 1990
_LEVELS = (
    *("KU SK MK SSS", "KU SK MK SSS", "SK MK SSS", "SS SK MK SSS"),
    *("MK SSS", "KU SSS", "SSS", "KU SK TA MK EVK ELY SSS"),
)
#: On both sides of what the rules call close: a day, two weeks, a month, a quarter.
_DAYS = (0, 0, 0, 0, 1, 1, 2, 13, 14, 15, 30, 31, 32, 91, 92, 93)
#: And of an amount: a euro beside small ones, a hundredth or a tenth of large ones.
_AMOUNTS = (0.0, 50.0, 51.0, 51.01, 100.0, 1000.0, 1010.0, 1010.01, 990.0, 1100.0, 1100.01, 900.0)


#: What an amount is: nobody tells, most of the time.
_BASES = (None, None, None, "own_share", "whole_project")


@cache
def link_rules() -> tuple[LinkRule, ...]:
    """The rules of the catalogue."""
    with (SEEDS_DIR / "event_link_rules.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(LinkRule.of(row) for row in csv.DictReader(stream))


@st.composite
def log_indicators(draw: st.DrawFn, geographies: Sequence[Geography]) -> list[Indicator]:
    """The indicators of logs, the same ones for all countries of a build."""
    cadence = draw(st.sampled_from("QM"))
    found = []
    for name, (dataset, purpose) in LOG_INDICATORS.items():
        combination = draw(st.sampled_from(["sum", "sum", "sum", "prefer", "separate"]))
        reporters: list[Reporter] = []
        for geography in geographies:
            sources = draw(st.permutations(sorted(geography.areas)))
            slots = {source: source for source in sources}
            if draw(st.booleans()):
                # A successor and its predecessor.
                slots[sources[0]] = slots[sources[1]]
            for source in sources:
                slot = slots[source] if combination == "sum" else "*"
                reporters.append(Reporter(source, len(reporters) + 1, slot))
        is_money = dataset == "funding_decisions"
        found.append(
            Indicator(
                name,
                "additive",
                combination,
                cadence,
                tuple(draw(st.sampled_from(_LEVELS)).split()),
                (),
                ("total", "founder", "large"),
                tuple(reporters),
                unit="EUR" if is_money else "count",
                event_dataset=dataset,
                event_filter=purpose,
            )
        )
    return found


def slices(cadence: str, until: date) -> list[tuple[Period, Period]]:
    """Pairs of adjacent periods that have ended, the newest first."""
    periods = [
        period
        for year in range(_FIRST_YEAR, until.year + 1)
        for part in range(1, 12 // MONTHS[cadence] + 1)
        if (period := calendar(cadence, year, part)).end <= until
    ]
    periods = periods[len(periods) % 2 :]
    return [(periods[n], periods[n + 1]) for n in range(len(periods) - 2, -1, -2)]


def log_periods(world: World) -> set[tuple[str, Period]]:
    """The indicator and periods in which the events of a world count; no other one has them."""
    return {
        (indicator.name, event.period or _period_of(event.day, indicator.cadence))
        for indicator in world.indicators
        for log in world.logs
        for event in log.rows
    }


def _period_of(day: date, cadence: str) -> Period:
    return calendar(cadence, day.year, (day.month - 1) // MONTHS[cadence] + 1)


@st.composite
def log_worlds(
    draw: st.DrawFn,
    geography: Geography,
    indicator: Indicator,
    periods: tuple[Period, Period],
    number: int,
    today: date,
) -> World:
    """What two or three organisations log in two periods, some of it of the same events."""
    sources = draw(st.permutations(sorted(geography.areas)))[: draw(st.sampled_from([2, 2, 3]))]
    theirs = tuple(r for r in indicator.reporters if r.source in geography.areas)
    indicator = replace(indicator, reporters=theirs)
    span = _Span(periods, number, draw(st.integers(0, 90)))
    places = _places(draw, geography)
    rows: dict[tuple[str, int], list[Event]] = defaultdict(list)
    count = 0
    for _ in range(draw(st.integers(1, 3))):
        first = _event(draw, indicator, sources, span, places)
        told = draw(st.lists(st.sampled_from(sources), min_size=1, max_size=5))
        for source in told:
            count += 1
            again = draw(st.booleans()) and indicator.event_dataset == "transfers"
            name = f"{number}-0" if again else f"{number}-{count}"
            event = replace(_alike(draw, first, sources, span, places), event_id=name)
            delivery = draw(st.integers(0, 2))
            rows[source, delivery].append(event)
            match draw(st.integers(0, 11)):
                case 0:
                    later = _alike(draw, event, sources, span, places)
                    rows[source, draw(st.integers(delivery, 2))].append(later)
                case 1:
                    back = replace(event, is_withdrawn=True)
                    rows[source, draw(st.integers(delivery, 2))].append(back)
    logs = tuple(
        LogDelivery(source, indicator.event_dataset, n, tuple(told))
        for (source, n), told in sorted(rows.items())
    )
    return World(geography, (indicator,), (), today, logs=logs, link_rules=link_rules())


class _Span:
    """The days of a world, and names that no other world has."""

    def __init__(self, periods: tuple[Period, Period], number: int, offset: int) -> None:
        self.periods = periods
        self.number = number
        self.days = (periods[1].end - periods[0].start).days
        self.first = periods[0].start + timedelta(days=offset % self.days)

    def near(self, day: date, days: int) -> date:
        """So many days later, or as many earlier where the span would end."""
        later = day + timedelta(days=days)
        if later < self.periods[1].end:
            return later
        return max(self.periods[0].start, day - timedelta(days=days))

    def business(self, which: int) -> str:
        return business_id(3 * self.number + which)

    def project(self, which: int) -> str:
        return f"P{self.number}-{which}"


def _places(draw: st.DrawFn, geography: Geography) -> list[str]:
    """A few regions that events keep coming back to, of any type."""
    kus = [r.region for r in geography.regions if r.type == "KU"]
    return [
        *draw(st.lists(st.sampled_from(kus), min_size=1, max_size=2)),
        draw(st.sampled_from([r.region for r in geography.regions])),
    ]


def _event(
    draw: st.DrawFn,
    indicator: Indicator,
    sources: Sequence[str],
    span: _Span,
    places: Sequence[str],
) -> Event:
    event = Event(
        "",
        span.first,
        draw(st.sampled_from(places)),
        segment=draw(st.sampled_from([None, None, "founder"])),
        business=draw(st.sampled_from([span.business(0), span.business(0), None])),
    )
    match indicator.event_dataset:
        case "funding_decisions":
            return replace(
                event,
                amount=draw(st.sampled_from(_AMOUNTS)),
                project_id=draw(st.sampled_from([None, None, span.project(0)])),
                project=draw(st.sampled_from([None, None, f"Hanke {span.number}"])),
                purpose=indicator.event_filter,
                instrument=draw(st.sampled_from([None, None, "Avustus"])),
                amount_basis=draw(st.sampled_from(_BASES)),
            )
        case "advice_events":
            return replace(event, topic=draw(st.sampled_from([None, "Rahoitus"])))
    sender, receiver = draw(
        st.sampled_from([(sources[0], sources[1]), ("Oppilaitos", sources[0]), (sources[0],) * 2])
    )
    return replace(event, sender=sender.lower(), receiver=receiver.lower())


def _alike(
    draw: st.DrawFn,
    event: Event,
    sources: Sequence[str],
    span: _Span,
    places: Sequence[str],
) -> Event:
    """An event as somebody else tells it, or another one that looks like it."""
    is_money, is_transfer = bool(event.purpose), event.sender is not None
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 3]))):
        match draw(st.integers(0, 13)):
            case 0 | 1 | 2:
                event = replace(event, day=span.near(event.day, draw(st.sampled_from(_DAYS))))
            case 3:
                region = draw(st.sampled_from([*places, *([None] if is_transfer else [])]))
                event = replace(event, region=region)
            case 4:
                segment = draw(st.sampled_from([None, "founder", "large"]))
                event = replace(event, segment=segment)
            case 5:
                which = draw(st.sampled_from([None, 0, 1]))
                event = replace(event, business=None if which is None else span.business(which))
            case 6 | 7 if is_money:
                event = replace(event, amount=draw(st.sampled_from(_AMOUNTS)))
            case 8 if is_money:
                which = draw(st.sampled_from([None, 0, 0, 1]))
                project_id = None if which is None else span.project(which)
                if project_id and draw(st.booleans()):
                    project_id = project_id.lower()
                event = replace(event, project_id=project_id)
            case 9 if is_money:
                named = draw(st.lists(st.sampled_from(sources), max_size=2, unique=True))
                event = replace(event, co_funders=tuple(named))
            case 10 if is_money:
                name = draw(st.sampled_from([None, f"HANKE  {span.number}", "Toinen"]))
                period = draw(st.sampled_from([None, *span.periods]))
                event = replace(event, project=name and f"{name} {span.number}", period=period)
            case 11 | 12 if is_money:
                event = replace(event, amount_basis=draw(st.sampled_from(_BASES)))
            case 13 if is_money:
                instrument = draw(st.sampled_from([None, " avustus ", "Laina"]))
                event = replace(event, instrument=instrument)
            case 8 | 9 if not is_money and not is_transfer:
                topic = draw(st.sampled_from([None, " rahoitus ", "Vienti"]))
                event = replace(event, topic=topic)
    return event
