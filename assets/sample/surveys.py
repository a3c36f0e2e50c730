"""Sample deliveries of survey answers: two rounds each of four surveys, one file a round.

The barometer of 2020 has its real main statement, with which 88 % agreed.

The scores in `measurements.py` are of other regions and years, so that no region has a score from
both. Respondents are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from assets.sample.formats import Dialect, SampleFile, csv_bytes, xlsx_bytes
from assets.sample.series import chance, pick

_HEADER = (
    "kysely", "vastaaja", "kysymys", "vastaus", "vastattu", "alue", "verkosto", "vastaajaryhmä",
    "asiakassegmentti",
)  # fmt: skip
_AGREEMENT = {
    # weight among the answers to a statement that most agree with
    "Täysin samaa mieltä": 9.0, "Jokseenkin samaa mieltä": 8.0, "Ei samaa eikä eri mieltä": 1.2,
    "Jokseenkin eri mieltä": 0.8, "En osaa sanoa": 0.6,
}  # fmt: skip
_DOUBT = {
    "Täysin samaa mieltä": 3.0, "Jokseenkin samaa mieltä": 5.0, "Ei samaa eikä eri mieltä": 3.0,
    "Jokseenkin eri mieltä": 2.5, "Täysin eri mieltä": 1.0, "En osaa sanoa": 1.5,
}  # fmt: skip
_MARKS = {"5": 3.0, "4": 5.0, "3": 3.0, "2": 1.0, "1": 0.4}
_YES_NO = {"Kyllä": 3.0, "Ei": 2.0}
_GROUPS = {"Verkoston jäsen": 3.0, "Sidosryhmä": 2.0}
#: Customers by segment; some do not say. Large enterprises are few, so that they are withheld.
_SEGMENTS = {
    "Yritystoimintaa aloittavat": 3.0, "Paikalliset pienyritykset": 5.0,
    "Kotimarkkinoiden pk-yritykset": 3.0, "Kansainvälistyvät pk-yritykset": 2.0,
    "Suuryritykset": 0.3, "": 1.0,
}  # fmt: skip
#: A question that the catalogue does not know (the case `survey-unknown-question`).
_OPEN = {"Yhteinen neuvonta": 2.0, "Tapahtumat": 1.0, "Tiedonkulku": 1.5}

#: What a respondent answers: question and the answers with their weights.
_Form = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class _Survey:
    """A survey and its rounds.

    Attributes:
        name: as its deliveries call it.
        form: its questions.
        places: respondents of a round by region.
        networks: networks of the respondents, by how many.
        groups: their groups, by how many; none for a survey that does not ask.
        segments: their customer segments, in the same way.
    """

    source: str
    file: str
    name: str
    years: Sequence[int]
    form: _Form
    places: Mapping[str, int]
    networks: Mapping[str, float]
    groups: Mapping[str, float]
    segments: Mapping[str, float] = field(default_factory=dict)


_SURVEYS = (
    _Survey(
        "survey",
        "network",
        "Verkostokysely",
        (2022, 2024),
        {
            "Arvio yhteistyöstä (1–5)": _MARKS,
            "Tunnen toimijoiden palvelut": _DOUBT,
            "Oletko ohjannut asiakkaan toiselle toimijalle?": _YES_NO,
            "Mikä yhteistyössä toimi parhaiten?": _OPEN,
        },
        # Three answers of Pohjois-Satakunta: the case `survey-few-answers`.
        {"SK023": 34, "SK064": 29, "SK171": 26, "SK181": 14, "SK044": 3},
        {},
        _GROUPS,
    ),
    _Survey(
        "survey",
        "customer",
        "Asiakaskysely",
        (2022, 2024),
        {
            "Arvio saamastasi palvelusta": _MARKS,
            "Tunnen yrityspalvelut": _DOUBT,
            "Suosittelisitko palvelua": _YES_NO,
        },
        {"SK011": 41, "SK023": 38, "SK111": 24, "SK182": 22},
        {},
        {},
        _SEGMENTS,
    ),
    _Survey(
        "coordinator",
        "steering_self_assessment",
        "Ohjausryhmän itsearviointi",
        (2024, 2025),
        {
            "Ohjausryhmän työ on ollut tuloksellista": _DOUBT,
            "Tavoitteet ovat selvät": _DOUBT,
            "Kokoukset ovat hyödyllisiä": _DOUBT,
        },
        {"SK023": 9, "SK044": 8, "SK111": 10},
        {},
        {},
    ),
    _Survey(
        "survey",
        "partnership_barometer",
        "Kumppanuusbarometri",
        (2024, 2025),
        {
            "Tulevaisuutta rakennetaan yhteistyöllä ja kumppanuudella": _AGREEMENT,
            "Yhteistyö on edistänyt alueen kehitystä": _DOUBT,
            "Oma roolini verkostossa on selvä": _DOUBT,
            "Verkoston tapaamisia vuoden aikana": {"2": 1.0, "4": 3.0, "6": 2.0},
        },
        {"MK02": 128},
        {
            "Ruokaketjut": 2.0, "Sininen kasvu": 2.5, "Ympäristö ja luonnonvarat": 2.0,
            "Matkailu": 1.5, "Järjestöt": 1.5, "Osaaminen ja koulutus": 2.0,
        },
        {"Verkoston jäsen": 4.0, "Sidosryhmä": 2.0, "Yrittäjä": 1.0},
    ),
)  # fmt: skip


def survey_files() -> list[SampleFile]:
    """One file per survey and round, delivered on the first of December of its year."""
    return [
        *(
            _file(survey, year, list(_rows(survey, year)))
            for survey in _SURVEYS
            for year in survey.years
        ),
        _barometer_of_2020(),
    ]


def _barometer_of_2020() -> SampleFile:
    """A hundred answers to the main statement, of which 88 agree."""
    weights = {
        "Täysin samaa mieltä": 45,
        "Jokseenkin samaa mieltä": 43,
        "Ei samaa eikä eri mieltä": 7,
        "Jokseenkin eri mieltä": 5,
    }
    answers = [answer for answer, weight in weights.items() for _ in range(weight)]
    (barometer,) = (survey for survey in _SURVEYS if survey.file == "partnership_barometer")
    statement = "Varsinais-Suomen tulevaisuutta rakennetaan yhteistyöllä ja kumppanuudella"
    rows: list[tuple[str, ...]] = [
        (barometer.name, f"MK02-{n:03}", statement, answer, "30.11.2020", "MK02", "", "", "")
        for n, answer in enumerate(answers, start=1)
    ]
    return _file(barometer, 2020, rows)


def _rows(survey: _Survey, year: int) -> Iterator[tuple[str, ...]]:
    for region, respondents in survey.places.items():
        for number in range(1, respondents + 1):
            key = (survey.file, year, region, number)
            day = date(year, 10, 20) + timedelta(days=int(28 * chance("day", *key)))
            network = pick(survey.networks, "network", *key) if survey.networks else ""
            group = pick(survey.groups, "group", *key) if survey.groups else ""
            segment = pick(survey.segments, "segment", *key) if survey.segments else ""
            for question, answers in survey.form.items():
                yield (
                    survey.name,
                    f"{region}-{number:03}",
                    question,
                    pick(answers, question, *key),
                    f"{day.day}.{day.month}.{day.year}",
                    region,
                    network,
                    group,
                    segment,
                )


def _file(survey: _Survey, year: int, rows: list[tuple[str, ...]]) -> SampleFile:
    folder = f"landing/{survey.source}/survey_answers/sample_{survey.file}_{year}"
    delivered = date(year, 12, 1)
    if survey.file == "customer":
        return SampleFile(f"{folder}.xlsx", xlsx_bytes(_HEADER, rows, "Vastaukset"), delivered)
    dialect = Dialect(delimiter=";", encoding="utf-8-sig", newline="\r\n")
    return SampleFile(f"{folder}.csv", csv_bytes(_HEADER, rows, dialect), delivered)
