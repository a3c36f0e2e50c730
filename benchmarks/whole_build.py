"""The whole dbt build beside a plain DuckDB script of the same statements on the same Parquet.

The script has every model's SELECT as one `create table` and every data test as one count, in the
order of the graph, in one connection. So the ratio is the cost of dbt itself. The marts of both are
compared row by row.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from assets.catalogue import Catalogue
from assets.deliveries.deliveries import Deliveries
from assets.settings import DBT_PROJECT_DIR, Settings
from benchmarks.dbt_runs import run_dbt

TODAY = date(2026, 11, 22)
INDICATORS = ("unemployed", "labour_force", "open_vacancies")
#: Months of every series, up to the newest that is due.
MONTHS = [f"{year}-{month:02d}" for year in range(2015, 2027) for month in range(1, 13)][:141]
#: Target: the most dbt may take, as a multiple of the script's seconds.
TARGET = 1.5


def run(rows: int, rounds: int, folder: Path | None = None) -> bool:
    """Build both from the same deliveries, in turn, and print seconds and ratio.

    Args:
        rows: least rows of measurements that are delivered, in as many vintages as it takes.
        rounds: builds of each; the fastest counts.
        folder: where the deployment is written; a temporary folder where nothing is said.

    Returns:
        Whether both made the same marts and dbt took at most `TARGET` times as long.
    """
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=folder) as name:
        settings = Settings(
            home=Path(name) / "home", sources="landing", today=TODAY, today_is_set=True
        )
        delivered = deliver(settings, rows)
        parse(settings)
        seconds: dict[str, float] = {}
        for _ in range(rounds):
            for contestant, build in (("dbt build", dbt_build), ("script", script)):
                start = time.perf_counter()
                build(settings)
                taken = time.perf_counter() - start
                seconds[contestant] = min(taken, seconds.get(contestant, taken))
        different = differing_marts(settings)
    ratio = seconds["dbt build"] / seconds["script"]
    print(f"\n{delivered:,} rows of measurements, best of {rounds}, {os.cpu_count()} cores")
    for contestant, taken in seconds.items():
        print(f"{contestant:<12}{taken:>9.2f} s")
    print(f"ratio {ratio:.2f}, at most {TARGET}; marts that differ: {different or 'none'}")
    return ratio <= TARGET and not different


def deliver(settings: Settings, rows: int) -> int:
    """Take in series of every municipality: an office's editions, and the TE offices' own figures.

    Returns:
        How many rows were delivered.
    """
    regions = [
        region.region
        for region in Catalogue.load().regions
        if region.region_type == "KU" and region.valid_to is None
    ]
    edition = len(INDICATORS) * len(MONTHS) * len(regions)
    editions = max(1, -(-rows // edition) - 1)
    for number in range(editions):
        _write(settings, "statfin", f"edition_{number}", regions, MONTHS, number)
    _write(settings, "te_office", "own", regions, MONTHS[:120], 0)
    with Deliveries(settings) as deliveries:
        deliveries.prepare()
        taken = [deliveries.take_in(source, dataset) for source, dataset in deliveries.datasets]
        deliveries.zone.write_index()
    return sum(arrival.rows_delivered for arrival in taken)


def _write(
    settings: Settings,
    source: str,
    name: str,
    regions: Sequence[str],
    months: Sequence[str],
    edition: int,
) -> None:
    path = settings.landing_dir / source / "measurements" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["indicator", "region", "period", "value"])
        for kind, indicator in enumerate(INDICATORS):
            for place, region in enumerate(regions):
                for number, month in enumerate(months):
                    # Each edition revises its newest months; the agency differs now and then.
                    revised = edition if number > len(months) - 12 else 0
                    apart = 1000 if source == "te_office" and (place + number) % 50 == 0 else 0
                    value = (kind + 1) * (place + 1) * 10 + number + revised + apart
                    writer.writerow([indicator, region, month, value])
    moment = 1_767_340_000 + edition * 60
    os.utime(path, (moment, moment))


def parse(settings: Settings) -> None:
    """What `make setup` does once: a refresh finds the project parsed, and so do both contestants.

    Raises:
        RuntimeError: dbt failed; the message is its output.
    """
    run_dbt(settings, settings.home / "dbt", "parse")


def dbt_build(settings: Settings) -> None:
    """Seeds, models and data tests as the platform builds them, of a parsed project.

    Raises:
        RuntimeError: dbt failed; the message is its output.
    """
    settings.warehouse_path.unlink(missing_ok=True)
    run_dbt(
        settings,
        settings.home / "dbt",
        *("build", "--exclude-resource-type", "unit_test", "--no-write-json"),
    )


def script(settings: Settings) -> None:
    """The same statements without dbt, into a file of their own beside the warehouse."""
    manifest = json.loads((settings.home / "dbt" / "manifest.json").read_text(encoding="utf-8"))
    path = _script_warehouse(settings)
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute("set preserve_insertion_order = false")
        warehouse.execute("set timezone = 'UTC'")
        for statement in statements(settings, manifest):
            warehouse.execute(statement)


def statements(settings: Settings, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Seeds read from their files, then models and tests in the order of the graph."""
    nodes = manifest["nodes"]
    wanted = {
        key: node
        for key, node in nodes.items()
        if node["resource_type"] in ("seed", "model", "test") and node["config"]["enabled"]
    }
    for schema in sorted({node["schema"] for node in wanted.values()}):
        yield f'create schema if not exists "{schema}"'
    graph = {
        key: [parent for parent in node["depends_on"]["nodes"] if parent in wanted]
        for key, node in wanted.items()
        if node["resource_type"] != "seed"
    } | {key: [] for key, node in wanted.items() if node["resource_type"] == "seed"}
    for key in TopologicalSorter(graph).static_order():
        node = wanted[key]
        relation = f'"{node["schema"]}"."{node["alias"]}"'
        if node["resource_type"] == "seed":
            types = json.dumps(node["config"]["column_types"])
            file = DBT_PROJECT_DIR / node["original_file_path"]
            yield (
                f"create table {relation} as from read_csv('{file}', header = true, "
                f"nullstr = '', types = {types}, auto_detect = true)"
            )
            continue
        sql = _compiled(settings, node)
        if node["resource_type"] == "test":
            yield f"select count(*) from ({sql})"
        elif node["config"]["materialized"] == "table_function":
            parameters = ", ".join(node["config"].get("parameters") or ())
            yield f"create function {relation}({parameters}) as table ({sql}\n)"
        else:
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            yield f"create {kind} {relation} as {sql}"


def _compiled(settings: Settings, node: Mapping[str, Any]) -> str:
    path = settings.home / "dbt" / "compiled" / node["package_name"]
    original = Path(node["original_file_path"])
    file = path / original if original.suffix == ".sql" else path / original / node["path"]
    return file.read_text(encoding="utf-8")


def _script_warehouse(settings: Settings) -> Path:
    # Compiled statements name the catalogue, which is the file's name.
    return settings.home / "script" / settings.warehouse_path.name


def differing_marts(settings: Settings) -> list[str]:
    """Marts whose rows differ between the two warehouses, in any order of the rows."""
    contents = []
    for path in (settings.warehouse_path, _script_warehouse(settings)):
        with duckdb.connect(str(path), read_only=True) as warehouse:
            tables = warehouse.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts' order by 1"
            ).fetchall()
            contents.append(
                {
                    table: warehouse.execute(
                        f"select count(*), bit_xor(hash(rows::varchar)) from marts.{table} as rows"
                    ).fetchone()
                    for (table,) in tables
                }
            )
    built, scripted = contents
    return sorted(
        table for table in built.keys() | scripted.keys() if built.get(table) != scripted.get(table)
    )
