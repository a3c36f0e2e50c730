"""Drift: whether the catalogue, the readers, the dbt models, the checks and the assets agree.

Each pair is compared in both directions, so a row without a model is found as well as a model
without a row. `make lint`, the tests and the asset check on `marts/dim_indicator` all use it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg

from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.deliveries import known_deliveries
from assets.feeds.descriptions import (
    SourceDescription,
    TableDescription,
    load_sources,
    tables_of,
)
from assets.ingestion import delivery_key, shape_key
from assets.raw.schemas import RECORD_KEYS, SHAPES
from checks.project.layers import LAYERS, faults_of_layers, layer_of
from checks.project.private_columns import faults_of_private_columns
from checks.quality import QUALITY_CHECKS
from checks.raw_suites import RAW_CHECKS
from orchestration.dbt import MANIFEST_PATH

#: The asset check that reports what is found here.
DRIFT_CHECK = "catalogue_and_platform_agree"


def disagreements(
    asset_keys: Iterable[dg.AssetKey], check_keys: Iterable[dg.AssetCheckKey]
) -> list[str]:
    """Everything in which the parts of the platform disagree, in words; empty when they agree.

    Args:
        asset_keys: the assets of the definitions.
        check_keys: the asset checks of the definitions.
    """
    manifest = json.loads(MANIFEST_PATH.read_text(encoding="utf-8"))
    catalogue, sources = Catalogue.load(), load_sources()
    return [
        *catalogue_and_readers(catalogue, sources),
        *models_and_platform(manifest),
        *faults_of_layers(manifest, customer_datasets(catalogue)),
        *faults_of_private_columns(manifest),
        *assets_and_platform(catalogue, sources, manifest, asset_keys, check_keys),
    ]


def customer_datasets(catalogue: Catalogue) -> set[str]:
    """Shapes whose rows are counted as customers: of such a count a small one is suppressed."""
    counted = {i.event_dataset for i in catalogue.indicators.values() if i.min_count}
    # A partner may deliver the same counts ready-made.
    return {"measurements", *(dataset for dataset in counted if dataset)}


def catalogue_and_readers(
    catalogue: Catalogue, sources: Mapping[str, SourceDescription]
) -> Iterator[str]:
    """Where the rows of the catalogue and what the readers can read do not fit."""
    for indicator in catalogue.indicators.values():
        name = indicator.indicator
        if not catalogue.indicator_sources.get(name):
            yield f"indicator {name} has no source in indicator_sources.csv"
        if indicator.event_dataset and indicator.event_dataset not in SHAPES:
            yield f"indicator {name} counts events of {indicator.event_dataset}, which is not read"
        if indicator.unit not in catalogue.units:
            yield f"indicator {name} has the unit {indicator.unit}, which units.csv lacks"
        if unknown := set(indicator.levels) - set(catalogue.region_types):
            yield f"indicator {name} has unknown levels {sorted(unknown)}"
        if beyond := set(indicator.expected_levels) - set(indicator.levels):
            yield f"indicator {name} expects levels {sorted(beyond)} that it is not measured at"
    for name, named in catalogue.indicator_sources.items():
        if name not in catalogue.indicators:
            yield f"indicator_sources.csv names the indicator {name}, which indicators.csv lacks"
        for source in named:
            if source not in catalogue.sources:
                yield f"indicator {name} names the source {source}, which sources.csv lacks"
    for dataset in DATASETS:
        if not any(dataset in source.datasets for source in catalogue.sources.values()):
            yield f"landing dataset {dataset} is read, but no source of sources.csv delivers it"
    for described in sources.values():
        if described.source not in catalogue.sources:
            yield f"{described.source}.yaml describes a source that sources.csv lacks"
    for table in tables_of(sources).values():
        yield from _catalogue_and_table(catalogue, table)


def _catalogue_and_table(catalogue: Catalogue, table: TableDescription) -> Iterator[str]:
    for content in table.contents:
        if content.indicator not in catalogue.indicators:
            yield f"table {table.dataset} feeds {content.indicator}, which is no indicator"
        elif table.source not in catalogue.indicator_sources.get(content.indicator, ()):
            yield (
                f"table {table.dataset} feeds {content.indicator}, but indicator_sources.csv "
                f"does not name {table.source} for it"
            )
        if content.unit not in catalogue.units:
            yield f"table {table.dataset} has the unit {content.unit}, which units.csv lacks"
    segments = table.segments.codes.values() if table.segments else ()
    for segment in {*segments, *(content.segment for content in table.contents)}:
        if segment not in catalogue.segments:
            yield f"table {table.dataset} has the segment {segment}, which segments.csv lacks"
    known = {region.region for region in catalogue.regions}
    if unknown := sorted(set(table.areas.codes.values()) - known):
        yield f"table {table.dataset} maps areas to {', '.join(unknown)}, which regions.csv lacks"


def models_and_platform(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Where dbt's models and what the platform publishes, reads and judges do not fit."""
    models = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    marts = {name for name, node in models.items() if node["fqn"][1] == "marts"}
    for mart in sorted(marts - _with_grain(manifest)):
        yield f"mart {mart} has no grain test: its YAML says which columns make a row"
    yield from _both(
        "record in int_record_dispositions",
        {
            key.rpartition(".stg_")[2]
            for key in models["int_record_dispositions"]["depends_on"]["nodes"]
            if ".stg_" in key and not key.endswith(".stg_vintages")
        },
        "landing dataset of records",
        set(RECORD_KEYS) - {"transfers"},
    )
    read = {
        key.rpartition(".")[2]
        for exposure in manifest["exposures"].values()
        for key in exposure["depends_on"]["nodes"]
    }
    for name in sorted(marts - read):
        yield f"mart {name} is in no exposure: say in _exposures.yml who reads it"
    sources = {node["name"] for node in manifest["sources"].values()}
    yield from _both(
        "raw source of dbt",
        sources,
        "shape or index",
        {*SHAPES, *("vintages", "attempts", "quarantine")},
    )
    staged = {n.removeprefix("stg_") for n, node in models.items() if node["fqn"][1] == "staging"}
    yield from _both("staging model", staged, "raw source of dbt", sources)
    yield from _both(
        "shape with a suite", {shape for shape, *_ in RAW_CHECKS}, "shape of the raw zone", SHAPES
    )
    for name in sorted(marts):
        columns = models[name]["columns"].values()
        for column in columns:
            if not column.get("description") or not column.get("data_type"):
                yield f"column {name}.{column['name']} lacks a description or a data type"
        if not models[name].get("description"):
            yield f"mart {name} lacks a description"
    for check in QUALITY_CHECKS:
        if check.mart not in marts:
            yield f"quality check {check.check} is on {check.mart}, which is no mart"
    for mart in ("quality_overlaps", "quality_gaps"):
        yield from _both(
            f"kind of {mart}",
            _kinds_accepted(manifest, mart),
            "kind with a quality check",
            {c.where.partition("'")[2].rstrip("'") for c in QUALITY_CHECKS if c.mart == mart},
        )


def _with_grain(manifest: Mapping[str, Any]) -> set[str]:
    return {
        node["attached_node"].rpartition(".")[2]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "grain"
    }


def _kinds_accepted(manifest: Mapping[str, Any], mart: str) -> set[str]:
    kinds: set[str] = set()
    for node in manifest["nodes"].values():
        about = node.get("test_metadata") or {}
        if about.get("name") == "accepted_values" and node.get("attached_node", "").endswith(
            f".{mart}"
        ):
            arguments = about["kwargs"].get("arguments") or about["kwargs"]
            kinds.update(arguments["values"])
    return kinds


def assets_and_platform(
    catalogue: Catalogue,
    sources: Mapping[str, SourceDescription],
    manifest: Mapping[str, Any],
    asset_keys: Iterable[dg.AssetKey],
    check_keys: Iterable[dg.AssetCheckKey],
) -> Iterator[str]:
    """Where Dagster's assets and checks do not fit the catalogue and dbt."""
    keys, checks = set(asset_keys), set(check_keys)
    wanted = {
        delivery_key(source, dataset)
        for source, dataset in known_deliveries(catalogue, sources.values())
    }
    ingested = {key for key in keys if key.path[0] == "raw" and len(key.path) == 3}
    yield from _both(
        "ingestion asset",
        {key.to_user_string() for key in ingested},
        "delivery of the catalogue",
        {key.to_user_string() for key in wanted},
    )
    for shape in SHAPES:
        if shape_key(shape) not in keys:
            yield f"shape {shape} has no asset"
    layers = {"catalogue", *LAYERS}
    yield from _both(
        "asset of a dbt layer",
        {"/".join(key.path) for key in keys if key.path[0] in layers},
        "dbt model or seed",
        {
            f"{layer_of(node)}/{node['alias']}"
            for node in manifest["nodes"].values()
            if node["resource_type"] in ("model", "seed")
        },
    )
    own = (
        {DRIFT_CHECK}
        | {check.check for check in QUALITY_CHECKS}
        | {check for _, check, *_ in RAW_CHECKS}
    )
    yield from _both(
        "asset check of a dbt layer",
        {key.name for key in checks if key.asset_key.path[0] in layers} - own,
        "dbt data test",
        {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "test"},
    )


def _both(
    left_name: str, left: Iterable[str], right_name: str, right: Iterable[str]
) -> Iterator[str]:
    left, right = set(left), set(right)
    for lonely in sorted(left - right):
        yield f"{left_name} {lonely} has no {right_name}"
    for lonely in sorted(right - left):
        yield f"{right_name} {lonely} has no {left_name}"
