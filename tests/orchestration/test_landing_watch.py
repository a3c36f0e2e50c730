"""The sensor on the landing zone."""

from __future__ import annotations

import os

import dagster as dg
import pytest

from assets.settings import Settings
from orchestration.landing_watch import landing_state
from tests.conftest import Drop


@pytest.fixture
def evaluate(settings: Settings):
    from orchestration.definitions import build_defs

    repository = build_defs(lambda: settings).get_repository_def()
    sensor = repository.get_sensor_def("landing_watch")

    def once(cursor: str | None):
        context = dg.build_sensor_context(cursor=cursor, repository_def=repository)
        result = sensor.evaluate_tick(context)
        return result.run_requests, context.cursor, result.skip_message

    return once


def test_a_new_delivery_starts_one_refresh(settings: Settings, drop: Drop, evaluate) -> None:
    _, cursor, _ = evaluate(None)
    runs, cursor, said = evaluate(cursor)
    assert not runs
    assert "Nothing has changed" in said

    drop("council", "measurements", "new.csv", [{"indicator": "own_studies"}])
    runs, cursor, _ = evaluate(cursor)
    assert len(runs) == 1
    runs, _, _ = evaluate(cursor)
    assert not runs


def test_a_file_on_its_way_is_waited_for(settings: Settings, drop: Drop, evaluate) -> None:
    path = drop("council", "measurements", "new.csv", [{"indicator": "own_studies"}])
    just_now = settings.now().timestamp() - 1
    os.utime(path, (just_now, just_now))
    runs, _, said = evaluate(None)
    assert not runs
    assert "on its way" in said


def test_office_lock_files_are_no_deliveries(settings: Settings, drop: Drop) -> None:
    before, _ = landing_state(settings)
    drop("council", "measurements", "~$new.xlsx", b"lock")
    assert landing_state(settings)[0] == before
