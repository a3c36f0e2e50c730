"""No small count of advice events or transfers can be worked out from what is published.

Every year from 1990 is a small random world of its own, all of them in one build: places at three
levels, segments, topics, actors, events that two organisations log, logs that are corrected later.
An attacker takes every figure of the monitoring marts, of the observations with their earlier
versions and of the rows that these are made of, knows which rows there are and how they add up, and
tries every count that is small.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cache, cached_property, partial
from itertools import pairwise, permutations, product
from typing import Any, NamedTuple

import duckdb
import pytest

from assets.sample.events import business_id
from assets.settings import Settings
from tests.conftest import TODAY
from tests.engine import Engine
from tests.privacy.worlds import Published, fill, found_by_equations, found_by_territory
from tests.subtraction import Attacker

pytestmark = pytest.mark.slow

#: Marts that are read here; what they are made of is built as well.
READ = (
    "dim_period",
    "fct_measurements",
    "fct_observation_vintages",
    "fct_observations",
    "monitoring_advice",
    "monitoring_transfers",
    "quality_event_links",
    "quality_overlaps",
)

SEED = 20261122
YEARS = range(1990, 2024)
LIMIT = 5
#: Years in which the attacker is also let loose on marts that only leave out what is small.
CONTROL = range(1990, 2000)

REGIONS = {
    "MK01": ("SK011", "SK014", "SK015", "SK016"),
    "MK02": ("SK021", "SK022", "SK023"),
    "MK18": ("SK181", "SK182"),
    "MK07": ("SK071",),
}
#: Transfers are logged for these too, which lie in the country alone.
CONTRACT_AREAS = ("SS07", "SS12", "SS23")
HOLDER = {sk: mk for mk, parts in REGIONS.items() for sk in parts} | dict.fromkeys(
    (*REGIONS, *CONTRACT_AREAS), "SSS"
)
SEGMENTS = ("founder", "local_small", "large")
TOPICS = {
    "rahoitus": "financing", "kasvu": "growth", "vienti": "internationalisation",
    "omistajanvaihdos": "ownership_change", "hevostalous": "other", "": "unknown",
}  # fmt: skip
PARTNERS = ("development_company", "enterprise_agency", "proagria")
ACTORS = (*PARTNERS, "business_finland", "employment_area", "Kyläkauppiaat")
SIDES = ("matched", "sender_only", "receiver_only", "third_party")
ANSWERS = ("accepted", "refused", "unanswered")


def holds(region: str, home: str) -> bool:
    """Whether events of the home count in the region."""
    return region in {home, HOLDER.get(home), "SSS"}


class Year:
    """What happened in one year, as deliveries."""

    def __init__(self, year: int) -> None:
        self.year = year
        self._dice = random.Random(f"{SEED} {year}")
        self._businesses = iter(range(20_000 * (year - YEARS[0]), 20_000 * (year - YEARS[0] + 1)))
        mks = self._dice.sample(sorted(REGIONS), self._dice.randint(1, 3))
        self.homes = [
            sk for mk in mks for sk in REGIONS[mk] if sk == REGIONS[mk][0] or self._maybe(0.7)
        ]
        # Now and then somebody logs only the region, or only the country.
        self.homes += [home for home in (*mks, "SSS") if self._maybe(0.15)]
        self.contract_areas = [area for area in CONTRACT_AREAS if self._maybe(0.2)]
        self.advice: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
        self.transfers: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
        for quarter, home in product((1, 2, 3, 4), self.homes):
            self._advise(quarter, home)
        self._hand_over()
        # What is logged late, and what is logged again because the first time it was wrong.
        self.later = [self._corrected("advice"), self._corrected("transfers")]

    def _maybe(self, share: float) -> bool:
        return self._dice.random() < share

    def _business(self) -> str:
        return business_id(next(self._businesses))

    def _advise(self, quarter: int, home: str) -> None:
        dice = self._dice
        topics = dice.sample(sorted(TOPICS), dice.randint(1, 5))
        sizes = (0, 1, 2, 3, 6, 10, 20, 30) if self.year % 3 else (0, 30, 50, 70)
        for _ in range(dice.choice(sizes)):
            source, second = dice.sample(PARTNERS, 2)
            event = {
                "event_id": f"{self.year}-{len(self.advice[source])}",
                "region": home,
                "happened_on": f"{self.year}-{3 * quarter - 1:02}-{dice.randint(1, 28):02}",
                "business_id": self._business(),
                "segment": dice.choice(("", *SEGMENTS)),
                "topic": dice.choice(topics),
            }
            self.advice[source].append(event)
            if event["topic"] and self._maybe(0.1):
                number = f"{self.year}-{len(self.advice[second])}"
                # The second log may place it elsewhere.
                place = home if self._maybe(0.7) else dice.choice(self.homes)
                self.advice[second].append(event | {"event_id": number, "region": place})

    def _hand_over(self) -> None:
        dice = self._dice
        actors = dice.sample(ACTORS, dice.randint(2, 5))
        sizes = dice.choice(((0, 0, 1, 2, 3, 8), (0, 6, 9, 14), (0, 2, 6, 11, 15)))
        for sender, receiver in permutations(actors, 2):
            for _ in range(dice.choice(sizes)):
                entry = {
                    "from_actor": sender,
                    "to_actor": receiver,
                    "happened_on": f"{self.year}-06-{dice.randint(1, 15):02}",
                    "business_id": self._business(),
                    "region": dice.choice((*self.homes, *self.contract_areas, "")),
                    "segment": dice.choice(("", "", *SEGMENTS)),
                    "accepted": dice.choice(("yes", "no", "")),
                }
                logs = dice.choice(
                    ((sender, receiver), (sender, receiver), (sender,), (receiver,), PARTNERS[:1])
                )
                written = [source for source in logs if source != ACTORS[-1]] or PARTNERS[1:2]
                for source in written:
                    number = f"{self.year}-{len(self.transfers[source])}"
                    self.transfers[source].append(entry | {"transfer_id": number})

    def _corrected(self, dataset: str) -> dict[str, list[dict[str, object]]]:
        """What each source delivers a second time, and leaves out of its first delivery."""
        if self._maybe(0.5):
            return {}
        logs = getattr(self, dataset)
        later: dict[str, list[dict[str, object]]] = {}
        for source, rows in logs.items():
            late = [row for row in rows if self._maybe(0.1)]
            wrong = [row for row in rows if row not in late and self._maybe(0.05)]
            later[source] = late + [
                row | {"segment": self._dice.choice(("", *SEGMENTS))} for row in wrong
            ]
            logs[source] = [row for row in rows if row not in late]
        return later


class World:
    """All years, delivered and built."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        settings = engine.settings
        self.years = {year: Year(year) for year in YEARS}
        # Each source delivers on a day of its own, and corrects on another: every refresh between
        # publishes a version of its own, which the attacker has seen.
        days = (TODAY - timedelta(days=before) for before in range(2 * len(ACTORS), 0, -1))
        sources = sorted({s for y in self.years.values() for s in (*y.advice, *y.transfers)})
        for corrected, source in product((False, True), sources):
            for number, dataset in enumerate(("advice", "transfers")):
                rows = [
                    row
                    for year in self.years.values()
                    for row in (year.later[number] if corrected else getattr(year, dataset)).get(
                        source, []
                    )
                ]
                if rows:
                    engine.drop(source, "advice_events" if number == 0 else dataset, rows)
            engine.settings = dataclasses.replace(settings, today=next(days))
            engine.take_in()
        engine.settings = settings
        engine.build(*READ)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("subtraction")
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    return World(Engine(settings, folder))


# -- everything else that is published about the same counts ---------------------------------------


class Elsewhere:
    """What the other published tables tell of an indicator in a year, and what is true of it.

    The parts are events by home, period and segment (or none): `net`, and `again` where another
    organisation's log stands for them; and what each delivery logged of them.
    """

    def __init__(self, world: World, indicator: str, year: int, homes: Iterable[str]) -> None:
        self.homes = list(dict.fromkeys(homes))
        rows = world.engine.rows
        self._indicator, self._of = indicator, (indicator, f"{year}%")
        #: region, segment, period, net and gross as they are, net and gross as they are shown
        self.cells = rows(
            "select region, segment, period, truth.value::bigint, truth.gross_value::bigint, "
            "shown.value::bigint, shown.gross_value::bigint "
            "from intermediate.int_observations as truth "
            "join fct_observations as shown using (indicator, region, segment, period) "
            "where indicator = ? and period like ?",
            *self._of,
        )
        self._versions = rows(
            "select region, segment, period, known_from, known_to, value "
            "from fct_observation_vintages where indicator = ? and period like ?",
            *self._of,
        )
        self.logs = rows(
            "select region, segment, period, source, vintage, rule, value from fct_measurements "
            "where indicator = ? and period like ? and made_of = 'events'",
            *self._of,
        )
        self.pairs = rows(
            "select period, other_period, kept_source, other_source, kept_value "
            "from quality_overlaps where kind = 'same_event' and indicator = ? and period like ?",
            *self._of,
        )
        self._every_pair = rows(
            "select period, other_period, kept_source, other_source "
            "from intermediate.int_overlaps_same_event where indicator = ? and period like ?",
            *self._of,
        )

    def sum(self, region: str, segment: str, period: str, *of: Any) -> list[Any]:
        """The parts of a cell."""
        segments = (*SEGMENTS, "none") if segment == "total" else (segment,)
        return [
            (*(of or ("net",)), home, period, part)
            for home in self.homes
            if holds(region, home)
            for part in segments
        ]

    def teach(self, attacker: Attacker, *, everything: bool = False) -> None:
        """Tell how the tables hang together, and what they show.

        Args:
            attacker: who learns it.
            everything: as if nothing but the small counts of `cells` were withheld.
        """
        self._teach_cells(attacker, everything)
        self._teach_versions(attacker)
        self._teach_logs(attacker, everything)

    def _teach_cells(self, attacker: Attacker, everything: bool) -> None:
        there = {row[:3] for row in self.cells}
        regions = {*self.homes, *(HOLDER[h] for h in self.homes if h in HOLDER), "SSS"}
        periods = {row[2] for row in self.cells}
        for cell in product(regions, ("total", *SEGMENTS), periods):
            if cell not in there:
                for part in (*self.sum(*cell), *self.sum(*cell, "again")):
                    attacker.learn([part])
        for *cell, net, gross, shown_net, shown_gross in self.cells:
            both = [*self.sum(*cell), *self.sum(*cell, "again")]
            if shown_net is not None or (everything and not 0 < net < LIMIT):
                attacker.learn(self.sum(*cell))
            if shown_gross is not None or (
                everything and not 0 < net < LIMIT and not 0 < gross - net < LIMIT
            ):
                attacker.learn(both)

    def _teach_versions(self, attacker: Attacker) -> None:
        moments = sorted({row[3] for row in self._versions})
        names = {
            moment: (("net",) if moment == moments[-1] else ("net", moment)) for moment in moments
        }
        known: defaultdict[Any, set[Any]] = defaultdict(set)
        for *cell, since, until, value in self._versions:
            held = [m for m in moments if since <= m and (until is None or m < until)]
            known[tuple(cell)].update(held)
            for earlier, later in pairwise(held):
                attacker.learn(
                    dict.fromkeys(self.sum(*cell, *names[earlier]), 1)
                    | dict.fromkeys(self.sum(*cell, *names[later]), -1)
                )
            if value is not None:
                attacker.learn(self.sum(*cell, *names[held[-1]]))
        for cell, held in known.items():
            for moment in set(moments) - held:
                for part in self.sum(*cell, *names[moment]):
                    attacker.learn([part])

    def _teach_logs(self, attacker: Attacker, everything: bool) -> None:
        told = {row[:6] for row in self.logs}
        periods = {row[2] for row in self.cells}
        for home, segment, period in product(self.homes, ("total", *SEGMENTS), periods):
            for rule, of in (("kept", "net"), ("same_event", "again")):
                parts = [p for p in self.sum("SSS", segment, period, of) if p[1] == home]
                logs = [
                    ("log", *row)
                    for row in told
                    if row[:3] == (home, segment, period) and row[5] == rule
                ]
                attacker.learn(dict.fromkeys(parts, 1) | dict.fromkeys(logs, -1))
        for *row, value in self.logs:
            if value is not None or everything:
                attacker.learn([("log", *row)])
        for (_, other_period, _, source), _ in self.counted_pairs(everything):
            attacker.learn(self.logged_again(other_period, source))

    def logged_again(self, period: str, source: str) -> list[Any]:
        """Logs of a source for which another one's stands."""
        return [
            ("log", *row[:6])
            for row in self.logs
            if row[1] == "total" and row[2:4] == (period, source) and row[5] == "same_event"
        ]

    def counted_pairs(self, everything: bool) -> list[tuple[tuple[str, str, str, str], int]]:
        """How many logs stand for how many: for pairs of sources whose rows are all there."""
        if everything:
            return sorted(Counter(self._every_pair).items())
        folded = {row[:2] for row in self.pairs if row[4] is None}
        folded_periods = {period for both in folded for period in both}
        found = Counter(row[:4] for row in self.pairs)
        return sorted(
            (pair, n) for pair, n in found.items() if not folded_periods.intersection(pair[:2])
        )


@pytest.fixture(scope="module")
def observed(world: World) -> dict[tuple[str, int], Published]:
    """Observations with their versions, rows and overlaps, by indicator and year."""
    found = {key: Published() for key in product(("advice_events", "transfers"), YEARS)}
    with duckdb.connect(str(world.engine.settings.warehouse_path), read_only=True) as warehouse:
        warehouse.execute("use marts")
        for (_, year), one in found.items():
            one.territories = territories(warehouse, year)
        fill(
            warehouse,
            "indicator in ('advice_events', 'transfers')",
            lambda indicator, period: (found[indicator, int(period[:4])], {}),
        )
    return found


def territories(warehouse: duckdb.DuckDBPyConnection, year: int) -> dict[str, frozenset[str]]:
    """Municipalities of the regions, as the platform divides the country for events of a year.

    Those of contract areas are not known, only that they lie in the country.
    """
    known = {
        region: frozenset(members)
        for region, members in warehouse.execute(
            "select region, list(municipality) from intermediate.int_region_municipalities "
            "where classification_year = "
            "(select min(classification_year) from intermediate.int_region_municipalities "
            "where classification_year >= ?) group by region",
            [year],
        ).fetchall()
    }
    areas = {area: frozenset({area}) for area in CONTRACT_AREAS}
    return known | areas | {"SSS": known["SSS"].union(CONTRACT_AREAS)}


@pytest.mark.parametrize("indicator", ["advice_events", "transfers"])
@pytest.mark.parametrize("year", YEARS)
def test_no_small_observation_follows_from_the_observations(
    world: World, observed: dict[tuple[str, int], Published], indicator: str, year: int
) -> None:
    one = observed[indicator, year]
    assert one.small.isdisjoint(one.shown)
    found = found_by_equations(one, one.shown)
    if "MK07" in world.years[year].homes:
        # The region is one sub-region. Who logs only the region says no less about the place, and
        # nobody lives in the difference of the two, nor in a rest that is made of it.
        found &= one.small
    assert found == set()
    assert found_by_territory(one, one.shown) == set()


def test_there_are_small_observations_earlier_versions_and_corrections(
    world: World, observed: dict[tuple[str, int], Published]
) -> None:
    for indicator in ("advice_events", "transfers"):
        worlds = [one for (of, _), one in observed.items() if of == indicator]
        assert sum(len(one.small) for one in worlds) > 300
        assert sum(until is not None for one in worlds for until in one.until.values()) > 300
        found = sum(len(found_by_equations(one, set(one.truth) - one.small)) for one in worlds)
        assert found > 50
        (revised,) = world.engine.row(
            "select count(*) from fct_measurements where indicator = ? and rule = 'revised'",
            indicator,
        )
        assert revised > 20


def test_events_of_withheld_periods_are_listed_once_for_two_organisations(world: World) -> None:
    assert (
        world.engine.rows(
            "select indicator, period, kept_source, other_source from quality_overlaps "
            "where kind = 'same_event' and kept_value is null group by all having count(*) > 1"
        )
        == []
    )
    assert world.engine.row(
        "select count(*) > 0 from quality_overlaps where kind = 'same_event' and kept_value is null"
    ) == (True,)
    assert (
        world.engine.rows(
            "select source, other_source, rule, reason from quality_event_links "
            "group by all having count(*) > 1"
        )
        == []
    )


# -- advice ----------------------------------------------------------------------------------------


class Count(NamedTuple):
    """A row of monitoring_advice."""

    region: str
    period: str
    segment: str
    topic: str
    events: int | None
    gross: int | None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self[:4]

    @property
    def is_small(self) -> bool:
        return self.events is not None and 0 < self.events < LIMIT

    @property
    def is_small_twice(self) -> bool:
        """Whether few of the events were logged by two organisations."""
        return None not in (self.events, self.gross) and 0 < self.gross - self.events < LIMIT


class Advice:
    """The advice events of one year: what is true, what is published, and what follows from it."""

    def __init__(self, world: World, year: int) -> None:
        self._homes = world.years[year].homes
        self._quarters = [f"{year}-Q{n}" for n in (1, 2, 3, 4)]
        self.elsewhere = Elsewhere(world, "advice_events", year, self._homes)
        rows = world.engine.rows
        self.published = [
            Count(*row)
            for row in rows(
                "select region, period, segment, advice_topic, events, gross_events "
                "from monitoring_advice where year = ?",
                year,
            )
        ]
        quarters = [
            Count(*row)
            for row in rows(
                "select region, period, segment, 'all', value::bigint, gross_value::bigint "
                "from intermediate.int_observations where indicator = 'advice_events' "
                "and period like ? union all "
                "select region, period, 'total', topic_code, events, gross_events "
                "from intermediate.int_advice_topics where period like ?",
                f"{year}-Q%",
                f"{year}-Q%",
            )
        ]
        sums: defaultdict[tuple[str, str, str], list[Count]] = defaultdict(list)
        for row in quarters:
            sums[row.region, row.segment, row.topic].append(row)
        self.true = quarters + [
            Count(
                region,
                str(year),
                segment,
                topic,
                sum(row.events or 0 for row in parts),
                sum(row.gross or 0 for row in parts),
            )
            for (region, segment, topic), parts in sums.items()
        ]

    @property
    def small(self) -> list[Count]:
        return [row for row in self.true if row.is_small]

    @property
    def unprotected(self) -> list[Count]:
        """What would be published if only small counts were left out."""
        return [
            row._replace(
                events=None if row.is_small else row.events,
                gross=None if row.is_small or row.is_small_twice else row.gross,
            )
            for row in self.true
        ]

    def found_in(self, rows: Sequence[Count], *, everything: bool = False) -> list[Count]:
        """Small counts that follow from rows and from what is told elsewhere.

        Args:
            rows: of the mart.
            everything: whether the other tables leave out small counts alone.
        """
        attacker = Attacker(self._impossible(rows))
        for home, quarter, of in product(self._homes, self._quarters, ("net", "again")):
            # Each event has one segment, or none, and one topic.
            by_segment = dict.fromkeys(self._parts(home, quarter, "all", of=of), 1)
            by_topic = dict.fromkeys(
                (
                    part
                    for topic in TOPICS.values()
                    for part in self._parts(home, quarter, topic, of=of)
                ),
                -1,
            )
            attacker.learn(by_segment | by_topic)
        self.elsewhere.teach(attacker, everything=everything)
        for row in rows:
            if row.events is not None:
                attacker.learn(self._sum(row))
            if row.gross is not None:
                attacker.learn([*self._sum(row), *self._sum(row, of="again")])
        return [
            row
            for row in self.true
            if (row.is_small and attacker.finds(self._sum(row)))
            or (row.is_small_twice and attacker.finds(self._sum(row, of="again")))
        ]

    def _sum(self, row: Count, of: str = "net") -> list[tuple[str, ...]]:
        return [
            part
            for home in self._homes
            if holds(row.region, home)
            for quarter in self._quarters
            if row.period in {quarter, quarter[:4]}
            for part in self._parts(home, quarter, row.topic, row.segment, of)
        ]

    @staticmethod
    def _parts(
        home: str, quarter: str, topic: str, segment: str = "total", of: str = "net"
    ) -> list[Any]:
        if topic != "all":
            return [(f"{of} on a topic", home, quarter, topic)]
        segments = (*SEGMENTS, "none") if segment == "total" else (segment,)
        return [(of, home, quarter, segment) for segment in segments]

    def _impossible(self, rows: Iterable[Count]) -> set[Any]:
        """Parts that are nothing because a row that would hold them is missing."""
        keys = {row.key for row in rows}
        showing = {(row.region, row.period) for row in rows if row.topic != "all"}
        regions = {*self._homes, *(HOLDER[h] for h in self._homes if h in HOLDER), "SSS"}
        nothing: set[Any] = set()
        for region, quarter, home in product(regions, self._quarters, self._homes):
            if not holds(region, home):
                continue
            for segment in SEGMENTS:
                if (region, quarter, segment, "all") not in keys:
                    nothing.update(self._both(home, quarter, "all", segment))
            if (region, quarter, "total", "all") not in keys:
                nothing.update(self._both(home, quarter, "all"))
            for topic in TOPICS.values():
                for period in (quarter, quarter[:4]):
                    missing = (region, period, "total", topic) not in keys
                    if missing and (region, period) in showing:
                        nothing.update(self._both(home, quarter, topic))
                if (region, quarter, "total", "all") not in keys:
                    nothing.update(self._both(home, quarter, topic))
        return nothing

    def _both(self, home: str, quarter: str, topic: str, segment: str = "total") -> list[Any]:
        return [
            part
            for of in ("net", "again")
            for part in self._parts(home, quarter, topic, segment, of)
        ]


@pytest.fixture(scope="module")
def advice_of(world: World) -> Callable[[int], Advice]:
    """The advice of a year, read once."""
    return cache(partial(Advice, world))


@pytest.mark.parametrize("year", YEARS)
def test_no_small_count_of_advice_follows_from_what_is_published(
    advice_of: Callable[[int], Advice], year: int
) -> None:
    advice = advice_of(year)
    shown = {row.key: row for row in advice.published}
    true = {row.key: row for row in advice.true}
    for row in advice.small:
        assert row.key not in shown or shown[row.key].events is None, row
        assert row.key not in shown or shown[row.key].gross is None, row
    for key, row in shown.items():
        assert row.events in (None, true[key].events)
        if row.gross is not None:
            assert row.gross == true[key].gross
            assert not 0 < row.gross - true[key].events < LIMIT
    assert advice.found_in(advice.published) == []


@pytest.mark.parametrize("year", YEARS)
def test_the_mart_and_the_observations_withhold_the_same_advice(
    advice_of: Callable[[int], Advice], year: int
) -> None:
    advice = advice_of(year)
    shown = {row.key: row for row in advice.published}
    quarters: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    for region, segment, period, *_, net, gross in advice.elsewhere.cells:
        row = shown[region, period, segment, "all"]
        assert (row.events, row.gross) == (net, gross)
        quarters[region, segment].append(net)
    for (region, segment), parts in quarters.items():
        told = shown[region, str(year), segment, "all"].events
        assert told == (None if None in parts else sum(n for n in parts if n))


def test_leaving_out_only_what_is_small_would_give_it_away(
    advice_of: Callable[[int], Advice],
) -> None:
    """The attacker is able: without the further cells it finds most small counts."""
    years = [advice_of(year) for year in CONTROL]
    found = sum(len(a.found_in(a.unprotected, everything=True)) for a in years)
    assert found > 0.5 * sum(len(advice.small) for advice in years) > 100


def test_observations_that_leave_out_only_what_is_small_would_give_topics_away(
    advice_of: Callable[[int], Advice],
) -> None:
    """Two sets of cells leak by their union: here the mart as it is, beside bare observations."""
    years = [advice_of(year) for year in CONTROL]
    assert sum(len(a.found_in(a.published, everything=True)) for a in years) > 100


def test_what_is_withheld_leaves_figures_to_read(advice_of: Callable[[int], Advice]) -> None:
    """A mart that hides everything would pass every attack."""
    rows = [row for year in YEARS for row in advice_of(year).published if "-Q" in row.period]
    totals = [row for row in rows if row.segment == "total" and row.topic == "all"]
    topics = [row for row in rows if row.topic != "all"]
    assert sum(row.events is not None for row in totals) > 0.35 * len(totals)
    assert sum(row.events is not None for row in topics) > 0.35 * len(topics)


# -- transfers -------------------------------------------------------------------------------------


class Transfers:
    """The transfers of one year: the matrix with its parts, and the counts of the regions."""

    def __init__(self, world: World, year: int) -> None:
        of_year = world.years[year]
        self._homes = list(dict.fromkeys([*of_year.homes, *of_year.contract_areas, "SSS"]))
        self._year = str(year)
        self.elsewhere = Elsewhere(world, "transfers", year, self._homes)
        columns = ("transfers", *SIDES, *ANSWERS)
        names = ", ".join(columns)
        self.published = self._figures(
            columns,
            world.engine.rows(
                f"select region, from_actor, to_actor, {names} from monitoring_transfers "
                "where year = ?",
                year,
            ),
        )
        self.true = self._figures(
            columns,
            world.engine.rows(
                f"select 'SSS', from_actor, to_actor, {names} "
                "from intermediate.int_transfer_matrix where period = ? union all "
                f"select region, 'all', 'all', value::bigint, {', '.join(['null'] * 7)} "
                "from intermediate.int_observations where indicator = 'transfers' "
                "and segment = 'total' and period = ? and (region <> 'SSS' or period not in "
                "(select period from intermediate.int_transfer_matrix))",
                str(year),
                str(year),
            ),
        )
        self.published_logs = {
            row[:3]: row[3]
            for row in world.engine.rows(
                "select region, from_actor, to_actor, logs from monitoring_transfers "
                "where year = ?",
                year,
            )
        }
        self.logs = {
            row[:3]: row[3]
            for row in world.engine.rows(
                "select 'SSS', from_actor, to_actor, logs from intermediate.int_transfer_matrix "
                "where period = ? union all select region, 'all', 'all', gross_value::bigint "
                "from intermediate.int_observations where indicator = 'transfers' "
                "and segment = 'total' and period = ?",
                str(year),
                str(year),
            )
        }

    @staticmethod
    def _figures(
        columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
    ) -> dict[tuple[str, ...], int | None]:
        return {
            (*row[:3], column): value
            for row in rows
            for column, value in zip(columns, row[3:], strict=True)
        }

    @property
    def small(self) -> list[tuple[str, ...]]:
        return [key for key, value in self.true.items() if value and 0 < value < LIMIT]

    @cached_property
    def unprotected(self) -> dict[tuple[str, ...], int | None]:
        small = set(self.small)
        return {key: None if key in small else value for key, value in self.true.items()}

    def found_in(
        self,
        figures: dict[tuple[str, ...], int | None],
        *,
        logs: bool = True,
        everything: bool = False,
    ) -> list[tuple[str, ...]]:
        """Small counts that follow from figures and from what is told elsewhere.

        Args:
            figures: of the mart.
            logs: whether its numbers of logs are told.
            everything: whether the other tables leave out small counts alone.
        """
        self._pairs = {
            key[1:3] for key in figures if key[0] == "SSS" and "all" not in key[1:3]
        } or set(permutations((*ACTORS[:-1], "other"), 2))
        attacker = Attacker()
        self.elsewhere.teach(attacker, everything=everything)
        self._teach_who_logged(attacker, everything)
        for key, value in figures.items():
            if value is not None:
                attacker.learn(self._sum(key))
        for (region, *actors), told in self.published_logs.items():
            if logs and told is not None and region == "SSS":
                of_pairs = [(region, *actors, column) for column in ("transfers", "matched")]
                attacker.learn(Counter(part for key in of_pairs for part in self._sum(key)))
        found = [key for key in self.small if attacker.finds(self._sum(key))]
        for region, segment, period, net, gross, *_ in self.elsewhere.cells:
            if 0 < net < LIMIT and attacker.finds(self.elsewhere.sum(region, segment, period)):
                found.append((region, segment, "net"))
            again = self.elsewhere.sum(region, segment, period, "again")
            if 0 < gross - net < LIMIT and attacker.finds(again):
                found.append((region, segment, "again"))
        return found

    def _teach_who_logged(self, attacker: Attacker, everything: bool) -> None:
        """Whose logs the transfers of the matrix stand in."""
        whole = self._sum(("SSS", "all", "all", "transfers"))
        nation = self.elsewhere.sum("SSS", "total", self._year)
        attacker.learn(dict.fromkeys(whole, 1) | dict.fromkeys(nation, -1))
        matched = self._sum(("SSS", "all", "all", "matched"))
        again = self.elsewhere.sum("SSS", "total", self._year, "again")
        attacker.learn(dict.fromkeys(matched, 1) | dict.fromkeys(again, -1))
        logs: defaultdict[str, list[Any]] = defaultdict(list)
        for *row, _ in self.elsewhere.logs:
            if row[1] == "total" and row[5] in {"kept", "same_event"}:
                logs[row[3]].append(("log", *row))
        for source, rows in logs.items():
            theirs = Counter(
                part
                for sender, receiver in self._pairs
                for actor, side in ((sender, "sender_only"), (receiver, "receiver_only"))
                if actor == source
                for column in ("matched", side)
                for part in self._sum(("SSS", sender, receiver, column))
            )
            for pair, answer in product(sorted(self._pairs), ANSWERS):
                if source not in pair:
                    theirs["third", *pair, answer, source] += 1
            attacker.learn(theirs | dict.fromkeys(rows, -1))
        for pair, answer in product(sorted(self._pairs), ANSWERS):
            third = [("third", *pair, answer, source) for source in logs if source not in pair]
            attacker.learn({("pair", *pair, "third_party", answer): 1} | dict.fromkeys(third, -1))
        between: defaultdict[tuple[str, ...], int] = defaultdict(int)
        for (period, other_period, *sources), n in self.elsewhere.counted_pairs(everything):
            if period == other_period == self._year:
                between[tuple(sorted(sources))] += n
        for first, second in between:
            both = [("SSS", *pair, "matched") for pair in ((first, second), (second, first))]
            attacker.learn([part for key in both for part in self._sum(key)])

    def _sum(self, key: tuple[str, ...]) -> list[Any]:
        region, sender, receiver, column = key
        if region != "SSS":
            return self.elsewhere.sum(region, "total", self._year)
        return [
            ("pair", f, t, side, answer)
            for f, t in sorted(self._pairs)
            if sender in {f, "all"} and receiver in {t, "all"}
            for side, answer in product(SIDES, ANSWERS)
            if column in {"transfers", side, answer}
        ]


@pytest.fixture(scope="module")
def transfers_of(world: World) -> Callable[[int], Transfers]:
    """The transfers of a year, read once."""
    return cache(partial(Transfers, world))


@pytest.mark.parametrize("year", YEARS)
def test_no_small_count_of_transfers_follows_from_what_is_published(
    transfers_of: Callable[[int], Transfers], year: int
) -> None:
    transfers = transfers_of(year)
    for key, value in transfers.published.items():
        assert value is None or value == transfers.true.get(key, value), key
        assert not (value and 0 < value < LIMIT), key
    for key, logs in transfers.logs.items():
        told = transfers.published_logs.get(key)
        assert told is None or not 0 < logs - transfers.true[(*key, "transfers")] < LIMIT, key
        if 0 < logs < LIMIT:
            assert transfers.published.get((*key, "transfers")) is None, key
    assert transfers.found_in(transfers.published) == []


@pytest.mark.parametrize("year", YEARS)
def test_the_mart_and_the_observations_withhold_the_same_transfers(
    transfers_of: Callable[[int], Transfers], year: int
) -> None:
    transfers = transfers_of(year)
    for region, segment, _, _, _, net, gross in transfers.elsewhere.cells:
        if segment == "total":
            assert transfers.published[region, "all", "all", "transfers"] == net
            assert transfers.published_logs[region, "all", "all"] == gross


def test_leaving_out_only_small_transfers_would_give_them_away(
    transfers_of: Callable[[int], Transfers],
) -> None:
    years = [transfers_of(year) for year in CONTROL]
    found = sum(len(transfers.found_in(transfers.unprotected, logs=False)) for transfers in years)
    assert found > 0.3 * sum(len(transfers.small) for transfers in years) > 30


def test_rows_and_overlaps_that_were_told_would_give_transfers_away(
    transfers_of: Callable[[int], Transfers],
) -> None:
    """The mart as it is, beside tables that say who logged how many."""
    years = [transfers_of(year) for year in CONTROL]
    assert sum(len(t.found_in(t.published, everything=True)) for t in years) > 100


def test_the_matrix_is_there_to_read(world: World) -> None:
    cells = world.engine.rows(
        "select transfers, matched from monitoring_transfers "
        "where region = 'SSS' and from_actor <> 'all' and to_actor <> 'all'"
    )
    assert sum(cell[0] is not None for cell in cells) > 0.3 * len(cells) > 40
    totals = world.engine.rows(
        "select matched, sender_only, receiver_only, third_party from monitoring_transfers "
        "where region = 'SSS' and from_actor = 'all' and to_actor = 'all'"
    )
    assert any(None not in total for total in totals)
