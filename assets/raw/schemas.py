"""The Parquet schemas of the raw zone, one per shape of delivery.

A *shape* is what staging reads: every landing dataset is one, all tables of statistical offices
share one, and so do the events of the business register. The first columns say where a row came
from; `line` is the line of the file (1 = header of a CSV) or the number of the cell in a cube.

The shapes of landing datasets follow from their declarations (`assets.datasets`). What belongs
here: the types of columns, and the shapes and index tables that are no landing dataset. What does
not: how cells are understood (landing, statistics) and what rows mean (dbt).

Conventions: days are `date32`, money is `decimal128(18, 2)` in euros, counts are `int64`, shares
are per cent from 0 to 100. A day that closes a span (`ends_on`, `valid_to`) is the *last* day, as
people write it; only `period_end` is already exclusive. A list is text, its parts separated by
`LIST_SEPARATOR` without blanks around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from assets.datasets import DATASETS, Dataset, Kind

#: Between the parts of a list.
LIST_SEPARATOR = ";"

_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.FLAG: pa.bool_(),
    Kind.YEAR: pa.int32(),
    Kind.DAY: pa.date32(),
    Kind.PLANNED_DAY: pa.date32(),
    Kind.VALUE: pa.float64(),
    Kind.NUMBER: pa.float64(),
    Kind.MONEY: pa.decimal128(18, 2),
    Kind.COUNT: pa.int64(),
    Kind.PERCENT: pa.float64(),
}


def _given(name: str, kind: pa.DataType | None = None) -> pa.Field:
    """A column that every row fills; text where nothing else is said."""
    return pa.field(name, kind or pa.string(), nullable=False)


def _optional(name: str, kind: pa.DataType | None = None) -> pa.Field:
    """A column that a row may leave empty; text where nothing else is said."""
    return pa.field(name, kind or pa.string())


_ORIGIN = [
    _given("source"),
    _given("dataset"),
    _given("vintage"),
    _given("line", pa.int64()),
]


def shape_of(dataset: Dataset) -> pa.Schema:
    """The schema of a landing dataset: where a row came from, then what it says."""

    def fields() -> Iterator[pa.Field]:
        yield from _ORIGIN
        if dataset.makes == "record":
            yield _given("record_key")
        for column in dataset.raw_columns:
            kind = _TYPES.get(column.kind, pa.string())
            yield pa.field(column.name, kind, nullable=not column.is_filled)

    return pa.schema(list(fields()))


_DELIVERED: Mapping[str, pa.Schema] = {
    dataset.name: shape_of(dataset) for dataset in DATASETS.values()
}

#: What only a file of measurements says, and no table of a statistical office.
_OF_FILES_ONLY = {"note", "processing_level", "producer_note"}

TABLE_CELLS = pa.schema(
    [
        *_ORIGIN,
        _given("table_id"),
        *[
            f
            for f in _DELIVERED["measurements"]
            if f.name not in {f.name for f in _ORIGIN} | _OF_FILES_ONLY
        ],
        _optional("dims"),
    ]
)

#: Enterprises that started or closed by the business register.
REGISTER_EVENTS = pa.schema(
    [
        *_ORIGIN,
        _given("event_id"),
        _given("region"),
        _given("happened_on", pa.date32()),
        _given("kind"),
        _given("segment"),
        _given("business_id"),
        _given("business_key"),
        _optional("company_form"),
        _optional("industry"),
    ]
)

#: Rows that could not be understood. One row of a file gives one record per offending column;
#: `line` and `column` are 0 and "" where the whole file is meant.
QUARANTINE = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("vintage", pa.string()),
        pa.field("file", pa.string(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("delivered", pa.string()),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("quarantined_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("is_sample", pa.bool_()),
        # A reason of `assets.vocabulary.reasons`; `reason` is its English text. Earlier releases
        # stored only that.
        pa.field("reason_code", pa.string()),
        pa.field("reason_parameters", pa.string()),
    ]
)

#: The same rows as dbt reads them, with what may be published of the reasons. Here every row has a
#: code.
QUARANTINE_INDEX = pa.schema(
    [
        *QUARANTINE.remove(QUARANTINE.get_field_index("delivered")),
        pa.field("reason_fi", pa.string(), nullable=False),
        pa.field("reason_sv", pa.string(), nullable=False),
    ]
)

#: The fields of `vintage.json`.
VINTAGES = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("shape", pa.string(), nullable=False),
        pa.field("vintage", pa.string(), nullable=False),
        pa.field("sequence", pa.int64(), nullable=False),
        pa.field("taken_in_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("delivered_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("origin", pa.string(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("licence", pa.string()),
        pa.field("is_sample", pa.bool_(), nullable=False),
        pa.field("rows_delivered", pa.int64(), nullable=False),
        pa.field("rows_accepted", pa.int64(), nullable=False),
        pa.field("rows_quarantined", pa.int64(), nullable=False),
        pa.field("catalogue_hash", pa.string(), nullable=False),
        pa.field("notes", pa.string()),
        pa.field("rows_left_out", pa.int64()),
    ]
)

#: Vintages as the index lists them, with the moment from which each is known (knowledge.py).
VINTAGES_INDEX = VINTAGES.append(
    pa.field("known_from", pa.timestamp("us", tz="UTC"), nullable=False)
)

#: The last time each (source, dataset) was asked, and what came of it.
ATTEMPTS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("attempted_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("message", pa.string()),
    ]
)

SHAPES: dict[str, pa.Schema] = {
    **_DELIVERED,
    "table_cells": TABLE_CELLS,
    "register_events": REGISTER_EVENTS,
}

#: What makes a record the same one in a later delivery of its source, which then replaces it:
#: `record_key` is the hash of these columns. A text that is worded anew makes a new record.
RECORD_KEYS: Mapping[str, tuple[str, ...]] = {
    dataset.name: dataset.key for dataset in DATASETS.values() if dataset.makes == "record"
}

#: Columns that no model may let out: what identifies a business or a person, and free text
#: about customers (domain: privacy). By shape, because the topic of a meeting is no secret.
RAW_ONLY: Mapping[str, frozenset[str]] = {
    **{dataset.name: dataset.private for dataset in DATASETS.values() if dataset.private},
    "register_events": frozenset({"business_id"}),
}

#: Days that may lie ahead; every other day column says what has happened.
PLANNED_DAYS = frozenset(
    column.name
    for dataset in DATASETS.values()
    for column in dataset.raw_columns
    if column.kind is Kind.PLANNED_DAY
)

_DESCRIPTIONS: Mapping[str, str] = {
    "source": "Source of the catalogue that delivered the row.",
    "dataset": "Dataset, or statistics table, that it was delivered for.",
    "vintage": "Delivery that it came with.",
    "line": "Line of the delivered file, or number of the cell in a table.",
    "record_key": "Hash of what identifies the record, the same in every delivery of it.",
    "table_id": "The table at the statistical office.",
    "dims": "All codes of the cell, as JSON.",
    "kind": "started or closed.",
    "company_form": "Legal form of the enterprise.",
    "industry": "Main line of business (TOL code).",
}


def description(shape: str, column: str) -> str:
    """What a column of the raw zone holds, for the UI."""
    for dataset in (shape, "measurements", "advice_events"):
        for declared in DATASETS[dataset].raw_columns if dataset in DATASETS else ():
            if declared.name == column:
                return declared.description
    return _DESCRIPTIONS[column]
