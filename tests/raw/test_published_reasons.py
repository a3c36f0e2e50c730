"""Reasons for quarantine as they are published: they help, and tell nothing of anybody."""

from __future__ import annotations

import duckdb
import pytest

from assets.catalogue import Catalogue
from assets.deliveries import Deliveries
from assets.raw.reasons import published_reason
from assets.settings import Settings
from tests.conftest import Drop

CATALOGUE = Catalogue.load()


@pytest.mark.parametrize(
    ("dataset", "column", "reason"),
    [
        ("measurements", "indicator", "'service_usres' is not an indicator of the catalogue"),
        ("measurements", "region", "'Kuopio' names 3 regions; write the code: KU297, SK112"),
        ("advice_events", "happened_on", "'31.2.2025' is not a day; write it as 2025-03-15"),
        ("funding_decisions", "amount_eur", "'1,2,3' is not a number"),
        ("meetings", "group", "'ohjausryhmä 2' is not understood here"),
        ("measurements", "region", "KU588 Pertunmaa ended on 2025-01-01; report KU507 instead"),
        ("measurements", "period", "'2024-13' is not a period; write 2024-07-01/2025-06-30"),
    ],
)
def test_what_helps_is_told(dataset: str, column: str, reason: str) -> None:
    assert published_reason(dataset, column, reason) == reason


@pytest.mark.parametrize(
    ("dataset", "column", "reason", "told"),
    [
        # Shifted columns: what the customer said stands where the segment should.
        ("advice_events", "segment", "'Konkurssi' is not a segment", "'…' is not a segment"),
        ("transfers", "region", "'Maija Mallikas' is no region", "'…' is no region"),
        ("transfers", "region", '"Maija\'s" is no region', "'…' is no region"),
        ("survey_answers", "answered_on", "'0401234567890' is not a day", "'…' is not a day"),
        ("measurements", "value", "'1234567-8' is not a number", "'…' is not a number"),
        ("measurements", "value", "'12345678' is not a number", "'…' is not a number"),
        ("measurements", "value", "'010190-123A' is not a number", "'…' is not a number"),
        ("measurements", "note", "'short' is wrong", "'…' is wrong"),
        ("measurements", "region", "'soitti ja kertoi että' is wrong", "'…' is wrong"),
        ("measurements", "region", f"'{'a' * 41}' is wrong", "'…' is wrong"),
        ("documents", "url", "FI12345678 and 010190A123B here", "… and … here"),
        (
            "advice_events",
            "",
            "No header row was found. The nearest row reads: e-1, Maija, 1234567-1.",
            "No header row was found. The nearest row reads: …",
        ),
    ],
)
def test_what_could_be_a_name_an_id_or_a_story_is_not(
    dataset: str, column: str, reason: str, told: str
) -> None:
    assert published_reason(dataset, column, reason) == told


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
