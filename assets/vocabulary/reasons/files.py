"""Why a file of a partner is rejected whole, and what to know of one that was read."""

from __future__ import annotations

from collections.abc import Mapping

from assets.languages import Text

_SAVE_AGAIN = Text(
    fi="avaa se Excelissä tai LibreOfficessa ja tallenna uudelleen .xlsx-työkirjana",
    sv="öppna filen i Excel eller LibreOffice och spara den på nytt som en .xlsx-arbetsbok",
    en="open it in Excel or LibreOffice and save it again as an .xlsx workbook",
)

FILES: Mapping[str, Text] = {
    # -- whole files -------------------------------------------------------------------------------
    "file_empty": Text(fi="Tiedosto on tyhjä.", sv="Filen är tom.", en="The file is empty."),
    "no_delivery_suffix": Text(
        fi="Toimitus on .csv-, .xlsx- tai .xls-tiedosto, ei {suffix}.",
        sv="En leverans är en .csv-, .xlsx- eller .xls-fil, inte {suffix}.",
        en="A delivery is a .csv, .xlsx or .xls file, not {suffix}.",
    ),
    "web_page": Text(
        fi="Tiedosto on verkkosivu tai XML nimestään huolimatta; avaa se Excelissä ja tallenna "
        ".xlsx-työkirjana.",
        sv="Filen är en webbsida eller XML, oavsett vad den heter; öppna den i Excel och spara "
        "den som en .xlsx-arbetsbok.",
        en="The file is a web page or XML, whatever its name says; open it in Excel and save it "
        "as an .xlsx workbook.",
    ),
    "no_text": Text(
        fi="Tiedosto ei ole UTF-8-, UTF-16- eikä Windows-1252-tekstiä ({fault}); tallenna se "
        "uudelleen muodossa CSV UTF-8 tai .xlsx-työkirjana.",
        sv="Filen är inte text i UTF-8, UTF-16 eller Windows-1252 ({fault}); spara den på nytt "
        "som CSV UTF-8 eller som en .xlsx-arbetsbok.",
        en="The file is no text in UTF-8, UTF-16 or Windows-1252 ({fault}); save it again as "
        "CSV UTF-8 or as an .xlsx workbook.",
    ),
    "binary_data": Text(
        fi="binääridataa tavusta {at} alkaen {length} tavun matkalla",
        sv="binära data inom {length} byte från byte {at}",
        en="binary data within {length} bytes from byte {at}",
    ),
    "encoding_breaks": Text(
        fi="merkistö katkeaa tavusta {at} alkaen {length} tavun matkalla",
        sv="teckenkodningen bryts inom {length} byte från byte {at}",
        en="it breaks within {length} bytes from byte {at}",
    ),
    "text_not_parted": Text(
        fi="Tiedostoa ei voi lukea riviltä {line} eteenpäin. Luultavasti lainausmerkki puuttuu "
        "solun lopusta.",
        sv="Filen går inte att läsa från rad {line} framåt. Troligen saknas ett citattecken i "
        "slutet av en cell.",
        en="The file cannot be read from line {line} on: {problem}. A quotation mark is "
        "probably not closed.",
    ),
    "line_too_long": Text(
        fi="Rivillä {line} on yli {most:,} merkkiä, joten tämä ei ole taulukko. Tallenna "
        "tiedosto uudelleen CSV:nä, yksi rivi rivillään.",
        sv="Rad {line} har över {most:,} tecken, så det här är ingen tabell. Spara filen på "
        "nytt som CSV med en rad per rad.",
        en="Line {line} is longer than {most:,} characters; this is no table. Save it again as "
        "CSV with one row a line.",
    ),
    "no_header": Text(
        fi="Tiedostosta ei löytynyt otsikkoriviä; puuttuu: {missing}. Aineiston {dataset} "
        "pakolliset sarakkeet ovat {required}, ja otsikkorivi on {rows} ensimmäisen rivin "
        "joukossa. {nearest}",
        sv="Ingen rubrikrad hittades i filen; det saknas: {missing}. De obligatoriska "
        "kolumnerna i materialet {dataset} är {required}, och rubrikraden ska finnas bland de "
        "{rows} första raderna. {nearest}",
        en="No header row with the columns {required} of {dataset} was found in the first "
        "{rows} rows; missing: {missing}. {nearest}",
    ),
    "header_garbled": Text(
        fi="Otsikkorivin kirjaimet ovat menneet sekaisin ({row}); tallenna tiedosto uudelleen "
        "muodossa CSV UTF-8.",
        sv="Bokstäverna i rubrikraden är förvanskade ({row}); spara filen på nytt som CSV UTF-8.",
        en="The letters of the header row are garbled ({row}); save the file again as CSV UTF-8.",
    ),
    "of_another_dataset": Text(
        fi="Sarakkeet ovat aineiston {other}, eivät aineiston {dataset}; siirrä tiedosto sen "
        "nimiseen kansioon.",
        sv="Kolumnerna hör till materialet {other}, inte till materialet {dataset}; flytta "
        "filen till mappen med det namnet.",
        en="The columns are those of {other}, not of {dataset}; move the file into the folder "
        "of that name.",
    ),
    "nearest_row": Text(
        fi="Lähin rivi on: {row}.",
        sv="Den närmaste raden är: {row}.",
        en="The nearest row reads: {row}.",
    ),
    "no_row": Text(
        fi="Tiedostossa ei ole yhtään riviä.",
        sv="Filen har inte en enda rad.",
        en="There is no row at all.",
    ),
    "several_layouts": Text(
        fi="Otsikkorivi sopii useampaan tunnettuun asetteluun ({names}); poista sarakkeet, "
        "jotka kuuluvat väärään, tai pyydä tarkentamaan asettelua.",
        sv="Rubrikraden passar flera kända uppställningar ({names}); ta bort de kolumner som "
        "hör till den felaktiga, eller be att uppställningen preciseras.",
        en="The header fits more than one layout: {names}; remove the columns that only the "
        "wrong one reads, or ask the platform to make one of them stricter.",
    ),
    "most_keys_twice": Text(
        fi="{twice} solua {keys} solusta on tiedostossa kahdesti eri arvoilla; luultavasti "
        "jokin lukematta jäävä sarake erottaa ne (sukupuoli, ikä). Toimita vain yhteensä-rivit, "
        "tai pyydä alustan ylläpitoa hyväksymään tiedosto.",
        sv="{twice} av {keys} celler finns två gånger i filen med olika värden; troligen "
        "skiljer en kolumn som inte läses dem åt (kön, ålder). Leverera bara totalraderna, "
        "eller be plattformens administratör godkänna filen.",
        en="{twice} of {keys} cells come twice with different values; a column that is not read "
        "probably tells them apart (a sex, an age). Deliver the totals only, or have the file "
        "accepted.",
    ),
    "hidden_sheet": Text(
        fi="Taulukko {sheet!r}, jossa ovat aineiston {dataset} sarakkeet, on piilotettu; tuo se "
        "näkyviin ja toimita työkirja uudelleen.",
        sv="Bladet {sheet!r}, som har kolumnerna för materialet {dataset}, är dolt; visa det "
        "och leverera arbetsboken på nytt.",
        en="The sheet {sheet!r}, which has the columns of {dataset}, is hidden; show it and "
        "deliver the workbook again.",
    ),
    "columns_differ": Text(
        fi="Sarakkeet {first!r} ja {second!r} tarkoittavat molemmat samaa ({column}) mutta "
        "eroavat; jätä niistä yksi.",
        sv="Kolumnerna {first!r} och {second!r} betyder båda samma sak ({column}) men skiljer "
        "sig; behåll den ena.",
        en="The columns {first!r} and {second!r} both mean {column} and differ; keep one of them.",
    ),
    "workbook_damaged": Text(
        fi=f"Työkirja on vioittunut{{problem}}; {_SAVE_AGAIN.fi}.",
        sv=f"Arbetsboken är skadad{{problem}}; {_SAVE_AGAIN.sv}.",
        en=f"The workbook is damaged{{problem}}; {_SAVE_AGAIN.en}.",
    ),
    "sheet_damaged": Text(
        fi=f"Taulukko {{sheet!r}} on vioittunut{{problem}}; {_SAVE_AGAIN.fi}.",
        sv=f"Bladet {{sheet!r}} är skadat{{problem}}; {_SAVE_AGAIN.sv}.",
        en=f"The sheet {{sheet!r}} is damaged{{problem}}; {_SAVE_AGAIN.en}.",
    ),
    "password": Text(
        fi="Työkirja on suojattu salasanalla; poista salasana (Excelissä Tiedosto, Tiedot, "
        "Suojaa työkirja) ja toimita uudelleen.",
        sv="Arbetsboken är skyddad med ett lösenord; ta bort lösenordet (i Excel Arkiv, Info, "
        "Skydda arbetsbok) och leverera den på nytt.",
        en="The workbook is protected by a password; take the password off (File, Info, Protect "
        "Workbook in Excel) and deliver it again.",
    ),
    "sheet_too_large": Text(
        fi="Taulukko {sheet} ulottuu {rows:,} riville ja {columns:,} sarakkeeseen; enintään "
        "{most:,} solua luetaan. Poista se, mikä on kaukana taulukosta, tai toimita rivit "
        "CSV:nä.",
        sv="Bladet {sheet} sträcker sig över {rows:,} rader och {columns:,} kolumner; högst "
        "{most:,} celler läses. Ta bort det som står långt från tabellen, eller leverera "
        "raderna som CSV.",
        en="The sheet {sheet} spreads over {rows:,} rows and {columns:,} columns; at most "
        "{most:,} cells are read. Delete what stands far off the table, or deliver the rows as "
        "CSV.",
    ),
    "xls_too_large": Text(
        fi="Työkirjassa on {size:,} tavua; yli {most:,} tavun .xls-tiedostoa ei lueta. Toimita "
        "rivit CSV:nä.",
        sv="Arbetsboken har {size:,} byte; en .xls-fil på över {most:,} byte läses inte. "
        "Leverera raderna som CSV.",
        en="The workbook has {size:,} bytes; an .xls of more than {most:,} is not read. Deliver "
        "the rows as CSV.",
    ),
    "unpacks_too_large": Text(
        fi="Työkirja purkautuisi {packed:,} tavusta {unpacked:,} tavuun; enintään {most:,} "
        "tavua ja {ratio} kertaa oma kokonsa luetaan. Toimita rivit CSV:nä.",
        sv="Arbetsboken skulle packas upp från {packed:,} till {unpacked:,} byte; högst "
        "{most:,} byte och {ratio} gånger filens storlek läses. Leverera raderna som CSV.",
        en="The workbook would unpack to {unpacked:,} bytes, from {packed:,}; at most {most:,} "
        "bytes and {ratio} times its size are read. Deliver the rows as CSV.",
    ),
    "other_archive": Text(
        fi="Tiedosto on {what}; tallenna se uudelleen .xlsx-työkirjana.",
        sv="Filen är {what}; spara den på nytt som en .xlsx-arbetsbok.",
        en="The file is {what}; save it again as an .xlsx workbook.",
    ),
    # -- foreign files -----------------------------------------------------------------------------
    "layout_refuses": Text(fi="{reason}", sv="{reason}", en="{reason}"),
    "column_tells_rows_apart": Text(
        fi="Saraketta {header!r} ei lueta, mutta se erottaa saman avaimen rivejä ({first!r} ja "
        "{second!r}). Toimita vain kokonaisluvut eli yhteensä-rivit, tai pyydä alustan "
        "ylläpitoa hyväksymään tiedosto.",
        sv="Kolumnen {header!r} läses inte men skiljer rader med samma nyckel åt ({first!r} och "
        "{second!r}). Leverera bara totalraderna, eller be plattformens administratör godkänna "
        "filen.",
        en="The column {header!r} is not read and tells rows of one key apart ({first!r} and "
        "{second!r}). Deliver only the rows that are the whole, or have the file accepted.",
    ),
    "unnamed_column_tells_rows_apart": Text(
        fi="Sarake {header!r} erottaa saman avaimen rivejä ({first!r} ja {second!r}), eikä sitä "
        "lueta. Toimita vain kokonaisluvut, tai pyydä alustan ylläpitoa valitsemaan rivit "
        "(asettelu {layout}, kohta `only`).",
        sv="Kolumnen {header!r} skiljer rader med samma nyckel åt ({first!r} och {second!r}) "
        "och läses inte. Leverera bara totalraderna, eller be plattformens administratör välja "
        "raderna (uppställningen {layout}, punkten `only`).",
        en="The column {header!r} tells rows of one key apart ({first!r} and {second!r}), and "
        "the layout {layout} does not name it. Say in the layout which rows are taken, with "
        "`only`, or deliver only those.",
    ),
    "nothing_is_taken": Text(
        fi="Millään rivillä ei ole sarakkeessa {header!r} arvoa {cell!r}, ja vain ne rivit "
        "otetaan (asettelu {layout}).",
        sv="Ingen rad har värdet {cell!r} i kolumnen {header!r}, och bara de raderna tas emot "
        "(uppställningen {layout}).",
        en="No row has {cell!r} in the column {header!r}, and the layout {layout} takes only "
        "those.",
    ),
    "not_as_the_layout": Text(
        fi="{text!r} ei ole odotetun muotoinen; tarkista solu",
        sv="{text!r} har inte den form som väntas; kontrollera cellen",
        en="{text!r} does not look as the layout expects",
    ),
    "line_too_long_to_part": Text(
        fi="rivillä on {length:,} merkkiä, eikä sitä jaeta soluihin",
        sv="raden har {length:,} tecken och delas inte i celler",
        en="the line has {length:,} characters and is not taken apart",
    ),
    "line_not_parted": Text(
        fi="riviä ei voi jakaa soluihin: erotinmerkkejä on myös tekstissä; poista ne siitä",
        sv="raden går inte att dela i celler: avgränsningstecken finns också i texten; ta bort "
        "dem därifrån",
        en="the line cannot be parted into cells: its separators stand in free text too, and "
        "what surrounds that does not look as expected",
    ),
    "line_parted_in_two_ways": Text(
        fi="rivin voi jakaa soluihin useammalla tavalla; poista erotinmerkit tekstistä",
        sv="raden kan delas i celler på flera sätt; ta bort avgränsningstecknen ur texten",
        en="the line can be parted into cells in more than one way",
    ),
    # -- files in the wrong place ------------------------------------------------------------------
    "wrong_place": Text(
        fi="Tiedosto on paikassa landing/{path}; siirrä se kansioon landing/<lähde>/<aineisto>/.",
        sv="Filen finns i landing/{path}; flytta den till mappen landing/<källa>/<material>/.",
        en="The file lies at landing/{path}; put it in landing/<source>/<dataset>/.",
    ),
    "not_a_source": Text(
        fi="{source!r} ei ole luettelon lähde ({known}); siirrä tiedosto kansioon "
        "landing/<lähde>/<aineisto>/.",
        sv="{source!r} är inte en källa i förteckningen ({known}); flytta filen till mappen "
        "landing/<källa>/<material>/.",
        en="{source!r} is not a source of the catalogue ({known}); put it in "
        "landing/<source>/<dataset>/.",
    ),
    "not_a_dataset_of_source": Text(
        fi="Luettelon mukaan {source} ei toimita aineistoa {dataset!r} ({known}); jos "
        "toimittaa, pyydä lisäämään se luetteloon (sources.csv).",
        sv="Enligt förteckningen levererar {source} inte materialet {dataset!r} ({known}); om "
        "den gör det, be att det läggs till i förteckningen (sources.csv).",
        en="{source} delivers no dataset {dataset!r} by the catalogue ({known}); add it to "
        "sources.csv if it does.",
    ),
    # -- what to know of a reading that went well --------------------------------------------------
    "hidden_rows_read": Text(
        fi="luettiin myös {rows} piilotettua tai suodatettua riviä",
        sv="även {rows} dolda eller filtrerade rader lästes",
        en="{rows} hidden or filtered row(s) were read",
    ),
    "hidden_columns_read": Text(
        fi="luettiin myös {columns} piilotettua saraketta",
        sv="även {columns} dolda kolumner lästes",
        en="{columns} hidden column(s) were read",
    ),
    "hidden_sheet_not_read": Text(
        fi="piilotettua taulukkoa {sheet} ei luettu",
        sv="det dolda bladet {sheet} lästes inte",
        en="the hidden sheet {sheet} was not read",
    ),
    "read_by_layout": Text(
        fi="luettu tunnettuna taulukkona {layout}",
        sv="läst som den kända tabellen {layout}",
        en="read by the layout {layout}",
    ),
}
