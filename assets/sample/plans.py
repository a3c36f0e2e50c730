"""Sample deliveries of coordinators: action plans and meetings of eight areas, since 2024.

Each January brings the meeting calendar and the plans of the year; each month the meetings held;
September and the next January the progress of the measures. A file never changes: a later file
replaces records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assets.sample.formats import Dialect, SampleFile, csv_bytes
from assets.sample.releases import Releases
from assets.sample.series import World, chance

_FIRST_YEAR = 2024
_OFFICE = Dialect(delimiter=";", encoding="utf-8-sig", newline="\r\n")

#: Each area, and the months of its follow-ups: one of the two variants of the annual clock.
_AREAS: Mapping[str, tuple[int, ...]] = {
    "SS07": (1, 5, 9), "SS12": (3, 6), "SS23": (1, 5), "SS41": (3, 6, 10),
    "SK022": (3, 6), "SK103": (1, 5, 9), "SK162": (3, 6), "SK192": (1, 9),
}  # fmt: skip
#: Meets, and delivers no plan (the case `plan-not-delivered`).
_WITHOUT_PLAN = "SS41"
#: Delivers the plan of 2026 and never says that it was approved (`plan-not-approved`).
_NOT_APPROVED = ("SK103", 2026)
#: Approves in February what was due in December.
_LATE = ("SS12", 2025)
#: In no calendar and never recorded (the case `absent-working-group`).
_MISSING = ("SS12", "Työryhmä", 2025, 3)
#: In the calendar, and not held.
_NOT_HELD = ("SK162", "Työryhmä", 2025, 4)
#: Beyond the calendar (the case `meeting-extra`).
_EXTRA = ("SS23", "Ohjausryhmä", date(2025, 11, 19))
#: Recorded by the council as well.
_SHARED = ("SK192", "Ohjausryhmä", 2025, 12)
#: Due at midsummer and still going on (the case `measure-overdue`).
_OVERDUE = ("SS07", 2026, "Palvelukartan päivitys")

_TOPICS = {
    "Ohjausryhmä": "Suunnitelman seuranta",
    "Työryhmä": "Työryhmän kuukausikokous",
    "Koordinaattoritapaaminen": "Ajankohtaista alueilta",
    "Ajankohtaispäivä": "Yrityspalvelujen ajankohtaispäivä",
    "Valtakunnallinen tapaaminen": "Seutujen yhteinen päivä",
}
_PARTIES = "Kunnat; Kehitysyhtiö; Uusyrityskeskus; Kauppakamari; Työllisyysalue"


@dataclass(frozen=True)
class _Measure:
    """A measure that every plan of the sample has, with its last month."""

    section: str
    segment: str
    objective: str
    measure: str
    indicator: str
    target: int
    last_month: int


_MEASURES = (
    _Measure("Yhteistyö", "total", "Työnjako on selvä", "Palvelukartan päivitys",
             "päivityksiä", 2, 6),
    _Measure("Yhteistyö", "total", "Työnjako on selvä", "Toimijoiden koulutuspäivät",
             "päiviä", 3, 11),
    _Measure("Yritystoimintaa aloittavat", "founder", "Uusia yrityksiä syntyy",
             "Perustamisneuvonta joka kunnassa", "Aloittaneet yritykset", 250, 12),
    _Measure("Yritystoimintaa aloittavat", "founder", "Uusia yrityksiä syntyy",
             "Yrittäjyysviikko oppilaitoksissa", "osallistujia", 150, 5),
    _Measure("Paikalliset pienyritykset", "local_small", "Digitaidot vahvistuvat",
             "Digiklinikat", "klinikoita", 6, 10),
    _Measure("Kotimarkkinoiden pk-yritykset", "domestic_sme", "Omistajanvaihdokset onnistuvat",
             "Omistajanvaihdosten kartoitus", "yrityksiä", 40, 9),
    _Measure("Kansainvälistyvät pk-yritykset", "international_sme", "Vienti kasvaa",
             "Vientirengas", "yrityksiä", 8, 12),
    _Measure("Suuryritykset", "large", "Hankintaketjut tunnetaan", "Alihankintapäivä",
             "kumppaneita", 25, 8),
)  # fmt: skip


@dataclass(frozen=True)
class _Meeting:
    region: str
    group: str
    planned_on: date
    is_held: bool = True
    is_in_calendar: bool = True

    @property
    def held_on(self) -> date:
        """The day of the meeting: as planned, or up to five days later in the same month."""
        key = (self.region, self.group, self.planned_on.isoformat())
        if self.planned_on.day < 20 and chance("moved", *key) < 0.15:
            return _weekday(self.planned_on + timedelta(days=3))
        return self.planned_on

    @property
    def attendees(self) -> int:
        """People who attended."""
        return 6 + int(9 * chance("attendees", self.region, self.planned_on.isoformat()))


def plan_files(world: World, releases: Releases) -> list[SampleFile]:
    """Every file of meetings and plans; the caller leaves out those dated after today."""
    years = range(_FIRST_YEAR, releases.today.year + 1)
    return [file for year in years for file in (*_meetings(year, releases), *_plans(year))]


def _weekday(day: date) -> date:
    """The day, or the Monday after a weekend."""
    return day + timedelta(days=8 - day.isoweekday() if day.isoweekday() > 5 else 0)


def _day(day: date | None) -> str:
    return f"{day.day}.{day.month}.{day.year}" if day else ""


def _file(source: str, dataset: str, name: str, header: Sequence[str],
          rows: Sequence[Sequence[str]], day: date) -> SampleFile:  # fmt: skip
    path = f"landing/{source}/{dataset}/sample_{name}.csv"
    return SampleFile(path, csv_bytes(header, rows, _OFFICE), day)


# -- meetings ------------------------------------------------------------------------------


def _calendar(year: int) -> Iterator[_Meeting]:
    """The planned meetings of a year, and the extra one that was held."""
    for region, follow_ups in _AREAS.items():
        for group, months in (
            ("Ohjausryhmä", sorted({*follow_ups, 10, 12})),
            ("Työryhmä", range(1, 13)),
            ("Koordinaattoritapaaminen", (2, 3, 5, 9, 10, 11, 12)),
            ("Ajankohtaispäivä", (4, 11)),
        ):
            for month in months:
                if (region, group, year, month) == _MISSING:
                    continue
                # Early in December, so that the first pack of the sample is frozen in November.
                day = 1 + int((2 if month == 12 else 24) * chance(group, region, year, month))
                planned_on = _weekday(date(year, month, day))
                is_held = (region, group, year, month) != _NOT_HELD
                yield _Meeting(region, group, planned_on, is_held)
    for month in (5, 10):
        yield _Meeting("SSS", "Valtakunnallinen tapaaminen", _weekday(date(year, month, 14)))
    if year == _EXTRA[2].year:
        yield _Meeting(*_EXTRA, is_in_calendar=False)


def _meetings(year: int, releases: Releases) -> Iterator[SampleFile]:
    header = ("alue", "ryhmä", "suunniteltu", "pidetty", "osallistujia", "aihe")
    meetings = sorted(_calendar(year), key=lambda m: (m.planned_on, m.region, m.group))
    planned = [
        [m.region, m.group, _day(m.planned_on), "", "", _TOPICS[m.group]]
        for m in meetings
        if m.is_in_calendar
    ]
    calendar_day = date(year, 1, 10)
    yield _file("coordinator", "meetings", f"calendar_{year}", header, planned, calendar_day)
    # The records of January come after the calendar, which they replace.
    months = releases.months_ended(date(year, 1, 1), min(date(year, 12, 31), releases.today))
    if not months:
        return
    held = [
        [m.region, m.group, _day(m.planned_on), _day(m.held_on), str(m.attendees),
         _TOPICS[m.group]]
        for m in meetings
        if m.is_held and m.held_on < months[-1].end
    ]  # fmt: skip
    yield _file("coordinator", "meetings", f"held_{year}", header, held, months[-1].end)
    region, group, shared_year, month = _SHARED
    if year == shared_year:
        both = [
            [m.region, m.group, _day(m.planned_on), _day(m.held_on), str(m.attendees), ""]
            for m in meetings
            if (m.region, m.group, m.planned_on.month) == (region, group, month)
        ]
        delivered = date(year + 1, 1, 15)
        yield _file("council", "meetings", f"meetings_{year}", header, both, delivered)


# -- plans ---------------------------------------------------------------------------------


def _plans(year: int) -> Iterator[SampleFile]:
    basics_header = (
        "alue", "vuosi", "missio", "visio", "osapuolet", "koordinaattori", "painopisteet",
        "budjetti", "hyväksytty",
    )  # fmt: skip
    january, march = date(year, 1, 15), date(year, 3, 2)
    areas = [region for region in _AREAS if region != _WITHOUT_PLAN]
    basics = {
        region: [
            region, str(year), "Yritys saa palvelun yhdestä paikasta",
            "Seudulla on helppo yrittää", _PARTIES, "Seudun kehitysyhtiö",
            "Osaajat ja omistajanvaihdokset", f"{50 + int(60 * chance('budget', region, year))}000",
            _approval(region, year),
        ]
        for region in areas
    }  # fmt: skip
    in_time = [row for region, row in basics.items() if (region, year) != _LATE]
    yield _file("coordinator", "plan_basics", f"plans_{year}", basics_header, in_time, january)
    if year == _LATE[1]:
        late = [basics[_LATE[0]]]
        yield _file("coordinator", "plan_basics", f"plans_{year}_late", basics_header, late, march)

    header = (
        "alue", "vuosi", "osio", "tavoite", "toimenpide", "segmentti", "mittari",
        "vastuuorganisaatio", "resurssit", "työpäivät", "väliarvioinnit", "alkaa", "päättyy",
        "tavoitearvo", "toteuma", "toteuma-%", "tila",
    )  # fmt: skip
    for name, day in (
        (f"measures_{year}", january),
        (f"measures_{year}_follow_up", date(year, 9, 30)),
        (f"measures_{year}_actual", date(year + 1, 1, 31)),
    ):
        rows = [_measure(region, year, measure, day) for region in areas for measure in _MEASURES]
        yield _file("coordinator", "plan_items", name, header, rows, day)


def _approval(region: str, year: int) -> str:
    if (region, year) == _NOT_APPROVED:
        return ""
    if (region, year) == _LATE:
        return _day(date(year, 2, 12))
    return _day(_weekday(date(year - 1, 12, 1 + int(18 * chance("approval", region, year)))))


def _measure(region: str, year: int, measure: _Measure, day: date) -> list[str]:
    """A measure as it stood when the file was delivered."""
    key = (region, year, measure.measure)
    ends_on = date(year, measure.last_month, 28)
    status = "käynnissä" if day > date(year, 1, 31) else "ei aloitettu"
    if ends_on < day and (region, year, measure.measure) != _OVERDUE:
        done = day.year == year or chance("done", *key) < 0.85
        status = "valmis" if done else "siirretty"
    share = {"valmis": 1.0, "siirretty": 0.4, "käynnissä": 0.6, "ei aloitettu": 0.0}[status]
    actual = round(measure.target * share * (0.9 + 0.3 * chance("actual", *key)))
    return [
        region, str(year), measure.section, measure.objective, measure.measure, measure.segment,
        measure.indicator,
        "" if chance("responsible", *key) < 0.1 else "Kehitysyhtiö",
        "seudun yhteinen työaika", str(5 + int(20 * chance("working days", *key))),
        "ohjausryhmä maaliskuussa; ohjausryhmä lokakuussa",
        _day(date(year, 1, 1)), _day(ends_on), str(measure.target),
        str(actual) if share else "", f"{100 * share:.0f}", status,
    ]  # fmt: skip
