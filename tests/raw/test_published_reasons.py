"""Reasons for quarantine as they are published: they help, and tell nothing of anybody."""

from __future__ import annotations

import json

import duckdb
import pyarrow.parquet as pq
import pytest

from assets.catalogue import Catalogue
from assets.deliveries import Deliveries
from assets.languages import LANGUAGES, Text
from assets.raw.reasons import HIDDEN, published_reason
from assets.settings import Settings
from assets.vocabulary.reasons import REASONS, Reason
from tests.conftest import Drop

CATALOGUE = Catalogue.load()


def quoted(text: str) -> Reason:
    return Reason("not_a_number", text=text)


@pytest.mark.parametrize(
    ("dataset", "column", "reason"),
    [
        ("measurements", "indicator", Reason("not_an_indicator", text="service_usres", hint="")),
        (
            "measurements",
            "region",
            Reason("several_regions", text="Kuopio", count=3, codes=Text(
                fi="KU297",
                sv="KU297",
                en="KU297, SK112",
            )),
        ),
        ("advice_events", "happened_on", Reason("not_a_day", text="31.2.2025")),
        ("funding_decisions", "amount_eur", quoted("1,2,3")),
        ("meetings", "group", Reason("not_a_word", text="ohjausryhmä 2", known="a, b")),
        ("advice_events", "region", Reason("region_ended", region="KU588 Pertunmaa",
         day="2025-01-01", instead=Reason("report_instead", into="KU507 Mäntyharju"))),
        ("measurements", "period", Reason("not_a_period", text="2024-13")),
        ("measurements", "", Reason("reader_message", message="The table 'x' has no 'id'.")),
        ("transfers", "", Reason("xls_too_large", size=12_345_678, most=99)),
    ],
)  # fmt: skip
def test_what_helps_is_published(dataset: str, column: str, reason: Reason) -> None:
    published = published_reason(dataset, column, reason)
    assert (published, published.of("fi")) == (reason, reason.of("fi"))


@pytest.mark.parametrize(
    ("dataset", "column", "reason"),
    [
        # Shifted columns: what the customer said stands where the segment should.
        ("advice_events", "segment", quoted("Konkurssi")),
        ("transfers", "region", quoted("Maija Mallikas")),
        ("transfers", "region", quoted("Maija's")),
        ("survey_answers", "answered_on", quoted("0401234567890")),
        ("measurements", "value", quoted("1234567-8")),
        ("measurements", "value", quoted("12345678")),
        ("measurements", "value", quoted("010190-123A")),
        ("documents", "url", quoted("FI12345678")),
        ("measurements", "note", quoted("short")),
        ("measurements", "region", quoted("soitti ja kertoi että")),
        ("measurements", "region", quoted("a" * 41)),
        ("advice_events", "", Reason("reader_message", message="Maija soitti")),
        ("measurements", "", Reason("reader_message", message="see 1234567-8")),
    ],
)
def test_what_could_be_a_name_an_id_or_a_story_is_not(
    dataset: str, column: str, reason: Reason
) -> None:
    published = published_reason(dataset, column, reason)
    (delivered,) = reason.given.values()
    for text in (*map(published.of, LANGUAGES), published.parameters()):
        assert str(delivered) not in text
        assert HIDDEN in text


def test_a_parameter_that_nobody_declared_is_published_only_where_a_quotation_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        REASONS,
        "new",
        Text(
            fi="{whatever} on väärin",
            sv="{whatever} är fel",
            en="{whatever} is wrong",
        ),
    )  # type: ignore[attr-defined]
    reason = Reason("new", whatever="Maija soitti")
    assert published_reason("measurements", "region", reason) == reason
    assert published_reason("transfers", "region", reason) == "… is wrong"


def test_the_nearest_row_of_a_file_of_customers_is_not_published() -> None:
    reason = Reason("no_header", required="a", dataset="advice_events", rows=30, missing="a",
                    nearest=Reason("nearest_row", row="e-1 | Maija | 1234567-1"))  # fmt: skip
    published = published_reason("advice_events", "", reason)
    assert "columns a of advice_events" in published
    assert published.endswith("The nearest row reads: ….")


def test_the_index_has_published_reasons_and_the_folder_the_whole_ones(
    settings: Settings, drop: Drop
) -> None:
    secret = "Maija kertoi konkurssista"
    row = {"event_id": "a", "region": secret, "happened_on": "2026-01-02", "topic": "SK182"}
    drop("proagria", "advice_events", "shifted.csv", [row])
    drop("evk", "advice_events", "headless.csv", f"{secret};1234567-1\n{secret};2\n")
    deliveries = Deliveries(settings, CATALOGUE, {})
    deliveries.prepare()
    for source in ("proagria", "evk"):
        deliveries.take_in(source, "advice_events")
    deliveries.zone.write_index()

    def reasons(files: str) -> list[str]:
        rows = duckdb.sql(f"select reason from read_parquet('{files}')").fetchall()
        return [reason for (reason,) in rows]

    index = reasons(f"{settings.raw_dir}/_index/quarantine.parquet")
    whole = reasons(f"{settings.quarantine_dir}/*/*/*.parquet")
    assert len(index) == len(whole) == 2
    assert not any(secret in reason for reason in index)
    assert all(secret in reason for reason in whole)


def test_quarantine_of_an_earlier_release_is_read(settings: Settings, drop: Drop) -> None:
    drop("coordinator", "measurements", "x.csv", "indicator,region,period,value\nx,y,soon,12\n")
    deliveries = Deliveries(settings, CATALOGUE, {})
    deliveries.take_in("coordinator", "measurements")
    (path,) = settings.quarantine_dir.glob("*/*/*.parquet")
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["reason_code", "reason_parameters"]), path)
    assert deliveries.zone.write_index()["quarantine"] == table.num_rows == 2
    index = pq.read_table(settings.raw_dir / "_index" / "quarantine.parquet").to_pylist()
    assert {row["reason_code"] for row in index} == {"earlier_release"}
    assert [row["column"] for row in index] == table.column("column").to_pylist()


def test_a_whole_file_of_an_earlier_release_gets_its_code_when_it_is_tried_again(
    settings: Settings, drop: Drop
) -> None:
    drop("coordinator", "measurements", "x.csv", "\x00\x01")
    Deliveries(settings, CATALOGUE, {}).take_in("coordinator", "measurements")
    (path,) = settings.quarantine_dir.glob("*/*/*.parquet")
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["reason_code", "reason_parameters"]), path)
    Deliveries(settings, CATALOGUE, {}).take_in("coordinator", "measurements")
    (row,) = pq.read_table(path).to_pylist()
    assert (row["file"], row["line"]) == ("coordinator/measurements/x.csv", 0)
    assert row["reason_code"] not in (None, "earlier_release")


def test_the_index_has_code_and_every_language_and_nothing_that_was_delivered(
    settings: Settings, drop: Drop
) -> None:
    drop("coordinator", "measurements", "x.csv", "indicator,region,period,value\n"
         "meeting_activity,Atlantis,2025,87.5\n")  # fmt: skip
    deliveries = Deliveries(settings, CATALOGUE, {})
    deliveries.take_in("coordinator", "measurements")
    deliveries.zone.write_index()
    (row,) = pq.read_table(settings.raw_dir / "_index" / "quarantine.parquet").to_pylist()
    assert "delivered" not in row
    assert row["reason_code"] == "not_a_region"
    assert json.loads(row["reason_parameters"]) == {"text": "Atlantis", "hint": ""}
    assert row["reason"] == "'Atlantis' is not a region of the catalogue"
    assert row["reason_fi"].startswith("'Atlantis' ei ole luettelon alue")
    assert row["reason_sv"].startswith("'Atlantis' är inte ett område i förteckningen")
