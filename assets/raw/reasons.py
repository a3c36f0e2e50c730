"""Reasons as they may be published: why a row was refused, without what it tells of people.

Reasons quote the cell that could not be understood. Where the columns of a file are shifted, the
cell of a region holds what a customer said, or a business id. The whole reason stays beside the row
in the quarantine folder; what dbt reads and publishes has passed here. What belongs here: what may
be quoted. What does not: why rows are refused (landing, statistics, registers).
"""

from __future__ import annotations

import re

import pyarrow as pa

from assets.raw.schemas import RAW_ONLY

#: Stands for what is not repeated.
HIDDEN = "…"
#: Datasets whose rows are about people and small firms; a note beside a figure makes none.
_OF_PEOPLE = frozenset(name for name, columns in RAW_ONLY.items() if columns - {"note"})
#: Longer cells tell a story.
_LONGEST_QUOTE = 40
_MOST_WORDS = 3
#: Days, periods and amounts are shorter; telephone numbers are not.
_LONGEST_NUMBER = 12

_QUOTE = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_NEAREST_ROW = re.compile(r"(The nearest row reads: ).*", re.DOTALL)
#: Business ids (also with the dash lost, or as a VAT number) and personal identity codes.
_ID = re.compile(
    r"(?<!\d)(?:\d{6,7}-?\d|FI\s?\d{8}|\d{6}[-+A-FU-Y]\d{3}[0-9A-Z])(?![\dA-Za-z])", re.IGNORECASE
)


def published_reason(dataset: str, column: str, reason: str) -> str:
    """The reason without cells that could be a name, an id or a story.

    Args:
        dataset: what the row was delivered for.
        column: whose cell was refused; empty for the row or the file.
        reason: in the words of whoever refused it.
    """

    def shown(quote: re.Match[str]) -> str:
        text = quote.group()[1:-1]
        return quote.group() if _may_be_quoted(dataset, column, text) else f"'{HIDDEN}'"

    told = _NEAREST_ROW.sub(rf"\g<1>{HIDDEN}", reason)
    return _ID.sub(HIDDEN, _QUOTE.sub(shown, told))


def _may_be_quoted(dataset: str, column: str, text: str) -> bool:
    if column in RAW_ONLY.get(dataset, ()) or _ID.search(text):
        return False
    if dataset in _OF_PEOPLE:
        # A word may be a name whichever column it stands in.
        return len(text) <= _LONGEST_NUMBER and not any(sign.isalpha() for sign in text)
    return len(text) <= _LONGEST_QUOTE and len(text.split()) <= _MOST_WORDS


def with_published_reasons(quarantine: pa.Table) -> pa.Table:
    """Rows of quarantine (schema `QUARANTINE`) with the reasons that may be published."""
    columns = (quarantine.column(name).to_pylist() for name in ("dataset", "column", "reason"))
    reasons = [published_reason(*row) for row in zip(*columns, strict=True)]
    place = quarantine.schema.get_field_index("reason")
    field = quarantine.schema.field(place)
    return quarantine.set_column(place, field, pa.array(reasons, field.type))
