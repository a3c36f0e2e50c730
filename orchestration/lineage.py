"""Column lineage of the models: from which columns of its parents each column is made.

dagster-dbt can attach it too, but through a dbt adapter inside this process, which would hold
the warehouse open against the next build; here it is read from the compiled SQL with sqlglot,
and kept until the SQL or the columns change, because working it out takes seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot.errors import SqlglotError

from checks.project.layers import LAYERS
from checks.project.tracing import DIALECT, Leaf, Schema, UntraceableError, trace

#: column -> [(parent model, parent column)]
Lineage = Mapping[str, list[tuple[str, str]]]
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
                kept = {"fingerprint": fingerprint, "columns": _trace(sql, schema)}
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


def _trace(sql: str, schema: Schema) -> dict[str, list[Leaf]]:
    """Where each column comes from; a model that cannot be analysed has no lineage."""
    try:
        return trace(sqlglot.parse_one(sql, dialect=DIALECT), schema)
    except (SqlglotError, UntraceableError):
        return {}
