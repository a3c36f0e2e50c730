"""A refresh that publishes nothing: what it took in is known from the next publication on."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from assets.raw.knowledge import Knowledge
from assets.settings import Settings
from tests.engine import Engine

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 9)


def test_what_nobody_was_shown_is_no_version_and_no_revision(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("unpublished")
    engine = Engine(
        Settings(home=folder / "home", sources="landing", today=FIRST, today_is_set=True), folder
    )

    def on(day: date, value: int, amount: int, *, is_published: bool) -> None:
        engine.settings = dataclasses.replace(engine.settings, today=day)
        engine.drop("statfin", "measurements", [
            {"indicator": "unemployed", "region": "MK18", "period": "2026-07", "value": value},
        ])  # fmt: skip
        engine.drop("evk", "funding_decisions", [
            {"decision_id": "E-1", "region": "MK18", "granted_on": "2026-05-04",
             "amount_eur": amount, "purpose": "development"},
        ])  # fmt: skip
        engine.take_in()
        if is_published:
            Knowledge(engine.settings).publish()

    on(FIRST, 100, 1_000, is_published=True)
    on(SECOND, 110, 1_100, is_published=False)
    on(THIRD, 120, 1_200, is_published=True)
    engine.build("fct_observation_vintages")
    found = engine.rows(
        "select indicator, value, timezone('Europe/Helsinki', known_from)::date, "
        "timezone('Europe/Helsinki', known_to)::date from fct_observation_vintages "
        "where region = 'MK18' and indicator in ('unemployed', 'development_funding') "
        "and period in ('2026-07', '2026-Q2') and segment = 'total' "
        "order by indicator, known_from"
    )
    assert found == [
        ("development_funding", 1_000, FIRST, THIRD),
        ("development_funding", 1_200, THIRD, None),
        ("unemployed", 100, FIRST, THIRD),
        ("unemployed", 120, THIRD, None),
    ]
