"""Periods: the spans of time that a measurement covers.

Deliveries write periods in many ways; inside the platform a period is its canonical text, an
SDMX frequency and a half-open span of days. The accepted forms are those of the landing
contract: `2025`, `2025-S1`, `2025-Q2`, `2025-03`, `2025-W07`, `2025-03-15`, the compact
`2025H1`, `2025Q2`, `2025M03`, the Nordic quarter `2025K2` (*kvartal*), and any other span as
`2024-07-01/2025-06-30` (both days included) or `2024-07-01/P12M`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from assets.vocabulary import NotUnderstood
from assets.vocabulary.reasons import Reason

#: SDMX frequency codes (CL_FREQ) and their length in months; weeks, days and free spans have none.
MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}
#: A span that is none of the calendar's own; SDMX has no code for it, `_Z` is "not applicable".
FREE_SPAN = "_Z"

_CALENDAR = re.compile(
    r"^(?P<year>\d{4})(?:-?(?:(?P<kind>[SHQKMW])(?P<part>\d{1,2})))?$", re.IGNORECASE
)
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
def parse_period(text: str) -> Period:
    """Understand a period as deliveries write it.

    Args:
        text: any of the forms of the landing contract; case and outer blanks do not matter.

    Raises:
        NotUnderstood: the text is no period; the message says how to write one.
    """
    given = text.strip()
    try:
        if match := _MONTH.match(given):
            return _calendar_period(int(match["year"]), "M", int(match["month"]))
        if match := _CALENDAR.match(given):
            kind = (match["kind"] or "A").upper()
            return _calendar_period(
                int(match["year"]), {"H": "S", "K": "Q"}.get(kind, kind), int(match["part"] or 1)
            )
        if _DAY.match(given):
            day = date.fromisoformat(given)
            return span(day, day + timedelta(days=1))
        if "/" in given:
            return _parse_span(given)
    except (ValueError, OverflowError):
        pass
    raise NotUnderstood(Reason("not_a_period", text=text))


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
