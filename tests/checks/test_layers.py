"""The layers of the dbt project: each leak and each step back that is planted is reported."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from assets.catalogue import Catalogue
from checks.project.layers import faults_of_layers
from orchestration.dbt import manifest
from orchestration.drift import customer_datasets

Manifest = dict[str, Any]
_KEPT = ("name", "resource_type", "fqn", "columns", "raw_code", "config", "depends_on")


@pytest.fixture
def planted() -> Manifest:
    """A manifest to plant faults in; only what the rules look at."""
    real = manifest()
    return {
        "nodes": {
            key: {name: copy.deepcopy(node[name]) for name in _KEPT if name in node}
            for key, node in real["nodes"].items()
            if node["resource_type"] in ("model", "seed")
        },
        "sources": dict(real["sources"]),
    }


def _node(planted: Manifest, name: str) -> dict[str, Any]:
    return next(node for node in planted["nodes"].values() if node["name"] == name)


def _reads(planted: Manifest, name: str, *parents: str) -> None:
    keys = {node["name"]: key for key, node in planted["nodes"].items()}
    _node(planted, name)["depends_on"]["nodes"] = [keys[parent] for parent in parents]


def _reads_also(planted: Manifest, name: str, parent: str) -> None:
    keys = {node["name"]: key for key, node in planted["nodes"].items()}
    _node(planted, name)["depends_on"]["nodes"].append(keys[parent])


def _mart(planted: Manifest, name: str, sql: str, *parents: str) -> None:
    _node(planted, name)["raw_code"] = sql
    _reads(planted, name, *parents)


def _a_new_column(planted: Manifest, mart: str, column: str) -> None:
    _node(planted, mart)["columns"][column] = {"name": column, "data_type": "bigint"}


def faults(planted: Manifest) -> list[str]:
    return list(faults_of_layers(planted, customer_datasets(Catalogue.load())))


def test_the_project_has_no_fault(planted: Manifest) -> None:
    assert faults(planted) == []


def test_whatever_counts_customers_is_known() -> None:
    assert customer_datasets(Catalogue.load()) >= {"advice_events", "transfers", "measurements"}


@pytest.mark.parametrize(
    ("plant", "reported"),
    [
        pytest.param(
            lambda m: _mart(
                m,
                "monitoring_advice",
                "select region, period, value as events from {{ ref('int_observations') }} "
                "where indicator = 'advice_events'",
                "int_observations",
            ),
            "mart monitoring_advice is more than its core table",
            id="a mart of an intermediate model",
        ),
        pytest.param(
            lambda m: _mart(
                m,
                "fct_observations",
                'select * from {{ ref("core_fct_observations") }}',
                "core_fct_observations",
            ),
            "mart fct_observations is more than its core table",
            id="a core table without the macro",
        ),
        pytest.param(
            lambda m: _mart(
                m,
                "fct_observations",
                '{{ published("fct_observations") }} union all select 1',
                "core_fct_observations",
            ),
            "mart fct_observations is more than its core table",
            id="something beside the macro",
        ),
        pytest.param(
            lambda m: _mart(
                m,
                "quality_overlaps",
                '{{ published("fct_observations") }}',
                "core_fct_observations",
            ),
            "mart quality_overlaps is more than its core table",
            id="the core table of another mart",
        ),
        pytest.param(
            lambda m: _mart(
                m,
                "fct_observations",
                '{{ published("fct_observations") }}',
                "core_fct_observations",
            ),
            "mart fct_observations is made of counts of customers",
            id="the macro without masks",
        ),
        pytest.param(
            lambda m: _a_new_column(m, "monitoring_advice", "events_of_founders"),
            "column monitoring_advice.events_of_founders is a number of a table with suppressed",
            id="a new number of a table with masks",
        ),
        pytest.param(
            lambda m: _node(m, "quality_gaps")["config"]["meta"].pop("shows_no_counts"),
            "mart quality_gaps is made of counts of customers",
            id="a mart of counts that nobody judged",
        ),
        pytest.param(
            lambda m: _node(m, "fct_observations")["columns"].pop("value"),
            "mart fct_observations masks or declares value, which is no column of it",
            id="a mask of nothing",
        ),
        pytest.param(
            lambda m: _reads_also(m, "derived_latest_indicators", "core_fct_observations"),
            "model derived_latest_indicators reads core_fct_observations: read what is shown",
            id="true figures in a table of published ones",
        ),
        pytest.param(
            lambda m: _reads_also(m, "core_fct_observations", "suppressed_cells"),
            "model core_fct_observations reads suppressed_cells, which is downstream of it",
            id="core that reads disclosure",
        ),
        pytest.param(
            lambda m: _node(m, "stg_meetings")["config"].pop("contract"),
            "model stg_meetings has no enforced contract",
            id="a staging model without a contract",
        ),
        pytest.param(
            lambda m: _reads_also(m, "stg_meetings", "stg_findings"),
            "staging model stg_meetings reads the model stg_findings",
            id="staging that reads staging",
        ),
        pytest.param(
            lambda m: _node(m, "int_events")["depends_on"]["nodes"].append(
                "source.tilannekuva.raw.advice_events"
            ),
            "model int_events reads the raw zone past its staging model",
            id="the raw zone past staging",
        ),
        pytest.param(
            lambda m: _reads_also(m, "int_events", "int_overlaps"),
            "data run in a circle between the folders ",
            id="an edge that runs back between folders",
        ),
    ],
)
def test_a_planted_fault_is_reported(
    planted: Manifest, plant: Callable[[Manifest], object], reported: str
) -> None:
    plant(planted)
    assert [fault for fault in faults(planted) if fault.startswith(reported)]
