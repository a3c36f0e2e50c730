"""Why a file in a format of statistical offices cannot be read.

`format` is the format's name (`PX`), `place` a path within the file (`dimension.area.category`),
`begins` how a text of the file begins. Such files are fetched by the platform, so there are two
things to do about them: fetch again what was cut short, report to the source what is wrong in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.languages import Text

_AGAIN = Text(
    fi=" Hae se uudelleen; jos virhe toistuu, ilmoita siitä lähteelle.",
    sv=" Hämta den på nytt; om felet upprepas, meddela källan.",
    en="",
)
_REPORT = Text(fi=" Ilmoita virheestä lähteelle.", sv=" Meddela källan om felet.", en="")
_WHERE = Text(
    fi="joten ei tiedetä, mihin luvut kuuluvat.",
    sv="så det går inte att veta vad talen hör till.",
    en="",
)

FORMATS: Mapping[str, Text] = {
    # -- any format ----------------------------------------------------------------------------
    "not_the_format": Text(
        fi="Tiedosto on {what}, vaikka sen pitäisi olla muotoa {format}; se alkaa {begins!r}. "
        "Tarkista lähteen osoite.",
        sv="Filen är {what}, men borde ha formatet {format}; den börjar med {begins!r}. "
        "Kontrollera källans adress.",
        en="The file is {what}, not {format}; it begins with {begins!r}.",
    ),
    "answer_is_an_error": Text(
        fi="Lähteen palvelu vastasi virheilmoituksella: {message}",
        sv="Källans tjänst svarade med ett felmeddelande: {message}",
        en="The answer is not {format} but an error of the service: {message}",
    ),
    "not_utf8": Text(
        fi=f"Lähteen tiedoston ({{format}}) rivi {{line}} ei ole UTF-8-merkistöä.{_REPORT.fi}",
        sv=f"Rad {{line}} i källans fil ({{format}}) har inte teckenkodningen UTF-8.{_REPORT.sv}",
        en="The {format} file is not UTF-8, as the format demands, on line {line}.",
    ),
    "not_decompressed": Text(
        fi=f"Lähteen pakattua tiedostoa ei voi purkaa ({{problem}}).{_AGAIN.fi}",
        sv=f"Källans komprimerade fil går inte att packa upp ({{problem}}).{_AGAIN.sv}",
        en="The file cannot be decompressed: {problem}. Fetch it again.",
    ),
    "compressed_cut": Text(fi="se on katkennut", sv="den är avbruten", en="it was cut short"),
    "compressed_rest": Text(
        fi="sen perässä on {rest} tavua muuta",
        sv="efter den finns {rest} byte av annat",
        en="{rest} bytes behind its compressed content are none of it",
    ),
    "decompressed_too_large": Text(
        fi="Lähteen tiedosto ({format}) on purettuna yli {most} tavua. Pyydä ylläpitoa hakemaan "
        "se pienempinä osina.",
        sv="Källans fil ({format}) är uppackad större än {most} byte. Be administratören hämta "
        "den i mindre delar.",
        en="The {format} file holds more than {most} bytes once decompressed. Fetch it in "
        "smaller parts.",
    ),
    "too_many_cells": Text(
        fi="Lähteen tiedostossa ({format}) on {cells} lukua, ja kerralla niitä luetaan enintään "
        "{most}. Pyydä ylläpitoa hakemaan se pienempinä osina.",
        sv="Källans fil ({format}) har {cells} tal, och högst {most} läses på en gång. Be "
        "administratören hämta den i mindre delar.",
        en="The {format} file declares {cells} cells; more than {most} are not read in one "
        "piece. Fetch it in smaller parts.",
    ),
    "cells_missing": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on {{found}} lukua, mutta muuttujiensa mukaan niitä "
        f"pitäisi olla {{expected}}. Tiedosto on luultavasti katkennut.{_AGAIN.fi}",
        sv=f"Källans fil ({{format}}) har {{found}} tal, men enligt variablerna borde den ha "
        f"{{expected}}. Filen är troligen avbruten.{_AGAIN.sv}",
        en="The {format} file has {found} cells, but its variables call for {expected}. It was "
        "cut short, or a value of a variable is missing.",
    ),
    "lists_differ": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on {{count}} arvoa kohdassa {{one_list}} mutta "
        f"{{other_count}} kohdassa {{other_list}}{{of}}, {_WHERE.fi}{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har {{count}} värden i {{one_list}} men {{other_count}} i "
        f"{{other_list}}{{of}}, {_WHERE.sv}{_REPORT.sv}",
        en="The {format} file has {count} entries in {one_list} but {other_count} in "
        "{other_list}{of}.",
    ),
    "of_variable": Text(
        fi=" (muuttuja {variable!r})",
        sv=" (variabeln {variable!r})",
        en=" of the variable {variable!r}",
    ),
    "order_not_given": Text(
        fi=f"Lähteen tiedostossa ({{format}}) muuttujalla {{variable!r}} ei ole kohtaa "
        f"{{one_list}}, {_WHERE.fi}{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) saknar {{one_list}} för variabeln {{variable!r}}, "
        f"{_WHERE.sv}{_REPORT.sv}",
        en="The {format} file gives no {one_list} for its variable {variable!r}, so nobody can "
        "tell in which order its numbers stand. Add {one_list}, an entry for each value in the "
        "order of the numbers.",
    ),
    "variable_twice": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on kaksi muuttujaa nimeltä {{text!r}}.{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har två variabler med namnet {{text!r}}.{_REPORT.sv}",
        en="The {format} file has two variables named {text!r}; rename or remove one.",
    ),
    "code_twice": Text(
        fi=f"Lähteen tiedostossa ({{format}}) muuttujalla {{variable!r}} on kahdesti koodi "
        f"{{text!r}}, {_WHERE.fi}{_REPORT.fi}",
        sv=f"I källans fil ({{format}}) har variabeln {{variable!r}} koden {{text!r}} två gånger, "
        f"{_WHERE.sv}{_REPORT.sv}",
        en="The {format} file has {text!r} twice among the codes of its variable {variable!r}.",
    ),
    "place_twice": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on kaksi arvoa samassa paikassa ({{place}}, numero "
        f"{{at}}).{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har två värden på samma plats ({{place}}, nummer "
        f"{{at}}).{_REPORT.sv}",
        en="The {format} file gives two entries for number {at} of '{place}'.",
    ),
    "place_beyond": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on arvo paikassa, jota ei ole ({{place}}, numero "
        f"{{at}}, viimeinen on {{most}}).{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har ett värde på en plats som inte finns ({{place}}, nummer "
        f"{{at}}, den sista är {{most}}).{_REPORT.sv}",
        en="The {format} file has an entry for number {at} of '{place}', which only goes up to "
        "{most}.",
    ),
    "value_too_large": Text(
        fi=f"Lähteen tiedoston ({{format}}) solussa {{at}} on liian suuri luku.{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har ett för stort tal i cell {{at}}.{_REPORT.sv}",
        en="The {format} file has a value in cell {at} that is too large for a number.",
    ),
    "text_broken": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on rikkinäisiä merkkejä kohdassa "
        f"{{place}}.{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har trasiga tecken i {{place}}.{_REPORT.sv}",
        en="The {format} file has a text at '{place}' with broken characters.",
    ),
    # -- JSON ----------------------------------------------------------------------------------
    "not_json": Text(
        fi=f"Lähteen tiedosto ({{format}}) ei ole ehjää JSONia: virhe on rivin {{line}} merkissä "
        f"{{at}}. Tiedosto alkaa {{begins!r}}.{_AGAIN.fi}",
        sv=f"Källans fil ({{format}}) är inte hel JSON: felet är vid tecken {{at}} på rad "
        f"{{line}}. Filen börjar med {{begins!r}}.{_AGAIN.sv}",
        en="The {format} file is not JSON: {problem} at line {line}, column {at}; it begins "
        "with {begins!r}.",
    ),
    "json_of_another_kind": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on kohdassa {{place}} {{found}}, vaikka siinä "
        f"pitäisi olla {{expected}}.{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har {{found}} i {{place}}, där det borde finnas "
        f"{{expected}}.{_REPORT.sv}",
        en="The {format} file has {found} at '{place}' where {expected} is expected.",
    ),
    "not_a_place": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on kohdassa {{place}} {{text!r}}, vaikka siinä "
        f"pitäisi olla kokonaisluku.{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har {{text!r}} i {{place}}, där det borde finnas ett "
        f"heltal.{_REPORT.sv}",
        en="The {format} file has {text!r} at '{place}' where a whole number from 0 on is "
        "expected.",
    ),
    "not_jsonstat": Text(
        fi="Tiedosto on JSONia mutta ei JSON-stat-taulu: kohdasta {listed!r} puuttuu "
        "'dimension'. Tarkista lähteen osoite.",
        sv="Filen är JSON men ingen JSON-stat-tabell: 'dimension' saknas i {listed!r}. "
        "Kontrollera källans adress.",
        en="The JSON document is not a JSON-stat dataset or a bundle of them: there is no "
        "'dimension' in {listed!r}.",
    ),
    "jsonstat_class": Text(
        fi="Tiedosto on JSON-statia mutta lajia {text!r}, jossa ei ole lukuja. Tarkista lähteen "
        "osoite.",
        sv="Filen är JSON-stat men av klassen {text!r}, som inte har några tal. Kontrollera "
        "källans adress.",
        en="The JSON-stat document is of class {text!r}; a dataset, a bundle or a collection is "
        "expected.",
    ),
    "not_one_dataset": Text(
        fi="JSON-stat-tiedostossa on {count} taulua ja linkki {links} muuhun, vaikka tauluja "
        "pitäisi olla yksi. Tarkista lähteen osoite.",
        sv="JSON-stat-filen har {count} tabeller och en länk till {links} andra, men borde ha "
        "en enda tabell. Kontrollera källans adress.",
        en="The JSON-stat document holds {count} datasets and links to {links} more; a single "
        "dataset is expected.",
    ),
    "in_dataset": Text(
        fi="Taulu {name!r}: {problem}",
        sv="Tabellen {name!r}: {problem}",
        en="Dataset {name!r}: {problem}",
    ),
    "pxweb_columns": Text(
        fi="Lähteen tiedostossa (PxWeb JSON) on sarake, jonka laji ei ole 'd', 't' tai 'c', tai "
        f"lajin 'c' sarake puuttuu, joten lukuja ei erota luokista.{_REPORT.fi}",
        sv="Källans fil (PxWeb JSON) har en kolumn vars typ inte är 'd', 't' eller 'c', eller "
        f"saknar en kolumn av typen 'c', så talen går inte att skilja från klasserna.{_REPORT.sv}",
        en="The PxWeb JSON document has no column of type 'c', or one of a type that is neither "
        "'d', 't' nor 'c'; its measures cannot be told from its keys.",
    ),
    # -- SDMX-CSV and Sotkanet -----------------------------------------------------------------
    "columns_missing": Text(
        fi="Lähteen tiedostosta ({format}) puuttuu sarake {missing}; sen sarakkeet ovat "
        "{listed}. Tarkista lähteen osoite.",
        sv="Kolumnen {missing} saknas i källans fil ({format}); dess kolumner är {listed}. "
        "Kontrollera källans adress.",
        en="The {format} file has no column for {missing}; its columns are {listed}.",
    ),
    "line_of_other_width": Text(
        fi=f"Lähteen tiedoston ({{format}}) rivillä {{line}} on {{found}} solua mutta "
        f"otsikkorivillä {{expected}}. Tiedosto on voinut katketa.{_AGAIN.fi}",
        sv=f"Rad {{line}} i källans fil ({{format}}) har {{found}} celler men rubrikraden "
        f"{{expected}}. Filen kan vara avbruten.{_AGAIN.sv}",
        en="The {format} file has {found} fields on line {line}, but its header row names "
        "{expected}. It may have been cut short there.",
    ),
    "table_not_read": Text(
        fi=f"Lähteen tiedostoa ({{format}}) ei voi lukea taulukkona ({{problem}}).{_AGAIN.fi}",
        sv=f"Källans fil ({{format}}) går inte att läsa som en tabell ({{problem}}).{_AGAIN.sv}",
        en="The {format} file cannot be read: {problem}.",
    ),
    "decimal_sign_unknown": Text(
        fi=f"Lähteen tiedostossa ({{format}}) on luku {{text!r}}, eikä tiedetä, onko pilkku "
        f"desimaalipilkku. Luvuissa pitää olla desimaalipiste.{_REPORT.fi}",
        sv=f"Källans fil ({{format}}) har talet {{text!r}}, och det går inte att veta om kommat "
        f"är ett decimalkomma. Talen ska ha decimalpunkt.{_REPORT.sv}",
        en="The {format} file writes OBS_VALUE as {text!r}, and nobody can tell whether the "
        "comma is the decimal sign. Save it with a decimal point, as the format asks for.",
    ),
    "holds_deletions": Text(
        fi="Lähteen tiedostossa (SDMX-CSV) on poistoja (ACTION D). Pyydä ylläpitoa hakemaan "
        "koko aineisto, ei muutoksia.",
        sv="Källans fil (SDMX-CSV) innehåller borttagningar (ACTION D). Be administratören "
        "hämta hela materialet, inte ändringarna.",
        en="The SDMX-CSV file holds deletions (ACTION D), which are no observations. Fetch the "
        "data set itself, not its changes.",
    ),
    "several_data_sets": Text(
        fi="Lähteen tiedostossa (SDMX-CSV) on useita aineistoja: {listed}. Pyydä ylläpitoa "
        "hakemaan niistä yksi.",
        sv="Källans fil (SDMX-CSV) innehåller flera material: {listed}. Be administratören "
        "hämta ett av dem.",
        en="The SDMX-CSV file holds several data sets: {listed}. One is expected.",
    ),
    "sotkanet_region_twice": Text(
        fi=f"Sotkanetin alueluettelossa tunnus {{text}} on kahdella alueella: {{first}} ja (kohta "
        f"{{at}}) {{second}}.{_REPORT.fi}",
        sv=f"I Sotkanets områdeslista har två områden id {{text}}: {{first}} och (post {{at}}) "
        f"{{second}}.{_REPORT.sv}",
        en="The Sotkanet list of regions gives id {text} twice: as {first} and, in entry {at}, "
        "as {second}.",
    ),
    "sotkanet_no_regions": Text(
        fi=f"Sotkanetin vastauksesta puuttuu alueluettelo.{_AGAIN.fi}",
        sv=f"Områdeslistan saknas i Sotkanets svar.{_AGAIN.sv}",
        en="The list of regions of Sotkanet is not part of it.",
    ),
    # -- PX ------------------------------------------------------------------------------------
    "px_no_keyword": Text(
        fi=f"Lähteen PX-tiedoston rivillä {{line}} pitäisi alkaa avainsana, mutta siinä on "
        f"{{begins!r}}. Tiedosto on vioittunut tai katkennut.{_AGAIN.fi}",
        sv=f"Rad {{line}} i källans PX-fil borde börja med ett nyckelord, men där står "
        f"{{begins!r}}. Filen är skadad eller avbruten.{_AGAIN.sv}",
        en="The PX file has no keyword where one is expected, or a damaged one without an "
        "equals sign, on line {line}: {begins!r}. A PX file is keywords up to DATA=; it may "
        "have been cut short.",
    ),
    "px_keyword_open": Text(
        fi=f"Lähteen PX-tiedoston avainsana {{keyword}} rivillä {{line}} ei pääty "
        f"puolipisteeseen: lainausmerkki puuttuu tai tiedosto on katkennut.{_AGAIN.fi}",
        sv=f"Nyckelordet {{keyword}} på rad {{line}} i källans PX-fil slutar inte med semikolon: "
        f"ett citattecken saknas eller filen är avbruten.{_AGAIN.sv}",
        en="The PX file does not end the keyword {keyword} on line {line} with a semicolon; a "
        "quotation mark may be missing, or the file was cut short.",
    ),
    "px_keyword_twice": Text(
        fi=f"Lähteen PX-tiedostossa on kahdesti avainsana {{keyword}}{{of}}, ja ne eroavat "
        f"toisistaan.{_REPORT.fi}",
        sv=f"Källans PX-fil har nyckelordet {{keyword}}{{of}} två gånger, och de skiljer "
        f"sig.{_REPORT.sv}",
        en="The PX file gives {keyword}{of} twice, and the two differ. Take one of them out.",
    ),
    "px_not_a_list": Text(
        fi=f"Lähteen PX-tiedoston avainsanassa {{keyword}} on virhe {{count}} arvon jälkeen: "
        f"{{begins!r}}.{_REPORT.fi}",
        sv=f"Nyckelordet {{keyword}} i källans PX-fil har ett fel efter {{count}} värden: "
        f"{{begins!r}}.{_REPORT.sv}",
        en="The PX file has something else than a list of texts at {keyword}, after {count} "
        "texts: {begins!r}.",
    ),
    "px_no_variables": Text(
        fi=f"Lähteen PX-tiedostosta puuttuvat muuttujat (STUB ja HEADING).{_AGAIN.fi}",
        sv=f"Källans PX-fil saknar variabler (STUB och HEADING).{_AGAIN.sv}",
        en="The PX file names no variables: it has neither STUB nor HEADING.",
    ),
    "px_variable_misspelt": Text(
        fi=f"Lähteen PX-tiedostossa {{keyword}} on annettu muuttujalle {{first!r}}, jota ei ole, "
        f"ja puuttuu muuttujalta {{second!r}}. Nimi on luultavasti kirjoitettu "
        f"väärin.{_REPORT.fi}",
        sv=f"I källans PX-fil har {{keyword}} angetts för variabeln {{first!r}}, som inte finns, "
        f"och saknas för variabeln {{second!r}}. Namnet är troligen felskrivet.{_REPORT.sv}",
        en="The PX file gives {keyword} of {first!r}, which is no variable of STUB and HEADING, "
        "and none of {second!r}. Correct the name of the variable.",
    ),
    "px_periods_contradict": Text(
        fi=f"Lähteen PX-tiedostossa muuttujan {{variable!r}} samalla paikalla on {{first!r}} "
        f"(VALUES) ja {{second!r}} ({{keyword}}), joten ei tiedetä, mihin jaksoon luvut "
        f"kuuluvat.{_REPORT.fi}",
        sv=f"I källans PX-fil står {{first!r}} (VALUES) och {{second!r}} ({{keyword}}) på samma "
        f"plats för variabeln {{variable!r}}, så det går inte att veta vilken period talen hör "
        f"till.{_REPORT.sv}",
        en="The PX file names {first!r} in VALUES of {variable!r} and {second!r} in the same "
        "place of {keyword}, so which number is of which period cannot be told. Correct one of "
        "the two, or give CODES.",
    ),
    "px_range": Text(
        fi=f"Lähteen PX-tiedostossa muuttujan {{variable!r}} ajanjakso {{first!r}}–{{second!r}} "
        f"(TIMEVAL, {{scale}}) on virheellinen.{_REPORT.fi}",
        sv=f"I källans PX-fil är tidsintervallet {{first!r}}–{{second!r}} (TIMEVAL, {{scale}}) "
        f"för variabeln {{variable!r}} felaktigt.{_REPORT.sv}",
        en="The PX file has a range in TIMEVAL of {variable!r} that cannot be read, or ends "
        "before it begins: from {first!r} to {second!r} on the time scale {scale!r}.",
    ),
    "px_cut_in_cell": Text(
        fi=f"Lähteen PX-tiedosto on katkennut kesken viimeisen luvun ({{text!r}}), josta voi "
        f"puuttua numeroita.{_AGAIN.fi}",
        sv=f"Källans PX-fil är avbruten mitt i det sista talet ({{text!r}}), där siffror kan "
        f"saknas.{_AGAIN.sv}",
        en="The PX file ends inside its last cell, without a semicolon: it was cut short, and "
        "digits of {text!r} may be missing. Fetch it again.",
    ),
    "px_cell_open": Text(
        fi=f"Lähteen PX-tiedostossa on luku tai teksti, joka ei pääty mihinkään (DATA).{_AGAIN.fi}",
        sv=f"Källans PX-fil har ett tal eller en text som aldrig avslutas (DATA).{_AGAIN.sv}",
        en="The PX file has a cell without an end after DATA=.",
    ),
    "px_rows_open": Text(
        fi="Lähteen PX-tiedosto ei pääty puolipisteeseen, joten ei tiedetä, puuttuuko lopusta "
        f"rivejä.{_AGAIN.fi}",
        sv="Källans PX-fil slutar inte med semikolon, så det går inte att veta om rader saknas i "
        f"slutet.{_AGAIN.sv}",
        en="The PX file does not end with a semicolon. As it leaves out rows of zeros (KEYS), "
        "it cannot be told how much of it is missing.",
    ),
    "px_rows_of_other_width": Text(
        fi=f"Lähteen PX-tiedoston rivit (DATA) eivät ole yhtä pitkiä: {{found}} arvoa ei jakaudu "
        f"riveihin, joissa on {{keys}} avainta ja {{cells}} lukua.{_AGAIN.fi}",
        sv=f"Raderna (DATA) i källans PX-fil är inte lika långa: {{found}} värden går inte jämnt "
        f"upp i rader med {{keys}} nycklar och {{cells}} tal.{_AGAIN.sv}",
        en="The PX file has {found} keys and cells after DATA=, which is no multiple of the "
        "{keys} keys and {cells} cells of a row.",
    ),
    "px_key_unknown": Text(
        fi=f"Lähteen PX-tiedoston datarivillä {{at}} on muuttujan {{variable!r}} arvona "
        f"{{text!r}}, jota ei ole luettelossa {{keyword}}.{_REPORT.fi}",
        sv=f"Datarad {{at}} i källans PX-fil har {{text!r}} för variabeln {{variable!r}}, som "
        f"inte finns i listan {{keyword}}.{_REPORT.sv}",
        en="The PX file has {text!r} as the key of {variable!r} in row {at} after DATA=, which "
        "is none of its {keyword}.",
    ),
    "px_rows_twice": Text(
        fi="Lähteen PX-tiedostossa on kaksi datariviä, joilla on samat avaimet "
        f"(DATA).{_REPORT.fi}",
        sv=f"Källans PX-fil har två datarader med samma nycklar (DATA).{_REPORT.sv}",
        en="The PX file gives two rows after DATA= with the same keys.",
    ),
}
