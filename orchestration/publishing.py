"""Publishing: a complete, immutable copy of the marts, then the switch of `current`.

    published/<id>/marts.duckdb            opened read-only by consumers
                  /parquet/<table>.parquet
                  /manifest.json           time, run, row counts, checks, content hash
    published/current                      a link to the newest complete publication

A publication is built beside and appears by one rename; `current` is switched by another. A
reader that has opened the old one keeps it. With the tables come the table functions (`explain`,
`series`), which read them. The tables stand in the file's main schema: DuckDB
names a database after its file, so that `marts.fct_observations` is the table, whereas a schema
`marts` inside it would make that name ambiguous. When a PostgreSQL address is set, the same
tables go there in one transaction.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from assets.errors import TilannekuvaError
from assets.settings import Settings
from orchestration.dbt import MANIFEST_PATH
from orchestration.published_functions import copy_functions, postgres_statements

#: Publications that are kept; the newest is among them.
KEEP = 14


@dataclass(frozen=True)
class Publication:
    """A publication that has appeared.

    Attributes:
        id: its folder's name: time of publishing (UTC) and start of the content hash.
        path: its folder.
        row_counts: rows by table.
        content_hash: SHA-256 over the Parquet files; equal content has an equal hash.
    """

    id: str
    path: Path
    row_counts: Mapping[str, int]
    content_hash: str


@lru_cache(maxsize=1)
def published_tables() -> Mapping[str, str]:
    """Every table that a publication holds, and by what its rows are ordered.

    A table is published because its model lies in the folder `marts`. Its rows are ordered by the
    model's `meta.order_by`, else by the grain that its test declares, so that equal content gives
    equal files.

    Raises:
        TilannekuvaError: a mart has no grain test.
    """
    manifest = json.loads(MANIFEST_PATH.read_text(encoding="utf-8"))
    grains = {
        node["attached_node"]: _arguments(node)["columns"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "grain"
    }
    tables: dict[str, str] = {}
    for key, node in sorted(manifest["nodes"].items()):
        if node["resource_type"] == "model" and node["fqn"][1] == "marts":
            if key not in grains:
                raise TilannekuvaError(
                    f"The mart {node['name']} has no grain test; declare its grain in its YAML."
                )
            order = node["config"]["meta"].get("order_by", grains[key])
            tables[node["name"]] = ", ".join(f'"{column}"' for column in order)
    return tables


def _arguments(test: Mapping[str, Any]) -> Mapping[str, Any]:
    given = test["test_metadata"]["kwargs"]
    return given.get("arguments") or given


def publish(settings: Settings, run_id: str, checks: Sequence[Mapping[str, Any]]) -> Publication:
    """Copy the marts out of the warehouse and make them current.

    Args:
        settings: where the warehouse and the publications lie.
        run_id: the Dagster run that publishes.
        checks: what was checked: name, asset, passed, severity; kept in the manifest.

    Raises:
        TilannekuvaError: a table of the contract is missing in the warehouse.
    """
    now = settings.now()
    root = settings.published_dir
    root.mkdir(parents=True, exist_ok=True)
    building = root / f".building-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    (building / "parquet").mkdir(parents=True)
    try:
        row_counts = _copy_tables(settings.warehouse_path, building)
        content_hash = _hash_of(building / "parquet")
        publication_id = f"{now.strftime('%Y%m%dT%H%M%SZ')}-{content_hash[:8]}"
        manifest = {
            "id": publication_id,
            "published_at": now.isoformat(),
            "run_id": run_id,
            "sources": settings.sources,
            "today": settings.today.isoformat(),
            "content_hash": content_hash,
            "row_counts": row_counts,
            "checks": list(checks),
        }
        (building / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
        path = _unused(root / publication_id)
        building.rename(path)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _switch(root / "current", path)
    _forget_old(root, path)
    return Publication(path.name, path, row_counts, content_hash)


def _copy_tables(warehouse_path: Path, building: Path) -> dict[str, int]:
    row_counts: dict[str, int] = {}
    with duckdb.connect() as con:
        con.execute(f"attach '{warehouse_path}' as warehouse (read_only)")
        there = {
            row[0]
            for row in con.execute(
                "select table_name from information_schema.tables "
                "where table_catalog = 'warehouse' and table_schema = 'marts'"
            ).fetchall()
        }
        if missing := sorted(set(published_tables()) - there):
            raise TilannekuvaError(
                f"The warehouse lacks {', '.join(missing)}; refresh before publishing."
            )
        comments = con.execute(
            "select table_name, column_name, comment from duckdb_columns() "
            "where database_name = 'warehouse' and schema_name = 'marts' and comment is not null"
        ).fetchall()
        about = con.execute(
            "select table_name, comment from duckdb_tables() "
            "where database_name = 'warehouse' and schema_name = 'marts' and comment is not null "
            "union all select view_name, comment from duckdb_views() "
            "where database_name = 'warehouse' and schema_name = 'marts' and comment is not null"
        ).fetchall()
        con.execute(f"attach '{building / 'marts.duckdb'}' as published")
        for table, order in published_tables().items():
            con.execute(
                f'create table published."{table}" as '
                f'select * from warehouse.marts."{table}" order by {order}'
            )
            con.execute(
                f'copy (select * from published."{table}" order by {order}) '
                f"to '{building / 'parquet' / table}.parquet' "
                "(format parquet, compression zstd)"
            )
            counted = con.execute(f'select count(*) from published."{table}"').fetchone()
            row_counts[table] = counted[0] if counted else 0
        # The descriptions of the models are the BI tools' tooltips.
        for table, comment in about:
            if table in published_tables():
                con.execute(f'comment on table published."{table}" is {_quoted(comment)}')
        for table, column, comment in comments:
            if table in published_tables():
                con.execute(
                    f'comment on column published."{table}"."{column}" is {_quoted(comment)}'
                )
        copy_functions(con, "warehouse", "published")
        con.execute("checkpoint published")
        con.execute("detach published")
    return row_counts


def _quoted(text: str) -> str:
    return "'" + text.strip().replace("'", "''") + "'"


def _hash_of(parquet: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(parquet.glob("*.parquet")):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _unused(path: Path) -> Path:
    """The path, or one with a number where two publications fall into one second."""
    number, candidate = 2, path
    while candidate.exists():
        candidate = path.with_name(f"{path.name}-{number}")
        number += 1
    return candidate


def _switch(link: Path, target: Path) -> None:
    building = link.with_name(f".current-{os.getpid()}")
    building.unlink(missing_ok=True)
    building.symlink_to(target.name, target_is_directory=True)
    building.replace(link)


def _forget_old(root: Path, newest: Path) -> None:
    kept = sorted(
        (p for p in root.iterdir() if p.is_dir() and not p.is_symlink() and p.name[0] != "."),
        key=lambda p: (p == newest, p.name),
        reverse=True,
    )
    for path in kept[KEEP:]:
        shutil.rmtree(path, ignore_errors=True)


def publish_to_postgres(publication: Publication, url: str) -> dict[str, int]:
    """Load a publication into a PostgreSQL database, schema `marts`, in one transaction.

    Readers see the old tables until the transaction ends, then the new ones.

    Returns:
        Rows by table.

    Raises:
        TilannekuvaError: the database cannot be reached or refuses the load.
    """
    import adbc_driver_postgresql.dbapi as postgres
    import pyarrow.parquet as pq

    try:
        with postgres.connect(url) as connection:
            with connection.cursor() as cursor:
                cursor.execute("create schema if not exists marts")
                for table in published_tables():
                    rows = pq.read_table(publication.path / "parquet" / f"{table}.parquet")
                    cursor.execute(f'drop table if exists marts."{table}__new"')
                    cursor.adbc_ingest(f"{table}__new", rows, mode="create", db_schema_name="marts")
                    cursor.execute(f'drop table if exists marts."{table}"')
                    cursor.execute(f'alter table marts."{table}__new" rename to "{table}"')
                with duckdb.connect(
                    str(publication.path / "marts.duckdb"), read_only=True
                ) as published:
                    for statement in postgres_statements(published):
                        cursor.execute(statement)
            connection.commit()
    except postgres.Error as error:
        raise TilannekuvaError(
            "The publication is complete on disk, but could not be loaded into the database of "
            f"TILANNEKUVA_POSTGRES_URL: {str(error).strip()}"
        ) from error
    return dict(publication.row_counts)
