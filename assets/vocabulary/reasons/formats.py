"""Why a file in a format of statistical offices cannot be read.

`format` is the format's name (`PX`), `place` a path within the file (`dimension.area.category`),
`begins` how a text of the file begins. Such files are fetched by the platform, so there are two
things to do about them: fetch again what was cut short, report to the source what is wrong in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.vocabulary.reasons.both import Both

_AGAIN = " Hae se uudelleen; jos virhe toistuu, ilmoita siitä lähteelle."
_REPORT = " Ilmoita virheestä lähteelle."
_WHERE = "joten ei tiedetä, mihin luvut kuuluvat."

FORMATS: Mapping[str, Both] = {
    # -- any format ----------------------------------------------------------------------------
    "not_the_format": Both(
        "The file is {what}, not {format}; it begins with {begins!r}.",
        "Tiedosto on {what}, vaikka sen pitäisi olla muotoa {format}; se alkaa {begins!r}. "
        "Tarkista lähteen osoite.",
    ),
    "answer_is_an_error": Both(
        "The answer is not {format} but an error of the service: {message}",
        "Lähteen palvelu vastasi virheilmoituksella: {message}",
    ),
    "not_utf8": Both(
        "The {format} file is not UTF-8, as the format demands, on line {line}.",
        f"Lähteen tiedoston ({{format}}) rivi {{line}} ei ole UTF-8-merkistöä.{_REPORT}",
    ),
    "not_decompressed": Both(
        "The file cannot be decompressed: {problem}. Fetch it again.",
        f"Lähteen pakattua tiedostoa ei voi purkaa ({{problem}}).{_AGAIN}",
    ),
    "compressed_cut": Both("it was cut short", "se on katkennut"),
    "compressed_rest": Both(
        "{rest} bytes behind its compressed content are none of it",
        "sen perässä on {rest} tavua muuta",
    ),
    "decompressed_too_large": Both(
        "The {format} file holds more than {most} bytes once decompressed. Fetch it in smaller "
        "parts.",
        "Lähteen tiedosto ({format}) on purettuna yli {most} tavua. Pyydä ylläpitoa hakemaan se "
        "pienempinä osina.",
    ),
    "too_many_cells": Both(
        "The {format} file declares {cells} cells; more than {most} are not read in one piece. "
        "Fetch it in smaller parts.",
        "Lähteen tiedostossa ({format}) on {cells} lukua, ja kerralla niitä luetaan enintään "
        "{most}. Pyydä ylläpitoa hakemaan se pienempinä osina.",
    ),
    "cells_missing": Both(
        "The {format} file has {found} cells, but its variables call for {expected}. It was cut "
        "short, or a value of a variable is missing.",
        "Lähteen tiedostossa ({format}) on {found} lukua, mutta muuttujiensa mukaan niitä pitäisi "
        f"olla {{expected}}. Tiedosto on luultavasti katkennut.{_AGAIN}",
    ),
    "lists_differ": Both(
        "The {format} file has {count} entries in {one_list} but {other_count} in {other_list}"
        "{of}.",
        "Lähteen tiedostossa ({format}) on {count} arvoa kohdassa {one_list} mutta {other_count} "
        f"kohdassa {{other_list}}{{of}}, {_WHERE}{_REPORT}",
    ),
    "of_variable": Both(" of the variable {variable!r}", " (muuttuja {variable!r})"),
    "order_not_given": Both(
        "The {format} file gives no {one_list} for its variable {variable!r}, so nobody can tell "
        "in which order its numbers stand. Add {one_list}, an entry for each value in the order of "
        "the numbers.",
        "Lähteen tiedostossa ({format}) muuttujalla {variable!r} ei ole kohtaa {one_list}, "
        f"{_WHERE}{_REPORT}",
    ),
    "variable_twice": Both(
        "The {format} file has two variables named {text!r}; rename or remove one.",
        f"Lähteen tiedostossa ({{format}}) on kaksi muuttujaa nimeltä {{text!r}}.{_REPORT}",
    ),
    "code_twice": Both(
        "The {format} file has {text!r} twice among the codes of its variable {variable!r}.",
        "Lähteen tiedostossa ({format}) muuttujalla {variable!r} on kahdesti koodi {text!r}, "
        f"{_WHERE}{_REPORT}",
    ),
    "place_twice": Both(
        "The {format} file gives two entries for number {at} of '{place}'.",
        "Lähteen tiedostossa ({format}) on kaksi arvoa samassa paikassa ({place}, numero {at})."
        f"{_REPORT}",
    ),
    "place_beyond": Both(
        "The {format} file has an entry for number {at} of '{place}', which only goes up to "
        "{most}.",
        "Lähteen tiedostossa ({format}) on arvo paikassa, jota ei ole ({place}, numero {at}, "
        f"viimeinen on {{most}}).{_REPORT}",
    ),
    "value_too_large": Both(
        "The {format} file has a value in cell {at} that is too large for a number.",
        f"Lähteen tiedoston ({{format}}) solussa {{at}} on liian suuri luku.{_REPORT}",
    ),
    "text_broken": Both(
        "The {format} file has a text at '{place}' with broken characters.",
        f"Lähteen tiedostossa ({{format}}) on rikkinäisiä merkkejä kohdassa {{place}}.{_REPORT}",
    ),
    # -- JSON ----------------------------------------------------------------------------------
    "not_json": Both(
        "The {format} file is not JSON: {problem} at line {line}, column {at}; it begins with "
        "{begins!r}.",
        "Lähteen tiedosto ({format}) ei ole ehjää JSONia: virhe on rivin {line} merkissä {at}. "
        f"Tiedosto alkaa {{begins!r}}.{_AGAIN}",
    ),
    "json_of_another_kind": Both(
        "The {format} file has {found} at '{place}' where {expected} is expected.",
        "Lähteen tiedostossa ({format}) on kohdassa {place} {found}, vaikka siinä pitäisi olla "
        f"{{expected}}.{_REPORT}",
    ),
    "not_a_place": Both(
        "The {format} file has {text!r} at '{place}' where a whole number from 0 on is expected.",
        "Lähteen tiedostossa ({format}) on kohdassa {place} {text!r}, vaikka siinä pitäisi olla "
        f"kokonaisluku.{_REPORT}",
    ),
    "not_jsonstat": Both(
        "The JSON document is not a JSON-stat dataset or a bundle of them: there is no "
        "'dimension' in {listed!r}.",
        "Tiedosto on JSONia mutta ei JSON-stat-taulu: kohdasta {listed!r} puuttuu 'dimension'. "
        "Tarkista lähteen osoite.",
    ),
    "jsonstat_class": Both(
        "The JSON-stat document is of class {text!r}; a dataset, a bundle or a collection is "
        "expected.",
        "Tiedosto on JSON-statia mutta lajia {text!r}, jossa ei ole lukuja. Tarkista lähteen "
        "osoite.",
    ),
    "not_one_dataset": Both(
        "The JSON-stat document holds {count} datasets and links to {links} more; a single dataset "
        "is expected.",
        "JSON-stat-tiedostossa on {count} taulua ja linkki {links} muuhun, vaikka tauluja pitäisi "
        "olla yksi. Tarkista lähteen osoite.",
    ),
    "in_dataset": Both("Dataset {name!r}: {problem}", "Taulu {name!r}: {problem}"),
    "pxweb_columns": Both(
        "The PxWeb JSON document has no column of type 'c', or one of a type that is neither 'd', "
        "'t' nor 'c'; its measures cannot be told from its keys.",
        "Lähteen tiedostossa (PxWeb JSON) on sarake, jonka laji ei ole 'd', 't' tai 'c', tai lajin "
        f"'c' sarake puuttuu, joten lukuja ei erota luokista.{_REPORT}",
    ),
    # -- SDMX-CSV and Sotkanet -----------------------------------------------------------------
    "columns_missing": Both(
        "The {format} file has no column for {missing}; its columns are {listed}.",
        "Lähteen tiedostosta ({format}) puuttuu sarake {missing}; sen sarakkeet ovat {listed}. "
        "Tarkista lähteen osoite.",
    ),
    "line_of_other_width": Both(
        "The {format} file has {found} fields on line {line}, but its header row names {expected}. "
        "It may have been cut short there.",
        "Lähteen tiedoston ({format}) rivillä {line} on {found} solua mutta otsikkorivillä "
        f"{{expected}}. Tiedosto on voinut katketa.{_AGAIN}",
    ),
    "table_not_read": Both(
        "The {format} file cannot be read: {problem}.",
        f"Lähteen tiedostoa ({{format}}) ei voi lukea taulukkona ({{problem}}).{_AGAIN}",
    ),
    "decimal_sign_unknown": Both(
        "The {format} file writes OBS_VALUE as {text!r}, and nobody can tell whether the comma is "
        "the decimal sign. Save it with a decimal point, as the format asks for.",
        "Lähteen tiedostossa ({format}) on luku {text!r}, eikä tiedetä, onko pilkku "
        f"desimaalipilkku. Luvuissa pitää olla desimaalipiste.{_REPORT}",
    ),
    "holds_deletions": Both(
        "The SDMX-CSV file holds deletions (ACTION D), which are no observations. Fetch the data "
        "set itself, not its changes.",
        "Lähteen tiedostossa (SDMX-CSV) on poistoja (ACTION D). Pyydä ylläpitoa hakemaan koko "
        "aineisto, ei muutoksia.",
    ),
    "several_data_sets": Both(
        "The SDMX-CSV file holds several data sets: {listed}. One is expected.",
        "Lähteen tiedostossa (SDMX-CSV) on useita aineistoja: {listed}. Pyydä ylläpitoa hakemaan "
        "niistä yksi.",
    ),
    "sotkanet_region_twice": Both(
        "The Sotkanet list of regions gives id {text} twice: as {first} and, in entry {at}, as "
        "{second}.",
        "Sotkanetin alueluettelossa tunnus {text} on kahdella alueella: {first} ja (kohta {at}) "
        f"{{second}}.{_REPORT}",
    ),
    "sotkanet_no_regions": Both(
        "The list of regions of Sotkanet is not part of it.",
        f"Sotkanetin vastauksesta puuttuu alueluettelo.{_AGAIN}",
    ),
    # -- PX ------------------------------------------------------------------------------------
    "px_no_keyword": Both(
        "The PX file has no keyword where one is expected, or a damaged one without an equals "
        "sign, on line {line}: {begins!r}. A PX file is keywords up to DATA=; it may have been cut "
        "short.",
        "Lähteen PX-tiedoston rivillä {line} pitäisi alkaa avainsana, mutta siinä on {begins!r}. "
        f"Tiedosto on vioittunut tai katkennut.{_AGAIN}",
    ),
    "px_keyword_open": Both(
        "The PX file does not end the keyword {keyword} on line {line} with a semicolon; a "
        "quotation mark may be missing, or the file was cut short.",
        "Lähteen PX-tiedoston avainsana {keyword} rivillä {line} ei pääty puolipisteeseen: "
        f"lainausmerkki puuttuu tai tiedosto on katkennut.{_AGAIN}",
    ),
    "px_keyword_twice": Both(
        "The PX file gives {keyword}{of} twice, and the two differ. Take one of them out.",
        "Lähteen PX-tiedostossa on kahdesti avainsana {keyword}{of}, ja ne eroavat toisistaan."
        f"{_REPORT}",
    ),
    "px_not_a_list": Both(
        "The PX file has something else than a list of texts at {keyword}, after {count} texts: "
        "{begins!r}.",
        "Lähteen PX-tiedoston avainsanassa {keyword} on virhe {count} arvon jälkeen: {begins!r}."
        f"{_REPORT}",
    ),
    "px_no_variables": Both(
        "The PX file names no variables: it has neither STUB nor HEADING.",
        f"Lähteen PX-tiedostosta puuttuvat muuttujat (STUB ja HEADING).{_AGAIN}",
    ),
    "px_variable_misspelt": Both(
        "The PX file gives {keyword} of {first!r}, which is no variable of STUB and HEADING, and "
        "none of {second!r}. Correct the name of the variable.",
        "Lähteen PX-tiedostossa {keyword} on annettu muuttujalle {first!r}, jota ei ole, ja "
        f"puuttuu muuttujalta {{second!r}}. Nimi on luultavasti kirjoitettu väärin.{_REPORT}",
    ),
    "px_periods_contradict": Both(
        "The PX file names {first!r} in VALUES of {variable!r} and {second!r} in the same place of "
        "{keyword}, so which number is of which period cannot be told. Correct one of the two, or "
        "give CODES.",
        "Lähteen PX-tiedostossa muuttujan {variable!r} samalla paikalla on {first!r} (VALUES) ja "
        f"{{second!r}} ({{keyword}}), joten ei tiedetä, mihin jaksoon luvut kuuluvat.{_REPORT}",
    ),
    "px_range": Both(
        "The PX file has a range in TIMEVAL of {variable!r} that cannot be read, or ends before it "
        "begins: from {first!r} to {second!r} on the time scale {scale!r}.",
        "Lähteen PX-tiedostossa muuttujan {variable!r} ajanjakso {first!r}–{second!r} (TIMEVAL, "
        f"{{scale}}) on virheellinen.{_REPORT}",
    ),
    "px_cut_in_cell": Both(
        "The PX file ends inside its last cell, without a semicolon: it was cut short, and digits "
        "of {text!r} may be missing. Fetch it again.",
        "Lähteen PX-tiedosto on katkennut kesken viimeisen luvun ({text!r}), josta voi puuttua "
        f"numeroita.{_AGAIN}",
    ),
    "px_cell_open": Both(
        "The PX file has a cell without an end after DATA=.",
        f"Lähteen PX-tiedostossa on luku tai teksti, joka ei pääty mihinkään (DATA).{_AGAIN}",
    ),
    "px_rows_open": Both(
        "The PX file does not end with a semicolon. As it leaves out rows of zeros (KEYS), it "
        "cannot be told how much of it is missing.",
        "Lähteen PX-tiedosto ei pääty puolipisteeseen, joten ei tiedetä, puuttuuko lopusta rivejä."
        f"{_AGAIN}",
    ),
    "px_rows_of_other_width": Both(
        "The PX file has {found} keys and cells after DATA=, which is no multiple of the {keys} "
        "keys and {cells} cells of a row.",
        "Lähteen PX-tiedoston rivit (DATA) eivät ole yhtä pitkiä: {found} arvoa ei jakaudu "
        f"riveihin, joissa on {{keys}} avainta ja {{cells}} lukua.{_AGAIN}",
    ),
    "px_key_unknown": Both(
        "The PX file has {text!r} as the key of {variable!r} in row {at} after DATA=, which is "
        "none of its {keyword}.",
        "Lähteen PX-tiedoston datarivillä {at} on muuttujan {variable!r} arvona {text!r}, jota ei "
        f"ole luettelossa {{keyword}}.{_REPORT}",
    ),
    "px_rows_twice": Both(
        "The PX file gives two rows after DATA= with the same keys.",
        f"Lähteen PX-tiedostossa on kaksi datariviä, joilla on samat avaimet (DATA).{_REPORT}",
    ),
}
