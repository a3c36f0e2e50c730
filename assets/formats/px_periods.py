"""The periods of a PX file: TIMEVAL, and the order in which VALUES name the same periods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

_MAX_PERIODS = 100_000
"""Most periods that a range in TLIST is expanded to."""

_TIME = re.compile(
    r"TLIST\s*+\(\s*+([A-Za-z]\d?)\s*+"
    r'(?:,\s*+"([^"]*+)"\s*+-\s*+"([^"]*+)"\s*+)?\)|"([^"]*+)"',
    re.IGNORECASE,
)
_TIME_ITEM = r'(?:TLIST\s*+\([^()"]*+(?:"[^"]*+"\s*+-\s*+"[^"]*+"\s*+)?\)|"[^"]*+")'
_TIMEVAL = re.compile(rf"\s*+{_TIME_ITEM}\s*+(?:,?\s*+{_TIME_ITEM}\s*+)*+", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_MARKS = re.compile(r"[*¹²³⁴⁵]|\s*\d\)|\((?:e|p|f)\)", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-(\d\d)-(\d\d)")
_PART = re.compile(r"([hqkmwvus])\W?(\d{1,2})")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NUMBERED = re.compile(
    r"(iv|i{1,3}|[1-4])\.?\s*(nelj\w*|kvart\w*|quarter\w*|nj|kv|puolivuo\w*|p)\.?"
)
_MONTHS = (
    ("tammi", "jan"), ("helmi", "feb"), ("maalis", "mar"), ("huhti", "apr"),
    ("touko", "maj", "may"), ("kesä", "jun"), ("heinä", "jul"), ("elo", "aug"), ("syys", "sep"),
    ("loka", "okt", "oct"), ("marras", "nov"), ("joulu", "dec"),
)  # fmt: skip
"""How each month begins in Finnish, Swedish and English."""
_Span = tuple[int, str, int]
"""Year, scale and part. The scale is `h`, `q`, `m`, `w` or `d`, empty for a year, `#` for a bare
number and `?` for what is not understood."""


def in_order_of(
    values: Sequence[str], codes: Sequence[str], name: str, keyword: str
) -> tuple[str, ...]:
    """The codes of a time variable in the order of its VALUES, which is that of the numbers.

    Nothing in the format makes TIMEVAL, often a range from the first period to the last, run as
    VALUES do. Where each value names one of the periods, that order counts; a value that names
    another period than the one in its place is an error. Values that name none are in order.

    Raises:
        UnreadableDelivery: values and codes contradict each other.
    """
    own = [_span_of(code) for code in codes]
    named = [_span_of(value) for value in values]
    if all(n is None or o is None or _agree(n, o) for n, o in zip(named, own, strict=True)):
        return tuple(codes)
    places = {span: code for span, code in zip(own, codes, strict=True) if span is not None}
    if keyword == "TIMEVAL" and len(places) == len(codes) and set(places) == set(named):
        return tuple(places[span] for span in named if span is not None)
    wrong = next(
        at
        for at, (n, o) in enumerate(zip(named, own, strict=True))
        if n is not None and o is not None and not _agree(n, o)
    )
    raise UnreadableDelivery(
        Reason(
            "px_periods_contradict",
            first=values[wrong],
            second=codes[wrong],
            variable=name,
            keyword=keyword,
        )
    )


def _span_of(text: str) -> _Span | None:
    """The period that a value names, as people write one; None where it names none for sure."""
    plain = _MARKS.sub("", text.strip()).casefold()
    years = _YEAR.findall(plain)
    if len(years) != 1:
        return None
    year = int(years[0])
    rest = _YEAR.sub(" ", plain).strip(" -./:,()")
    if not rest:
        return year, "", 0
    if day := _DAY.fullmatch(plain):
        return year, "d", 100 * int(day[1]) + int(day[2])
    if part := _PART.fullmatch(rest):
        scale = {"k": "q", "v": "w", "u": "w", "s": "h"}.get(part[1], part[1])
        return year, scale, int(part[2])
    if part := _NUMBERED.fullmatch(rest):
        scale = {"n": "q", "k": "q", "t": "q", "p": "h"}[part[2][0]]
        return year, scale, _ROMAN.get(part[1]) or int(part[1])
    if rest in _ROMAN or (rest.isdecimal() and len(rest) <= 2):
        return year, "#", _ROMAN.get(rest) or int(rest)
    for number, words in enumerate(_MONTHS, 1):
        if rest.isalpha() and rest.startswith(words):
            # `mar` begins March, and November in Finnish.
            return year, "m", 11 if rest.startswith("marras") else number
    return year, "?", 0


def _agree(one: _Span, other: _Span) -> bool:
    """Whether two periods may be the same; of one that is not understood only the year is known."""
    if "?" in (one[1], other[1]):
        return one[0] == other[0]
    if "#" in (one[1], other[1]):
        return one[::2] == other[::2]
    return one == other or one[1] != other[1]


def periods_of(raw: str, name: str) -> tuple[str, ...]:
    """The periods of a TIMEVAL: listed, or as ranges, on one time scale or several."""
    if not _TIMEVAL.fullmatch(raw):
        # Its quotation marks are damaged, and VALUES name the periods as well.
        return ()
    periods: list[str] = []
    scale = ""
    for time_list, first, last, single in _TIME.findall(raw):
        if time_list:
            scale = {"K": "Q"}.get(time_list[0].upper(), time_list[0].upper())
        if first or last:
            periods += _range(scale, first, last, name)
        elif not time_list:
            periods.append(_period(scale, single))
    return tuple(periods)


_LETTERED = re.compile(r"^(\d{4})-?[HQKMWVU](\d{1,2})$", re.IGNORECASE)
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
        periods = []
    if not periods:
        raise UnreadableDelivery(
            Reason("px_range", variable=name, first=first, second=last, scale=scale)
        )
    return periods


def _span(scale: str, first: str, last: str) -> list[str]:
    # Some write the periods of a range as they write its codes: `2024K1`, `2024M01`.
    first, last = (_LETTERED.sub(r"\1\2", text) for text in (first, last))
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
