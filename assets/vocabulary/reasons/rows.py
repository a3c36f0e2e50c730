"""Why a row is rejected though its cells are understood, or cannot be taken apart into cells."""

from __future__ import annotations

from collections.abc import Mapping

from assets.vocabulary.reasons.both import Both

ROWS: Mapping[str, Both] = {
    # -- rows --------------------------------------------------------------------------------------
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
}
