"""Old binary workbooks (.xls), looked through for what calamine does not tell.

A compound file ([MS-CFB]) holds a stream of records ([MS-XLS], BIFF5 and BIFF8); of the cells only
their place, their style and whether they are an error is read here. What does not belong here:
the values, which calamine reads.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assets.landing.reader.number_formats import scale_of, shows_percent

_END_OF_CHAIN = 0xFFFFFFFA
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMAT, _XF = 0x809, 0x0A, 0x2F, 0x85, 0x41E, 0xE0
_DATEMODE, _FORMULA, _BOOLERR, _MULRK, _ROW, _COLINFO = 0x22, 0x06, 0x205, 0xBD, 0x208, 0x7D
#: Of the options of a row.
_IS_HIDDEN = 0x20
#: Records of one filled cell: formula, number, text (shared, own, rich), RK number, error.
_CELLS = frozenset({_FORMULA, 0x203, 0xFD, 0x204, 0xD6, 0x27E, _BOOLERR})
_BUILT_IN_PERCENT = frozenset({9, 10})


class Protected(ValueError):
    """The workbook is encrypted."""


@dataclass
class Places:
    """What stands where in a sheet: rows (1 = first) by column (0 = first), ascending.

    Attributes:
        errors: cells that hold an error.
        percent: cells that are shown as per cent.
        uncalculated: formulas whose result no program has calculated.
        scaled: cells that are shown divided, by what they are divided by; 0 where that is unclear.
        hidden: hidden rows.
        hidden_columns: how many columns are hidden.
        rows: first and last row with a filled cell; 0 where there is none.
        columns: first and last column with a filled cell.
    """

    errors: dict[int, array[int]] = field(default_factory=dict)
    percent: dict[int, array[int]] = field(default_factory=dict)
    uncalculated: dict[int, array[int]] = field(default_factory=dict)
    scaled: dict[int, dict[int, array[int]]] = field(default_factory=dict)
    hidden: array[int] = field(default_factory=lambda: array("L"))
    hidden_columns: int = 0
    rows: tuple[int, int] = (0, 0)
    columns: tuple[int, int] = (0, 0)


def places_of(file: bytes) -> tuple[list[Places], bool]:
    """The places of each sheet of a workbook, charts included, in its order.

    Returns:
        The places, and whether its days count from 1904 (as Excel for the Mac once did).

    Raises:
        Protected: it is encrypted.
        ValueError, struct.error: it is damaged.
    """
    stream = _workbook_stream(file)
    styles: list[int] = []
    percent = set(_BUILT_IN_PERCENT)
    scales: dict[int, int] = {}
    starts: list[int] = []
    from_1904 = False
    for kind, at, length in _substream(stream, 0):
        if kind == _FILEPASS:
            raise Protected
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", stream, at)[0])
        elif kind == _DATEMODE:
            from_1904 = stream[at : at + 1] == b"\x01"
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", stream, at + 2)[0])
        elif kind == _FORMAT:
            number = struct.unpack_from("<H", stream, at)[0]
            code = _format_code(stream[at + 2 : at + length])
            if shows_percent(code):
                percent.add(number)
            if (scale := scale_of(code)) != 1:
                scales[number] = scale or 0
    shown = {n: 0 for n, number_format in enumerate(styles) if number_format in percent}
    scaled = {n: scales[f] for n, f in enumerate(styles) if f in scales}
    return [_places(stream, start, shown, scaled) for start in starts], from_1904


def _places(
    stream: bytes, start: int, shown: Mapping[int, int], scaled: Mapping[int, int]
) -> Places:
    places = Places()
    rows: list[int] = []
    columns: set[int] = set()
    formulas = 0
    for kind, at, length in _substream(stream, start):
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<3H", stream, at)
            is_error = (kind == _BOOLERR and stream[at + 7] == 1) or (
                kind == _FORMULA
                and stream[at + 6] == 2
                and stream[at + 12 : at + 14] == b"\xff\xff"
            )
            cells = [(column, style, is_error)]
        elif kind == _MULRK and length >= 12:
            row, column = struct.unpack_from("<2H", stream, at)
            cells = [
                (column + n, struct.unpack_from("<H", stream, at + 4 + 6 * n)[0], False)
                for n in range((length - 6) // 6)
            ]
        else:
            if kind == _COLINFO and stream[at + 8] & 1:
                first, last = struct.unpack_from("<2H", stream, at)
                places.hidden_columns += last - first + 1
            if kind == _ROW and struct.unpack_from("<H", stream, at + 12)[0] & _IS_HIDDEN:
                places.hidden.append(struct.unpack_from("<H", stream, at)[0] + 1)
            continue
        if kind == _FORMULA:
            formulas += 1
            # The result is no number but kind 3, an empty text, which formulas may give as well.
            if stream[at + 6] == 3 and stream[at + 12 : at + 14] == b"\xff\xff":
                places.uncalculated.setdefault(column, array("L")).append(row + 1)
        rows.append(row + 1)
        for column, style, is_error in cells:
            columns.add(column)
            if is_error:
                places.errors.setdefault(column, array("L")).append(row + 1)
            elif style in shown:
                places.percent.setdefault(column, array("L")).append(row + 1)
            elif style in scaled:
                marks = places.scaled.setdefault(scaled[style], {})
                marks.setdefault(column, array("L")).append(row + 1)
    if formulas != sum(map(len, places.uncalculated.values())):
        places.uncalculated = {}  # some are calculated, so the empty ones are too
    if rows:
        places.rows, places.columns = (min(rows), max(rows)), (min(columns), max(columns))
    return places


def _substream(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of the records from a BOF to its EOF; those inside (charts) too."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        at += 4
        if at + length > len(stream):
            raise ValueError("a record is cut off")
        if kind == _BOF:
            depth += 1
        elif depth == 1:
            yield kind, at, length
        if kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        at += length
    raise ValueError("a part of the workbook has no end")


def _format_code(text: bytes) -> str:
    """The text of a number format, in either width of characters; its length comes first."""
    length, wide = struct.unpack_from("<HB", text, 0)
    if text[0] == len(text) - 1:  # BIFF5: one byte of length, eight bits a character
        return text[1:].decode("cp1252", "replace")
    code = text[3:]
    return code[: 2 * length].decode("utf-16-le", "replace") if wide & 1 else code.decode("cp1252")


def _workbook_stream(file: bytes) -> bytes:
    shift, mini_shift = struct.unpack_from("<2H", file, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("its sectors have no size that is known")
    size = 1 << shift

    def sector(number: int) -> bytes:
        return file[(number + 1) * size : (number + 2) * size]

    def numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    directory_at, cutoff, mini_at = (struct.unpack_from("<I", file, n)[0] for n in (48, 56, 60))
    tables = numbers(file[76:512])
    more = struct.unpack_from("<I", file, 68)[0]
    for _ in range(len(file) // size):
        if more >= _END_OF_CHAIN:
            break
        *found, more = numbers(sector(more)) or [_END_OF_CHAIN]
        tables += found
    # Every sector may be a table only once, however often a damaged list names it.
    fat = [
        n
        for table in dict.fromkeys(tables)
        if table < _END_OF_CHAIN
        for n in numbers(sector(table))
    ]

    def chain(first: int, links: list[int]) -> list[int]:
        found: list[int] = []
        while first < _END_OF_CHAIN:
            if first >= len(links) or len(found) > len(links):
                raise ValueError("its sectors are not linked")
            found.append(first)
            first = links[first]
        return found

    def joined(first: int) -> bytes:
        return b"".join(map(sector, chain(first, fat)))

    directory = joined(directory_at)
    entries: dict[str, tuple[int, int]] = {}
    for at in range(0, len(directory) - 127, 128):
        entry = directory[at : at + 128]
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode(
            "utf-16-le", "replace"
        )
        entries.setdefault(name.casefold(), struct.unpack_from("<2I", entry, 116))
    if "encryptedpackage" in entries:
        raise Protected
    if not entries.keys() & {"workbook", "book"}:
        raise ValueError("it holds no workbook")
    first, length = entries.get("workbook") or entries["book"]
    if length >= cutoff:
        return joined(first)[:length]
    mini = joined(entries["root entry"][0])
    links = numbers(joined(mini_at))
    return b"".join(mini[n * 64 : n * 64 + 64] for n in chain(first, links))[:length]
