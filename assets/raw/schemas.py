"""The Parquet schemas of the raw zone, one per shape of delivery.

A *shape* is what staging reads: every landing dataset is one, all tables of statistical offices
share one, and so do the events of the business register. The first columns say where a row came
from; `line` is the line of the file (1 = header of a CSV) or the number of the cell in a cube.

What belongs here: columns, types, which of them never leave the raw zone and which make a record.
What does not: how cells are understood (landing, statistics) and what rows mean (dbt).

Conventions: days are `date32`, money is `decimal128(18, 2)` in euros, counts are `int64`, shares
are per cent from 0 to 100. A day that closes a span (`ends_on`, `valid_to`) is the *last* day, as
people write it; only `period_end` is already exclusive. A list is text, its parts separated by
`LIST_SEPARATOR` without blanks around it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

#: Between the parts of `parties`, `co_funders` and `indicators`.
LIST_SEPARATOR = ";"

_MONEY = pa.decimal128(18, 2)


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
#: Of shapes whose rows can be taken back: events, and records (see `RECORD_KEYS`).
_WITHDRAWN = _optional("withdrawn", pa.bool_())
_EVENT = [*_ORIGIN, _WITHDRAWN]
_RECORD = [*_ORIGIN, _given("record_key"), _WITHDRAWN]
_PERIOD = [
    _optional("period"),
    _optional("freq"),
    _optional("period_start", pa.date32()),
    _optional("period_end", pa.date32()),
]

MEASUREMENTS = pa.schema(
    [
        *_ORIGIN,
        _given("indicator"),
        _given("region"),
        *_PERIOD,
        _given("segment"),
        _given("unit"),
        _optional("value", pa.float64()),
        _optional("symbol"),
        _given("obs_status"),
        _given("conf_status"),
        _optional("note"),
    ]
)

TABLE_CELLS = pa.schema(
    [
        *_ORIGIN,
        _given("table_id"),
        *[
            f
            for f in MEASUREMENTS
            if f.name not in {"source", "dataset", "vintage", "line", "note"}
        ],
        _optional("dims"),
    ]
)

FUNDING_DECISIONS = pa.schema(
    [
        *_EVENT,
        _given("decision_id"),
        _given("region"),
        _given("granted_on", pa.date32()),
        _given("amount_eur", _MONEY),
        _optional("business_id"),
        _optional("business_key"),
        _optional("beneficiary"),
        _optional("project_id"),
        _optional("project"),
        _optional("programme"),
        _given("purpose"),
        _optional("instrument"),
        _given("segment"),
        *_PERIOD,
        _optional("co_funders"),
    ]
)

ADVICE_EVENTS = pa.schema(
    [
        *_EVENT,
        _given("event_id"),
        _given("region"),
        _given("happened_on", pa.date32()),
        _optional("business_id"),
        _optional("business_key"),
        _given("segment"),
        _optional("topic"),
        _optional("channel"),
    ]
)

#: Enterprises that started or closed by the business register; not a landing dataset.
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

TRANSFERS = pa.schema(
    [
        *_RECORD,
        _given("transfer_id"),
        _given("from_actor"),
        _given("to_actor"),
        _given("happened_on", pa.date32()),
        _optional("business_id"),
        _optional("business_key"),
        _optional("region"),
        _given("segment"),
        _optional("accepted", pa.bool_()),
    ]
)

PLAN_BASICS = pa.schema(
    [
        *_RECORD,
        _given("region"),
        _given("year", pa.int32()),
        _optional("mission"),
        _optional("vision"),
        _optional("parties"),
        _optional("coordinator"),
        _optional("priorities"),
        _optional("budget_eur", _MONEY),
        _optional("approved_on", pa.date32()),
    ]
)

PLAN_ITEMS = pa.schema(
    [
        *_RECORD,
        _given("region"),
        _given("year", pa.int32()),
        _given("section"),
        _given("objective"),
        _given("measure"),
        _given("segment"),
        _optional("indicator"),
        _optional("indicator_text"),
        _optional("responsible"),
        _optional("starts_on", pa.date32()),
        _optional("ends_on", pa.date32()),
        _optional("target"),
        _optional("target_value", pa.float64()),
        _optional("actual"),
        _optional("actual_value", pa.float64()),
        _optional("progress_pct", pa.float64()),
        _optional("status"),
    ]
)

MEETINGS = pa.schema(
    [
        *_RECORD,
        _given("region"),
        _given("group"),
        _given("planned_on", pa.date32()),
        _optional("held_on", pa.date32()),
        _optional("attendees", pa.int64()),
        _optional("topic"),
    ]
)

SURVEY_ANSWERS = pa.schema(
    [
        *_RECORD,
        _given("survey"),
        _given("respondent"),
        _given("respondent_key"),
        _given("question"),
        _given("answer"),
        _optional("answer_value", pa.float64()),
        _optional("answer_code"),
        _given("answered_on", pa.date32()),
        _given("year", pa.int32()),
        _optional("region"),
        _optional("network"),
        _optional("respondent_group"),
    ]
)

PROGRAMME_MEASURES = pa.schema(
    [
        *_RECORD,
        _given("programme"),
        _given("measure_no"),
        _given("network"),
        _given("status"),
        _given("assessed_on", pa.date32()),
        _optional("measure"),
    ]
)

NETWORK_EVENTS = pa.schema(
    [
        *_RECORD,
        _given("network"),
        _given("event"),
        _given("kind"),
        _given("region"),
        _given("starts_on", pa.date32()),
        _optional("ends_on", pa.date32()),
        _optional("theme"),
        _optional("attendees", pa.int64()),
    ]
)

STRATEGY_GOALS = pa.schema(
    [
        *_RECORD,
        _given("strategy"),
        _given("goal"),
        _given("task"),
        _optional("region"),
        _optional("responsible"),
        _optional("due_on", pa.date32()),
        _optional("status"),
        _optional("assessed_on", pa.date32()),
    ]
)

RDI_SERVICES = pa.schema(
    [
        *_RECORD,
        _given("region"),
        _given("service"),
        _given("provider"),
        _optional("kind"),
        _optional("url"),
    ]
)

AGREEMENTS = pa.schema(
    [
        *_RECORD,
        _given("region"),
        _given("signed_on", pa.date32()),
        _optional("parties"),
        _optional("valid_to", pa.date32()),
        _optional("document_url"),
        _optional("part_of"),
    ]
)

NETWORK_MEMBERS = pa.schema(
    [
        *_RECORD,
        _given("network"),
        _given("organisation"),
        _given("role"),
        _optional("region"),
        _optional("group"),
        _optional("valid_from", pa.date32()),
        _optional("valid_to", pa.date32()),
    ]
)

DOCUMENTS = pa.schema(
    [
        *_RECORD,
        _given("title"),
        _given("publisher"),
        _given("published_on", pa.date32()),
        _optional("region"),
        _optional("kind"),
        _optional("theme"),
        _optional("url"),
        _optional("indicators"),
    ]
)

FINDINGS = pa.schema(
    [
        *_RECORD,
        _given("region"),
        _given("finding"),
        _given("noted_on", pa.date32()),
        _optional("theme"),
        _optional("indicators"),
        _optional("recommended_action"),
        _optional("decision"),
        _optional("decided_on", pa.date32()),
        _optional("documents"),
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
        pa.field("rows_left_out", pa.int64()),
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
    "register_events": REGISTER_EVENTS,
    "transfers": TRANSFERS,
    "plan_basics": PLAN_BASICS,
    "plan_items": PLAN_ITEMS,
    "meetings": MEETINGS,
    "survey_answers": SURVEY_ANSWERS,
    "programme_measures": PROGRAMME_MEASURES,
    "network_events": NETWORK_EVENTS,
    "strategy_goals": STRATEGY_GOALS,
    "rdi_services": RDI_SERVICES,
    "agreements": AGREEMENTS,
    "network_members": NETWORK_MEMBERS,
    "documents": DOCUMENTS,
    "findings": FINDINGS,
}

#: Columns that vintages of before they were added lack; their cells are empty there.
ADDED_LATER = frozenset({"withdrawn", "part_of", "documents"})

#: What makes a record the same one in a later delivery of its source, which then replaces it:
#: `record_key` is the hash of these columns. Words that are only worded anew make a new record.
RECORD_KEYS: Mapping[str, tuple[str, ...]] = {
    # The id in the log of whoever logged it; both sides of a transfer are matched later.
    "transfers": ("transfer_id",),
    # An area has one plan a year.
    "plan_basics": ("region", "year"),
    # Plans number nothing, so a measure is known by where it stands; one measure may serve
    # several segments.
    "plan_items": ("region", "year", "section", "objective", "measure", "segment"),
    # The planned day stays when a meeting is held on another.
    "meetings": ("region", "group", "planned_on"),
    # A respondent who answers again corrects the answer, but next year's round of a survey
    # under the same name is another answer.
    "survey_answers": ("survey", "respondent_key", "question", "year"),
    # Each assessment is kept: how a measure moved along the scale is what is shown.
    "programme_measures": ("programme", "measure_no", "network", "assessed_on"),
    # A roadshow stops at several places, on several days.
    "network_events": ("network", "event", "kind", "region", "starts_on"),
    # A task that several cities carry has a row for each; each assessment is kept.
    "strategy_goals": ("strategy", "goal", "task", "region", "assessed_on"),
    # A directory: one entry a service, provider and place.
    "rdi_services": ("region", "service", "provider"),
    # A new agreement of an area is signed on another day.
    "agreements": ("region", "signed_on"),
    # The span is left out: an end day that becomes known belongs to the same membership.
    "network_members": ("network", "organisation", "role", "region", "group"),
    # A yearly report keeps its title; its day tells the issues apart.
    "documents": ("title", "publisher", "published_on"),
    # What was decided is added to a finding later.
    "findings": ("region", "finding", "noted_on"),
}

#: Columns that no model may let out: what identifies a business or a person, and free text
#: about customers (domain: privacy). By shape, because the topic of a meeting is no secret.
RAW_ONLY: Mapping[str, frozenset[str]] = {
    "measurements": frozenset({"note"}),
    "funding_decisions": frozenset({"business_id", "beneficiary", "project", "co_funders"}),
    "advice_events": frozenset({"business_id", "topic"}),
    "register_events": frozenset({"business_id"}),
    "transfers": frozenset({"business_id"}),
    "survey_answers": frozenset({"respondent", "answer"}),
    # An organisation or a role is asked for, yet names of persons are written here.
    "plan_items": frozenset({"responsible"}),
    "strategy_goals": frozenset({"responsible"}),
}

#: Days that may lie ahead; every other day column tells what has happened.
PLANNED_DAYS = frozenset({"planned_on", "starts_on", "ends_on", "due_on", "valid_from", "valid_to"})

#: What each column of the raw zone holds, for the UI.
COLUMN_DESCRIPTIONS: dict[str, str] = {
    "source": "Source of the catalogue that delivered the row.",
    "dataset": "Dataset, or statistics table, that it was delivered for.",
    "vintage": "Delivery that it came with.",
    "line": "Line of the delivered file, or number of the cell in a table.",
    "record_key": "Hash of what identifies the record, the same in every delivery of it.",
    "withdrawn": "Whether the row takes back what was delivered before under the same key.",
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
    "co_funders": "Other funders of the project, separated by ;.",
    "event_id": "Id of the event in the partner's own system.",
    "happened_on": "Day of the event.",
    "topic": "What it was about; of advice it never leaves the raw zone.",
    "channel": "How the customer was met.",
    "kind": "What sort it is: a word of the catalogue, or as written.",
    "company_form": "Legal form of the enterprise.",
    "industry": "Main line of business (TOL code).",
    "transfer_id": "Id of the transfer in the log of whoever delivered it.",
    "from_actor": "Who handed the customer over: a source of the catalogue, or as written.",
    "to_actor": "Who received the customer: a source of the catalogue, or as written.",
    "accepted": "Whether the receiver took the customer on; empty where nobody logged it.",
    "year": "Year of the plan, or in which the survey was answered.",
    "mission": "Mission of the area's co-operation.",
    "vision": "Vision of the area's co-operation.",
    "parties": "Organisations that are party to it, separated by ;.",
    "coordinator": "Organisation that co-ordinates.",
    "priorities": "Priorities of the year.",
    "budget_eur": "Budget of the year in euros.",
    "approved_on": "Day on which the steering group approved the plan.",
    "section": "Section of the plan.",
    "objective": "What is to be reached.",
    "measure": "What is done.",
    "indicator_text": "How the plan measures it, as written; may name no catalogue indicator.",
    "responsible": "Who answers for it; never leaves the raw zone.",
    "starts_on": "First day.",
    "ends_on": "Last day, included.",
    "target": "What was planned, as written.",
    "target_value": "What was planned, where it is a number.",
    "actual": "What came of it, as written.",
    "actual_value": "What came of it, where it is a number.",
    "progress_pct": "How much is carried out, in per cent.",
    "status": "How far it has come: a word of the catalogue.",
    "group": "Which group: a word of the catalogue (steering_group, …), or as written.",
    "planned_on": "Day for which the meeting was planned.",
    "held_on": "Day on which it was held; empty where it was not.",
    "attendees": "Number of people who attended.",
    "survey": "Survey that was answered.",
    "respondent": "Id of the respondent; never leaves the raw zone.",
    "respondent_key": "Keyed hash of the survey and the respondent.",
    "question": "Question that was answered.",
    "answer": "Answer as written; never leaves the raw zone.",
    "answer_value": "The answer, where it is a number.",
    "answer_code": "The answer, where it is a word of the catalogue.",
    "answered_on": "Day of the answer.",
    "network": "Network that it belongs to.",
    "respondent_group": "Group that the respondent belongs to.",
    "measure_no": "Number of the measure in its programme.",
    "assessed_on": "Day of the assessment.",
    "event": "Name of the event.",
    "theme": "Theme.",
    "strategy": "Strategy that the goal belongs to.",
    "goal": "Goal of the strategy.",
    "task": "Task under the goal.",
    "due_on": "Day by which it is to be done.",
    "service": "Name of the service.",
    "provider": "Organisation that provides it.",
    "url": "Address on the web.",
    "signed_on": "Day of signing.",
    "document_url": "Address of the agreement on the web.",
    "part_of": "Typed code of the region that the area lies in.",
    "valid_from": "First day on which it holds.",
    "valid_to": "Last day on which it holds, included; empty where no end is known.",
    "organisation": "Organisation that is a member.",
    "role": "Role of the member: a word of the catalogue, or as written.",
    "title": "Title of the document.",
    "publisher": "Organisation that published it.",
    "published_on": "Day of publication.",
    "indicators": "Indicators of the catalogue that it is about, separated by ;.",
    "finding": "What was noted about the region.",
    "noted_on": "Day on which it was noted; figures count as known that day.",
    "recommended_action": "What is recommended.",
    "decision": "What was decided.",
    "decided_on": "Day of the decision.",
    "documents": "Titles or addresses of documents that it rests on, separated by ;.",
}
