"""No private column of the raw zone reaches a model: proven by column lineage.

Which columns are private is declared (`private` in assets/datasets, `RAW_ONLY`). Staging alone
reads the raw zone (`checks.project.layers`), so it is enough to follow the columns of staging
models. The set-up compiles them (`make setup`), which needs no warehouse.

A private column may decide which rows are joined or kept. Of its value a model may show whether
there is one, and of a text its hash: not of an id, because all ids can be hashed and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from assets.datasets import DATASETS, Kind
from assets.raw.schemas import ATTEMPTS, QUARANTINE_INDEX, RAW_ONLY, SHAPES, VINTAGES_INDEX
from checks.project.layers import layer_of
from checks.project.tracing import DIALECT, Schema, UntraceableError, trace

_RAW = "raw"
_INDEX = {"vintages": VINTAGES_INDEX, "quarantine": QUARANTINE_INDEX, "attempts": ATTEMPTS}


def faults_of_private_columns(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Which private columns staging models let out, and which models cannot be followed.

    Args:
        manifest: dbt's manifest with the compiled SQL of the staging models.
    """
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "seed")]
    schema: dict[str, dict[str, dict[str, str]]] = {
        _RAW: {
            name: {field.name: str(field.type) for field in fields}
            for name, fields in {**SHAPES, **_INDEX}.items()
        }
    }
    for node in nodes:
        if node["resource_type"] == "seed":
            columns = dict.fromkeys(node["columns"], "varchar")
            schema.setdefault(node["schema"], {})[node["alias"]] = columns
    for node in sorted(nodes, key=lambda node: node["name"]):
        if layer_of(node) == "staging":
            yield from _faults(node, schema)


def _faults(node: Mapping[str, Any], schema: Schema) -> Iterator[str]:
    name = node["name"]
    if not node.get("compiled_code"):
        yield f"staging model {name} is not compiled: run `make setup`"
        return
    try:
        query = sqlglot.parse_one(node["compiled_code"], dialect=DIALECT)
        _name_raw_tables(query)
        traced = trace(query.copy(), schema, _is_null_test)
        unhashed = trace(query, schema, lambda read: _is_null_test(read) or _is_hash(read))
        # Tracing has resolved the names: a table in place of a column is a whole row.
        for unclear in query.find_all(exp.TableColumn, exp.PositionalColumn, exp.Columns):
            raise UntraceableError(f"it reads {unclear.sql(DIALECT)} without naming columns")
    except (SqlglotError, UntraceableError) as error:
        yield f"the columns of staging model {name} cannot be followed to the raw zone: {error}"
        return
    # A star that could not be resolved, or a whole row as one value, would be no column of these.
    if list(traced) != list(node["columns"]):
        yield (
            f"staging model {name} has the columns {', '.join(traced)}, and its contract "
            f"{', '.join(node['columns'])}"
        )
    for column, leaves in traced.items():
        for leaf in leaves:
            schema_name, shape, private = leaf
            is_shown = leaf in unhashed[column] or private not in _texts(shape)
            if schema_name == _RAW and private in RAW_ONLY.get(shape, ()) and is_shown:
                yield (
                    f"staging model {name} lets {private} out as {column}, which never leaves the "
                    "raw zone"
                )


def _name_raw_tables(query: exp.Expr) -> None:
    """Put a table `raw.<shape>` in place of each Parquet file of the raw zone.

    Raises:
        UntraceableError: another file or a table function is read.
    """
    for table in list(query.find_all(exp.Table)):
        if isinstance(table.this, exp.Identifier):
            continue
        paths = table.this.expressions[:1] if isinstance(table.this, exp.ReadParquet) else []
        name = PurePosixPath(paths[0].name).stem if paths else ""
        if name not in SHAPES and name not in _INDEX:
            raise UntraceableError(f"it reads {table.this.sql(DIALECT)}")
        alias = table.alias or name
        table.replace(exp.alias_(exp.table_(name, db=_RAW), alias, table=True))


def _is_null_test(node: exp.Expr) -> bool:
    return isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)


def _is_hash(node: exp.Expr) -> bool:
    return isinstance(node, exp.MD5)


def _texts(shape: str) -> set[str]:
    """Columns of a landing dataset that people write in their own words."""
    columns = DATASETS[shape].columns if shape in DATASETS else ()
    return {column.name for column in columns if column.kind is Kind.TEXT}
