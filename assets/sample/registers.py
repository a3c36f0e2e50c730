"""Sample deliveries of registers: networks with their clocks, projects, reports, chosen indicators.

Real are: which networks there are and of what kind, their programmes and co-ordinators, that the
council of Kainuu draws up a report a year which its board confirms, and SIXNET's part funding.
Invented are: months and days, other projects, goals and lobbying points, who chose what. A file
never changes; what becomes known later comes in a later one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assets.sample.formats import Dialect, SampleFile, csv_bytes, xlsx_bytes
from assets.sample.networks import GROUPS, PARTNERSHIPS, PROGRAMME, SIXNET, TOWN_NETWORK
from assets.sample.releases import Releases
from assets.sample.series import World

_EXCEL = Dialect(delimiter=";", encoding="utf-8-sig", newline="\r\n")
#: Months in which the network of the towns meets, and the one without a word (the case
#: `network-meeting-missing`).
_MEETINGS, _SILENT = (2, 5, 9, 11), date(2026, 5, 1)
_FIRST_MEETING_YEAR = 2025

#: network, project, place, leader, partners, funder, first and last day, result. The second has
#: ended without a result (the case `project-without-result`).
_PROJECTS = (
    (SIXNET, "SIXNET", "KU837", "Tampereen kaupunki", "", "AKKE", "1.3.2022", "31.12.2023",
     "Viisi kaupunkiseutua ja teollisuuden pyöreä pöytä"),
    (TOWN_NETWORK, "TKI-palvelut esiin", "KU598", "Kehitysyhtiö", "Ammattikorkeakoulu", "EAKR",
     "1.1.2025", "31.12.2025", ""),
    (TOWN_NETWORK, "Yhteinen hankerekisteri", "", "Kehitysyhtiö", "", "AKKE", "1.9.2025",
     "31.8.2027", ""),
    (TOWN_NETWORK, "Biotalouden kokeilut", "KU140", "Ammattikorkeakoulu", "Kehitysyhtiö", "EAKR",
     "1.2.2024", "31.1.2026", "Kolme kokeilua, joista yksi jatkuu"),
    (TOWN_NETWORK, "Kasvusopimuksen valmistelu", "", "Kehitysyhtiö", "", "", "1.1.2027", "", ""),
)  # fmt: skip

#: Year: due, drawn up, confirmed, what followed; the report of 2024 came late, and that of 2025 of
#: another council never (the cases `report-late`, `report-missing`).
_REPORTS = {
    2023: ("31.10.2023", "24.10.2023", "27.11.2023", "Muuntokoulutus alkoi"),
    2024: ("31.10.2024", "22.11.2024", "16.12.2024", "Edunvalvonta ministeriössä"),
    2025: ("31.10.2025", "30.10.2025", "24.11.2025", ""),
    2026: ("15.12.2026", "", "", ""),
}
_GOALS = "Työvoiman saatavuus paranee; Puun jalostusaste nousee"
_LOBBYING = "Nopeat raideyhteydet; Datakeskusten sähköverkko"

#: area, indicator, way of use, compiler, known distortion; the last of SS07 is measured by nobody
#: (the case `choice-not-measured`).
_CHOICES = (
    ("SS07", "Aloittaneet yritykset", "Seurataan kehitystä", "statfin", ""),
    ("SS07", "advice_events", "Verrataan suunnitelmaan", "development_company",
     "Sama asiakas voi olla kahdessa asiakasrekisterissä"),
    ("SS07", "growth_enterprise_turnover", "Tulkitaan kehitystä", "Kehitysyhtiö", ""),
    ("SS14", "development_funding", "Verrataan suunnitelmaan", "evk", ""),
    ("SS14", "transfers", "Seurataan kehitystä", "Kehitysyhtiö",
     "Lähettäjä ja vastaanottaja kirjaavat eri päivinä"),
)  # fmt: skip


def register_files(world: World, releases: Releases) -> list[SampleFile]:
    """Everything that had been delivered by the day of the releases."""
    del world  # unused: all makers of files have one signature
    files = [
        *_networks(),
        *_meetings(releases.today),
        *_projects(),
        *_reports(),
        _choices(),
    ]
    return [file for file in files if file.delivered_on <= releases.today]


def _networks() -> Iterator[SampleFile]:
    header = (
        "verkosto", "tyyppi", "koordinaattori", "ohjelma", "kokouskuukaudet", "toiminta alkaen",
        "toiminta asti",
    )  # fmt: skip
    programme = [
        [name, kind, "Varsinais-Suomen liitto", PROGRAMME, "", "1.1.2018", "31.12.2021"]
        for kind, names in (
            ("Kumppanuusverkosto", PARTNERSHIPS), ("Älykkään erikoistumisen ryhmä", GROUPS),
        )
        for name in names
    ]  # fmt: skip
    yield SampleFile(
        "landing/council/networks/sample_networks_2018.csv",
        csv_bytes(header, programme, _EXCEL),
        date(2018, 12, 14),
    )
    cities = [
        [SIXNET, "Teollisuuden verkosto", "Tampereen kaupunki", "", "", "1.1.2022", "31.12.2023"],
        [TOWN_NETWORK, "Kaupunkien verkosto", "", "", "; ".join(map(str, _MEETINGS)), "1.1.2025",
         "31.12.2027"],
    ]  # fmt: skip
    yield SampleFile(
        "landing/coordinator/networks/sample_networks_2025.xlsx",
        xlsx_bytes(header, cities, "Verkostot"),
        date(2025, 1, 15),
    )


def _meetings(today: date) -> Iterator[SampleFile]:
    """The meetings of the towns' network, delivered after each."""
    header = ("verkosto", "tyyppi", "tapahtuma", "alue", "alkaa", "osallistujia")
    for year in range(_FIRST_MEETING_YEAR, today.year + 1):
        for number, month in enumerate(_MEETINGS):
            day = date(year, month, 10 + number)
            if day.replace(day=1) == _SILENT:
                continue
            row = [
                TOWN_NETWORK, "kokous", f"Verkoston kokous {month}/{year}", "SSS",
                f"{day.day}.{day.month}.{day.year}", str(11 + number),
            ]  # fmt: skip
            yield SampleFile(
                f"landing/coordinator/network_events/sample_meeting_{day:%Y-%m}.csv",
                csv_bytes(header, [row], _EXCEL),
                day.replace(day=day.day + 10),
            )


def _projects() -> Iterator[SampleFile]:
    header = (
        "verkosto", "hanke", "alue", "toteuttaja", "osatoteuttajat", "rahoittaja", "alkaa",
        "päättyy", "tulos",
    )  # fmt: skip
    yield SampleFile(
        "landing/coordinator/projects/sample_projects_2026.csv",
        csv_bytes(header, _PROJECTS, _EXCEL),
        date(2026, 2, 16),
    )


def _reports() -> Iterator[SampleFile]:
    header = (
        "alue", "vuosi", "raportin nimi", "määräaika", "laadittu", "laatija", "vahvistettu",
        "vahvistaja", "kehittämistavoitteet", "edunvalvonta", "mitä seurasi",
    )  # fmt: skip
    for year, (due, drawn_up, confirmed, followed) in _REPORTS.items():
        row = [
            "MK18", str(year), f"Kainuun tilannekuva {year}", due, drawn_up,
            "Ennakointi- ja seurantaryhmä" if drawn_up else "", confirmed,
            "Maakuntahallitus" if confirmed else "", _GOALS if drawn_up else "",
            _LOBBYING if drawn_up else "", followed,
        ]  # fmt: skip
        yield SampleFile(
            f"landing/council/situation_reports/sample_reports_{year}.csv",
            csv_bytes(header, [row], _EXCEL),
            date(year, 12, 28) if drawn_up else date(year, 2, 2),
        )
    once = [
        "MK06", "2024", "Pirkanmaan tilannekuva 2024", "", "2.12.2024", "", "", "", "", "", "",
    ]  # fmt: skip
    yield SampleFile(
        "landing/council/situation_reports/sample_reports_pirkanmaa_2024.csv",
        csv_bytes(header, [once], _EXCEL),
        date(2024, 12, 9),
    )


def _choices() -> SampleFile:
    header = ("alue", "mittari", "käyttötapa", "kokoaja", "tunnettu vääristymä", "päätetty")
    rows = [[*row, "15.10.2025"] for row in _CHOICES]
    return SampleFile(
        "landing/coordinator/indicator_choices/sample_choices_2025.csv",
        csv_bytes(header, rows, _EXCEL),
        date(2025, 10, 27),
    )
