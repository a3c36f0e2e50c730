"""Why a cell, a row or a file is rejected: every kind of reason, in English and in Finnish.

One catalogue for everything that is taken in, files of partners and answers of services alike. A
reason is a *code* with parameters; it is stored so, and worded where somebody reads it. It says to
its author what to write instead. What belongs here: the wordings, and which parameters may repeat
what was delivered. What does not: when something is rejected (the vocabulary's parsers, readers)
and of which datasets nothing may be repeated (`assets.raw.reasons`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

#: Reasons are published, and a whole page of text may stand in a cell.
_LONGEST_QUOTE = 200


class Both(NamedTuple):
    """A part of a reason that differs between the languages."""

    en: str
    fi: str


Given = str | int | Both
"""A parameter of a reason. A text may be quoted in it, shortened where it is long."""


class Reason(str):
    """A reason as its English text; `finnish` says the same.

    Args:
        kind: which wording of `REASONS`; the reason's code.
        given: its parameters, what fills the gaps of the wording; another reason may.
    """

    __slots__ = ("given", "kind")

    kind: str
    given: Mapping[str, Given]

    def __new__(cls, kind: str, **given: Given) -> Reason:  # noqa: D102 - see the class
        short = {name: _short(name, value) for name, value in given.items()}
        reason = super().__new__(cls, REASONS[kind].en.format_map(_in(short, "en")))
        reason.kind = kind
        reason.given = short
        return reason

    @property
    def finnish(self) -> str:
        """The reason in Finnish."""
        return REASONS[self.kind].fi.format_map(_in(self.given, "fi"))

    def parameters(self) -> str:
        """The parameters as JSON: texts and numbers, `{"en", "fi"}`, `{"code", "parameters"}`."""
        return json.dumps(_plain(self)["parameters"], ensure_ascii=False, sort_keys=True)

    @staticmethod
    def stored(code: str | None, parameters: str | None) -> Reason:
        """A reason as it was stored, of this release or an earlier one.

        Args:
            code: its kind; None where an earlier release stored a sentence only.
            parameters: as `parameters()` gives them.
        """
        if code is None or code not in REASONS:
            return Reason("earlier_release")
        try:
            given = json.loads(parameters or "{}")
            return Reason(code, **{name: _given(value) for name, value in given.items()})
        except (KeyError, ValueError):  # another release words it with other parameters
            return Reason("earlier_release")

    def redacted(self, is_shown: Callable[[str, str], bool], hidden: str) -> Reason:
        """The same reason without the parameters that may not be shown.

        Args:
            is_shown: whether the value of a parameter, by name and value, may be shown.
            hidden: stands for one that may not.
        """

        def shown(name: str, value: Given) -> Given:
            if isinstance(value, Reason):
                return value.redacted(is_shown, hidden)
            if isinstance(value, int):
                return value
            texts = value if isinstance(value, Both) else (str(value),)
            return value if all(is_shown(name, text) for text in texts) else hidden

        return Reason(self.kind, **{name: shown(name, value) for name, value in self.given.items()})


def as_reason(text: str) -> Reason:
    """A reason of the catalogue as it is; the message of a reader or a library wrapped in one."""
    return text if isinstance(text, Reason) else Reason("reader_message", message=text)


def finnish(reason: str) -> str:
    """A reason in Finnish, or as it is where it comes from outside the catalogue of reasons."""
    return reason.finnish if isinstance(reason, Reason) else reason


def kind_of(reason: str) -> str:
    """What kind of reason it is; one from outside the catalogue is a kind of its own."""
    return reason.kind if isinstance(reason, Reason) else reason


def _short(name: str, value: Given) -> Given:
    if not isinstance(value, str) or isinstance(value, Reason) or name in DETAILS:
        return value
    if len(value) <= _LONGEST_QUOTE:
        return value
    return f"{value[: _LONGEST_QUOTE // 2]} […] {value[-_LONGEST_QUOTE // 2 :]}"


def _in(given: Mapping[str, Given], language: str) -> Mapping[str, str | int]:
    worded: dict[str, str | int] = {}
    for name, value in given.items():
        if isinstance(value, Both):
            worded[name] = value.fi if language == "fi" else value.en
        elif isinstance(value, Reason):
            worded[name] = value.finnish if language == "fi" else str(value)
        else:
            worded[name] = value
    return worded


def _plain(value: Given) -> Any:
    if isinstance(value, Reason):
        return {
            "code": value.kind,
            "parameters": {name: _plain(given) for name, given in value.given.items()},
        }
    return {"en": value.en, "fi": value.fi} if isinstance(value, Both) else value


def _given(value: Any) -> Given:
    if not isinstance(value, dict):
        return value
    if "code" in value:
        parameters = value["parameters"].items()
        return Reason(value["code"], **{name: _given(given) for name, given in parameters})
    return Both(value["en"], value["fi"])


#: Parameters that the platform knows itself: names and codes of the catalogue, limits, days that
#: were understood, numbers of rows. Any other may repeat what was delivered, so a new one is
#: shown only where a quotation may be.
OWN = frozenset(
    {
        "at", "bound", "cadence", "cells", "codes", "column", "columns", "count", "dataset", "day",
        "end", "found", "given", "held", "hint", "indicator", "instead", "into", "known", "length",
        "line", "lines", "missing", "most", "names", "near", "nearest", "packed", "period",
        "planned", "ratio", "reason", "region", "required", "rows", "size", "source", "start",
        "status", "type", "types", "unit", "unpacked", "until", "values", "what", "width",
    }
)  # fmt: skip
#: Parameters in which a reader or a library says what it found, in a sentence.
DETAILS = frozenset({"changes", "fault", "message", "problem"})

_SAVE_AGAIN = Both(
    "open it in Excel or LibreOffice and save it again as an .xlsx workbook",
    "avaa se Excelissä tai LibreOfficessa ja tallenna uudelleen .xlsx-työkirjana",
)

REASONS: Mapping[str, Both] = {
    # -- not from this catalogue ---------------------------------------------------------------
    "reader_message": Both(
        "{message}", "lähteen tiedostoa ei voi lukea; syy englanniksi: {message}"
    ),
    "earlier_release": Both(
        "an earlier release recorded the reason as a sentence; it stands in the quarantine folder",
        "syyn on kirjannut ohjelman aiempi versio; se on karanteenikansiossa",
    ),
    # -- parts of other reasons ----------------------------------------------------------------
    "in_column": Both("{column}: {problem}", "{column}: {problem}"),
    "both_of": Both("{first}; {second}", "{first}; {second}"),
    "did_you_mean": Both(" (did you mean {near}?)", " (tarkoititko: {near}?)"),
    "report_instead": Both("; report {into} instead", "; ilmoita sen sijaan {into}"),
    # -- numbers, days, periods, ids -----------------------------------------------------------
    "not_a_number": Both(
        "{text!r} is not a number; write digits with a decimal point or comma",
        "{text!r} ei ole luku; kirjoita pelkät numerot ja tarvittaessa desimaalipilkku tai -piste",
    ),
    "number_too_large": Both(
        "{text!r} is too large to be a measured value",
        "{text!r} on liian suuri mitatuksi arvoksi; tarkista luku",
    ),
    "not_a_day": Both(
        "{text!r} is not a day; write it as 2025-03-15 or 15.3.2025",
        "{text!r} ei ole päivä; kirjoita se muodossa 15.3.2025 tai 2025-03-15",
    ),
    "day_in_the_future": Both(
        "{day} lies in the future",
        "{day} on tulevaisuudessa; sarake kertoo, mitä on jo tapahtunut",
    ),
    "day_beyond_plans": Both(
        "{day} lies beyond every plan", "{day} on vuoden 2100 jälkeen; tarkista päivä"
    ),
    "day_before_monitoring": Both(
        "{day} lies before anything that is monitored",
        "{day} on ennen vuotta 1990, josta seuranta alkaa",
    ),
    "not_a_year": Both(
        "{text!r} is not a year; write one such as 2026",
        "{text!r} ei ole vuosi; kirjoita se neljällä numerolla, esimerkiksi 2026",
    ),
    "not_a_period": Both(
        "{text!r} is not a period; write 2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, 2025-03-15 "
        "or 2024-07-01/2025-06-30",
        "{text!r} ei ole jakso; kirjoita 2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, 2025-03-15 "
        "tai 2024-07-01/2025-06-30",
    ),
    "several_periods": Both(
        "{text!r} may be more than one period here; write 2025, 2025-S1, 2025-Q2 or 2025-03",
        "{text!r} voi tarkoittaa useampaa jaksoa; kirjoita 2025, 2025-S1, 2025-Q2 tai 2025-03",
    ),
    "not_a_counted_period": Both(
        "{text!r} is no year, half-year, quarter or month to count from",
        "{text!r} ei ole vuosi, puolivuosi, vuosineljännes eikä kuukausi, josta laskea",
    ),
    # These two do not repeat what was written: a mistyped id still points at its business.
    "not_a_business_id": Both(
        "this is not a business id; one looks like 1234567-8",
        "tämä ei ole Y-tunnus; se kirjoitetaan muodossa 1234567-8",
    ),
    "business_id_check_digit": Both(
        "the check digit of the business id is wrong",
        "Y-tunnuksen tarkistusnumero ei täsmää; tarkista numerot",
    ),
    # -- regions -------------------------------------------------------------------------------
    "not_a_region": Both(
        "{text!r} is not a region of the catalogue{hint}",
        "{text!r} ei ole luettelon alue{hint}; kirjoita alueen koodi tai nimi",
    ),
    "several_regions": Both(
        "{text!r} names {count} regions; write the code: {codes}",
        "{text!r} on {count} alueen nimi; kirjoita koodi: {codes}",
    ),
    "not_of_region_type": Both(
        "{text!r} is not a region of type {type}",
        "{text!r} ei ole alue, jonka tyyppi on {type}; tarkista alue tai aluetyyppi",
    ),
    "not_a_code_of_type": Both(
        "{text!r} is not the code of a region of type {type}{hint}",
        "{text!r} ei ole sellaisen alueen koodi, jonka tyyppi on {type}{hint}",
    ),
    "not_a_region_type": Both(
        "{text!r} is not a type of region; write one of {known}",
        "{text!r} ei ole aluetyyppi; kirjoita jokin näistä: {known}",
    ),
    "iso_code": Both(
        "{text!r} is a code of ISO 3166-2, where it is {region}, and in NUTS it would be another "
        "region; write the code of {region}, or say in the column of the region's type which "
        "list it is (ISO 3166-2)",
        "{text!r} on ISO 3166-2 -koodi ja tarkoittaa siinä aluetta {region}, mutta NUTS-koodina se "
        "olisi eri alue; kirjoita {region} tai kerro aluetyypin sarakkeessa koodisto (ISO 3166-2)",
    ),
    "nuts_code_of_later": Both(
        "{region} is a code of NUTS from {day} on, and the period lies before; write the code "
        "that was in force then, or the MK code of the region",
        "{region} on NUTS-koodi vasta {day} alkaen, ja jakso on sitä ennen; kirjoita silloin "
        "voimassa ollut koodi tai maakunnan MK-koodi",
    ),
    "region_ended": Both("{region} ended on {day}{instead}", "{region} lakkasi {day}{instead}"),
    # -- words of the catalogue ----------------------------------------------------------------
    "not_a_word": Both(
        "{text!r} is not understood here; write one of {known}",
        "{text!r} ei ole mikään tämän sarakkeen sanoista; kirjoita jokin näistä: {known}",
    ),
    "not_an_indicator": Both(
        "{text!r} is not an indicator of the catalogue{hint}",
        "{text!r} ei ole luettelon mittari{hint}; mittarin voi valita mallipohjan luettelosta",
    ),
    "not_an_outer_region": Both(
        "{text!r} is not an area that contract areas lie in; write the code of one of type {types}",
        "{text!r} ei ole alue, johon sopimusseutuja kuuluu; kirjoita koodi tyypistä {types}",
    ),
    "not_a_segment": Both(
        "{text!r} is not a segment; write one of {known}",
        "{text!r} ei ole asiakassegmentti; kirjoita jokin näistä: {known}",
    ),
    "not_a_dataset": Both(
        "{text!r} is not a dataset; write one of {known}",
        "{text!r} ei ole aineisto; kirjoita jokin näistä: {known}",
    ),
    "not_a_unit": Both(
        "{text!r} is not a unit; write one of {known}",
        "{text!r} ei ole yksikkö; kirjoita jokin näistä: {known}",
    ),
    "not_a_code": Both(
        "{text!r} is not an SDMX code for {column}; write one of {known}",
        "{text!r} ei ole sarakkeen SDMX-koodi; kirjoita jokin näistä: {known}",
    ),
    "not_a_count": Both(
        "{text!r} is not a count; write a whole number such as 12",
        "{text!r} ei ole lukumäärä; kirjoita kokonaisluku, esimerkiksi 12",
    ),
    "count_too_large": Both(
        "{text!r} is too large a count", "{text!r} on liian suuri lukumäärä; tarkista luku"
    ),
    "not_a_percentage": Both(
        "{text!r} is not a share in per cent; write 0 to 100",
        "{text!r} ei ole prosenttiosuus; kirjoita luku väliltä 0–100",
    ),
    "amount_too_large": Both(
        "{amount} € is too large to be an amount of public money",
        "{amount} € on liian suuri julkisen rahoituksen määräksi; tarkista summa",
    ),
    "not_an_address": Both(
        "{text!r} is not an address on the web; write it whole, https://…",
        "{text!r} ei ole verkko-osoite; kirjoita se kokonaan, https://…",
    ),
    # -- rows ----------------------------------------------------------------------------------
    "empty": Both("{column} is empty", "pakollinen sarake {column} on tyhjä"),
    "source_not_of_indicator": Both(
        "the catalogue does not name {source} as a source of {indicator}; "
        "add it to indicator_sources.csv if it is one",
        "luettelon mukaan {source} ei ole mittarin {indicator} lähde; jos on, pyydä lisäämään se "
        "luetteloon (indicator_sources.csv)",
    ),
    "source_not_counted": Both(
        "the catalogue does not name {source} as a source of {indicator}, in "
        "which this counts; add it to indicator_sources.csv if it is one",
        "rivi lasketaan mittariin {indicator}, eikä {source} ole luettelon mukaan sen lähde; jos "
        "on, pyydä lisäämään se luetteloon (indicator_sources.csv)",
    ),
    "unit_of_another_kind": Both(
        "{indicator} is measured in {unit}, not {given}",
        "mittarin {indicator} yksikkö on {unit}, ei {given}; korjaa yksikkö tai mittari",
    ),
    "status_contradicts_value": Both(
        "status {status} says that there is no value, yet one is given",
        "tila {status} sanoo, ettei arvoa ole, mutta arvo on annettu; poista toinen niistä",
    ),
    "share_of_no_share": Both(
        "{value} % is a share, and {indicator} is measured in {unit}",
        "{value} % on osuus, mutta mittarin {indicator} yksikkö on {unit}; poista prosenttimerkki "
        "tai korjaa mittari",
    ),
    "far_from_neighbours": Both(
        "{value} {unit} is far from what {indicator} measures around it ({neighbours}); if it is "
        "right, have it accepted in accepted_values.csv",
        "{value} {unit} on kaukana siitä, mitä {indicator} on muulloin tai muualla ({neighbours}); "
        "tarkista yksikkö, tai jos luku on oikein, pyydä hyväksymään se (accepted_values.csv)",
    ),
    "euros_of_no_money": Both(
        "{value} € is an amount of money, and {indicator} is measured in {unit}",
        "{value} € on rahaa, mutta mittarin {indicator} yksikkö on {unit}; poista euromerkki tai "
        "korjaa mittari",
    ),
    "shown_in_thousands": Both(
        "the workbook shows {value} in thousands or millions, and the unit is {unit}; give the "
        "cell a number format that shows the whole number, or write the unit that is shown",
        "työkirja näyttää luvun {value} tuhansina tai miljoonina, mutta yksikkö on {unit}; "
        "muotoile solu näyttämään koko luku tai kirjoita näkyvä yksikkö",
    ),
    "fraction_or_percent": Both(
        "{text} may be {text} % or {share} %; write it with the sign: {text} % or {share} %",
        "{text} voi olla {text} % tai {share} %; kirjoita prosenttimerkki: {text} % tai {share} %",
    ),
    "period_too_fine": Both(
        "{indicator} is measured by {cadence}, and {period} is a shorter period; a spreadsheet may "
        "have made a date of it",
        "mittaria {indicator} mitataan {cadence}, ja {period} on lyhyempi jakso; taulukko-ohjelma "
        "on voinut muuttaa sen päivämääräksi",
    ),
    "number_unread": Both(
        "{text!r} holds a number that is not understood; write the number alone, such as 8.5",
        "{text!r} sisältää luvun, jota ei ymmärretä; kirjoita pelkkä luku, esimerkiksi 8,5",
    ),
    "id_shortened": Both(
        "{text!r} is a long number that a spreadsheet has shortened; format the column as text "
        "and write the whole id again",
        "{text!r} on pitkä numero, jonka taulukko-ohjelma on lyhentänyt; muotoile sarake tekstiksi "
        "ja kirjoita koko tunnus uudelleen",
    ),
    "amount_scaled": Both(
        "{text!r} is in thousands or millions; write the whole amount in euros",
        "{text!r} on tuhansina tai miljoonina; kirjoita koko summa euroina",
    ),
    "amount_shown_scaled": Both(
        "the workbook shows the amount in thousands or millions; give the cell a number format "
        "that shows all euros",
        "työkirja näyttää summan tuhansina tai miljoonina; muotoile solu näyttämään koko summa "
        "euroina",
    ),
    "below_range": Both(
        "{value} {unit} is below the valid range of {indicator} ({bound})",
        "{value} {unit} on pienempi kuin mittarin {indicator} pienin mahdollinen arvo ({bound}); "
        "tarkista luku ja yksikkö",
    ),
    "above_range": Both(
        "{value} {unit} is above the valid range of {indicator} ({bound})",
        "{value} {unit} on suurempi kuin mittarin {indicator} suurin mahdollinen arvo ({bound}); "
        "tarkista luku ja yksikkö",
    ),
    "no_day_and_no_period": Both(
        "write the day, or while it is not known the period in {column}",
        "kirjoita päivä, tai jos sitä ei vielä tiedetä, jakso sarakkeeseen {column}",
    ),
    "not_a_month": Both(
        "{text!r} is no month; write numbers from 1 to 12 or names of months, separated by ;",
        "{text!r} ei ole kuukausi; kirjoita numeroita 1–12 tai kuukausien nimiä puolipistein "
        "erotettuina",
    ),
    "negative_grant": Both(
        "an amount cannot be negative; deliver a recovery as a corrected decision",
        "summa ei voi olla negatiivinen; toimita takaisinperintä korjattuna päätöksenä",
    ),
    "negative_budget": Both(
        "a budget cannot be negative", "budjetti ei voi olla negatiivinen; tarkista luku"
    ),
    "held_far_from_plan": Both(
        "{held} is more than a year from the planned {planned}; one of them is mistyped",
        "{held} on yli vuoden päässä suunnitellusta päivästä {planned}; toinen on väärin",
    ),
    "ends_before_it_starts": Both(
        "{end} lies before {column} ({start})",
        "{end} on ennen alkua ({column}: {start}); korjaa toinen",
    ),
    "total_row": Both(
        "a total row; totals are computed by the platform",
        "summarivi; alusta laskee summat itse, poista rivi",
    ),
    "note_row": Both(
        "a note below the table or between its rows: only one cell is filled",
        "huomautus taulukon alla tai rivien välissä: vain yksi solu on täytetty; poista rivi",
    ),
    "header_again": Both(
        "the header once more, in the middle of the rows",
        "otsikkorivi toistuu rivien keskellä; poista rivi",
    ),
    "quote_open": Both(
        "a quotation mark opens a cell here and does not close it; delete the mark, or close it",
        "lainausmerkki aloittaa solun, jota mikään ei lopeta; poista merkki tai lisää loppumerkki",
    ),
    "cell_too_long": Both(
        "a cell of the line has more than 131,072 characters; shorten it",
        "rivillä on solu, jossa on yli 131 072 merkkiä; lyhennä sitä",
    ),
    "line_in_another_encoding": Both(
        "the line is in another encoding than the rest of the file; write its letters again, or "
        "save the whole file as CSV UTF-8",
        "rivi on eri merkistöllä kuin muu tiedosto; kirjoita sen kirjaimet uudelleen tai tallenna "
        "koko tiedosto muodossa CSV UTF-8",
    ),
    "letters_garbled": Both(
        "the letters of {text!r} are garbled; save the file as CSV UTF-8 and deliver it again",
        "kirjaimet ovat menneet sekaisin: {text!r}; tallenna tiedosto muodossa CSV UTF-8 ja "
        "toimita uudelleen",
    ),
    "other_width": Both(
        "the row has {cells} cells, the header {width}",
        "rivillä on {cells} solua mutta otsikkorivillä {width}; tarkista, että jokainen arvo on "
        "omassa sarakkeessaan",
    ),
    "number_both_ways": Both(
        "{text!r} reads as {whole} or as {decimal}, and no other number of the file decides it; "
        "write it without thousands separators, and with another number of decimals than three",
        "{text!r} voi olla {whole} tai {decimal}, eikä mikään muu tiedoston luku ratkaise sitä; "
        "kirjoita luku ilman tuhaterottimia ja muulla kuin kolmella desimaalilla",
    ),
    "day_both_ways": Both(
        "{text!r} reads day first or month first, and nothing in the column decides it; write it "
        "as 2025-03-15 or 15.3.2025",
        "{text!r} voi alkaa päivällä tai kuukaudella, eikä mikään sarakkeessa ratkaise sitä; "
        "kirjoita 15.3.2025 tai 2025-03-15",
    ),
    "another_sheet": Both(
        "the sheet {sheet!r} also has the columns of {dataset} (its row {line}); put it in a file "
        "of its own",
        "myös taulukossa {sheet!r} on aineiston {dataset} sarakkeet (rivi {line}); tallenna se "
        "omaksi tiedostokseen",
    ),
    "cell_shortened": Both(
        "the cell is too long for a workbook and is shortened here; deliver the row from your own "
        "file",
        "solu on liian pitkä työkirjaan ja on tässä lyhennetty; toimita rivi omasta tiedostostanne",
    ),
    # -- cells of workbooks --------------------------------------------------------------------
    "shared_number": Both(
        "one number is merged over the rows {rows}; write each row's own, for nobody can tell how "
        "it is shared",
        "yksi luku on yhdistetty riveille {rows}; kirjoita jokaiselle riville oma lukunsa",
    ),
    "formula_error": Both(
        "the formula in the cell gives an error such as #N/A; mend it, or leave the cell empty",
        "solun kaava antaa virheen, kuten #PUUTTUU!; korjaa kaava tai jätä solu tyhjäksi",
    ),
    "formula_not_calculated": Both(
        "the formula in the cell was never calculated; open the file in Excel, save it and deliver "
        "it again",
        "solun kaavaa ei ole laskettu; avaa tiedosto Excelissä, tallenna se ja toimita uudelleen",
    ),
    "boolean_no_number": Both(
        "the cell is TRUE or FALSE, which is neither a number nor an id; write the right one",
        "solussa on TOSI tai EPÄTOSI, joka ei ole luku eikä tunnus; kirjoita oikea arvo",
    ),
    "id_rounded": Both(
        "a spreadsheet has rounded this id ({text}); format the column as text and write the whole "
        "id again",
        "taulukko-ohjelma on pyöristänyt tunnuksen ({text}); muotoile sarake tekstiksi ja kirjoita "
        "koko tunnus uudelleen",
    ),
    "id_became_date": Both(
        "the cell is the date {day}, probably an id that a spreadsheet took for one; format the "
        "column as text and write the id again",
        "solussa on päivämäärä {day}, luultavasti tunnus, jonka taulukko-ohjelma muutti; muotoile "
        "sarake tekstiksi ja kirjoita tunnus uudelleen",
    ),
    "number_became_date": Both(
        "the cell is the date {day}, probably a number that Excel took for one; format the column "
        "as number or text and write it again",
        "solussa on päivämäärä {day}, luultavasti luku, jonka Excel muutti; muotoile sarake "
        "luvuksi tai tekstiksi ja kirjoita luku uudelleen",
    ),
    "month_or_day": Both(
        "the cell is the date {day}: Excel makes that of a month too, and the column holds other "
        "days; format the column as text and write the period again",
        "solussa on päivämäärä {day}, jollaiseksi Excel muuttaa kuukaudenkin; muotoile sarake "
        "tekstiksi ja kirjoita jakso uudelleen",
    ),
    # -- tables of statistical offices ---------------------------------------------------------
    "period_of_another_frequency": Both(
        "{period} is {found}, and {indicator} is measured by {cadence}",
        "jakson {period} pituus on {found}, mutta mittarin {indicator} jakso on {cadence}",
    ),
    "restricted_value": Both(
        "the source restricts this value ({text!r}); it is not published",
        "lähde on rajoittanut arvon käyttöä ({text!r}); sitä ei julkaista",
    ),
    "under_embargo": Both(
        "the source withholds this value until {until}; it is taken in after that",
        "lähde julkaisee arvon vasta {until}; se otetaan käyttöön sen jälkeen",
    ),
    "not_a_moment": Both(
        "{text!r} in {column} is no moment; nobody can tell whether the value may be published",
        "{text!r} sarakkeessa {column} ei ole ajankohta; ei tiedetä, saako arvon julkaista",
    ),
    "reporting_year": Both(
        "the reporting year of this value begins on {text}, so its period is none of the calendar",
        "arvon raportointivuosi alkaa {text}, joten sen jakso ei ole kalenterin mukainen",
    ),
    "not_a_multiplier": Both(
        "{text!r} in {column} is no power of ten, so the size of the value is not known",
        "{text!r} sarakkeessa {column} ei ole kymmenen potenssi, joten arvon suuruutta ei tiedetä",
    ),
    "multiplier_missing": Both(
        "{column} is empty here and given in other rows, so the size of the value is not known",
        "{column} puuttuu tältä riviltä mutta on muilla riveillä, joten arvon suuruutta ei tiedetä",
    ),
    "multiplier_contradicts_unit": Both(
        "{column} and the unit {unit} contradict each other, so the size of the value is not known",
        "{column} ja yksikkö {unit} ovat ristiriidassa, joten arvon suuruutta ei tiedetä",
    ),
    # -- foreign files -------------------------------------------------------------------------
    "layout_refuses": Both("{reason}", "{reason}"),
    "column_tells_rows_apart": Both(
        "The column {header!r} is not read and tells rows of one key apart ({first!r} and "
        "{second!r}). Deliver only the rows that are the whole, or have the file accepted.",
        "Saraketta {header!r} ei lueta, mutta se erottaa saman avaimen rivejä ({first!r} ja "
        "{second!r}). Toimita vain kokonaisluvut eli yhteensä-rivit, tai pyydä alustan ylläpitoa "
        "hyväksymään tiedosto.",
    ),
    "unnamed_column_tells_rows_apart": Both(
        "The column {header!r} tells rows of one key apart ({first!r} and {second!r}), and the "
        "layout {layout} does not name it. Say in the layout which rows are taken, with `only`, or "
        "deliver only those.",
        "Sarake {header!r} erottaa saman avaimen rivejä ({first!r} ja {second!r}), eikä sitä "
        "lueta. Toimita vain kokonaisluvut, tai pyydä alustan ylläpitoa valitsemaan rivit "
        "(asettelu {layout}, kohta `only`).",
    ),
    "nothing_is_taken": Both(
        "No row has {cell!r} in the column {header!r}, and the layout {layout} takes only those.",
        "Millään rivillä ei ole sarakkeessa {header!r} arvoa {cell!r}, ja vain ne rivit otetaan "
        "(asettelu {layout}).",
    ),
    "not_as_the_layout": Both(
        "{text!r} does not look as the layout expects",
        "{text!r} ei ole odotetun muotoinen; tarkista solu",
    ),
    "line_too_long_to_part": Both(
        "the line has {length:,} characters and is not taken apart",
        "rivillä on {length:,} merkkiä, eikä sitä jaeta soluihin",
    ),
    "line_not_parted": Both(
        "the line cannot be parted into cells: its separators stand in free text too, and "
        "what surrounds that does not look as expected",
        "riviä ei voi jakaa soluihin: erotinmerkkejä on myös tekstissä; poista ne siitä",
    ),
    "line_parted_in_two_ways": Both(
        "the line can be parted into cells in more than one way",
        "rivin voi jakaa soluihin useammalla tavalla; poista erotinmerkit tekstistä",
    ),
    # -- whole files ---------------------------------------------------------------------------
    "file_empty": Both("The file is empty.", "Tiedosto on tyhjä."),
    "no_delivery_suffix": Both(
        "A delivery is a .csv, .xlsx or .xls file, not {suffix}.",
        "Toimitus on .csv-, .xlsx- tai .xls-tiedosto, ei {suffix}.",
    ),
    "web_page": Both(
        "The file is a web page or XML, whatever its name says; open it in Excel and save it "
        "as an .xlsx workbook.",
        "Tiedosto on verkkosivu tai XML nimestään huolimatta; avaa se Excelissä ja tallenna "
        ".xlsx-työkirjana.",
    ),
    "no_text": Both(
        "The file is no text in UTF-8, UTF-16 or Windows-1252 ({fault}); save it again as CSV "
        "UTF-8 or as an .xlsx workbook.",
        "Tiedosto ei ole UTF-8-, UTF-16- eikä Windows-1252-tekstiä ({fault}); tallenna se "
        "uudelleen muodossa CSV UTF-8 tai .xlsx-työkirjana.",
    ),
    "binary_data": Both(
        "binary data within {length} bytes from byte {at}",
        "binääridataa tavusta {at} alkaen {length} tavun matkalla",
    ),
    "encoding_breaks": Both(
        "it breaks within {length} bytes from byte {at}",
        "merkistö katkeaa tavusta {at} alkaen {length} tavun matkalla",
    ),
    "text_not_parted": Both(
        "The file cannot be read from line {line} on: {problem}. "
        "A quotation mark is probably not closed.",
        "Tiedostoa ei voi lukea riviltä {line} eteenpäin. Luultavasti lainausmerkki puuttuu solun "
        "lopusta.",
    ),
    "line_too_long": Both(
        "Line {line} is longer than {most:,} characters; this is no table. Save "
        "it again as CSV with one row a line.",
        "Rivillä {line} on yli {most:,} merkkiä, joten tämä ei ole taulukko. Tallenna tiedosto "
        "uudelleen CSV:nä, yksi rivi rivillään.",
    ),
    "no_header": Both(
        "No header row with the columns {required} of {dataset} was found in the first {rows} "
        "rows; missing: {missing}. {nearest}",
        "Tiedostosta ei löytynyt otsikkoriviä; puuttuu: {missing}. Aineiston {dataset} pakolliset "
        "sarakkeet ovat {required}, ja otsikkorivi on {rows} ensimmäisen rivin joukossa. {nearest}",
    ),
    "header_garbled": Both(
        "The letters of the header row are garbled ({row}); save the file again as CSV UTF-8.",
        "Otsikkorivin kirjaimet ovat menneet sekaisin ({row}); tallenna tiedosto uudelleen "
        "muodossa CSV UTF-8.",
    ),
    "of_another_dataset": Both(
        "The columns are those of {other}, not of {dataset}; move the file into the folder of "
        "that name.",
        "Sarakkeet ovat aineiston {other}, eivät aineiston {dataset}; siirrä tiedosto sen nimiseen "
        "kansioon.",
    ),
    "nearest_row": Both("The nearest row reads: {row}.", "Lähin rivi on: {row}."),
    "no_row": Both("There is no row at all.", "Tiedostossa ei ole yhtään riviä."),
    "several_layouts": Both(
        "The header fits more than one layout: {names}; remove the columns that only the wrong one "
        "reads, or ask the platform to make one of them stricter.",
        "Otsikkorivi sopii useampaan tunnettuun asetteluun ({names}); poista sarakkeet, jotka "
        "kuuluvat väärään, tai pyydä tarkentamaan asettelua.",
    ),
    "most_keys_twice": Both(
        "{twice} of {keys} cells come twice with different values; a column that is not read "
        "probably tells them apart (a sex, an age). Deliver the totals only, or have the file "
        "accepted.",
        "{twice} solua {keys} solusta on tiedostossa kahdesti eri arvoilla; luultavasti jokin "
        "lukematta jäävä sarake erottaa ne (sukupuoli, ikä). Toimita vain yhteensä-rivit, tai "
        "pyydä alustan ylläpitoa hyväksymään tiedosto.",
    ),
    "hidden_sheet": Both(
        "The sheet {sheet!r}, which has the columns of {dataset}, is "
        "hidden; show it and deliver the workbook again.",
        "Taulukko {sheet!r}, jossa ovat aineiston {dataset} sarakkeet, on piilotettu; tuo se "
        "näkyviin ja toimita työkirja uudelleen.",
    ),
    "columns_differ": Both(
        "The columns {first!r} and {second!r} both mean {column} and differ; keep one of them.",
        "Sarakkeet {first!r} ja {second!r} tarkoittavat molemmat samaa ({column}) mutta eroavat; "
        "jätä niistä yksi.",
    ),
    "workbook_damaged": Both(
        f"The workbook is damaged{{problem}}; {_SAVE_AGAIN.en}.",
        f"Työkirja on vioittunut{{problem}}; {_SAVE_AGAIN.fi}.",
    ),
    "sheet_damaged": Both(
        f"The sheet {{sheet!r}} is damaged{{problem}}; {_SAVE_AGAIN.en}.",
        f"Taulukko {{sheet!r}} on vioittunut{{problem}}; {_SAVE_AGAIN.fi}.",
    ),
    "password": Both(
        "The workbook is protected by a password; take the password off (File, Info, Protect "
        "Workbook in Excel) and deliver it again.",
        "Työkirja on suojattu salasanalla; poista salasana (Excelissä Tiedosto, Tiedot, Suojaa "
        "työkirja) ja toimita uudelleen.",
    ),
    "sheet_too_large": Both(
        "The sheet {sheet} spreads over {rows:,} rows and {columns:,} columns; at most "
        "{most:,} cells are read. Delete what stands far off the table, or deliver the "
        "rows as CSV.",
        "Taulukko {sheet} ulottuu {rows:,} riville ja {columns:,} sarakkeeseen; enintään {most:,} "
        "solua luetaan. Poista se, mikä on kaukana taulukosta, tai toimita rivit CSV:nä.",
    ),
    "xls_too_large": Both(
        "The workbook has {size:,} bytes; an .xls of more than {most:,} is not "
        "read. Deliver the rows as CSV.",
        "Työkirjassa on {size:,} tavua; yli {most:,} tavun .xls-tiedostoa ei lueta. Toimita rivit "
        "CSV:nä.",
    ),
    "unpacks_too_large": Both(
        "The workbook would unpack to {unpacked:,} bytes, from {packed:,}; at most "
        "{most:,} bytes and {ratio} times its size are read. Deliver the "
        "rows as CSV.",
        "Työkirja purkautuisi {packed:,} tavusta {unpacked:,} tavuun; enintään {most:,} tavua ja "
        "{ratio} kertaa oma kokonsa luetaan. Toimita rivit CSV:nä.",
    ),
    "other_archive": Both(
        "The file is {what}; save it again as an .xlsx workbook.",
        "Tiedosto on {what}; tallenna se uudelleen .xlsx-työkirjana.",
    ),
    # -- what to know of a reading that went well ----------------------------------------------
    "hidden_rows_read": Both(
        "{rows} hidden or filtered row(s) were read",
        "luettiin myös {rows} piilotettua tai suodatettua riviä",
    ),
    "hidden_columns_read": Both(
        "{columns} hidden column(s) were read", "luettiin myös {columns} piilotettua saraketta"
    ),
    "hidden_sheet_not_read": Both(
        "the hidden sheet {sheet} was not read", "piilotettua taulukkoa {sheet} ei luettu"
    ),
    "read_by_layout": Both("read by the layout {layout}", "luettu tunnettuna taulukkona {layout}"),
    # -- answers of services -------------------------------------------------------------------
    "looks_different": Both(
        "The new edition looks different from the last one: {changes}.",
        "Uusi toimitus näyttää erilaiselta kuin edellinen: {changes}.",
    ),
    "content_not_mapped": Both(
        "The content code {code!r} is mapped to no indicator.",
        "Sisältökoodia {code!r} ei ole liitetty mittariin.",
    ),
    "area_not_mapped": Both(
        "The area code {code!r} matches no accepted pattern.",
        "Aluekoodi {code!r} ei ole minkään odotetun muotoinen.",
    ),
    "segment_not_mapped": Both(
        "The code {code!r} is mapped to no segment.",
        "Koodia {code!r} ei ole liitetty segmenttiin.",
    ),
    "not_the_fixed_value": Both(
        "The variable {variable!r} stands at {code!r}; only {values} is taken.",
        "Muuttujan {variable!r} arvo on {code!r}; vain {values} otetaan vastaan.",
    ),
    "symbol_without_meaning": Both(
        "The symbol or text {symbol!r} has no meaning in this table.",
        "Merkillä tai tekstillä {symbol!r} ei ole merkitystä tässä taulussa.",
    ),
    "symbol_denies_value": Both(
        "A value stands beside the symbol {symbol!r}, which denies it.",
        "Arvon vieressä on merkki {symbol!r}, jonka mukaan arvoa ei ole.",
    ),
    # -- the business register -----------------------------------------------------------------
    "not_a_company": Both("this is no record of a company", "tämä ei ole yrityksen tietue"),
    "no_business_id": Both("the company has no business id", "yrityksellä ei ole Y-tunnusta"),
    "business_id_again": Both(
        "another record of this delivery has this business id",
        "toimituksen toisella tietueella on sama Y-tunnus",
    ),
    "no_street_address": Both(
        "the company has no street address", "yrityksellä ei ole käyntiosoitetta"
    ),
    "only_a_postal_address": Both(
        "the company has no street address, only a postal one",
        "yrityksellä on vain postiosoite, ei käyntiosoitetta",
    ),
    "no_municipality": Both(
        "the newest street address has no municipality",
        "uusimmassa käyntiosoitteessa ei ole kuntaa",
    ),
    "two_municipalities": Both(
        "one address lies in two municipalities: {municipalities}",
        "yksi osoite on kahdessa kunnassa: {municipalities}",
    ),
    "not_a_municipality": Both(
        "{text!r} is not the code of a municipality", "{text!r} ei ole kunnan koodi"
    ),
    "before_the_register": Both(
        "{day} lies before the trade register was opened",
        "{day} on ennen kaupparekisterin perustamista",
    ),
    "no_registration_day": Both(
        "the company has no day of registration in the trade register",
        "yrityksellä ei ole merkintäpäivää kaupparekisterissä",
    ),
    "ended_before_registered": Both(
        "{end} lies before the registration on {start}", "{end} on ennen rekisteröintiä {start}"
    ),
    "not_a_text": Both(
        "this is no text of the expected form", "tämä ei ole odotetun muotoinen teksti"
    ),
    # -- files in the wrong place --------------------------------------------------------------
    "wrong_place": Both(
        "The file lies at landing/{path}; put it in landing/<source>/<dataset>/.",
        "Tiedosto on paikassa landing/{path}; siirrä se kansioon landing/<lähde>/<aineisto>/.",
    ),
    "not_a_source": Both(
        "{source!r} is not a source of the catalogue ({known}); put it in "
        "landing/<source>/<dataset>/.",
        "{source!r} ei ole luettelon lähde ({known}); siirrä tiedosto kansioon "
        "landing/<lähde>/<aineisto>/.",
    ),
    "not_a_dataset_of_source": Both(
        "{source} delivers no dataset {dataset!r} by the catalogue "
        "({known}); add it to sources.csv if it does.",
        "Luettelon mukaan {source} ei toimita aineistoa {dataset!r} ({known}); jos toimittaa, "
        "pyydä lisäämään se luetteloon (sources.csv).",
    ),
}
