"""Reasons as they may be published: why a row was rejected, without what it says of people.

Some parameters of a reason repeat the cell that was not understood. Where the columns of a file are
shifted, the cell of a region holds what a customer said, or a business id. The whole reason stays
beside the row in the quarantine folder; what dbt reads and publishes has passed here. Which
parameters the platform knows itself is said with the reasons (`assets.vocabulary.reasons`), which
columns are private with the dataset (`assets.datasets`). What belongs here: what of the others may
be quoted. What does not: why rows are rejected (landing, feeds).
"""

from __future__ import annotations

import re

import pyarrow as pa

from assets.raw.schemas import QUARANTINE_INDEX, RAW_ONLY
from assets.vocabulary.reasons import DETAILS, OWN, Reason

HIDDEN = "…"
"""Stands for what is not repeated."""
#: Datasets whose rows are about people and small firms; a note beside a figure makes none.
_OF_PEOPLE = frozenset(name for name, columns in RAW_ONLY.items() if columns - {"note"})
#: Longer cells tell a story.
_LONGEST_QUOTE = 40
_MOST_WORDS = 3
#: Days, periods and amounts are shorter; telephone numbers are not.
_LONGEST_NUMBER = 12
#: Business ids (also with the dash lost, or as a VAT number) and personal identity codes.
_ID = re.compile(
    r"(?<!\d)(?:\d{6,7}-?\d|FI\s?\d{8}|\d{6}[-+A-FU-Y]\d{3}[0-9A-Z])(?![\dA-Za-z])", re.IGNORECASE
)


def published_reason(dataset: str, column: str, reason: Reason) -> Reason:
    """The reason without cells that could be a name, an id or a story.

    Args:
        dataset: what the row was delivered for.
        column: whose cell was rejected; empty for the row or the file.
        reason: as it was recorded.
    """

    def is_shown(name: str, value: str) -> bool:
        if name in OWN:
            return True
        if name in DETAILS:
            return dataset not in _OF_PEOPLE and not _ID.search(value)
        return _may_be_quoted(dataset, column, value)

    return reason.redacted(is_shown, HIDDEN)


def _may_be_quoted(dataset: str, column: str, text: str) -> bool:
    if column in RAW_ONLY.get(dataset, ()) or _ID.search(text):
        return False
    if dataset in _OF_PEOPLE:
        # A word may be a name whichever column it stands in.
        return len(text) <= _LONGEST_NUMBER and not any(sign.isalpha() for sign in text)
    return len(text) <= _LONGEST_QUOTE and len(text.split()) <= _MOST_WORDS


def with_published_reasons(quarantine: pa.Table) -> pa.Table:
    """Rows of quarantine (schema `QUARANTINE`) as the index has them (`QUARANTINE_INDEX`)."""
    rows = quarantine.to_pylist()
    for row in rows:
        stored = Reason.stored(row["reason_code"], row["reason_parameters"])
        reason = published_reason(row["dataset"], row["column"], stored)
        row["reason"], row["reason_fi"], row["reason_sv"] = map(reason.of, ("en", "fi", "sv"))
        row["reason_code"], row["reason_parameters"] = reason.kind, reason.parameters()
    return pa.Table.from_pylist(rows, schema=QUARANTINE_INDEX)
