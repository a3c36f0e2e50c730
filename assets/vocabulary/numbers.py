"""Numbers, dates and business ids as people and office programs write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from assets.vocabulary import NotUnderstood
from assets.vocabulary.reasons import Reason

#: Ways to write "no value": empty, or the dots of the statistical offices.
_MISSING = re.compile(r"^(?:\.{1,6}|…|:)?$")
_BLANKS = re.compile(r"[^\S\t\n\v\f\r]|['’]")
_PLAIN = re.compile(r"^[+-]? ?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d{1,3})?$")
_GROUPED = re.compile(r"^[+-]? ?\d{1,3}([ .,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d*)?$")
_READS_BOTH_WAYS = re.compile(r"^[+-]? ?[1-9]\d{0,2}[.,]\d{3}$")
_FINNISH_DAY = re.compile(r"^([0-9]{1,2})([./])([0-9]{1,2})\2([0-9]{4})$")
_EXCEL_SERIAL = re.compile(r"^([0-9]{5})(?:\.[0-9]+)?$")
#: Day 0 of Excel's serials; two days early, for Excel counts from 1 and knows a 29.2.1900.
_BEFORE_EXCEL = date(1899, 12, 30)
_BUSINESS_ID = re.compile(r"^([0-9]{7})-([0-9])$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def is_missing(text: str) -> bool:
    """Whether a cell says "no value" (empty or a dot symbol); a dot is never a zero."""
    return _MISSING.match(text.strip()) is not None


@lru_cache(maxsize=65_536)
def decimal_sign(text: str) -> str | None:
    """What a number as written tells of its decimal sign, the way a person would judge it.

    A sign that stands before any other count of digits than three, after more than three, after
    a leading zero or beside another sign can only be the decimal sign; a sign that stands twice
    can only part thousands, and then the other one is the decimal sign.

    Returns:
        `.` or `,`: that is the decimal sign. `?`: the number reads both ways, `1.234` is 1234
        or 1.234. None: no sign in it, or no number. A `%` or `€` after the number is passed over.
    """
    plain = _plain(text.strip().rstrip("%€"))
    point, comma = plain.count("."), plain.count(",")
    if not (point or comma) or not (_PLAIN.match(plain) or _GROUPED.match(plain)):
        return None
    if point and comma:
        return "." if plain.rindex(".") > plain.rindex(",") else ","
    if point > 1 or comma > 1:
        return "," if point else "."
    if _READS_BOTH_WAYS.match(plain):
        return "?"
    return "." if point else ","


def without_thousands(text: str, decimal: str) -> str:
    """A number that reads both ways, told apart by the decimal sign of its column.

    Args:
        text: `1.234`, for which `decimal_sign` says `?`.
        decimal: `.` or `,`.

    Returns:
        The text as it is where its sign is the decimal one, else without it: `1234`.
    """
    return text.replace("," if decimal == "." else ".", "")


@lru_cache(maxsize=65_536)
def parse_decimal(text: str) -> Decimal:
    """Understand a number: decimal point or comma, blanks between thousands, Unicode minus.

    Blanks are those that people meet: plain, no-break, narrow, thin and figure space, and the
    apostrophe. Where a number has both a point and a comma, the last one is the decimal sign.
    What stands between thousands must do so at every third digit: "12 5" is two numbers, not
    125. A lone sign is taken for the decimal one; whether `1.234` is meant so only its column
    can tell, so whoever reads a column asks `decimal_sign` first.

    Raises:
        NotUnderstood: the text is no finite number.
    """
    plain = _plain(text)
    if _PLAIN.match(plain):
        plain = plain.replace(" ", "").replace(",", ".")
    elif match := _GROUPED.match(plain):
        plain = plain.replace(match[1], "").replace(" ", "").replace(",", ".")
    else:
        raise NotUnderstood(Reason("not_a_number", text=text))
    try:
        number = Decimal(plain)
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        raise NotUnderstood(Reason("not_a_number", text=text)) from None
    if not abs(number) < Decimal("1e30"):
        raise NotUnderstood(Reason("number_too_large", text=text))
    return number


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text.strip()).replace("\u2212", "-")


@lru_cache(maxsize=65_536)
def parse_day(text: str) -> date:
    """Understand a day, as people, programs and Excel write it.

    `2025-03-15`, `15.3.2025`, `15.03.2025`, `15/03/2025` (day first: `3/15/2025` is refused), a
    date and time of which the day counts, or the five-digit serial that Excel shows for a date
    cell without a date format (1 is 1 January 1900, so 45731 is 15 March 2025). Serials of other
    lengths are refused: 2025 is far more likely a year.

    Raises:
        NotUnderstood: the text is no day.
    """
    given = text.strip()
    try:
        if match := _FINNISH_DAY.match(given):
            return date(int(match[4]), int(match[3]), int(match[1]))
        if match := _EXCEL_SERIAL.match(given):
            return _BEFORE_EXCEL + timedelta(days=int(match[1]))
        return datetime.fromisoformat(given).date()
    except ValueError:
        raise NotUnderstood(Reason("not_a_day", text=text)) from None


@lru_cache(maxsize=65_536)
def parse_business_id(text: str) -> str:
    """Check a Finnish business id (`1234567-8`, modulus 11 with weights 7 9 10 5 8 4 2).

    A leading zero that a spreadsheet has eaten is put back. The reason does not repeat what
    was written: reasons are published, and a mistyped id still points at its business.

    Raises:
        NotUnderstood: the form or the check digit is wrong.
    """
    given = text.strip().upper().removeprefix("FI")
    if re.match(r"^[0-9]{6}-[0-9]$", given):
        given = "0" + given
    match = _BUSINESS_ID.match(given)
    if not match:
        raise NotUnderstood(Reason("not_a_business_id"))
    remainder = sum(int(d) * w for d, w in zip(match[1], _WEIGHTS, strict=True)) % 11
    check = 0 if remainder == 0 else 11 - remainder
    if remainder == 1 or check != int(match[2]):
        raise NotUnderstood(Reason("business_id_check_digit"))
    return given
