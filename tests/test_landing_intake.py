"""Rows of a delivery to typed rows, or to quarantine with line, column, reason and the row."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.errors import UnreadableDelivery
from assets.landing.datasets import DATASETS
from assets.landing.intake import LandingIntake
from assets.raw import keys
from assets.raw.content import Content
from assets.raw.keys import business_key_maker
from assets.raw.schemas import SHAPES
from assets.raw.zone import Delivery, Rejected
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
    "plan_basics": ("coordinator", {"region": "SS07", "year": "2026"}),
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
    "rdi_services": ("council", {"region": "KU205", "service": "lab", "provider": "UAS"}),
    "agreements": ("coordinator", {"region": "SS07", "signed_on": "2024-05-20"}),
    "network_members": (
        "council", {"network": "food", "organisation": "ProAgria", "role": "member"},
    ),
    "documents": (
        "council",
        {"title": "Review", "publisher": "The council", "published_on": "2025-10-01"},
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


def intake() -> LandingIntake:
    return LandingIntake(Catalogue.load(), lambda text: f"key of {text}", TODAY)


def read(dataset: str, content: Rows | str | bytes, source: str | None = None) -> Read:
    if not isinstance(content, str | bytes):
        content = csv_text(content)
    return Read(
        intake().read(
            source or GOOD[dataset][0],
            dataset,
            Content(content.encode() if isinstance(content, str) else content),
            file="delivery.csv",
            origin="landing/delivery.csv",
            delivered_at=datetime(2026, 4, 1, tzinfo=UTC),
        )
    )


def one(dataset: str, source: str | None = None, **cells: str) -> dict[str, Any]:
    """The single accepted row of a good delivery with some of its cells changed."""
    found = read(dataset, [GOOD[dataset][1] | cells], source)
    assert found.rejected == []
    (row,) = found.rows
    return row


def whys(dataset: str, source: str | None = None, **cells: str) -> dict[str, str]:
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


def why(dataset: str, source: str | None = None, **cells: str) -> tuple[str, str]:
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


@pytest.mark.parametrize("text", ["", ".", "..", "...", "…"])
@pytest.mark.parametrize(
    ("status", "kept"), [("", "O"), ("M", "M"), ("L", "L"), ("Q", "Q"), ("q", "Q"), ("A", "O")]
)
def test_a_missing_value_is_never_a_zero_and_keeps_why_it_is_missing(
    text: str, status: str, kept: str
) -> None:
    row = one("measurements", value=text, status=status)
    assert row["value"] is None
    assert row["obs_status"] == kept


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
        origin = {"source", "dataset", "vintage"}
        assert list(accepted) == [f.name for f in SHAPES[dataset] if f.name not in origin]


# -- what goes to quarantine -------------------------------------------------------------------


def test_an_unknown_indicator_is_refused_with_a_hint() -> None:
    column, reason = why("measurements", indicator="unemploied")
    assert column == "indicator"
    assert "did you mean unemployed?" in reason


def test_a_source_that_the_catalogue_does_not_name_for_the_indicator_is_refused() -> None:
    column, reason = why("measurements", indicator="population")
    assert column == "indicator"
    assert "does not name employment_area as a source of population" in reason
    assert "indicator_sources.csv" in reason


def test_an_ambiguous_region_is_refused_with_the_codes() -> None:
    column, reason = why("measurements", region="Kuopio")
    assert column == "region"
    assert reason.endswith("KU297, SK112, TA17")


def test_a_bad_period_is_refused_with_how_to_write_one() -> None:
    column, reason = why("measurements", period="2025-13")
    assert column == "period"
    assert "write 2025, 2025-S1" in reason


@pytest.mark.parametrize("value", ["kaksitoista", "-", "12 kpl", "nan", "inf", "1e40", "#N/A"])
def test_text_as_a_value_is_refused(value: str) -> None:
    column, reason = why("measurements", value=value)
    assert column == "value"
    assert repr(value) in reason


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


@pytest.mark.parametrize("business_id", ["0112038-8", "01120389", "131052-308T"])
def test_a_bad_business_id_is_refused_and_not_repeated_in_the_published_reason(
    business_id: str,
) -> None:
    column, reason = why("advice_events", business_id=business_id)
    assert column == "business_id"
    assert "business id" in reason
    assert business_id not in reason


def test_an_unknown_segment_or_purpose_is_refused_with_the_choices() -> None:
    assert "write one of total, founder" in why("advice_events", segment="muut")[1]
    assert "write development or investment" in why("funding_decisions", purpose="muu")[1]


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


def test_refusing_the_same_text_in_many_rows_holds_on_to_nothing() -> None:
    reader = intake()
    depths = set()
    for _ in range(5):
        with pytest.raises(ValueError, match="is not a period") as refused:
            reader._understand(DATASETS["measurements"].columns[2].kind, "2025-13")
        depths.add(len(refused.traceback))
    assert len(depths) == 1


# -- nothing is lost, whatever is delivered ------------------------------------------------------

words = st.text(max_size=20) | st.sampled_from(
    ["Kuopio", "MK18", "2025", "31.12.9999", "0001-01-01", "1e29", "-1", "...", "O", "EUR", "€",
     "0112038-9", "unemployed", "advice_events", "investment", "founder", '"', '"a\n;b"', "\x85"]
)  # fmt: skip


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
    text = csv_text(rows) if rows else ",".join(columns)
    with contextlib.suppress(UnreadableDelivery):
        found = read(dataset, text, source)
        # A row of blanks is none; every other one is told of.
        assert count - blank <= found.rows_delivered <= count


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
