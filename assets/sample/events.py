"""Sample deliveries of events: funding decisions and advice events, one file per source and year.

A file holds the months that have ended and is dated on the day after the last of them, so the file
of an earlier year never changes. Business ids are invented: the check digit is right, but
they begin with 9, a range that the register has not reached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from assets.sample.formats import Dialect, SampleFile, csv_bytes, xlsx_bytes
from assets.sample.releases import Releases
from assets.sample.series import World, chance, pick
from assets.vocabulary.periods import Period

_FIRST = date(2015, 1, 1)
_ADVICE_FIRST = date(2024, 1, 1)
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)

_SEGMENTS: Mapping[str, tuple[float, int]] = {
    # weight among decisions, typical grant in euros
    "founder": (0.2, 9_000),
    "local_small": (0.3, 22_000),
    "domestic_sme": (0.25, 60_000),
    "international_sme": (0.18, 140_000),
    "large": (0.07, 480_000),
}
_PURPOSES = {"development": "kehittäminen", "investment": "investointi"}
_TOPICS = {
    "yrityksen perustaminen": 3.0, "rahoitus": 2.5, "kansainvälistyminen": 1.2,
    "omistajanvaihdos": 1.0, "digitalisaatio": 1.3, "talouden suunnittelu": 1.0,
}  # fmt: skip
_CHANNELS = {"tapaaminen": 3.0, "puhelin": 2.0, "etätapaaminen": 2.0, "sähköposti": 1.0}


def business_id(number: int) -> str:
    """An invented business id from a number below a million; the check digit is right."""
    while True:
        digits = f"9{number % 1_000_000:06}"
        rest = sum(int(d) * w for d, w in zip(digits, _CHECK_WEIGHTS, strict=True)) % 11
        if rest != 1:  # with a remainder of 1 the check digit would be 10: no such id
            return f"{digits}-{0 if rest == 0 else 11 - rest}"
        number += 1


@dataclass(frozen=True)
class Decision:
    """One funding decision; the fields of the landing contract."""

    decision_id: str
    region: str
    granted_on: date
    amount_cents: int
    business_id: str
    project_id: str
    purpose: str
    segment: str
    instrument: str = ""
    programme: str = ""

    @property
    def beneficiary(self) -> str:
        """An invented name, one per business."""
        return f"Esimerkkiyritys {self.business_id[:7]} Oy"

    @property
    def project(self) -> str:
        """An invented title."""
        return "Näytehanke " + self.project_id.partition("-H-")[2]


@dataclass(frozen=True)
class Advice:
    """One advice event; the fields of the landing contract."""

    event_id: str
    region: str
    happened_on: date
    business_id: str
    segment: str
    topic: str
    channel: str


@dataclass(frozen=True)
class _Agency:
    """An agency that decides on funding.

    Attributes:
        per_month: decisions in a month, on average.
        investment: share of them that is for investments.
        ids: first number of its invented business ids; agencies share no business, so that no
            project is counted as financed twice but those that are planted.
        until: first day without decisions; None while it decides.
        maakunta: the only one whose municipalities it funds.
    """

    source: str
    per_month: float
    investment: float
    ids: int
    since: date = _FIRST
    until: date = date.max
    maakunta: str = ""


_AGENCIES = (
    _Agency("ely", 3.6, 0.45, 0, until=date(2026, 1, 1)),
    _Agency("evk", 4.5, 0.45, 100_000, since=date(2026, 1, 1)),
    _Agency("tekes", 3.4, 0.15, 200_000, until=date(2018, 1, 1)),
    _Agency("business_finland", 2.4, 0.15, 300_000, since=date(2018, 1, 1)),
    _Agency("finnvera", 2.0, 1.0, 400_000),
    _Agency("council", 0.7, 0.2, 500_000, since=date(2021, 1, 1), maakunta="MK18"),
)

#: A project that two agencies finance, under one project id (the case `same-event-funding`).
_CO_FINANCED: Mapping[str, Decision] = {
    "ely": Decision(
        "ELY-2025-9101", "KU297", date(2025, 5, 14), 8_000_000, business_id(91_001),
        "ELY-H-9101", "investment", "domestic_sme",
    ),
    "finnvera": Decision(
        "FV-2025-9101", "KU297", date(2025, 6, 2), 12_000_000, business_id(91_001),
        "ELY-H-9101", "investment", "domestic_sme", "Laina",
    ),
}  # fmt: skip
#: How each agency names the forms of its financing; one of them is written in two ways.
_INSTRUMENTS: Mapping[str, Mapping[str, float]] = {
    "tekes": {"Avustus": 2.0, "Laina": 1.0},
    "business_finland": {"Avustus": 2.0, "Laina": 1.0},
    "finnvera": {"Laina": 3.0, "laina ": 0.5, "Takaus": 1.5},
    "council": {"Avustus": 1.0},
}
#: Out of which programmes regional councils grant.
_PROGRAMMES: Mapping[str, Mapping[str, float]] = {"council": {"AKKE": 2.0, "EAKR": 1.0}}

#: Decisions of the overlap in time of ely and its successor, by source (the successor cases).
_HANDOVER: Mapping[str, Sequence[Decision]] = {
    "ely": (
        Decision(
            "ELY-2026-9001", "KU205", date(2026, 1, 20), 3_000_000, business_id(90_001),
            "ELY-H-9001", "development", "local_small",
        ),
        Decision(
            "ELY-2026-9002", "KU564", date(2026, 1, 28), 12_000_000, business_id(90_002),
            "ELY-H-9002", "investment", "domestic_sme",
        ),
    ),
    "evk": (
        Decision(
            "EVK-2026-9001", "KU205", date(2026, 2, 10), 4_500_000, business_id(190_001),
            "EVK-H-9001", "development", "local_small",
        ),
        Decision(
            "EVK-2026-9002", "KU564", date(2026, 3, 5), 12_000_000, business_id(190_002),
            "EVK-H-9002", "investment", "domestic_sme",
        ),
    ),
}  # fmt: skip
#: Both sides of the overlap are known once its quarter is over.
_HANDOVER_KNOWN = date(2026, 4, 1)
_HANDOVER_REGIONS = frozenset({"KU205", "KU564"})


def event_files(world: World, releases: Releases) -> list[SampleFile]:
    """Every event file of the months that are over."""
    return [*_Funding(world, releases).files(), *_AdviceLog(world, releases).files()]


def _by_year(months: Sequence[Period]) -> dict[int, list[Period]]:
    years: dict[int, list[Period]] = {}
    for month in months:
        years.setdefault(month.start.year, []).append(month)
    return years


def _number(average: float, *key: str | int) -> int:
    """A whole number whose mean is `average`."""
    return int(average + chance("number", *key))


def _finnish_day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


class _Funding:
    """Funding decisions of every agency."""

    def __init__(self, world: World, releases: Releases) -> None:
        self._world = world
        self._releases = releases

    def files(self) -> list[SampleFile]:
        """One file per agency and year."""
        files = []
        for agency in _AGENCIES:
            last = min(self._releases.today, agency.until - timedelta(days=1))
            years = _by_year(self._releases.months_ended(agency.since, last))
            decisions = {
                year: [d for month in months for d in self._decisions(agency, month)]
                for year, months in years.items()
            }
            delivered = {year: months[-1].end for year, months in years.items()}
            if self._releases.today >= _HANDOVER_KNOWN and agency.source in _HANDOVER:
                decisions.setdefault(2026, []).extend(_HANDOVER[agency.source])
                delivered.setdefault(2026, _HANDOVER_KNOWN)
            shared = _CO_FINANCED.get(agency.source)
            if shared and shared.granted_on < delivered.get(shared.granted_on.year, _FIRST):
                decisions[shared.granted_on.year].append(shared)
            write = self._writers[agency.source]
            files += [
                write(
                    year,
                    sorted(rows, key=lambda d: (d.granted_on, d.decision_id)),
                    delivered[year],
                )
                for year, rows in decisions.items()
            ]
        return files

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        """Municipalities that exist in all years, with weights that favour small ones."""
        last = date(2026, 1, 1)
        return {
            ku: 2.0 + min(self._world.population(ku, 2020, last) / 1000.0, 120.0)
            for ku in self._world.alive("KU", last)
        }

    def _weights_of(self, maakunta: str) -> Mapping[str, float]:
        if not maakunta:
            return self._weights
        inside = self._world.members("MK", date(2026, 1, 1))[maakunta]
        # The cells of the handover hold planted decisions only.
        return {ku: self._weights[ku] for ku in inside if ku not in _HANDOVER_REGIONS}

    @cached_property
    def _sub_regions(self) -> Mapping[str, float]:
        # Sub-regions that are the same over the whole period.
        return dict.fromkeys(("SK044", "SK064", "SK111", "SK171", "SK181", "SK191"), 1.0)

    def _decisions(self, agency: _Agency, month: Period) -> list[Decision]:
        source, found = agency.source, []
        for number in range(1, _number(agency.per_month, source, month.text) + 1):
            key = (source, month.text, number)
            region = pick(self._weights_of(agency.maakunta), "place", *key)
            if chance("wide", *key) < 0.06 and not agency.maakunta:
                region = pick(self._sub_regions, "wide place", *key)
            if month.text >= "2026" and region in _HANDOVER_REGIONS:
                region = "KU297"  # only planted decisions in the cells of the handover
            segment = pick({s: weight for s, (weight, _) in _SEGMENTS.items()}, "segment", *key)
            purpose = "investment" if chance("purpose", *key) < agency.investment else "development"
            euros = _SEGMENTS[segment][1] * (0.4 + 1.4 * chance("amount", *key))
            euros *= 3.0 if purpose == "investment" else 1.0
            mark = f"{month.start:%Y%m}-{number:02}"
            found.append(
                Decision(
                    decision_id=f"{_PREFIX[source]}-{mark}",
                    region=region,
                    granted_on=month.start + timedelta(days=int(28 * chance("day", *key))),
                    amount_cents=round(euros / 10) * 1000 + (50 if number == 3 else 0),
                    business_id=business_id(agency.ids + int(80_000 * chance("business", *key))),
                    project_id=f"{_PREFIX[source]}-H-{mark}",
                    purpose=purpose,
                    segment=segment,
                    instrument=pick(_INSTRUMENTS.get(source, {"": 1.0}), "instrument", *key),
                    programme=pick(_PROGRAMMES.get(source, {"": 1.0}), "programme", *key),
                )
            )
        return found

    @cached_property
    def _writers(self) -> Mapping[str, Callable[[int, list[Decision], date], SampleFile]]:
        return {
            "ely": self._ely,
            "evk": self._evk,
            "tekes": self._tekes,
            "business_finland": self._business_finland,
            "finnvera": self._finnvera,
            "council": self._council,
        }

    @cached_property
    def _segment_names(self) -> Mapping[str, str]:
        """The Finnish name of each segment, in small letters; the second of its names."""
        names: dict[str, list[str]] = {}
        for name, segment in self._world.catalogue.segment_names.items():
            names.setdefault(segment, []).append(name)
        return {segment: given[1] for segment, given in names.items()}

    def _ely(self, year: int, decisions: list[Decision], day: date) -> SampleFile:
        header = (
            "päätösnumero", "aluetyyppi", "alue", "myönnetty", "summa", "y-tunnus", "tuensaaja",
            "hanketunnus", "hanke", "käyttötarkoitus", "asiakassegmentti",
        )  # fmt: skip
        rows = [
            [
                d.decision_id,
                "kunta" if d.region.startswith("KU") else "seutukunta",
                self._world.names[d.region],
                _finnish_day(d.granted_on),
                f"{d.amount_cents // 100:,}".replace(",", " ") + f",{d.amount_cents % 100:02}",
                d.business_id,
                d.beneficiary,
                d.project_id,
                d.project,
                _PURPOSES[d.purpose],
                self._segment_names[d.segment],
            ]
            for d in decisions
        ]
        if year == 2019 and day.year > year:  # the case `quarantine-amount-is-text`
            rows.append(["ELY-2019-9901", "kunta", "Lieksa", "15.3.2019", "noin 20 000 €",
                         business_id(99_001), "", "", "", "kehittäminen", ""])  # fmt: skip
        if year == 2021 and day.year > year:  # the case `quarantine-ended-honkajoki`
            rows.append(["ELY-2021-9901", "kunta", "Honkajoki", "15.3.2021", "8 500,00",
                         business_id(99_002), "", "", "", "kehittäminen", ""])  # fmt: skip
        dialect = Dialect(delimiter=";", encoding="cp1252", newline="\r\n")
        return _decisions_file("ely", year, csv_bytes(header, rows, dialect), day)

    def _evk(self, year: int, decisions: list[Decision], day: date) -> SampleFile:
        header = (
            "Päätöstunnus", "Alue", "Myöntöpäivä", "Summa EUR", "Y-tunnus", "Saaja",
            "Hanketunnus", "Käyttötarkoitus", "Segmentti",
        )  # fmt: skip
        rows: list[list[Any]] = [
            [
                d.decision_id,
                d.region,
                d.granted_on,
                d.amount_cents / 100,
                d.business_id,
                d.beneficiary,
                d.project_id,
                _PURPOSES[d.purpose],
                self._segment_names[d.segment],
            ]
            for d in decisions
        ]
        return _decisions_file("evk", year, xlsx_bytes(header, rows, "Päätökset"), day)

    def _tekes(self, year: int, decisions: list[Decision], day: date) -> SampleFile:
        return _decisions_file("tekes", year, _english(decisions, Dialect(delimiter="\t")), day)

    def _business_finland(self, year: int, decisions: list[Decision], day: date) -> SampleFile:
        dialect = Dialect(delimiter=";", encoding="utf-8-sig", newline="\r\n")
        return _decisions_file("business_finland", year, _english(decisions, dialect), day)

    def _finnvera(self, year: int, decisions: list[Decision], day: date) -> SampleFile:
        return _decisions_file("finnvera", year, _english(decisions, Dialect()), day)

    def _council(self, year: int, decisions: list[Decision], day: date) -> SampleFile:
        header = (
            "päätösnumero", "alue", "myönnetty", "summa", "hanketunnus", "hanke",
            "käyttötarkoitus", "asiakassegmentti", "rahoitusohjelma", "summan peruste",
        )  # fmt: skip
        rows = [
            [
                d.decision_id,
                self._world.names[d.region],
                _finnish_day(d.granted_on),
                f"{d.amount_cents // 100}",
                d.project_id,
                d.project,
                _PURPOSES[d.purpose],
                self._segment_names[d.segment],
                d.programme,
                "oma osuus",
            ]
            for d in decisions
        ]
        dialect = Dialect(delimiter=";", encoding="utf-8-sig", newline="\r\n")
        return _decisions_file("council", year, csv_bytes(header, rows, dialect), day)


_PREFIX = {
    "ely": "ELY", "evk": "EVK", "tekes": "TEK", "business_finland": "BF", "finnvera": "FV",
    "council": "KL", "development_company": "KY", "enterprise_agency": "UYK", "proagria": "PA",
}  # fmt: skip


def _english(decisions: Sequence[Decision], dialect: Dialect) -> bytes:
    header = (
        "decision_id", "region", "granted_on", "amount_eur", "business_id", "project_id",
        "purpose", "segment", "instrument",
    )  # fmt: skip
    rows = [
        [
            d.decision_id,
            d.region,
            d.granted_on.isoformat(),
            f"{d.amount_cents // 100}.{d.amount_cents % 100:02}",
            d.business_id,
            d.project_id,
            d.purpose,
            d.segment,
            d.instrument,
        ]
        for d in decisions
    ]
    return csv_bytes(header, rows, dialect)


def _decisions_file(source: str, year: int, content: bytes, day: date) -> SampleFile:
    extension = "xlsx" if content.startswith(b"PK") else "csv"
    path = f"landing/{source}/funding_decisions/sample_decisions_{year}.{extension}"
    return SampleFile(path, content, day)


class _AdviceLog:
    """Advice events in the customer registers of the partners."""

    _PER_MONTH: Mapping[str, float] = {
        "development_company": 16.5, "enterprise_agency": 15.5, "proagria": 12.5,
    }  # fmt: skip
    #: Sub-regions of the five regions in which the partners advise, by how much.
    _PLACES: Mapping[str, float] = {
        "SK011": 5.0, "SK023": 2.0, "SK064": 4.0, "SK069": 0.7, "SK171": 4.0, "SK176": 0.8,
        "SK181": 1.2, "SK182": 2.0,
    }  # fmt: skip
    _SEGMENTS_BY_SOURCE: Mapping[str, Mapping[str, float]] = {
        "development_company": {
            "founder": 1.0, "local_small": 3.0, "domestic_sme": 4.0, "international_sme": 2.5,
            "large": 0.6,
        },
        "enterprise_agency": {"founder": 9.0, "local_small": 1.0},
        "proagria": {"founder": 1.0, "local_small": 6.0, "domestic_sme": 1.5},
    }  # fmt: skip
    #: Events that two partners log (the case `same-event-advice`): so many that the number of them
    #: is no small count.
    _SHARED: Mapping[str, Sequence[Advice]] = {
        source: [
            Advice(
                f"{_PREFIX[source]}-2025-91{number:02}", "SK182", date(2025, 3, 10 + number),
                business_id(591_001 + 2 * number), "local_small", topic, "tapaaminen",
            )
            for number in range(6)
        ]
        for source, topic in (("development_company", "rahoitus"), ("proagria", "Rahoitus"))
    }  # fmt: skip
    _IDS: Mapping[str, int] = {
        "development_company": 500_000, "enterprise_agency": 600_000, "proagria": 700_000,
    }  # fmt: skip

    def __init__(self, world: World, releases: Releases) -> None:
        self._world = world
        self._releases = releases

    def files(self) -> list[SampleFile]:
        """One file per partner and year."""
        years = _by_year(self._releases.months_ended(_ADVICE_FIRST, self._releases.today))
        return [
            SampleFile(
                f"landing/{source}/advice_events/sample_advice_{year}."
                + ("xlsx" if source == "enterprise_agency" else "csv"),
                write(year, [event for month in months for event in self._events(source, month)]),
                months[-1].end,
            )
            for source, write in (
                ("development_company", self._development_company),
                ("enterprise_agency", self._enterprise_agency),
                ("proagria", self._proagria),
            )
            for year, months in years.items()
        ]

    def _events(self, source: str, month: Period) -> list[Advice]:
        found = []
        for number in range(1, _number(self._PER_MONTH[source], source, month.text) + 1):
            key = (source, month.text, number)
            segment = pick(self._SEGMENTS_BY_SOURCE[source], "segment", *key)
            # A founder has no enterprise yet.
            known = segment != "founder" and chance("known", *key) < 0.9
            business = business_id(self._IDS[source] + int(80_000 * chance("business", *key)))
            found.append(
                Advice(
                    event_id=f"{_PREFIX[source]}-{month.start:%Y%m}-{number:03}",
                    region=pick(self._PLACES, "place", *key),
                    happened_on=month.start + timedelta(days=int(28 * chance("day", *key))),
                    business_id=business if known else "",
                    segment=segment,
                    topic=pick(_TOPICS, "topic", *key),
                    channel=pick(_CHANNELS, "channel", *key),
                )
            )
        shared = self._SHARED.get(source, ())
        found += [event for event in shared if month.start <= event.happened_on < month.end]
        return sorted(found, key=lambda event: (event.happened_on, event.event_id))

    def _development_company(self, year: int, events: list[Advice]) -> bytes:
        rows = [
            [e.event_id, e.happened_on.isoformat(), e.region, e.business_id, e.segment, e.topic,
             e.channel]
            for e in events
        ]  # fmt: skip
        if year == 2025:  # the case `quarantine-check-digit`
            right = business_id(599_001)
            wrong = f"{right[:8]}{(int(right[8]) + 1) % 10}"
            rows.insert(
                0, ["KY-2025-9901", "2025-01-09", "SK171", wrong, "local_small", "rahoitus", ""]
            )
        header = (
            "event_id", "happened_on", "region", "business_id", "segment", "topic", "channel",
        )  # fmt: skip
        return csv_bytes(header, rows)

    def _enterprise_agency(self, year: int, events: list[Advice]) -> bytes:
        header = ("Tapahtumatunnus", "Päivä", "Alue", "Y-tunnus", "Segmentti", "Aihe", "Kanava")
        return xlsx_bytes(
            header,
            (
                [e.event_id, e.happened_on, e.region, e.business_id or None, e.segment, e.topic,
                 e.channel]
                for e in events
            ),
            f"Neuvonta {year}",
        )  # fmt: skip

    def _proagria(self, year: int, events: list[Advice]) -> bytes:
        rows = [
            [e.event_id, _finnish_day(e.happened_on), "seutukunta", self._world.names[e.region],
             e.business_id, e.segment, e.topic]
            for e in events
        ]  # fmt: skip
        if year == 2025:  # the case `quarantine-impossible-date`
            rows.insert(
                0, ["PA-2025-9901", "31.2.2025", "seutukunta", "Kajaani", "", "local_small", ""]
            )
        header = (
            "neuvontatunnus", "pvm", "aluetyyppi", "alue", "y-tunnus", "asiakassegmentti", "aihe",
        )  # fmt: skip
        return csv_bytes(header, rows, Dialect(delimiter=";", encoding="cp1252", newline="\r\n"))
