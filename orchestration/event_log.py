"""Dagster's SQLite event log with connections that stay open for a run.

Dagster opens an engine and a connection for every event that it stores, and closing the last
connection to a database makes SQLite write its log back and remove it. A refresh stores thousands
of events: that was a fifth of its processor time and more of its duration.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import dagster as dg
import sqlalchemy as db
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS


@contextlib.contextmanager
def kept_open(instance: dg.DagsterInstance) -> Iterator[None]:
    """Keep the databases of an instance's event log open; every event is committed as before.

    Another kind of storage stays as it is.
    """
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        yield
        return
    opened = _Opened(storage)
    storage._connect = opened.connect  # type: ignore[method-assign]
    try:
        yield
    finally:
        del storage._connect
        opened.close()


class _Opened:
    """The databases of an event log: one of each run, and one that is searched across runs."""

    def __init__(self, storage: SqliteEventLogStorage) -> None:
        self._storage = storage
        self._engines: dict[str, db.Engine] = {}

    @contextlib.contextmanager
    def connect(self, shard: str) -> Iterator[db.Connection]:
        """A transaction on a database, one at a time, as in the method that this stands for."""
        with self._storage._db_lock:
            if shard not in self._engines:
                self._engines[shard] = self._open(shard)
            with self._engines[shard].begin() as connection:
                yield connection

    def _open(self, shard: str) -> db.Engine:
        engine = db.create_engine(
            self._storage.conn_string_for_shard(shard),
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
        )
        db.event.listen(engine, "connect", _without_waiting_for_the_disk)
        if shard not in self._storage._initialized_dbs:
            self._storage._initdb(engine)
            self._storage._initialized_dbs.add(shard)
        return engine

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()


def _without_waiting_for_the_disk(connection: sqlite3.Connection, _: object) -> None:
    """Loss of power may cost the newest events, as SQLite promises of WAL, and never the log."""
    connection.execute("pragma synchronous = normal")
