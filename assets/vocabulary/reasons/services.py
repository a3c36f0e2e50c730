"""Why an answer of a service, or a cell or record of one, is rejected."""

from __future__ import annotations

from collections.abc import Mapping

from assets.vocabulary.reasons.both import Both

SERVICES: Mapping[str, Both] = {
    # -- tables of statistical offices -------------------------------------------------------------
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
    # -- answers of services -----------------------------------------------------------------------
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
    # -- tables against their descriptions -----------------------------------------------------
    "part_not_used": Both(
        "Part {number} ({part}) of table {table} cannot be used. {problem}",
        "Taulun {table} osaa {number} ({part}) ei voi käyttää. {problem}",
    ),
    "kept_answer_damaged": Both(
        "The kept answer is damaged: {problem}.",
        "Lähteen säilytetty vastaus on vioittunut ({problem}). Hae se uudelleen.",
    ),
    "part_of_table_missing": Both(
        "Table {table} has no {what} variable: none of {known} is among {listed}. Compare the "
        "table's description with the delivery.",
        "Taulussa {table} ei ole muuttujaa, joka kertoo: {what}. Kuvauksen mukaan se on {known}; "
        "taulussa ovat {listed}. Pyydä ylläpitoa tarkistamaan taulun kuvaus.",
    ),
    "part_of_table_ambiguous": Both(
        "Table {table}: which variable is the {what} cannot be told: {listed} all fit its "
        "description. Name one of them in it.",
        "Taulussa {table} useampi muuttuja ({listed}) voi kertoa: {what}. Pyydä ylläpitoa "
        "tarkentamaan taulun kuvausta.",
    ),
    "variable_of_two_parts": Both(
        "Table {table}: one variable is described as two of area, time, contents and segment.",
        "Taulun {table} kuvauksessa sama muuttuja on kahdessa tehtävässä (alue, aika, sisältö, "
        "segmentti). Pyydä ylläpitoa korjaamaan taulun kuvaus.",
    ),
    "value_of_variable_missing": Both(
        "Table {table} has no {values} among the values of {variable!r}: {listed}. Name one of "
        "them under `only` in its description.",
        "Taulun {table} muuttujalla {variable!r} ei ole arvoa {values}; arvot ovat {listed}. Pyydä "
        "ylläpitoa valitsemaan niistä yksi taulun kuvaukseen (`only`).",
    ),
    "variable_not_described": Both(
        "Table {table} has several values of {variable!r} ({listed}), and its description fixes "
        "none of them; the same region and period would count several times. Say which is taken, "
        "such as `only: {{{variable}: {code}}}`.",
        "Taulussa {table} on muuttuja {variable!r}, jolla on useita arvoja ({listed}); sama luku "
        "laskettaisiin monta kertaa. Pyydä ylläpitoa valitsemaan niistä yksi taulun kuvaukseen "
        "(`only: {{{variable}: {code}}}`).",
    ),
    # -- editions that look different ----------------------------------------------------------
    "variable_gone": Both(
        "the variable of {what} is gone; it was {earlier}",
        "muuttuja {earlier} ({what}) on poistunut",
    ),
    "variable_new": Both(
        "the variable of {what} is {later}; it was not there",
        "muuttuja {later} ({what}) on uusi",
    ),
    "variable_renamed": Both(
        "the variable of {what} is called {later}; it was called {earlier}",
        "muuttujan {earlier} ({what}) nimi on nyt {later}",
    ),
    "areas_of_another_day": Both(
        "the area classification is that of {later_day} ({later}); it was that of {earlier_day} "
        "({earlier}): the whole series may stand on other territory",
        "aluejako on päivältä {later_day} ({later}), aiemmin {earlier_day} ({earlier}); koko "
        "aikasarjan alueet ovat voineet muuttua",
    ),
    "codes_gone": Both("codes of {what} are gone: {listed}", "koodeja poistui ({what}): {listed}"),
    "codes_new": Both("codes of {what} are new: {listed}", "uusia koodeja ({what}): {listed}"),
    "unit_changed": Both(
        "the unit of {code} is {later}; it was {earlier}",
        "yksikkö on nyt {later}, aiemmin {earlier} ({code})",
    ),
    "size_changed": Both(
        "{rows} {what}, {share}% of the {held} before (expected: {least}% to {most}%)",
        "{what}: {rows}, aiemmin {held} ({share} %; odotettu {least}–{most} %)",
    ),
    # -- the business register ---------------------------------------------------------------------
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
    "page_of_register": Both(
        "Page {number} of the business register cannot be used. {problem}",
        "Yritysrekisterin vastauksen sivua {number} ei voi käyttää. {problem}",
    ),
    "no_companies": Both(
        "It has no list 'companies'. The service may have changed; compare with its specification.",
        "Siinä ei ole yritysten luetteloa. Palvelu on voinut muuttua; ilmoita ylläpidolle.",
    ),
    "no_total": Both(
        "{part} is no page of the business register: it announces no 'totalResults'.",
        "{part} ei ole yritysrekisterin vastaus: siinä ei kerrota yritysten määrää. Palvelu on "
        "voinut muuttua; ilmoita ylläpidolle.",
    ),
}
