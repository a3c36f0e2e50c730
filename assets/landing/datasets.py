"""The contract of each landing dataset: its columns, their Finnish aliases, what they hold.

The column names are public (partners' export scripts are written against them): columns may be
added, never renamed or dropped. What belongs here: which columns there are. What does not: how
a cell is understood (understanding), what a row must fulfil (rules), closed lists of words
(`words.csv` of the catalogue).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from assets.vocabulary.texts import visible


class Kind(StrEnum):
    """What a column holds, and so how its cells are understood."""

    TEXT = "text"
    ID = "id"
    LIST = "list"
    WORD = "word of a closed list"
    TERM = "word of a list, or another"
    FLAG = "yes or no"
    URL = "address on the web"
    INDICATOR = "indicator"
    INDICATORS = "list of indicators"
    REGION = "region"
    REGION_TYPE = "region type"
    OUTER_REGION = "region around an area"
    SEGMENT = "segment"
    ACTOR = "organisation"
    ACTORS = "list of organisations"
    PERIOD = "period"
    YEAR = "year"
    DAY = "day"
    PLANNED_DAY = "day that may lie ahead"
    VALUE = "value"
    UNIT = "unit"
    OBS_STATUS = "SDMX observation status"
    CONF_STATUS = "SDMX confidentiality status"
    MONEY = "amount in euros"
    COUNT = "count"
    PERCENT = "per cent"
    BUSINESS_ID = "business id"


@dataclass(frozen=True)
class Column:
    """A column of a dataset.

    Attributes:
        name: the contract's name.
        kind: how its cells are understood.
        aliases: Finnish names that mean the same; the first one heads the Finnish template.
        required: whether every delivery must have it and every row must fill it (of a value:
            fill it or leave it empty with a status).
        words: which list of `words.csv` its cells are from, of a `WORD` or `TERM`.
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...]
    required: bool = False
    words: str = ""

    @property
    def must_be_filled(self) -> bool:
        """Whether an empty cell breaks the contract; of a value it says that there is none."""
        return self.required and self.kind is not Kind.VALUE


@dataclass(frozen=True)
class Dataset:
    """A landing dataset and its columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that a delivery must have."""
        return tuple(c.name for c in self.columns if c.required)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by their name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def by_header(self) -> Mapping[str, Column]:
        """Columns by every header, folded, under which they may come."""
        return {
            fold_header(header): column
            for column in self.columns
            for header in (column.name, *column.aliases)
        }


def fold_header(text: str) -> str:
    """A header without case, outer blanks and the difference between `_`, `-` and a blank."""
    return re.sub(r"[\s_\-]+", " ", visible(text)).strip().casefold()


def _must(name: str, kind: Kind, *aliases: str, words: str = "") -> Column:
    return Column(name, kind, aliases, required=True, words=words)


def _may(name: str, kind: Kind, *aliases: str, words: str = "") -> Column:
    return Column(name, kind, aliases, words=words)


_REGION_NAMES = ("alue", "aluekoodi", "alueen nimi")
_REGION = _must("region", Kind.REGION, *_REGION_NAMES)
_ANY_REGION = _may("region", Kind.REGION, *_REGION_NAMES)
_REGION_TYPE = _may("region_type", Kind.REGION_TYPE, "aluetyyppi", "aluetaso", "aluejako")
_SEGMENT = _may("segment", Kind.SEGMENT, "segmentti", "asiakassegmentti", "asiakasryhmä")
_BUSINESS_ID = _may("business_id", Kind.BUSINESS_ID, "y-tunnus", "ytunnus", "yritystunnus")
_YEAR = _must("year", Kind.YEAR, "vuosi", "suunnitelmavuosi")
_NETWORK = ("verkosto", "verkoston nimi")
_THEME = _may("theme", Kind.TEXT, "teema", "aihe", "aihealue")
_ATTENDEES = _may("attendees", Kind.COUNT, "osallistujia", "osallistujamäärä", "läsnä")
_RESPONSIBLE = _may("responsible", Kind.TEXT, "vastuutaho", "vastuu", "vastaa")
_ASSESSED = ("arvioitu", "arviointipäivä", "arvioitu pvm", "tilanne pvm")
_INDICATORS = _may("indicators", Kind.INDICATORS, "mittarit", "indikaattorit", "tunnusluvut")
_STARTS = ("alkaa", "alkupäivä", "alku pvm", "aloituspäivä")
_ENDS = _may("ends_on", Kind.PLANNED_DAY, "päättyy", "loppupäivä", "loppu pvm", "päättymispäivä")
_VALID_FROM = _may("valid_from", Kind.PLANNED_DAY, "voimassa alkaen", "alkaen", "jäsen alkaen")
_VALID_TO = ("voimassa asti", "päättyy", "voimassaolo päättyy")
#: Last, so that columns that partners know keep their places. A measurement is taken back by an
#: empty value with a status.
_WITHDRAWN = _may("withdrawn", Kind.FLAG, "poistettu", "peruttu rivi", words="flag")

_MEASUREMENTS = Dataset(
    "measurements",
    (
        _must("indicator", Kind.INDICATOR, "mittari", "indikaattori", "tunnusluku"),
        _REGION,
        _must("period", Kind.PERIOD, "jakso", "ajanjakso", "kausi", "aika"),
        _must("value", Kind.VALUE, "arvo", "lukuarvo", "määrä"),
        _REGION_TYPE,
        _SEGMENT,
        _may("unit", Kind.UNIT, "yksikkö", "mittayksikkö"),
        _may("status", Kind.OBS_STATUS, "tila", "havainnon tila", "tilakoodi"),
        _may("conf_status", Kind.CONF_STATUS, "luottamuksellisuus", "salaus"),
        _may("note", Kind.TEXT, "huomautus", "huomio", "lisätieto", "selite"),
    ),
)

_FUNDING_DECISIONS = Dataset(
    "funding_decisions",
    (
        _must(
            "decision_id",
            Kind.ID,
            "päätösnumero",
            "päätöstunnus",
            "päätöksen tunnus",
            "päätös id",
        ),
        _REGION,
        _must(
            "granted_on",
            Kind.DAY,
            "myönnetty",
            "myöntöpäivä",
            "myönnetty pvm",
            "päätöspäivä",
            "päätös pvm",
        ),
        _must(
            "amount_eur",
            Kind.MONEY,
            "summa",
            "summa eur",
            "myönnetty eur",
            "määrä eur",
            "euroa",
            "rahoitus eur",
        ),
        _REGION_TYPE,
        _BUSINESS_ID,
        _may("beneficiary", Kind.TEXT, "saaja", "tuensaaja", "rahoituksen saaja"),
        _may("project_id", Kind.ID, "hanketunnus", "hankekoodi", "hanke id"),
        _may("project", Kind.TEXT, "hanke", "hankkeen nimi", "projekti"),
        _may("programme", Kind.TEXT, "ohjelma", "rahoitusohjelma"),
        _may("purpose", Kind.WORD, "käyttötarkoitus", "tarkoitus", words="purpose"),
        _may("instrument", Kind.TEXT, "rahoitusmuoto", "instrumentti", "tukimuoto"),
        _SEGMENT,
        _may("period", Kind.PERIOD, "jakso", "ajanjakso", "kausi"),
        _may("co_funders", Kind.ACTORS, "muut rahoittajat", "osarahoittajat", "yhteisrahoitus"),
        _WITHDRAWN,
    ),
)

_ADVICE_EVENTS = Dataset(
    "advice_events",
    (
        _must(
            "event_id",
            Kind.ID,
            "tapahtumatunnus",
            "tapahtuman tunnus",
            "tapahtuma id",
            "neuvontatunnus",
        ),
        _REGION,
        _must("happened_on", Kind.DAY, "päivä", "päivämäärä", "pvm", "ajankohta"),
        _REGION_TYPE,
        _BUSINESS_ID,
        _SEGMENT,
        _may("topic", Kind.TEXT, "aihe", "neuvonnan aihe", "teema"),
        _may("channel", Kind.TEXT, "kanava", "asiointikanava", "yhteydenottotapa"),
        _WITHDRAWN,
    ),
)

_TRANSFERS = Dataset(
    "transfers",
    (
        _must("transfer_id", Kind.ID, "siirtotunnus", "siirron tunnus", "siirto id"),
        _must("from_actor", Kind.ACTOR, "luovuttaja", "lähettäjä", "siirtäjä", "keneltä"),
        _must("to_actor", Kind.ACTOR, "vastaanottaja", "saaja", "kenelle"),
        _must("happened_on", Kind.DAY, "päivä", "päivämäärä", "pvm", "siirtopäivä"),
        _BUSINESS_ID,
        _ANY_REGION,
        _REGION_TYPE,
        _SEGMENT,
        _may("accepted", Kind.FLAG, "hyväksytty", "vastaanotettu", "otettu vastaan", words="flag"),
        _WITHDRAWN,
    ),
)

_PLAN_BASICS = Dataset(
    "plan_basics",
    (
        _REGION,
        _YEAR,
        _REGION_TYPE,
        _may("mission", Kind.TEXT, "missio", "toiminta-ajatus"),
        _may("vision", Kind.TEXT, "visio"),
        _may("parties", Kind.LIST, "sopijaosapuolet", "osapuolet", "sopimusosapuolet"),
        _may("coordinator", Kind.TEXT, "koordinaattori", "koordinaattoriorganisaatio"),
        _may("priorities", Kind.TEXT, "painopisteet", "vuoden painopisteet"),
        _may("budget_eur", Kind.MONEY, "budjetti", "budjetti eur", "talousarvio"),
        _may("approved_on", Kind.DAY, "hyväksytty", "hyväksytty pvm", "hyväksymispäivä"),
        _WITHDRAWN,
    ),
)

_PLAN_ITEMS = Dataset(
    "plan_items",
    (
        _REGION,
        _YEAR,
        _must("section", Kind.TEXT, "osio", "osa-alue", "luku"),
        _must("objective", Kind.TEXT, "tavoite"),
        _must("measure", Kind.TEXT, "toimenpide", "toimenpiteet"),
        _REGION_TYPE,
        _SEGMENT,
        _may("indicator", Kind.TEXT, "mittari", "indikaattori"),
        _RESPONSIBLE,
        _may("starts_on", Kind.PLANNED_DAY, *_STARTS),
        _ENDS,
        _may("target", Kind.TEXT, "tavoitearvo", "tavoitetaso", "suunniteltu"),
        _may("actual", Kind.TEXT, "toteuma", "toteutunut"),
        _may(
            "progress_pct",
            Kind.PERCENT,
            "toteuma-%",
            "toteutumisaste",
            "valmiusaste",
            "edistyminen",
        ),
        _may("status", Kind.WORD, "tila", "tilanne", "vaihe", words="progress"),
        _WITHDRAWN,
    ),
)

_MEETINGS = Dataset(
    "meetings",
    (
        _REGION,
        _must("group", Kind.TERM, "ryhmä", "toimielin", "kokous", words="group"),
        _must(
            "planned_on", Kind.PLANNED_DAY, "suunniteltu", "suunniteltu pvm", "vuosikellon päivä"
        ),
        _REGION_TYPE,
        _may("held_on", Kind.DAY, "pidetty", "pidetty pvm", "kokouspäivä"),
        _ATTENDEES,
        _may("topic", Kind.TEXT, "aihe", "asia", "teema"),
        _WITHDRAWN,
    ),
)

_SURVEY_ANSWERS = Dataset(
    "survey_answers",
    (
        _must("survey", Kind.TEXT, "kysely", "kyselyn nimi"),
        _must("respondent", Kind.ID, "vastaaja", "vastaajatunnus", "vastaajan tunnus"),
        _must("question", Kind.TEXT, "kysymys", "väittämä"),
        _must("answer", Kind.TEXT, "vastaus"),
        _must("answered_on", Kind.DAY, "vastattu", "vastauspäivä", "vastattu pvm"),
        _ANY_REGION,
        _REGION_TYPE,
        _may("network", Kind.TEXT, *_NETWORK),
        _may(
            "respondent_group", Kind.TERM, "vastaajaryhmä", "kohderyhmä", words="respondent_group"
        ),
        _WITHDRAWN,
    ),
)

_PROGRAMME_MEASURES = Dataset(
    "programme_measures",
    (
        _must("programme", Kind.TEXT, "ohjelma", "ohjelman nimi"),
        _must("measure_no", Kind.ID, "toimenpiteen numero", "toimenpide nro", "numero", "nro"),
        _must("network", Kind.TEXT, *_NETWORK),
        _must("status", Kind.WORD, "tila", "tilanne", "vaihe", words="measure_status"),
        _must("assessed_on", Kind.DAY, *_ASSESSED),
        _may("measure", Kind.TEXT, "toimenpide", "toimenpiteen nimi"),
        _WITHDRAWN,
    ),
)

_NETWORK_EVENTS = Dataset(
    "network_events",
    (
        _must("network", Kind.TEXT, *_NETWORK),
        _must("event", Kind.TEXT, "tapahtuma", "tapahtuman nimi"),
        _must("kind", Kind.TERM, "tyyppi", "laji", "tapahtumatyyppi", words="event_kind"),
        _REGION,
        _must("starts_on", Kind.PLANNED_DAY, *_STARTS),
        _REGION_TYPE,
        _ENDS,
        _THEME,
        _ATTENDEES,
        _WITHDRAWN,
    ),
)

_STRATEGY_GOALS = Dataset(
    "strategy_goals",
    (
        _must("strategy", Kind.TEXT, "strategia", "strategian nimi"),
        _must("goal", Kind.TEXT, "päämäärä", "tavoite"),
        _must("task", Kind.TEXT, "tehtävä", "toimenpide"),
        _ANY_REGION,
        _REGION_TYPE,
        _RESPONSIBLE,
        _may("due_on", Kind.PLANNED_DAY, "määräaika", "määräpäivä", "valmis viimeistään"),
        _may("status", Kind.WORD, "tila", "tilanne", "vaihe", words="progress"),
        _may("assessed_on", Kind.DAY, *_ASSESSED),
        _WITHDRAWN,
    ),
)

_RDI_SERVICES = Dataset(
    "rdi_services",
    (
        _REGION,
        _must("service", Kind.TEXT, "palvelu", "palvelun nimi"),
        _must("provider", Kind.TEXT, "palveluntarjoaja", "tarjoaja", "tuottaja"),
        _REGION_TYPE,
        _may("kind", Kind.TERM, "tyyppi", "laji", "palvelutyyppi", words="service_kind"),
        _may("url", Kind.URL, "verkko-osoite", "osoite", "linkki", "www"),
        _WITHDRAWN,
    ),
)

_AGREEMENTS = Dataset(
    "agreements",
    (
        _REGION,
        _must("signed_on", Kind.DAY, "allekirjoitettu", "allekirjoituspäivä", "sopimuspäivä"),
        _REGION_TYPE,
        _may("parties", Kind.LIST, "sopijaosapuolet", "osapuolet", "sopimusosapuolet"),
        _may("valid_to", Kind.PLANNED_DAY, *_VALID_TO),
        _may("document_url", Kind.URL, "sopimuksen osoite", "asiakirjan osoite", "linkki"),
        _may("part_of", Kind.OUTER_REGION, "osa aluetta", "kuuluu alueeseen", "sijaintialue"),
        _WITHDRAWN,
    ),
)

_NETWORK_MEMBERS = Dataset(
    "network_members",
    (
        _must("network", Kind.TEXT, *_NETWORK),
        _must("organisation", Kind.TEXT, "organisaatio", "jäsenorganisaatio", "taho"),
        _must("role", Kind.TERM, "rooli", "tehtävä", words="role"),
        _ANY_REGION,
        _REGION_TYPE,
        _may("group", Kind.TERM, "ryhmä", "toimielin", words="group"),
        _VALID_FROM,
        _may("valid_to", Kind.PLANNED_DAY, *_VALID_TO, "jäsen asti"),
        _WITHDRAWN,
    ),
)

_DOCUMENTS = Dataset(
    "documents",
    (
        _must("title", Kind.TEXT, "nimi", "otsikko", "asiakirjan nimi"),
        _must("publisher", Kind.TEXT, "julkaisija"),
        _must("published_on", Kind.DAY, "julkaistu", "julkaisupäivä", "julkaistu pvm"),
        _ANY_REGION,
        _REGION_TYPE,
        _may("kind", Kind.TERM, "tyyppi", "laji", "asiakirjatyyppi", words="document_kind"),
        _THEME,
        _may("url", Kind.URL, "verkko-osoite", "osoite", "linkki", "www"),
        _INDICATORS,
        _WITHDRAWN,
    ),
)

_FINDINGS = Dataset(
    "findings",
    (
        _REGION,
        _must("finding", Kind.TEXT, "nosto", "havainto"),
        _must("noted_on", Kind.DAY, "havaittu", "kirjattu", "havaittu pvm", "kirjauspäivä"),
        _REGION_TYPE,
        _THEME,
        _INDICATORS,
        _may("recommended_action", Kind.TEXT, "toimintasuositus", "suositus"),
        _may("decision", Kind.TEXT, "päätös"),
        _may("decided_on", Kind.DAY, "päätetty", "päätöspäivä", "päätetty pvm"),
        _may("documents", Kind.LIST, "aineistot", "asiakirjat", "perustuu aineistoihin"),
        _WITHDRAWN,
    ),
)

DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        _MEASUREMENTS,
        _FUNDING_DECISIONS,
        _ADVICE_EVENTS,
        _TRANSFERS,
        _PLAN_BASICS,
        _PLAN_ITEMS,
        _MEETINGS,
        _SURVEY_ANSWERS,
        _PROGRAMME_MEASURES,
        _NETWORK_EVENTS,
        _STRATEGY_GOALS,
        _RDI_SERVICES,
        _AGREEMENTS,
        _NETWORK_MEMBERS,
        _DOCUMENTS,
        _FINDINGS,
    )
}
