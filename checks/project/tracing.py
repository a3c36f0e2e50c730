"""Column lineage of one query: which columns of which tables each of its columns is made of.

What belongs here: reading SQL with sqlglot. What does not: which queries are traced and what the
answer is used for (`orchestration.lineage`, `checks.project.private_columns`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from assets.errors import TilannekuvaError

DIALECT = "duckdb"
#: schema -> table -> column -> type
Schema = Mapping[str, Mapping[str, Mapping[str, str]]]
#: schema, table, column
Leaf = tuple[str, str, str]


class UntraceableError(TilannekuvaError):
    """A query whose columns cannot be followed to the tables that it reads."""


def trace(
    query: exp.Expr,
    schema: Schema,
    ends_at: Callable[[exp.Expr], bool] = lambda _: False,
) -> dict[str, list[Leaf]]:
    """Where each column of a query comes from.

    Args:
        query: a parsed query; it is changed.
        schema: the columns of the tables that it reads.
        ends_at: whether nothing is followed into an expression. By default everything is: a column
            in the condition of a CASE counts as much as one whose value is shown.

    Returns:
        Schema, table and column of each table column by the query's columns, in order. Table
        functions and files have none.

    Raises:
        UntraceableError: the query is not understood.
    """
    for table in query.find_all(exp.Table):
        table.set("catalog", None)  # the warehouse's own name says nothing here
    try:
        # Qualified once for all columns; sqlglot's `lineage()` would do it again for each.
        known = MappingSchema(_read_by(query, schema), dialect=DIALECT)
        scope = build_scope(qualify(query, schema=known, dialect=DIALECT, identify=False))
        if scope is None:
            raise UntraceableError("It is no query.")
        followed = _Trace(ends_at)
        return {name: sorted(followed.leaves(scope, name)) for name in _names(scope)}
    except (SqlglotError, ValueError, KeyError, RecursionError) as error:
        raise UntraceableError(str(error)) from error


def _read_by(query: exp.Expr, schema: Schema) -> dict[str, object]:
    """The part of the schema that a query reads: sqlglot looks at every column that it is given."""
    read: dict[str, dict[str, object]] = {}
    for table in query.find_all(exp.Table):
        if table.name in schema.get(table.db, {}):
            read.setdefault(table.db, {})[table.name] = dict(schema[table.db][table.name])
    return dict(read)


class _Trace:
    """Follows columns through the scopes of a query, each column of a scope once.

    sqlglot's own `lineage` follows it again for each that reads it: a model whose steps read each
    other, one after the other, took half a minute and 700 MB.
    """

    def __init__(self, ends_at: Callable[[exp.Expr], bool]) -> None:
        self._ends_at = ends_at
        self._known: dict[tuple[int, str], frozenset[Leaf]] = {}

    def leaves(self, scope: Scope, column: str) -> frozenset[Leaf]:
        """Schema, table and column of each parent; a table function or a file is none."""
        key = (id(scope), column.lower())
        if key not in self._known:
            self._known[key] = frozenset()  # a recursive query reads itself
            self._known[key] = frozenset(self._found(scope, column))
        return self._known[key]

    def _found(self, scope: Scope, column: str) -> Iterator[Leaf]:
        query, names = scope.expression, [name.lower() for name in _names(scope)]
        if not isinstance(query, exp.Query):  # a table function or a list of values
            return
        if column.lower() not in names:
            return
        place = names.index(column.lower())
        if isinstance(query, exp.SetOperation):
            for part in scope.set_operation_scopes:
                yield from self.leaves(part, _names(part)[place])
            return
        inner = list(_scopes_inside(scope))
        for read in query.selects[place].walk(prune=self._ends_at):
            if not isinstance(read, exp.Column) or self._ends_at(read):
                continue
            for source in (s.sources[read.table] for s in inner if read.table in s.sources):
                if isinstance(source, Scope):
                    yield from self.leaves(source, read.name)
                elif isinstance(source, exp.Table) and source.name and source.db:
                    yield (source.db, source.name, read.name)
                break


def _scopes_inside(scope: Scope) -> Iterator[Scope]:
    """A scope and those of its subqueries in expressions, which see its sources too."""
    yield scope
    for inner in scope.subquery_scopes:
        yield from _scopes_inside(inner)


def _names(scope: Scope) -> list[str]:
    """The columns of a scope, in order."""
    return scope.expression.named_selects if isinstance(scope.expression, exp.Query) else []
