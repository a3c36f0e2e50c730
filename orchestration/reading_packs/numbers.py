"""Numbers, days and periods as Finns write them."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    "tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu", "heinäkuu", "elokuu",
    "syyskuu", "lokakuu", "marraskuu", "joulukuu",
)  # fmt: skip
_PERIOD = re.compile(r"(\d{4})-(?:(Q|S)(\d)|(\d\d))")


def number(value: float, decimals: int = 2) -> str:
    """A number with a no-break space between thousands and a decimal comma, no zeros at its end."""
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text.replace("-", "\u2212")
    return text.replace(",", "\u00a0").replace(".", ",")


def with_sign(value: float, decimals: int = 2) -> str:
    """A change: a plus before what grew."""
    text = number(value, decimals)
    return f"+{text}" if value > 0 and text != "0" else text


def day(value: date) -> str:
    """A day without the zeros before day and month."""
    return f"{value.day}.{value.month}.{value.year}"


def period(code: str) -> str:
    """A year, half-year, quarter or month in words; other periods as their code."""
    found = _PERIOD.fullmatch(code)
    if found is None:
        return code
    year, kind, part, month = found.groups()
    if month:
        return f"{_MONTHS[int(month) - 1]} {year}"
    return f"{part}. {'neljännes' if kind == 'Q' else 'puolivuosi'} {year}"
