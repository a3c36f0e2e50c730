"""How cells are written, for people, in every language.

What belongs here: words for people that follow from the kind of a column. What does not: what a
dataset and its columns are about (`assets.datasets`) and how cells are understood (understanding).
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.datasets import DATASETS, Example, Kind
from assets.languages import Text

_NUMBER = Text(
    fi="Luku; desimaalipilkku tai -piste.",
    sv="Ett tal; decimalkomma eller decimalpunkt.",
    en="A number; decimal point or comma.",
)
_LETTER = Text(
    fi="Yksi kirjain luettelosta.", sv="En bokstav i listan.", en="One letter of the list."
)

WRITING: Mapping[Kind, Text] = {
    Kind.TEXT: Text(fi="Teksti.", sv="Text.", en="Text."),
    Kind.ID: Text(
        fi="Tunnus, aina samalla tavalla kirjoitettuna.",
        sv="En kod, alltid skriven på samma sätt.",
        en="An id, always written alike.",
    ),
    Kind.LIST: Text(
        fi="Luettelo, osat erotetaan puolipisteellä.",
        sv="En förteckning, delarna åtskilda med semikolon.",
        en="A list, separated by semicolons.",
    ),
    Kind.WORD: Text(
        fi="Jokin luettelon sanoista.",
        sv="Ett av orden i listan.",
        en="One of the words of the list.",
    ),
    Kind.TERM: Text(
        fi="Jokin luettelon sanoista tai oma sana.",
        sv="Ett av orden i listan eller ett eget ord.",
        en="One of the words of the list, or one of your own.",
    ),
    Kind.FLAG: Text(fi="Kyllä tai ei.", sv="Ja eller nej.", en="Yes or no."),
    Kind.URL: Text(
        fi="Koko osoite: https://…",
        sv="Hela adressen: https://…",
        en="The whole address: https://…",
    ),
    Kind.INDICATOR: Text(
        fi="Jokin luettelon mittareista.",
        sv="En av indikatorerna i listan.",
        en="One of the indicators of the list.",
    ),
    Kind.INDICATORS: Text(
        fi="Mittarien tunnuksia tai nimiä, puolipisteellä erotettuina.",
        sv="Indikatorernas koder eller namn, åtskilda med semikolon.",
        en="Ids or names of indicators, separated by semicolons.",
    ),
    Kind.REGION: Text(
        fi="Koodi tyyppeineen (KU205, SK181, MK18, SS07, SSS) tai nimi, jos se on yksiselitteinen.",
        sv="Kod med typ (KU205, SK181, MK18, SS07, SSS) eller ett namn, om det är entydigt.",
        en="A code with its type (KU205, SK181, MK18, SS07, SSS), or a name that is unambiguous.",
    ),
    Kind.OUTER_REGION: Text(
        fi="ELY-keskuksen, elinvoimakeskuksen tai maakunnan koodi (ELY13, EVK09, MK17) tai nimi.",
        sv="NTM-centralens, livskraftscentralens eller landskapets kod (ELY13, EVK09, MK17) eller "
        "namn.",
        en="Code of an ELY centre, development centre or region (ELY13, EVK09, MK17), or its name.",
    ),
    Kind.REGIONS: Text(
        fi="Alueita koodeina tyyppeineen tai niminä, puolipisteellä erotettuina.",
        sv="Områden som koder med typ eller som namn, åtskilda med semikolon.",
        en="Regions by code with type or by name, separated by semicolons.",
    ),
    Kind.MUNICIPALITIES: Text(
        fi="Kuntia koodeina (KU205 tai 205) tai niminä, puolipisteellä erotettuina.",
        sv="Kommuner som koder (KU205 eller 205) eller som namn, åtskilda med semikolon.",
        en="Municipalities by code (KU205 or 205) or by name, separated by semicolons.",
    ),
    Kind.REGION_TYPE: Text(
        fi="Kunta, seutukunta, maakunta …",
        sv="Kommun, ekonomisk region, landskap …",
        en="Municipality, sub-region, region …",
    ),
    Kind.SEGMENT: Text(
        fi="Jokin luettelon segmenteistä.",
        sv="Ett av segmenten i listan.",
        en="One of the segments of the list.",
    ),
    Kind.ACTOR: Text(
        fi="Lähteen tunnus tai nimi, tai organisaation nimi.",
        sv="En källas kod eller namn, eller en organisations namn.",
        en="Id or name of a source, or the name of an organisation.",
    ),
    Kind.ACTORS: Text(
        fi="Organisaatioita, puolipisteellä erotettuina.",
        sv="Organisationer, åtskilda med semikolon.",
        en="Organisations, separated by semicolons.",
    ),
    Kind.DATASET: Text(
        fi="Jokin aineistoista, kuten advice_events.",
        sv="Ett av materialen, till exempel advice_events.",
        en="One of the datasets, such as advice_events.",
    ),
    Kind.PERIOD: Text(
        fi="2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, 2025-03-15 tai 2024-07-01/2025-06-30.",
        sv="2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, 2025-03-15 eller 2024-07-01/2025-06-30.",
        en="2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, 2025-03-15 or 2024-07-01/2025-06-30.",
    ),
    Kind.YEAR: Text(fi="Neljä numeroa.", sv="Fyra siffror.", en="Four digits."),
    Kind.DAY: Text(
        fi="Päivä: 15.3.2026 tai 2026-03-15; ei tulevaisuudessa.",
        sv="En dag: 15.3.2026 eller 2026-03-15; inte i framtiden.",
        en="A day: 2026-03-15 or 15.3.2026; not in the future.",
    ),
    Kind.PLANNED_DAY: Text(
        fi="Päivä: 15.3.2026 tai 2026-03-15.",
        sv="En dag: 15.3.2026 eller 2026-03-15.",
        en="A day: 2026-03-15 or 15.3.2026.",
    ),
    Kind.VALUE: _NUMBER,
    Kind.NUMBER: _NUMBER,
    Kind.UNIT: Text(
        fi="Jokin luettelon yksiköistä.",
        sv="En av enheterna i listan.",
        en="One of the units of the list.",
    ),
    Kind.OBS_STATUS: _LETTER,
    Kind.CONF_STATUS: _LETTER,
    Kind.MONEY: Text(
        fi="Euroja, kuten 45 000,00.",
        sv="Euro, till exempel 45 000,00.",
        en="Euros, such as 45000.00.",
    ),
    Kind.COUNT: Text(fi="Kokonaisluku.", sv="Ett heltal.", en="A whole number."),
    Kind.PERCENT: Text(fi="Luku 0–100.", sv="Ett tal 0–100.", en="A number from 0 to 100."),
    Kind.BUSINESS_ID: Text(
        fi="Muodossa 1234567-8.", sv="I formen 1234567-8.", en="Written as 1234567-8."
    ),
}
"""How cells of a kind are written."""

EXAMPLES: Mapping[str, Example] = {name: dataset.example for name, dataset in DATASETS.items()}
"""Of each dataset, a delivery that is taken in as it stands."""
