"""Why a row is rejected though its cells are understood, or cannot be taken apart into cells."""

from __future__ import annotations

from collections.abc import Mapping

from assets.languages import Text

ROWS: Mapping[str, Text] = {
    # -- rows --------------------------------------------------------------------------------------
    "empty": Text(
        fi="pakollinen sarake {column} on tyhjä",
        sv="den obligatoriska kolumnen {column} är tom",
        en="{column} is empty",
    ),
    "source_not_of_indicator": Text(
        fi="luettelon mukaan {source} ei ole mittarin {indicator} lähde; jos on, pyydä "
        "lisäämään se luetteloon (indicator_sources.csv)",
        sv="enligt förteckningen är {source} inte en källa för indikatorn {indicator}; om den "
        "är det, be att den läggs till i förteckningen (indicator_sources.csv)",
        en="the catalogue does not name {source} as a source of {indicator}; add it to "
        "indicator_sources.csv if it is one",
    ),
    "source_not_counted": Text(
        fi="rivi lasketaan mittariin {indicator}, eikä {source} ole luettelon mukaan sen lähde; "
        "jos on, pyydä lisäämään se luetteloon (indicator_sources.csv)",
        sv="raden räknas till indikatorn {indicator}, och enligt förteckningen är {source} inte "
        "en källa för den; om den är det, be att den läggs till i förteckningen "
        "(indicator_sources.csv)",
        en="the catalogue does not name {source} as a source of {indicator}, in which this "
        "counts; add it to indicator_sources.csv if it is one",
    ),
    "unit_of_another_kind": Text(
        fi="mittarin {indicator} yksikkö on {unit}, ei {given}; korjaa yksikkö tai mittari",
        sv="indikatorn {indicator} har enheten {unit}, inte {given}; rätta enheten eller "
        "indikatorn",
        en="{indicator} is measured in {unit}, not {given}",
    ),
    "status_contradicts_value": Text(
        fi="tila {status} sanoo, ettei arvoa ole, mutta arvo on annettu; poista toinen niistä",
        sv="statusen {status} säger att det inte finns något värde, men ett värde har angetts; "
        "ta bort det ena",
        en="status {status} says that there is no value, yet one is given",
    ),
    "share_of_no_share": Text(
        fi="{value} % on osuus, mutta mittarin {indicator} yksikkö on {unit}; poista "
        "prosenttimerkki tai korjaa mittari",
        sv="{value} % är en andel, men indikatorn {indicator} har enheten {unit}; ta bort "
        "procenttecknet eller rätta indikatorn",
        en="{value} % is a share, and {indicator} is measured in {unit}",
    ),
    "far_from_neighbours": Text(
        fi="{value} {unit} on kaukana siitä, mitä {indicator} on muulloin tai muualla "
        "({neighbours}); tarkista yksikkö, tai jos luku on oikein, pyydä hyväksymään se "
        "(accepted_values.csv)",
        sv="{value} {unit} är långt från vad {indicator} är vid andra tidpunkter eller i andra "
        "områden ({neighbours}); kontrollera enheten, eller be om godkännande ifall talet "
        "stämmer (accepted_values.csv)",
        en="{value} {unit} is far from what {indicator} measures around it ({neighbours}); if "
        "it is right, have it accepted in accepted_values.csv",
    ),
    "euros_of_no_money": Text(
        fi="{value} € on rahaa, mutta mittarin {indicator} yksikkö on {unit}; poista euromerkki "
        "tai korjaa mittari",
        sv="{value} € är pengar, men indikatorn {indicator} har enheten {unit}; ta bort "
        "eurotecknet eller rätta indikatorn",
        en="{value} € is an amount of money, and {indicator} is measured in {unit}",
    ),
    "shown_in_thousands": Text(
        fi="työkirja näyttää luvun {value} tuhansina tai miljoonina, mutta yksikkö on {unit}; "
        "muotoile solu näyttämään koko luku tai kirjoita näkyvä yksikkö",
        sv="arbetsboken visar talet {value} i tusental eller miljoner, men enheten är {unit}; "
        "formatera cellen så att den visar hela talet eller skriv den enhet som visas",
        en="the workbook shows {value} in thousands or millions, and the unit is {unit}; give "
        "the cell a number format that shows the whole number, or write the unit that is shown",
    ),
    "fraction_or_percent": Text(
        fi="{text} voi olla {text} % tai {share} %; kirjoita prosenttimerkki: {text} % tai "
        "{share} %",
        sv="{text} kan vara {text} % eller {share} %; skriv ut procenttecknet: {text} % eller "
        "{share} %",
        en="{text} may be {text} % or {share} %; write it with the sign: {text} % or {share} %",
    ),
    "period_too_fine": Text(
        fi="mittaria {indicator} mitataan {cadence}, ja {period} on lyhyempi jakso; "
        "taulukko-ohjelma on voinut muuttaa sen päivämääräksi",
        sv="indikatorn {indicator} mäts {cadence}, och {period} är en kortare period; "
        "kalkylprogrammet kan ha gjort den till ett datum",
        en="{indicator} is measured by {cadence}, and {period} is a shorter period; a "
        "spreadsheet may have made a date of it",
    ),
    "number_unread": Text(
        fi="{text!r} sisältää luvun, jota ei ymmärretä; kirjoita pelkkä luku, esimerkiksi 8,5",
        sv="{text!r} innehåller ett tal som inte går att tolka; skriv bara talet, till exempel 8,5",
        en="{text!r} holds a number that is not understood; write the number alone, such as 8.5",
    ),
    "id_shortened": Text(
        fi="{text!r} on pitkä numero, jonka taulukko-ohjelma on lyhentänyt; muotoile sarake "
        "tekstiksi ja kirjoita koko tunnus uudelleen",
        sv="{text!r} är ett långt nummer som kalkylprogrammet har förkortat; formatera kolumnen "
        "som text och skriv hela koden på nytt",
        en="{text!r} is a long number that a spreadsheet has shortened; format the column as "
        "text and write the whole id again",
    ),
    "amount_scaled": Text(
        fi="{text!r} on tuhansina tai miljoonina; kirjoita koko summa euroina",
        sv="{text!r} är i tusental eller miljoner; skriv hela beloppet i euro",
        en="{text!r} is in thousands or millions; write the whole amount in euros",
    ),
    "amount_shown_scaled": Text(
        fi="työkirja näyttää summan tuhansina tai miljoonina; muotoile solu näyttämään koko "
        "summa euroina",
        sv="arbetsboken visar beloppet i tusental eller miljoner; formatera cellen så att den "
        "visar hela beloppet i euro",
        en="the workbook shows the amount in thousands or millions; give the cell a number "
        "format that shows all euros",
    ),
    "below_range": Text(
        fi="{value} {unit} on pienempi kuin mittarin {indicator} pienin mahdollinen arvo "
        "({bound}); tarkista luku ja yksikkö",
        sv="{value} {unit} är mindre än det minsta möjliga värdet för indikatorn {indicator} "
        "({bound}); kontrollera talet och enheten",
        en="{value} {unit} is below the valid range of {indicator} ({bound})",
    ),
    "above_range": Text(
        fi="{value} {unit} on suurempi kuin mittarin {indicator} suurin mahdollinen arvo "
        "({bound}); tarkista luku ja yksikkö",
        sv="{value} {unit} är större än det största möjliga värdet för indikatorn {indicator} "
        "({bound}); kontrollera talet och enheten",
        en="{value} {unit} is above the valid range of {indicator} ({bound})",
    ),
    "negative_grant": Text(
        fi="summa ei voi olla negatiivinen; toimita takaisinperintä korjattuna päätöksenä",
        sv="ett belopp kan inte vara negativt; leverera ett återkrav som ett rättat beslut",
        en="an amount cannot be negative; deliver a recovery as a corrected decision",
    ),
    "negative_budget": Text(
        fi="budjetti ei voi olla negatiivinen; tarkista luku",
        sv="en budget kan inte vara negativ; kontrollera talet",
        en="a budget cannot be negative",
    ),
    "held_far_from_plan": Text(
        fi="{held} on yli vuoden päässä suunnitellusta päivästä {planned}; toinen on väärin",
        sv="{held} är mer än ett år från den planerade dagen {planned}; den ena är fel",
        en="{held} is more than a year from the planned {planned}; one of them is mistyped",
    ),
    "no_day_and_no_period": Text(
        fi="kirjoita päivä, tai jos sitä ei vielä tiedetä, jakso sarakkeeseen {column}",
        sv="skriv dagen, eller om den ännu inte är känd, perioden i kolumnen {column}",
        en="write the day, or while it is not known the period in {column}",
    ),
    "ends_before_it_starts": Text(
        fi="{end} on ennen alkua ({column}: {start}); korjaa toinen",
        sv="{end} är före början ({column}: {start}); rätta den ena",
        en="{end} lies before {column} ({start})",
    ),
    "total_row": Text(
        fi="summarivi; alusta laskee summat itse, poista rivi",
        sv="en summarad; plattformen räknar summorna själv, ta bort raden",
        en="a total row; totals are computed by the platform",
    ),
    "note_row": Text(
        fi="huomautus taulukon alla tai rivien välissä: vain yksi solu on täytetty; poista rivi",
        sv="en anmärkning under tabellen eller mellan raderna: bara en cell är ifylld; ta bort "
        "raden",
        en="a note below the table or between its rows: only one cell is filled",
    ),
    "header_again": Text(
        fi="otsikkorivi toistuu rivien keskellä; poista rivi",
        sv="rubrikraden upprepas mitt bland raderna; ta bort raden",
        en="the header once more, in the middle of the rows",
    ),
    "quote_open": Text(
        fi="lainausmerkki aloittaa solun, jota mikään ei lopeta; poista merkki tai lisää "
        "loppumerkki",
        sv="ett citattecken öppnar en cell som ingenting avslutar; ta bort tecknet eller lägg "
        "till ett i slutet",
        en="a quotation mark opens a cell here and does not close it; delete the mark, or close it",
    ),
    "cell_too_long": Text(
        fi="rivillä on solu, jossa on yli 131 072 merkkiä; lyhennä sitä",
        sv="raden har en cell med över 131 072 tecken; förkorta den",
        en="a cell of the line has more than 131,072 characters; shorten it",
    ),
    "line_in_another_encoding": Text(
        fi="rivi on eri merkistöllä kuin muu tiedosto; kirjoita sen kirjaimet uudelleen tai "
        "tallenna koko tiedosto muodossa CSV UTF-8",
        sv="raden har en annan teckenkodning än resten av filen; skriv om bokstäverna på raden "
        "eller spara hela filen som CSV UTF-8",
        en="the line is in another encoding than the rest of the file; write its letters again, "
        "or save the whole file as CSV UTF-8",
    ),
    "letters_garbled": Text(
        fi="kirjaimet ovat menneet sekaisin: {text!r}; tallenna tiedosto muodossa CSV UTF-8 ja "
        "toimita uudelleen",
        sv="bokstäverna är förvanskade: {text!r}; spara filen som CSV UTF-8 och leverera den på "
        "nytt",
        en="the letters of {text!r} are garbled; save the file as CSV UTF-8 and deliver it again",
    ),
    "other_width": Text(
        fi="rivillä on {cells} solua mutta otsikkorivillä {width}; tarkista, että jokainen arvo "
        "on omassa sarakkeessaan",
        sv="raden har {cells} celler men rubrikraden {width}; kontrollera att varje värde står "
        "i sin egen kolumn",
        en="the row has {cells} cells, the header {width}",
    ),
    "number_both_ways": Text(
        fi="{text!r} voi olla {whole} tai {decimal}, eikä mikään muu tiedoston luku ratkaise "
        "sitä; kirjoita luku ilman tuhaterottimia ja muulla kuin kolmella desimaalilla",
        sv="{text!r} kan vara {whole} eller {decimal}, och inget annat tal i filen avgör det; "
        "skriv talet utan tusentalsavgränsare och med ett annat antal decimaler än tre",
        en="{text!r} reads as {whole} or as {decimal}, and no other number of the file decides "
        "it; write it without thousands separators, and with another number of decimals than "
        "three",
    ),
    "day_both_ways": Text(
        fi="{text!r} voi alkaa päivällä tai kuukaudella, eikä mikään sarakkeessa ratkaise sitä; "
        "kirjoita 15.3.2025 tai 2025-03-15",
        sv="{text!r} kan börja med dagen eller månaden, och ingenting i kolumnen avgör det; "
        "skriv 15.3.2025 eller 2025-03-15",
        en="{text!r} reads day first or month first, and nothing in the column decides it; "
        "write it as 2025-03-15 or 15.3.2025",
    ),
    "another_sheet": Text(
        fi="myös taulukossa {sheet!r} on aineiston {dataset} sarakkeet (rivi {line}); tallenna "
        "se omaksi tiedostokseen",
        sv="även bladet {sheet!r} har kolumnerna för materialet {dataset} (rad {line}); spara "
        "det som en egen fil",
        en="the sheet {sheet!r} also has the columns of {dataset} (its row {line}); put it in a "
        "file of its own",
    ),
    "cell_shortened": Text(
        fi="solu on liian pitkä työkirjaan ja on tässä lyhennetty; toimita rivi omasta "
        "tiedostostanne",
        sv="cellen är för lång för en arbetsbok och har förkortats här; leverera raden ur er "
        "egen fil",
        en="the cell is too long for a workbook and is shortened here; deliver the row from "
        "your own file",
    ),
}
