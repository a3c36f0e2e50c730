"""Sample deliveries of reporting duties, and the quarterly log of one organisation that has them.

The duties make every state visible: who has reported, who was late, who logged nothing (a zero),
and who has a duty and never delivered. Events of the other logs: `events.py` and `transfers.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from assets.sample.events import business_id
from assets.sample.formats import Dialect, SampleFile, csv_bytes
from assets.sample.releases import Releases
from assets.vocabulary.periods import Period, periods_between

#: The duties were agreed on at the start of the year and written down then.
_STATED_ON = date(2026, 1, 15)
_FIRST_QUARTER = date(2026, 1, 1)
#: Days after its end on which a quarter's log comes, and the planted quarter that came late.
_USUALLY, _LATE = timedelta(days=20), {"2026-Q2": timedelta(days=65)}
#: So many that no count of a quarter is small.
_PER_QUARTER = 9
#: First number of the invented business ids; no other event uses them.
_IDS = 900_000
_EXCEL = Dialect(delimiter=";", encoding="cp1252", newline="\r\n")

#: Organisation, dataset, regions, from when, until when, how often, whom to ask. Partners report
#: once a year; without regions it is the whole area of the source.
_DUTIES: Sequence[tuple[str, ...]] = (
    ("development_company", "advice_events", "", "1.1.2024", "", "A", "Koordinaattori"),
    ("enterprise_agency", "advice_events", "", "1.1.2024", "", "A", "Koordinaattori"),
    ("proagria", "advice_events", "", "1.1.2024", "", "A", "Asiantuntija"),
    # In time but for one quarter; nobody was advised in Imatra: zeros.
    ("evk", "advice_events", "SK091; SK093", "1.1.2026", "", "Q", "Asiantuntija"),
    # Never delivers a log of advice: absent.
    ("finnvera", "advice_events", "SK093", "1.1.2026", "", "Q", "Asiantuntija"),
    ("development_company", "transfers", "", "1.1.2024", "", "A", "Koordinaattori"),
    ("enterprise_agency", "transfers", "", "1.1.2024", "", "A", "Koordinaattori"),
    ("proagria", "transfers", "", "1.1.2024", "", "A", "Asiantuntija"),
    ("ely", "funding_decisions", "", "1.1.2025", "31.12.2025", "A", ""),
    ("evk", "funding_decisions", "", "1.1.2026", "", "A", ""),
    ("business_finland", "funding_decisions", "", "1.1.2025", "", "A", ""),
    ("finnvera", "funding_decisions", "", "1.1.2025", "", "A", ""),
)


def duty_files(releases: Releases) -> list[SampleFile]:
    """The duties of all organisations, and the log of each quarter that the centres have sent."""
    header = (
        "organisaatio", "aineisto", "alueet", "voimassa alkaen", "voimassa asti", "kuinka usein",
        "yhteysrooli",
    )  # fmt: skip
    duties = SampleFile(
        "landing/coordinator/reporting_duties/sample_duties_2026.csv",
        csv_bytes(header, _DUTIES, _EXCEL),
        _STATED_ON,
    )
    return [duties, *map(_quarterly_log, _quarters(releases))]


def _quarters(releases: Releases) -> list[Period]:
    if releases.today < _FIRST_QUARTER:
        return []
    return [
        quarter
        for quarter in periods_between(_FIRST_QUARTER, releases.today, "Q")
        if _delivered_on(quarter) <= releases.today
    ]


def _delivered_on(quarter: Period) -> date:
    return quarter.last_day + _LATE.get(quarter.text, _USUALLY)


def _quarterly_log(quarter: Period) -> SampleFile:
    header = ("tapahtumatunnus", "pvm", "alue", "y-tunnus", "asiakassegmentti", "aihe", "kanava")
    first = _IDS + 100 * (4 * quarter.start.year + quarter.start.month // 3) % 80_000
    rows = [
        [
            f"EVK-{quarter.text}-{number:02}",
            f"{8 * number % 28 + 1}.{quarter.start.month + number % 3}.{quarter.start.year}",
            "SK091",
            # Every second number, because one without a valid id is replaced by the next.
            business_id(first + 2 * number),
            "domestic_sme",
            "rahoitus",
            "tapaaminen",
        ]
        for number in range(1, _PER_QUARTER + 1)
    ]
    return SampleFile(
        f"landing/evk/advice_events/sample_advice_{quarter.text}.csv",
        csv_bytes(header, rows, _EXCEL),
        _delivered_on(quarter),
    )
