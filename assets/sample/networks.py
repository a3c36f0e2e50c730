"""Sample deliveries of networks: measures of a programme, events, a strategy, RDI services.

Real are: the programme of Varsinais-Suomi with its 29 measures, the themes of its 13 networks and
its shares of 2020; the events of SIXNET with place, day and theme; the goals and tasks of the
sub-regional cities; the forums of Kainuu. Invented are: names of measures, attendees, services,
days of forums, and how far each network or city is. A file never changes; a later one replaces
records.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assets.sample.formats import Dialect, SampleFile, csv_bytes, xlsx_bytes
from assets.sample.releases import Releases
from assets.sample.series import World, chance

PROGRAMME = "Varsinais-Suomen maakuntaohjelma 2018–2021"
_MEASURES = 29
PARTNERSHIPS = (
    "Avoin data", "Osaaminen ja koulutus", "Ympäristö ja luonnonvarat", "Kansainväliset asiat",
    "Järjestöt", "Kulttuuri", "Matkailu", "Merialuesuunnittelu", "Saaristo ja maaseutu", "Liikenne",
)  # fmt: skip
GROUPS = ("Lääke- ja terveysteknologia", "Ruokaketjut", "Sininen kasvu")
_NETWORKS = (*PARTNERSHIPS, *GROUPS)
#: Steps of the list measure_status, by their Finnish names.
_STEPS = ("Ei toimenpiteitä", "Valmistelussa", "Käynnissä", "Vakiintunut", "Valmis")
#: How far the furthest network was in 2020: measures 1 to 18, to 27, 28 and 29.
_FURTHEST_2020 = ((18, 4), (27, 3), (28, 2), (29, 1))

SIXNET = "SIXNET"
_CITIES = ("KU837", "KU109", "KU179", "KU564", "KU743")
_ROUND_TABLE = "Teollisuuden pyöreä pöytä"
_TAMPERE, _HAMEENLINNA, _JYVASKYLA, _OULU, _SEINAJOKI = _CITIES
#: kind, name, city, first and last day, theme; in place of the days the period, of what is known to
#: the month or the year only. Early December stands as its first days.
_SIXNET_EVENTS = (
    ("roadshow", "Roadshow", _SEINAJOKI, "2022-06", "", "Tekoäly ja automaatio"),
    ("Pyöreän pöydän suunnittelu", _ROUND_TABLE, _TAMPERE, "2022-09-01", "2022-09-30", ""),
    ("roadshow", "Roadshow", _HAMEENLINNA, "2022-09-21", "2022-09-22",
     "Kestävä ja vastuullinen liiketoiminta"),
    ("työpaja", "Yhteiskehittäminen", _HAMEENLINNA, "2022-09-22", "2022-09-22",
     "Kestävä ja vastuullinen liiketoiminta"),
    ("Pyöreän pöydän pilotointi", _ROUND_TABLE, _TAMPERE, "2022-10-01", "2023-02-28", ""),
    ("roadshow", "Roadshow", _JYVASKYLA, "2022-12-01", "2022-12-02",
     "Teollisuuden resilienssi ja digitaalinen turvallisuus"),
    ("työpaja", "Yhteiskehittäminen", _JYVASKYLA, "2022-12-02", "2022-12-02",
     "Teollisuuden resilienssi ja digitaalinen turvallisuus"),
    ("pilotti", "Verkoston pilotit", _TAMPERE, "2023-Q1", "", ""),
    ("roadshow", "Roadshow", _TAMPERE, "2023", "", ""),
    ("roadshow", "Roadshow", _OULU, "2023", "", ""),
)  # fmt: skip
_PICTURE = "Kainuun tilannekuva"
#: kind, name and theme of the forums that interpret the picture of Kainuu, in the order of a year.
_PICTURE_EVENTS = (
    ("kuntakierros", "Kuntakierros", ""),
    ("foorumi", "Business Kainuu -verkosto", "Yritykset"),
    ("foorumi", "Metsäklusteri", "Metsä"),
    ("foorumi", "Matkailu", "Matkailu"),
    ("foorumi", "Kulttuurimatkailu", "Matkailu"),
    ("foorumi", "Kaivosstrategia", "Kaivannaiset"),
    ("foorumi", "Laajakaista", "Digitaalisuus"),
    ("foorumi", "ICT ja datakeskukset", "Digitaalisuus"),
    ("foorumi", "Metalliteollisuus", "Teollisuus"),
)

TOWN_NETWORK = "Seutukaupunkien innovaatioverkosto"
_TOWNS = ("KU992", "KU598", "KU740", "KU140", "KU678", "KU240", "KU061", "KU430")
_STRATEGY = "Seutukaupunkien innovaatioverkosto 2027"
_TASKS = {
    "Vakiintunut TKI-yhteistyön alusta": (
        "TKI-vastaava jokaisessa kaupungissa",
        "Verkoston rooli ja toimintatavat",
        "Pysyvä malli TKI-palvelujen vaihtoon",
        "TKI-palvelut näkyviksi ja käyttöön",
    ),
    "Koulutus ja osaaminen": (
        "Kumppanuudet oppilaitosten kanssa",
        "Yritysten koulutus- ja TKI-tarpeet",
        "Kampustehtävät yliopistojen sopimuksiin 2025–2028 ja TKI-rahaa seutukuntiin",
        "Digitaaliset opinnot yhteen portaaliin",
    ),
    "Hyödyt näkyviksi ja ekosysteemit laajemmiksi": (
        "Onnistumisten ja epäonnistumisten jakaminen",
        "Hankkeiden kokoaminen hankerekisteriin",
        "Malli kasvuhakuisten ja edelläkävijäyritysten aktivointiin",
        "Lyhyen aikavälin hyödyt, kuten EU:n tutkimusrahoitus",
        "Seutukaupunkien oma kasvusopimus",
    ),
}
#: Steps of the list progress that the assessments go through.
_PROGRESS = ("ei aloitettu", "valmistelussa", "käynnissä", "vakiintunut", "valmis")
#: Days of assessment and of their delivery.
_ASSESSMENTS = (
    (date(2025, 6, 30), date(2025, 7, 10)),
    (date(2025, 12, 31), date(2026, 1, 12)),
    (date(2026, 6, 30), date(2026, 7, 10)),
    (date(2026, 12, 31), date(2027, 1, 11)),
    (date(2027, 6, 30), date(2027, 7, 12)),
)

#: town, service, provider, kind; the town without any is the case `rdi-city-without-lead`.
_SERVICES = (
    ("KU992", "Puutuotteiden testauslaboratorio", "Ammattikorkeakoulu", "testaus"),
    ("KU992", "TKI-neuvonta", "Kehitysyhtiö", "neuvonta"),
    ("KU598", "Tuotekehityksen neuvonta", "Kehitysyhtiö", "neuvonta"),
    ("KU598", "Muovitekniikan testiympäristö", "Ammattiopisto", "testaus"),
    ("KU140", "Biotalouden tutkimuspalvelu", "Ammattikorkeakoulu", "tutkimuspalvelu"),
    ("KU140", "Rahoitusklinikka", "Kehitysyhtiö", "rahoitus"),
    ("KU678", "Terästekniikan kokeilutila", "Kehitysyhtiö", "testaus"),
    ("KU240", "Kiertotalouden osaamiskeskus", "Ammattikorkeakoulu", "tutkimuspalvelu"),
    ("KU061", "Tekoälykoulutus", "Ammattikorkeakoulu", "koulutus"),
    ("KU430", "Ruokaketjun verkosto", "Kehitysyhtiö", "verkosto"),
)
#: Left out of the directory from this year on (the case `rdi-dropped-service`).
_DROPPED, _DROPPED_IN = "Muovitekniikan testiympäristö", 2026
_FIRST_DIRECTORY = 2024
#: Has neither a service nor an RDI lead (the case `rdi-city-without-lead`).
_LONELY = "KU740"
#: Where nobody answers for one task (the case `task-without-responsible`).
_UNANSWERED = ("KU240", "Hankkeiden kokoaminen hankerekisteriin")


def network_files(world: World, releases: Releases) -> list[SampleFile]:
    """Programme measures, events and members of networks, strategy goals and RDI services."""
    years = range(_FIRST_DIRECTORY, releases.today.year + 1)
    return [
        *(_assessments(year) for year in range(2018, 2022)),
        _members(world),
        *(_sixnet(year) for year in (2022, 2023)),
        *(_forums(year) for year in (2025, 2026, 2027)),
        _tasks(),
        *(_progress(assessed, delivered) for assessed, delivered in _ASSESSMENTS),
        *(_directory(year) for year in years),
    ]


def _finnish_day(day: date | str) -> str:
    if not day:
        return ""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day}.{day.month}.{day.year}"


# -- the programme ---------------------------------------------------------------------------------


def _furthest(measure: int, year: int) -> int:
    """Step of the furthest network: from 1 (no action) to 5 (done)."""
    in_2020 = next(step for last, step in _FURTHEST_2020 if measure <= last)
    if year == 2021:
        return min(in_2020 + (measure % 3 == 0), 5)
    return max(in_2020 - (2020 - year), 1)


def _step(measure: int, place: int, year: int) -> int | None:
    """Step of one network; None where it has not assessed the measure."""
    furthest = _furthest(measure, year)
    if place == measure % len(_NETWORKS):
        return furthest
    if chance("not assessed", measure, place) < 0.3:
        return None
    return 1 + int(chance("step", measure, place) * furthest)


def _assessments(year: int) -> SampleFile:
    header = (
        "ohjelma", "toimenpiteen numero", "toimenpide", "verkosto", "tila", "arvioitu",
    )  # fmt: skip
    rows = []
    for measure in range(1, _MEASURES + 1):
        for place, network in enumerate(_NETWORKS):
            step = _step(measure, place, year)
            if step is not None:
                rows.append([
                    PROGRAMME, str(measure), f"Näytetoimenpide {measure}", network,
                    _STEPS[step - 1], f"30.11.{year}",
                ])  # fmt: skip
    return SampleFile(
        f"landing/council/programme_measures/sample_measures_{year}.csv",
        csv_bytes(header, rows, Dialect(delimiter=";", encoding="cp1252", newline="\r\n")),
        date(year, 12, 14),
    )


# -- networks of cities ----------------------------------------------------------------------------


def _members(world: World) -> SampleFile:
    header = ("verkosto", "organisaatio", "rooli", "alue", "alkaen")
    rows = [
        [
            SIXNET,
            f"{world.names[city]}, kaupunki",
            "koordinaattori" if city == _TAMPERE else "jäsen",
            city,
            "1.1.2022",
        ]
        for city in _CITIES
    ] + [
        [
            TOWN_NETWORK,
            f"{world.names[town]}, kaupunki",
            "jäsen" if town == _LONELY else "TKI-vastaava",
            town,
            "1.1.2025",
        ]
        for town in _TOWNS
    ]
    return SampleFile(
        "landing/coordinator/network_members/sample_cities.csv",
        csv_bytes(header, rows, Dialect(delimiter=";")),
        date(2025, 1, 15),
    )


_EVENT_HEADER = (
    "verkosto", "tyyppi", "tapahtuma", "alue", "alkaa", "päättyy", "suunniteltu jakso", "teema",
    "osallistujia",
)  # fmt: skip


def _sixnet(year: int) -> SampleFile:
    """The events until the end of a year; the file of 2023 adds the attendees of 2022."""
    rows = []
    for kind, name, region, first, last, theme in _SIXNET_EVENTS:
        if first >= f"{year + 1}":
            continue
        is_counted = year == 2023 and (last or first) < "2023" and kind in ("roadshow", "työpaja")
        attendees = 20 + int(120 * chance("attendees", name, region, first))
        days = [_finnish_day(first), _finnish_day(last), ""] if last else ["", "", first]
        rows.append([
            SIXNET, kind, name, region, *days, theme, str(attendees) if is_counted else "",
        ])  # fmt: skip
    return SampleFile(
        f"landing/coordinator/network_events/sample_sixnet_{year}.csv",
        csv_bytes(
            _EVENT_HEADER, rows, Dialect(delimiter=";", encoding="utf-8-sig", newline="\r\n")
        ),
        date(year, 2, 28),
    )


def _forums(year: int) -> SampleFile:
    """The calendar of the year's forums, made in the January before them."""
    rows = []
    for number, (kind, name, theme) in enumerate(_PICTURE_EVENTS):
        day = date(year, 2 + number + number // 4, 4 + int(20 * chance("forum", name, year)))
        rows.append([_PICTURE, kind, name, "MK18", _finnish_day(day), "", "", theme, ""])
    return SampleFile(
        f"landing/council/network_events/sample_forums_{year}.csv",
        csv_bytes(_EVENT_HEADER, rows, Dialect(delimiter=";")),
        date(year, 1, 20),
    )


# -- the strategy ----------------------------------------------------------------------------------

_TASK_HEADER = (
    "strategia", "päämäärä", "tehtävä", "alue", "vastuutaho", "määräaika", "tila", "arvioitu",
)  # fmt: skip


def _task_rows(assessed_on: date | None) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = []
    for goal, tasks in _TASKS.items():
        for number, task in enumerate(tasks):
            due = date(2026, 6, 30) if number == 0 else date(2027, 12, 31)
            for town in _TOWNS:
                responsible = "" if (town, task) == _UNANSWERED else "Elinkeinotoimi"
                status = "" if assessed_on is None else _status(task, town, assessed_on)
                if assessed_on is None or status:
                    rows.append(
                        [_STRATEGY, goal, task, town, responsible, due, status, assessed_on]
                    )
    return rows


def _status(task: str, town: str, assessed_on: date) -> str:
    """Status of a task in a town; "" where it is not assessed yet."""
    rounds = sum(day <= assessed_on for day, _ in _ASSESSMENTS)
    begins = int(chance("begins", task, town) * 5)
    if begins > rounds:
        return ""
    is_quick = chance("quick", task, town) < 0.4
    return _PROGRESS[min(rounds - begins + is_quick, len(_PROGRESS) - 1)]


def _tasks() -> SampleFile:
    return SampleFile(
        "landing/coordinator/strategy_goals/sample_tasks_2025.xlsx",
        xlsx_bytes(_TASK_HEADER, _task_rows(None), "Tehtävät"),
        date(2025, 2, 3),
    )


def _progress(assessed_on: date, delivered_on: date) -> SampleFile:
    return SampleFile(
        f"landing/coordinator/strategy_goals/sample_progress_{assessed_on:%Y-%m}.xlsx",
        xlsx_bytes(_TASK_HEADER, _task_rows(assessed_on), "Tilanne"),
        delivered_on,
    )


# -- services --------------------------------------------------------------------------------------


def _directory(year: int) -> SampleFile:
    header = ("region", "service", "provider", "kind", "url")
    rows = [
        [town, service, provider, kind, f"https://example.org/tki/{town.lower()}"]
        for town, service, provider, kind in _SERVICES
        if service != _DROPPED or year < _DROPPED_IN
    ]
    # The year in an address makes an unchanged directory a new delivery.
    rows[0][4] += f"?{year}"
    return SampleFile(
        f"landing/coordinator/rdi_services/sample_services_{year}.csv",
        csv_bytes(header, rows),
        date(year, 3, 16),
    )
