"""Why a file of a partner is rejected whole, and what to know of one that was read."""

from __future__ import annotations

from collections.abc import Mapping

from assets.vocabulary.reasons.both import Both

_SAVE_AGAIN = Both(
    "open it in Excel or LibreOffice and save it again as an .xlsx workbook",
    "avaa se Excelissä tai LibreOfficessa ja tallenna uudelleen .xlsx-työkirjana",
)

FILES: Mapping[str, Both] = {
    # -- whole files -------------------------------------------------------------------------------
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
    # -- foreign files -----------------------------------------------------------------------------
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
    # -- files in the wrong place ------------------------------------------------------------------
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
    # -- what to know of a reading that went well --------------------------------------------------
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
}
