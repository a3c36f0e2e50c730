"""The sensor on the landing zone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import dagster as dg
import pytest

from assets.settings import Settings
from orchestration.landing_watch import landing_state
from tests.conftest import Drop


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:
        yield instance


@pytest.fixture
def evaluate(settings: Settings, instance: dg.DagsterInstance):
    from orchestration.definitions import build_defs

    repository = build_defs(lambda: settings).get_repository_def()
    sensor = repository.get_sensor_def("landing_watch")

    def once(cursor: str | None):
        context = dg.build_sensor_context(
            instance=instance, cursor=cursor, repository_def=repository
        )
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


def test_a_run_that_failed_is_asked_for_again_three_times_in_all(
    settings: Settings, drop: Drop, evaluate, instance: dg.DagsterInstance
) -> None:
    @dg.job
    def refresh() -> None:
        pass

    def ended(key: str, status: dg.DagsterRunStatus) -> None:
        instance.create_run_for_job(refresh, status=status, tags={"dagster/run_key": key})

    drop("council", "measurements", "new.csv", [{"indicator": "own_studies"}])
    keys, cursor = [], None
    for _ in range(5):
        runs, cursor, _ = evaluate(cursor)
        if runs:
            keys.append(runs[0].run_key)
            ended(runs[0].run_key, dg.DagsterRunStatus.FAILURE)
    assert len(set(keys)) == len(keys) == 3

    drop("council", "measurements", "newer.csv", [{"indicator": "own_studies"}])
    runs, cursor, _ = evaluate(cursor)
    ended(runs[0].run_key, dg.DagsterRunStatus.SUCCESS)
    assert not evaluate(cursor)[0]


def test_a_file_on_its_way_is_waited_for(settings: Settings, drop: Drop, evaluate) -> None:
    path = drop("council", "measurements", "new.csv", [{"indicator": "own_studies"}])
    just_now = time.time() - 1
    os.utime(path, (just_now, just_now))
    runs, _, said = evaluate(None)
    assert not runs
    assert "on its way" in said


def test_office_lock_files_are_no_deliveries(settings: Settings, drop: Drop) -> None:
    before, _ = landing_state(settings)
    drop("council", "measurements", "~$new.xlsx", b"lock")
    assert landing_state(settings)[0] == before
