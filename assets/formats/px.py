"""Reading PX (PC-Axis): one file in, one cube of numbers out.

What belongs here: the format, with keywords in several languages, quoted symbols and rows that
are left out. What does not: what a variable, a code or a symbol means for Tilannekuva; that
stands in the source descriptions and is applied in `assets.feeds`.

Source of the rules: the PX file format of Statistics Sweden, version 2013, and for variable
types and codes the files of Statistics Finland.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assets.errors import UnreadableDelivery
from assets.formats.cube import MAX_CELLS, NUMBER, Cube, Dimension, FloatArray, IntArray, texts_at

_MAX_PERIODS = 100_000
"""Most periods that a range in TLIST is expanded to."""

_BLOCK = 4_000_000
"""Bytes of data worked on at a time; bounds the memory beside the values themselves."""

# A keyword with its language and subkeys, up to the equals sign; then a value up to the semicolon.
# Possessive throughout: no input makes them go back.
_KEYWORD = re.compile(
    rb"\s*+(?P<keyword>[A-Za-z][A-Za-z0-9_-]*+)\s*+"
    rb'(?:\[\s*+"?(?P<language>[^]"\s]*+)"?\s*+\]\s*+)?'
    rb'(?:\((?P<subkeys>(?:[^")]++|"[^"]*+")*+)\)\s*+)?='
)
_VALUE = re.compile(rb'(?:[^";]++|"[^"]*+")*+')
_ITEM = re.compile(r'\s*+(?:((?:"(?:[^"]++|"")*+"\s*+)++)|([^",]*+))(,|\Z)')
_STRING = re.compile(r'"((?:[^"]++|"")*+)"')
_TIME = re.compile(
    r"TLIST\s*+\(\s*+([A-Za-z]\d?)\s*+"
    r'(?:,\s*+"([^"]*+)"\s*+-\s*+"([^"]*+)"\s*+)?\)|"([^"]*+)"',
    re.IGNORECASE,
)
_CODEPAGE = re.compile(
    r"(?:iso-?8859-?(?P<iso>\d{1,2})|(?:windows-?|cp-?)?(?P<cp>125[0-8]|437|85[0258]|86[0-9]))$"
)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\s+(\d\d):(\d\d))?$")
_FIRST = re.compile(rb"\S")

_SEPARATORS = np.zeros(256, dtype=np.bool_)
# \x1a ended files under DOS.
_SEPARATORS[list(b" \t\r\n,;\0\x1a")] = True
_QUOTE = ord('"')
_LABELS = ("TITLE", "DESCRIPTION", "CONTENTS")
_ROLES = {"T": "time", "TIME": "time", "G": "geo", "GEOGRAPHICAL": "geo"}
_ROLES |= {"C": "metric", "CONTENT": "metric", "CONTENTS": "metric"}

# Keyword -> how many of its subkeys name what the note stands on; the rest names a part of it.
_NOTES = {"NOTE": 1, "NOTEX": 1, "VALUENOTE": 1, "VALUENOTEX": 1, "CELLNOTE": 0, "CELLNOTEX": 0}

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Header:
    """The keywords of a PX file.

    Attributes:
        language: the default language (`LANGUAGE`), whose keywords carry no language; None
            where the file does not say.
        entries: (keyword in capitals, language or None, subkeys) -> the values as written,
            one for each time that the keyword stands there.
    """

    language: str | None
    entries: Mapping[tuple[str, str | None, tuple[str, ...]], Sequence[str]]

    def texts(
        self, keyword: str, *subkeys: str, language: str | None = None
    ) -> tuple[str, ...] | None:
        """The list of a keyword, in one language only; None where it is not given.

        Args:
            keyword: in capitals (`VALUES`).
            subkeys: what stands in parentheses, in the same language.
            language: None is the default language.

        Raises:
            UnreadableDelivery: a value that is no list of texts.
        """
        raw = self.raw(keyword, subkeys, language)
        return None if raw is None else _items(raw, keyword)

    def text(self, keyword: str, *subkeys: str, language: str | None = None) -> str | None:
        """The one text of a keyword: in that language, else in the default one, else None."""
        found = self.texts(keyword, *subkeys, language=language)
        if not found and language is not None:
            found = self.texts(keyword, *subkeys)
        return " ".join(found) if found else None

    @property
    def shown_symbols(self) -> dict[str, str]:
        """Symbol in the data -> the symbol that the publisher wants shown instead.

        One to six dots are DATASYMBOL1 to DATASYMBOL6, a dash is DATASYMBOLNIL.
        """
        written = {f"DATASYMBOL{dots}": "." * dots for dots in range(1, 7)}
        written["DATASYMBOLNIL"] = "-"
        shown = {symbol: self.text(keyword) for keyword, symbol in written.items()}
        return {symbol: text for symbol, text in shown.items() if text is not None}

    @property
    def tells_nil_from_zero(self) -> bool:
        """Whether a 0 is surely a measured 0: before 2005, PX programs saved `-` as 0."""
        version = (self.text("AXIS-VERSION") or "").strip()[:4]
        return version.isascii() and version.isdigit() and int(version) >= 2005

    def raw(self, keyword: str, subkeys: tuple[str, ...], language: str | None) -> str | None:
        """What stands between the equals sign and the semicolon, first if it is there twice."""
        own = (None, self.language) if language in (None, self.language) else (language,)
        for tag in own:
            found = self.entries.get((keyword, tag, subkeys))
            if found:
                return found[0]
        return None


class _Variable(NamedTuple):
    """A variable in the default language, beside the dimension that it becomes."""

    name: str
    values: tuple[str, ...]
    codes: tuple[str, ...]
    dimension: Dimension


def read_px(document: bytes, language: str | None = None) -> Cube:
    """Read one PX file.

    Dimensions stand in the order of the data, `STUB` before `HEADING`. Their code is that of
    VARIABLECODE (also VARIABLE-CODE), else the variable's name; category codes are CODES, else
    the periods of TIMEVAL (as `2024`, `2024H1`, `2024Q1`, `2024M01`, `2024W01`, `2024-01-31`),
    else VALUES. Roles: `metric` is CONTVARIABLE, `time` has a TIMEVAL, `geo` has a MAP;
    VARIABLE-TYPE decides for the rest. Units (`base`, `decimals`) stand on the metric
    dimension; a file without one gives its unit in `read_header(document).text("UNITS")`.

    `status` is the symbol as written in the data (`.` to `......`, `-` or any other text),
    and the value is NaN there. What the publisher shows instead is in `Header.shown_symbols`.
    A file from before 2005 wrote `-` as 0, which cannot be told apart any more: values are left
    as they are, `Header.tells_nil_from_zero` is False. Rows that `KEYS` leaves out are 0.

    Notes on a single value or cell stand with the notes of its variable or of the cube, with
    its name before them. `updated` is the latest LAST-UPDATED, else CREATION-DATE, in ISO form;
    it has no zone: PX gives the publisher's local time.

    Args:
        document: the bytes of the file. CODEPAGE says the encoding; without it UTF-8 is tried,
            then Windows-1252.
        language: a language of the file for labels, units and notes; what is not given in it
            is taken from the default language. Codes do not depend on it.

    Raises:
        UnreadableDelivery: the only error, whatever the input; it says what is wrong and where.
    """
    header, body = _parse(document)
    stub, heading = (_names(header, keyword) for keyword in ("STUB", "HEADING"))
    names = [*stub, *heading]
    if not names:
        raise UnreadableDelivery("The PX file names no variables: it has neither STUB nor HEADING.")
    translated = [
        *_translated(header, "STUB", stub, language),
        *_translated(header, "HEADING", heading, language),
    ]
    notes = _notes(header, language)
    variables = [
        _variable(header, name, label, language, notes)
        for name, label in zip(names, translated, strict=True)
    ]
    for kind, found in (
        ("variable", [variable.name for variable in variables]),
        ("variable code", [variable.dimension.code for variable in variables]),
    ):
        _once(found, f"{kind} in STUB and HEADING")
    shape = [len(variable.codes) for variable in variables]
    count = math.prod(shape)
    if count > MAX_CELLS:
        raise UnreadableDelivery(
            f"The PX file declares {count} cells; more than {MAX_CELLS} are not read in one "
            "piece. Fetch it in smaller parts."
        )
    rows = variables[: len(stub)]
    if any(header.texts("KEYS", variable.name) for variable in rows):
        values, status = _keyed(header, body, rows, math.prod(shape[len(stub) :]), count)
    else:
        values, status = _dense(body, count)
    return Cube(
        dimensions=tuple(variable.dimension for variable in variables),
        values=values,
        status=status,
        label=next(filter(None, (header.text(key, language=language) for key in _LABELS)), None),
        source=header.text("SOURCE", language=language),
        updated=_updated(header),
        notes=notes.get((), ()),
    )


def read_header(document: bytes) -> Header:
    """The keywords of a PX file, without its data.

    Raises:
        UnreadableDelivery: as `read_px`.
    """
    return _parse(document)[0]


# --- The header -------------------------------------------------------------------------------


def _parse(document: bytes) -> tuple[Header, bytes]:
    """The keywords, and what follows `DATA=` as UTF-8."""
    start = 3 if document.startswith(b"\xef\xbb\xbf") else 0
    first = _FIRST.search(document, start)
    if first is None:
        raise UnreadableDelivery("The PX file is empty.")
    if first[0] == b"<":
        raise UnreadableDelivery(
            "The PX file is a web page (HTML or XML); it begins with "
            f"{_show(document[:60].decode('utf-8', 'replace'))}."
        )
    found: list[tuple[re.Match[bytes], bytes]] = []
    at = start
    while True:
        keyword = _KEYWORD.match(document, at)
        if keyword is None:
            raise UnreadableDelivery(
                f"The PX file has no keyword where one is expected, on line "
                f"{_line(document, at)}: {_show(document[at : at + 60].decode('utf-8', 'replace'))}"
                ". A PX file is keywords up to DATA=; it may have been cut short."
            )
        if keyword["keyword"].upper() == b"DATA":
            at = keyword.end()
            break
        value = _VALUE.match(document, keyword.end())
        if value is None or document[value.end() : value.end() + 1] != b";":
            raise UnreadableDelivery(
                f"The PX file does not end the keyword {keyword['keyword'].decode()} on line "
                f"{_line(document, keyword.start('keyword'))} with a semicolon; a quotation mark "
                "may be missing, or the file was cut short."
            )
        found.append((keyword, value[0]))
        at = value.end() + 1
    encoding = "utf-8" if start else _encoding(found)
    entries: dict[tuple[str, str | None, tuple[str, ...]], list[str]] = {}
    for keyword, raw in found:
        name = keyword["keyword"].decode().upper()
        tag = keyword["language"]
        subkeys = _decode(keyword["subkeys"] or b"", encoding)
        key = (
            name,
            _decode(tag, encoding) or None if tag else None,
            _items(subkeys, name) if subkeys.strip() else (),
        )
        entries.setdefault(key, []).append(_decode(raw, encoding))
    body = document[at:]
    if not body.isascii():
        body = _decode(body, encoding).encode()
    default = entries.get(("LANGUAGE", None, ()))
    languages = _items(default[0], "LANGUAGE") if default else ()
    return Header(languages[0] or None if languages else None, entries), body


def _encoding(found: Sequence[tuple[re.Match[bytes], bytes]]) -> str | None:
    """The encoding that CODEPAGE names, as Python calls it; None where it does not."""
    for keyword, raw in found:
        if keyword["keyword"].upper() == b"CODEPAGE":
            name = raw.decode("ascii", "replace").strip().strip('"').strip().lower()
            if name in ("utf-8", "utf8", "65001"):
                return "utf-8"
            page = _CODEPAGE.match(name)
            if page is None:
                return None
            # Files that say ISO 8859-1 hold the dashes and quotes of Windows-1252.
            return f"cp{page['cp']}" if page["cp"] else _iso(page["iso"])
    return None


def _iso(part: str) -> str:
    return "cp1252" if part == "1" else f"iso8859-{part}"


def _decode(raw: bytes, encoding: str | None) -> str:
    for name in (encoding, "utf-8", "cp1252"):
        try:
            return raw.decode(name or "utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
    # The five bytes that Windows-1252 leaves open.
    return raw.decode("latin-1")


def _items(raw: str, keyword: str) -> tuple[str, ...]:
    """The texts of a list: quoted, in pieces over several lines, or bare words."""
    items: list[str] = []
    at = 0
    while True:
        item = _ITEM.match(raw, at)
        if item is None:
            raise UnreadableDelivery(
                f"The PX file has something else than a list of texts at {keyword}, after "
                f"{len(items)} texts: {_show(raw[at:])}."
            )
        quoted, bare, comma = item.groups()
        if quoted is None:
            items.append(bare.strip())
        else:
            items.append("".join(_STRING.findall(quoted)).replace('""', '"'))
        if not comma:
            return tuple(items)
        at = item.end()


def _names(header: Header, keyword: str) -> tuple[str, ...]:
    names = header.texts(keyword) or ()
    return () if names == ("",) else names


def _translated(
    header: Header, keyword: str, names: tuple[str, ...], language: str | None
) -> tuple[str, ...]:
    if language is None:
        return names
    translated = header.texts(keyword, language=language)
    if translated is None or names == ():
        return names
    if len(translated) != len(names):
        raise UnreadableDelivery(
            f"The PX file names {len(names)} variables in {keyword}, but {len(translated)} in "
            f"{keyword}[{_clip(language)}]."
        )
    return translated


def _variable(
    header: Header,
    name: str,
    label: str,
    language: str | None,
    notes: Mapping[tuple[str, ...], tuple[str, ...]],
) -> _Variable:
    given = header.texts("CODES", name)
    raw_time = header.raw("TIMEVAL", (name,), None)
    periods = () if raw_time is None else _periods(raw_time, name)
    values = header.texts("VALUES", name) or given or periods
    if not values:
        raise UnreadableDelivery(
            f"The PX file gives no VALUES for its variable {_show(name)}, and no CODES either."
        )
    # VALUES decides how many there are; a TIMEVAL that does not fit is no list of codes.
    codes = given or (periods if len(periods) == len(values) else values)
    labels = values if language is None else header.texts("VALUES", label, language=language)
    labels = labels or values
    for found, what in ((codes, "CODES"), (labels, f"VALUES[{_clip(language)}]")):
        if len(found) != len(values):
            raise UnreadableDelivery(
                f"The PX file has {len(values)} VALUES for its variable {_show(name)}, but "
                f"{len(found)} in {what}."
            )
    _once(codes, f"code of the variable {_show(name)}")
    kind = (header.text("VARIABLE-TYPE", name) or "").strip().upper()
    role = _ROLES.get(kind)
    if header.text("MAP", name):
        role = "geo"
    if periods:
        role = "time"
    if header.text("CONTVARIABLE") == name:
        role = "metric"
    code = header.text("VARIABLECODE", name) or header.text("VARIABLE-CODE", name) or name
    dimension = Dimension(
        code=code,
        label=label,
        codes=codes,
        labels=labels,
        role=role,
        units=_units(header, name, values, codes, labels, language) if role == "metric" else {},
        notes=notes.get((label,), notes.get((name,), ())),
    )
    return _Variable(name, values, codes, dimension)


def _units(
    header: Header,
    name: str,
    values: Sequence[str],
    codes: Sequence[str],
    labels: Sequence[str],
    language: str | None,
) -> dict[str, dict[str, Any]]:
    """Per category code of the contents variable `base` and `decimals`, where they are given."""
    units: dict[str, dict[str, Any]] = {}
    for value, code, label in zip(values, codes, labels, strict=True):
        own = header.texts("UNITS", label, language=language) or header.texts("UNITS", value)
        base = " ".join(own) if own else header.text("UNITS", language=language)
        decimals = (
            header.text("PRECISION", name, value)
            or header.text("SHOWDECIMALS")
            or header.text("DECIMALS")
            or ""
        ).strip()
        unit: dict[str, Any] = {} if base is None else {"base": base}
        if decimals.isascii() and decimals.isdigit() and len(decimals) <= 2:
            unit["decimals"] = int(decimals)
        if unit:
            units[code] = unit
    return units


def _notes(header: Header, language: str | None) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Notes by what they are about: `()` the cube, `(name,)` a variable, in one language.

    A note holds `##` where a new note begins and `#` where a new line does.
    """
    tags = {None, header.language}
    if any(key[0] in _NOTES and key[1] == language for key in header.entries):
        tags = {language} if language not in tags else tags
    found: dict[tuple[str, ...], list[str]] = {}
    for (keyword, tag, subkeys), raws in header.entries.items():
        if keyword not in _NOTES or tag not in tags:
            continue
        whole, about = subkeys[: _NOTES[keyword]], subkeys[_NOTES[keyword] :]
        named = ", ".join(name for name in about if name != "*")
        for raw in raws:
            for text in " ".join(_items(raw, keyword)).split("##"):
                note = text.replace("#", "\n").strip()
                if note:
                    found.setdefault(whole, []).append(f"{named}: {note}" if named else note)
    return {about: tuple(texts) for about, texts in found.items()}


def _updated(header: Header) -> str | None:
    moments = [
        _moment(text)
        for (keyword, tag, _), raws in header.entries.items()
        if keyword == "LAST-UPDATED" and tag in (None, header.language)
        for raw in raws
        for text in _items(raw, keyword)
        if text.strip()
    ]
    if moments:
        return max(moments)
    created = header.text("CREATION-DATE")
    return _moment(created) if created else None


def _moment(text: str) -> str:
    """`20230525 16:13` in ISO form; anything else as it stands."""
    found = _MOMENT.match(text.strip())
    if found is None:
        return text.strip()
    try:
        if found[4] is None:
            return date(*(int(part) for part in found.groups()[:3])).isoformat()
        year, month, day, hour, minute = (int(part) for part in found.groups())
        return datetime(year, month, day, hour, minute).isoformat()  # noqa: DTZ001
    except ValueError:
        return text.strip()


# --- Periods ----------------------------------------------------------------------------------


def _periods(raw: str, name: str) -> tuple[str, ...]:
    """The periods of a TIMEVAL: listed, or as ranges, on one time scale or several."""
    periods: list[str] = []
    scale = ""
    for time_list, first, last, single in _TIME.findall(raw):
        if time_list:
            scale = time_list[0].upper()
        if first or last:
            periods += _range(scale, first, last, name)
        elif not time_list:
            periods.append(_period(scale, single))
    return tuple(periods)


_PARTS = {"H": (2, 1), "Q": (4, 1), "M": (12, 2)}
"""Time scale -> parts of a year and digits of the part."""


def _period(scale: str, text: str) -> str:
    """A period as the service writes its code: `202401` on the scale M is `2024M01`."""
    if not (text.isascii() and text.isdigit()):
        return text
    if scale in _PARTS and len(text) == 4 + _PARTS[scale][1]:
        return f"{text[:4]}{scale}{text[4:]}"
    if scale == "W" and len(text) == 6:
        return f"{text[:4]}W{text[4:]}"
    if scale == "D" and len(text) == 8:
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text


def _range(scale: str, first: str, last: str, name: str) -> list[str]:
    """Every period from `first` to `last`, both included."""
    try:
        periods = _span(scale, first, last)
    except ValueError:
        raise UnreadableDelivery(
            f"The PX file has a range that cannot be read in TIMEVAL of {_show(name)}: from "
            f"{_show(first)} to {_show(last)} on the time scale {_show(scale)}."
        ) from None
    if not periods:
        raise UnreadableDelivery(
            f"The PX file has a range that ends before it begins in TIMEVAL of {_show(name)}: "
            f"from {_show(first)} to {_show(last)}."
        )
    return periods


def _span(scale: str, first: str, last: str) -> list[str]:
    for text in (first, last):
        if not (text.isascii() and text.isdigit() and len(text) <= 8):
            raise ValueError("no period")
    if scale == "A":
        return [f"{year:04}" for year in range(int(first), _bounded(int(first), int(last)) + 1)]
    if scale in _PARTS:
        parts, digits = _PARTS[scale]
        ends = [int(text[:4]) * parts + int(text[4:]) - 1 for text in (first, last)]
        for text in (first, last):
            if len(text) != 4 + digits or not 1 <= int(text[4:]) <= parts:
                raise ValueError("no period")
        return [
            f"{number // parts:04}{scale}{number % parts + 1:0{digits}}"
            for number in range(ends[0], _bounded(*ends) + 1)
        ]
    if scale in "WD" and scale:
        step = timedelta(days=7 if scale == "W" else 1)
        start, end = (_day(scale, text) for text in (first, last))
        steps = _bounded(0, (end - start) // step)
        days = (start + step * number for number in range(steps + 1))
        return [
            f"{day.isocalendar().year:04}W{day.isocalendar().week:02}"
            if scale == "W"
            else day.isoformat()
            for day in days
        ]
    raise ValueError("no time scale")


def _day(scale: str, text: str) -> date:
    if scale == "W" and len(text) == 6:
        return date.fromisocalendar(int(text[:4]), int(text[4:]), 1)
    if scale == "D" and len(text) == 8:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    raise ValueError("no period")


def _bounded(first: int, last: int) -> int:
    if last - first > _MAX_PERIODS:
        raise ValueError("too many periods")
    return last


# --- The data ---------------------------------------------------------------------------------


class _Tokens(NamedTuple):
    """Cells as text.

    Attributes:
        texts: one string per cell, without quotes.
        doubtful: which of them end with something else than a digit: surely the symbols, and
            perhaps a number such as `5.`
    """

    texts: pa.Array
    doubtful: BoolArray


def _dense(body: bytes, count: int) -> tuple[FloatArray, pa.Array | None]:
    """All cells in a row."""
    # Each cell but the last takes two bytes, so that a short file cannot ask for much memory.
    values = np.empty(min(count, len(body) // 2 + 1))
    cells: list[IntArray] = []
    symbols: list[pa.Array] = []
    found = 0
    for tokens in _tokens(body):
        if found + len(tokens.texts) <= len(values):
            numbers, at, texts = _numbers(tokens)
            values[found : found + len(numbers)] = numbers
            cells.append(at + found)
            symbols.append(texts)
        found += len(tokens.texts)
    if found != count:
        raise UnreadableDelivery(
            f"The PX file has {found} cells after DATA=, but its variables call for {count}. "
            "The file was cut short, or a value of a variable is missing."
        )
    return values, _status(count, cells, symbols)


def _keyed(
    header: Header, body: bytes, rows: Sequence[_Variable], width: int, count: int
) -> tuple[FloatArray, pa.Array | None]:
    """Rows that begin with a key for each stub variable; the others hold only zeros."""
    if not body.rstrip(b" \t\r\n\0\x1a").endswith(b";"):
        raise UnreadableDelivery(
            "The PX file does not end with a semicolon. As it leaves out rows of zeros (KEYS), "
            "it cannot be told how much of it is missing."
        )
    blocks = list(_tokens(body))
    texts = pa.concat_arrays([block.texts for block in blocks] or [pa.array([], pa.string())])
    doubtful = np.concatenate([block.doubtful for block in blocks] or [np.zeros(0, np.bool_)])
    length = len(rows) + width
    if len(texts) % length:
        raise UnreadableDelivery(
            f"The PX file has {len(texts)} keys and cells after DATA=, which is no multiple of "
            f"the {len(rows)} keys and {width} cells of a row."
        )
    starts = np.arange(0, len(texts), length, dtype=np.int64)
    row = np.zeros(len(starts), dtype=np.int64)
    for number, variable in enumerate(rows):
        kind = (header.text("KEYS", variable.name) or "VALUES").strip().upper()
        given = header.texts("CODES", variable.name) if kind == "CODES" else None
        keys = texts.take(pa.array(starts + number))
        at = pc.index_in(keys, value_set=pa.array(given or variable.values, pa.string()))
        if at.null_count:
            unknown = np.flatnonzero(np.asarray(at.is_null()))[0]
            raise UnreadableDelivery(
                f"The PX file has {_show(keys[unknown].as_py())} as the key of "
                f"{_show(variable.name)} in row {unknown + 1} after DATA=, which is none of its "
                f"{_clip(kind)}."
            )
        row = row * len(variable.codes) + at.to_numpy()
    if len(np.unique(row)) != len(row):
        raise UnreadableDelivery("The PX file gives two rows after DATA= with the same keys.")
    is_cell = np.tile(np.arange(length) >= len(rows), len(starts))
    numbers, at, symbols = _numbers(_Tokens(texts.filter(pa.array(is_cell)), doubtful[is_cell]))
    values = np.zeros(count)
    if len(row):
        values.reshape(-1, width)[row] = numbers.reshape(-1, width)
        at = row[at // width] * width + at % width
    return values, _status(count, [at], [symbols])


def _status(count: int, cells: list[IntArray], symbols: list[pa.Array]) -> pa.Array | None:
    if not cells:
        return None
    return texts_at(count, np.concatenate(cells), pa.concat_arrays(symbols))


def _tokens(body: bytes) -> Iterator[_Tokens]:
    """The body block by block, cut at separators outside quotes."""
    data = np.frombuffer(body, dtype=np.uint8)
    start, size = 0, _BLOCK
    while start < len(data):
        block = data[start : start + size]
        separator = _SEPARATORS[block]
        outside: BoolArray | None = None
        quotes = block == _QUOTE
        if quotes.any():
            # Odd from an opening quote to just before its closing one; 256 is even.
            outside = (np.cumsum(quotes, dtype=np.uint8) & 1) == 0
            separator &= outside
            separator |= quotes
        if start + size < len(data):
            # A closing quote may end a block, an opening one may not.
            ends = separator if outside is None else separator & outside
            last = len(ends) - int(np.argmax(ends[::-1]))
            if not ends[last - 1]:
                size *= 2
                if size > 2**30:
                    raise UnreadableDelivery("The PX file has a cell without an end after DATA=.")
                continue
            block, separator = block[:last], separator[:last]
        start += len(block)
        size = _BLOCK
        yield _split(block, separator)


def _split(block: npt.NDArray[np.uint8], separator: BoolArray) -> _Tokens:
    """The pieces of a block between its separators."""
    inside = ~separator
    edges = np.flatnonzero(np.diff(inside.view(np.int8), prepend=0, append=0))
    first, after = edges[0::2], edges[1::2]
    offsets = np.zeros(len(first) + 1, dtype=np.int32)
    np.cumsum(after - first, out=offsets[1:])
    texts = pa.StringArray.from_buffers(
        len(first), pa.py_buffer(offsets), pa.py_buffer(block[inside])
    )
    final = block[after - 1]
    return _Tokens(texts, (final < ord("0")) | (final > ord("9")))


def _numbers(tokens: _Tokens) -> tuple[FloatArray, IntArray, pa.Array]:
    """The numbers, NaN where there is none; where that is, and the texts that stand there."""
    texts, other = tokens
    array: pa.Array | None = None
    if not pc.any(_numeric(texts.filter(pa.array(other)).unique())).as_py():
        try:
            array = _cast(texts, other)
        except pa.ArrowInvalid:
            array = None
    if array is None:
        # A text that ends with a digit, or a number that does not.
        other = ~np.asarray(_numeric(texts))
        array = _cast(texts, other)
    values: FloatArray = array.to_numpy(zero_copy_only=False)
    if np.isinf(values).any():
        at = int(np.flatnonzero(np.isinf(values))[0])
        raise UnreadableDelivery(
            f"The PX file has a value that is too large for a number: {_show(texts[at].as_py())}."
        )
    return values, np.flatnonzero(other), pc.utf8_trim_whitespace(texts.filter(pa.array(other)))


def _numeric(texts: pa.Array) -> pa.Array:
    return pc.match_substring_regex(texts, NUMBER)


def _cast(texts: pa.Array, other: BoolArray) -> pa.Array:
    if other.any():
        texts = pc.if_else(pa.array(other), pa.scalar(None, pa.string()), texts)
    return texts.cast(pa.float64())


# --- Words for errors -------------------------------------------------------------------------


def _once(found: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for text in found:
        if text in seen:
            raise UnreadableDelivery(f"The PX file has {_show(text)} twice as {what}.")
        seen.add(text)


def _line(document: bytes, at: int) -> int:
    return document.count(b"\n", 0, at) + 1


def _clip(text: object, length: int = 60) -> str:
    shown = str(text)
    return shown if len(shown) <= length else shown[:length] + "..."


def _show(text: object) -> str:
    return repr(_clip(text))
