"""Words that stand in the row of sums that people put below a table or a part of it.

A total is never a record: the platform computes totals itself. The words stand alone, or with the
name of what is summed: `Kajaani yhteensä`, `Summa 2026`.
"""

from __future__ import annotations

import re
from functools import lru_cache

WORDS = frozenset(
    {
        "yhteensä", "kaikki yhteensä", "yht", "summa", "summa summarum", "loppusumma", "välisumma",
        "osasumma", "kokonaissumma", "total", "totals", "grand total", "subtotal", "sub total",
        "sub-total", "sum", "totalt", "summa totalt", "sammanlagt", "delsumma", "totalsumma", "σ",
    }
)  # fmt: skip
#: Words that stand alone for everything; with another word they may be a name.
_EVERYTHING = frozenset(
    {
        "kaikki", "kaikkiaan", "kaikki alueet", "kaikki kunnat", "koko alue", "tot", "kok. yht",
        "alla", "samtliga", "inalles", "alla områden", "alla kommuner", "hela området", "all",
        "all regions", "all municipalities", "everything",
    }
)  # fmt: skip
#: The country is a region; in the place of an id it is a total.
_COUNTRY = frozenset({"koko maa", "hela landet", "whole country"})
#: Part of every one of those words; a text without one of them needs no second look.
HINT = (
    "yht|sum|total|samman|[Σσ]|^\\s*(?:kaikki|koko|tot|alla?|samtliga|inalles|hela|whole|everything)"
    "(?:[^a-zåäö]|kiaan|$)"
)
_LISTED = "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True))
_WITH_A_NAME = re.compile(
    rf"^(?:(?:{_LISTED})(?=[\s:.,(]|$).*|.*[\s,:–—-](?:{_LISTED}))$", re.IGNORECASE
)


@lru_cache(maxsize=16_384)
def is_total(text: str) -> bool:
    """Whether a text is such a word and nothing else."""
    return " ".join(text.split()).strip(" :.,").casefold() in WORDS


@lru_cache(maxsize=16_384)
def names_total(text: str) -> bool:
    """Whether a text begins or ends with such a word, as that of a row of sums does."""
    text = " ".join(text.split()).strip(" :.,")
    return text.casefold() in _EVERYTHING or _WITH_A_NAME.match(text) is not None


def is_no_id(text: str) -> bool:
    """Whether a text in a column of ids is such a word, or the country."""
    return " ".join(text.split()).strip(" :.,").casefold() in _COUNTRY or names_total(text)
