"""Why a cell is rejected: a word, a number, a day, an id or a region that is not understood."""

from __future__ import annotations

from collections.abc import Mapping

from assets.vocabulary.reasons.both import Both

CELLS: Mapping[str, Both] = {
    # -- numbers, days, periods, ids ---------------------------------------------------------------
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
    "not_a_month": Both(
        "{text!r} is no month; write numbers from 1 to 12 or names of months, separated by ;",
        "{text!r} ei ole kuukausi; kirjoita numeroita 1–12 tai kuukausien nimiä puolipistein "
        "erotettuina",
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
    # -- regions -----------------------------------------------------------------------------------
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
    # -- words of the catalogue --------------------------------------------------------------------
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
    # -- cells of workbooks ------------------------------------------------------------------------
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
}
