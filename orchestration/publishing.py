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
tables go there (postgres.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from assets import __version__
from assets.errors import TilannekuvaError
from assets.postgres_address import PostgresAddress
from assets.raw.knowledge import Knowledge
from assets.settings import Settings
from orchestration.dbt import MANIFEST_PATH
from orchestration.postgres import ForeignKey, load, tables_of
from orchestration.published_functions import copy_functions, postgres_statements, view_names

#: Publications that are kept; the newest is among them.
KEEP = 14
#: None goes before this age: a reader that resolved `current` may still be opening its files.
KEEP_HOURS = 2
#: The table that says which publication it stands in.
PUBLICATION_TABLE = "publication"
#: What BI tools filter by, beside the keys, in PostgreSQL.
INDEXES: Mapping[str, Sequence[tuple[str, ...]]] = {
    "fct_observations": [("region", "indicator"), ("period", "indicator")],
    "fct_observation_vintages": [("region", "indicator")],
    "fct_measurements": [("region", "indicator")],
}


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


@dataclass(frozen=True)
class PublishedTable:
    """A table that a publication holds, as its dbt model declares it.

    Attributes:
        name: of the model.
        grain: the columns that its grain test names.
        order_by: the columns by which its rows are ordered, so that equal content gives equal
            files: the model's `meta.order_by`, else the grain.
        references: columns that a relationships test ties to another published table, with the
            table and column that they refer to.
    """

    name: str
    grain: Sequence[str]
    order_by: Sequence[str]
    references: Sequence[tuple[str, str, str]]


@lru_cache(maxsize=1)
def published_tables() -> Mapping[str, PublishedTable]:
    """Every table that a publication holds: a model is published because it lies in `marts`.

    Raises:
        TilannekuvaError: a mart has no grain test.
    """
    manifest = json.loads(MANIFEST_PATH.read_text(encoding="utf-8"))
    tests: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for node in manifest["nodes"].values():
        if kind := (node.get("test_metadata") or {}).get("name"):
            tests.setdefault((kind, node["attached_node"]), []).append(_arguments(node))
    marts = {
        key: node
        for key, node in sorted(manifest["nodes"].items())
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }
    names = {node["name"] for node in marts.values()}
    tables: dict[str, PublishedTable] = {}
    for key, node in marts.items():
        if ("grain", key) not in tests:
            raise TilannekuvaError(
                f"The mart {node['name']} has no grain test; declare its grain in its YAML."
            )
        grain = tests["grain", key][0]["columns"]
        references = [
            (test["column_name"], to, test["field"])
            for test in tests.get(("relationships", key), ())
            if (to := test["to"].split("'")[1]) in names
        ]
        order_by = node["config"]["meta"].get("order_by", grain)
        tables[node["name"]] = PublishedTable(node["name"], grain, order_by, references)
    return tables


def _arguments(test: Mapping[str, Any]) -> Mapping[str, Any]:
    given = test["test_metadata"]["kwargs"]
    return {**given, **(given.get("arguments") or {})}


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
        _say_what_it_is(settings, building, publication_id, content_hash)
        manifest = {
            "id": publication_id,
            "published_at": now.isoformat(),
            "run_id": run_id,
            "sources": settings.sources,
            "today": settings.today.isoformat(),
            "content_hash": content_hash,
            "files": {
                str(file.relative_to(building)): hashlib.sha256(file.read_bytes()).hexdigest()
                for file in sorted(building.rglob("*"))
                if file.is_file()
            },
            "row_counts": row_counts,
            "checks": list(checks),
        }
        (building / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
        for file in building.rglob("*"):
            if file.is_file():  # a tool that opens it for writing would lock all readers out
                file.chmod(0o444)
        path = _unused(root / publication_id)
        building.rename(path)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    switch(root / "current", path)
    Knowledge(settings).publish()
    forget_old(root, path, KEEP, KEEP_HOURS)
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
        # The storage version that DuckDB 1.x reads too: drivers of BI tools lag behind.
        con.execute(f"attach '{building / 'marts.duckdb'}' as published (storage_version 'v1.0.0')")
        for table, declared in published_tables().items():
            order = ", ".join(f'"{column}"' for column in declared.order_by)
            con.execute(
                f'create table published."{table}" as '
                f'select * from warehouse.marts."{table}" order by {order}'
            )
            described = json.dumps(
                {column: text.strip() for name, column, text in comments if name == table},
                ensure_ascii=False,
            )
            con.execute(
                f'copy (select * from published."{table}" order by {order}) '
                f"to '{building / 'parquet' / table}.parquet' "
                "(format parquet, compression zstd, kv_metadata {"
                f"description: {_quoted(dict(about).get(table, ''))}, "
                f"columns: {_quoted(described)}}})"
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


#: What `publication` says of itself.
_ABOUT_PUBLICATION = {
    "id": "Id of the publication: its moment (UTC) and the beginning of its hash.",
    "published_at": "When it was published.",
    "today": "The day that it takes for today.",
    "is_sample": "Whether its figures are invented.",
    "sources": "Mode of the deployment: sample, landing or live.",
    "engine": "What wrote it, with its version.",
    "content_hash": "SHA-256 over the Parquet files of all other tables.",
}


def _say_what_it_is(
    settings: Settings, building: Path, publication_id: str, content_hash: str
) -> None:
    """The table `publication`: one row that says which publication a reader has before them."""
    with duckdb.connect(str(building / "marts.duckdb")) as con:
        con.execute(
            f"create table {PUBLICATION_TABLE} as select cast(? as varchar) as id, "
            "cast(? as timestamptz) as published_at, cast(? as date) as today, "
            "? = 'sample' as is_sample, cast(? as varchar) as sources, "
            "cast(? as varchar) as engine, cast(? as varchar) as content_hash",
            [
                publication_id,
                settings.now(),
                settings.today,
                settings.sources,
                settings.sources,
                f"tilannekuva {__version__}",
                content_hash,
            ],
        )
        con.execute(
            f"comment on table {PUBLICATION_TABLE} is "
            "'Which publication this is: one row, the same as in manifest.json.'"
        )
        for column, comment in _ABOUT_PUBLICATION.items():
            con.execute(f'comment on column {PUBLICATION_TABLE}."{column}" is {_quoted(comment)}')
        con.execute(
            f"copy {PUBLICATION_TABLE} to '{building / 'parquet' / PUBLICATION_TABLE}.parquet' "
            "(format parquet, compression zstd)"
        )


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


def switch(link: Path, target: Path) -> None:
    """Have the link point to the folder beside it; readers see the old one or the new one."""
    building = link.with_name(f".current-{os.getpid()}")
    building.unlink(missing_ok=True)
    building.symlink_to(target.name, target_is_directory=True)
    building.replace(link)


def forget_old(root: Path, newest: Path, keep: int, hours: int) -> None:
    """Delete all folders but the newest ones and those that are not this old yet."""
    # By when they were written: the day in a name may be one that somebody has set.
    kept = sorted(
        (p for p in root.iterdir() if p.is_dir() and not p.is_symlink() and p.name[0] != "."),
        key=lambda p: (p == newest, p.stat().st_mtime_ns, p.name),
        reverse=True,
    )
    for path in kept[keep:]:
        if time.time() - path.stat().st_mtime > hours * 3600:
            shutil.rmtree(path, ignore_errors=True)


def publish_to_postgres(
    publication: Publication, url: str, reader: str | None = None
) -> dict[str, int]:
    """Bring the schema `marts` of a PostgreSQL database to the state of a publication.

    Args:
        publication: what has just been published on disk.
        url: of the database.
        reader: a role that may read it; created where it does not exist.

    Returns:
        Rows by table.

    Raises:
        TilannekuvaError: the database cannot be reached or refuses the load.
    """
    tables = published_tables()
    references = {
        table.name: [ForeignKey(*reference) for reference in table.references]
        for table in tables.values()
    }
    try:
        marts = publication.path / "marts.duckdb"
        with duckdb.connect(str(marts), read_only=True) as published:
            functions = list(postgres_statements(published))
        load(
            publication.path / "parquet",
            tables_of(
                marts,
                {table.name: table.grain for table in tables.values()}
                | {PUBLICATION_TABLE: ["id"]},
                foreign_keys=references,
                indexes=INDEXES,
            ),
            PostgresAddress.parse(url),
            reader,
            afterwards=functions,
            own_views=view_names(),
        )
    except TilannekuvaError as error:
        raise TilannekuvaError(
            f"Publication {publication.id} is complete on disk, but not in the database of "
            f"TILANNEKUVA_POSTGRES_URL, which keeps the one before it. {error}"
        ) from None
    return dict(publication.row_counts)
