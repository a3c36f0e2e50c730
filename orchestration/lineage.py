"""Column lineage of the models: from which columns of its parents each column is made.

dagster-dbt can attach it too, but through a dbt adapter inside this process, which would hold
the warehouse open against the next build; here it is read from the compiled SQL with sqlglot,
and kept until the SQL or the columns change, because working it out takes seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from orchestration.layers import LAYERS

#: column -> [(parent model, parent column)]
Lineage = Mapping[str, list[tuple[str, str]]]
_DIALECT = "duckdb"
_LAYERS = ("catalogue", *LAYERS)


class LineageReader:
    """Lineage of every model of a build, with a cache file between builds.

    Args:
        manifest: dbt's manifest.
        compiled: the folder with the compiled SQL of the build.
        cache: where results are kept.
    """

    def __init__(self, manifest: Mapping[str, Any], compiled: Path, cache: Path) -> None:
        self._nodes = {
            n["name"]: n
            for n in manifest["nodes"].values()
            if n["resource_type"] in ("model", "seed")
        }
        self._compiled = compiled
        self._cache_path = cache
        self._cache: dict[str, dict[str, Any]] = {}
        if cache.exists():
            self._cache = json.loads(cache.read_text(encoding="utf-8"))

    def read(self, warehouse: duckdb.DuckDBPyConnection) -> dict[str, Lineage]:
        """The lineage of every model whose SQL can be analysed, by model."""
        columns = _columns(warehouse)
        models = {(n["schema"], n["alias"]): name for name, n in self._nodes.items()}
        schema = {layer: dict[str, dict[str, str]]() for layer in _LAYERS}
        for (layer, name), described in columns.items():
            schema[layer][name] = described
        found: dict[str, Lineage] = {}
        for name, node in self._nodes.items():
            path = self._compiled / node["original_file_path"]
            if node["resource_type"] != "model" or not path.exists():
                continue
            sql = path.read_text(encoding="utf-8")
            mine = list(columns.get((node["schema"], node["alias"]), {}))
            if not mine:  # a table function has no columns of its own
                continue
            parents = sorted(p.rpartition(".")[2] for p in node["depends_on"]["nodes"])
            relations = [relation for relation, model in models.items() if model in parents]
            fingerprint = hashlib.sha256(
                json.dumps([sql, mine, [columns.get(of) for of in sorted(relations)]]).encode()
            ).hexdigest()
            kept = self._cache.get(name)
            if kept is None or kept["fingerprint"] != fingerprint:
                kept = {"fingerprint": fingerprint, "columns": _trace(sql, mine, schema)}
                self._cache[name] = kept
            found[name] = {
                column: [
                    (models[layer, parent], source)
                    for layer, parent, source in sources
                    if (layer, parent) in models
                ]
                for column, sources in kept["columns"].items()
            }
        self._cache_path.parent.mkdir(parents=True, exist_ok=True)
        self._cache_path.write_text(json.dumps(self._cache), encoding="utf-8")
        return found


def _columns(
    warehouse: duckdb.DuckDBPyConnection,
) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for layer, table, column, kind in warehouse.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        "where table_schema in (select unnest(?)) "
        "order by table_schema, table_name, ordinal_position",
        [list(_LAYERS)],
    ).fetchall():
        found.setdefault((layer, table), {})[column] = kind
    return found


def _trace(
    sql: str, columns: list[str], schema: Mapping[str, Any]
) -> dict[str, list[tuple[str, str, str]]]:
    """Where each column comes from; a model that cannot be analysed has no lineage."""
    traced: dict[str, list[tuple[str, str, str]]] = {}
    try:
        query = sqlglot.parse_one(sql, dialect=_DIALECT)
        for table in query.find_all(exp.Table):
            table.set("catalog", None)  # the warehouse's own name says nothing here
        # Qualified once for all columns; `lineage()` would do it again for each.
        known = MappingSchema(dict(schema), dialect=_DIALECT)
        scope = build_scope(qualify(query, schema=known, dialect=_DIALECT, identify=False))
        if scope is None:
            return {}
        trace = _Trace()
        for column in columns:
            traced[column] = sorted(trace.leaves(scope, column))
    except (SqlglotError, ValueError, KeyError, RecursionError):
        return {}
    return traced


class _Trace:
    """Follows columns through the scopes of a query, each column of a scope once.

    sqlglot's own `lineage` follows it again for each that reads it: a model whose steps read each
    other, one after the other, took half a minute and 700 MB.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], frozenset[tuple[str, str, str]]] = {}

    def leaves(self, scope: Scope, column: str) -> frozenset[tuple[str, str, str]]:
        """Schema, table and column of each parent; a table function or a file is none."""
        key = (id(scope), column.lower())
        if key not in self._known:
            self._known[key] = frozenset()  # a recursive query reads itself
            self._known[key] = frozenset(self._found(scope, column))
        return self._known[key]

    def _found(self, scope: Scope, column: str) -> Iterator[tuple[str, str, str]]:
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
        for read in query.selects[place].find_all(exp.Column):
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
