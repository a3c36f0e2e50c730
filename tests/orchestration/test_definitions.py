"""The code location: complete, in agreement with catalogue and dbt, and one source at a time."""

from __future__ import annotations

import copy
import csv
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from assets.catalogue import Catalogue
from assets.deliveries import Deliveries
from assets.deliveries import deliveries as intake_module
from assets.feeds.descriptions import SourceDescription, load_sources
from assets.ingestion import (
    ARRIVAL_CHECK,
    INDEX_KEY,
    build_ingestion,
    delivery_key,
    shape_key,
)
from assets.raw.schemas import SHAPES
from assets.settings import SEEDS_DIR, Settings
from checks.quality import QUALITY_CHECKS
from checks.raw_suites import RAW_CHECKS
from orchestration import drift
from orchestration.dbt import manifest
from orchestration.definitions import PUBLICATION_KEY, REFRESH, build_defs
from tests.conftest import Drop

Graph = Any  # Dagster's asset graph, whose class is private
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    return build_defs()


@pytest.fixture(scope="module")
def graph(defs: dg.Definitions) -> Graph:
    return defs.resolve_asset_graph()


# -- complete ------------------------------------------------------------------------------


def test_the_definitions_can_be_loaded(defs: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(defs)


def test_the_main_job_holds_every_asset_and_every_check(defs: dg.Definitions, graph: Graph) -> None:
    job = defs.resolve_job_def(REFRESH).asset_layer
    assert set(job.executable_asset_keys) == set(graph.get_all_asset_keys())
    assert set(job.asset_graph.asset_check_keys) == set(graph.asset_check_keys)
    assert PUBLICATION_KEY in job.executable_asset_keys


def test_the_night_runs_the_main_job_at_half_past_two_in_helsinki(defs: dg.Definitions) -> None:
    (schedule,) = defs.schedules or []
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert schedule.name == "nightly_refresh"
    assert schedule.job_name == REFRESH
    assert schedule.cron_schedule == "30 2 * * *"
    assert schedule.execution_timezone == "Europe/Helsinki"
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_every_asset_says_what_it_is_whose_it_is_and_where_it_belongs(graph: Graph) -> None:
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    lacking = {
        node.key.to_user_string(): {
            "group": node.group_name,
            "description": node.description,
            "owners": node.owners,
            "kinds": node.kinds,
        }
        for node in nodes
        if not (node.group_name and node.description and node.owners and node.kinds)
    }
    assert lacking == {}
    groups = Counter(node.group_name for node in nodes)
    layers = {group.partition("_")[0] for group in groups}
    assert layers == {
        "deliveries", "raw", "catalogue", "staging", "intermediate", "core", "disclosure", "marts",
        "functions",
        "published",
    }  # fmt: skip
    # One source of a delivery is one asset; everything that dbt makes can be taken in at a glance.
    assert {group: n for group, n in groups.items() if n > 30 and group != "deliveries"} == {}


def test_every_check_says_what_it_demands(graph: Graph) -> None:
    assert [
        key.to_user_string()
        for key in graph.asset_check_keys
        if not (graph.get(key).description or "").strip()
    ] == []


def test_data_flow_from_the_deliveries_to_the_publication(graph: Graph) -> None:
    reached = {delivery_key("statfin", "tyonv_12r5")}
    ahead = list(reached)
    while ahead:
        for key in graph.get(ahead.pop()).child_keys - reached:
            reached.add(key)
            ahead.append(key)
    assert {shape_key("table_cells"), INDEX_KEY, PUBLICATION_KEY} <= reached
    assert dg.AssetKey(["marts", "fct_observations"]) in reached


# -- blocking follows severity -------------------------------------------------------------


def test_a_dbt_test_blocks_exactly_when_its_severity_is_error(graph: Graph) -> None:
    severity = {
        node["name"]: node["config"]["severity"].lower()
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "test"
    }
    checked = {
        key.name: graph.get(key).blocking for key in graph.asset_check_keys if key.name in severity
    }
    assert checked == {name: level == "error" for name, level in severity.items()}


def test_a_suite_of_the_raw_zone_blocks_exactly_when_it_says_so(graph: Graph) -> None:
    assert RAW_CHECKS
    for shape, check, _, is_blocking in RAW_CHECKS:
        key = dg.AssetCheckKey(shape_key(shape), check)
        assert graph.get(key).blocking is is_blocking, key


def test_publication_waits_for_measurement_quality_and_a_failing_source_stops_nothing(
    graph: Graph,
) -> None:
    for check in QUALITY_CHECKS:
        key = dg.AssetCheckKey(dg.AssetKey(["marts", check.mart]), check.check)
        assert graph.get(key).blocking, key
    arrivals = [key for key in graph.asset_check_keys if key.name == ARRIVAL_CHECK]
    assert arrivals
    assert not any(graph.get(key).blocking for key in arrivals)


# -- drift: a planted disagreement is reported ---------------------------------------------


def test_catalogue_models_checks_and_assets_agree(graph: Graph) -> None:
    assert drift.disagreements(graph.get_all_asset_keys(), graph.asset_check_keys) == []


def _without(column: str, value: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row for row in rows if row[column] != value]


def _with(column: str, value: str, **changed: str) -> Callable[[Rows], Rows]:
    """The rows, those with the value in the column changed; at least one must have it."""

    def change(rows: Rows) -> Rows:
        assert any(row[column] == value for row in rows)
        return [row | changed if row[column] == value else row for row in rows]

    return change


def _and_a_copy(column: str, value: str, **changed: str) -> Callable[[Rows], Rows]:
    """The rows and one more: the first with the value in the column, changed."""
    return lambda rows: [*rows, next(row for row in rows if row[column] == value) | changed]


@pytest.mark.parametrize(
    ("seed", "change", "told"),
    [
        (
            "indicator_sources.csv",
            _without("indicator", "outlook_score"),
            "indicator outlook_score has no source in indicator_sources.csv",
        ),
        (
            "indicators.csv",
            _with("indicator", "advice_events", event_dataset="phone_calls"),
            "indicator advice_events counts events of phone_calls, which is not read",
        ),
        (
            "indicators.csv",
            _with("indicator", "unemployed", unit="heads"),
            "indicator unemployed has the unit heads, which units.csv lacks",
        ),
        (
            "indicators.csv",
            _with("indicator", "unemployed", levels="KU SK MK SSS XX"),
            "indicator unemployed has unknown levels ['XX']",
        ),
        (
            "indicators.csv",
            _with("indicator", "unemployed", levels="SSS", expected_levels="KU SSS"),
            "indicator unemployed expects levels ['KU'] that it is not measured at",
        ),
        (
            "indicator_sources.csv",
            _and_a_copy("indicator", "unemployed", indicator="happiness"),
            "indicator_sources.csv names the indicator happiness, which indicators.csv lacks",
        ),
        (
            "indicator_sources.csv",
            _and_a_copy("indicator", "unemployed", source="oracle"),
            "indicator unemployed names the source oracle, which sources.csv lacks",
        ),
        (
            "sources.csv",
            lambda rows: [
                row | {"datasets": row["datasets"].replace("advice_events", "")} for row in rows
            ],
            "landing dataset advice_events is read, but no source of sources.csv delivers it",
        ),
        (
            "sources.csv",
            _without("source", "statfin"),
            "statfin.yaml describes a source that sources.csv lacks",
        ),
        (
            "indicators.csv",
            _without("indicator", "labour_force"),
            "table tyonv_12r5 feeds labour_force, which is no indicator",
        ),
        (
            "indicator_sources.csv",
            lambda rows: [
                row
                for row in rows
                if (row["indicator"], row["source"]) != ("labour_force", "statfin")
            ],
            "table tyonv_12r5 feeds labour_force, but indicator_sources.csv does not name "
            "statfin for it",
        ),
    ],
)
def test_drift_between_catalogue_and_readers_is_told(
    tmp_path: Path, seed: str, change: Callable[[Rows], Rows], told: str
) -> None:
    shutil.copytree(SEEDS_DIR, tmp_path / "seeds")
    path = tmp_path / "seeds" / seed
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(change(rows))
    planted = Catalogue.load(tmp_path / "seeds")
    assert told in drift.catalogue_and_readers(planted, load_sources())


Manifest = dict[str, Any]


def _node(planted: Manifest, name: str) -> dict[str, Any]:
    return next(node for node in planted["nodes"].values() if node["name"] == name)


def _drop(planted: Manifest, name: str) -> None:
    key = next(key for key, node in planted["nodes"].items() if node["name"] == name)
    del planted["nodes"][key]


def _one_more(planted: Manifest, part: str, like: str, name: str) -> None:
    """Another node or source, like one that there is."""
    found = next(item for item in planted[part].values() if item["name"] == like)
    planted[part][f"planted.{name}"] = found | {"name": name}


def _drop_raw_source(planted: Manifest, name: str) -> None:
    key = next(key for key, source in planted["sources"].items() if source["name"] == name)
    del planted["sources"][key]


def _refuse_kind(planted: Manifest, kind: str) -> None:
    for node in planted["nodes"].values():
        about = node.get("test_metadata") or {}
        if about.get("name") == "accepted_values":
            arguments = about["kwargs"].get("arguments") or about["kwargs"]
            arguments["values"] = [value for value in arguments["values"] if value != kind]


@pytest.fixture
def planted() -> Manifest:
    """A manifest to plant disagreements in; only what the rules look at."""
    real = manifest()
    kept = ("name", "alias", "resource_type", "fqn", "columns", "description", "test_metadata")
    return {
        "nodes": {
            key: {
                name: copy.deepcopy(node[name])
                for name in (*kept, "attached_node", "depends_on")
                if name in node
            }
            for key, node in real["nodes"].items()
        },
        "sources": {key: {"name": source["name"]} for key, source in real["sources"].items()},
        "exposures": {
            key: {"depends_on": copy.deepcopy(exposure["depends_on"])}
            for key, exposure in real["exposures"].items()
        },
    }


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (
            lambda m: _one_more(m, "nodes", "quality_gaps", "quality_moods"),
            "mart quality_moods has no grain test: its YAML says which columns make a row",
        ),
        (
            lambda m: m["exposures"].pop("exposure.tilannekuva.audit"),
            "mart quality_ledger is in no exposure: say in _exposures.yml who reads it",
        ),
        (
            lambda m: _one_more(m, "sources", "measurements", "rumours"),
            "raw source of dbt rumours has no shape or index",
        ),
        (
            lambda m: _drop_raw_source(m, "attempts"),
            "shape or index attempts has no raw source of dbt",
        ),
        (
            lambda m: _drop(m, "stg_measurements"),
            "raw source of dbt measurements has no staging model",
        ),
        (
            lambda m: _one_more(m, "nodes", "stg_measurements", "stg_rumours"),
            "staging model rumours has no raw source of dbt",
        ),
        (
            lambda m: _node(m, "fct_observations")["columns"]["value"].update(description=""),
            "column fct_observations.value lacks a description or a data type",
        ),
        (
            lambda m: _node(m, "fct_observations")["columns"]["value"].update(data_type=None),
            "column fct_observations.value lacks a description or a data type",
        ),
        (
            lambda m: _node(m, "fct_observations").update(description=""),
            "mart fct_observations lacks a description",
        ),
        (
            lambda m: _drop(m, "quality_gaps"),
            "quality check no_late_cell is on quality_gaps, which is no mart",
        ),
        (
            lambda m: _refuse_kind(m, "conflict"),
            "kind with a quality check conflict has no kind of quality_overlaps",
        ),
    ],
)
def test_drift_between_models_and_platform_is_told(
    planted: Manifest, plant: Callable[[Manifest], None], told: str
) -> None:
    assert list(drift.models_and_platform(planted)) == []
    plant(planted)
    assert told in drift.models_and_platform(planted)


def test_a_kind_of_overlap_that_no_check_tells_of_is_told(
    planted: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = [check for check in QUALITY_CHECKS if check.check != "no_conflict"]
    monkeypatch.setattr(drift, "QUALITY_CHECKS", without)
    assert list(drift.models_and_platform(planted)) == [
        "kind of quality_overlaps conflict has no kind with a quality check"
    ]


def test_a_shape_that_no_suite_judges_is_told(
    planted: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = [check for check in RAW_CHECKS if check[0] != "measurements"]
    monkeypatch.setattr(drift, "RAW_CHECKS", without)
    assert list(drift.models_and_platform(planted)) == [
        "shape of the raw zone measurements has no shape with a suite"
    ]


@pytest.fixture
def platform(planted: Manifest, graph: Graph) -> SimpleNamespace:
    """What `assets_and_platform` compares, open to change."""
    return SimpleNamespace(
        catalogue=Catalogue.load(),
        sources=dict(load_sources()),
        manifest=planted,
        assets=set(graph.get_all_asset_keys()),
        checks=set(graph.asset_check_keys),
    )


def _a_table_more(p: SimpleNamespace) -> None:
    statfin = p.sources["statfin"]
    more = statfin.tables[0].model_copy(update={"dataset": "tyonv_99"})
    p.sources["statfin"] = SourceDescription.model_validate(
        statfin.model_copy(update={"tables": [*statfin.tables, more]}).model_dump(
            exclude_unset=True
        )
    )


def _no_check(p: SimpleNamespace, name: str) -> None:
    p.checks = {key for key in p.checks if key.name != name}


def _a_test() -> str:
    return min(n["name"] for n in manifest()["nodes"].values() if n["resource_type"] == "test")


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (
            lambda p: p.assets.add(delivery_key("oracle", "measurements")),
            "ingestion asset raw/oracle/measurements has no delivery of the catalogue",
        ),
        (
            lambda p: p.assets.remove(delivery_key("statfin", "tyonv_12r5")),
            "delivery of the catalogue raw/statfin/tyonv_12r5 has no ingestion asset",
        ),
        (_a_table_more, "delivery of the catalogue raw/statfin/tyonv_99 has no ingestion asset"),
        (
            lambda p: p.assets.remove(shape_key("measurements")),
            "shape measurements has no asset",
        ),
        (
            lambda p: _drop(p.manifest, "stg_measurements"),
            "asset of a dbt layer staging/stg_measurements has no dbt model or seed",
        ),
        (
            lambda p: p.assets.remove(dg.AssetKey(["marts", "quality_gaps"])),
            "dbt model or seed marts/quality_gaps has no asset of a dbt layer",
        ),
        (
            lambda p: _drop(p.manifest, _a_test()),
            f"asset check of a dbt layer {_a_test()} has no dbt data test",
        ),
        (
            lambda p: _no_check(p, _a_test()),
            f"dbt data test {_a_test()} has no asset check of a dbt layer",
        ),
    ],
)
def test_drift_between_assets_and_platform_is_told(
    platform: SimpleNamespace, plant: Callable[[SimpleNamespace], None], told: str
) -> None:
    def found() -> Iterator[str]:
        return drift.assets_and_platform(
            platform.catalogue,
            platform.sources,
            platform.manifest,
            platform.assets,
            platform.checks,
        )

    assert list(found()) == []
    plant(platform)
    assert told in found()


# -- ingestion, one source at a time -------------------------------------------------------

ROW = "indicator,region,period,value\nunemployed,KU205,2025-03,1200\n"


def _ingest(settings: Settings, selection: list[dg.AssetKey] | None = None) -> Any:
    """The ingestion step alone, in a deployment of its own."""
    return dg.materialize(
        [build_ingestion(lambda: settings)],
        selection=selection,
        instance=dg.DagsterInstance.ephemeral(),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )


def _materialised(result: Any) -> set[dg.AssetKey]:
    return {event.asset_key for event in result.get_asset_materialization_events()}


def test_one_selected_delivery_is_ingested_alone(settings: Settings, drop: Drop) -> None:
    drop("employment_area", "measurements", "a.csv", ROW)
    drop("te_office", "measurements", "b.csv", ROW)
    wanted = delivery_key("employment_area", "measurements")
    result = _ingest(settings, [wanted])
    assert result.success
    assert _materialised(result) == {wanted}
    (check,) = result.get_asset_check_evaluations()
    assert (check.asset_key, check.passed) == (wanted, True)
    zone = Deliveries(settings).zone
    assert {(v.source, v.dataset) for v in zone.vintages()} == {("employment_area", "measurements")}


def test_a_failing_source_is_not_materialised_and_its_check_says_why(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lay_out(directory: Path, *_: object) -> list[Path]:
        answer = directory / "tables" / "statfin" / "tyonv_12r5.json"
        answer.parent.mkdir(parents=True, exist_ok=True)
        answer.write_text("<html>503 Service Unavailable</html>")
        return [answer]

    monkeypatch.setattr(intake_module, "write_sample", lay_out)
    drop("employment_area", "measurements", "a.csv", ROW)
    drop("te_office", "measurements", "b.csv", ROW + "unemployed,KU999,2025-03,7\n")
    result = _ingest(replace(settings, sources="sample"))

    failed = delivery_key("statfin", "tyonv_12r5")
    good = delivery_key("employment_area", "measurements")
    flawed = delivery_key("te_office", "measurements")
    assert result.success
    # never delivered, or failed: not materialised; everything else, and what is downstream, is
    assert _materialised(result) == {good, flawed, INDEX_KEY, *(shape_key(s) for s in SHAPES)}

    checks = {check.asset_key: check for check in result.get_asset_check_evaluations()}
    assert not checks[failed].passed
    assert checks[failed].severity is dg.AssetCheckSeverity.ERROR
    assert "tyonv_12r5" in checks[failed].metadata["why"].value
    assert "last good vintage" in checks[failed].metadata["what_to_do"].value
    assert not checks[flawed].passed
    assert checks[flawed].severity is dg.AssetCheckSeverity.WARN
    assert "KU999" in checks[flawed].metadata["sample_rows"].value
    assert {key for key, check in checks.items() if not check.passed} == {failed, flawed}
    # Who delivered finds the rows there, with the reason beside each.
    assert checks[flawed].metadata["answers"].value == (
        "- `quarantine/te_office/measurements/b.csv.xlsx`"
    )
    assert "answers" not in checks[good].metadata
    assert checks[good].metadata["rows_delivered"].value == 1
