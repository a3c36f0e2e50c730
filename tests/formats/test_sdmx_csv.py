"""The SDMX-CSV reader and Eurostat's flags, against every form of the format and rubbish."""

from __future__ import annotations

import cProfile
import csv
import gzip
import io
import math
import zlib
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.formats.cube import CodedRows
from assets.formats.eurostat_flags import CHANGED_ON, obs_status_of
from assets.formats.sdmx_csv import read_sdmx_csv
from assets.vocabulary import NotUnderstood, UnreadableDelivery

HEADER = "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"
# Rows in the form in which Eurostat serves them.
EUROSTAT = f"""{HEADER}
ESTAT:LFST_R_LFU3RT(1.0),17/09/26 23:00:00,A,PC,FI1B,2024,7.1,,
ESTAT:LFST_R_LFU3RT(1.0),17/09/26 23:00:00,A,PC,FI1D1,2024,8.25,bp,
ESTAT:LFST_R_LFU3RT(1.0),17/09/26 23:00:00,A,PC,FI20,2024,,,C
ESTAT:LFST_R_LFU3RT(1.0),17/09/26 23:00:00,A,PC,FI1B,2025,-3,u,N
ESTAT:LFST_R_LFU3RT(1.0),17/09/26 23:00:00,A,PC,FI20,2025,,m,
"""


def read(text: str) -> CodedRows:
    return read_sdmx_csv(text.encode())


def rows_of(rows: CodedRows) -> list[tuple[Any, ...]]:
    status = [None] * len(rows.values) if rows.status is None else rows.status.to_pylist()
    return [
        (
            *(d.codes[i[n]] for d, i in zip(rows.dimensions, rows.index, strict=True)),
            None if math.isnan(rows.values[n]) else rows.values[n],
            status[n],
        )
        for n in range(len(rows.values))
    ]


# --- Eurostat ---------------------------------------------------------------------------------


def test_what_eurostat_serves() -> None:
    rows = read(EUROSTAT)
    assert [(d.code, d.role, d.codes) for d in rows.dimensions] == [
        ("freq", None, ("A",)),
        ("unit", None, ("PC",)),
        ("geo", "geo", ("FI1B", "FI1D1", "FI20")),
        ("TIME_PERIOD", "time", ("2024", "2025")),
    ]
    assert all(d.labels == d.codes and d.label == d.code for d in rows.dimensions)
    assert rows_of(rows) == [
        ("A", "PC", "FI1B", "2024", 7.1, None),
        ("A", "PC", "FI1D1", "2024", 8.25, "bp"),
        ("A", "PC", "FI20", "2024", None, "|C"),
        ("A", "PC", "FI1B", "2025", -3, "u|N"),
        ("A", "PC", "FI20", "2025", None, "m"),
    ]
    assert all(index.dtype == np.int32 for index in rows.index)
    assert rows.texts is None
    assert rows.label == "ESTAT:LFST_R_LFU3RT(1.0)"


@pytest.mark.parametrize(
    ("given_moment", "updated"),
    [
        ("17/09/26 23:00:00", "2026-09-17T23:00:00+02:00"),
        ("13/01/26 11:00:00", "2026-01-13T11:00:00+01:00"),
        ("2026-01-13", "2026-01-13"),
        ("31/02/26 11:00:00", "31/02/26 11:00:00"),
        ("", None),
    ],
)
def test_last_update_has_the_offset_of_luxembourg(given_moment: str, updated: str | None) -> None:
    assert read(EUROSTAT.replace("17/09/26 23:00:00", given_moment)).updated == updated


def test_the_latest_update_counts() -> None:
    later = EUROSTAT.replace("17/09/26 23:00:00", "01/10/26 11:00:00", 1)
    assert read(later).updated == "2026-10-01T11:00:00+02:00"


def test_flags_alone_and_no_flags_at_all() -> None:
    old = "\n".join(line.rpartition(",")[0] for line in EUROSTAT.splitlines())
    assert [row[-1] for row in rows_of(read(old))] == [None, "bp", None, "u", "m"]
    bare = "\n".join(line.rpartition(",")[0] for line in old.splitlines())
    assert read(bare).status is None
    empty = EUROSTAT.replace("bp,", ",").replace(",u,N", ",,").replace(",m,", ",,")
    assert [row[-1] for row in rows_of(read(empty))] == [None, None, "|C", None, None]


@pytest.mark.parametrize("line_end", ["\r\n", "\n\n"])
def test_line_ends_and_byte_order_mark(line_end: str) -> None:
    text = EUROSTAT.replace("\n", line_end)
    assert rows_of(read_sdmx_csv(b"\xef\xbb\xbf" + text.encode())) == rows_of(read(EUROSTAT))
    assert rows_of(read(text.rstrip())) == rows_of(read(EUROSTAT))


def test_compressed_in_one_piece_or_several() -> None:
    whole = EUROSTAT.encode()
    pieces = gzip.compress(whole[:200]) + gzip.compress(whole[200:]) + b"\0" * 20
    for document in (gzip.compress(whole), pieces):
        assert rows_of(read_sdmx_csv(document)) == rows_of(read(EUROSTAT))


def test_a_header_row_alone_is_no_rows() -> None:
    for text in (HEADER, HEADER + "\n", HEADER + "\n" * 2000):
        rows = read(text)
        assert [d.code for d in rows.dimensions] == ["freq", "unit", "geo", "TIME_PERIOD"]
        assert len(rows.values) == 0
        assert all(d.codes == () for d in rows.dimensions)
        assert (rows.status, rows.texts, rows.updated, rows.label) == (None, None, None, None)
        assert rows.to_arrow(labels=True).num_rows == 0
    assert len(read(HEADER + "\n" * 2000 + EUROSTAT.partition("\n")[2]).values) == 5


# --- The standard -----------------------------------------------------------------------------

VERSION_2 = """STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,DECIMALS
dataflow,ECB:EXR(1.0),I,M,FI,2024-01,1.5,A,2
dataflow,ECB:EXR(1.0),I,M,SE,2024-01,NaN,M,2
"""


def test_version_2() -> None:
    rows = read(VERSION_2)
    assert [(d.code, d.role) for d in rows.dimensions] == [
        ("FREQ", None),
        ("REF_AREA", "geo"),
        ("TIME_PERIOD", "time"),
    ]
    assert rows_of(rows) == [("M", "FI", "2024-01", 1.5, "A"), ("M", "SE", "2024-01", None, "M")]
    assert (rows.label, rows.updated) == ("ECB:EXR(1.0)", None)


def test_names_behind_the_codes_become_labels() -> None:
    rows = read(
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ:Frequency,AREA:Reference area,TIME_PERIOD:Time,"
        "OBS_VALUE:Value,OBS_STATUS:Status\n"
        "dataflow,BIS:X(1.0): Rates,I,M: Monthly,FI: Finland,2024-01-01T00:00:00,1,A: Normal\n"
        "dataflow,BIS:X(1.0): Rates,I,M: Monthly,SE,2024-01-01T00:00:00,2,P: Provisional\n"
        "dataflow,BIS:X(1.0): Rates,I,M,FI: Suomi,2024-01-01T00:00:00,3,\n"
    )
    freq, area, time = rows.dimensions
    assert (freq.code, freq.label, freq.codes, freq.labels) == (
        "FREQ",
        "Frequency",
        ("M",),
        ("Monthly",),
    )
    assert (area.codes, area.labels) == (("FI", "SE"), ("Finland", "SE"))
    assert time.codes == ("2024-01-01T00:00:00",)
    assert [row[-2:] for row in rows_of(rows)] == [(1, "A"), (2, "P"), (3, None)]


def test_names_beside_the_codes_become_labels() -> None:
    rows = read(
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,geo,Area,TIME_PERIOD,Time,"
        "OBS_VALUE,Observation value,OBS_FLAG,Flag,CONF_STATUS,Confidentiality\n"
        'dataflow,ESTAT:X(1.0),"Jobs, yearly",A,Annual,FI,Finland,2024,,7,,p,provisional,,\n'
        'dataflow,ESTAT:X(1.0),"Jobs, yearly",A,Annual,SE,"Sweden\n(all)",2024,,8,,,,,\n'
        'dataflow,ESTAT:X(1.0),"Jobs, yearly",A,Yearly,SE,Sverige,2025,,8,,,,,\n'
    )
    freq, geo, time = rows.dimensions
    assert (freq.label, freq.labels) == ("Time frequency", ("Annual",))
    assert (geo.codes, geo.labels) == (("FI", "SE"), ("Finland", "Sweden\n(all)"))
    assert (time.label, time.codes, time.labels) == ("Time", ("2024", "2025"), ("2024", "2025"))
    assert rows.label == "Jobs, yearly"
    assert [row[-2:] for row in rows_of(rows)] == [(7, "p"), (8, None), (8, None)]


def test_blocks_do_not_part_a_quoted_line_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.formats.sdmx_csv._BLOCK", 100)
    codes = [f"a\n{n},\nb" for n in range(200)]
    rows = read("geo,TIME_PERIOD,OBS_VALUE\n" + "".join(f'"{code}",2024,1\n' for code in codes))
    assert rows.dimensions[0].codes == tuple(codes)
    assert rows.index[0].tolist() == list(range(200))


def test_semicolons_and_a_file_without_periods() -> None:
    rows = read("DATAFLOW;geo;OBS_VALUE\nX;FI;1,5\nX;SE;2\n")
    assert [d.code for d in rows.dimensions] == ["geo"]
    assert np.array_equal(rows.values, [1.5, 2])
    assert rows.texts is None


def test_values_that_are_no_numbers_are_kept_as_texts() -> None:
    values = [":", "1", "", "NaN", "inf", "1e999", "0x10", " 2 ", "-.5"]
    rows = read("geo,TIME_PERIOD,OBS_VALUE\n" + "".join(f"FI,2024,{v}\n" for v in values))
    nan = math.nan
    assert np.array_equal(rows.values, [nan, 1, nan, nan, nan, nan, nan, 2, -0.5], equal_nan=True)
    assert rows.texts is not None
    assert rows.texts.to_pylist() == [":", None, None, None, "inf", "1e999", "0x10", None, None]


# --- Columns ----------------------------------------------------------------------------------

WIDE = """DATAFLOW,freq,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,DECIMALS,COMMENT_OBS
X,A,T,FI,2024,7.1,A,3,1,"one, two"
X,A,F,FI,2024,,M,#N/A,1,
X,A,M,SE,2025,4,P,6,1,n
"""


def cells_of(rows: CodedRows) -> set[tuple[Any, ...]]:
    named = [[d.codes[at] for at in i] for d, i in zip(rows.dimensions, rows.index, strict=True)]
    order = sorted(range(len(named)), key=lambda n: rows.dimensions[n].code)
    status = rows.status.to_pylist() if rows.status is not None else [None] * len(rows.values)
    power = next(a for a in rows.attributes if a.code == "UNIT_MULT")
    return {
        (
            *(named[axis][n] for axis in order),
            None if math.isnan(rows.values[n]) else rows.values[n],
            status[n],
            power.codes[power.index[n]] if power.index[n] >= 0 else None,
        )
        for n in range(len(rows.values))
    }


@settings(max_examples=80, deadline=None)
@given(
    st.permutations(range(10)),
    st.sampled_from(",;\t|"),
    st.sampled_from([[], ["KEY"], ["STRUCTURE[;]", "STRUCTURE_ID", "ACTION"], ["SERIES_KEY"]]),
    st.booleans(),
)
def test_columns_may_stand_in_any_order_and_be_parted_by_any_sign(
    order: list[int], sign: str, leading: list[str], quoted: bool
) -> None:
    source = list(csv.reader(io.StringIO(WIDE)))
    written = io.StringIO()
    writer = csv.writer(
        written, delimiter=sign, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    for number, row in enumerate(source):
        told = ["dataflow" if name.startswith("STR") else "I" for name in leading]
        writer.writerow([*(leading if not number else told), *(row[at] for at in order)])
    document = written.getvalue().replace("dataflow" + sign + "dataflow", "dataflow" + sign + "X")
    rows = read_sdmx_csv(document.encode(), ["sex", "freq"])
    assert cells_of(rows) == cells_of(read_sdmx_csv(WIDE.encode(), ["sex", "freq"]))
    assert len(rows.values) == 3


def test_what_stands_behind_the_value_is_an_attribute_unless_it_is_named() -> None:
    text = "geo,OBS_VALUE,TIME_PERIOD,sex,TITLE\nFI,1,2024,T,x\nFI,2,2024,F,x\n"
    rows = read(text)
    assert [d.code for d in rows.dimensions] == ["geo", "TIME_PERIOD"]
    assert [(a.code, a.codes, a.index.tolist()) for a in rows.attributes] == [
        ("sex", ("T", "F"), [0, 1])
    ]
    named = read_sdmx_csv(text.encode(), ["SE*"])
    assert [d.code for d in named.dimensions] == ["geo", "TIME_PERIOD", "sex"]
    assert named.attributes == ()


def test_rows_without_an_observation_give_their_attributes_to_their_group() -> None:
    rows = read(
        "STRUCTURE,STRUCTURE_ID,ACTION,freq,geo,TIME_PERIOD,OBS_VALUE,UNIT_MULT,CONF_STATUS,TITLE\n"
        "dataflow,X,I,A,FI,2023,1,,,\n"
        "dataflow,X,I,A,FI,,,6,,Suomi\n"
        "dataflow,X,I,,,,,3,,All\n"
        "dataflow,X,I,A,SE,2023,2,,,\n"
        "dataflow,X,I,,,2024,,,C,\n"
        "dataflow,X,I,A,FI,2024,3,0,,\n"
        "dataflow,X,I,A,SE,2024,,,,\n"
    )
    assert rows.is_observation is not None
    assert rows.is_observation.tolist() == [True, False, False, True, False, True, True]
    (power,) = rows.attributes
    told = [power.codes[at] if at >= 0 else None for at in power.index]
    assert [told[n] for n in (0, 3, 5, 6)] == ["6", "3", "0", "3"]
    assert rows.status is not None
    assert [rows.status[n].as_py() for n in (0, 3, 5, 6)] == [None, None, "|C", "|C"]


# --- What cannot be read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "code", "says"),
    [
        (b"", "file_empty", "is empty"),
        (b"\xef\xbb\xbf\r\n ", "file_empty", "is empty"),
        (
            b"<html><body>Service unavailable",
            "not_the_format",
            "a web page (HTML or XML), not SDMX-CSV",
        ),
        (
            b'{"warning": {"status": 413, "label": "ASYNCHRONOUS"}}',
            "not_the_format",
            "is JSON, not SDMX-CSV",
        ),
        (b"\xff\xfegeo", "not_utf8", "not UTF-8, as the format demands, on line 1"),
        (
            EUROSTAT.replace("OBS_VALUE", "VALUE").encode(),
            "columns_missing",
            "no column for OBS_VALUE; its columns are",
        ),
        (
            EUROSTAT.replace("unit", "geo", 1).encode(),
            "variable_twice",
            "two variables named 'geo'",
        ),
        (
            EUROSTAT.replace(",bp,", ",bp,,x").encode(),
            "line_of_other_width",
            "10 fields on line 3, but its header row",
        ),
        (EUROSTAT.replace(",7.1,,", ",7.1").encode(), "line_of_other_width", "7 fields on line 2"),
        (EUROSTAT.encode()[:-8], "line_of_other_width", "on line 6"),
        (EUROSTAT.replace("FI1D1", "FI1\u00e4").encode("latin-1"), "not_utf8", "not UTF-8"),
        (
            EUROSTAT.replace("LFU3RT", "OTHER", 1).encode(),
            "several_data_sets",
            "holds several data sets",
        ),
        (VERSION_2.replace(",I,", ",D,", 1).encode(), "holds_deletions", "holds deletions"),
        (gzip.compress(EUROSTAT.encode())[:-12], "not_decompressed", "was cut short"),
        (b"\x1f\x8b" + b"rubbish" * 9, "not_decompressed", "cannot be decompressed"),
        (
            gzip.compress(EUROSTAT.encode()) + b"more",
            "not_decompressed",
            "4 bytes behind its compressed content",
        ),
        (gzip.compress(b"", mtime=0), "file_empty", "is empty"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(document: bytes, code: str, says: str) -> None:
    with pytest.raises(UnreadableDelivery) as refused:
        read_sdmx_csv(document)
    assert (refused.value.reason.kind, says in str(refused.value)) == (code, True)
    assert "\n" not in str(refused.value)


def test_the_line_counts_line_breaks_inside_quotes() -> None:
    with pytest.raises(UnreadableDelivery, match="4 fields on line 4"):
        read('geo,TIME_PERIOD,OBS_VALUE\n"F\nI",2024,1\nFI,2024,1,2\n')


def test_a_little_file_does_not_become_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.formats.sdmx_csv.MAX_BYTES", 100_000)
    packer = zlib.compressobj(wbits=31)
    bomb = packer.compress(b"a," * 100_000) + packer.flush()
    with pytest.raises(UnreadableDelivery, match="more than 100000 bytes"):
        read_sdmx_csv(bomb)


# --- Anything ---------------------------------------------------------------------------------

_CODE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6).filter(
    lambda text: bool(text.strip())
)
_ROW = st.tuples(
    _CODE,
    _CODE,
    st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    st.sampled_from(["", "b", "bp", "u"]),
    st.sampled_from(["", "C", "N"]),
)


def _written(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@settings(max_examples=150, deadline=None)
@given(st.lists(_ROW, max_size=12))
def test_every_written_file_is_read_back(given_rows: list[Any]) -> None:
    lines = ["geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"]
    for geo, period, value, flag, secret in given_rows:
        number = "" if value is None else repr(value)
        lines.append(f"{_written(geo)},{_written(period)},{number},{flag},{secret}")
    rows = read("\n".join(lines))
    assert [row[2:] for row in rows_of(rows)] == [
        (value, (flag + (f"|{secret}" if secret else "")) or None)
        for _, _, value, flag, secret in given_rows
    ]
    for axis, dimension in enumerate(rows.dimensions):
        delivered = [row[axis].strip() for row in given_rows]
        assert [dimension.codes[at] for at in rows.index[axis]] == delivered
        assert dimension.codes == tuple(dict.fromkeys(delivered))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_read_or_refused(document: bytes) -> None:
    for content in (document, gzip.compress(document), EUROSTAT.encode() + document):
        read_or_refuse(content)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(EUROSTAT)),
    st.integers(0, 12),
    st.text('",;:\n\r\0 1A|', max_size=6),
    st.sampled_from([EUROSTAT, VERSION_2]),
)
def test_damaged_files_are_read_or_refused(at: int, cut: int, put: str, text: str) -> None:
    read_or_refuse((text[:at] + put + text[at + cut :]).encode())
    read_or_refuse(gzip.compress(text.encode())[: at + 1])


def read_or_refuse(document: bytes) -> None:
    try:
        rows = read_sdmx_csv(document)
    except UnreadableDelivery:
        return
    for column in (*rows.index, rows.status, rows.texts):
        assert column is None or len(column) == len(rows.values)
    rows.to_arrow(labels=True)


def test_no_python_runs_for_each_row() -> None:
    lines = (
        f"X,17/09/26 23:00:00,A,PC,FI{n % 300},{1990 + n % 30},{n / 7},{'bpu'[n % 3]},"
        for n in range(200_000)
    )
    profile = cProfile.Profile()
    rows = profile.runcall(read_sdmx_csv, "\n".join([HEADER, *lines]).encode())
    assert rows.values[-1] == 199_999 / 7
    assert rows.dimensions[2].codes == tuple(f"FI{n}" for n in range(300))
    assert sum(entry.callcount for entry in profile.getstats()) < 10_000


# --- Eurostat's flags -------------------------------------------------------------------------

BEFORE, SINCE = CHANGED_ON - timedelta(days=1), CHANGED_ON


@pytest.mark.parametrize(
    ("flags", "statuses"),
    [
        ("", ("A", "F")),
        (":", ("O", "F")),
        ("b", ("B", "F")),
        ("d", ("D", "F")),
        ("e", ("E", "F")),
        ("f", ("F", "F")),
        ("n", ("N", "F")),
        ("p", ("P", "F")),
        ("u", ("U", "F")),
        ("bp", ("B", "F")),
        ("pe", ("E", "F")),
        ("un", ("N", "F")),
        ("pu", ("P", "F")),
    ],
)
def test_letters_that_did_not_change(flags: str, statuses: tuple[str, str]) -> None:
    assert obs_status_of(flags, BEFORE) == obs_status_of(flags, SINCE) == statuses


@pytest.mark.parametrize(
    ("flags", "statuses"),
    [
        ("c", ("Q", "C")),
        (":c", ("Q", "C")),
        (": c", ("Q", "C")),
        ("bc", ("B", "C")),
        ("s", ("I", "F")),
        ("z", ("M", "F")),
        (":z", ("M", "F")),
        ("r", ("A", "F")),
        ("rp", ("P", "F")),
    ],
)
def test_letters_until_2025(flags: str, statuses: tuple[str, str]) -> None:
    assert obs_status_of(flags, BEFORE) == statuses
    with pytest.raises(NotUnderstood, match=r"'\w' has no meaning"):
        obs_status_of(flags, SINCE)


@pytest.mark.parametrize(
    ("flags", "statuses"),
    [
        ("i", ("I", "F")),
        ("m", ("M", "F")),
        (":m", ("M", "F")),
        ("|C", ("Q", "C")),
        ("|N", ("Q", "N")),
        ("|P", ("Q", "P")),
        ("p|C", ("Q", "C")),
        ("b|C", ("B", "C")),
        ("p|F", ("P", "F")),
    ],
)
def test_letters_since_2025(flags: str, statuses: tuple[str, str]) -> None:
    assert obs_status_of(flags, SINCE) == statuses
    # An old edition is served with the new letters today.
    assert obs_status_of(flags, BEFORE) == statuses


@pytest.mark.parametrize("flags", ["x", "B", "bx", "|c", "|X", "|CN", "p|C|N"])
def test_other_letters_are_not_understood(flags: str) -> None:
    for on in (BEFORE, SINCE):
        with pytest.raises(NotUnderstood):
            obs_status_of(flags, on)


@given(st.sets(st.sampled_from("bdefimnpu")), st.dates(date(2010, 1, 1), date(2030, 1, 1)))
def test_the_order_of_letters_does_not_matter(letters: set[str], on: date) -> None:
    text = "".join(letters)
    status, secret = obs_status_of(text, on)
    assert (status, secret) == obs_status_of(text[::-1], on)
    order = Catalogue.load().obs_status_precedence
    ranks = [order.index(obs_status_of(letter, on)[0]) for letter in letters]
    assert order.index(status) == min(ranks, default=len(order) - 1)


# --- The decimal sign -------------------------------------------------------------------------


def with_values(*values: str, sign: str = ";") -> str:
    rows = (sign.join(("a", str(2000 + n), value)) for n, value in enumerate(values))
    return "\n".join((sign.join(("DATAFLOW", "TIME_PERIOD", "OBS_VALUE")), *rows, ""))


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_decimal_comma_is_read_where_it_can_be_nothing_else(sign: str) -> None:
    rows = read(with_values("12,5", "-1,234", "7", "", "0,001", sign=sign))
    assert [row[-2] for row in rows_of(rows)] == [12.5, -1.234, 7, None, 0.001]


@pytest.mark.parametrize("values", [("1,234",), ("12,345", "7"), ("12,5", "3.5"), ("1,234", "2.0")])
def test_a_comma_that_may_part_thousands_is_refused(values: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableDelivery, match="Save it with a decimal point"):
        read(with_values(*values))
