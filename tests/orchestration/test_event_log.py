"""The event log of a refresh: databases stay open, and others read what is stored meanwhile."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from orchestration.event_log import kept_open


@dg.asset
def figures() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rows": 3})


def materialised(instance: dg.DagsterInstance) -> list[object]:
    """Rows of each materialisation, the newest first."""
    found = instance.fetch_materializations(figures.key, limit=10).records
    return [
        record.asset_materialization.metadata["rows"].value
        for record in found
        if record.asset_materialization is not None
    ]


def run(instance: dg.DagsterInstance) -> str:
    done = dg.materialize([figures], instance=instance)
    assert done.success
    return done.run_id


def test_events_are_stored_without_opening_a_database_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        dg.DagsterInstance.local_temp(str(tmp_path)) as another,
    ):
        with kept_open(instance):
            with monkeypatch.context() as patched:
                patched.setattr(SqliteEventLogStorage, "_connect", None)
                runs = [run(instance), run(instance)]
            # While the databases are open, and after a run whose database is another one.
            assert materialised(another) == [3, 3]
            for run_id in runs:
                assert another.all_logs(run_id, of_type=dg.DagsterEventType.RUN_SUCCESS)

        run(instance)
        assert materialised(another) == materialised(instance) == [3, 3, 3]


def test_a_log_that_is_not_in_files_stays_as_it_is() -> None:
    with dg.DagsterInstance.ephemeral() as instance, kept_open(instance):
        run(instance)
        assert materialised(instance) == [3]
