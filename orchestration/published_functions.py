"""Table functions and views that are published beside the tables: `explain`, `series` and the like.

They are dbt models (`dbt_project/models/functions`), which dbt creates as DuckDB table macros in
the warehouse. A publication gets the same macros with the plain names of its tables, so that they
work under whatever name its file is opened; in PostgreSQL they become functions of the schema
`marts`. One without parameters is published as a view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import sqlglot

from orchestration.dbt import manifest

_FOLDER = "functions"
#: PostgreSQL's names of DuckDB's types, where they differ.
_POSTGRES_TYPES = {
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}


@dataclass(frozen=True)
class TableFunction:
    """A table function as dbt has created it; without parameters it is published as a view.

    Attributes:
        name: of the function.
        parameters: name, type and default (SQL, None where there is none) of each, in order.
        query: its body, in DuckDB's SQL, with plain names of tables.
        comment: its description.
        in_postgres_too: whether PostgreSQL gets it as well.
        columns: descriptions of its columns, by name, where they are declared.
    """

    name: str
    parameters: Sequence[tuple[str, str, str | None]]
    query: str
    comment: str
    in_postgres_too: bool
    columns: Mapping[str, str]

    def comments(self, schema: str = "") -> Iterator[str]:
        """The statements that describe a view and its columns, in DuckDB and PostgreSQL alike."""
        for what, text in (
            (f'view {schema}"{self.name}"', self.comment),
            *(
                (f'column {schema}"{self.name}"."{column}"', text)
                for column, text in self.columns.items()
            ),
        ):
            quoted = text.strip().replace("'", "''")
            yield f"comment on {what} is '{quoted}'"

    @property
    def is_view(self) -> bool:
        """Whether it is published as a view."""
        return not self.parameters

    def in_duckdb(self) -> str:
        """The statement that creates it in the current database."""
        if self.is_view:
            return f'create view "{self.name}" as {self.query}'
        declared = ", ".join(
            name if default is None else f"{name} := {default}"
            for name, _, default in self.parameters
        )
        return f'create macro "{self.name}"({declared}) as table {self.query}'

    def in_postgres(self, returned: Sequence[tuple[str, str]]) -> str:
        """The statement that creates it in PostgreSQL's schema `marts`.

        Args:
            returned: names and DuckDB types of its columns.
        """
        if self.is_view:
            # Or replace: what readers have built on it and the rights to it stay.
            return (
                f'create or replace view marts."{self.name}" as\n'
                f"{_postgres_query(self.query, returned, schema='marts')}"
            )
        declared = ", ".join(
            f"{name} {kind}" + ("" if default is None else f" default {default}")
            for name, kind, default in self.parameters
        )
        columns = ", ".join(
            f'"{name}" {_POSTGRES_TYPES.get(kind, kind)}' for name, kind in returned
        )
        # The text is bound when it is called: tables may be replaced under it.
        return (
            f'create function marts."{self.name}"({declared}) returns table ({columns}) '
            f"language sql stable set search_path = marts as $function$\n"
            f"{_postgres_query(self.query, returned)}\n$function$"
        )


def function_names() -> list[str]:
    """The table functions that the dbt project declares."""
    return sorted(node["name"] for node in _nodes())


def view_names() -> list[str]:
    """Those of them that are published as views."""
    return sorted(node["name"] for node in _nodes() if not node["config"]["parameters"])


def _nodes() -> Iterator[Mapping[str, Any]]:
    for node in manifest()["nodes"].values():
        if node["resource_type"] == "model" and node["fqn"][1] == _FOLDER:
            yield node


def functions_of(con: duckdb.DuckDBPyConnection, database: str, schema: str) -> list[TableFunction]:
    """The table functions that a schema of an attached database holds."""
    definitions = dict(
        con.execute(
            "select function_name, macro_definition from duckdb_functions() "
            "where database_name = ? and schema_name = ? and function_type = 'table_macro'",
            [database, schema],
        ).fetchall()
    )
    definitions |= {
        name: sql.split(" AS ", 1)[1].rstrip(";")
        for name, sql in con.execute(
            "select view_name, sql from duckdb_views() "
            "where database_name = ? and schema_name = ? and not internal",
            [database, schema],
        ).fetchall()
    }
    found = []
    for node in _nodes():
        if (definition := definitions.get(node["name"])) is None:
            continue
        meta = node["config"]["meta"]
        types = meta.get("parameter_types", {})
        parameters = []
        for declared in node["config"]["parameters"]:
            name, _, default = (part.strip() for part in declared.partition(":="))
            parameters.append((name, types.get(name, "text"), default or None))
        # dbt names the schema of each table, and the database after the warehouse's file.
        query = definition.replace("warehouse.marts.", "").replace("count_star()", "count(*)")
        comment = node["description"].strip()
        in_postgres_too = meta.get("in_postgres", True)
        columns = {name: column["description"] for name, column in node["columns"].items()}
        found.append(
            TableFunction(node["name"], parameters, query, comment, in_postgres_too, columns)
        )
    return sorted(found, key=lambda function: function.name)


def copy_functions(con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Create the table functions of a warehouse in another database; both are attached."""
    functions = functions_of(con, source, "marts")
    con.execute(f"use {target}")
    for function in functions:
        con.execute(function.in_duckdb())
        if function.is_view:
            for statement in function.comments():
                con.execute(statement)
            continue
        comment = function.comment.replace("'", "''")
        con.execute(f"comment on macro table \"{function.name}\" is '{comment}'")
    con.execute("use memory")


def postgres_statements(publication: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """The statements that create the functions of an opened publication in PostgreSQL."""
    name = publication.execute("select current_database()").fetchone()
    assert name is not None
    for function in functions_of(publication, name[0], "main"):
        if not function.in_postgres_too:
            continue
        nulls = ", ".join("null" for _ in function.parameters)
        asked = f'"{function.name}"' + ("" if function.is_view else f"({nulls})")
        returned = publication.execute(
            f"select column_name, column_type from (describe from {asked})"
        ).fetchall()
        if function.is_view:
            yield function.in_postgres(returned)
            yield from function.comments("marts.")
            continue
        types = ", ".join(kind for _, kind, _ in function.parameters)
        yield f'drop function if exists marts."{function.name}"({types})'
        yield function.in_postgres(returned)


def _postgres_type(kind: str) -> str:
    return _POSTGRES_TYPES.get(kind, kind.lower())


def _postgres_query(
    query: str, returned: Sequence[tuple[str, str]], schema: str | None = None
) -> str:
    """A query in PostgreSQL's words; its tables in a schema, where one is given."""
    # DuckDB prints `position(a in b)` as position(b, a), which sqlglot takes the other way round.
    parsed = sqlglot.parse_one(query.replace('"position"(', "strpos("), dialect="duckdb")
    # DuckDB prints a cross join as a comma, which PostgreSQL binds less tightly than `join`.
    for join in parsed.find_all(sqlglot.exp.Join):
        if not any(join.args.get(word) for word in ("kind", "side", "method", "on", "using")):
            join.set("kind", "CROSS")
    if schema is not None:
        steps = {step.alias for step in parsed.find_all(sqlglot.exp.CTE)}
        for table in parsed.find_all(sqlglot.exp.Table):
            if not table.db and table.name not in steps:
                table.set("db", sqlglot.exp.to_identifier(schema))
    columns = ", ".join(
        f'cast("{name}" as {_POSTGRES_TYPES.get(kind, kind)}) as "{name}"'
        for name, kind in returned
    )
    return f"select {columns} from (\n{parsed.sql(dialect='postgres', pretty=True)}\n) as answer"
