"""Eurostat's observation flags as SDMX status codes.

What belongs here: the two code lists of Eurostat, before and since 27.1.2025. What does not:
reading the letters from a file (`jsonstat.py`, `sdmx_csv.py` leave them as they stand) and what
a table makes of a symbol of its own.

Source of the rules: the explanation of flags in Eurostat's data browser, which since 27.1.2025
has two lists, Obs_status and Conf_status, and says what became of the earlier letters.
"""

from __future__ import annotations

from datetime import date

from assets.vocabulary import NotUnderstood
from assets.vocabulary.reasons import Reason
from assets.vocabulary.statuses import WITHHELD, strongest

CHANGED_ON = date(2025, 1, 27)
"""The first day of the letters that are in use now."""

_BOTH = {"b": "B", "d": "D", "e": "E", "f": "F", "n": "N", "p": "P", "u": "U"}
_SINCE = {"i": "I", "m": "M"}
# `s` became `i` and `z` became `m`; `c` moved to the confidentiality list. A revision is no
# status in SDMX: it shows as a later vintage.
_BEFORE = {"s": "I", "z": "M", "c": "Q", "r": "A"}
_CONFIDENTIAL = frozenset("CNP")


def obs_status_of(flags: str, on: date) -> tuple[str, str]:
    """The SDMX observation and confidentiality status that Eurostat's flags stand for.

    Args:
        flags: the letters as read, none or several (`bp`), with `:` for a value that is not
            there; since 2025 followed by `|` and the confidentiality letter (`p|C`, `|C`).
        on: the day of the edition. An edition from before the change may carry either list,
            because Eurostat serves its old editions with the new letters today; no letter of
            one list means something else in the other.

    Returns:
        `obs_status`, A without a flag, of several the one that stands for all
        (`assets.vocabulary.statuses`); Q where the value is confidential and no flag outranks that.
        `conf_status`: C, N or P where Eurostat withholds the value, else F.

    Raises:
        NotUnderstood: a letter that is in none of the lists in use on that day.
    """
    observed, _, confidential = flags.replace(" ", "").partition("|")
    meanings = _BOTH | _SINCE | (_BEFORE if on < CHANGED_ON else {})
    statuses = {"A"}
    conf_status = "F"
    for letter in observed.replace(":", ""):
        if letter not in meanings:
            raise NotUnderstood(Reason("symbol_without_meaning", symbol=letter))
        statuses.add(meanings[letter])
        if letter == "c":
            conf_status = "C"
    if confidential not in ("", "F"):
        if confidential not in _CONFIDENTIAL:
            raise NotUnderstood(Reason("symbol_without_meaning", symbol=confidential))
        conf_status = confidential
        statuses.add("Q")
    # The colon says only that there is no value; a letter that says why is worth more.
    if ":" in observed and not statuses & WITHHELD:
        statuses.add("O")
    return strongest(statuses), conf_status
