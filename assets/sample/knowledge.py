"""Sample deliveries of agreements, members, the knowledge base and findings.

Texts of coordinators and councils: real regions and kinds of organisations, invented content, no
figures. A file never changes: a decision on a finding comes in a later file, as it would from a
board.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assets.sample.formats import Dialect, SampleFile, csv_bytes, xlsx_bytes
from assets.sample.releases import Releases
from assets.sample.series import World, chance

_EXCEL = Dialect(delimiter=";", encoding="utf-8-sig", newline="\r\n")
_WINDOWS = Dialect(delimiter=";", encoding="cp1252", newline="\r\n")
#: Contract areas that have signed. The clock expects meetings of them, so they are few.
_AREAS = (
    "SS01",
    "SS02",
    "SS05",
    "SS07",
    "SS12",
    "SS14",
    "SS23",
    "SS17",
    "SS29",
    "SS30",
    "SS41",
    "SS44",
)
#: Areas of the cases: see `cases.py`.
_EXPIRED, _FEW, _TWICE = "SS44", "SS29", "SS17"
#: Areas that signed anew when the development centres began, and where they lie since.
_RENEWED = {"SS01": "EVK01", "SS02": "EVK02", "SS07": "EVK06", "SS14": "EVK09", "SS29": "EVK09"}
_ORGANISATIONS = ("ELY-keskus", "Uusyrityskeskus", "TE-toimisto", "Finnvera", "Ammattikorkeakoulu")
_NETWORK = "Seudulliset yrityspalvelut"
#: Areas with members; the second has no coordinator, the third no chair.
_WITH_GROUPS = ("SS01", "SS05", "SS07", "SS14", "SS29", "SS30")

#: Regions whose councils write, with the stem of the name that stands in titles.
_COUNCILS = {"MK18": "Kainuun", "MK02": "Varsinais-Suomen", "MK06": "Pirkanmaan"}
#: Towns of the network of sub-regional cities that have a strategy of their own.
_TOWN_STRATEGIES = {
    "KU992": "Äänekosken", "KU598": "Pietarsaaren", "KU140": "Iisalmen", "KU678": "Raahen",
    "KU240": "Kemin", "KU061": "Forssan",
}  # fmt: skip
_FIRST_YEAR = 2024
#: Months and days of forums, in which the knowledge base is interpreted.
_FORUMS = ((3, 16), (6, 15), (9, 15), (12, 14))
#: Days from a forum to the regional board, and to its minutes.
_UNTIL_BOARD, _UNTIL_MINUTES = timedelta(days=41), timedelta(days=45)


def knowledge_files(world: World, releases: Releases) -> list[SampleFile]:
    """Everything that had been delivered by the day of the releases."""
    del world  # unused: all makers of files have one signature
    files = [
        *_agreements(),
        _members(),
        *_documents(releases.today),
        *_findings(releases.today),
    ]
    return [file for file in files if file.delivered_on <= releases.today]


def _finnish_day(day: date | None) -> str:
    return f"{day.day}.{day.month}.{day.year}" if day else ""


# -- agreements and members ----------------------------------------------------------------------


def _agreements() -> Iterator[SampleFile]:
    header = ("alue", "allekirjoitettu", "sopijaosapuolet", "voimassa asti", "osa aluetta")
    first, second = [], []
    for number, area in enumerate(_AREAS):
        signed = date(2024, 1, 9) + timedelta(days=int(120 * chance("signed", area)))
        ends = date(2025, 12, 31) if number % 3 == 0 or area == _EXPIRED else None
        part_of = f"ELY{number % 15 + 1:02}"
        first.append([area, _finnish_day(signed), _parties(area), _finnish_day(ends), part_of])
        if ends and area != _EXPIRED:
            renewed = date(2025, 11, 1) + timedelta(days=int(60 * chance("renewed", area)))
            second.append([area, _finnish_day(renewed), _parties(area), "", part_of])
    third = [
        [area, "2.2.2026", _parties(area), "31.12.2029", part_of]
        for area, part_of in _RENEWED.items()
    ]
    for day, rows in (
        (date(2024, 6, 3), first), (date(2026, 1, 15), second), (date(2026, 3, 2), third)
    ):  # fmt: skip
        yield SampleFile(
            f"landing/coordinator/agreements/sample_agreements_{day:%Y-%m}.csv",
            csv_bytes(header, rows, _EXCEL),
            day,
        )


def _parties(area: str) -> str:
    if area == _FEW:
        return "Kehitysyhtiö; Kauppakamari"
    if area == _TWICE:
        return "Kehitysyhtiö; ELY-keskus; Ely keskus; Kauppakamari"
    start = int(3 * chance("parties", area))
    return "; ".join(["Kehitysyhtiö", *_ORGANISATIONS[start : start + 3]])


def _members() -> SampleFile:
    header = ("verkosto", "organisaatio", "rooli", "alue", "ryhmä", "voimassa alkaen")
    _, no_coordinator, no_chair, *_ = _WITH_GROUPS
    rows = []
    for area in _WITH_GROUPS:
        told = [
            ("Kauppakamari", "Puheenjohtaja", "Ohjausryhmä"),
            ("Kauppakamari", "Yritysten edustaja", "Ohjausryhmä"),
            ("Kunta", "Jäsen", "Ohjausryhmä"),
            ("Kehitysyhtiö", "Koordinaattori", ""),
            ("Kehitysyhtiö", "Jäsen", "Työryhmä"),
            ("Uusyrityskeskus", "Jäsen", "Työryhmä"),
        ]
        rows += [
            [_NETWORK, organisation, role, area, group, "1.1.2024"]
            for organisation, role, group in told
            if not (area == no_coordinator and role == "Koordinaattori")
            and not (area == no_chair and role == "Puheenjohtaja")
        ]
    return SampleFile(
        "landing/council/network_members/sample_contract_areas_2024.csv",
        csv_bytes(header, rows, _WINDOWS),
        date(2024, 1, 15),
    )


# -- the knowledge base --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Document:
    """A document; the fields of the landing contract."""

    title: str
    publisher: str
    published_on: date
    region: str
    kind: str
    theme: str
    indicators: str

    @property
    def known_on(self) -> date:
        """The day after, when it is delivered."""
        return self.published_on + timedelta(days=1)

    def cells(self) -> list[str]:
        """A row of a file."""
        return [
            self.title, self.publisher, _finnish_day(self.published_on), self.region, self.kind,
            self.theme, self.indicators,
        ]  # fmt: skip


_DOCUMENT_HEADER = ("nimi", "julkaisija", "julkaistu", "alue", "tyyppi", "teema", "mittarit")


def _documents(today: date) -> Iterator[SampleFile]:
    for year in range(_FIRST_YEAR, today.year + 1):
        known = [d for d in _documents_of(year) if d.known_on <= today]
        if known:
            yield SampleFile(
                f"landing/council/documents/sample_documents_{year}.csv",
                csv_bytes(_DOCUMENT_HEADER, [d.cells() for d in known], _EXCEL),
                max(d.known_on for d in known),
            )
    # Strategies of the towns; two have none (the case `city-without-strategy`).
    strategies = [
        _Document(
            f"{name} elinvoimastrategia", "Kaupunki", date(2024, 12, 2), town, "Strategia",
            "Elinvoima", "",
        )
        for town, name in _TOWN_STRATEGIES.items()
    ]  # fmt: skip
    yield SampleFile(
        "landing/coordinator/documents/sample_strategies_2025.csv",
        csv_bytes(_DOCUMENT_HEADER, [d.cells() for d in strategies], _EXCEL),
        date(2025, 1, 20),
    )
    # The case `document-from-two-organisations`: the same document with another kind and spelling.
    shared = next(
        document
        for document in _documents_of(2025)
        if (document.region, document.kind) == ("MK18", "Ennakointiraportti")
    )
    study = _Document(
        "Kainuun innovaatiokysely", "Ammattikorkeakoulu", date(2025, 5, 5), "MK18", "Selvitys",
        "Innovaatiot", "rd_expenditure",
    )  # fmt: skip
    again = replace(shared, title=shared.title.upper(), kind="Selvitys")
    day = date(2025, 11, 3)
    yield SampleFile(
        "landing/own_study/documents/sample_documents_2025.xlsx",
        xlsx_bytes(_DOCUMENT_HEADER, [d.cells() for d in (study, again)], "Aineistot"),
        day,
    )


def _documents_of(year: int) -> list[_Document]:
    found = []
    for region, stem in _COUNCILS.items():
        council = f"{stem} liitto"
        found += [
            _Document(
                f"{stem} talouskatsaus", council, date(year, 3, 2), region, "Katsaus",
                "Yritykset", "enterprises_started; enterprises_closed",
            ),
            _Document(
                f"{stem} työllisyyskatsaus", council, date(year, 9, 1), region, "Katsaus",
                "Työvoima", "unemployed; open_vacancies",
            ),
            _Document(
                f"{stem} ennakointiraportti {year}", council, date(year, 10, 1), region,
                "Ennakointiraportti", "Työvoima", "unemployed; labour_force",
            ),
        ]  # fmt: skip
    found.append(
        _Document(
            f"Alueiden näkymät {year}",
            "Ministeriö",
            date(year, 5, 12),
            "SSS",
            "Selvitys",
            "Yritykset",
            "development_funding",
        )
    )
    return sorted(found, key=lambda d: (d.published_on, d.region))


# -- findings ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Finding:
    """A finding of a forum.

    Attributes:
        region, finding, theme, indicators, action, documents, forum, goal, interpreters,
            disagreement: the fields of the landing contract; the goal is the development goal that
            the finding led to.
        is_decided: whether a regional board decides on it.
    """

    region: str
    finding: str
    theme: str
    indicators: str
    action: str = ""
    documents: str = ""
    is_decided: bool = False
    forum: str = ""
    goal: str = ""
    interpreters: str = ""
    disagreement: str = ""

    def cells(self, forum: date, *, decided: bool) -> list[str]:
        """A row of a file, without or with the decision of the board."""
        return [
            self.region, self.finding, _finnish_day(forum), self.theme, self.indicators,
            self.action, "Hyväksyttiin" if decided else "",
            _finnish_day(forum + _UNTIL_BOARD) if decided else "",
            "Maakuntahallitus" if decided else "", self.forum, self.interpreters,
            self.disagreement, self.goal, self.documents,
        ]  # fmt: skip


_FINDING_HEADER = (
    "alue", "nosto", "havaittu", "teema", "mittarit", "toimintasuositus", "päätös", "päätetty",
    "päättäjä", "foorumi", "tulkitsijat", "eriävä näkemys", "kehittämistavoite", "aineistot",
)  # fmt: skip


def _findings(today: date) -> Iterator[SampleFile]:
    for forum in _forums(today):
        found = _findings_of(forum)
        name = f"landing/council/findings/sample_findings_{forum:%Y-%m}"
        yield SampleFile(
            f"{name}.csv",
            csv_bytes(_FINDING_HEADER, [f.cells(forum, decided=False) for f in found], _EXCEL),
            forum,
        )
        yield SampleFile(
            f"{name}_decided.csv",
            csv_bytes(
                _FINDING_HEADER,
                [f.cells(forum, decided=True) for f in found if f.is_decided],
                _EXCEL,
            ),
            forum + _UNTIL_MINUTES,
        )


def _forums(today: date) -> Iterator[date]:
    for year in range(_FIRST_YEAR + 1, today.year + 1):
        for month, day in _FORUMS:
            if (forum := date(year, month, day)) <= today:
                yield forum


def _findings_of(forum: date) -> Sequence[_Finding]:
    season = _SEASONS[forum.month]
    return (
        _Finding(
            "MK18", f"Työttömien määrä muuttuu, ja avoimia paikkoja on eri aloilla ({season})",
            "Työvoima", "unemployed; open_vacancies", "Kohdennetaan muuntokoulutusta",
            f"Kainuun ennakointiraportti {forum.year - 1}", is_decided=True,
            forum=_PICTURE_FORUMS[forum.month], goal="Työvoiman saatavuus paranee",
            interpreters="Kainuun liitto; Kainuun yrittäjät; TE-palvelut",
            disagreement="Yrittäjien mukaan kaikkia avoimia paikkoja ei ilmoiteta",
        ),
        _Finding(
            "MK02", f"Uusien yritysten määrä ratkaisee kasvun ({season})", "Yritykset",
            "enterprises_started", "Lisätään yhteistä neuvontaa", "Kadonnut muistio",
        ),
        _Finding(
            "MK06", f"Kehittämisrahoitus jakautuu epätasaisesti ({season})", "Yritykset",
            "development_funding",
        ),
        # The case `finding-without-citation`.
        _Finding("MK06", f"Tunnelma yrityksissä on hyvä ({season})", "Yritykset", ""),
        # The case `finding-on-nothing-measured`: nobody measures it for a sub-region.
        _Finding(
            "SK181", f"Tutkimus- ja kehittämismenot painottuvat kaupunkiin ({season})",
            "Innovaatiot", "rd_expenditure",
        ),
    )  # fmt: skip


#: Forums that interpret the situational picture of Kainuu, by the month of the sample's forums.
_PICTURE_FORUMS: Mapping[int, str] = {
    3: "Kuntakierros", 6: "Business Kainuu -verkosto", 9: "Metsäklusteri", 12: "Matkailu",
}  # fmt: skip
_SEASONS: Mapping[int, str] = {3: "kevät", 6: "kesä", 9: "syksy", 12: "talvi"}
