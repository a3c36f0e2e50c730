"""Rows of a delivery to typed rows, or to quarantine with line, column, reason and the row."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, Kind, fold_header
from assets.landing.delivery import DeliveryReader
from assets.landing.guidance import EXAMPLES
from assets.languages import LANGUAGES
from assets.raw import keys
from assets.raw.content import Content
from assets.raw.delivery import Delivery, Rejected
from assets.raw.keys import business_key_maker
from assets.raw.schemas import RAW_ONLY, RECORD_KEYS, SHAPES
from assets.vocabulary import UnreadableDelivery
from tests.conftest import TODAY, Rows, csv_text

GOOD: dict[str, tuple[str, dict[str, str]]] = {
    "measurements": (
        "employment_area",
        {"indicator": "unemployed", "region": "KU205", "period": "2025-03", "value": "12"},
    ),
    "funding_decisions": (
        "evk",
        {
            "decision_id": "D1", "region": "MK18", "granted_on": "2026-03-15",
            "amount_eur": "1000",
        },
    ),
    "advice_events": (
        "development_company",
        {"event_id": "E1", "region": "MK18", "happened_on": "2026-03-15"},
    ),
    "transfers": (
        "development_company",
        {
            "transfer_id": "T1", "from_actor": "proagria", "to_actor": "Business Finland",
            "happened_on": "2026-03-15",
        },
    ),
    "plan_basics": ("coordinator", {"region": "SS07", "year": "2026", "coordinator": "A"}),
    "plan_items": (
        "coordinator",
        {
            "region": "SS07", "year": "2026", "section": "growth", "objective": "more",
            "measure": "meet",
        },
    ),
    "meetings": (
        "coordinator",
        {"region": "SS07", "group": "steering_group", "planned_on": "2026-01-20"},
    ),
    "survey_answers": (
        "survey",
        {
            "survey": "barometer", "respondent": "R1", "question": "Q1", "answer": "4",
            "answered_on": "2025-11-03",
        },
    ),
    "programme_measures": (
        "council",
        {
            "programme": "2018–2021", "measure_no": "4", "network": "food", "status": "done",
            "assessed_on": "2020-11-30",
        },
    ),
    "network_events": (
        "coordinator",
        {
            "network": "SIXNET", "event": "Roadshow", "kind": "roadshow", "region": "KU743",
            "starts_on": "2026-04-14",
        },
    ),
    "strategy_goals": ("council", {"strategy": "2027", "goal": "G1", "task": "T1"}),
    "goals": (
        "council",
        {
            "indicator": "unemployment_rate", "region": "MK18", "target_value": "8,5",
            "target_kind": "at_most",
        },
    ),
    "reporting_duties": (
        "coordinator", {"organisation": "ProAgria", "dataset": "advice_events", "cadence": "Q"},
    ),
    "rdi_services": ("council", {"region": "KU205", "service": "lab", "provider": "UAS"}),
    "agreements": ("coordinator", {"region": "SS07", "signed_on": "2024-05-20", "parties": "A;B"}),
    "network_members": (
        "council", {"network": "food", "organisation": "ProAgria", "role": "member"},
    ),
    "documents": (
        "council",
        {"title": "Review", "publisher": "The council", "published_on": "2025-10-01"},
    ),
    "networks": ("council", {"network": "food", "kind": "partnership", "theme": "food"}),
    "projects": ("council", {"network": "towns", "project": "Register", "leader": "UAS"}),
    "situation_reports": ("council", {"region": "MK18", "year": "2024", "title": "Picture"}),
    "indicator_choices": (
        "coordinator", {"region": "SS07", "indicator": "population", "shared_in": "report"},
    ),
    "findings": (
        "council", {"region": "MK18", "finding": "Fewer vacancies", "noted_on": "2026-05-12"},
    ),
}  # fmt: skip
MEASUREMENT = GOOD["measurements"][1]
ORIGIN = {"source", "dataset", "vintage"}


class Read:
    """A delivery with its batches consumed."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.batches = list(delivery.batches)
        self.rows: list[dict[str, Any]] = [
            row for batch in self.batches for row in batch.accepted.to_pylist()
        ]
        self.rejected: list[Rejected] = [
            reject for batch in self.batches for reject in batch.rejected
        ]
        self.rows_delivered = len(self.rows) + sum(batch.rows_rejected for batch in self.batches)


def reader() -> DeliveryReader:
    return DeliveryReader(Catalogue.load(), lambda text: f"key of {text}", TODAY)


def read(dataset: str, content: Rows | str | bytes, source: str | None = None) -> Read:
    if not isinstance(content, str | bytes):
        content = csv_text(content)
    return Read(
        reader().read(
            source or GOOD[dataset][0],
            dataset,
            Content(content.encode() if isinstance(content, str) else content),
            file="delivery.csv",
            origin="landing/delivery.csv",
            delivered_at=datetime(2026, 4, 1, tzinfo=UTC),
        )
    )


def one(dataset: str, /, source: str | None = None, **cells: str) -> dict[str, Any]:
    """The single accepted row of a good delivery with some of its cells changed."""
    found = read(dataset, [GOOD[dataset][1] | cells], source)
    assert found.rejected == []
    (row,) = found.rows
    return row


def whys(dataset: str, /, source: str | None = None, **cells: str) -> dict[str, str]:
    """Reasons by column of a row that differs from a good one in some cells.

    The good rows around it must go on.
    """
    good = GOOD[dataset][1]
    found = read(dataset, [good, good | cells, good], source)
    assert [row["line"] for row in found.rows] == [2, 4]
    assert {reject.line for reject in found.rejected} == {3}
    columns = [reject.column for reject in found.rejected]
    assert len(columns) == len(set(columns))
    return {reject.column: reject.reason for reject in found.rejected}


def why(dataset: str, /, source: str | None = None, **cells: str) -> tuple[str, str]:
    """Column and reason of a row that is refused for one thing only."""
    (found,) = whys(dataset, source, **cells).items()
    return found


# -- what is accepted --------------------------------------------------------------------------


def test_a_measurement_is_typed_and_gets_the_defaults_of_the_contract() -> None:
    assert one("measurements") == {
        "line": 2,
        "indicator": "unemployed",
        "region": "KU205",
        "period": "2025-03",
        "freq": "M",
        "period_start": date(2025, 3, 1),
        "period_end": date(2025, 4, 1),
        "segment": "total",
        "unit": "persons",
        "value": 12.0,
        "symbol": None,
        "obs_status": "A",
        "conf_status": "F",
        "note": None,
        "processing_level": None,
        "producer_note": None,
    }


def test_a_funding_decision_is_typed_and_gets_the_defaults_of_the_contract() -> None:
    row = one("funding_decisions", amount_eur="1 234,565 €", business_id="0112038-9")
    assert row["amount_eur"] == Decimal("1234.57")
    assert row["granted_on"] == date(2026, 3, 15)
    assert (row["purpose"], row["segment"]) == ("development", "total")
    assert (row["period"], row["period_start"]) == (None, None)
    assert row["business_key"] == "key of 0112038-9"


def test_an_advice_event_is_typed_and_gets_the_defaults_of_the_contract() -> None:
    row = one("advice_events", happened_on="15.3.2026", segment="Founders of enterprises")
    assert (row["happened_on"], row["segment"]) == (date(2026, 3, 15), "founder")
    assert (row["business_id"], row["business_key"]) == (None, None)


def test_a_decision_that_names_its_period_keeps_it() -> None:
    row = one("funding_decisions", period="2025H2")
    assert (row["period"], row["freq"], row["period_end"]) == ("2025-S2", "S", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "purpose"),
    [("investment", "investment"), ("Investointi", "investment"), ("kehittäminen", "development")],
)
def test_the_purpose_of_funding_is_understood_in_both_languages(text: str, purpose: str) -> None:
    assert one("funding_decisions", purpose=text)["purpose"] == purpose


def test_an_indicator_is_understood_by_its_names_too() -> None:
    row = one("measurements", indicator="TYÖTTÖMÄT TYÖNHAKIJAT")
    assert row["indicator"] == "unemployed"


def test_a_value_keeps_the_unit_it_was_delivered_in_where_that_converts() -> None:
    row = one(
        "measurements", "statfin",
        indicator="rd_expenditure", region="MK18", period="2024", value="12,5", unit="meur",
    )  # fmt: skip
    assert (row["value"], row["unit"]) == (12.5, "MEUR")


@pytest.mark.parametrize(("text", "value"), [("12,5 %", 12.5), ("12.5%", 12.5), ("0 %", 0.0)])
def test_a_share_may_be_written_with_its_sign(text: str, value: float) -> None:
    row = one("measurements", indicator="unemployment_rate", value=text)
    assert (row["value"], row["unit"]) == (value, "percent")
    assert why("measurements", value=text) == (
        "value",
        f"{value:g} % is a share, and unemployed is measured in persons",
    )


SUPPRESSED = ["...", "…", "<5", "1–4", "*", "alle 5"]


@pytest.mark.parametrize("text", ["", ".", "..", "NA", "n/a", *SUPPRESSED])
@pytest.mark.parametrize(
    ("status", "kept"), [("", None), ("M", "M"), ("L", "L"), ("Q", "Q"), ("q", "Q"), ("A", None)]
)
def test_a_missing_value_is_never_a_zero_and_keeps_why_it_is_missing(
    text: str, status: str, kept: str | None
) -> None:
    row = one("measurements", value=text, status=status)
    assert row["value"] is None
    # Three dots and `<5` say that it is suppressed, the others that it is missing.
    assert row["obs_status"] == (kept or ("Q" if text in SUPPRESSED else "O"))


def test_values_with_a_confidential_status_are_kept_in_the_raw_zone() -> None:
    row = one("measurements", value="3", conf_status="c")
    assert (row["value"], row["conf_status"], row["obs_status"]) == (3.0, "C", "A")


@pytest.mark.parametrize(
    ("header", "written"), [("region_type", "KU"), ("aluetyyppi", "kunta"), ("Aluetaso", "Kommun")]
)
@pytest.mark.parametrize("first", [True, False])
def test_the_type_column_settles_an_ambiguous_name_from_either_side(
    header: str, written: str, first: bool
) -> None:
    typed = {header: written}
    named = MEASUREMENT | {"region": "Kuopio"}
    found = read("measurements", [typed | named if first else named | typed])
    assert [row["region"] for row in found.rows] == ["KU297"]


def test_columns_outside_the_contract_are_noted_and_change_nothing() -> None:
    found = read("measurements", [MEASUREMENT | {"kissa": "7"}])
    assert found.delivery.notes == "columns not in the contract: kissa"
    assert found.rows == read("measurements", [MEASUREMENT]).rows


def test_a_delivery_of_a_header_alone_has_no_rows() -> None:
    found = read("measurements", "indicator,region,period,value\n")
    assert (found.rows, found.rejected, found.rows_delivered) == ([], [], 0)


def test_a_municipality_that_ends_inside_the_period_is_still_measured() -> None:
    assert one("measurements", region="KU588", period="2024-12")["region"] == "KU588"


def test_a_missing_value_of_an_ended_municipality_is_no_mistake() -> None:
    row = one("measurements", region="KU588", period="2025-03", value="", status="M")
    assert row["obs_status"] == "M"


def test_the_kept_delivery_is_named_by_what_it_is_not_by_how_it_begins() -> None:
    text = "PK-seudun luvut\nindicator,region,period,value\nunemployed,KU205,2025-03,1\n"
    assert read("measurements", text).delivery.extension == "csv"


def test_the_accepted_rows_fit_the_schema_of_the_raw_zone() -> None:
    for dataset, (_, row) in GOOD.items():
        (accepted,) = read(dataset, [row]).rows
        assert list(accepted) == [f.name for f in SHAPES[dataset] if f.name not in ORIGIN]


# -- what goes to quarantine -------------------------------------------------------------------


def test_an_unknown_indicator_is_refused_with_a_hint() -> None:
    column, reason = why("measurements", indicator="unemploied")
    assert column == "indicator"
    assert "(did you mean unemployed" in reason


def test_a_source_that_the_catalogue_does_not_name_for_the_indicator_is_refused() -> None:
    column, reason = why("measurements", indicator="population", period="2025")
    assert column == "indicator"
    assert "does not name employment_area as a source of population" in reason
    assert "indicator_sources.csv" in reason


def test_a_decision_of_an_agency_that_gives_none_of_its_purpose_is_rejected() -> None:
    good = GOOD["funding_decisions"][1]
    rows = [good | {"purpose": purpose} for purpose in ("investment", "development")]
    found = read("funding_decisions", rows, "finnvera")
    (rejected,) = found.rejected
    assert (rejected.line, rejected.column) == (3, "purpose")
    assert "does not name finnvera as a source of development_funding" in rejected.reason


def test_an_ambiguous_region_is_refused_with_the_codes() -> None:
    column, reason = why("measurements", region="Kuopio")
    assert column == "region"
    assert reason.endswith("KU297, SK112, TA17")


def test_a_bad_period_is_refused_with_how_to_write_one() -> None:
    column, reason = why("measurements", period="2025-13")
    assert column == "period"
    assert "write 2025, 2025-S1" in reason


@pytest.mark.parametrize("value", ["kaksitoista", "-", "12 kpl", "nan", "inf", "1e40"])
def test_text_as_a_value_is_refused(value: str) -> None:
    column, reason = why("measurements", value=value)
    assert column == "value"
    assert repr(value) in reason


@pytest.mark.parametrize("value", ["#N/A", "#PUUTTUU!", "#DIV/0!", "#JAKO/0!", "########"])
def test_an_error_of_a_spreadsheet_is_called_so(value: str) -> None:
    column, reason = why("measurements", value=value)
    assert (column, reason[:34]) == ("value", "the formula in the cell gives an e")


def test_a_unit_of_another_kind_is_refused() -> None:
    column, reason = why("measurements", unit="EUR")
    assert (column, reason) == ("unit", "unemployed is measured in persons, not EUR")


def test_a_unit_that_does_not_exist_is_refused_with_the_units_there_are() -> None:
    column, reason = why("measurements", unit="kg")
    assert column == "unit"
    assert "write one of count, persons, EUR" in reason


@pytest.mark.parametrize("status", ["O", "M", "L", "H", "Q"])
def test_a_status_that_contradicts_a_value_is_refused(status: str) -> None:
    column, reason = why("measurements", status=status)
    assert column == "status"
    assert f"status {status} says that there is no value" in reason


@pytest.mark.parametrize(("column", "code"), [("status", "X"), ("conf_status", "salainen")])
def test_a_status_outside_the_sdmx_list_is_refused_with_the_list(column: str, code: str) -> None:
    found, reason = why("measurements", **{column: code})
    assert found == column
    assert f"{code!r} is not an SDMX code for {column}; write one of" in reason


def test_a_value_below_the_valid_range_is_refused() -> None:
    column, reason = why("measurements", value="-1")
    assert (column, "below the valid range of unemployed (0 persons)" in reason) == ("value", True)


def test_a_value_above_the_valid_range_is_refused_in_its_own_unit() -> None:
    column, reason = why("measurements", indicator="unemployment_rate", value="100,5")
    assert column == "value"
    assert reason == "100.5 percent is above the valid range of unemployment_rate (100 percent)"


def test_a_value_of_an_ended_municipality_is_refused_with_its_successor() -> None:
    column, reason = why("measurements", region="Pertunmaa")
    assert column == "region"
    assert reason == "KU588 Pertunmaa ended on 2025-01-01; report KU507 Mäntyharju instead"


def test_an_event_in_an_ended_municipality_is_refused_with_its_successor() -> None:
    for dataset in ("funding_decisions", "advice_events"):
        assert why(dataset, region="KU588")[1].endswith("report KU507 Mäntyharju instead")


@pytest.mark.parametrize("day", ["2026-11-23", "2027-01-01", "31.12.9999", "9999-12-31"])
def test_an_event_after_today_is_refused(day: str) -> None:
    for dataset, column in (("funding_decisions", "granted_on"), ("advice_events", "happened_on")):
        found, reason = why(dataset, **{column: day})
        assert found == column
        assert "lies in the future" in reason


def test_an_event_of_today_is_accepted_and_one_before_monitoring_is_not() -> None:
    assert one("advice_events", happened_on="2026-11-22")["happened_on"] == TODAY
    assert "before anything" in why("advice_events", happened_on="1900-01-01")[1]


def test_a_negative_amount_is_refused_with_what_to_deliver_instead() -> None:
    column, reason = why("funding_decisions", amount_eur="−500,00")
    assert column == "amount_eur"
    assert "deliver a recovery as a corrected decision" in reason


@pytest.mark.parametrize("amount", ["1000000000000", "1e16", "9" * 20, "1e29"])
def test_an_amount_beyond_all_measure_is_refused_like_any_other_mistake(amount: str) -> None:
    column, reason = why("funding_decisions", amount_eur=amount)
    assert column == "amount_eur"
    assert "too large" in reason


@pytest.mark.parametrize("amount", ["", ".", "paljon", "10 USD"])
def test_an_amount_must_be_a_number(amount: str) -> None:
    assert why("funding_decisions", amount_eur=amount)[0] == "amount_eur"


@pytest.mark.parametrize("business_id", ["0112038-8", "01120388", "131052-308T"])
def test_a_bad_business_id_is_refused_and_not_repeated_in_the_published_reason(
    business_id: str,
) -> None:
    column, reason = why("advice_events", business_id=business_id)
    assert column == "business_id"
    assert "business id" in reason
    assert business_id not in reason


def test_an_unknown_segment_or_purpose_is_refused_with_the_choices() -> None:
    assert "write one of total, founder" in why("advice_events", segment="muut")[1]
    assert (
        "write one of development (kehittäminen), investment"
        in (why("funding_decisions", purpose="muu")[1])
    )


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        (dataset, column)
        for dataset, contract in DATASETS.items()
        for column in contract.required
        if column != "value"
    ],
)
@pytest.mark.parametrize("blank", ["", "  ", "\u00a0"])
def test_an_empty_required_cell_is_refused(dataset: str, column: str, blank: str) -> None:
    assert why(dataset, **{column: blank}) == (column, f"{column} is empty")


def test_every_offending_column_of_a_row_is_told_and_the_row_counted_once() -> None:
    found = read(
        "measurements", [MEASUREMENT | {"region": "Atlantis", "value": "x", "period": "?"}]
    )
    assert sorted(reject.column for reject in found.rejected) == ["period", "region", "value"]
    assert [batch.rows_rejected for batch in found.batches] == [1]


def test_no_row_has_two_reasons_for_one_column() -> None:
    worst = {"indicator": "population", "unit": "EUR", "value": "-1", "region": "KU588"}
    found = read("measurements", [MEASUREMENT | worst])
    columns = [reject.column for reject in found.rejected]
    assert len(columns) == len(set(columns)) > 2


@pytest.mark.parametrize(("row", "cells"), [("unemployed,KU205,2025-03", 3), ("a,b,c,1,x", 5)])
def test_a_ragged_row_is_refused_with_both_widths(row: str, cells: int) -> None:
    found = read(
        "measurements",
        f"indicator,region,period,value\n{row}\nunemployed,KU205,2025-03,1\n",
    )
    assert [(r.line, r.column, r.reason) for r in found.rejected] == [
        (2, "", f"the row has {cells} cells, the header 4")
    ]
    assert [row["line"] for row in found.rows] == [3]


def test_empty_cells_beyond_the_header_are_no_mistake() -> None:
    found = read("measurements", "indicator,region,period,value\nunemployed,KU205,2025-03,1,,\n")
    assert len(found.rows) == 1


def test_a_rejected_row_is_kept_as_delivered() -> None:
    found = read("measurements", [MEASUREMENT | {"value": "kaksi", "note": "ä"}])
    assert json.loads(found.rejected[0].delivered or "") == MEASUREMENT | {
        "value": "kaksi",
        "note": "ä",
    }


def test_a_refused_cell_of_a_whole_page_is_told_shortly_and_kept_in_full() -> None:
    page = "sivu " * 1_000
    found = read("measurements", [MEASUREMENT | {"value": page}])
    assert len(found.rejected[0].reason) < 1_000
    assert found.rejected[0].reason.endswith("write digits with a decimal point or comma")
    assert json.loads(found.rejected[0].delivered or "")["value"] == page


def test_the_cells_of_an_over_long_row_are_all_kept() -> None:
    found = read("measurements", "indicator,region,period,value\na,b,c,1,extra\n")
    assert list(json.loads(found.rejected[0].delivered or "").values()) == [
        "a", "b", "c", "1", "extra",
    ]  # fmt: skip


# -- the other datasets of the contract ----------------------------------------------------------


def test_identities_and_texts_about_customers_are_marked_to_stay_in_the_raw_zone() -> None:
    for dataset, schema in SHAPES.items():
        told = {"business_id", "respondent", "beneficiary", "note", "answer", "responsible"}
        assert told & set(schema.names) <= RAW_ONLY.get(dataset, frozenset()), dataset
    assert "topic" in RAW_ONLY["advice_events"]


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_minimal_row_is_accepted(dataset: str) -> None:
    source, row = GOOD[dataset]
    found = read(dataset, [row], source)
    assert (len(found.rows), found.rejected, found.delivery.notes) == (1, [], None)
    assert found.delivery.shape == dataset


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_header_alone_is_a_delivery_without_rows(
    dataset: str, language: str, encoding: str
) -> None:
    columns = DATASETS[dataset].columns
    headers = [column.names.of(language)[-1].upper() for column in columns]
    found = read(dataset, (";".join(headers) + "\r\n").encode(encoding))
    assert (found.rows, found.rejected, found.delivery.notes) == ([], [], None)


@pytest.mark.parametrize("dataset", DATASETS)
def test_an_empty_file_of_any_dataset_is_refused(dataset: str) -> None:
    for content in (b"", b"\r\n \r\n", b"\xef\xbb\xbf"):
        with pytest.raises(UnreadableDelivery, match=r"empty|no row at all"):
            read(dataset, content)


@pytest.mark.parametrize("dataset", DATASETS)
def test_windows_1252_says_the_same_as_utf_8(dataset: str) -> None:
    """The example of each dataset as Finnish Excel saves it, ä, ö, – and € included."""
    example, contract = EXAMPLES[dataset], DATASETS[dataset]
    headers = [column.label.fi.capitalize() for column in contract.columns]
    lines = [headers, *([_as_text(row.get(c.name)) for c in contract.columns]
                        for row in example.rows)]  # fmt: skip
    text = "\r\n".join(";".join(f'"{cell}"' for cell in line) for line in lines)
    assert set(text) & set("äöÄÖ–€")
    plain, windows = (read(dataset, text.encode(e), example.source) for e in ("utf-8", "cp1252"))
    assert (plain.rejected, windows.rejected) == ([], [])
    assert windows.rows == plain.rows
    assert len(plain.rows) == len(example.rows)


def _as_text(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return "" if cell is None else str(cell)


#: Kinds of columns that keep whatever is written.
_ANYTHING = {Kind.TEXT, Kind.ID, Kind.LIST, Kind.TERM, Kind.ACTOR, Kind.ACTORS}


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        (dataset, column.name)
        for dataset, contract in DATASETS.items()
        for column in contract.columns
        if column.kind not in _ANYTHING
    ],
)
@pytest.mark.parametrize("text", ["§§ ??", "32.13.20261", "=1/0"])
def test_a_malformed_cell_of_any_column_costs_its_row_only(
    dataset: str, column: str, text: str
) -> None:
    assert why(dataset, **{column: text})[0] == column


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        (dataset, column.name)
        for dataset, contract in DATASETS.items()
        for column in contract.columns
        if column.kind in _ANYTHING and column.name != "meeting_months"
    ],
)
def test_a_column_of_words_of_ones_own_keeps_them(dataset: str, column: str) -> None:
    row = one(dataset, **{column: "§§ ??"})
    assert "§§ ??" in row.values()


@pytest.mark.parametrize(
    ("dataset", "column"),
    [(dataset, column) for dataset, contract in DATASETS.items() for column in contract.required],
)
def test_a_delivery_without_a_required_column_is_refused_by_name(dataset: str, column: str) -> None:
    row = {name: cell for name, cell in GOOD[dataset][1].items() if name != column}
    with pytest.raises(UnreadableDelivery, match=f"missing: .*{column}"):
        read(dataset, [row])


def test_a_transfer_knows_sources_by_name_and_keeps_other_organisations_as_written() -> None:
    row = one(
        "transfers", from_actor="uusyrityskeskukset", to_actor="Kainuun Leipä Oy",
        region="Kainuu", accepted="Kyllä", business_id="0112038-9",
    )  # fmt: skip
    assert (row["from_actor"], row["to_actor"]) == ("enterprise_agency", "Kainuun Leipä Oy")
    assert (row["region"], row["segment"], row["accepted"]) == ("MK18", "total", True)
    assert row["business_key"] == "key of 0112038-9"
    assert one("transfers")["region"] is None


@pytest.mark.parametrize(
    ("text", "flag"),
    [("kyllä", True), ("EI", False), ("yes", True), ("no", False), ("1", True), ("0", False),
     ("x", True), ("ja", True), ("nej", False), ("", None)],
)  # fmt: skip
def test_a_flag_is_understood_in_each_language(text: str, flag: bool | None) -> None:
    assert one("transfers", accepted=text)["accepted"] is flag


def test_a_flag_that_is_neither_yes_nor_no_is_refused() -> None:
    assert "write one of yes (kyllä), no (ei)" in why("transfers", accepted="ehkä")[1]


def test_a_plan_is_typed() -> None:
    row = one(
        "plan_basics", parties="Kehitysyhtiö;  ELY-keskus ;Kehitysyhtiö", budget_eur="25 000,5 €",
        approved_on="11.12.2025",
    )  # fmt: skip
    assert (row["region"], row["year"]) == ("SS07", 2026)
    assert row["parties"] == "Kehitysyhtiö;ELY-keskus"
    assert (row["budget_eur"], row["approved_on"]) == (Decimal("25000.50"), date(2025, 12, 11))
    assert one("plan_basics", parties="A, B")["parties"] == "A;B"


def test_a_plan_item_has_its_numbers_and_its_indicator_beside_the_words() -> None:
    row = one(
        "plan_items", indicator="Tunnistetut kasvuyritykset", target="12,5", actual="lähes valmis",
        progress_pct="60 %", status="Käynnissä", starts_on="2026-01-01", ends_on="2027-12-31",
    )  # fmt: skip
    assert (row["indicator"], row["indicator_text"]) == (
        "growth_enterprises", "Tunnistetut kasvuyritykset",
    )  # fmt: skip
    assert (row["target"], row["target_value"]) == ("12,5", 12.5)
    assert (row["actual"], row["actual_value"]) == ("lähes valmis", None)
    assert (row["progress_pct"], row["status"]) == (60.0, "in_progress")
    assert row["ends_on"] == date(2027, 12, 31)
    own = one("plan_items", indicator="Yritysten määrä")
    assert (own["indicator"], own["indicator_text"]) == (None, "Yritysten määrä")


def test_a_meeting_may_lie_ahead_but_not_have_been_held_there() -> None:
    row = one("meetings", planned_on="2027-01-20", group="Ohjausryhmä")
    assert (row["planned_on"], row["held_on"]) == (date(2027, 1, 20), None)
    assert row["group"] == "steering_group"
    assert one("meetings", group="Kasvuryhmä")["group"] == "Kasvuryhmä"
    assert why("meetings", held_on="2026-12-24")[1] == "2026-12-24 lies in the future"
    assert "more than a year from the planned" in why("meetings", held_on="2024-01-20")[1]


@pytest.mark.parametrize(
    ("answer", "value", "code"),
    [("4", 4.0, None), ("3,5", 3.5, None), ("Täysin samaa mieltä", None, "strongly_agree"),
     ("en osaa sanoa", None, "cannot_say"), ("Tekninen tuki oli hyvää", None, None),
     ("1.234", None, None), ("...", None, None), ("++", None, "very_good"), ("+", None, "good"),
     ("0", 0.0, None), ("-", None, "weak"), ("−−", None, "very_weak"), ("---", None, None)],
)  # fmt: skip
def test_an_answer_has_its_number_or_its_word_beside_the_text(
    answer: str, value: float | None, code: str | None
) -> None:
    row = one("survey_answers", answer=answer)
    assert (row["answer"], row["answer_value"], row["answer_code"]) == (answer, value, code)


def test_a_respondent_is_a_keyed_hash_that_links_no_two_surveys() -> None:
    first, other = one("survey_answers"), one("survey_answers", survey="customers")
    assert first["respondent_key"] == "key of respondent barometer R1"
    assert first["respondent_key"] != other["respondent_key"]


@pytest.mark.parametrize(
    ("written", "code"),
    [("ei toimenpiteitä", "no_action"), ("Valmistelussa", "in_preparation"),
     ("in progress", "in_progress"), ("established", "established"), ("VALMIS", "done"),
     ("under beredning", "in_preparation")],
)  # fmt: skip
def test_the_five_steps_of_a_programme_measure_are_understood(written: str, code: str) -> None:
    assert one("programme_measures", status=written)["status"] == code


def test_a_step_that_the_scale_lacks_is_refused_with_the_scale() -> None:
    column, reason = why("programme_measures", status="jäissä")
    assert column == "status"
    assert "no_action (ei toimenpiteitä), in_preparation (valmistelussa), in_progress" in reason


def test_a_document_names_indicators_by_id_or_name() -> None:
    row = one("documents", indicators="unemployed; Työvoima", kind="Ennakointiraportti")
    assert (row["indicators"], row["kind"]) == ("unemployed;labour_force", "foresight_report")
    column, reason = why("documents", indicators="unemployed, unemploied")
    assert (column, "(did you mean unemployed" in reason) == ("indicators", True)


@pytest.mark.parametrize(
    ("text", "url"),
    [("https://example.org/a?b=1", "https://example.org/a?b=1"),
     ("www.example.org", "https://www.example.org")],
)  # fmt: skip
def test_an_address_is_kept_whole(text: str, url: str) -> None:
    assert one("documents", url=text)["url"] == url


@pytest.mark.parametrize(
    "text",
    ["example", "javascript:alert(1)", "ftp://example.org", "https://", "https://a b.fi",
     "https://name:secret@example.org", "http://[", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_address_on_the_web_is_refused(text: str) -> None:
    column, reason = why("documents", url=text)
    assert (column, "write it whole" in reason) == ("url", True)


@pytest.mark.parametrize(
    ("written", "code"),
    [("ELY13", "ELY13"), ("evk09 Pohjois-Suomen elinvoimakeskus", "EVK09"),
     ("Kainuun ELY-keskus", "ELY14"), ("Kainuu", "MK18"), ("", None)],
)  # fmt: skip
def test_an_agreement_says_in_which_area_it_lies(written: str, code: str | None) -> None:
    # An ELY centre may have ended since, and the type of the contract area is not its type.
    row = one("agreements", region="7", region_type="sopimusseutu", part_of=written)
    assert (row["region"], row["part_of"]) == ("SS07", code)


@pytest.mark.parametrize("written", ["KU205", "SS08", "SSS", "Atlantis"])
def test_an_agreement_lies_in_no_other_kind_of_area(written: str) -> None:
    assert why("agreements", part_of=written)[0] == "part_of"
    assert one("agreements")["part_of"] is None


def test_a_finding_names_documents_by_title_or_address() -> None:
    row = one("findings", documents="Katsaus, syksy 2025; https://example.org/a ;")
    assert row["documents"] == "Katsaus, syksy 2025;https://example.org/a"


@pytest.mark.parametrize(
    ("dataset", "first", "last"),
    [("plan_items", "starts_on", "ends_on"), ("network_events", "starts_on", "ends_on"),
     ("agreements", "signed_on", "valid_to"), ("network_members", "valid_from", "valid_to"),
     ("findings", "noted_on", "decided_on"), ("networks", "valid_from", "valid_to"),
     ("projects", "starts_on", "ends_on"), ("situation_reports", "drawn_up_on", "confirmed_on"),
     ("indicator_choices", "valid_from", "valid_to")],
)  # fmt: skip
def test_what_ends_before_it_starts_is_refused(dataset: str, first: str, last: str) -> None:
    column, reason = why(dataset, **{first: "2026-05-02", last: "2026-05-01"})
    assert (column, reason) == (last, f"2026-05-01 lies before {first} (2026-05-02)")
    assert one(dataset, **{first: "2026-05-02", last: "2026-05-02"})[last] == date(2026, 5, 2)


@pytest.mark.parametrize(
    ("dataset", "cells"),
    [
        ("transfers", {"region": "KU588"}),
        ("plan_basics", {"region": "KU588"}),
        ("plan_items", {"region": "KU588"}),
        ("meetings", {"region": "KU588"}),
        ("survey_answers", {"region": "KU588"}),
        ("network_events", {"region": "KU588"}),
        ("strategy_goals", {"region": "KU588", "assessed_on": "2026-01-01"}),
        ("rdi_services", {"region": "KU588"}),
        ("agreements", {"region": "KU588", "signed_on": "2025-01-01"}),
        ("network_members", {"region": "KU588", "valid_from": "2025-01-01"}),
        ("documents", {"region": "KU588"}),
        ("findings", {"region": "KU588"}),
        ("projects", {"region": "KU588", "starts_on": "2025-01-01"}),
        ("situation_reports", {"region": "KU588", "year": "2025"}),
        ("indicator_choices", {"region": "KU588", "valid_from": "2025-01-01"}),
    ],
)
def test_a_region_that_had_ended_by_the_day_is_refused_with_its_successor(
    dataset: str, cells: dict[str, str]
) -> None:
    column, reason = why(dataset, **cells)
    assert column == "region"
    assert reason == "KU588 Pertunmaa ended on 2025-01-01; report KU507 Mäntyharju instead"


@pytest.mark.parametrize(
    ("dataset", "column", "text", "reason"),
    [
        ("plan_basics", "year", "26", "is not a year"),
        ("plan_basics", "year", "1989", "is not a year"),
        ("plan_basics", "year", "2101", "is not a year"),
        ("plan_basics", "budget_eur", "-1", "cannot be negative"),
        ("plan_items", "progress_pct", "101", "write 0 to 100"),
        ("plan_items", "progress_pct", "-1", "write 0 to 100"),
        ("plan_items", "status", "puolivalmis", "write one of not_started"),
        ("meetings", "attendees", "-1", "is not a count"),
        ("meetings", "attendees", "2,5", "is not a count"),
        ("meetings", "attendees", "1e9", "too large a count"),
        ("meetings", "planned_on", "2101-01-01", "beyond every plan"),
        ("meetings", "planned_on", "1989-12-31", "before anything"),
        ("agreements", "signed_on", "2026-11-23", "lies in the future"),
        ("survey_answers", "answered_on", "huomenna", "is not a day"),
        ("strategy_goals", "region", "Atlantis", "not a region"),
        ("networks", "meeting_months", "2; 13", "'13' is no month"),
        ("networks", "meeting_months", "joskus", "'joskus' is no month"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(
    dataset: str, column: str, text: str, reason: str
) -> None:
    found, told = why(dataset, **{column: text})
    assert (found, reason in told) == (column, True), told


def test_a_region_as_reasons_and_templates_write_it_is_understood() -> None:
    assert one("measurements", region="KU205 Kajaani")["region"] == "KU205"
    assert one("measurements", region="ku205  kajana")["region"] == "KU205"
    assert why("measurements", region="KU205 Oulu")[0] == "region"


def test_a_bad_type_of_region_is_told_once_and_not_of_the_region_too() -> None:
    assert set(whys("rdi_services", region="Kajaani", region_type="kylä")) == {"region_type"}
    assert set(whys("rdi_services", region="", region_type="kylä")) == {"region", "region_type"}


# -- which record a row is -----------------------------------------------------------------------

#: Cells beyond the minimal row that are part of the key.
KEY_CELLS = {
    "plan_items": {"segment": "large"},
    "strategy_goals": {"region": "MK18", "assessed_on": "2026-01-01"},
    "network_members": {"region": "MK18", "group": "working_group"},
    "network_events": {"starts_on": "2026-04-14"},
    "projects": {"region": "MK18"},
    "goals": {"segment": "large", "by_when": "2027", "set_by": "council"},
    "reporting_duties": {
        "indicator": "advice_events", "regions": "SK181;SK182", "valid_from": "2025-01-01",
    },
}  # fmt: skip
#: Another value for each kind of key cell; of the others the text with something behind it.
ANOTHER = {
    "indicator": "unemployed", "dataset": "meetings", "regions": "MK01", "by_when": "2028",
    "region": "MK01", "year": "2025", "segment": "founder", "status": "done",
}  # fmt: skip


@pytest.mark.parametrize("dataset", RECORD_KEYS)
def test_a_record_is_the_same_whatever_else_its_row_says(dataset: str) -> None:
    row = GOOD[dataset][1] | KEY_CELLS.get(dataset, {})
    kinds = {c.name: c.kind for c in DATASETS[dataset].columns}
    key = one(dataset, **row)["record_key"]
    assert re.fullmatch("[0-9a-f]{32}", key)
    typed = {
        name: f"  {cell.upper()} " if kinds[name] is Kind.TEXT else f" {cell} "
        for name, cell in row.items()
    }
    assert one(dataset, **typed)["record_key"] == key
    delivered = {
        "respondent": "respondent_key", "answered_on": "year", "dataset": "reported_dataset",
    }  # fmt: skip
    of_key = [name for name in row if delivered.get(name, name) in RECORD_KEYS[dataset]]
    found = {key}
    for name in of_key:
        if kinds[name] in (Kind.DAY, Kind.PLANNED_DAY):
            other = "2019-02-03"
        else:
            other = ANOTHER.get(name, f"{row[name]} b")
        found.add(one(dataset, **row | {name: other})["record_key"])
    assert len(found) == 1 + len(of_key)


def test_the_parts_of_a_key_are_kept_apart() -> None:
    one_way = one("rdi_services", service="a b", provider="c")["record_key"]
    assert one_way != one("rdi_services", service="a", provider="b c")["record_key"]


def test_a_respondent_who_answers_again_within_the_year_corrects_the_answer() -> None:
    first = one("survey_answers")
    again = one("survey_answers", answered_on="2025-12-01", answer="5")
    later = one("survey_answers", answered_on="2026-10-01")
    assert first["record_key"] == again["record_key"] != later["record_key"]


# -- taking a record back --------------------------------------------------------------------------

RECORDS_AND_EVENTS = sorted(set(DATASETS) - {"measurements"})


@pytest.mark.parametrize("dataset", RECORDS_AND_EVENTS)
@pytest.mark.parametrize("header", ["withdrawn", "Poistettu", "peruttu rivi"])
def test_the_row_as_it_was_with_the_flag_added_takes_the_record_back(
    dataset: str, header: str
) -> None:
    row = GOOD[dataset][1] | KEY_CELLS.get(dataset, {})
    before = one(dataset, **row)
    after = one(dataset, **row, **{header: "kyllä"})
    assert (before["withdrawn"], after["withdrawn"]) == (None, True)
    assert after | {"withdrawn": None} == before
    assert one(dataset, **row, **{header: "ei"})["withdrawn"] is False


def test_a_measurement_is_taken_back_by_an_empty_value_not_by_the_flag() -> None:
    found = read("measurements", [MEASUREMENT | {"withdrawn": "yes"}])
    assert found.delivery.notes == "columns not in the contract: withdrawn"
    assert "withdrawn" not in found.rows[0]


def test_a_row_that_is_taken_back_need_not_be_right() -> None:
    # The municipality has ended since the service was delivered: its rule must not keep it there.
    row = {"region": "KU588", "service": "lab", "provider": "UAS"}
    assert why("rdi_services", region="KU588", withdrawn="no")[0] == "region"
    assert one("rdi_services", **row, withdrawn="x")["withdrawn"] is True


def test_a_row_that_is_taken_back_must_still_say_which_one_it_is() -> None:
    assert why("meetings", planned_on="", withdrawn="yes") == ("planned_on", "planned_on is empty")
    assert why("meetings", planned_on="soon", withdrawn="yes")[0] == "planned_on"
    assert "write one of yes (kyllä), no (ei)" in why("meetings", withdrawn="ehkä")[1]


# -- batches -------------------------------------------------------------------------------------


def test_rows_come_in_batches_of_bounded_size_and_none_is_lost_between_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assets.landing.delivery.BATCH_ROWS", 4)
    rows = [MEASUREMENT | {"value": "x" if n % 3 == 0 else str(n)} for n in range(10)]
    found = read("measurements", rows)
    assert [b.accepted.num_rows + b.rows_rejected for b in found.batches] == [4, 4, 2]
    assert [row["value"] for row in found.rows] == [1, 2, 4, 5, 7, 8]
    assert [reject.line for reject in found.rejected] == [2, 5, 8, 11]


def test_rows_of_long_texts_come_in_batches_of_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.landing.delivery.BATCH_CHARACTERS", 300)
    found = read("measurements", [MEASUREMENT | {"note": "n" * 200}] * 5)
    assert [batch.accepted.num_rows for batch in found.batches] == [2, 2, 1]


# -- lines that hold several values ----------------------------------------------------------------

WIDE = (
    "Region;Enterprise openings 1st quarter;Change in quantity QI/10-QI/09;"
    "Enterprise closures 4th quarter\n"
)


def test_each_value_of_a_line_is_a_row_that_is_accepted_or_quarantined() -> None:
    found = read(
        "measurements", WIDE + "Kainuu;61;5;40\nAtlantis;1;2;3\nLapland;x;1;90\n", "statfin"
    )
    assert [(row["line"], row["indicator"], row["period"]) for row in found.rows] == [
        (2, "enterprises_started", "2010-Q1"),
        (2, "enterprises_closed", "2009-Q4"),
        (4, "enterprises_closed", "2009-Q4"),
    ]
    # Line and column tell the rows of a line apart.
    assert [(reject.line, reject.column) for reject in found.rejected] == [
        (3, "Enterprise openings 1st quarter"),
        (3, "Enterprise closures 4th quarter"),
        (4, "Enterprise openings 1st quarter"),
    ]
    assert found.rejected[0].reason.startswith("region: 'Atlantis' is not")
    assert found.rows_delivered == 6


# -- words -----------------------------------------------------------------------------------------


def test_every_list_of_words_is_used_and_no_word_of_a_list_means_two_things() -> None:
    words = Catalogue.load().words
    used = {c.words for dataset in DATASETS.values() for c in dataset.columns if c.words}
    # Answers and topics of advice are free text that is compared with a list, never refused by it.
    assert used | {"answer", "advice_topic"} == set(words)
    for name, listed in words.items():
        codes: dict[str, str] = {}
        for word in listed:
            for written in (word.code, *word.names, *word.aliases):
                assert codes.setdefault(fold_header(written), word.code) == word.code, (
                    name,
                    written,
                )


# -- nothing is lost, whatever is delivered ------------------------------------------------------

words = st.text(max_size=20) | st.sampled_from(
    ["Kuopio", "MK18", "2025", "31.12.9999", "0001-01-01", "1e29", "-1", "...", "O", "EUR", "€",
     "0112038-9", "unemployed", "advice_events", "investment", "founder", '"', '"a\n;b"', "\x85"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    dataset=st.sampled_from(sorted(DATASETS)),
    count=st.integers(0, 4),
    source=st.sampled_from(sorted(Catalogue.load().sources)),
)
def test_any_text_in_any_cell_is_delivered_as_accepted_or_quarantined(
    data: st.DataObject, dataset: str, count: int, source: str
) -> None:
    columns = [column.name for column in DATASETS[dataset].columns]
    good = GOOD[dataset][1]
    rows = [
        dict.fromkeys(columns, "")
        | good
        | data.draw(st.dictionaries(st.sampled_from(columns), words))
        for _ in range(count)
    ]
    filled = sum(any(cell.strip() for cell in row.values()) for row in rows)
    text = csv_text(rows) if rows else ",".join(columns)
    with contextlib.suppress(UnreadableDelivery):
        assert read(dataset, text, source).rows_delivered == filled


@settings(max_examples=150, deadline=None)
@given(
    dataset=st.sampled_from(sorted(DATASETS)),
    tail=st.binary(max_size=300) | st.text(alphabet=',;\t"\n\r a1.\x00').map(str.encode),
    headed=st.booleans(),
)
def test_any_bytes_are_accepted_quarantined_or_unreadable(
    dataset: str, tail: bytes, headed: bool
) -> None:
    head = (",".join(DATASETS[dataset].required) + "\n").encode() if headed else b""
    with contextlib.suppress(UnreadableDelivery):
        read(dataset, head + tail)


# -- business keys -------------------------------------------------------------------------------


@pytest.fixture
def no_given_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv("TILANNEKUVA_HASH_KEY", raising=False)
    monkeypatch.setattr(keys, "PROJECT_ROOT", tmp_path)
    return tmp_path


def test_a_business_key_is_a_keyed_hash_and_never_the_id(
    no_given_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_HASH_KEY", "one")
    first = business_key_maker(no_given_key)
    monkeypatch.setenv("TILANNEKUVA_HASH_KEY", "two")
    second = business_key_maker(no_given_key)
    found = {first("0112038-9"), second("0112038-9"), first("1572860-0")}
    assert len(found) == 3
    assert all(len(key) == 32 and "0112038" not in key for key in found)
    assert not (no_given_key / "hash.key").exists()


def test_a_deployment_without_a_key_makes_one_that_stays_and_is_its_own(no_given_key: Path) -> None:
    first = business_key_maker(no_given_key / "a")("0112038-9")
    assert business_key_maker(no_given_key / "a")("0112038-9") == first
    assert business_key_maker(no_given_key / "b")("0112038-9") != first
    assert (no_given_key / "a" / "hash.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (no_given_key / "a").iterdir()] == ["hash.key"]


def test_a_key_in_the_env_file_counts_like_one_in_the_environment(
    no_given_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (no_given_key / ".env").write_text("TILANNEKUVA_HASH_KEY=one\n", encoding="utf-8")
    from_file = business_key_maker(no_given_key)("0112038-9")
    monkeypatch.setenv("TILANNEKUVA_HASH_KEY", "one")
    assert business_key_maker(no_given_key)("0112038-9") == from_file
