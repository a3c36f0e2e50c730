"""The keywords of a PX file, as programs and people write them.

What belongs here: keywords with their languages and subkeys, damaged quotation marks and missing
semicolons, and the encoding. What does not: the cube that the keywords describe (`px.py`).

A note that is not by the book does not cost the table. A keyword that says which number stands
where (`STRUCTURE`) is read or is an error; nothing of it is guessed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assets.formats.cube import WEB_PAGE
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

_NAMES = (
    "AXIS-VERSION|CHARSET|CODEPAGE|CODES|CONTACT|CONTENTS|CONTVARIABLE|CREATION-DATE|DATA|"
    "DATASYMBOL[1-6]|DATASYMBOLNIL|DECIMALS|DESCRIPTION|DOMAIN|ELIMINATION|HEADING|KEYS|LANGUAGES?|"
    "LAST-UPDATED|MAP|MATRIX|NOTEX?|PRECISION|SHOWDECIMALS|SOURCE|STUB|SUBJECT-AREA|SUBJECT-CODE|"
    "TIMEVAL|TITLE|UNITS|VALUES|VALUENOTEX?|CELLNOTEX?|VARIABLE-TYPE|VARIABLE-?CODE"
)
STRUCTURE = frozenset(
    {"STUB", "HEADING", "VALUES", "CODES", "TIMEVAL", "KEYS", "CONTVARIABLE", "VARIABLECODE"}
)
"""Keywords that say which number stands where: damage in them is an error, never a guess."""

# A keyword with its language and subkeys, up to the equals sign; then a value up to the semicolon.
# Possessive throughout: no input makes them go back. The dots are of R, which allows no hyphens.
KEYWORD = re.compile(
    rb"\s*+(?P<keyword>[A-Za-z][A-Za-z0-9_.-]*+)\s*+"
    rb'(?:\[\s*+"?(?P<language>[^]"\s]*+)"?\s*+\]\s*+)?'
    rb'(?:\((?P<subkeys>(?:[^")]++|"[^"]*+")*+)\)\s*+)?='
)
KEYWORD_FOLLOWS = re.compile(b";(?=" + KEYWORD.pattern + b")")
VALUE = re.compile(rb'(?:[^";]++|"[^"]*+")*+')
_NEXT_LINE = re.compile(
    rb"[\r\n][ \t]*+(?=(?:"
    + _NAMES.encode()
    + b")"
    + rb'[ \t]*+(?:\[[^]\r\n]*+\][ \t]*+)?(?:\((?:[^")\r\n]++|"[^"\r\n]*+")*+\)[ \t]*+)?=)',
    re.IGNORECASE,
)
"""Where a line begins with a keyword, which inside a value means that the value has not ended."""
BREAK = r"\s*[\r\n]\s*"
"""A line break with the blanks around it, for engines that take linear time (RE2)."""
_BLANKS = re.compile(r"\s+")
_DOTTED_LANGUAGE = re.compile(r"(.+)\.([A-Za-z]{2,3})\.")
_ITEM = re.compile(r'\s*+(?:((?:"(?:[^"]++|"")*+"\s*+)++)|([^",]*+))(,|\Z)')
_STRING = re.compile(r'"((?:[^"]++|"")*+)"')
_CODEPAGE = re.compile(
    r"(?:iso-?8859-?(?P<iso>\d{1,2})|(?:windows-?|cp-?)?(?P<cp>125[0-8]|437|85[0258]|86[0-9]))$"
)
_FIRST = re.compile(rb"\S")
_DOS = "cp850"

PX = "PX"
"""Name of the format in reasons."""

NOTES = {"NOTE": 1, "NOTEX": 1, "VALUENOTE": 1, "VALUENOTEX": 1, "CELLNOTE": 0, "CELLNOTEX": 0}
"""Keyword -> how many of its subkeys name what the note stands on; the rest names a part of it."""


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
        return None if raw is None else texts_of(raw, keyword)

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
        """What stands between the equals sign and the semicolon, first if it is there twice.

        Raises:
            UnreadableDelivery: it is there twice, differs, and says which number stands where.
        """
        own = (None, self.language) if language in (None, self.language) else (language,)
        for tag in own:
            found = self.entries.get((keyword, tag, subkeys))
            if found:
                if keyword in STRUCTURE and len({_folded(raw) for raw in found}) > 1:
                    variable = ", ".join(subkeys)
                    of = Reason("of_variable", variable=variable) if variable else ""
                    raise UnreadableDelivery(Reason("px_keyword_twice", keyword=keyword, of=of))
                return found[0]
        return None


def parse(document: bytes) -> tuple[Header, bytes]:
    """The keywords, and what follows `DATA=` as UTF-8."""
    start = 3 if document.startswith(b"\xef\xbb\xbf") else 0
    first = _FIRST.search(document, start)
    if first is None:
        raise UnreadableDelivery(Reason("file_empty"))
    if first[0] == b"<":
        raise UnreadableDelivery(
            Reason("not_the_format", what=WEB_PAGE, format=PX, begins=_beginning(document))
        )
    statements, at = _statements(document, start)
    body = document[at:]
    decode = _decoder(statements, body)
    entries: dict[tuple[str, str | None, tuple[str, ...]], list[str]] = {}
    note: list[str] | None = None
    for keyword, raw in statements:
        text = decode(raw)
        if keyword is None:
            # Further paragraphs of a note; anywhere else a list that nothing owns.
            if note is not None:
                note.append(text)
            continue
        name, tag = _name(keyword)
        if keyword["language"]:
            tag = decode(keyword["language"]) or None
        subkeys = decode(keyword["subkeys"] or b"")
        key = (name, tag, texts_of(subkeys, name) if subkeys.strip() else ())
        found = entries.setdefault(key, [])
        found.append(text)
        note = found if name in NOTES else None
    if not body.isascii():
        body = decode(body).encode()
    default = entries.get(("LANGUAGE", None, ()))
    languages = items(default[0], "LANGUAGE") if default else ()
    return Header(languages[0] or None if languages else None, entries), body


_Statement = tuple[re.Match[bytes] | None, bytes]
"""A keyword and its value; None for what stands where a keyword is expected and is none."""


def _statements(document: bytes, start: int) -> tuple[list[_Statement], int]:
    """The statements up to `DATA=`, and where the data begin.

    What no keyword owns is kept without one. A statement that lacks its semicolon ends where the
    next line begins with a keyword. So does one whose quotation marks are damaged; where it says
    which number stands where, that is an error, except TIMEVAL, whose periods VALUES has as well.
    """
    found: list[_Statement] = []
    at = start
    stray: int | None = None
    while True:
        keyword = KEYWORD.match(document, at)
        name = "" if keyword is None else _name(keyword)[0]
        if keyword is not None and name == "DATA":
            return found, keyword.end()
        begin = at if keyword is None else keyword.end()
        end, after, is_damaged = _end(document, begin)
        if keyword is None:
            first = _FIRST.search(document, at)
            stray = (at if first is None else first.start()) if stray is None else stray
            if at == start or end is None:
                raise _no_keyword(document, stray)
        elif end is None or (is_damaged and name in STRUCTURE - {"TIMEVAL"}):
            raise UnreadableDelivery(
                Reason(
                    "px_keyword_open",
                    keyword=keyword["keyword"].decode(),
                    line=_line(document, keyword.start("keyword")),
                )
            )
        else:
            stray = None
        if keyword is None and _says_where(document[begin:end]):
            raise _no_keyword(document, begin)
        found.append((keyword, b"" if is_damaged and name == "TIMEVAL" else document[begin:end]))
        at = after


def _end(document: bytes, begin: int) -> tuple[int | None, int, bool]:
    """Where a value ends, where the next statement begins, and whether its quotes are damaged."""
    value = VALUE.match(document, begin)
    end = begin if value is None else value.end()
    is_closed = document[end : end + 1] == b";"
    following = _NEXT_LINE.search(document, begin, end)
    if following is None and not is_closed:
        # The quotation mark that opens and does not close.
        following = _NEXT_LINE.search(document, end)
    if following is None:
        return (end, end + 1, False) if is_closed else (None, end, False)
    at = following.start()
    is_damaged = document.count(b'"', begin, at) % 2 == 1
    ended = document[begin:at].rstrip()
    stop = begin + len(ended) - (1 if ended.endswith(b";") else 0)
    return stop, following.end(), is_damaged


def _says_where(stray: bytes) -> bool:
    """Whether what no keyword owns looks like a keyword that is damaged."""
    bare = re.sub(rb'"[^"]*+"', b"", stray)
    word = re.match(rb"\s*([A-Za-z][A-Za-z0-9_.-]*)", stray)
    name = word[1].decode().upper().replace(".", "-") if word else ""
    return b"=" in bare or name in STRUCTURE


def _name(keyword: re.Match[bytes]) -> tuple[str, str | None]:
    """A keyword as the format has it, and the language that R writes as `VALUES.sv.`."""
    name = keyword["keyword"].decode()
    dotted = _DOTTED_LANGUAGE.fullmatch(name)
    language = None
    if dotted:
        name, language = dotted.groups()
    return name.upper().replace(".", "-").replace("_", "-"), language


# --- The encoding -----------------------------------------------------------------------------


def _foreign_byte(problem: UnicodeError) -> tuple[str, int]:
    """A byte of Windows-1252 in a file that is UTF-8 otherwise."""
    assert isinstance(problem, UnicodeDecodeError)
    raw = problem.object[problem.start : problem.end]
    return raw.decode("cp1252", "replace"), problem.end


codecs.register_error("tilannekuva.foreign_byte", _foreign_byte)


def _decoder(statements: Sequence[_Statement], body: bytes) -> Callable[[bytes], str]:
    """How the texts of a file are decoded.

    The bytes decide before CODEPAGE, which is wrong in one real file of twelve: where most of what
    is beyond ASCII is UTF-8, the file is. Then CODEPAGE; then CHARSET, of which OEM is a DOS page.
    A file without CHARSET is of DOS as well, unless its bytes are no letters there.
    """
    raws = [raw for _, raw in statements] + [k["subkeys"] for k, _ in statements if k is not None]
    foreign = [raw for raw in (*raws, body) if raw and not raw.isascii()]
    # In another encoding hardly a letter looks like UTF-8.
    told = "".join(raw.decode("utf-8", "surrogateescape") for raw in foreign)
    broken = sum("\udc80" <= sign <= "\udcff" for sign in told)
    if sum(sign > "\x7f" for sign in told) > 2 * broken:
        return lambda raw: raw.decode("utf-8", "tilannekuva.foreign_byte")
    high = frozenset(b"".join(foreign)) - frozenset(range(128))
    page = _codepage(statements) or _charset(statements, high)
    if page in ("iso8859-1", "iso8859-15"):
        # Files that say so hold the dashes and quotes of Windows-1252.
        page = "cp1252" if page == "iso8859-1" or any(byte < 0xA0 for byte in high) else page
    return lambda raw: _decode(raw, page)


def _setting(statements: Sequence[_Statement], name: str) -> str | None:
    for keyword, raw in statements:
        if keyword is not None and _name(keyword)[0] == name:
            return raw.decode("ascii", "replace").strip().strip('"').strip().lower()
    return None


def _codepage(statements: Sequence[_Statement]) -> str | None:
    """The encoding that CODEPAGE names, as Python calls it; None where it names none of text."""
    name = _setting(statements, "CODEPAGE") or ""
    if name in ("latin1", "latin-1"):
        return "iso8859-1"
    page = _CODEPAGE.match(name)
    if page is None:
        return None
    return f"cp{page['cp']}" if page["cp"] else f"iso8859-{page['iso']}"


def _charset(statements: Sequence[_Statement], high: frozenset[int]) -> str:
    charset = _setting(statements, "CHARSET")
    if charset == "oem":
        return _DOS
    # In DOS pages the letters of Europe stand below 0xa6, in Windows-1252 from 0xc0 on.
    return _DOS if charset is None and any(byte < 0xA6 for byte in high) else "cp1252"


def _decode(raw: bytes, encoding: str) -> str:
    for name in (encoding, "cp1252"):
        try:
            return raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    # The five bytes that Windows-1252 leaves open.
    return raw.decode("latin-1")


# --- Lists of texts ---------------------------------------------------------------------------


def texts_of(raw: str, keyword: str) -> tuple[str, ...]:
    """The texts of a list; where it is none, and says nothing of where numbers stand, one text."""
    try:
        return items(raw, keyword)
    except UnreadableDelivery:
        if keyword in STRUCTURE:
            raise
        return (_folded(raw).strip('"'),)


def _folded(text: str) -> str:
    return _unbroken(text).strip()


def _unbroken(text: str) -> str:
    """A text without its line breaks, which editors and mail put there."""
    if "\n" not in text and "\r" not in text:
        return text
    return _BLANKS.sub(lambda run: " " if {"\n", "\r"} & set(run[0]) else run[0], text)


def items(raw: str, keyword: str) -> tuple[str, ...]:
    """The texts of a list: quoted, in pieces over several lines, or bare words."""
    listed: list[str] = []
    at = 0
    while True:
        item = _ITEM.match(raw, at)
        if item is None:
            raise UnreadableDelivery(
                Reason(
                    "px_not_a_list", keyword=keyword, count=len(listed), begins=raw[at : at + 60]
                )
            )
        quoted, bare, comma = item.groups()
        if quoted is None:
            listed.append(bare.strip())
        else:
            text = "".join(_STRING.findall(quoted)).replace('""', '"')
            listed.append(_unbroken(text))
        if not comma:
            return tuple(listed)
        at = item.end()


# --- Refusals ---------------------------------------------------------------------------------


def _no_keyword(document: bytes, at: int) -> UnreadableDelivery:
    line = _line(document, at + 1)
    return UnreadableDelivery(
        Reason("px_no_keyword", line=line, begins=_beginning(document[at : at + 60]))
    )


def _line(document: bytes, at: int) -> int:
    return document.count(b"\n", 0, at) + 1


def _beginning(content: bytes) -> str:
    return content[:60].decode("utf-8", "replace").strip()
