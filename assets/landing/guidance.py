"""How cells are written, and what people read about a dataset, in Finnish and English.

What belongs here: words for people that follow from the kind of a column. What does not: what a
dataset and its columns are about (`assets.datasets`) and how cells are understood (understanding).
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.datasets import DATASETS, Column, Dataset, Example, Kind

LANGUAGES = ("fi", "en")


def about(dataset: Dataset, language: str) -> str:
    """What one row of a dataset is."""
    return dataset.row[LANGUAGES.index(language)]


def meaning(column: Column, language: str) -> str:
    """What a column holds, in one sentence or two."""
    return column.meaning[LANGUAGES.index(language)]


def writing(column: Column, language: str) -> str:
    """How cells of a column are written."""
    return _WRITING[column.kind][LANGUAGES.index(language)]


_WRITING: Mapping[Kind, tuple[str, str]] = {
    Kind.TEXT: ("Teksti.", "Text."),
    Kind.ID: ("Tunnus, aina samalla tavalla kirjoitettuna.", "An id, always written alike."),
    Kind.LIST: ("Luettelo, osat erotetaan puolipisteellä.", "A list, separated by semicolons."),
    Kind.WORD: ("Jokin luettelon sanoista.", "One of the words of the list."),
    Kind.TERM: (
        "Jokin luettelon sanoista tai oma sana.",
        "One of the words of the list, or one of your own.",
    ),
    Kind.FLAG: ("Kyllä tai ei.", "Yes or no."),
    Kind.URL: ("Koko osoite: https://…", "The whole address: https://…"),
    Kind.INDICATOR: ("Jokin luettelon mittareista.", "One of the indicators of the list."),
    Kind.INDICATORS: (
        "Mittarien tunnuksia tai nimiä, puolipisteellä erotettuina.",
        "Ids or names of indicators, separated by semicolons.",
    ),
    Kind.REGION: (
        "Koodi tyyppeineen (KU205, SK181, MK18, SS07, SSS) tai nimi, jos se on yksiselitteinen.",
        "A code with its type (KU205, SK181, MK18, SS07, SSS), or a name that is unambiguous.",
    ),
    Kind.OUTER_REGION: (
        "ELY-keskuksen, elinvoimakeskuksen tai maakunnan koodi (ELY13, EVK09, MK17) tai nimi.",
        "Code of an ELY centre, development centre or region (ELY13, EVK09, MK17), or its name.",
    ),
    Kind.REGIONS: (
        "Alueita koodeina tyyppeineen tai niminä, puolipisteellä erotettuina.",
        "Regions by code with type or by name, separated by semicolons.",
    ),
    Kind.MUNICIPALITIES: (
        "Kuntia koodeina (KU205 tai 205) tai niminä, puolipisteellä erotettuina.",
        "Municipalities by code (KU205 or 205) or by name, separated by semicolons.",
    ),
    Kind.REGION_TYPE: ("Kunta, seutukunta, maakunta …", "Municipality, sub-region, region …"),
    Kind.SEGMENT: ("Jokin luettelon segmenteistä.", "One of the segments of the list."),
    Kind.ACTOR: (
        "Lähteen tunnus tai nimi, tai organisaation nimi.",
        "Id or name of a source, or the name of an organisation.",
    ),
    Kind.ACTORS: (
        "Organisaatioita, puolipisteellä erotettuina.",
        "Organisations, separated by semicolons.",
    ),
    Kind.DATASET: (
        "Jokin aineistoista, kuten advice_events.",
        "One of the datasets, such as advice_events.",
    ),
    Kind.PERIOD: (
        "2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, 2025-03-15 tai 2024-07-01/2025-06-30.",
        "2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, 2025-03-15 or 2024-07-01/2025-06-30.",
    ),
    Kind.YEAR: ("Neljä numeroa.", "Four digits."),
    Kind.DAY: (
        "Päivä: 15.3.2026 tai 2026-03-15; ei tulevaisuudessa.",
        "A day: 2026-03-15 or 15.3.2026; not in the future.",
    ),
    Kind.PLANNED_DAY: (
        "Päivä: 15.3.2026 tai 2026-03-15.",
        "A day: 2026-03-15 or 15.3.2026.",
    ),
    Kind.VALUE: ("Luku; desimaalipilkku tai -piste.", "A number; decimal point or comma."),
    Kind.NUMBER: ("Luku; desimaalipilkku tai -piste.", "A number; decimal point or comma."),
    Kind.UNIT: ("Jokin luettelon yksiköistä.", "One of the units of the list."),
    Kind.OBS_STATUS: ("Yksi kirjain luettelosta.", "One letter of the list."),
    Kind.CONF_STATUS: ("Yksi kirjain luettelosta.", "One letter of the list."),
    Kind.MONEY: ("Euroja, kuten 45 000,00.", "Euros, such as 45000.00."),
    Kind.COUNT: ("Kokonaisluku.", "A whole number."),
    Kind.PERCENT: ("Luku 0–100.", "A number from 0 to 100."),
    Kind.BUSINESS_ID: ("Muodossa 1234567-8.", "Written as 1234567-8."),
}

EXAMPLES: Mapping[str, Example] = {name: dataset.example for name, dataset in DATASETS.items()}
"""Of each dataset, a delivery that is taken in as it stands."""
