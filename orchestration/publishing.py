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
from pathlib import Path
from typing import Any

import duckdb

from assets.errors import TilannekuvaError
from assets.settings import Settings
from orchestration.published_functions import copy_functions, postgres_statements

#: Every table that a publication holds (contract: published tables), keyed by its grain, by
#: which the rows are ordered so that equal content gives equal files.
PUBLISHED_TABLES: Mapping[str, str] = {
    "dim_region": "classification_year, region",
    "dim_indicator": "indicator",
    "dim_source": "source",
    "dim_period": "sort_key",
    "region_bridge": "to_year, from_year, to_region, from_region",
    "series_divisions": "indicator, source",
    "fct_observations": "indicator, period, segment, region, source",
    "fct_observation_vintages": "indicator, period, segment, region, cell_slot, known_from",
    "fct_measurements": (
        "indicator, period, segment, region, source, dataset, vintage, entry, rule"
    ),
    "rollup_levels": "indicator, target_type, part_type",
    "source_order": "indicator, preference, source",
    "quality_overlaps": "kind, indicator, region, segment, period, overlap_id",
    "quality_overlap_regions": "region, overlap_id",
    "quality_gaps": "kind, indicator, period, segment, region, source",
    "quality_coverage": "indicator, region_type, period",
    "quality_acceptances": "acceptance",
    "quality_event_links": "indicator, source, file, line, other_source, other_file, other_line",
    "quality_quarantine": 'file, line, "column"',
    "quality_ledger": "source, dataset, vintage",
    "monitoring_programme_measures": "programme, valid_from, measure_no, network",
    "monitoring_programme_summary": "programme, valid_from, level, network, status_rank",
    "monitoring_network_events": "network, starts_on, event, kind, region",
    "monitoring_network_coverage": "network, activity, region",
    "monitoring_strategy_goals": "strategy, goal, task, region, valid_from",
    "monitoring_rdi_services": "region, service, provider",
    "monitoring_rdi_cities": "region",
    "monitoring_agreements": "region, agreement",
    "monitoring_agreement_coverage": "region, valid_from",
    "monitoring_documents": "published_on, document_id",
    "monitoring_document_regions": "document_id, region",
    "monitoring_document_indicators": "document_id, indicator",
    "monitoring_finding_documents": "finding_id, document_id",
    "monitoring_findings": "noted_on, finding_id, citation_no",
    "monitoring_funding": ("purpose, period, segment, region, funder, instrument, programme"),
    "monitoring_advice": "period, segment, region, advice_topic",
    "monitoring_transfers": "period, region, from_actor, to_actor",
    "monitoring_surveys": "survey, year, question, breakdown, breakdown_value",
    "monitoring_action_plans": "region, year, scope, section, objective, measure, segment",
    "monitoring_meetings": "region, year, group_name, entry",
}
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
        if missing := sorted(set(PUBLISHED_TABLES) - there):
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
        for table, order in PUBLISHED_TABLES.items():
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
            if table in PUBLISHED_TABLES:
                con.execute(f'comment on table published."{table}" is {_quoted(comment)}')
        for table, column, comment in comments:
            if table in PUBLISHED_TABLES:
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
                for table in PUBLISHED_TABLES:
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
