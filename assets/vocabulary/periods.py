"""Periods: the spans of time that a measurement covers.

Deliveries write periods in many ways; inside the platform a period is its canonical text, an
SDMX frequency and a half-open span of days. The accepted forms are those of the landing
contract: `2025`, `2025-S1`, `2025-Q2`, `2025-03`, `2025-W07`, `2025-03-15`, the compact
`2025H1`, `2025Q2`, `2025M03`, the Nordic quarter `2025K2` (*kvartal*), and any other span as
`2024-07-01/2025-06-30` (both days included) or `2024-07-01/P12M`.

People and spreadsheets write them in other ways too (`tammi.24`, `Q1/2024`, `10-12/2024`,
`2024K4`). Such a form is understood where it can mean one period only; some of them only the
frequency at which the indicator is measured decides: `2/2024` is a month of a monthly indicator,
and may be anything of a quarterly one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from assets.vocabulary import NotUnderstood
from assets.vocabulary.numbers import parse_day
from assets.vocabulary.reasons import Reason

#: SDMX frequency codes (CL_FREQ) and their length in months; weeks, days and free spans have none.
MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}
#: A span that is none of the calendar's own; SDMX has no code for it, `_Z` is "not applicable".
FREE_SPAN = "_Z"

_CALENDAR = re.compile(
    r"^(?P<year>\d{4})(?:[- /:]?(?:(?P<kind>[ASHQKMW])(?P<part>\d{1,2})))?$", re.IGNORECASE
)
#: Kinds of parts of a year that have other letters: half-years, and Nordic quarters (kvartal).
_LETTERS = {"H": "S", "K": "Q"}
_PART_FIRST = re.compile(
    r"^(?:(?P<kind>[SHQKMW]) ?(?P<part>\d{1,2})|(?P<part2>\d{1,2}) ?(?P<kind2>[SHQK]))"
    r" ?[-/ .' ]? ?(?P<year>\d{4})$",
    re.IGNORECASE,
)
_WORDED = re.compile(
    r"^(?:(?P<year>\d{4})[ :/,]*)?"
    r"(?:(?P<part>\d{1,2}|I{1,3}|IV)\.? ?(?P<word>[a-zäöå-]+)"
    r"|(?P<word2>[a-zäöå-]+)\.? ?(?P<part2>\d{1,2}))"
    r"(?:[ :/,]*(?P<year2>\d{4}))?$",
    re.IGNORECASE,
)
_PART_WORDS = {
    **dict.fromkeys(
        ("neljännes", "vuosineljännes", "nelj", "kvartaali", "kvartal", "quarter", "qtr"), "Q"
    ),
    **dict.fromkeys(
        ("puolivuosi", "vuosipuolisko", "puolisko", "halvår", "half", "half-year"), "S"
    ),
    **dict.fromkeys(("viikko", "vko", "vk", "vecka", "week"), "W"),
}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_ROMAN_AND_YEAR = re.compile(
    r"^(?:(?P<part>IV|I{1,3}) ?[/ .-] ?(?P<year>\d{4})"
    r"|(?P<year2>\d{4}) ?[/ .-] ?(?P<part2>IV|I{1,3}))$"
)
#: A number and a year, in either order: of a month, or of something else.
_NUMBER_AND_YEAR = re.compile(
    r"^(?:(?P<part>0?[1-9]|1[0-2]) ?[/.-] ?(?P<year>\d{4})"
    r"|(?P<year2>\d{4})(?: ?[/.:] ?(?P<part2>0?[1-9]|1[0-2])|-(?P<part3>[1-9])))$"
)
_YEAR_THEN_MONTH = re.compile(r"^(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])$")
_MONTHS_OF_YEAR = re.compile(
    r"^(?P<first>\d{1,2}) ?[-–—] ?(?P<last>\d{1,2}) ?[/.] ?(?P<year>\d{4})$"
)
_NAMED_MONTH = re.compile(
    r"^(?:(?P<year>\d{4})[ -/]+)?(?P<first>[a-zäöå]+)\.?(?: ?[-–—] ?(?P<last>[a-zäöå]+)\.?)?"
    r"(?:[ .\-/']+(?P<year2>\d{4}|\d{2}))?$",
    re.IGNORECASE,
)
_SPAN_OF_DAYS = re.compile(
    r"^(?P<first>\d{1,2}\.\d{1,2}\.(?:\d{4})?) ?[-–—] ?(?P<last>\d{1,2}\.\d{1,2}\.\d{4})$"
)
_DAY_OF_ANY_FORM = re.compile(r"^\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}(?:[T ].*)?$")
#: Beginnings by which the months are known; each is the shortest that names one month only.
_MONTH_NAMES = {
    "fi": ("tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka",
           "marras", "joulu"),
    "sv": ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
           "oktober", "november", "december"),
    "en": ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december"),
}  # fmt: skip
_MONTH = re.compile(r"^(?P<year>\d{4})-(?P<month>\d{2})$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_DURATION = re.compile(
    r"^P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Period:
    """A span of days.

    Attributes:
        start: first day.
        end: the first day after the span (exclusive).
        freq: SDMX frequency, `_Z` for a span that is none of the calendar's own.
        text: the canonical way to write it; equal spans have equal texts.
    """

    start: date
    end: date
    freq: str
    text: str

    @property
    def last_day(self) -> date:
        """The last day of the span (inclusive)."""
        return self.end - timedelta(days=1)


def _add_months(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    # A span that starts on the 31st ends with the month where that day is missing.
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def _calendar_period(year: int, freq: str, part: int) -> Period:
    if freq == "W":
        start = date.fromisocalendar(year, part, 1)
        return Period(start, start + timedelta(days=7), "W", f"{year:04}-W{part:02}")
    months = MONTHS[freq]
    if not 1 <= part <= 12 // months:
        raise ValueError("no such part of the year")
    start = date(year, 1 + (part - 1) * months, 1)
    label = {"A": "", "S": f"-S{part}", "Q": f"-Q{part}", "M": f"-{part:02}"}[freq]
    return Period(start, _add_months(start, months), freq, f"{year:04}{label}")


def span(start: date, end: date) -> Period:
    """The period of a half-open span of days, recognised where the calendar has a name for it.

    Raises:
        ValueError: the span is empty or reversed.
    """
    if end <= start:
        raise ValueError("a period must end after it starts")
    for freq, months in MONTHS.items():
        if start.day == 1 and (start.month - 1) % months == 0 and _add_months(start, months) == end:
            return _calendar_period(start.year, freq, (start.month - 1) // months + 1)
    if end - start == timedelta(days=7) and start.isoweekday() == 1:
        year, week, _ = start.isocalendar()
        return _calendar_period(year, "W", week)
    if end - start == timedelta(days=1):
        return Period(start, end, "D", start.isoformat())
    last = end - timedelta(days=1)
    return Period(start, end, FREE_SPAN, f"{start.isoformat()}/{last.isoformat()}")


def _parse_span(text: str) -> Period:
    left, _, right = text.partition("/")
    start = date.fromisoformat(left.strip())
    right = right.strip()
    if duration := _DURATION.match(right):
        parts = {k: int(v) for k, v in duration.groupdict().items() if v}
        if not any(parts.values()):
            raise ValueError("an empty duration")
        end = _add_months(start, 12 * parts.get("years", 0) + parts.get("months", 0))
        return span(start, end + timedelta(days=7 * parts.get("weeks", 0) + parts.get("days", 0)))
    return span(start, date.fromisoformat(right) + timedelta(days=1))


@lru_cache(maxsize=65_536)
def parse_period(text: str, cadence: str | None = None) -> Period:
    """Understand a period as deliveries write it.

    Args:
        text: any of the forms of the landing contract, or one of those that people and
            spreadsheets write; case and outer blanks do not matter.
        cadence: the frequency at which the indicator is measured, where that is known. It decides
            forms that may mean several periods: `2/2024`, `1.3.2024` and `I/2024`.

    Raises:
        NotUnderstood: the text is no period, or may be several; the message says how to write one.
    """
    given = text.strip()
    try:
        if found := _of_contract(given, cadence) or _in_other_words(given, cadence):
            return found
    except NotUnderstood as doubt:
        raise NotUnderstood(doubt.reason) from None
    except (ValueError, OverflowError):
        pass
    raise NotUnderstood(Reason("not_a_period", text=text))


def _of_contract(given: str, cadence: str | None) -> Period | None:
    if match := _MONTH.match(given):
        return _calendar_period(int(match["year"]), "M", int(match["month"]))
    if match := _CALENDAR.match(given):
        return _part(match["year"], match["kind"] or "A", match["part"] or "1")
    if _DAY.match(given):
        return _day_period(date.fromisoformat(given), cadence)
    if "/" in given and given.count("-") >= 2:
        return _parse_span(given)
    return None


def _part(year: str, kind: str, part: str) -> Period:
    letter = kind.upper()
    return _calendar_period(int(year), _LETTERS.get(letter, letter), int(part))


def _day_period(day: date, cadence: str | None) -> Period:
    # Spreadsheets make the first day of a month of a month that is typed as 3/2024.
    if cadence == "M" and day.day == 1:
        return period_containing(day, "M")
    return span(day, day + timedelta(days=1))


def _in_other_words(given: str, cadence: str | None) -> Period | None:
    if match := _YEAR_THEN_MONTH.match(given):
        return _calendar_period(int(match["year"]), "M", int(match["month"]))
    if match := _PART_FIRST.match(given):
        return _part(
            match["year"], match["kind"] or match["kind2"], match["part"] or match["part2"]
        )
    if match := _ROMAN_AND_YEAR.match(given):
        number = _ROMAN[match["part"] or match["part2"]]
        if cadence == "Q" or (cadence == "S" and number <= 2):
            return _calendar_period(int(match["year"] or match["year2"]), cadence, number)
        raise NotUnderstood(Reason("several_periods", text=given))
    if match := _NUMBER_AND_YEAR.match(given):
        year = match["year"] or match["year2"]
        if cadence == "M":
            part = match["part"] or match["part2"] or match["part3"]
            return _calendar_period(int(year), "M", int(part))
        raise NotUnderstood(Reason("several_periods", text=given))
    if match := _MONTHS_OF_YEAR.match(given):
        return _months(int(match["year"]), int(match["first"]), int(match["last"]))
    if match := _SPAN_OF_DAYS.match(given):
        last = parse_day(match["last"])
        first = match["first"]
        start = parse_day(first if first[-1] != "." else f"{first}{last.year}")
        return span(start, last + timedelta(days=1))
    if _DAY_OF_ANY_FORM.match(given):
        try:
            day = parse_day(given)
        except NotUnderstood:
            return None
        if cadence is None and day.day == 1:
            raise NotUnderstood(Reason("several_periods", text=given))
        return _day_period(day, cadence)
    return _of_words(given)


def _of_words(given: str) -> Period | None:
    match = _WORDED.match(given)
    if match and bool(match["year"]) != bool(match["year2"]):
        word, part = match["word"] or match["word2"], match["part"] or match["part2"]
        if kind := _PART_WORDS.get(word.casefold()):
            number = _ROMAN.get(part.upper()) or int(part)
            return _calendar_period(int(match["year"] or match["year2"]), kind, number)
    match = _NAMED_MONTH.match(given)
    if match and bool(match["year"]) != bool(match["year2"]):
        first, last = month_named(match["first"]), month_named(match["last"] or match["first"])
        if first and last:
            year = match["year"] or match["year2"]
            return _months(int(year) + (2000 if len(year) == 2 else 0), first, last)
    return None


def _months(year: int, first: int, last: int) -> Period:
    start = _calendar_period(year, "M", first)
    return span(start.start, _calendar_period(year, "M", last).end)


@lru_cache(maxsize=1024)
def month_named(name: str) -> int | None:
    """The number of a month by its name in Finnish, Swedish or English, in any usual form."""
    given = re.sub(r"k(?:uu(?:ta|ssa|n|lta)?)?$", "", name.casefold())
    found = {
        number
        for names in _MONTH_NAMES.values()
        for number, full in enumerate(names, start=1)
        if given == full or (len(given) >= 3 and full.startswith(given))
    }
    return found.pop() if len(found) == 1 else None


def is_period(text: str) -> bool:
    """Whether `parse_period` understands a text."""
    try:
        parse_period(text)
    except NotUnderstood:
        return False
    return True


def period_containing(day: date, freq: str) -> Period:
    """The calendar period of a frequency (A, S, Q or M) in which a day lies."""
    months = MONTHS[freq]
    return _calendar_period(day.year, freq, (day.month - 1) // months + 1)


def periods_between(first: date, last: date, freq: str) -> list[Period]:
    """Every calendar period of a frequency from the one of `first` to the one of `last`."""
    periods = [period_containing(first, freq)]
    while periods[-1].end <= last:
        periods.append(period_containing(periods[-1].end, freq))
    return periods
