"""What people are told about each column, and rows to learn from, in Finnish and English.

What belongs here: words for people. What does not: what a column is (datasets) and how its
cells are understood (understanding); a test holds the three together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assets.landing.datasets import Column, Dataset, Kind

LANGUAGES = ("fi", "en")

#: A cell of an example: text, a number, a day, or a word of a list by its code.
Cell = str | int | float | Decimal | date | bool


@dataclass(frozen=True)
class Example:
    """A filled-in delivery that is taken in as it stands.

    Attributes:
        source: who delivers it.
        rows: cells by the contract's column names; words of lists by their codes.
    """

    source: str
    rows: tuple[Mapping[str, Cell], ...]


def about(dataset: Dataset, language: str) -> str:
    """What one row of a dataset is."""
    return _ROWS[dataset.name][LANGUAGES.index(language)]


def meaning(dataset: Dataset, column: Column, language: str) -> str:
    """What a column holds, in one sentence or two."""
    told = _SPECIAL.get((dataset.name, column.name)) or _MEANINGS[column.name]
    return told[LANGUAGES.index(language)]


def writing(column: Column, language: str) -> str:
    """How cells of a column are written."""
    return _WRITING[column.kind][LANGUAGES.index(language)]


_ROWS: Mapping[str, tuple[str, str]] = {
    "measurements": (
        "Rivi on yhden mittarin arvo yhdellä alueella, segmentillä ja jaksolla.",
        "One row is one value of one indicator, region, segment and period.",
    ),
    "funding_decisions": (
        "Rivi on yksi rahoituspäätös.",
        "One row is one decision on funding.",
    ),
    "advice_events": (
        "Rivi on yksi neuvontatapahtuma.",
        "One row is one advice event.",
    ),
    "transfers": (
        "Rivi on yhden asiakkaan siirto toimijalta toiselle; sekä luovuttaja että vastaanottaja "
        "kirjaavat siirron.",
        "One row is one customer handed from one organisation to another; sender and receiver "
        "both log it.",
    ),
    "plan_basics": (
        "Rivi on alueen toimintasuunnitelman perussivu yhdeltä vuodelta.",
        "One row is the basic page of an area's action plan for one year.",
    ),
    "plan_items": (
        "Rivi on toimintasuunnitelman yksi toimenpide.",
        "One row is one measure of the action plan.",
    ),
    "meetings": (
        "Rivi on yksi vuosikellon mukainen kokous, myös pitämättä jäänyt.",
        "One row is one meeting of the annual clock, also one that was not held.",
    ),
    "survey_answers": (
        "Rivi on yhden vastaajan vastaus yhteen kysymykseen.",
        "One row is the answer of one respondent to one question.",
    ),
    "programme_measures": (
        "Rivi on ohjelman yhden toimenpiteen tila yhdessä verkostossa arviointipäivänä.",
        "One row is the status of one measure of a programme in one network on the day of the "
        "assessment.",
    ),
    "network_events": (
        "Rivi on verkoston yksi tapahtuma tai vaihe.",
        "One row is one event or phase of a network.",
    ),
    "strategy_goals": (
        "Rivi on strategian päämäärän yksi tehtävä.",
        "One row is one task under a goal of a strategy.",
    ),
    "rdi_services": (
        "Rivi on yksi TKI-palvelu.",
        "One row is one service for research, development and innovation.",
    ),
    "agreements": (
        "Rivi on yksi alueen yhteistyösopimus.",
        "One row is one agreement of an area.",
    ),
    "network_members": (
        "Rivi on yhden organisaation jäsenyys verkostossa. Henkilöitä ei kirjata.",
        "One row is the membership of one organisation in a network. Persons are not recorded.",
    ),
    "documents": (
        "Rivi on yksi tietopohjan asiakirja.",
        "One row is one document of the knowledge base.",
    ),
    "findings": (
        "Rivi on yksi tilannekuvan nosto.",
        "One row is one highlight of the situational picture.",
    ),
}

_MEANINGS: Mapping[str, tuple[str, str]] = {
    "accepted": (
        "Ottiko vastaanottaja asiakkaan.",
        "Whether the receiver took the customer on.",
    ),
    "actual": ("Toteuma, luku tai teksti.", "What came of it, a number or a text."),
    "amount_eur": (
        "Myönnetyt eurot, ei negatiivinen.",
        "Euros granted, not negative.",
    ),
    "answer": (
        "Vastaus: luku, asteikon sana tai vapaa teksti, jota ei julkaista.",
        "The answer: a number, a word of the scale, or free text, which is never published.",
    ),
    "answered_on": ("Vastauspäivä.", "Day of the answer."),
    "approved_on": (
        "Päivä, jona ohjausryhmä hyväksyi suunnitelman.",
        "Day on which the steering group approved the plan.",
    ),
    "assessed_on": ("Arviointipäivä.", "Day of the assessment."),
    "attendees": ("Osallistujien määrä.", "Number of people who attended."),
    "beneficiary": ("Saajan nimi; ei julkaista.", "Name; never published."),
    "budget_eur": ("Vuoden budjetti euroina.", "Budget of the year in euros."),
    "business_id": (
        "Asiakkaan Y-tunnus; siitä julkaistaan vain tiiviste.",
        "Business id of the customer; only a keyed hash of it leaves the raw zone.",
    ),
    "channel": ("Miten asiakas kohdattiin.", "How the customer was met."),
    "co_funders": (
        "Hankkeen muut rahoittajat; ei julkaista.",
        "Other funders of the project; never published.",
    ),
    "conf_status": (
        "SDMX-koodi; muu kuin F salaa arvon.",
        "SDMX code; with any but F the value is withheld.",
    ),
    "coordinator": ("Koordinoiva organisaatio.", "Organisation that co-ordinates."),
    "decided_on": ("Päätöksen päivä.", "Day of the decision."),
    "decision": ("Mitä päätettiin.", "What was decided."),
    "decision_id": (
        "Päätöksen tunnus omassa järjestelmässänne.",
        "Your id of the decision; the key.",
    ),
    "document_url": ("Sopimuksen osoite verkossa.", "Address of the agreement on the web."),
    "documents": (
        "Tietopohjan aineistot, joihin nosto nojaa: nimiä tai verkko-osoitteita.",
        "Documents of the knowledge base that it rests on, by title or address.",
    ),
    "due_on": ("Päivä, johon mennessä tehtävä on valmis.", "Day by which it is to be done."),
    "ends_on": ("Viimeinen päivä.", "Last day, included."),
    "event": ("Tapahtuman nimi.", "Name of the event."),
    "event_id": (
        "Tapahtuman tunnus omassa järjestelmässänne.",
        "Your id of the event; the key.",
    ),
    "finding": ("Nosto: mitä alueesta havaittiin.", "What was noted about the region."),
    "from_actor": (
        "Organisaatio, joka siirsi asiakkaan.",
        "Organisation that handed the customer over.",
    ),
    "goal": ("Strategian päämäärä.", "Goal of the strategy."),
    "granted_on": ("Päätöspäivä.", "Day of the decision, not in the future."),
    "group": (
        "Ohjausryhmä, työryhmä tai muu ryhmä.",
        "Steering group, working group or another group.",
    ),
    "happened_on": ("Tapahtumapäivä.", "Day of the event, not in the future."),
    "held_on": (
        "Päivä, jona kokous pidettiin; tyhjä, jos ei pidetty.",
        "Day on which it was held; empty where it was not.",
    ),
    "indicator": (
        "Mittarin tunnus tai nimi mittariluettelossa; lähteenne on oltava sen lähde.",
        "Id of the indicator, or its Finnish or English name; your source must be listed for it.",
    ),
    "indicators": (
        "Mittarit, joita asia koskee.",
        "Indicators that it is about, by id or name.",
    ),
    "instrument": ("Avustus, laina, takaus …", "Grant, loan, guarantee …"),
    "kind": ("Tyyppi.", "What sort it is."),
    "measure": ("Mitä tehdään.", "What is done."),
    "measure_no": ("Toimenpiteen numero ohjelmassa.", "Number of the measure in the programme."),
    "mission": ("Yhteistyön missio.", "Mission of the co-operation."),
    "network": ("Verkoston nimi.", "Name of the network."),
    "note": ("Vapaa teksti; ei julkaista.", "Free text; never published."),
    "noted_on": (
        "Kirjauspäivä; luvut ovat niin kuin ne sinä päivänä tiedettiin.",
        "Day on which it was noted; figures count as they were known that day.",
    ),
    "objective": ("Mitä tavoitellaan.", "What is to be reached."),
    "organisation": ("Jäsenorganisaatio.", "Organisation that is a member."),
    "part_of": (
        "Alue, jossa sopimusseutu sijaitsee; kertoo, mitkä alueet ovat täynnä sopimuksia.",
        "Area that the contract area lies in; it tells which areas have agreements in full.",
    ),
    "parties": ("Osapuolina olevat organisaatiot.", "Organisations that are party to it."),
    "period": ("Jakso, jota arvo koskee.", "Period that the value is about."),
    "planned_on": (
        "Päivä, jolle kokous oli vuosikellossa suunniteltu.",
        "Day for which the annual clock had planned the meeting.",
    ),
    "priorities": ("Vuoden painopisteet.", "Priorities of the year."),
    "programme": ("Ohjelman nimi.", "Name of the programme."),
    "progress_pct": (
        "Toteumaprosentti; kirjoita 85, ei 0,85.",
        "How much is carried out, in per cent; write 85, not 0.85.",
    ),
    "project": ("Hankkeen nimi; ei julkaista.", "Name of the project; never published."),
    "project_id": (
        "Hankkeen tunnus, sama kaikilla rahoittajilla.",
        "Id of the project that the decision belongs to, shared by its funders.",
    ),
    "provider": ("Palvelun tarjoava organisaatio.", "Organisation that provides the service."),
    "published_on": ("Julkaisupäivä.", "Day of publication."),
    "publisher": ("Julkaissut organisaatio.", "Organisation that published it."),
    "purpose": (
        "Kehittäminen (oletus) tai investointi.",
        "What the funding is for; development where empty.",
    ),
    "question": ("Kysymys tai väittämä.", "Question or statement."),
    "recommended_action": ("Toimintasuositus.", "What is recommended."),
    "region": ("Alue.", "The region."),
    "region_type": (
        "Alueen tyyppi, jos nimi on monen alueen.",
        "Type of the region, where its name is that of several.",
    ),
    "respondent": (
        "Vastaajan tunnus kyselyssä, ei nimi; siitä julkaistaan vain tiiviste.",
        "Id of the respondent in the survey, not a name; only a keyed hash leaves the raw zone.",
    ),
    "respondent_group": ("Ryhmä, johon vastaaja kuuluu.", "Group that the respondent belongs to."),
    "responsible": (
        "Vastuuorganisaatio tai -rooli, ei henkilön nimi; ei julkaista.",
        "Organisation or role that answers for it, not a person; never published.",
    ),
    "role": ("Jäsenen rooli.", "Role of the member."),
    "section": (
        "Suunnitelman osio: yhteistyön kehittäminen tai asiakassegmentti.",
        "Section of the plan: developing co-operation, or a customer segment.",
    ),
    "segment": (
        "Asiakassegmentti; tyhjä tarkoittaa kaikkia.",
        "Customer segment; all customers where empty.",
    ),
    "service": ("Palvelun nimi.", "Name of the service."),
    "signed_on": ("Allekirjoituspäivä.", "Day of signing."),
    "starts_on": ("Ensimmäinen päivä.", "First day."),
    "status": ("Missä vaiheessa ollaan.", "How far it has come."),
    "strategy": ("Strategian nimi.", "Name of the strategy."),
    "survey": ("Kyselyn nimi.", "Name of the survey."),
    "target": ("Tavoitearvo, luku tai teksti.", "What is planned, a number or a text."),
    "task": ("Päämäärän tehtävä.", "Task under the goal."),
    "theme": ("Teema.", "Theme."),
    "title": ("Asiakirjan nimi.", "Title of the document."),
    "to_actor": (
        "Organisaatio, jolle asiakas siirrettiin.",
        "Organisation that received the customer.",
    ),
    "topic": ("Kokouksen aihe.", "What the meeting was about."),
    "transfer_id": (
        "Siirron tunnus omassa järjestelmässänne.",
        "Id of the transfer in your own log; the key.",
    ),
    "unit": (
        "Arvon yksikkö; tyhjä tarkoittaa mittarin yksikköä.",
        "Unit of the value, such as 1000 €; where empty, the indicator's. It is converted.",
    ),
    "url": ("Osoite verkossa.", "Address on the web."),
    "valid_from": ("Jäsenyyden ensimmäinen päivä.", "First day of the membership."),
    "valid_to": (
        "Viimeinen voimassaolopäivä; tyhjä, jos loppua ei tiedetä.",
        "Last day on which it holds, included; empty where no end is known.",
    ),
    "value": (
        "Luku; puuttuva arvo on tyhjä tai pisteitä, ja sarake tila kertoo miksi.",
        "The number; a missing one is empty or dots, and status says why.",
    ),
    "vision": ("Yhteistyön visio.", "Vision of the co-operation."),
    "withdrawn": (
        "Kyllä, jos aiemmin toimitettu rivi perutaan: toimita rivi uudelleen tämä lisättynä.",
        "Yes takes back a row that was delivered before: deliver it again with this added.",
    ),
    "year": ("Suunnitelman vuosi.", "Year of the plan."),
}

_SPECIAL: Mapping[tuple[str, str], tuple[str, str]] = {
    ("measurements", "status"): (
        "SDMX-koodi: miksi arvo puuttuu tai miten siihen on suhtauduttava.",
        "SDMX code: why the value is missing, or how it is to be taken.",
    ),
    ("funding_decisions", "period"): (
        "Jakso, johon päätös lasketaan, jos se ei ole päätöspäivän vuosineljännes.",
        "Period in which it counts, where that is not the quarter of the decision.",
    ),
    ("advice_events", "topic"): (
        "Neuvonnan aihe; ei julkaista.",
        "What the advice was about; never published.",
    ),
    ("plan_items", "indicator"): (
        "Toimenpiteen mittari: mittariluettelon tunnus tai nimi, tai oma teksti.",
        "How the measure is measured: an indicator by id or name, or words of your own.",
    ),
    ("programme_measures", "measure"): ("Toimenpiteen nimi.", "Name of the measure."),
}

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
    Kind.UNIT: ("Jokin luettelon yksiköistä.", "One of the units of the list."),
    Kind.OBS_STATUS: ("Yksi kirjain luettelosta.", "One letter of the list."),
    Kind.CONF_STATUS: ("Yksi kirjain luettelosta.", "One letter of the list."),
    Kind.MONEY: ("Euroja, kuten 45 000,00.", "Euros, such as 45000.00."),
    Kind.COUNT: ("Kokonaisluku.", "A whole number."),
    Kind.PERCENT: ("Luku 0–100.", "A number from 0 to 100."),
    Kind.BUSINESS_ID: ("Muodossa 1234567-8.", "Written as 1234567-8."),
}

EXAMPLES: Mapping[str, Example] = {
    "measurements": Example(
        "coordinator",
        (
            {
                "indicator": "meeting_activity",
                "region": "SK181",
                "period": "2025",
                "value": 87.5,
            },
            {
                "indicator": "meeting_activity",
                "region": "SK182",
                "period": "2025",
                "status": "L",
            },
            {
                "indicator": "steering_self_assessment",
                "region": "SK181",
                "period": "2025",
                "value": 4.1,
            },
        ),
    ),
    "funding_decisions": Example(
        "evk",
        (
            {
                "decision_id": "EVK-2026-17",
                "region": "KU205",
                "granted_on": date(2026, 3, 15),
                "amount_eur": Decimal("45000.00"),
                "business_id": "0201256-6",
                "project_id": "H-2026-4",
                "purpose": "development",
                "segment": "local_small",
            },
            {
                "decision_id": "EVK-2026-18",
                "region": "KU564",
                "granted_on": date(2026, 3, 16),
                "amount_eur": Decimal("120000.50"),
                "purpose": "investment",
                "segment": "domestic_sme",
                "period": "2026-Q2",
                "co_funders": "Finnvera; Business Finland",
            },
        ),
    ),
    "advice_events": Example(
        "development_company",
        (
            {
                "event_id": "A-1001",
                "region": "SK181",
                "happened_on": date(2025, 3, 15),
                "segment": "founder",
                "channel": "phone",
            },
            {
                "event_id": "A-1002",
                "region": "SK181",
                "happened_on": date(2025, 3, 17),
                "business_id": "0201256-6",
                "segment": "local_small",
                "channel": "meeting",
            },
        ),
    ),
    "transfers": Example(
        "development_company",
        (
            {
                "transfer_id": "S-31",
                "from_actor": "development_company",
                "to_actor": "Business Finland",
                "happened_on": date(2025, 9, 2),
                "business_id": "0201256-6",
                "region": "SK181",
                "segment": "international_sme",
                "accepted": "yes",
            },
            {
                "transfer_id": "S-32",
                "from_actor": "enterprise_agency",
                "to_actor": "development_company",
                "happened_on": date(2025, 9, 4),
                "accepted": "no",
            },
        ),
    ),
    "plan_basics": Example(
        "coordinator",
        (
            {
                "region": "SS07",
                "year": 2026,
                "mission": "Yrityspalvelut yhdeltä luukulta",
                "vision": "Alueen yritykset löytävät palvelun kerralla",
                "parties": "Kehitysyhtiö; ELY-keskus; Uusyrityskeskus",
                "coordinator": "Kehitysyhtiö",
                "priorities": "Kasvu ja omistajanvaihdokset",
                "budget_eur": Decimal("25000.00"),
                "approved_on": date(2025, 12, 11),
            },
        ),
    ),
    "plan_items": Example(
        "coordinator",
        (
            {
                "region": "SS07",
                "year": 2026,
                "section": "Kasvavat yritykset",
                "objective": "Kasvuyritykset tunnistetaan yhdessä",
                "measure": "Kasvuryhmä kokoontuu kuukausittain",
                "segment": "domestic_sme",
                "indicator": "growth_enterprises",
                "responsible": "Kehitysyhtiö",
                "starts_on": date(2026, 1, 1),
                "ends_on": date(2026, 12, 31),
                "target": "12",
                "actual": "7",
                "progress_pct": 60,
                "status": "in_progress",
            },
            {
                "region": "SS07",
                "year": 2026,
                "section": "Yhteistyön kehittäminen",
                "objective": "Siirrot kirjataan",
                "measure": "Yhteinen kirjausohje",
                "indicator": "Kirjattujen siirtojen osuus",
                "status": "done",
            },
        ),
    ),
    "meetings": Example(
        "coordinator",
        (
            {
                "region": "SS07",
                "group": "steering_group",
                "planned_on": date(2026, 1, 20),
                "held_on": date(2026, 1, 22),
                "attendees": 9,
                "topic": "Vuoden painopisteet",
            },
            {
                "region": "SS07",
                "group": "working_group",
                "planned_on": date(2026, 2, 10),
            },
        ),
    ),
    "survey_answers": Example(
        "survey",
        (
            {
                "survey": "Kumppanuusbarometri",
                "respondent": "V-001",
                "question": "Yhteistyö on edistänyt alueen kehitystä",
                "answer": "samaa mieltä",
                "answered_on": date(2025, 11, 3),
                "region": "MK02",
                "network": "Kestävä ruoka",
                "respondent_group": "member",
            },
            {
                "survey": "Verkostokysely",
                "respondent": "V-002",
                "question": "Arvio yhteistyöstä (1–5)",
                "answer": "4",
                "answered_on": date(2025, 11, 4),
                "region": "SK181",
                "respondent_group": "stakeholder",
            },
        ),
    ),
    "programme_measures": Example(
        "council",
        (
            {
                "programme": "Maakuntaohjelma 2018–2021",
                "measure_no": "4",
                "network": "Kestävä ruoka",
                "status": "established",
                "assessed_on": date(2020, 11, 30),
                "measure": "Lähiruoan hankinnat",
            },
            {
                "programme": "Maakuntaohjelma 2018–2021",
                "measure_no": "4",
                "network": "Kiertotalous",
                "status": "in_preparation",
                "assessed_on": date(2020, 11, 30),
                "measure": "Lähiruoan hankinnat",
            },
        ),
    ),
    "network_events": Example(
        "coordinator",
        (
            {
                "network": "SIXNET",
                "event": "Roadshow Seinäjoki",
                "kind": "roadshow",
                "region": "KU743",
                "starts_on": date(2026, 4, 14),
                "ends_on": date(2026, 4, 15),
                "theme": "Robotiikka",
                "attendees": 84,
            },
            {
                "network": "SIXNET",
                "event": "Teollisuuden pyöreä pöytä",
                "kind": "round_table",
                "region": "KU837",
                "starts_on": date(2026, 9, 1),
            },
        ),
    ),
    "strategy_goals": Example(
        "council",
        (
            {
                "strategy": "Seutukaupunkien innovaatioverkosto 2027",
                "goal": "Osaaminen kasvaa",
                "task": "TKI-vastaava jokaisessa kaupungissa",
                "region": "KU598",
                "responsible": "Elinkeinojohto",
                "due_on": date(2027, 12, 31),
                "status": "in_progress",
                "assessed_on": date(2026, 6, 1),
            },
        ),
    ),
    "rdi_services": Example(
        "council",
        (
            {
                "region": "KU205",
                "service": "Mittaustekniikan testiympäristö",
                "provider": "Ammattikorkeakoulu",
                "kind": "testing",
                "url": "https://example.org/testi",
            },
        ),
    ),
    "agreements": Example(
        "coordinator",
        (
            {
                "region": "SS07",
                "signed_on": date(2024, 5, 20),
                "parties": "Kehitysyhtiö; ELY-keskus; Uusyrityskeskus",
                "valid_to": date(2027, 12, 31),
                "document_url": "https://example.org/sopimus.pdf",
                "part_of": "EVK09",
            },
        ),
    ),
    "network_members": Example(
        "council",
        (
            {
                "network": "Kestävä ruoka",
                "organisation": "Maakunnan liitto",
                "role": "chair",
                "region": "MK02",
                "group": "steering_group",
                "valid_from": date(2018, 1, 1),
            },
            {
                "network": "Kestävä ruoka",
                "organisation": "ProAgria",
                "role": "member",
                "valid_from": date(2018, 1, 1),
                "valid_to": date(2021, 12, 31),
            },
        ),
    ),
    "documents": Example(
        "council",
        (
            {
                "title": "Alueellinen ennakointiraportti 2025",
                "publisher": "Maakunnan liitto",
                "published_on": date(2025, 10, 1),
                "region": "MK18",
                "kind": "foresight_report",
                "theme": "Työvoima",
                "url": "https://example.org/raportti",
                "indicators": "unemployed; labour_force",
            },
        ),
    ),
    "findings": Example(
        "council",
        (
            {
                "region": "MK18",
                "finding": "Työttömyys laskee, mutta avoimia paikkoja on vähemmän",
                "noted_on": date(2026, 5, 12),
                "theme": "Työvoima",
                "indicators": "unemployed; open_vacancies",
                "recommended_action": "Kohdennetaan muuntokoulutusta",
                "decision": "Hyväksyttiin",
                "decided_on": date(2026, 6, 15),
                "documents": "Alueellinen ennakointiraportti 2025",
            },
        ),
    ),
}
