"""Numbers, dates and business ids as people and office programs write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from assets.vocabulary import NotUnderstood

#: Ways to write "no value": empty, or the dots of the statistical offices.
_MISSING = re.compile(r"^(?:\.{1,6}|…|:)?$")
_BLANKS = re.compile(r"[^\S\t\n\v\f\r]|'")
_PLAIN = re.compile(r"^[+-]? ?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d{1,3})?$")
_GROUPED = re.compile(r"^[+-]? ?\d{1,3}([ .,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d*)?$")
_FINNISH_DAY = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_BUSINESS_ID = re.compile(r"^([0-9]{7})-([0-9])$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def is_missing(text: str) -> bool:
    """Whether a cell says "no value" (empty or a dot symbol); a dot is never a zero."""
    return _MISSING.match(text.strip()) is not None


@lru_cache(maxsize=65_536)
def parse_decimal(text: str) -> Decimal:
    """Understand a number: decimal point or comma, blanks between thousands, Unicode minus.

    Where a number has both a point and a comma, the last one is the decimal sign. What stands
    between thousands must do so at every third digit: "12 5" is two numbers, not 125.

    Raises:
        NotUnderstood: the text is no finite number.
    """
    plain = _BLANKS.sub(" ", text.strip()).replace("\u2212", "-")
    if _PLAIN.match(plain):
        plain = plain.replace(" ", "").replace(",", ".")
    elif match := _GROUPED.match(plain):
        plain = plain.replace(match[1], "").replace(" ", "").replace(",", ".")
    else:
        raise NotUnderstood(f"{text!r} is not a number; write digits with a decimal point or comma")
    try:
        number = Decimal(plain)
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        raise NotUnderstood(f"{text!r} is not a number") from None
    if not abs(number) < Decimal("1e30"):
        raise NotUnderstood(f"{text!r} is too large to be a measured value")
    return number


@lru_cache(maxsize=65_536)
def parse_day(text: str) -> date:
    """Understand a day: `2025-03-15`, `15.3.2025`, or a date and time of which the day counts.

    Raises:
        NotUnderstood: the text is no day.
    """
    given = text.strip()
    try:
        if match := _FINNISH_DAY.match(given):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return datetime.fromisoformat(given).date()
    except ValueError:
        raise NotUnderstood(f"{text!r} is not a day; write it as 2025-03-15 or 15.3.2025") from None


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
        raise NotUnderstood("this is not a business id; one looks like 1234567-8")
    remainder = sum(int(d) * w for d, w in zip(match[1], _WEIGHTS, strict=True)) % 11
    check = 0 if remainder == 0 else 11 - remainder
    if remainder == 1 or check != int(match[2]):
        raise NotUnderstood("the check digit of the business id is wrong")
    return given
