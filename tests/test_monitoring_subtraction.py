"""No small count of advice events or transfers can be worked out from the monitoring marts.

Every year from 1990 is a small random world of its own, all of them in one build: places at three
levels, segments, topics, actors, events that two organisations log. An attacker takes every figure
of the marts, knows which rows there are and how they add up, and tries every count that is small.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import permutations, product
from typing import Any, NamedTuple

import pytest

from assets.sample.events import business_id
from assets.settings import Settings
from tests.conftest import TODAY
from tests.engine import Engine
from tests.subtraction import Attacker

pytestmark = pytest.mark.slow

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
HOLDER = {sk: mk for mk, parts in REGIONS.items() for sk in parts} | dict.fromkeys(REGIONS, "SSS")
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
        self.advice: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
        self.transfers: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
        for quarter, home in product((1, 2, 3, 4), self.homes):
            self._advise(quarter, home)
        self._hand_over()

    def _maybe(self, share: float) -> bool:
        return self._dice.random() < share

    def _business(self) -> str:
        return business_id(next(self._businesses))

    def _advise(self, quarter: int, home: str) -> None:
        dice = self._dice
        topics = dice.sample(sorted(TOPICS), dice.randint(1, 5))
        for _ in range(dice.choice((0, 1, 2, 3, 6, 10, 20, 30))):
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
                    "region": dice.choice((*self.homes, "")),
                    "accepted": dice.choice(("yes", "no", "")),
                }
                logs = dice.choice(
                    ((sender, receiver), (sender, receiver), (sender,), (receiver,), PARTNERS[:1])
                )
                written = [source for source in logs if source != ACTORS[-1]] or PARTNERS[1:2]
                for source in written:
                    number = f"{self.year}-{len(self.transfers[source])}"
                    self.transfers[source].append(entry | {"transfer_id": number})


class World:
    """All years, delivered and built."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.years = {year: Year(year) for year in YEARS}
        for dataset in ("advice", "transfers"):
            for source in sorted({s for y in self.years.values() for s in getattr(y, dataset)}):
                rows = [row for y in self.years.values() for row in getattr(y, dataset)[source]]
                name = "advice_events" if dataset == "advice" else dataset
                engine.drop(source, name, rows)
        engine.take_in()
        engine.build()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("subtraction")
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    return World(Engine(settings, folder))


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
        return any(n is not None and 0 < n < LIMIT for n in (self.events, self.gross))


class Advice:
    """The advice events of one year: what is true, what is published, and what follows from it."""

    def __init__(self, world: World, year: int) -> None:
        self._homes = world.years[year].homes
        self._quarters = [f"{year}-Q{n}" for n in (1, 2, 3, 4)]
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
        return [row._replace(events=None, gross=None) if row.is_small else row for row in self.true]

    def found_in(self, rows: Sequence[Count]) -> list[Count]:
        """Small counts that follow from rows."""
        attacker = Attacker(self._impossible(rows))
        for home, quarter in product(self._homes, self._quarters):
            # Each event has one segment, or none, and one topic.
            by_segment = dict.fromkeys(self._parts(home, quarter, "all"), 1)
            by_topic = dict.fromkeys(
                (part for topic in TOPICS.values() for part in self._parts(home, quarter, topic)),
                -1,
            )
            attacker.learn(by_segment | by_topic)
        for row in rows:
            if row.events is not None:
                attacker.learn(self._sum(row))
        return [row for row in self.small if attacker.finds(self._sum(row))]

    def _sum(self, row: Count) -> list[tuple[str, ...]]:
        return [
            part
            for home in self._homes
            if holds(row.region, home)
            for quarter in self._quarters
            if row.period in {quarter, quarter[:4]}
            for part in self._parts(home, quarter, row.topic, row.segment)
        ]

    @staticmethod
    def _parts(home: str, quarter: str, topic: str, segment: str = "total") -> list[Any]:
        if topic != "all":
            return [("topic", home, quarter, topic)]
        segments = (*SEGMENTS, "none") if segment == "total" else (segment,)
        return [("segment", home, quarter, segment) for segment in segments]

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
                    nothing.add(("segment", home, quarter, segment))
            if (region, quarter, "total", "all") not in keys:
                nothing.update(self._parts(home, quarter, "all"))
            for topic in TOPICS.values():
                for period in (quarter, quarter[:4]):
                    missing = (region, period, "total", topic) not in keys
                    if missing and (region, period) in showing:
                        nothing.add(("topic", home, quarter, topic))
            if (region, quarter, "total", "all") not in keys:
                nothing.update(("topic", home, quarter, topic) for topic in TOPICS.values())
        return nothing


@pytest.mark.parametrize("year", YEARS)
def test_no_small_count_of_advice_follows_from_what_is_published(world: World, year: int) -> None:
    advice = Advice(world, year)
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


def test_leaving_out_only_what_is_small_would_give_it_away(world: World) -> None:
    """The attacker is able: without the further cells it finds most small counts."""
    years = [Advice(world, year) for year in CONTROL]
    found = sum(len(advice.found_in(advice.unprotected)) for advice in years)
    assert found > 0.5 * sum(len(advice.small) for advice in years) > 100


def test_what_is_withheld_leaves_figures_to_read(world: World) -> None:
    """A mart that hides everything would pass every attack."""
    rows = [row for year in YEARS for row in Advice(world, year).published if "-Q" in row.period]
    totals = [row for row in rows if row.segment == "total" and row.topic == "all"]
    topics = [row for row in rows if row.topic != "all"]
    assert sum(row.events is not None for row in totals) > 0.35 * len(totals)
    assert sum(row.events is not None for row in topics) > 0.35 * len(topics)


# -- transfers -------------------------------------------------------------------------------------


class Transfers:
    """The transfers of one year: the matrix with its parts, and the counts of the regions."""

    def __init__(self, world: World, year: int) -> None:
        self._homes = [*world.years[year].homes, "SSS"]
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

    def found_in(self, figures: dict[tuple[str, ...], int | None]) -> list[tuple[str, ...]]:
        """Small counts that follow from figures."""
        self._pairs = {
            key[1:3] for key in figures if key[0] == "SSS" and "all" not in key[1:3]
        } or set(permutations((*ACTORS[:-1], "other"), 2))
        # A region without a row has no transfers.
        there = {key[0] for key in figures}
        attacker = Attacker(("home", home) for home in self._homes if home not in there)
        whole = dict.fromkeys(self._sum(("MK00", "all", "all", "transfers"), everywhere=True), 1)
        attacker.learn(whole | dict.fromkeys(self._sum(("SSS", "all", "all", "transfers")), -1))
        for key, value in figures.items():
            if value is not None:
                attacker.learn(self._sum(key))
        return [key for key in self.small if attacker.finds(self._sum(key))]

    def _sum(self, key: tuple[str, ...], *, everywhere: bool = False) -> Iterator[Any]:
        region, sender, receiver, column = key
        if region != "SSS":
            for home in self._homes:
                if everywhere or holds(region, home):
                    yield ("home", home)
            return
        for f, t in sorted(self._pairs):
            if sender in {f, "all"} and receiver in {t, "all"}:
                for side, answer in product(SIDES, ANSWERS):
                    if column in {"transfers", side, answer}:
                        yield ("pair", f, t, side, answer)


@pytest.mark.parametrize("year", YEARS)
def test_no_small_count_of_transfers_follows_from_what_is_published(
    world: World, year: int
) -> None:
    transfers = Transfers(world, year)
    for key, value in transfers.published.items():
        assert value is None or value == transfers.true.get(key, value), key
        assert not (value and 0 < value < LIMIT), key
    for key, logs in transfers.logs.items():
        told = transfers.published_logs.get(key)
        assert told is None or not 0 < logs - transfers.true[(*key, "transfers")] < LIMIT, key
        if 0 < logs < LIMIT:
            assert transfers.published.get((*key, "transfers")) is None, key
    assert transfers.found_in(transfers.published) == []


def test_leaving_out_only_small_transfers_would_give_them_away(world: World) -> None:
    years = [Transfers(world, year) for year in CONTROL]
    found = sum(len(transfers.found_in(transfers.unprotected)) for transfers in years)
    assert found > 0.3 * sum(len(transfers.small) for transfers in years) > 30


def test_the_matrix_is_there_to_read(world: World) -> None:
    cells = world.engine.rows(
        "select transfers, matched from monitoring_transfers "
        "where region = 'SSS' and from_actor <> 'all' and to_actor <> 'all'"
    )
    assert sum(cell[0] is not None for cell in cells) > 0.3 * len(cells) > 50
    totals = world.engine.rows(
        "select matched, sender_only, receiver_only, third_party from monitoring_transfers "
        "where region = 'SSS' and from_actor = 'all' and to_actor = 'all'"
    )
    assert any(None not in total for total in totals)
