"""The PX reader against real files, against a writer of every variant, and against rubbish."""

from __future__ import annotations

import cProfile
import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assets.formats.cube import Cube
from assets.formats.px import MAX_CELLS, read_header, read_px
from assets.vocabulary import UnreadableDelivery

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

SMALL = '''CHARSET="ANSI";
AXIS-VERSION="2013";
LANGUAGE="fi";
LANGUAGES="fi","sv";
CREATION-DATE="20260105 09:00";
DECIMALS=1;
SHOWDECIMALS=0;
TITLE="Väestö muuttujina alue, tiedot ja vuosi";
CONTENTS="Väestö";
UNITS="henkilöä";
STUB="Alue";
HEADING="Tiedot","Vuosi";
CONTVARIABLE="Tiedot";
VARIABLECODE("Alue")="alue";
VALUES("Alue")="KOKO MAA","Hämeenlinna; (ent.) = ""Tavastehus""";
CODES("Alue")="SSS","KU109";
MAP("Alue")="Kunnat";
VALUES("Tiedot")="Väestö","Osuus";
CODES("Tiedot")="vaesto","osuus";
PRECISION("Tiedot","Osuus")=2;
UNITS("Osuus")="%";
LAST-UPDATED("Väestö")="20260401 08:00";
LAST-UPDATED("Osuus")="20260402 08:00";
VALUES("Vuosi")="2024","2025*";
TIMEVAL("Vuosi")=TLIST(A1),"2024","2025";
NOTE="Ensimmäinen huomautus#toisella rivillä##Toinen, pitkä "
"huomautus";
NOTE("Alue")="Aluejako 2026";
VALUENOTE("Alue","KOKO MAA")="Sisältää Ahvenanmaan";
CELLNOTE("KOKO MAA","*","2025*")="Ennakko";
SOURCE="Tilastokeskus";
TITLE[sv]="Folkmängd efter område, uppgifter och år";
STUB[sv]="Område";
HEADING[sv]="Uppgifter","År";
VALUES[sv]("Område")="HELA LANDET","Tavastehus";
VALUES[sv]("Uppgifter")="Folkmängd","Andel";
UNITS[sv]("Folkmängd")="personer";
NOTE[sv]("Område")="Områdesindelning 2026";
DATASYMBOL2="ej tillgänglig";
DATASYMBOLNIL="–";
DATA=
5 6.5 "." "-"
".." -1.25 1e3 "..."
;
'''


def real(name: str) -> bytes:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"real file {name} is not beside the repository")
    return path.read_bytes()


def small(old: str = "", new: str = "", encoding: str = "utf-8") -> bytes:
    assert old in SMALL
    return SMALL.replace(old, new).encode(encoding)


def statuses(cube: Cube) -> list[str | None]:
    return [None] * len(cube.values) if cube.status is None else cube.status.to_pylist()


# --- Real files -------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["003", "004"])
def test_reads_what_a_reference_server_makes_of_the_same_file(table: str) -> None:
    cube = read_px(real(f"px/TAB{table}.px"))
    server = json.loads(real(f"px/MetadataById_tab{table}_js2.json"))
    assert [dimension.code for dimension in cube.dimensions] == server["id"]
    assert list(cube.shape) == server["size"]
    assert (cube.label, cube.source) == (server["label"], server["source"])
    assert list(cube.notes) == server["note"]
    for dimension in cube.dimensions:
        theirs = server["dimension"][dimension.code]
        category = theirs["category"]
        assert dimension.label == theirs["label"]
        assert dict(zip(dimension.codes, dimension.labels, strict=True)) == category["label"]
        assert {code: at for at, code in enumerate(dimension.codes)} == category["index"]
        assert dimension.units == category.get("unit", {})
        assert set(theirs.get("note", ())) <= set(dimension.notes)
        roles = [role for role, ids in server["role"].items() if dimension.code in ids]
        assert [dimension.role] == (roles or [None])


def test_real_values_and_symbols_stand_in_their_cells() -> None:
    waste = read_px(real("px/TAB003.px"))
    assert waste.updated == "2023-05-25T16:13:00"
    everything = {"TREATMENT_CAT": "90", "WASTE_CAT": "TOT", "ContentsCode": "WasteNonHazard"}
    assert waste.values[waste.cell({**everything, "TIME": "2016"})] == 5578000
    assert int(np.isnan(waste.values).sum()) == 18
    air = read_px(real("px/TAB004.px"))
    at = air.cell({"SECTOR": "0.1", "GREENHOUSEGAS": "CH4", "TIME": "1991"})
    assert air.values[at] == 296732
    assert statuses(air)[-1] == ".."
    assert {symbol for symbol in statuses(air) if symbol} == {".."}
    assert sum(symbol is not None for symbol in statuses(air)) == np.isnan(air.values).sum() == 1103


def test_the_other_language_of_a_real_file_changes_labels_and_not_codes() -> None:
    document = real("px/TAB004.px")
    english, swedish = read_px(document), read_px(document, "sv")
    assert [d.codes for d in swedish.dimensions] == [d.codes for d in english.dimensions]
    assert np.array_equal(swedish.values, english.values, equal_nan=True)
    gas = swedish.dimension("GREENHOUSEGAS")
    assert (gas.label, gas.labels[0]) == ("växthusgas", "Metan (CH4) (t)")
    assert gas.notes == ("Svavelhexafluorid (SF6) (kt CO2-ekv.): Text för Fotnot",)
    assert swedish.dimension("ContentsCode").units["Emission"]["base"] == "Enhet varierar med ämne"


# --- Keywords ---------------------------------------------------------------------------------


def test_small_file_in_full() -> None:
    cube = read_px(small())
    area, contents, year = cube.dimensions
    assert (area.code, area.label, area.role) == ("alue", "Alue", "geo")
    assert area.codes == ("SSS", "KU109")
    assert area.labels == ("KOKO MAA", 'Hämeenlinna; (ent.) = "Tavastehus"')
    assert area.notes == ("Aluejako 2026", "KOKO MAA: Sisältää Ahvenanmaan")
    assert (contents.code, contents.role) == ("Tiedot", "metric")
    assert contents.units == {
        "vaesto": {"base": "henkilöä", "decimals": 0},
        "osuus": {"base": "%", "decimals": 2},
    }
    assert (year.codes, year.labels, year.role) == (("2024", "2025"), ("2024", "2025*"), "time")
    assert np.array_equal(
        cube.values, [5, 6.5, np.nan, np.nan, np.nan, -1.25, 1000, np.nan], equal_nan=True
    )
    assert statuses(cube) == [None, None, ".", "-", "..", None, None, "..."]
    assert cube.label == "Väestö muuttujina alue, tiedot ja vuosi"
    assert (cube.source, cube.updated) == ("Tilastokeskus", "2026-04-02T08:00:00")
    assert cube.notes == (
        "Ensimmäinen huomautus\ntoisella rivillä",
        "Toinen, pitkä huomautus",
        "KOKO MAA, 2025*: Ennakko",
    )


def test_a_language_falls_back_to_the_default_one_item_by_item() -> None:
    cube = read_px(small(), "sv")
    assert cube.label == "Folkmängd efter område, uppgifter och år"
    assert [d.label for d in cube.dimensions] == ["Område", "Uppgifter", "År"]
    assert cube.dimensions[0].labels == ("HELA LANDET", "Tavastehus")
    assert cube.dimensions[0].notes == ("Områdesindelning 2026",)
    assert cube.dimensions[1].units["vaesto"]["base"] == "personer"
    assert cube.dimensions[1].units["osuus"]["base"] == "%"
    assert cube.dimensions[2].labels == ("2024", "2025*")
    assert cube.source == "Tilastokeskus"
    assert [d.labels for d in read_px(small(), "en").dimensions] == [
        d.labels for d in read_px(small()).dimensions
    ]


@pytest.mark.parametrize(
    ("codepage", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "cp1252"),
        ('CODEPAGE="utf-8";', "utf-8"),
        ('CODEPAGE="UTF-8";', "cp1252"),
        ('CODEPAGE="Windows-1252";', "cp1252"),
        ('CODEPAGE="iso-8859-1";', "cp1252"),
        ('CODEPAGE="iso-8859-15";', "iso8859-15"),
        ("CODEPAGE=cp850;", "cp850"),
        ('CODEPAGE="rot13";', "utf-8"),
    ],
)
def test_encodings(codepage: str, encoding: str) -> None:
    text = SMALL.replace("–", "-").replace('CHARSET="ANSI";', f'CHARSET="ANSI";\n{codepage}')
    assert read_px(text.encode(encoding)).label == "Väestö muuttujina alue, tiedot ja vuosi"


def test_a_file_that_says_iso_8859_1_may_hold_the_dashes_of_windows() -> None:
    header = read_header(small("CHARSET", 'CODEPAGE="iso-8859-1";\nCHARSET', encoding="cp1252"))
    assert header.shown_symbols["-"] == "–"


def test_header_keeps_what_a_cube_has_no_place_for() -> None:
    header = read_header(small())
    assert header.shown_symbols == {"..": "ej tillgänglig", "-": "–"}
    assert header.text("UNITS") == "henkilöä"
    assert header.texts("VALUES", "Område", language="sv") == ("HELA LANDET", "Tavastehus")
    assert header.texts("SOURCE", language="sv") is None
    assert header.text("SOURCE", language="sv") == "Tilastokeskus"
    assert header.tells_nil_from_zero
    assert not read_header(small('AXIS-VERSION="2013"', 'AXIS-VERSION="2004"')).tells_nil_from_zero
    assert not read_header(small('AXIS-VERSION="2013";', "")).tells_nil_from_zero


@pytest.mark.parametrize(
    ("timeval", "codes"),
    [
        ('TLIST(A1),"2024","2025"', ("2024", "2025")),
        ('TLIST(A1,"2024"-"2025")', ("2024", "2025")),
        ('TLIST(H1, "20242"-"20251")', ("2024H2", "2025H1")),
        ('TLIST(Q1),"20244",\n"20251"', ("2024Q4", "2025Q1")),
        ('TLIST(Q1,"20244"-"20251")', ("2024Q4", "2025Q1")),
        ('TLIST(M1,"202412"-"202501")', ("2024M12", "2025M01")),
        ('TLIST(W1,"202052"-"202053")', ("2020W52", "2020W53")),
        ('TLIST(W1),"202053","202101"', ("2020W53", "2021W01")),
        ('TLIST(D1,"20240229"-"20240301")', ("2024-02-29", "2024-03-01")),
        ('TLIST(A1,"2024"-"2024"),TLIST(M1,"202501"-"202501")', ("2024", "2025M01")),
        ('TLIST(M1),"2024M01","kesä"', ("2024M01", "kesä")),
        ('TLIST(A1,"2001"-"2009")', ("2024", "2025*")),
    ],
)
def test_periods_become_the_codes_where_there_are_none(
    timeval: str, codes: tuple[str, ...]
) -> None:
    year = read_px(small('TLIST(A1),"2024","2025"', timeval)).dimensions[2]
    assert (year.codes, year.labels, year.role) == (codes, ("2024", "2025*"), "time")
    given = small('TLIST(A1),"2024","2025";', timeval + ';\nCODES("Vuosi")="a","b";')
    assert read_px(given).dimensions[2].codes == ("a", "b")


@pytest.mark.parametrize("periods", ['TLIST(A1),"2024","2025"', 'TLIST(A1,"2024"-"2025")'])
def test_periods_alone_do_not_say_in_which_order_the_numbers_stand(periods: str) -> None:
    document = small('VALUES("Vuosi")="2024","2025*";\n').replace(
        b'TLIST(A1),"2024","2025"', periods.encode()
    )
    with pytest.raises(UnreadableDelivery, match="nobody can tell in which order"):
        read_px(document)
    coded = document.replace(b"DATA=", b'CODES("Vuosi")="2024","2025";\nDATA=')
    assert read_px(coded).dimensions[2].codes == ("2024", "2025")


def test_one_period_needs_no_order() -> None:
    document = b'STUB="t";TIMEVAL("t")=TLIST(A1),"2024";DATA=7;'
    assert read_px(document).dimensions[0].codes == ("2024",)


@pytest.mark.parametrize(
    ("kind", "role"), [("Geographical", "geo"), ("G", "geo"), ("Time", "time"), ("Ordinal", None)]
)
def test_variable_type_gives_the_role_where_nothing_else_does(kind: str, role: str | None) -> None:
    document = small('MAP("Alue")="Kunnat"', f'VARIABLE-TYPE("Alue")="{kind}"')
    assert read_px(document).dimensions[0].role == role


@pytest.mark.parametrize(
    ("line", "updated"),
    [
        ('LAST-UPDATED="20260401 08:00";', "2026-04-01T08:00:00"),
        ('LAST-UPDATED="20260401";', "2026-04-01"),
        ('LAST-UPDATED="20261301 08:00";', "20261301 08:00"),
        ('LAST-UPDATED="eilen";', "eilen"),
        ("", "2026-01-05T09:00:00"),
    ],
)
def test_updated_falls_back_to_the_day_of_creation(line: str, updated: str) -> None:
    document = small('LAST-UPDATED("Osuus")="20260402 08:00";\n')
    document = document.replace('LAST-UPDATED("Väestö")="20260401 08:00";'.encode(), line.encode())
    assert read_px(document).updated == updated


# --- Data -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        '5 6.5 "." "-" ".." -1.25 1e3 "...";',
        '5,6.5,".","-","..",-1.25,1e3,"...";',
        '5;6.5;".";"-"\t".."\t-1.25\r\n1e3\r\n"..."',
        "5 6.50 . - .. -1.25 1000. ...;\x1a",
        '05 6.5 "." "-" ".." -1.25 1e+03 "..."',
    ],
)
def test_cells_are_separated_in_every_way(data: str) -> None:
    cube = read_px(SMALL[: SMALL.index("DATA=")].encode() + b"DATA=" + data.encode())
    expected = read_px(small())
    assert np.array_equal(cube.values, expected.values, equal_nan=True)
    assert statuses(cube) == statuses(expected)


def test_any_text_in_a_cell_is_kept_as_its_symbol() -> None:
    cube = read_px(small('".."', '"ei tietoa"').replace(b"1e3", b"x1"))
    assert statuses(cube)[4:] == ["ei tietoa", None, "x1", "..."]
    assert np.isnan(cube.values[[4, 6]]).all()


KEYED = """AXIS-VERSION="2013";
STUB="a","b";
HEADING="t";
VALUES("a")="yksi","kaksi, kolme","neljä";
CODES("a")="1","2","3";
VALUES("b")="x","y";
VALUES("t")="2024","2025";
KEYS("a")=CODES;
KEYS("b")=VALUES;
DATA=
"3","x",1 "."
"1","y",-2 3.5
;"""


def test_rows_that_keys_leave_out_are_zero() -> None:
    cube = read_px(KEYED.encode())
    expected = np.zeros((3, 2, 2))
    expected[2, 0] = [1, np.nan]
    expected[0, 1] = [-2, 3.5]
    assert np.array_equal(cube.values.reshape(3, 2, 2), expected, equal_nan=True)
    assert statuses(cube)[9] == "."
    assert sum(symbol is not None for symbol in statuses(cube)) == 1


def test_keys_may_be_values_with_commas_in_another_encoding() -> None:
    text = KEYED.replace('KEYS("a")=CODES', 'KEYS("a")="VALUES"')
    text = text.replace('"3",', '"neljä",').replace('"1","y"', '"kaksi, kolme","y"')
    cube = read_px(text.encode("cp1252"))
    assert cube.values.reshape(3, 2, 2)[1, 1].tolist() == [-2, 3.5]
    assert cube.values.reshape(3, 2, 2)[2, 0, 0] == 1


def test_keyed_file_without_rows_is_all_zero() -> None:
    cube = read_px((KEYED[: KEYED.index("DATA=")] + "DATA=;").encode())
    assert (cube.values.tolist(), cube.status) == ([0.0] * 12, None)


# --- What cannot be read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "code", "says"),
    [
        (b"", "file_empty", "is empty"),
        (b"\xef\xbb\xbf \n", "file_empty", "is empty"),
        (b"<!DOCTYPE html><html>", "not_the_format", "web page"),
        (b"{}", "px_no_keyword", "on line 1: '{}'"),
        (small("DATA=\n", "\n"), "px_no_keyword", "no keyword where one is expected"),
        (b'TITLE="t";\nSTUB="a', "px_keyword_open", "does not end the keyword STUB on line 2"),
        (b'TITLE="t";\n', "px_no_keyword", "may have been cut short"),
        (b"DATA=1;", "px_no_variables", "neither STUB nor HEADING"),
        (b'STUB="a";DATA=1;', "order_not_given", "no VALUES for its variable 'a'"),
        (b'STUB="a","a";VALUES("a")="1";DATA=1;', "variable_twice", "two variables named 'a'"),
        (
            b'STUB="a";VALUES("a")="1","1";DATA=1 1;',
            "code_twice",
            "'1' twice among the codes of its variable 'a'",
        ),
        (
            b'STUB="a";VALUES("a")="1"x;DATA=1;',
            "px_not_a_list",
            "something else than a list of texts at VALUES",
        ),
        (
            small('"SSS","KU109"', '"SSS"'),
            "lists_differ",
            "2 entries in VALUES but 1 in CODES of the variable 'Alue'",
        ),
        (small(" 6.5", ""), "cells_missing", "7 cells, but its variables call for 8"),
        (small(" 6.5", " 6.5 7"), "cells_missing", "9 cells, but its variables call for 8"),
        (small("6.5", "1e999"), "number_too_large", "'1e999' is too large"),
        (
            small('TLIST(A1),"2024","2025"', 'TLIST(A1,"2025"-"2024")'),
            "px_range",
            "ends before it begins",
        ),
        (
            small('TLIST(A1),"2024","2025"', 'TLIST(M1,"202413"-"202501")'),
            "px_range",
            "in TIMEVAL of 'Vuosi' that cannot be read",
        ),
        (
            small('TLIST(A1),"2024","2025"', 'TLIST(A1,"0"-"99999999")'),
            "px_range",
            "from '0' to '99999999' on the time scale 'A'",
        ),
        (
            small('TLIST(A1),"2024","2025"', 'TLIST(W1,"202054"-"202101")'),
            "px_range",
            "in TIMEVAL of 'Vuosi' that cannot be read",
        ),
        (KEYED[:-1].encode(), "px_rows_open", "does not end with a semicolon"),
        (
            KEYED.replace("3.5", "").encode(),
            "px_rows_of_other_width",
            "no multiple of the 2 keys and 2 cells",
        ),
        (
            KEYED.replace('"3",', '"4",').encode(),
            "px_key_unknown",
            "'4' as the key of 'a' in row 1",
        ),
        (
            KEYED.replace('"1","y"', '"3","x"').encode(),
            "px_rows_twice",
            "two rows after DATA= with the same keys",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_words(document: bytes, code: str, says: str) -> None:
    with pytest.raises(UnreadableDelivery) as refused:
        read_px(document)
    assert (refused.value.reason.kind, says in str(refused.value)) == (code, True)
    assert "\n" not in str(refused.value)


def test_a_translation_with_other_counts_is_refused_in_that_language_only() -> None:
    document = small('HEADING[sv]="Uppgifter","År"', 'HEADING[sv]="Uppgifter"')
    read_px(document)
    with pytest.raises(UnreadableDelivery, match="2 entries in HEADING but 1 in HEADING"):
        read_px(document, "sv")


def test_few_bytes_do_not_ask_for_much_memory() -> None:
    many = ",".join(f'"{n}"' for n in range(400))
    names = [f"v{n}" for n in range(3)]
    text = 'STUB="v0","v1","v2";' + "".join(f'VALUES("{name}")={many};' for name in names)
    assert MAX_CELLS < 400**3
    with pytest.raises(UnreadableDelivery, match="64000000 cells"):
        read_px(f'{text}KEYS("v0")=VALUES;DATA=;'.encode())
    with pytest.raises(UnreadableDelivery, match=r"1 cells, but .* 160000"):
        read_px((text.replace('"v0","v1","v2"', '"v0","v1"') + "DATA=1;").encode())


def test_a_long_header_without_an_end_is_refused_at_once() -> None:
    began = time.perf_counter()
    for document in (b'TITLE="' + b'a""' * 300_000, b"A(" * 300_000, b"A" + b" " * 600_000):
        with pytest.raises(UnreadableDelivery):
            read_px(document)
    assert time.perf_counter() - began < 5


# --- Round trip -------------------------------------------------------------------------------


@dataclass
class Written:
    """A cube to write, and how."""

    names: list[str]
    stubs: int
    values: list[list[str]]
    cells: list[float | str]
    coded: bool = True
    keyed: bool = False
    separator: str = " "
    encoding: str = "utf-8"
    extra: list[str] = field(default_factory=list)

    def document(self) -> bytes:
        lines = [f'CODEPAGE="{self.encoding}";', *self.extra]
        for keyword, names in (
            ("STUB", self.names[: self.stubs]),
            ("HEADING", self.names[self.stubs :]),
        ):
            if names:
                lines.append(f"{keyword}={_listed(names)};")
        for n, (name, values) in enumerate(zip(self.names, self.values, strict=True)):
            lines.append(f"VALUES({_quoted(name)})={_listed(values)};")
            if self.coded:
                codes = [f"{n}.{at}" for at in range(len(values))]
                lines.append(f"CODES({_quoted(name)})={_listed(codes)};")
            if self.keyed and n < self.stubs:
                lines.append(f"KEYS({_quoted(name)})={'CODES' if self.coded else 'VALUES'};")
        return "\n".join([*lines, "DATA=", self._data(), ";"]).encode(self.encoding)

    def _data(self) -> str:
        width = math.prod(len(values) for values in self.values[self.stubs :])
        shape = [len(values) for values in self.values[: self.stubs]]
        rows = []
        for row in range(math.prod(shape)):
            cells = self.cells[row * width : (row + 1) * width]
            if self.keyed and all(cell == 0 for cell in cells):
                continue
            text = self.separator.join(
                f'"{cell}"' if isinstance(cell, str) else repr(cell) for cell in cells
            )
            if self.keyed:
                at = np.unravel_index(row, shape)
                keys = [f"{n}.{k}" if self.coded else self.values[n][k] for n, k in enumerate(at)]
                text = f"{_listed(keys)},{text}"
            rows.append(text)
        return f"{self.separator}\n".join(rows)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _listed(texts: list[str]) -> str:
    return ",".join(_quoted(text) for text in texts)


# Keys stand in the data, where a quotation mark has no way to be written.
_WORD = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"], exclude_characters='"'),
    min_size=1,
    max_size=8,
).filter(lambda text: text == text.strip())
_CELL = st.one_of(
    st.just(0),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([".", "..", "...", "....", ".....", "......", "-", "x y"]),
)


@st.composite
def written(draw: st.DrawFn) -> Written:
    names = draw(st.lists(_WORD, min_size=1, max_size=4, unique=True))
    values = [draw(st.lists(_WORD, min_size=1, max_size=4, unique=True)) for _ in names]
    count = math.prod(map(len, values))
    stubs = draw(st.integers(0, len(names)))
    return Written(
        names=names,
        stubs=stubs,
        values=values,
        cells=draw(st.lists(_CELL, min_size=count, max_size=count)),
        coded=draw(st.booleans()),
        keyed=stubs > 0 and draw(st.booleans()),
        separator=draw(st.sampled_from([" ", ",", "\t", " \r\n"])),
        encoding=draw(st.sampled_from(["utf-8", "windows-1252"])),
    )


def is_utf8(document: bytes) -> bool:
    try:
        document.decode()
    except UnicodeDecodeError:
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(written())
def test_every_written_cube_is_read_back(given_cube: Written) -> None:
    document = given_cube.document()
    # Bytes beyond ASCII that are valid UTF-8 are read so, whatever CODEPAGE says.
    assume(given_cube.encoding == "utf-8" or document.isascii() or not is_utf8(document))
    cube = read_px(document)
    assert [dimension.code for dimension in cube.dimensions] == given_cube.names
    assert [list(dimension.labels) for dimension in cube.dimensions] == given_cube.values
    if not given_cube.coded:
        assert [list(dimension.codes) for dimension in cube.dimensions] == given_cube.values
    numbers = [math.nan if isinstance(cell, str) else cell for cell in given_cube.cells]
    assert np.array_equal(cube.values, numbers, equal_nan=True)
    assert statuses(cube) == [cell if isinstance(cell, str) else None for cell in given_cube.cells]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_read_or_refused(document: bytes) -> None:
    for content in (document, SMALL.encode() + document, document + SMALL.encode()):
        refuse_or_read(content)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(SMALL)),
    st.integers(0, 12),
    st.text('"();=,[]-\n 1A', max_size=6),
    st.sampled_from([SMALL, KEYED]),
)
def test_damaged_files_are_read_or_refused(at: int, cut: int, put: str, text: str) -> None:
    refuse_or_read((text[:at] + put + text[at + cut :]).encode())
    refuse_or_read(text[:at].encode())


def refuse_or_read(document: bytes) -> None:
    for language in (None, "sv"):
        try:
            cube = read_px(document, language)
        except UnreadableDelivery:
            continue
        assert len(cube.values) == math.prod(cube.shape)
        assert cube.status is None or len(cube.status) == len(cube.values)


# --- Size -------------------------------------------------------------------------------------


def test_blocks_join_to_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    cells: list[Any] = [n if n % 7 else ".." if n % 3 else "x y" for n in range(600)]
    values = [[f"{n}" for n in range(size)] for size in (20, 30)]
    document = Written(["a", "b"], 1, values, cells).document()
    whole = read_px(document)
    for size in (1, 5, 64):
        monkeypatch.setattr("assets.formats.px._BLOCK", size)
        again = read_px(document)
        assert np.array_equal(again.values, whole.values, equal_nan=True)
        assert (
            statuses(again)
            == statuses(whole)
            == [cell if isinstance(cell, str) else None for cell in cells]
        )


def test_no_python_runs_for_each_cell() -> None:
    values = [[f"{n}" for n in range(10)] for _ in range(5)]
    cells: list[Any] = [n * 1.5 if n % 20 else ".." for n in range(100_000)]
    profile = cProfile.Profile()
    for keyed in (False, True):
        document = Written(list("abcde"), 2, values, cells, keyed=keyed).document()
        cube = profile.runcall(read_px, document)
        assert cube.values[-1] == cells[-1]
    assert sum(entry.callcount for entry in profile.getstats()) < 10_000
