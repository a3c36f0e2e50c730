"""Which logged events are one event: the rules of linking and grouping, by brute force over pairs.

Written from the decision record on same events and from what the columns of the catalogue's rules
mean, never from the SQL. What does not belong here: in which cells events count (`oracle`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.oracle.oracle import Period

#: Nothing real differs by less.
TINY = 1e-9


@dataclass(frozen=True)
class Event:
    """One row of a log as a partner writes it; None where a cell is empty.

    Attributes:
        amount: euros; 1 for an event that is counted.
        period: the one that the partner names; that of the day where it names none.
        purpose: of funding; empty for other events.
        instrument: of funding, as the row names it.
        amount_basis: own_share or whole_project; None where the row does not tell.
        co_funders: sources that the row names.
        is_withdrawn: the row takes the event back.
    """

    event_id: str
    day: date
    region: str | None
    amount: float = 1.0
    segment: str | None = None
    business: str | None = None
    project_id: str | None = None
    project: str | None = None
    topic: str | None = None
    sender: str | None = None
    receiver: str | None = None
    purpose: str = ""
    instrument: str | None = None
    amount_basis: str | None = None
    co_funders: tuple[str, ...] = ()
    period: Period | None = None
    is_withdrawn: bool = False

    @property
    def counts(self) -> float:
        """What it adds; a handover inside one organisation is no transfer."""
        return 0.0 if self.sender is not None and self.sender == self.receiver else self.amount

    def column(self, name: str) -> object:
        """What a rule calls a column; None where it tells nothing."""
        match name:
            case "event_id":
                return self.event_id
            case "happened_on":
                return self.day
            case "region":
                return self.region
            case "segment":
                return None if self.segment == "total" else self.segment
            case "business_key":
                return self.business
            case "project_id":
                # Written in capitals by one and in small letters by another.
                return self.project_id and self.project_id.upper()
            case "project_key":
                return _folded(self.project)
            case "instrument_key":
                return _folded(self.instrument)
            case "topic_key":
                # A topic is told with the business that it was about.
                return self.business and self.topic and (self.business, _folded(self.topic))
            case "from_actor":
                return self.sender
            case "to_actor":
                return self.receiver
        raise KeyError(name)


def _folded(text: str | None) -> str | None:
    return " ".join(text.split()).lower() or None if text else None


@dataclass(frozen=True)
class LogDelivery:
    """The rows of one delivery of a log; `number` 0 is the first of its source."""

    source: str
    dataset: str
    number: int
    rows: tuple[Event, ...]

    @property
    def origin(self) -> tuple[str, int]:
        """As the ledger tells it."""
        return f"{self.source}/{self.dataset}", self.number


@dataclass(frozen=True)
class LinkRule:
    """A row of the catalogue's rules (`event_link_rules`), with the same words."""

    rule: str
    dataset: str
    sort_key: int
    links: bool
    organisations: str
    sources: tuple[str, ...]
    equal: tuple[str, ...]
    agreeing: tuple[str, ...]
    differing: tuple[str, ...]
    days_apart: int | None
    amount_abs: float | None
    amount_rel: float | None
    amounts_differ: bool
    amount_basis: str
    max_rows: int
    valid_from: date | None
    valid_to: date | None

    @classmethod
    def of(cls, row: Mapping[str, str]) -> LinkRule:
        """A rule from a row of the seed."""

        def words(column: str) -> tuple[str, ...]:
            return tuple(row[column].split())

        def day(column: str) -> date | None:
            return date.fromisoformat(row[column]) if row[column] else None

        def number(column: str) -> float | None:
            return float(row[column]) if row[column] else None

        return cls(
            row["rule"],
            row["dataset"],
            int(row["sort_key"]),
            row["verdict"] == "link",
            row["organisations"],
            words("sources"),
            words("equal_columns"),
            words("agreeing_columns"),
            words("differing_columns"),
            int(row["days_apart"]) if row["days_apart"] else None,
            number("amount_abs"),
            number("amount_rel"),
            row["amounts_differ"] == "true",
            row["amount_basis"],
            int(row["max_rows"]),
            day("valid_from"),
            day("valid_to"),
        )

    def judges(self, log: Log) -> bool:
        """Whether it looks at an event at all."""
        day = log.event.day
        return (
            (not self.sources or log.source in self.sources)
            and (not self.amount_basis or self.amount_basis == log.event.amount_basis)
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day < self.valid_to)
        )

    def fits(self, one: Log, two: Log) -> bool:
        """Whether it judges two events, of which the first is the preferred one."""
        if not (self.judges(one) and self.judges(two)):
            return False
        if (one.source == two.source) != (self.organisations == "same"):
            return False
        if self.organisations == "co_funder" and not names(one, two):
            return False
        for column in self.equal:
            told = one.event.column(column)
            if told is None or told != two.event.column(column):
                return False
        for column in (*self.agreeing, *self.differing):
            both = (one.event.column(column), two.event.column(column))
            differ = None not in both and both[0] != both[1]
            if differ != (column in self.differing):
                return False
        days = abs((one.event.day - two.event.day).days)
        if self.days_apart is not None and days > self.days_apart:
            return False
        if self.amount_abs is None and self.amount_rel is None:
            return True
        most = max(self.amount_abs or 0.0, (self.amount_rel or 0.0) * abs(one.event.counts))
        differ = abs(one.event.counts - two.event.counts) > most + TINY
        return differ == self.amounts_differ


class Log(NamedTuple):
    """An event that stands, and in whose log; `preference` is the source's in the catalogue."""

    source: str
    preference: int
    number: int
    line: int
    event: Event
    period: str

    @property
    def order(self) -> tuple[object, ...]:
        """Whose log counts.

        One that tells a region, of funding one that tells the whole rather than a share, the
        preferred source, the day, the id.
        """
        event = self.event
        share = {"whole_project": 1, None: 2, "own_share": 3}[event.amount_basis]
        return event.region is None, share, self.preference, event.day, event.event_id

    @property
    def matters(self) -> tuple[object, ...]:
        """Rows of one source in which this is alike are told apart by nothing but their ids."""
        columns = ("project_id", "business_key", "happened_on", "region", "segment", "topic_key")
        more = ("from_actor", "to_actor", "instrument_key")
        told = [self.event.column(column) for column in (*columns, *more)]
        return self.source, self.event.counts, self.period, self.event.amount_basis, *told


class Judgement(NamedTuple):
    """What the first rule that fits two events says; `one` is the preferred one of them."""

    rule: LinkRule
    one: Log
    two: Log
    #: The smaller, the nearer.
    nearness: tuple[object, ...]


def names(one: Log, two: Log) -> bool:
    """Whether one of two logs names the other's organisation as a co-funder."""
    return two.source in one.event.co_funders or one.source in two.event.co_funders


def judged(logs: Sequence[Log], rules: Iterable[LinkRule]) -> Iterator[Judgement]:
    """Every pair that a rule fits, with the first rule that does."""
    in_order = sorted(rules, key=lambda rule: (rule.sort_key, rule.rule))
    for one, two in combinations(sorted(logs, key=lambda log: log.order), 2):
        for rule in in_order:
            if rule.fits(one, two) and not _stands_on_too_many(rule, one, logs):
                both = one.event, two.event
                nearness = (
                    rule.sort_key,
                    _differ(*(event.business for event in both)),
                    not names(one, two),
                    round(abs(one.event.counts - two.event.counts), 6),
                    abs((one.event.day - two.event.day).days),
                    _differ(*(event.region for event in both)),
                )
                yield Judgement(rule, one, two, nearness)
                break


def _differ(one: str | None, two: str | None) -> bool:
    return one is not None and two is not None and one != two


def _stands_on_too_many(rule: LinkRule, one: Log, logs: Sequence[Log]) -> bool:
    """What stands on very many rows (the id of a whole programme) identifies nothing."""
    told = [one.event.column(column) for column in rule.equal]
    alike = [
        log
        for log in logs
        if rule.judges(log)
        and [log.event.column(column) for column in rule.equal] == told
        and (rule.organisations != "same" or log.source == one.source)
    ]
    return len(alike) > rule.max_rows


def grouped(judgements: Sequence[Judgement]) -> list[list[Log]]:
    """Logs of one event, each group in the order of preference.

    Groups grow from the nearest pair on. A group has one event of each organisation and one
    project at most. What is equally near to events that exclude each other waits, and is joined to
    neither while that lasts.
    """
    links = [judgement for judgement in judgements if judgement.rule.links]
    logs = {log for link in links for log in (link.one, link.two)}
    group = {log: frozenset({log}) for log in logs}
    twins = _places_among_twins(logs)

    def rank(link: Judgement) -> tuple[object, ...]:
        apart = abs(twins[link.one] - twins[link.two])
        return *link.nearness, apart, link.one.order, link.two.order

    while True:
        possible = [
            link
            for link in links
            if group[link.one] != group[link.two]
            and not _exclude(group[link.one] | group[link.two])
        ]
        waiting = {one for one in set(group.values()) if _is_torn(one, possible, group)}
        ready = [
            link
            for link in possible
            if group[link.one] not in waiting and group[link.two] not in waiting
        ]
        if not ready:
            break
        nearest = min(ready, key=rank)
        joined = group[nearest.one] | group[nearest.two]
        group |= dict.fromkeys(joined, joined)
    return [sorted(one, key=lambda log: log.order) for one in set(group.values()) if len(one) > 1]


def _places_among_twins(logs: Iterable[Log]) -> dict[Log, int]:
    """Which of the rows of its source that are alike in all that matters each one is."""
    places: dict[Log, int] = {}
    count: dict[tuple[object, ...], int] = {}
    for log in sorted(logs, key=lambda log: log.order):
        places[log] = count[log.matters] = count.get(log.matters, 0) + 1
    return places


def _exclude(logs: Iterable[Log]) -> bool:
    """Two rows of one organisation are two events; different project ids are different ones."""
    told = list(logs)
    return len({log.source for log in told}) < len(told) or len(_projects(told)) > 1


def _projects(logs: Iterable[Log]) -> set[object]:
    return {log.event.column("project_id") for log in logs} - {None}


def _is_torn(
    one: frozenset[Log], possible: Sequence[Judgement], group: Mapping[Log, frozenset[Log]]
) -> bool:
    """Whether a group is equally near to two events of one organisation, or of two projects.

    Rows that are alike in all that matters tear nothing apart: whichever is meant, it is the same.
    """
    open_links = [link for link in possible if one in (group[link.one], group[link.two])]
    if not open_links:
        return False
    nearest = min(link.nearness for link in open_links)
    others = {
        link.two if group[link.one] == one else link.one
        for link in open_links
        if link.nearness == nearest
    }
    return any(
        (left.source == right.source and left.matters != right.matters)
        or len(_projects(group[left] | group[right])) > 1
        for left, right in combinations(others, 2)
    )
