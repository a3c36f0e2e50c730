"""The Parquet schemas of the raw zone, one per shape of delivery.

A *shape* is what staging reads: every landing dataset is one, and all tables of statistical
offices share one. The first columns say where a row came from; `line` is the line of the file
(1 = header of a CSV) or the number of the cell in a cube.
"""

from __future__ import annotations

import pyarrow as pa

_MONEY = pa.decimal128(18, 2)
_ORIGIN = [
    pa.field("source", pa.string(), nullable=False),
    pa.field("dataset", pa.string(), nullable=False),
    pa.field("vintage", pa.string(), nullable=False),
    pa.field("line", pa.int64(), nullable=False),
]
_PERIOD = [
    pa.field("period", pa.string()),
    pa.field("freq", pa.string()),
    pa.field("period_start", pa.date32()),
    pa.field("period_end", pa.date32()),
]

MEASUREMENTS = pa.schema(
    [
        *_ORIGIN,
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("region", pa.string(), nullable=False),
        *_PERIOD,
        pa.field("segment", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("symbol", pa.string()),
        pa.field("obs_status", pa.string(), nullable=False),
        pa.field("conf_status", pa.string(), nullable=False),
        pa.field("note", pa.string()),
    ]
)

TABLE_CELLS = pa.schema(
    [
        *_ORIGIN,
        pa.field("table_id", pa.string(), nullable=False),
        *[
            f
            for f in MEASUREMENTS
            if f.name not in {"source", "dataset", "vintage", "line", "note"}
        ],
        pa.field("dims", pa.string()),
    ]
)

FUNDING_DECISIONS = pa.schema(
    [
        *_ORIGIN,
        pa.field("decision_id", pa.string(), nullable=False),
        pa.field("region", pa.string(), nullable=False),
        pa.field("granted_on", pa.date32(), nullable=False),
        pa.field("amount_eur", _MONEY, nullable=False),
        pa.field("business_id", pa.string()),
        pa.field("business_key", pa.string()),
        pa.field("beneficiary", pa.string()),
        pa.field("project_id", pa.string()),
        pa.field("project", pa.string()),
        pa.field("programme", pa.string()),
        pa.field("purpose", pa.string(), nullable=False),
        pa.field("instrument", pa.string()),
        pa.field("segment", pa.string(), nullable=False),
        *_PERIOD,
        pa.field("co_funders", pa.string()),
    ]
)

ADVICE_EVENTS = pa.schema(
    [
        *_ORIGIN,
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("region", pa.string(), nullable=False),
        pa.field("happened_on", pa.date32(), nullable=False),
        pa.field("business_id", pa.string()),
        pa.field("business_key", pa.string()),
        pa.field("segment", pa.string(), nullable=False),
        pa.field("topic", pa.string()),
        pa.field("channel", pa.string()),
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
    ]
)

#: Vintages as the index lists them; also the fields of `vintage.json`.
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
    ]
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
    "measurements": MEASUREMENTS,
    "table_cells": TABLE_CELLS,
    "funding_decisions": FUNDING_DECISIONS,
    "advice_events": ADVICE_EVENTS,
}

#: What each column of the raw zone holds, for the UI.
COLUMN_DESCRIPTIONS: dict[str, str] = {
    "source": "Source of the catalogue that delivered the row.",
    "dataset": "Dataset, or statistics table, that it was delivered for.",
    "vintage": "Delivery that it came with.",
    "line": "Line of the delivered file, or number of the cell in a table.",
    "indicator": "Indicator of the catalogue.",
    "region": "Typed code of the region.",
    "period": "Period in its canonical form.",
    "freq": "SDMX frequency of the period; _Z for a free span.",
    "period_start": "First day of the period.",
    "period_end": "First day after the period.",
    "segment": "Customer segment.",
    "unit": "Unit of the value as delivered.",
    "value": "Value as delivered; empty where it is missing.",
    "symbol": "Symbol that stood in place of the value, or beside it.",
    "obs_status": "SDMX observation status.",
    "conf_status": "SDMX confidentiality status.",
    "note": "Free text; never leaves the raw zone.",
    "table_id": "The table at the statistical office.",
    "dims": "All codes of the cell, as JSON.",
    "decision_id": "Id of the decision at its funder.",
    "granted_on": "Day of the decision.",
    "amount_eur": "Granted amount in euros.",
    "business_id": "Business id; never leaves the raw zone.",
    "business_key": "Keyed hash of the business id.",
    "beneficiary": "Who was funded; never leaves the raw zone.",
    "project_id": "Id of the project, shared by its funders.",
    "project": "Name of the project; never leaves the raw zone.",
    "programme": "Funding programme.",
    "purpose": "development or investment.",
    "instrument": "Form of the funding.",
    "co_funders": "Other funders of the project, as delivered.",
    "event_id": "Id of the event in the partner's own system.",
    "happened_on": "Day of the event.",
    "topic": "What the advice was about; never leaves the raw zone.",
    "channel": "How the customer was met.",
}
