"""The contract of each landing dataset: its columns, their Finnish aliases, what they hold.

The column names are public (partners' export scripts are written against them): columns may be
added, never renamed or dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, and so how its cells are understood."""

    TEXT = "text"
    INDICATOR = "indicator"
    REGION = "region"
    REGION_TYPE = "region type"
    PERIOD = "period"
    DAY = "day"
    VALUE = "value"
    MONEY = "amount in euros"
    SEGMENT = "segment"
    UNIT = "unit"
    OBS_STATUS = "SDMX observation status"
    CONF_STATUS = "SDMX confidentiality status"
    BUSINESS_ID = "business id"
    PURPOSE = "purpose"


@dataclass(frozen=True)
class Column:
    """A column of a dataset.

    Attributes:
        name: the contract's name.
        kind: how its cells are understood.
        aliases: Finnish names that mean the same.
        required: whether every delivery must have it and every row must fill it.
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Dataset:
    """A landing dataset and its columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that a delivery must have."""
        return tuple(c.name for c in self.columns if c.required)

    @property
    def by_header(self) -> Mapping[str, Column]:
        """Columns by every header, folded, under which they may come."""
        return {
            fold_header(header): column
            for column in self.columns
            for header in (column.name, *column.aliases)
        }


def fold_header(text: str) -> str:
    """A header without case, outer blanks and the difference between `_`, `-` and a blank."""
    return re.sub(r"[\s_\-]+", " ", text.replace("\ufeff", "")).strip().casefold()


_REGION = Column("region", Kind.REGION, ("alue", "aluekoodi", "alueen nimi"), required=True)
_REGION_TYPE = Column("region_type", Kind.REGION_TYPE, ("aluetyyppi", "aluetaso", "aluejako"))
_SEGMENT = Column("segment", Kind.SEGMENT, ("segmentti", "asiakassegmentti", "asiakasryhmä"))
_BUSINESS_ID = Column("business_id", Kind.BUSINESS_ID, ("y-tunnus", "ytunnus", "yritystunnus"))

DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "measurements",
            (
                Column(
                    "indicator", Kind.INDICATOR, ("mittari", "indikaattori", "tunnusluku"), True
                ),
                _REGION,
                Column("period", Kind.PERIOD, ("jakso", "ajanjakso", "kausi", "aika"), True),
                Column("value", Kind.VALUE, ("arvo", "lukuarvo", "määrä"), True),
                _REGION_TYPE,
                _SEGMENT,
                Column("unit", Kind.UNIT, ("yksikkö", "mittayksikkö")),
                Column("status", Kind.OBS_STATUS, ("tila", "havainnon tila", "tilakoodi")),
                Column("conf_status", Kind.CONF_STATUS, ("luottamuksellisuus", "salaus")),
                Column("note", Kind.TEXT, ("huomautus", "huomio", "lisätieto", "selite")),
            ),
        ),
        Dataset(
            "funding_decisions",
            (
                Column(
                    "decision_id",
                    Kind.TEXT,
                    ("päätösnumero", "päätöstunnus", "päätöksen tunnus", "päätös id"),
                    True,
                ),
                _REGION,
                Column(
                    "granted_on",
                    Kind.DAY,
                    ("myönnetty", "myöntöpäivä", "myönnetty pvm", "päätöspäivä", "päätös pvm"),
                    True,
                ),
                Column(
                    "amount_eur",
                    Kind.MONEY,
                    ("summa", "summa eur", "myönnetty eur", "määrä eur", "euroa", "rahoitus eur"),
                    True,
                ),
                _REGION_TYPE,
                _BUSINESS_ID,
                Column("beneficiary", Kind.TEXT, ("saaja", "tuensaaja", "rahoituksen saaja")),
                Column("project_id", Kind.TEXT, ("hanketunnus", "hankekoodi", "hanke id")),
                Column("project", Kind.TEXT, ("hanke", "hankkeen nimi", "projekti")),
                Column("programme", Kind.TEXT, ("ohjelma", "rahoitusohjelma")),
                Column("purpose", Kind.PURPOSE, ("käyttötarkoitus", "tarkoitus")),
                Column("instrument", Kind.TEXT, ("rahoitusmuoto", "instrumentti", "tukimuoto")),
                _SEGMENT,
                Column("period", Kind.PERIOD, ("jakso", "ajanjakso", "kausi")),
                Column(
                    "co_funders",
                    Kind.TEXT,
                    ("muut rahoittajat", "osarahoittajat", "yhteisrahoitus"),
                ),
            ),
        ),
        Dataset(
            "advice_events",
            (
                Column(
                    "event_id",
                    Kind.TEXT,
                    ("tapahtumatunnus", "tapahtuman tunnus", "tapahtuma id", "neuvontatunnus"),
                    True,
                ),
                _REGION,
                Column("happened_on", Kind.DAY, ("päivä", "päivämäärä", "pvm", "ajankohta"), True),
                _REGION_TYPE,
                _BUSINESS_ID,
                _SEGMENT,
                Column("topic", Kind.TEXT, ("aihe", "neuvonnan aihe", "teema")),
                Column("channel", Kind.TEXT, ("kanava", "asiointikanava", "yhteydenottotapa")),
            ),
        ),
    )
}

PURPOSES: Mapping[str, str] = {
    "development": "development",
    "kehittäminen": "development",
    "kehittämisrahoitus": "development",
    "investment": "investment",
    "investointi": "investment",
    "investoinnit": "investment",
}
