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
#: Part of every one of those words; a text without one of them needs no second look.
HINT = "yht|sum|total|samman|[Σσ]"
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
    return _WITH_A_NAME.match(" ".join(text.split()).strip(" :.,")) is not None
