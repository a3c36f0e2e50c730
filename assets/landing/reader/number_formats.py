"""Number formats of workbooks: what a cell shows beside the number that it holds."""

from __future__ import annotations

import re

_LITERALS = re.compile(r"\"([^\"]*)\"|\\(.)|\[[^\]]*\]|_.|\*.")
_DIGITS = re.compile(r"[0#?][0#?,.]*")
#: Literal text behind a number that says how much it is to be multiplied by.
_IN_WORDS = re.compile(
    r"milj|mrd|tuh|tusen|million|thousand|\b1 ?000\b|\b[tkm](?: ?(?:€|eur))?\b", re.IGNORECASE
)


def shows_percent(code: str) -> bool:
    """Whether a number format shows a hundred times the number, with a percent sign."""
    return "%" in _LITERALS.sub("", code)


def scale_of(code: str) -> int | None:
    """By how much a number format divides what the cell holds: `#,##0,` by 1000.

    Returns:
        1 for a format that shows the number itself; None where its parts divide differently, or
        a text in it says that the number is meant in thousands or millions.
    """
    literals = " ".join(first or second for first, second in _LITERALS.findall(code))
    scales = set()
    for part in _LITERALS.sub("", code).split(";"):
        if digits := _DIGITS.search(part):
            whole, _, decimals = digits[0].partition(".")
            commas = sum(len(text) - len(text.rstrip(",")) for text in (whole, decimals))
            scales.add(1000**commas)
    if _IN_WORDS.search(literals) or len(scales) > 1:
        return None
    return scales.pop() if scales else 1
