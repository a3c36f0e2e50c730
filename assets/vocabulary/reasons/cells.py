"""Why a cell is rejected: a word, a number, a day, an id or a region that is not understood."""

from __future__ import annotations

from collections.abc import Mapping

from assets.languages import Text

CELLS: Mapping[str, Text] = {
    # -- numbers, days, periods, ids ---------------------------------------------------------------
    "not_a_number": Text(
        fi="{text!r} ei ole luku; kirjoita pelkät numerot ja tarvittaessa desimaalipilkku tai "
        "-piste",
        sv="{text!r} är inte ett tal; skriv bara siffror och vid behov decimalkomma eller "
        "decimalpunkt",
        en="{text!r} is not a number; write digits with a decimal point or comma",
    ),
    "number_too_large": Text(
        fi="{text!r} on liian suuri mitatuksi arvoksi; tarkista luku",
        sv="{text!r} är för stort för ett uppmätt värde; kontrollera talet",
        en="{text!r} is too large to be a measured value",
    ),
    "not_a_day": Text(
        fi="{text!r} ei ole päivä; kirjoita se muodossa 15.3.2025 tai 2025-03-15",
        sv="{text!r} är inte en dag; skriv den i formen 15.3.2025 eller 2025-03-15",
        en="{text!r} is not a day; write it as 2025-03-15 or 15.3.2025",
    ),
    "day_in_the_future": Text(
        fi="{day} on tulevaisuudessa; sarake kertoo, mitä on jo tapahtunut",
        sv="{day} ligger i framtiden; kolumnen anger vad som redan har hänt",
        en="{day} lies in the future",
    ),
    "day_beyond_plans": Text(
        fi="{day} on vuoden 2100 jälkeen; tarkista päivä",
        sv="{day} är efter år 2100; kontrollera dagen",
        en="{day} lies beyond every plan",
    ),
    "day_before_monitoring": Text(
        fi="{day} on ennen vuotta 1990, josta seuranta alkaa",
        sv="{day} är före år 1990, då uppföljningen börjar",
        en="{day} lies before anything that is monitored",
    ),
    "not_a_year": Text(
        fi="{text!r} ei ole vuosi; kirjoita se neljällä numerolla, esimerkiksi 2026",
        sv="{text!r} är inte ett år; skriv det med fyra siffror, till exempel 2026",
        en="{text!r} is not a year; write one such as 2026",
    ),
    "not_a_period": Text(
        fi="{text!r} ei ole jakso; kirjoita 2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, "
        "2025-03-15 tai 2024-07-01/2025-06-30",
        sv="{text!r} är inte en period; skriv 2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, "
        "2025-03-15 eller 2024-07-01/2025-06-30",
        en="{text!r} is not a period; write 2025, 2025-S1, 2025-Q2, 2025-03, 2025-W07, "
        "2025-03-15 or 2024-07-01/2025-06-30",
    ),
    "several_periods": Text(
        fi="{text!r} voi tarkoittaa useampaa jaksoa; kirjoita 2025, 2025-S1, 2025-Q2 tai 2025-03",
        sv="{text!r} kan betyda flera perioder; skriv 2025, 2025-S1, 2025-Q2 eller 2025-03",
        en="{text!r} may be more than one period here; write 2025, 2025-S1, 2025-Q2 or 2025-03",
    ),
    "not_a_month": Text(
        fi="{text!r} ei ole kuukausi; kirjoita numeroita 1–12 tai kuukausien nimiä puolipistein "
        "erotettuina",
        sv="{text!r} är inte en månad; skriv siffror 1–12 eller namn på månader, åtskilda med "
        "semikolon",
        en="{text!r} is no month; write numbers from 1 to 12 or names of months, separated by ;",
    ),
    "not_a_counted_period": Text(
        fi="{text!r} ei ole vuosi, puolivuosi, vuosineljännes eikä kuukausi, josta laskea",
        sv="{text!r} är inget år, halvår, kvartal eller någon månad att räkna från",
        en="{text!r} is no year, half-year, quarter or month to count from",
    ),
    # These two do not repeat what was written: a mistyped id still points at its business.
    "not_a_business_id": Text(
        fi="tämä ei ole Y-tunnus; se kirjoitetaan muodossa 1234567-8",
        sv="det här är inte ett FO-nummer; det skrivs i formen 1234567-8",
        en="this is not a business id; one looks like 1234567-8",
    ),
    "business_id_check_digit": Text(
        fi="Y-tunnuksen tarkistusnumero ei täsmää; tarkista numerot",
        sv="FO-numrets kontrollsiffra stämmer inte; kontrollera siffrorna",
        en="the check digit of the business id is wrong",
    ),
    # -- regions -----------------------------------------------------------------------------------
    "not_a_region": Text(
        fi="{text!r} ei ole luettelon alue{hint}; kirjoita alueen koodi tai nimi",
        sv="{text!r} är inte ett område i förteckningen{hint}; skriv områdets kod eller namn",
        en="{text!r} is not a region of the catalogue{hint}",
    ),
    "several_regions": Text(
        fi="{text!r} on {count} alueen nimi; kirjoita koodi: {codes}",
        sv="{text!r} är namnet på {count} områden; skriv koden: {codes}",
        en="{text!r} names {count} regions; write the code: {codes}",
    ),
    "not_of_region_type": Text(
        fi="{text!r} ei ole alue, jonka tyyppi on {type}; tarkista alue tai aluetyyppi",
        sv="{text!r} är inte ett område av typen {type}; kontrollera området eller områdestypen",
        en="{text!r} is not a region of type {type}",
    ),
    "not_a_code_of_type": Text(
        fi="{text!r} ei ole sellaisen alueen koodi, jonka tyyppi on {type}{hint}",
        sv="{text!r} är inte koden för ett område av typen {type}{hint}",
        en="{text!r} is not the code of a region of type {type}{hint}",
    ),
    "not_a_region_type": Text(
        fi="{text!r} ei ole aluetyyppi; kirjoita jokin näistä: {known}",
        sv="{text!r} är inte en områdestyp; skriv en av följande: {known}",
        en="{text!r} is not a type of region; write one of {known}",
    ),
    "iso_code": Text(
        fi="{text!r} on ISO 3166-2 -koodi ja tarkoittaa siinä aluetta {region}, mutta "
        "NUTS-koodina se olisi eri alue; kirjoita {region} tai kerro aluetyypin sarakkeessa "
        "koodisto (ISO 3166-2)",
        sv="{text!r} är en ISO 3166-2-kod och betyder där {region}, men som NUTS-kod skulle den "
        "vara ett annat område; skriv {region} eller ange kodlistan (ISO 3166-2) i kolumnen för "
        "områdestyp",
        en="{text!r} is a code of ISO 3166-2, where it is {region}, and in NUTS it would be "
        "another region; write the code of {region}, or say in the column of the region's type "
        "which list it is (ISO 3166-2)",
    ),
    "nuts_code_of_later": Text(
        fi="{region} on NUTS-koodi vasta {day} alkaen, ja jakso on sitä ennen; kirjoita silloin "
        "voimassa ollut koodi tai maakunnan MK-koodi",
        sv="{region} är en NUTS-kod först från {day}, och perioden ligger före det; skriv den "
        "kod som gällde då eller landskapets MK-kod",
        en="{region} is a code of NUTS from {day} on, and the period lies before; write the "
        "code that was in force then, or the MK code of the region",
    ),
    "region_ended": Text(
        fi="{region} lakkasi {day}{instead}",
        sv="{region} upphörde {day}{instead}",
        en="{region} ended on {day}{instead}",
    ),
    # -- words of the catalogue --------------------------------------------------------------------
    "not_a_word": Text(
        fi="{text!r} ei ole mikään tämän sarakkeen sanoista; kirjoita jokin näistä: {known}",
        sv="{text!r} är inget av kolumnens ord; skriv ett av följande: {known}",
        en="{text!r} is not understood here; write one of {known}",
    ),
    "not_an_indicator": Text(
        fi="{text!r} ei ole luettelon mittari{hint}; mittarin voi valita mallipohjan luettelosta",
        sv="{text!r} är inte en indikator i förteckningen{hint}; indikatorn kan väljas ur "
        "mallens lista",
        en="{text!r} is not an indicator of the catalogue{hint}",
    ),
    "not_an_outer_region": Text(
        fi="{text!r} ei ole alue, johon sopimusseutuja kuuluu; kirjoita koodi tyypistä {types}",
        sv="{text!r} är inte ett område som avtalsregioner hör till; skriv en kod av typen {types}",
        en="{text!r} is not an area that contract areas lie in; write the code of one of type "
        "{types}",
    ),
    "not_a_segment": Text(
        fi="{text!r} ei ole asiakassegmentti; kirjoita jokin näistä: {known}",
        sv="{text!r} är inte ett kundsegment; skriv ett av följande: {known}",
        en="{text!r} is not a segment; write one of {known}",
    ),
    "not_a_dataset": Text(
        fi="{text!r} ei ole aineisto; kirjoita jokin näistä: {known}",
        sv="{text!r} är inte ett material; skriv ett av följande: {known}",
        en="{text!r} is not a dataset; write one of {known}",
    ),
    "not_a_unit": Text(
        fi="{text!r} ei ole yksikkö; kirjoita jokin näistä: {known}",
        sv="{text!r} är inte en enhet; skriv en av följande: {known}",
        en="{text!r} is not a unit; write one of {known}",
    ),
    "not_a_code": Text(
        fi="{text!r} ei ole sarakkeen SDMX-koodi; kirjoita jokin näistä: {known}",
        sv="{text!r} är inte en SDMX-kod för kolumnen; skriv en av följande: {known}",
        en="{text!r} is not an SDMX code for {column}; write one of {known}",
    ),
    "not_a_count": Text(
        fi="{text!r} ei ole lukumäärä; kirjoita kokonaisluku, esimerkiksi 12",
        sv="{text!r} är inte ett antal; skriv ett heltal, till exempel 12",
        en="{text!r} is not a count; write a whole number such as 12",
    ),
    "count_too_large": Text(
        fi="{text!r} on liian suuri lukumäärä; tarkista luku",
        sv="{text!r} är ett för stort antal; kontrollera talet",
        en="{text!r} is too large a count",
    ),
    "not_a_percentage": Text(
        fi="{text!r} ei ole prosenttiosuus; kirjoita luku väliltä 0–100",
        sv="{text!r} är inte en andel i procent; skriv ett tal mellan 0 och 100",
        en="{text!r} is not a share in per cent; write 0 to 100",
    ),
    "amount_too_large": Text(
        fi="{amount} € on liian suuri julkisen rahoituksen määräksi; tarkista summa",
        sv="{amount} € är ett för stort belopp för offentlig finansiering; kontrollera beloppet",
        en="{amount} € is too large to be an amount of public money",
    ),
    "not_an_address": Text(
        fi="{text!r} ei ole verkko-osoite; kirjoita se kokonaan, https://…",
        sv="{text!r} är inte en webbadress; skriv hela adressen, https://…",
        en="{text!r} is not an address on the web; write it whole, https://…",
    ),
    # -- cells of workbooks ------------------------------------------------------------------------
    "shared_number": Text(
        fi="yksi luku on yhdistetty riveille {rows}; kirjoita jokaiselle riville oma lukunsa",
        sv="ett tal är sammanslaget över raderna {rows}; skriv ett eget tal på varje rad",
        en="one number is merged over the rows {rows}; write each row's own, for nobody can "
        "tell how it is shared",
    ),
    "formula_error": Text(
        fi="solun kaava antaa virheen, kuten #PUUTTUU!; korjaa kaava tai jätä solu tyhjäksi",
        sv="cellens formel ger ett fel, till exempel #SAKNAS!; rätta formeln eller lämna cellen "
        "tom",
        en="the formula in the cell gives an error such as #N/A; mend it, or leave the cell empty",
    ),
    "formula_not_calculated": Text(
        fi="solun kaavaa ei ole laskettu; avaa tiedosto Excelissä, tallenna se ja toimita "
        "uudelleen",
        sv="cellens formel har inte beräknats; öppna filen i Excel, spara den och leverera den "
        "på nytt",
        en="the formula in the cell was never calculated; open the file in Excel, save it and "
        "deliver it again",
    ),
    "boolean_no_number": Text(
        fi="solussa on TOSI tai EPÄTOSI, joka ei ole luku eikä tunnus; kirjoita oikea arvo",
        sv="cellen är SANT eller FALSKT, som varken är ett tal eller en kod; skriv det rätta "
        "värdet",
        en="the cell is TRUE or FALSE, which is neither a number nor an id; write the right one",
    ),
    "id_rounded": Text(
        fi="taulukko-ohjelma on pyöristänyt tunnuksen ({text}); muotoile sarake tekstiksi ja "
        "kirjoita koko tunnus uudelleen",
        sv="kalkylprogrammet har avrundat koden ({text}); formatera kolumnen som text och skriv "
        "hela koden på nytt",
        en="a spreadsheet has rounded this id ({text}); format the column as text and write the "
        "whole id again",
    ),
    "id_became_date": Text(
        fi="solussa on päivämäärä {day}, luultavasti tunnus, jonka taulukko-ohjelma muutti; "
        "muotoile sarake tekstiksi ja kirjoita tunnus uudelleen",
        sv="cellen innehåller datumet {day}, troligen en kod som kalkylprogrammet har ändrat; "
        "formatera kolumnen som text och skriv koden på nytt",
        en="the cell is the date {day}, probably an id that a spreadsheet took for one; format "
        "the column as text and write the id again",
    ),
    "number_became_date": Text(
        fi="solussa on päivämäärä {day}, luultavasti luku, jonka Excel muutti; muotoile sarake "
        "luvuksi tai tekstiksi ja kirjoita luku uudelleen",
        sv="cellen innehåller datumet {day}, troligen ett tal som Excel har ändrat; formatera "
        "kolumnen som tal eller text och skriv talet på nytt",
        en="the cell is the date {day}, probably a number that Excel took for one; format the "
        "column as number or text and write it again",
    ),
    "month_or_day": Text(
        fi="solussa on päivämäärä {day}, jollaiseksi Excel muuttaa kuukaudenkin; muotoile "
        "sarake tekstiksi ja kirjoita jakso uudelleen",
        sv="cellen innehåller datumet {day}, som Excel gör även av en månad; formatera kolumnen "
        "som text och skriv perioden på nytt",
        en="the cell is the date {day}: Excel makes that of a month too, and the column holds "
        "other days; format the column as text and write the period again",
    ),
}
