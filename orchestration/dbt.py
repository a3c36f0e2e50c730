"""The dbt step: one `dbt build` as a subprocess, its models as assets, its tests as checks.

The manifest is built by the set-up (`make setup`), never here: importing this module reads files
and nothing else. dbt runs in a process of its own and is the only writer of the warehouse; when
it has ended, its events are completed with what only the warehouse knows (row counts, columns,
sample rows of failed tests, the coverage picture).
"""

import base64
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    dbt_assets,
)
from filelock import FileLock, Timeout

from assets.errors import TilannekuvaError
from assets.ingestion import INDEX_KEY, progress, shape_key
from assets.raw.schemas import SHAPES
from assets.settings import DBT_PROJECT_DIR, Settings
from checks.findings import to_markdown
from checks.project.layers import folder_of, layer_of
from orchestration.fingerprint import build_basis
from orchestration.lineage import LineageReader
from orchestration.pictures import coverage_picture

MANIFEST_PATH = DBT_PROJECT_DIR / "target" / "manifest.json"
#: Where dagster-dbt says which dbt resource an event is about.
UNIQUE_ID = "unique_id"
_OWNER = "team:data-platform"
_LOCK_SECONDS = 900
#: dbt would write its manifest and results, which nobody reads: the set-up has parsed, events tell.
_ARGUMENTS = ["build", "--exclude-resource-type", "unit_test", "--no-write-json"]

#: What to do when a test of a kind fails, where the test itself does not say.
ADVICE: Mapping[str, str] = {
    "grain": "Two rows share a key, or a key column is empty: look at the sample rows, then at "
    "the model's joins.",
    "cells": "A cell is empty or not a word of its list, and the sample rows name the column: "
    "correct the row of the catalogue, or the list in _seeds.yml if the word is right.",
    "refers": "A cell refers to something that does not exist, and the sample rows name the "
    "column: add the missing row to the catalogue, or correct the reference.",
    "not_null": "A required column is empty: look at the sample rows and their source.",
    "accepted_values": "A value is not in the code list: correct the catalogue, or add the value "
    "to the test if it is right.",
    "relationships": "A row refers to something that does not exist: look at the sample rows, then "
    "at the model's joins.",
}


class Translator(DagsterDbtTranslator):
    """How dbt resources look in Dagster: keys by layer, groups that show the flow, owners."""

    def __init__(self) -> None:
        super().__init__(
            settings=DagsterDbtTranslatorSettings(
                enable_asset_checks=True,
                # vintages, attempts and quarantine are one asset: the raw zone's index
                enable_duplicate_source_asset_keys=True,
            )
        )

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`raw/<shape>` for sources; `<layer>/<relation>` for models and seeds."""
        name = dbt_resource_props["name"]
        if dbt_resource_props["resource_type"] == "source":
            return shape_key(name) if name in SHAPES else INDEX_KEY
        return dg.AssetKey([layer_of(dbt_resource_props), dbt_resource_props["alias"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The folder of a model, two levels deep: `intermediate_events`; `catalogue` for seeds."""
        return folder_of(dbt_resource_props)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's description alone; its SQL can be read in the repository."""
        return str(dbt_resource_props.get("description") or "").strip()

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The owner that the model names, or the platform's team."""
        return [dbt_resource_props.get("meta", {}).get("owner", _OWNER)]

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        """The check of a test, described in words and with what to do when it fails."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        test = manifest["nodes"][unique_id]
        kind = (test.get("test_metadata") or {}).get("name", "")
        said = test.get("description") or test["config"].get("description")
        return spec._replace(description=said or ADVICE.get(kind) or f"dbt test {test['name']}")


def build_dbt_assets(load_settings: Callable[[], Settings]) -> dg.AssetsDefinition:
    """All seeds, models and data tests of the dbt project as one step.

    Raises:
        TilannekuvaError: there is no manifest; the set-up has not run.
    """
    if not MANIFEST_PATH.exists():
        raise TilannekuvaError(
            "The dbt manifest is missing. Run `make setup` (or any make command), which parses "
            "the dbt project; a code location never does."
        )

    @dbt_assets(
        manifest=MANIFEST_PATH,
        dagster_dbt_translator=Translator(),
        exclude="resource_type:unit_test",
        name="dbt_build",
    )
    def dbt_build(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        settings = load_settings()
        state = BuildState(settings)
        with warehouse_lock(settings):
            basis = build_basis(settings)
            if not context.is_subset and (kept := state.kept_build(basis)) is not None:
                progress.info("nothing has changed since the last build; it stays in use")
                yield from _again(context, kept, settings)
                return
            progress.info("building and testing the models")
            was_complete = state.is_complete
            state.begin()
            events, failure = _build(context, dbt, settings)
            completed = list(_completed(events, settings))
            # A part that is built again leaves a complete build complete, and no other.
            if failure is None and (was_complete or not context.is_subset):
                state.succeed(None if context.is_subset else basis, completed)
        yield from completed
        if failure is not None:
            raise dg.Failure(
                description="dbt build failed: a model could not be built, or a blocking test "
                "found rows. The previous publication stays as it is. "
                f"{failure}"
            ) from failure

    return dbt_build


def _build(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, settings: Settings
) -> tuple[list[Any], Exception | None]:
    """Run dbt to its end; what it said so far is told also when it fails."""
    events: list[Any] = []
    with _environment(settings):
        invocation = dbt.cli(_ARGUMENTS, context=context, target_path=settings.home / "dbt")
        try:
            for event in invocation.stream():
                events.append(event)
                if len(events) % 25 == 0:
                    progress.info("  %d models and tests done", len(events))
        except Exception as error:
            # What went wrong may lie here and not in dbt: until dbt has ended nobody else may
            # open the warehouse, and its lock would hide the real reason.
            invocation.process.terminate()
            invocation.process.wait()
            return events, error
    return events, None


def _again(
    context: dg.AssetExecutionContext, kept: dict[str, Any], settings: Settings
) -> Iterator[Any]:
    """Tell the assets and check results of a build that is still right."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as warehouse:
        facts = _ModelFacts(warehouse, settings)
        for unique_id in kept["built"]:
            yield dg.MaterializeResult(
                asset_key=_asset_keys()[unique_id],
                metadata={"unchanged": True, **facts.of(unique_id)},
            )
    for result in kept["results"]:
        yield dg.AssetCheckResult(
            asset_key=dg.AssetKey(result["asset"]),
            check_name=result["check"],
            passed=result["passed"],
            severity=dg.AssetCheckSeverity(result["severity"]),
            metadata={"unchanged": True, **result["metadata"]},
        )


class BuildState:
    """What is known of the newest build: whether it is complete, of what, and its check results.

    A publication is made only of a complete build whose blocking tests passed, also when somebody
    materialises the publication by hand after a failed run.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / "dbt" / "build.json"
        self._warehouse = settings.warehouse_path

    def begin(self) -> None:
        """A build starts: from now on the warehouse is in between."""
        self._path.unlink(missing_ok=True)

    def succeed(self, basis: Mapping[str, str] | None, events: list[Any]) -> None:
        """The build is complete; without a basis it was a part only and is not reused."""
        results = [
            {
                "asset": list(event.asset_key.path),
                "check": event.check_name,
                "passed": event.passed,
                "severity": event.severity.value,
                "metadata": {
                    name: str(event.metadata[name].value)
                    for name in ("sample_rows", "all_rows", "dagster_dbt/failed_row_count")
                    if name in event.metadata
                },
            }
            for event in events
            if isinstance(event, dg.AssetCheckResult) and event.asset_key is not None
        ]
        built = [
            str(event.metadata[UNIQUE_ID].value)
            for event in events
            if isinstance(event, dg.Output) and UNIQUE_ID in event.metadata
        ]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(
            json.dumps({"basis": basis, "built": built, "results": results}),
            encoding="utf-8",
        )

    @property
    def is_complete(self) -> bool:
        """Whether the newest build succeeded."""
        return self._path.exists() and self._warehouse.exists()

    def kept_build(self, basis: Mapping[str, str]) -> dict[str, Any] | None:
        """The newest build (`built` in order, `results`) if it rests on just this, or None."""
        if not self.is_complete:
            return None
        kept: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        return kept if kept.get("basis") == basis else None


@contextmanager
def warehouse_lock(settings: Settings) -> Iterator[None]:
    """Hold the warehouse against other runs: DuckDB admits one writing process."""
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / "warehouse.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress.info("another run holds the warehouse; waiting")
        try:
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout:
            raise TilannekuvaError(
                f"Another run has held the warehouse for {_LOCK_SECONDS // 60} minutes. "
                "Look for a hanging run in the UI, end it, and refresh again."
            ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """What dbt reads from its environment, for the time of one build."""
    wanted = {
        "TILANNEKUVA_HOME": str(settings.home),
        "TILANNEKUVA_TODAY": settings.today.isoformat(),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _completed(events: list[Any], settings: Settings) -> Iterator[Any]:
    if not settings.warehouse_path.exists():
        yield from events
        return
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as warehouse:
        progress.info("reading columns, row counts and lineage")
        facts = _ModelFacts(warehouse, settings)
        for event in events:
            if isinstance(event, dg.AssetCheckResult):
                yield _with_samples(event, warehouse)
            elif isinstance(event, dg.Output) and UNIQUE_ID in event.metadata:
                unique_id = str(event.metadata[UNIQUE_ID].value)
                yield event.with_metadata({**event.metadata, **facts.of(unique_id)})
            else:
                yield event


def _with_samples(
    event: dg.AssetCheckResult, warehouse: duckdb.DuckDBPyConnection
) -> dg.AssetCheckResult:
    """A failed test with the rows that failed it, from the table where dbt kept them."""
    if event.passed or event.check_name is None:
        return event
    table = findings_tables().get(event.check_name)
    if table is None:
        return event
    cursor = warehouse.execute(f'select * from findings."{table}" limit 10')
    columns = [column[0] for column in cursor.description or []]
    rows = [
        {name: str(value) for name, value in zip(columns, row, strict=True)}
        for row in cursor.fetchall()
    ]
    return event._replace(
        metadata={
            **event.metadata,
            "sample_rows": dg.MetadataValue.md(to_markdown(rows)),
            "all_rows": dg.MetadataValue.text(f"findings.{table} in the warehouse"),
        }
    )


@lru_cache(maxsize=1)
def findings_tables() -> Mapping[str, str]:
    """The table in which dbt keeps the failing rows of each data test, by the test's name."""
    return {
        node["name"]: node["alias"]
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "test"
    }


class _ModelFacts:
    """What only the warehouse knows of a model, as Dagster metadata."""

    def __init__(self, warehouse: duckdb.DuckDBPyConnection, settings: Settings) -> None:
        self._warehouse = warehouse
        self._settings = settings
        self._nodes = manifest()["nodes"]
        # One query for all: DuckDB lists the columns of every relation to answer for one.
        self._columns: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for schema, relation, column, kind in warehouse.execute(
            "select table_schema, table_name, column_name, data_type "
            "from information_schema.columns order by ordinal_position"
        ).fetchall():
            self._columns[schema, relation].append((column, kind))
        target = settings.home / "dbt"
        self._lineage = LineageReader(
            manifest(), target / "compiled" / "tilannekuva", target / "lineage.json"
        ).read(warehouse)

    def of(self, unique_id: str) -> dict[str, Any]:
        """Row count, columns, lineage; for the coverage mart also its picture."""
        node = self._nodes[unique_id]
        schema, relation, name = node["schema"], node["alias"], node["name"]
        columns = self._columns.get((schema, relation))
        if columns is None:
            return {}
        facts: dict[str, Any] = {
            "dagster/column_schema": dg.TableSchema(
                columns=[
                    dg.TableColumn(
                        column,
                        kind,
                        description=node["columns"].get(column, {}).get("description") or None,
                    )
                    for column, kind in columns
                ]
            )
        }
        if node["config"]["materialized"] != "view":
            counted = self._warehouse.execute(f'select count(*) from "{schema}"."{relation}"')
            facts["dagster/row_count"] = (counted.fetchone() or (0,))[0]
        if lineage := self._asset_lineage(name):
            facts["dagster/column_lineage"] = lineage
            made_from = [
                {
                    "column": column,
                    "made from": ", ".join(f"{parent}.{source}" for parent, source in sources),
                }
                for column, sources in self._lineage[name].items()
            ]
            facts["columns_made_from"] = dg.MetadataValue.md(to_markdown(made_from, max_cell=400))
        if name == "quality_coverage":
            facts |= self._coverage()
        return facts

    def _asset_lineage(self, name: str) -> dg.TableColumnLineage | None:
        deps = {
            column: [
                dg.TableColumnDep(asset_key=_model_key(parent), column_name=parent_column)
                for parent, parent_column in sources
            ]
            for column, sources in self._lineage.get(name, {}).items()
        }
        return dg.TableColumnLineage(deps_by_column=deps) if deps else None

    def _coverage(self) -> dict[str, Any]:
        path = self._settings.reports_dir / "coverage.png"
        encoded = base64.b64encode(coverage_picture(self._warehouse, path)).decode("ascii")
        return {
            "coverage": dg.MetadataValue.md(
                f"![share of expected cells observed](data:image/png;base64,{encoded})"
            ),
            "picture": dg.MetadataValue.path(path),
        }


@lru_cache(maxsize=1)
def manifest() -> Mapping[str, Any]:
    """Dbt's manifest, as the set-up has written it."""
    found: Mapping[str, Any] = json.loads(MANIFEST_PATH.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def _asset_keys() -> Mapping[str, dg.AssetKey]:
    """The asset of each model and seed, by dbt's unique id."""
    translator = Translator()
    return {
        unique_id: translator.get_asset_key(node)
        for unique_id, node in manifest()["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }


@lru_cache(maxsize=512)
def _model_key(name: str) -> dg.AssetKey:
    for unique_id, key in _asset_keys().items():
        if unique_id.rpartition(".")[2] == name:
            return key
    raise KeyError(name)


def dbt_resource() -> DbtCliResource:
    """The dbt command of this project."""
    return DbtCliResource(
        project_dir=os.fspath(DBT_PROJECT_DIR),
        profiles_dir=os.fspath(DBT_PROJECT_DIR),
        dbt_executable=os.fspath(_dbt_executable()),
    )


def _dbt_executable() -> Path | str:
    """The dbt beside the running Python, so that no activated environment is needed."""
    beside = Path(sys.executable).with_name("dbt")
    return beside if beside.exists() else "dbt"
