"""Numbers, dates and business ids as people and office programs write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from assets.vocabulary import NotUnderstood
from assets.vocabulary.reasons import Reason

_HELSINKI = ZoneInfo("Europe/Helsinki")
#: Ways to write "no value": empty, the dots of the statistical offices, what programs write.
_MISSING = re.compile(r"^(?:\.{1,6}|…|:)?$")
#: What programs and people write into a cell that holds nothing.
_NOTHING = frozenset(
    {
        "na", "n/a", "n.a.", "null", "none", "nan", "<na>", "ei tietoa", "tieto puuttuu", "puuttuu",
        "uppgift saknas", "saknas",
    }
)  # fmt: skip
#: Ways to write that a small count is suppressed: `<5`, `alle 5`, `1–4`, `*`, three dots.
_SUPPRESSED = re.compile(
    r"^(?:\*{1,3}|\.{3}|…|(?:[<≤]=?|alle|under|less than|färre än) ?(?:10|[1-9])"
    r"|[0-9] ?[-–—−] ?[1-9]|\(?(?:salattu|suppressed|sekretess)\)?)$",
    re.IGNORECASE,
)
#: An amount with its currency; a dash may stand for the cents (`3000,-`).
_AMOUNT = re.compile(
    r"^(?P<sign>[+-]?) ?(?P<before>€|eur)? ?(?P<number>[+-]? ?[0-9.,][0-9., ]*?)"
    r"(?P<cents>[,:][-–—])? ?(?P<behind>€|eur|euroa|euro|e)?$",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[^\S\t\n\v\f\r]|['’]")
_PLAIN = re.compile(r"^[+-]? ?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d{1,3})?$")
_GROUPED = re.compile(r"^[+-]? ?\d{1,3}([ .,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d*)?$")
_READS_BOTH_WAYS = re.compile(r"^[+-]? ?[1-9]\d{0,2}[.,]\d{3}$")
_FINNISH_DAY = re.compile(
    r"^(?:(?:ma|ti|ke|to|pe|la|su)\.? )?"
    r"(?P<day>[0-9]{1,2})(?P<by>[./]) ?(?P<month>[0-9]{1,2})(?P=by) ?(?P<year>[0-9]{4})"
    r"(?:,?[T ] ?(?:(?:klo|kello|kl)\.? ?(?:[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9]){0,2}"
    r"|(?:[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9]){1,2}(?:[.,][0-9]+)?(?: ?[ap]\.?m\.?)?))?$",
    re.IGNORECASE,
)
#: How programs end a moment, and how ISO 8601 does: `… UTC`, `… +0000`, `…[Europe/Helsinki]`.
_ZONE_NAME = re.compile(r"\[[A-Za-z_/]+\]$")
#: `2025-03-15 klo 14.05`: the day counts.
_AT = re.compile(
    r" (?:klo|kello|kl)\.? ?(?:[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9]){0,2}$", re.IGNORECASE
)
_UTC = re.compile(r" ?(?:UTC|GMT|Z)$")
_OFFSET = re.compile(r" (?=[+-][0-9]{2}:?[0-9]{2}$)")
_DAY_WITH_ZONE = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})$")
_EXCEL_SERIAL = re.compile(r"^([0-9]{5})(?:\.[0-9]+)?$")
#: Day 0 of Excel's serials; two days early, for Excel counts from 1 and knows a 29.2.1900.
_BEFORE_EXCEL = date(1899, 12, 30)
_BUSINESS_ID = re.compile(r"^(?:FI[ -]?)?(?:([0-9]{6,7}) ?[-‐‑‒–—−] ?([0-9])|([0-9]{7})([0-9]))$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def is_missing(text: str) -> bool:
    """Whether a cell says "no value" (empty or a dot symbol); a dot is never a zero."""
    given = text.strip()
    # A program writes NaN where it could not compute: no value that somebody left out.
    return _MISSING.match(given) is not None or (is_nothing(given) and given.casefold() != "nan")


def is_nothing(text: str) -> bool:
    """Whether a cell says in words that it is empty: `NA` as programs write it, `ei tietoa`."""
    return len(text) < 16 and text.casefold() in _NOTHING


def is_suppressed(text: str) -> bool:
    """Whether a cell stands for a count that is too small to be shown: `<5`, `1–4`, `*`, `...`."""
    return _SUPPRESSED.match(_plain(text)) is not None


def without_currency(text: str) -> str | None:
    """The number of an amount with its currency (`€3000`, `3,000 EUR`); None where it has none."""
    match = _AMOUNT.match(_plain(text))
    if match is None or not (match["before"] or match["behind"] or match["cents"]):
        return None
    number = match["number"].strip()
    if match["cents"]:  # what stands before the cents parts thousands
        number = number.replace(".", "").replace(",", "")
    return match["sign"] + number


@lru_cache(maxsize=65_536)
def decimal_sign(text: str) -> str | None:
    """What a number as written tells of its decimal sign, the way a person would judge it.

    A sign that stands before any other count of digits than three, after more than three, after
    a leading zero or beside another sign can only be the decimal sign; a sign that stands twice
    can only part thousands, and then the other one is the decimal sign.

    Returns:
        `.` or `,`: that is the decimal sign. `?`: the number reads both ways, `1.234` is 1234
        or 1.234. None: no sign in it, or no number. A `%` or a currency is passed over.
    """
    plain = _plain(text.strip().rstrip("%€"))
    if (plain and not plain[-1].isdigit()) or plain.startswith(("€", "E", "e")):
        plain = without_currency(text) or plain
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


def written_out(value: float) -> str:
    """A number for people, without an exponent: 1254000, 0.00125."""
    return f"{Decimal(f'{value:.6g}'):f}"


def _plain(text: str) -> str:
    # The euro sign of ISO-8859-15 is another currency sign in Windows-1252.
    return _BLANKS.sub(" ", text.strip()).replace("\u2212", "-").replace("¤", "€")


@lru_cache(maxsize=65_536)
def parse_day(text: str) -> date:
    """Understand a day, as people, programs and Excel write it.

    `2025-03-15`, `15.3.2025`, `15.03.2025`, `15/03/2025` (day first: `3/15/2025` is refused), with
    a time of day if there is one (`15.3.2025 14.05`, `klo 14`), or the five-digit serial that Excel
    shows for a date cell without a date format (1 is 1 January 1900, so 45731 is 15 March 2025).
    Serials of other lengths are refused: 2025 is far more likely a year. A moment with a zone is
    a day in Helsinki: `2024-12-31T22:00:00Z` is 1 January 2025.

    Raises:
        NotUnderstood: the text is no day.
    """
    given = text.strip()
    try:
        if match := _FINNISH_DAY.match(given):
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        if match := _EXCEL_SERIAL.match(given):
            return _BEFORE_EXCEL + timedelta(days=int(match[1]))
        if match := _DAY_WITH_ZONE.match(given):
            return date.fromisoformat(match[1])
        moment = datetime.fromisoformat(_moment(_AT.sub("", given)))
        return (moment if moment.tzinfo is None else moment.astimezone(_HELSINKI)).date()
    except (ValueError, OverflowError):
        raise NotUnderstood(Reason("not_a_day", text=text)) from None


def _moment(text: str) -> str:
    """A moment as ISO 8601 writes it."""
    return _OFFSET.sub("", _UTC.sub("+00:00", _ZONE_NAME.sub("", text)))


@lru_cache(maxsize=65_536)
def parse_business_id(text: str) -> str:
    """Check a Finnish business id (`1234567-8`, modulus 11 with weights 7 9 10 5 8 4 2).

    Also the VAT number made of it (`FI12345678`), the digits alone, another dash. A leading zero
    that a spreadsheet has eaten before seven digits with a hyphen is put back. The reason does not
    repeat what was written: reasons are published, and a mistyped id still points at its business.

    Raises:
        NotUnderstood: the form or the check digit is wrong.
    """
    match = _BUSINESS_ID.match(text.strip().upper())
    if not match:
        raise NotUnderstood(Reason("not_a_business_id"))
    digits, check = (match[1] or match[3]).zfill(7), match[2] or match[4]
    remainder = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    if remainder == 1 or (11 - remainder) % 11 != int(check):
        raise NotUnderstood(Reason("business_id_check_digit"))
    return f"{digits}-{check}"
