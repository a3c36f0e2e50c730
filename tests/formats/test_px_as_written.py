"""PX files as programs and people really write them: the cube is there, or nothing is guessed."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.formats.cube import Cube
from assets.formats.px import read_header, read_px
from assets.vocabulary import UnreadableDelivery

CASES = Path(__file__).resolve().parents[3] / "shared" / "data" / "cases"

HEAD = {
    "CHARSET": 'CHARSET="ANSI"',
    "TITLE": 'TITLE="Väestö alueittain"',
    "STUB": 'STUB="Alue"',
    "HEADING": 'HEADING="Vuosi"',
    "VALUES": 'VALUES("Alue")="KOKO MAA","Kajaani"',
    "CODES": 'CODES("Alue")="SSS","KU205"',
    "TIMEVAL": 'TIMEVAL("Vuosi")=TLIST(A1),"2023","2024"',
    "YEARS": 'VALUES("Vuosi")="2023","2024"',
}
DATA = "DATA=\n10 20\n3 4\n;"
NUMBERS = [10.0, 20.0, 3.0, 4.0]


def written(data: str = DATA, after: str = "YEARS", add: str = "", **other: str) -> str:
    """The small table with other keywords, or something written behind one of them."""
    lines = []
    for name, line in (HEAD | other).items():
        lines += [f"{line};"] if line else []
        lines += [add] if add and name == after else []
    return "\n".join([*lines, data])


def read(text: str, encoding: str = "cp1252") -> Cube:
    return read_px(text.encode(encoding))


def by_keys(cube: Cube) -> dict[tuple[str, ...], float]:
    keys = itertools.product(*(dimension.codes for dimension in cube.dimensions))
    return dict(zip(keys, cube.values.tolist(), strict=True))


RIGHT = by_keys(read(written()))


def test_the_small_table_is_what_the_variants_are_held_against() -> None:
    assert RIGHT == {
        ("SSS", "2023"): 10,
        ("SSS", "2024"): 20,
        ("KU205", "2023"): 3,
        ("KU205", "2024"): 4,
    }


# --- Keywords that are not by the book --------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "notes"),
    [
        (written(add='NOTE="Yksi.";\n"Kaksi.";\n"Kol"\n"me.";'), ("Yksi.", "Kaksi.", "Kolme.")),
        (written(add='NOTE("Alue")="Yksi.";\n"Kaksi.";'), ()),
        (written(add='NOTE="Ns. "kova" luku; 5" putki.";'), ('Ns. "kova" luku; 5" putki.',)),
        (written(add='NOTE="Ns. "kova" luku.";'), ('Ns. "kova" luku.',)),
        (written(add='NOTE="Putki on 5" paksu.";', after="TITLE"), ('Putki on 5" paksu.',)),
        (written(add='NOTE="Loppuu kesken;', after="STUB"), ("Loppuu kesken",)),
        (written(add="NOTE=Ilman lainausmerkkejä;"), ("Ilman lainausmerkkejä",)),
        (written(add='NOTE="Rivi\nvaihtuu";'), ("Rivi vaihtuu",)),
        (written(add='NOTE="Ilman puolipistettä"', after="HEADING"), ("Ilman puolipistettä",)),
        (written(add='"Siipikarja","Muut";', after="HEADING"), ()),
        (written(add='"Siipikarja","Muut"', after="HEADING"), ()),
        (written(add="# kommentti;", after="TITLE"), ()),
        (written(add=";"), ()),
        (written(TITLE='TITLE="Väestö "alueittain""'), ()),
        (written(TITLE='TITLE="Väestö\r\nalueittain"'), ()),
        (written(TIMEVAL='TIMEVAL("Vuosi")=TLIST(A1)","2023","2024"'), ()),
        (written(TIMEVAL='TIMEVAL("Vuosi")=TLIST(A1)","2023","2024'), ()),
        (written(TIMEVAL='TIMEVAL("Vuosi")=TLIST(A1,"2023"-"2024)'), ()),
        (written(data=DATA + '\nNOTE="Perässä";'), ()),
        (written(data=DATA + '\n"Perässä";\nVALUES("Alue")="x";'), ()),
        (written(data=DATA + "\n99 98 97 96;"), ()),
        (written(data='DATA=\n10;20;\n3;4;\nNOTE="a;b";'), ()),
    ],
)
def test_a_note_or_a_stray_list_does_not_cost_the_table(
    document: str, notes: tuple[str, ...]
) -> None:
    for line_end in ("\n", "\r\n"):
        cube = read(document.replace("\n", line_end))
        assert by_keys(cube) == RIGHT
        assert cube.notes == notes
        assert cube.dimensions[1].role == "time"


@pytest.mark.parametrize(
    ("document", "area"),
    [
        (written(VALUES='VALUES("Alue")="KOKO\nMAA","Kajaani"'), "KOKO MAA"),
        (written(VALUES='VALUES("Alue")="KOKO \r\n  MAA","Kajaani"'), "KOKO MAA"),
        (written(VALUES='VALUES("Alue")="KOKO "\n"MAA","Kajaani"'), "KOKO MAA"),
        (written(VALUES='VALUES("Alue")=\n"KOKO MAA",\n\n"Kajaani"'), "KOKO MAA"),
    ],
)
def test_a_break_inside_a_quoted_text_is_a_blank(document: str, area: str) -> None:
    assert read(document).dimensions[0].labels == (area, "Kajaani")


def test_a_broken_name_is_the_same_name_wherever_it_stands() -> None:
    document = written().replace('"Alue"', '"Alue\nvuonna"', 2)
    document = document.replace('"Alue"', '"Alue vuonna"')
    assert by_keys(read(document)) == RIGHT


def test_keywords_of_r_have_dots_for_hyphens_and_brackets() -> None:
    header = read_header(
        written(
            add='AXIS.VERSION="2010";\nLAST.UPDATED="20260401 08:00";\nTITLE.sv.="Folkmängd";'
        ).encode()
    )
    assert header.tells_nil_from_zero
    assert header.text("LAST-UPDATED") == "20260401 08:00"
    assert header.text("TITLE", language="sv") == "Folkmängd"


@pytest.mark.parametrize(
    ("document", "code", "says"),
    [
        # A keyword that says where numbers stand, and is damaged.
        (written(VALUES='VALUES("Alue")="KOKO MAA,"Kajaani"'), "px_keyword_open", "VALUES"),
        (written(VALUES='VALUES("Alue")="KOKO "MAA","Kajaani"'), "px_keyword_open", "VALUES"),
        (written(YEARS='VALUES("Vuosi")="2023","2024'), "px_keyword_open", "VALUES"),
        (written(CODES='CODES("Alue")="SSS,"KU205"'), "px_keyword_open", "CODES"),
        (written(STUB='STUB="Alue'), "px_keyword_open", "STUB on line 3"),
        (
            written(CODES='CODES("Alue") "SSS","KU205"'),
            "px_no_keyword",
            "without an equals sign, on line 6",
        ),
        (
            written(add='VALUES("Alue")="Kajaani","KOKO MAA";'),
            "px_keyword_twice",
            "gives VALUES of the variable 'Alue' twice",
        ),
        (
            written(CODES='CODES(" Alue")="KU205","SSS"'),
            "px_variable_misspelt",
            "which is no variable of STUB",
        ),
        (written(YEARS='V""ALUES("Vuosi")="2024","2023"'), "px_no_keyword", "damaged"),
        (written(data="10 20\n3 4\n;"), "px_no_keyword", "on line 9: '10 20"),
        # Cut in the last number, or behind it.
        (written(data="DATA=\n10 20\n3 4"), "px_cut_in_cell", "ends inside its last cell"),
        (written(data='DATA=\n10 20\n3 "..'), "px_cut_in_cell", "ends inside its last cell"),
        (written(data="DATA=\n10 20\n3 ;"), "cells_missing", "3 cells, but"),
        (written(data='DATA=\n10 20\n3 ;\nNOTE="5";'), "cells_missing", "3 cells, but"),
        (written(data='DATA=\n10 20 5\n3 4;\nNOTE="5";'), "cells_missing", "5 cells, but"),
    ],
)
def test_what_says_where_a_number_stands_is_never_guessed(
    document: str, code: str, says: str
) -> None:
    with pytest.raises(UnreadableDelivery, match=says) as refused:
        read(document)
    assert refused.value.reason.kind == code


def test_data_that_end_with_a_line_need_no_semicolon() -> None:
    assert by_keys(read(written(data="DATA=\n10 20\n3 4\n"))) == RIGHT
    assert by_keys(read(written(data="DATA=\n10 20\n3 4\x1a"))) == RIGHT


# --- Encodings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings_of_file", "encoding", "text"),
    [
        ('CHARSET="ANSI";\nCODEPAGE="iso-8859-1";', "utf-8", "Väestö – €"),
        ('CHARSET="ANSI";\nCODEPAGE="iso-8859-15";', "utf-8", "Väestö – €"),
        ('CHARSET="ANSI";\nCODEPAGE="Windows-1252";', "utf-8", "Väestö – €"),
        ('CHARSET="OEM";', "utf-8", "Väestö – €"),
        ('CHARSET="ANSI";\nCODEPAGE="utf-8";', "cp1252", "Väestö – €"),
        ('CHARSET="ANSI";\nCODEPAGE="iso-8859-15";', "cp1252", "Väestö – €"),
        ('CHARSET="ANSI";\nCODEPAGE="iso-8859-15";', "iso8859-15", "Väestö €"),
        ('CHARSET="ANSI";\nCODEPAGE="ISO-8859-1";', "cp1252", "Väestö – €"),
        ('CHARSET="ANSI";', "cp1252", "Väestö – €"),
        ('CHARSET="OEM";', "cp850", "Väestö Åland"),
        ('CHARSET="OEM";', "cp437", "Väestö Åland"),
        ("", "cp850", "Väestö Åland"),
        ('AXIS-VERSION="1994";', "cp437", "Väestö Åland"),
        ("", "cp1252", "Väestö Åland"),
        ("CODEPAGE=cp850;", "cp850", "Väestö Åland"),
        ('CODEPAGE="437";', "cp437", "Väestö Åland"),
    ],
)
def test_the_bytes_decide_the_encoding_before_what_the_file_says(
    settings_of_file: str, encoding: str, text: str
) -> None:
    document = written(CHARSET=settings_of_file.rstrip(";"), TITLE=f'TITLE="{text}"')
    assert read(document, encoding).label == text


def test_one_foreign_byte_does_not_turn_a_utf_8_file_into_mojibake() -> None:
    document = written(VALUES='VALUES("Alue")="Pälkäne","Ähtäri"', add='NOTE="Ks. liite §";')
    foreign = document.encode().replace("Ähtäri".encode(), b"\xc4ht\xc3\xa4ri")
    cube = read_px(foreign.replace("§".encode(), b"\xa7"))
    assert cube.dimensions[0].labels == ("Pälkäne", "Ähtäri")
    assert (cube.label, cube.notes) == ("Väestö alueittain", ("Ks. liite §",))


# --- The order of periods ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "timeval", "codes"),
    [
        ('"2024","2023"', 'TLIST(A1),"2023","2024"', ("2024", "2023")),
        ('"2024*","2023"', 'TLIST(A1,"2023"-"2024")', ("2024", "2023")),
        ('"2025K1","2024K4"', 'TLIST(Q1),"20244","20251"', ("2025Q1", "2024Q4")),
        ('"2025M01","2024M12"', 'TLIST(M1,"202412"-"202501")', ("2025M01", "2024M12")),
        ('"2025 tammikuu","2024 joulukuu"', 'TLIST(M1),"202412","202501"', ("2025M01", "2024M12")),
        ('"Januari 2025","December 2024"', 'TLIST(M1),"202412","202501"', ("2025M01", "2024M12")),
        ('"2024/II","2024/I"', 'TLIST(H1),"20241","20242"', None),
        ('"2024 II nelj.","2024 I nelj."', 'TLIST(Q1),"20241","20242"', ("2024Q2", "2024Q1")),
        ('"2024","2023"', 'TLIST(A1),"2022","2023"', None),
        ('"2023","2024"', 'TLIST(A1),"2022","2023"', None),
        ('"talvi 2024","kesä 2023"', 'TLIST(A1),"2023","2024"', None),
        ('"ensin","sitten"', 'TLIST(A1),"2023","2024"', ("2023", "2024")),
        ('"2023–2024","2024–2025"', 'TLIST(A1),"2023","2024"', ("2023", "2024")),
        ('"2023","2024"', 'TLIST(K1),"20231","20232"', ("2023Q1", "2023Q2")),
        ('"2024K3","2024K4"', 'TLIST(Q1,"2024K3"-"2024K4")', ("2024Q3", "2024Q4")),
    ],
)
def test_values_decide_the_order_of_periods_or_the_table_is_refused(
    values: str, timeval: str, codes: tuple[str, ...] | None
) -> None:
    document = written(YEARS=f'VALUES("Vuosi")={values}', TIMEVAL=f'TIMEVAL("Vuosi")={timeval}')
    if codes is None:
        with pytest.raises(UnreadableDelivery, match="same place of TIMEVAL"):
            read(document)
    else:
        assert read(document).dimensions[1].codes == codes


def test_codes_that_contradict_values_are_refused() -> None:
    with pytest.raises(UnreadableDelivery, match="same place of CODES"):
        read(written(add='CODES("Vuosi")="2024","2023";'))
    given_codes = read(written(add='CODES("Vuosi")="b","a";'))
    assert given_codes.dimensions[1].codes == ("b", "a")


_PERIODS = {
    "A": ([f"{year}" for year in range(2019, 2027)], lambda text: text),
    "Q": ([f"{y}{q}" for y in (2024, 2025) for q in range(1, 5)], lambda t: f"{t[:4]}K{t[4:]}"),
    "M": ([f"2025{m:02}" for m in range(1, 13)], lambda text: f"{text[:4]}M{text[4:]}"),
}


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_each_number_keeps_the_period_that_values_give_it(data: st.DataObject) -> None:
    scale = data.draw(st.sampled_from(sorted(_PERIODS)))
    periods, shown = _PERIODS[scale]
    listed = data.draw(st.lists(st.sampled_from(periods), min_size=1, max_size=6, unique=True))
    order = data.draw(st.permutations(listed))
    marks = data.draw(st.lists(st.sampled_from(["", "*", " *"]), min_size=6, max_size=6))
    values = ",".join(f'"{shown(p)}{mark}"' for p, mark in zip(order, marks, strict=False))
    time = ",".join(f'"{period}"' for period in listed)
    keywords = {
        "TIMEVAL": f'TIMEVAL("Vuosi")=TLIST({scale}1),{time}',
        "YEARS": f'VALUES("Vuosi")={values}',
    }
    document = written(
        data=f"DATA={' '.join(f'1{p} 2{p}' for p in order)} ;",
        STUB='STUB="Vuosi"',
        HEADING='HEADING="Alue"',
        **keywords,
    )
    found = by_keys(read(document))
    assert found == {
        (shown(p).replace("K", "Q"), area): float(f"{n}{p}")
        for p in order
        for n, area in ((1, "SSS"), (2, "KU205"))
    }


# --- Damage -----------------------------------------------------------------------------------

_RUBBISH = st.sampled_from(
    ['"', '""', ";", '";', '"x";', "\n", "=", "x", 'NOTE="a";', 'NOTE="a', "\r\n", ",", "(", "1"]
)
_SPOTS = st.lists(st.tuples(st.integers(0, 400), _RUBBISH), min_size=1, max_size=3)


@settings(max_examples=400, deadline=None)
@given(_SPOTS)
def test_damage_never_moves_a_number(spots: list[tuple[int, str]]) -> None:
    """Whatever stray characters do, a number stands under its own area and year or nowhere."""
    document = written(add='NOTE="Yksi.";\n"Kaksi.";\nSOURCE="Tilastokeskus";')
    start = document.index("DATA=")
    for at, put in spots:
        place = min(at, start - 1)
        document = document[:place] + put + document[place:]
    try:
        cube = read(document)
    except UnreadableDelivery:
        return
    assert np.array_equal(cube.values, NUMBERS)
    if cube.shape != (2, 2):
        return
    for dimension, known in zip(cube.dimensions, (("SSS", "KU205"), ("2023", "2024")), strict=True):
        for at, code in enumerate(dimension.codes):
            # A damaged code is none that is known; a known one stands in its own place.
            assert code not in known or known.index(code) == at


@pytest.mark.parametrize("path", sorted(CASES.glob("*/*.px")) or [CASES], ids=lambda p: p.stem)
def test_cases_made_after_public_reports(path: Path) -> None:
    if not path.is_file():
        pytest.skip("../shared/data/cases is not beside the repository")
    cube = read_px(path.read_bytes())
    area, year = cube.dimensions
    assert area.labels[1] == "Kajaani"
    assert area.labels[0] in ("KOKO MAA", "KOKOMAA")
    periods = ("2024K4", "2025K1") if path.stem == "ky" else ("2023", "2024")
    assert (year.codes, cube.values.tolist()) == (periods, NUMBERS)
