"""Why an answer of a service, or a cell or record of one, is rejected."""

from __future__ import annotations

from collections.abc import Mapping

from assets.languages import Text

SERVICES: Mapping[str, Text] = {
    # -- tables of statistical offices -------------------------------------------------------------
    "period_of_another_frequency": Text(
        fi="jakson {period} pituus on {found}, mutta mittarin {indicator} jakso on {cadence}",
        sv="perioden {period} är {found}, men perioden för indikatorn {indicator} är {cadence}",
        en="{period} is {found}, and {indicator} is measured by {cadence}",
    ),
    "restricted_value": Text(
        fi="lähde on rajoittanut arvon käyttöä ({text!r}); sitä ei julkaista",
        sv="källan har begränsat användningen av värdet ({text!r}); det publiceras inte",
        en="the source restricts this value ({text!r}); it is not published",
    ),
    "under_embargo": Text(
        fi="lähde julkaisee arvon vasta {until}; se otetaan käyttöön sen jälkeen",
        sv="källan publicerar värdet först {until}; det tas i bruk därefter",
        en="the source withholds this value until {until}; it is taken in after that",
    ),
    "not_a_moment": Text(
        fi="{text!r} sarakkeessa {column} ei ole ajankohta; ei tiedetä, saako arvon julkaista",
        sv="{text!r} i kolumnen {column} är ingen tidpunkt; det går inte att veta om värdet får "
        "publiceras",
        en="{text!r} in {column} is no moment; nobody can tell whether the value may be published",
    ),
    "reporting_year": Text(
        fi="arvon raportointivuosi alkaa {text}, joten sen jakso ei ole kalenterin mukainen",
        sv="värdets rapporteringsår börjar {text}, så perioden följer inte kalendern",
        en="the reporting year of this value begins on {text}, so its period is none of the "
        "calendar",
    ),
    "not_a_multiplier": Text(
        fi="{text!r} sarakkeessa {column} ei ole kymmenen potenssi, joten arvon suuruutta ei "
        "tiedetä",
        sv="{text!r} i kolumnen {column} är ingen tiopotens, så värdets storlek är okänd",
        en="{text!r} in {column} is no power of ten, so the size of the value is not known",
    ),
    "multiplier_missing": Text(
        fi="{column} puuttuu tältä riviltä mutta on muilla riveillä, joten arvon suuruutta ei "
        "tiedetä",
        sv="{column} saknas på raden men finns på andra rader, så värdets storlek är okänd",
        en="{column} is empty here and given in other rows, so the size of the value is not known",
    ),
    "multiplier_contradicts_unit": Text(
        fi="{column} ja yksikkö {unit} ovat ristiriidassa, joten arvon suuruutta ei tiedetä",
        sv="{column} och enheten {unit} motsäger varandra, så värdets storlek är okänd",
        en="{column} and the unit {unit} contradict each other, so the size of the value is not "
        "known",
    ),
    # -- answers of services -----------------------------------------------------------------------
    "looks_different": Text(
        fi="Uusi toimitus näyttää erilaiselta kuin edellinen: {changes}.",
        sv="Den nya leveransen ser annorlunda ut än den föregående: {changes}.",
        en="The new edition looks different from the last one: {changes}.",
    ),
    "content_not_mapped": Text(
        fi="Sisältökoodia {code!r} ei ole liitetty mittariin.",
        sv="Innehållskoden {code!r} har inte kopplats till någon indikator.",
        en="The content code {code!r} is mapped to no indicator.",
    ),
    "area_not_mapped": Text(
        fi="Aluekoodi {code!r} ei ole minkään odotetun muotoinen.",
        sv="Områdeskoden {code!r} har ingen av de väntade formerna.",
        en="The area code {code!r} matches no accepted pattern.",
    ),
    "segment_not_mapped": Text(
        fi="Koodia {code!r} ei ole liitetty segmenttiin.",
        sv="Koden {code!r} har inte kopplats till något segment.",
        en="The code {code!r} is mapped to no segment.",
    ),
    "not_the_fixed_value": Text(
        fi="Muuttujan {variable!r} arvo on {code!r}; vain {values} otetaan vastaan.",
        sv="Variabeln {variable!r} har värdet {code!r}; bara {values} tas emot.",
        en="The variable {variable!r} stands at {code!r}; only {values} is taken.",
    ),
    "symbol_without_meaning": Text(
        fi="Merkillä tai tekstillä {symbol!r} ei ole merkitystä tässä taulussa.",
        sv="Tecknet eller texten {symbol!r} har ingen betydelse i den här tabellen.",
        en="The symbol or text {symbol!r} has no meaning in this table.",
    ),
    "symbol_denies_value": Text(
        fi="Arvon vieressä on merkki {symbol!r}, jonka mukaan arvoa ei ole.",
        sv="Bredvid värdet står tecknet {symbol!r}, enligt vilket det inte finns något värde.",
        en="A value stands beside the symbol {symbol!r}, which denies it.",
    ),
    # -- tables against their descriptions -----------------------------------------------------
    "part_not_used": Text(
        fi="Taulun {table} osaa {number} ({part}) ei voi käyttää. {problem}",
        sv="Del {number} ({part}) av tabellen {table} går inte att använda. {problem}",
        en="Part {number} ({part}) of table {table} cannot be used. {problem}",
    ),
    "kept_answer_damaged": Text(
        fi="Lähteen säilytetty vastaus on vioittunut ({problem}). Hae se uudelleen.",
        sv="Källans sparade svar är skadat ({problem}). Hämta det på nytt.",
        en="The kept answer is damaged: {problem}.",
    ),
    "part_of_table_missing": Text(
        fi="Taulussa {table} ei ole muuttujaa, joka kertoo: {what}. Kuvauksen mukaan se on "
        "{known}; taulussa ovat {listed}. Pyydä ylläpitoa tarkistamaan taulun kuvaus.",
        sv="Tabellen {table} har ingen variabel som anger: {what}. Enligt beskrivningen är den "
        "{known}; tabellen har {listed}. Be administratören kontrollera tabellens beskrivning.",
        en="Table {table} has no {what} variable: none of {known} is among {listed}. Compare "
        "the table's description with the delivery.",
    ),
    "part_of_table_ambiguous": Text(
        fi="Taulussa {table} useampi muuttuja ({listed}) voi kertoa: {what}. Pyydä ylläpitoa "
        "tarkentamaan taulun kuvausta.",
        sv="I tabellen {table} kan flera variabler ({listed}) ange: {what}. Be administratören "
        "precisera tabellens beskrivning.",
        en="Table {table}: which variable is the {what} cannot be told: {listed} all fit its "
        "description. Name one of them in it.",
    ),
    "variable_of_two_parts": Text(
        fi="Taulun {table} kuvauksessa sama muuttuja on kahdessa tehtävässä (alue, aika, "
        "sisältö, segmentti). Pyydä ylläpitoa korjaamaan taulun kuvaus.",
        sv="I beskrivningen av tabellen {table} har samma variabel två uppgifter (område, tid, "
        "innehåll, segment). Be administratören rätta tabellens beskrivning.",
        en="Table {table}: one variable is described as two of area, time, contents and segment.",
    ),
    "value_of_variable_missing": Text(
        fi="Taulun {table} muuttujalla {variable!r} ei ole arvoa {values}; arvot ovat {listed}. "
        "Pyydä ylläpitoa valitsemaan niistä yksi taulun kuvaukseen (`only`).",
        sv="I tabellen {table} har variabeln {variable!r} inte värdet {values}; värdena är "
        "{listed}. Be administratören välja ett av dem i tabellens beskrivning (`only`).",
        en="Table {table} has no {values} among the values of {variable!r}: {listed}. Name one "
        "of them under `only` in its description.",
    ),
    "variable_not_described": Text(
        fi="Taulussa {table} on muuttuja {variable!r}, jolla on useita arvoja ({listed}); sama "
        "luku laskettaisiin monta kertaa. Pyydä ylläpitoa valitsemaan niistä yksi taulun "
        "kuvaukseen (`only: {{{variable}: {code}}}`).",
        sv="Tabellen {table} har variabeln {variable!r} med flera värden ({listed}); samma tal "
        "skulle räknas flera gånger. Be administratören välja ett av dem i tabellens "
        "beskrivning (`only: {{{variable}: {code}}}`).",
        en="Table {table} has several values of {variable!r} ({listed}), and its description "
        "fixes none of them; the same region and period would count several times. Say which is "
        "taken, such as `only: {{{variable}: {code}}}`.",
    ),
    # -- editions that look different ----------------------------------------------------------
    "variable_gone": Text(
        fi="muuttuja {earlier} ({what}) on poistunut",
        sv="variabeln {earlier} ({what}) har försvunnit",
        en="the variable of {what} is gone; it was {earlier}",
    ),
    "variable_new": Text(
        fi="muuttuja {later} ({what}) on uusi",
        sv="variabeln {later} ({what}) är ny",
        en="the variable of {what} is {later}; it was not there",
    ),
    "variable_renamed": Text(
        fi="muuttujan {earlier} ({what}) nimi on nyt {later}",
        sv="variabeln {earlier} ({what}) heter nu {later}",
        en="the variable of {what} is called {later}; it was called {earlier}",
    ),
    "areas_of_another_day": Text(
        fi="aluejako on päivältä {later_day} ({later}), aiemmin {earlier_day} ({earlier}); koko "
        "aikasarjan alueet ovat voineet muuttua",
        sv="områdesindelningen är från {later_day} ({later}), tidigare {earlier_day} "
        "({earlier}); områdena i hela tidsserien kan ha ändrats",
        en="the area classification is that of {later_day} ({later}); it was that of "
        "{earlier_day} ({earlier}): the whole series may stand on other territory",
    ),
    "codes_gone": Text(
        fi="koodeja poistui ({what}): {listed}",
        sv="koder försvann ({what}): {listed}",
        en="codes of {what} are gone: {listed}",
    ),
    "codes_new": Text(
        fi="uusia koodeja ({what}): {listed}",
        sv="nya koder ({what}): {listed}",
        en="codes of {what} are new: {listed}",
    ),
    "unit_changed": Text(
        fi="yksikkö on nyt {later}, aiemmin {earlier} ({code})",
        sv="enheten är nu {later}, tidigare {earlier} ({code})",
        en="the unit of {code} is {later}; it was {earlier}",
    ),
    "size_changed": Text(
        fi="{what}: {rows}, aiemmin {held} ({share} %; odotettu {least}–{most} %)",
        sv="{what}: {rows}, tidigare {held} ({share} %; väntat {least}–{most} %)",
        en="{rows} {what}, {share}% of the {held} before (expected: {least}% to {most}%)",
    ),
    # -- the business register ---------------------------------------------------------------------
    "not_a_company": Text(
        fi="tämä ei ole yrityksen tietue",
        sv="det här är ingen post om ett företag",
        en="this is no record of a company",
    ),
    "no_business_id": Text(
        fi="yrityksellä ei ole Y-tunnusta",
        sv="företaget har inget FO-nummer",
        en="the company has no business id",
    ),
    "business_id_again": Text(
        fi="toimituksen toisella tietueella on sama Y-tunnus",
        sv="en annan post i leveransen har samma FO-nummer",
        en="another record of this delivery has this business id",
    ),
    "no_street_address": Text(
        fi="yrityksellä ei ole käyntiosoitetta",
        sv="företaget har ingen besöksadress",
        en="the company has no street address",
    ),
    "only_a_postal_address": Text(
        fi="yrityksellä on vain postiosoite, ei käyntiosoitetta",
        sv="företaget har bara en postadress, ingen besöksadress",
        en="the company has no street address, only a postal one",
    ),
    "no_municipality": Text(
        fi="uusimmassa käyntiosoitteessa ei ole kuntaa",
        sv="den nyaste besöksadressen saknar kommun",
        en="the newest street address has no municipality",
    ),
    "two_municipalities": Text(
        fi="yksi osoite on kahdessa kunnassa: {municipalities}",
        sv="samma adress ligger i två kommuner: {municipalities}",
        en="one address lies in two municipalities: {municipalities}",
    ),
    "not_a_municipality": Text(
        fi="{text!r} ei ole kunnan koodi",
        sv="{text!r} är inte en kommunkod",
        en="{text!r} is not the code of a municipality",
    ),
    "before_the_register": Text(
        fi="{day} on ennen kaupparekisterin perustamista",
        sv="{day} är före handelsregistrets början",
        en="{day} lies before the trade register was opened",
    ),
    "no_registration_day": Text(
        fi="yrityksellä ei ole merkintäpäivää kaupparekisterissä",
        sv="företaget har ingen registreringsdag i handelsregistret",
        en="the company has no day of registration in the trade register",
    ),
    "ended_before_registered": Text(
        fi="{end} on ennen rekisteröintiä {start}",
        sv="{end} är före registreringen {start}",
        en="{end} lies before the registration on {start}",
    ),
    "not_a_text": Text(
        fi="tämä ei ole odotetun muotoinen teksti",
        sv="det här är inte en text av väntad form",
        en="this is no text of the expected form",
    ),
    "page_of_register": Text(
        fi="Yritysrekisterin vastauksen sivua {number} ei voi käyttää. {problem}",
        sv="Sida {number} i företagsregistrets svar går inte att använda. {problem}",
        en="Page {number} of the business register cannot be used. {problem}",
    ),
    "no_companies": Text(
        fi="Siinä ei ole yritysten luetteloa. Palvelu on voinut muuttua; ilmoita ylläpidolle.",
        sv="Det saknar listan över företag. Tjänsten kan ha ändrats; meddela administratören.",
        en="It has no list 'companies'. The service may have changed; compare with its "
        "specification.",
    ),
    "no_total": Text(
        fi="{part} ei ole yritysrekisterin vastaus: siinä ei kerrota yritysten määrää. Palvelu "
        "on voinut muuttua; ilmoita ylläpidolle.",
        sv="{part} är inget svar från företagsregistret: antalet företag anges inte. Tjänsten "
        "kan ha ändrats; meddela administratören.",
        en="{part} is no page of the business register: it announces no 'totalResults'.",
    ),
}
