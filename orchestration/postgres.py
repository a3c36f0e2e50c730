"""A publication in PostgreSQL: the same tables, brought up to date row by row.

Tables, and what readers have put on them (views, grants, indexes), outlive every publication. Rows
are loaded into temporary tables first; then one transaction updates, deletes and inserts the rows
that differ. No statement of it locks out a reader: who reads sees the old publication until the
commit and the new one after it, and a transaction that stays open for an hour delays nobody.
Several statements that must see one publication run in one transaction `repeatable read`.

A changed column set is migrated in the same transaction, last, and only for the tables concerned:
a column is added, retyped or dropped. If a view needs what would go, nothing is changed, and the
error names the view.

What belongs here: statements for PostgreSQL. What does not: what is published (publishing.py).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from assets.errors import TilannekuvaError
from assets.postgres_address import PostgresAddress

SCHEMA = "marts"
#: Two publications at once would wait for each other's rows; the second waits here instead.
_LOCK = 7_215_520_301
#: How long a change of columns waits for readers of its table before it lets them pass, in ms.
_DDL_PATIENCE_MS = 2_000
_DDL_TRIES = 15
#: A transaction that could not get its lock in time.
_LOCK_NOT_AVAILABLE = "55P03"
_TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}


@dataclass(frozen=True)
class Column:
    """A published column.

    Attributes:
        name: as published.
        type: of PostgreSQL, as `format_type` prints it.
        comment: its description, or None.
    """

    name: str
    type: str
    comment: str | None = None


@dataclass(frozen=True)
class ForeignKey:
    """A column that refers to the key of a dimension."""

    column: str
    to_table: str
    to_column: str


@dataclass(frozen=True)
class Table:
    """A published table as PostgreSQL holds it.

    Attributes:
        name: as published.
        columns: in order.
        key: columns of the grain, the primary key; empty where the grain admits NULL.
        comment: its description, or None.
        foreign_keys: columns that refer to a dimension.
        indexes: column lists that readers filter by.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    comment: str | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = field(default=())

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]


def tables_of(marts: Path, keys: Mapping[str, Sequence[str]], **about: Any) -> list[Table]:
    """The tables of a publication, with types and comments of its DuckDB file.

    Args:
        marts: `marts.duckdb` of the publication.
        keys: the columns of each table's grain; these tables are loaded.
        about: `foreign_keys` and `indexes`, mappings by table name.

    Raises:
        TilannekuvaError: a column has a type that has no counterpart in PostgreSQL.
    """
    with duckdb.connect(str(marts), read_only=True) as con:
        rows = con.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns() "
            "where not internal order by table_name, column_index"
        ).fetchall()
        comments = dict(
            con.execute(
                "select table_name, comment from duckdb_tables() where not internal"
            ).fetchall()
        )
        empty_keys = {
            table
            for table, key in keys.items()
            if key
            and con.execute(
                f"select count(*) from {_name(table)} where "
                + " or ".join(f"{_name(column)} is null" for column in key)
            ).fetchone()
            != (0,)
        }
    columns: dict[str, list[Column]] = {}
    for table, column, kind, comment in rows:
        columns.setdefault(table, []).append(Column(column, _type(table, column, kind), comment))
    return [
        Table(
            name=table,
            columns=tuple(columns[table]),
            key=() if table in empty_keys else tuple(key),
            comment=comments.get(table),
            foreign_keys=tuple(about.get("foreign_keys", {}).get(table, ())),
            indexes=tuple(about.get("indexes", {}).get(table, ())),
        )
        for table, key in keys.items()
    ]


def _type(table: str, column: str, kind: str) -> str:
    if kind.startswith("DECIMAL("):
        return "numeric" + kind.removeprefix("DECIMAL").replace(", ", ",")
    try:
        return _TYPES[kind]
    except KeyError:
        raise TilannekuvaError(
            f"{table}.{column} has the type {kind}, which has no counterpart in PostgreSQL yet: "
            "add it to orchestration/postgres.py, or cast it in the mart."
        ) from None


def load(
    parquet: Path,
    tables: Sequence[Table],
    address: PostgresAddress,
    reader: str | None = None,
    afterwards: Sequence[str] = (),
    own_views: Sequence[str] = (),
) -> dict[str, int]:
    """Bring a database to the state of a publication.

    Args:
        parquet: folder with `<table>.parquet`.
        tables: what to load.
        address: the database.
        reader: a role that may read everything here; created where it does not exist.
        afterwards: statements of the same transaction, once the rows are there.
        own_views: views of the schema that `afterwards` creates: they give way to new columns.

    Returns:
        Rows that were inserted, updated or deleted, by table; 0 where nothing had changed.

    Raises:
        TilannekuvaError: the database cannot be reached or refuses, or a view needs a column that
            is published no longer; the old publication stays in the database.
    """
    with _connected(address) as session:
        return _Load(session, parquet, tables, reader, afterwards, own_views).run()


class _Session:
    """Statements over one connection; each commit ends a transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def run(self, statement: str) -> None:
        self._cursor.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(query)
        return list(self._cursor.fetchall())

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def ingest(self, name: str, rows: Any) -> None:
        self._cursor.adbc_ingest(name, rows, mode="create", temporary=True)

    def commit(self) -> None:
        self._connection.commit()

    def rollback(self) -> None:
        self._connection.rollback()


@contextmanager
def _connected(address: PostgresAddress) -> Iterator[_Session]:
    import adbc_driver_postgresql.dbapi as postgres

    try:
        connection = postgres.connect(address.url)
    except postgres.Error as error:
        raise TilannekuvaError(
            f"PostgreSQL at {address.shown} cannot be reached: {address.without_secrets(error)}"
        ) from None
    with connection:
        try:
            yield _Session(connection)
        except postgres.Error as error:
            raise TilannekuvaError(
                f"PostgreSQL at {address.shown} refused the publication: "
                f"{address.without_secrets(error)}"
            ) from None


class _Load:
    def __init__(
        self,
        session: _Session,
        parquet: Path,
        tables: Sequence[Table],
        reader: str | None,
        afterwards: Sequence[str],
        own_views: Sequence[str],
    ) -> None:
        self._session = session
        self._parquet = parquet
        self._tables = tables
        self._reader = reader
        self._afterwards = afterwards
        self._own_views = [f"{SCHEMA}.{view}" for view in own_views]

    def run(self) -> dict[str, int]:
        for table in self._tables:
            self._stage(table)
        self._session.commit()
        changed = self._switch()
        # Statistics of what changed: without them the first query of the morning plans blindly.
        for name, count in changed.items():
            if count:
                self._session.run(f"analyze {SCHEMA}.{_name(name)}")
        self._session.commit()
        return changed

    def _stage(self, table: Table) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        rows = pq.read_table(self._parquet / f"{table.name}.parquet", columns=table.names)
        for place, column in enumerate(rows.schema):
            if pa.types.is_decimal(column.type):  # the driver would lose its scale
                text = rows.column(place).cast(pa.string())
                rows = rows.set_column(place, column.name, text)
            elif pa.types.is_null(column.type):
                rows = rows.set_column(place, column.name, rows.column(place).cast(pa.string()))
        self._session.ingest(_staged(table), rows)
        self._session.run(f"analyze {_name(_staged(table))}")

    def _switch(self) -> dict[str, int]:
        """The transaction that makes the new publication visible; tried again when it must wait."""
        import adbc_driver_postgresql.dbapi as postgres

        for attempt in range(_DDL_TRIES):
            try:
                changed = self._apply()
                self._session.commit()
                return changed
            except postgres.Error as error:
                self._session.rollback()
                if getattr(error, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                    raise
                time.sleep(min(2 + attempt, 20))
        raise TilannekuvaError(
            "The columns of a table in PostgreSQL must change, and a reader's transaction has held "
            "it for minutes. The old publication stays; end that transaction (pg_stat_activity "
            "shows it) and publish again."
        )

    def _apply(self) -> dict[str, int]:
        self._session.run(f"select pg_advisory_xact_lock({_LOCK})")
        self._session.run(f"create schema if not exists {SCHEMA}")
        there = self._columns_there()
        # What locks a table comes last, so that it is locked for as short as possible.
        unchanged = [t for t in self._tables if there.get(t.name) == _shape(t)]
        others = [t for t in self._tables if t not in unchanged]
        changed = {table.name: self._replace_rows(table) for table in unchanged}
        # Readers that hold a table must not make others queue behind this transaction.
        self._session.run(f"set local lock_timeout = {_DDL_PATIENCE_MS}")
        for table in others:
            if table.name in there:
                self._migrate(table, there[table.name])
            else:
                self._create(table)
            changed[table.name] = self._replace_rows(table)
        for table in self._tables:
            self._add_keys(table)
        for table in self._tables:
            self._add_references(table)
            self._comment(table)
        for statement in self._afterwards:
            self._session.run(statement)
        self._grant()
        return changed

    # -- rows ----------------------------------------------------------------------------------

    def _replace_rows(self, table: Table) -> int:
        target, staged = f"{SCHEMA}.{_name(table.name)}", _cast(table)
        names = ", ".join(_name(name) for name in table.names)
        if not table.key:
            old = self._session.value(
                f"with d as (delete from {target} returning 1) select count(*) from d"
            )
            new = self._session.value(
                f"with i as (insert into {target} ({names}) select {names} "
                f"from {staged} returning 1) select count(*) from i"
            )
            return int(old) + int(new)
        same = " and ".join(f"t.{_name(c)} = s.{_name(c)}" for c in table.key)
        rest = [_name(name) for name in table.names if name not in table.key]
        count = 0
        statements = [
            f"delete from {target} t where not exists (select from {staged} s where {same})",
        ]
        if rest:
            ours = ", ".join(f"t.{name}" for name in rest)
            theirs = ", ".join(f"s.{name}" for name in rest)
            sets = ", ".join(f"{name} = s.{name}" for name in rest)
            statements.append(
                f"update {target} t set {sets} from {staged} s "
                f"where {same} and row({ours}) is distinct from row({theirs})"
            )
        statements.append(
            f"insert into {target} ({names}) select {names} from {staged} s "
            f"where not exists (select from {target} t where {same})"
        )
        for statement in statements:
            count += int(
                self._session.value(f"with c as ({statement} returning 1) select count(*) from c")
            )
        return count

    # -- shape ---------------------------------------------------------------------------------

    def _columns_there(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in self._session.rows(
            "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) "
            "from pg_attribute a join pg_class c on c.oid = a.attrelid "
            f"where c.relnamespace = '{SCHEMA}'::regnamespace and c.relkind = 'r' "
            "and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum"
        ):
            found.setdefault(table, {})[column] = kind
        return found

    def _create(self, table: Table) -> None:
        columns = ", ".join(f"{_name(c.name)} {c.type}" for c in table.columns)
        self._session.run(f"create table {SCHEMA}.{_name(table.name)} ({columns})")

    def _migrate(self, table: Table, there: Mapping[str, str]) -> None:
        target, wanted = f"{SCHEMA}.{_name(table.name)}", _shape(table)
        gone = [name for name in there if name not in wanted]
        retyped = [name for name in there if name in wanted and there[name] != wanted[name]]
        if gone or retyped:
            for view in self._own_views:
                self._session.run(f"drop view if exists {view}")
        if needed := self._needed_by(table.name, [*gone, *retyped]):
            raise TilannekuvaError(
                f"The publication changes columns of {SCHEMA}.{table.name} that others in the "
                f"database need: {'; '.join(needed)}. Nothing was changed there and the old "
                "publication stays; drop or alter these views, and publish again."
            )
        for name in gone:
            self._session.run(f"alter table {target} drop column {_name(name)}")
        for name in retyped:
            self._session.run(f"alter table {target} drop column {_name(name)}")
        for name, kind in wanted.items():
            if name in retyped or name not in there:
                self._session.run(f"alter table {target} add column {_name(name)} {kind}")

    def _needed_by(self, table: str, columns: Sequence[str]) -> list[str]:
        """Views over these columns, as `schema.view needs column`."""
        if not columns:
            return []
        listed = ", ".join(_text(column) for column in columns)
        return [
            f"{view} needs {column}"
            for view, column in self._session.rows(
                "select distinct v.oid::regclass::text, a.attname from pg_depend d "
                "join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass "
                "join pg_class v on v.oid = r.ev_class "
                "join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid "
                f"where d.refobjid = '{SCHEMA}.{_name(table)}'::regclass "
                f"and a.attname in ({listed}) order by 1, 2"
            )
        ]

    def _add_keys(self, table: Table) -> None:
        """The primary key, what is never empty and the indexes, where they are not there yet."""
        target = f"{SCHEMA}.{_name(table.name)}"
        held = self._key_there(table.name)
        if table.key and held != list(table.key):
            if held:
                self._session.run(
                    f"alter table {target} drop constraint {_name(self._key_name(table.name))} "
                    "cascade"
                )
            key = ", ".join(_name(column) for column in table.key)
            self._session.run(f"alter table {target} add primary key ({key})")
        elif not table.key and held:
            self._session.run(
                f"alter table {target} drop constraint {_name(self._key_name(table.name))} cascade"
            )
        there = {
            row[0]
            for row in self._session.rows(
                f"select indexname from pg_indexes where schemaname = '{SCHEMA}' "
                f"and tablename = {_text(table.name)}"
            )
        }
        for columns in table.indexes:
            name = f"{table.name}__{'_'.join(columns)}"[:63]
            if name not in there:
                listed = ", ".join(_name(column) for column in columns)
                self._session.run(f"create index {_name(name)} on {target} ({listed})")

    def _key_there(self, table: str) -> list[str]:
        return [
            row[0]
            for row in self._session.rows(
                "select a.attname from pg_constraint k "
                "cross join unnest(k.conkey) with ordinality as u (attnum, place) "
                "join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum "
                f"where k.contype = 'p' and k.conrelid = '{SCHEMA}.{_name(table)}'::regclass "
                "order by u.place"
            )
        ]

    def _key_name(self, table: str) -> str:
        return str(
            self._session.value(
                "select conname from pg_constraint where contype = 'p' "
                f"and conrelid = '{SCHEMA}.{_name(table)}'::regclass"
            )
        )

    def _add_references(self, table: Table) -> None:
        """Foreign keys tell BI tools how to join; they are checked when the transaction commits."""
        there = {
            row[0]
            for row in self._session.rows(
                "select conname from pg_constraint where contype = 'f' "
                f"and conrelid = '{SCHEMA}.{_name(table.name)}'::regclass"
            )
        }
        for key in table.foreign_keys:
            name = f"{table.name}__{key.column}__{key.to_table}"[:63]
            if name not in there:
                self._session.run(
                    f"alter table {SCHEMA}.{_name(table.name)} add constraint {_name(name)} "
                    f"foreign key ({_name(key.column)}) "
                    f"references {SCHEMA}.{_name(key.to_table)} ({_name(key.to_column)}) "
                    "deferrable initially deferred"
                )

    # -- words and rights ----------------------------------------------------------------------

    def _comment(self, table: Table) -> None:
        """Descriptions, where they differ from those that are there."""
        target = f"{SCHEMA}.{_name(table.name)}"
        there = dict(
            self._session.rows(
                "select a.attname, col_description(a.attrelid, a.attnum) from pg_attribute a "
                f"where a.attrelid = '{target}'::regclass and a.attnum > 0 and not a.attisdropped "
                f"union all select '', obj_description('{target}'::regclass, 'pg_class')"
            )
        )
        if table.comment and there.get("") != table.comment:
            self._session.run(f"comment on table {target} is {_text(table.comment)}")
        for column in table.columns:
            if column.comment and there.get(column.name) != column.comment:
                self._session.run(
                    f"comment on column {target}.{_name(column.name)} is {_text(column.comment)}"
                )

    def _grant(self) -> None:
        if self._reader is None:
            return
        role = _name(self._reader)
        if not self._session.rows(f"select 1 from pg_roles where rolname = {_text(self._reader)}"):
            self._session.run(f"create role {role} nologin")
        for right in (
            f"usage on schema {SCHEMA}",
            f"select on all tables in schema {SCHEMA}",
        ):
            self._session.run(f"grant {right} to {role}")


def _shape(table: Table) -> dict[str, str]:
    return {column.name: column.type for column in table.columns}


def _staged(table: Table) -> str:
    return f"staged__{table.name}"


def _cast(table: Table) -> str:
    columns = ", ".join(f"{_name(c.name)}::{c.type} as {_name(c.name)}" for c in table.columns)
    return f"(select {columns} from pg_temp.{_name(_staged(table))})"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
