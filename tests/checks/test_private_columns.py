"""Private columns stay in the raw zone: each leak planted in a staging model is reported."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from assets.raw.schemas import RAW_ONLY, SHAPES
from checks.project.private_columns import faults_of_private_columns
from orchestration.dbt import manifest

Manifest = dict[str, Any]
_RAW = "read_parquet('raw/*/*/*/advice_events.parquet', union_by_name = true)"


@pytest.fixture
def planted() -> Manifest:
    """The staging models and the catalogue, to plant leaks in."""
    nodes = manifest()["nodes"].items()
    return {
        "nodes": {
            key: copy.deepcopy(node)
            for key, node in nodes
            if node["resource_type"] == "seed" or node["fqn"][1] == "staging"
        }
    }


def plant(manifest: Manifest, sql: str, model: str = "stg_advice_events") -> None:
    """Give a model other SQL, and a contract that lists whatever its author wrote."""
    (node,) = (node for node in manifest["nodes"].values() if node["name"] == model)
    node["compiled_code"] = sql.replace("RAW", _RAW)
    names = ("event_id", "shown")
    node["columns"] = {name: {"name": name} for name in names if name in sql}


def test_no_staging_model_lets_a_private_column_out(planted: Manifest) -> None:
    assert list(faults_of_private_columns(planted)) == []


def test_private_columns_are_columns_of_the_raw_zone() -> None:
    for shape, columns in RAW_ONLY.items():
        assert columns <= set(SHAPES[shape].names)


@pytest.mark.parametrize(
    "sql",
    [
        "select business_id as shown from RAW",
        "select delivered.business_id as shown from RAW as delivered",
        'select d."business_id" as shown from RAW as d',
        "select coalesce(segment, business_id) as shown from RAW",
        "select case when business_id = '0201256-6' then 1 else 0 end as shown from RAW",
        "select max(business_id) over (partition by region) as shown from RAW",
        "select count(distinct business_id) as shown from RAW",
        "with d as (select business_id as b, region from RAW) select d.b as shown from d",
        "with d as (select * from RAW) select business_id as shown from d",
        "with d (a, shown) as (select region, business_id from RAW) select shown from d",
        "select shown from (select delivered.*, business_id as shown from RAW as delivered) as d",
        "select region as shown from RAW union all select business_id from RAW",
        "select (select max(d.business_id) from RAW as d) as shown",
        # All ids can be hashed and compared.
        "select md5(business_id) as shown from RAW",
        "with d as (select business_id as b from RAW) select md5(b) as shown from d",
    ],
)
def test_a_business_id_that_is_let_out_is_reported(planted: Manifest, sql: str) -> None:
    plant(planted, sql)
    assert list(faults_of_private_columns(planted)) == [
        "staging model stg_advice_events lets business_id out as shown, which never leaves the raw "
        "zone"
    ]


@pytest.mark.parametrize("star", ["*", "delivered.*", "delivered.* exclude (topic)"])
def test_a_star_lets_out_what_it_stands_for(planted: Manifest, star: str) -> None:
    plant(planted, f"select {star} from RAW as delivered")
    found = list(faults_of_private_columns(planted))
    assert found[0].startswith("staging model stg_advice_events has the columns source, dataset,")
    assert any("lets business_id out as business_id" in fault for fault in found)
    assert any("lets topic out as topic" in fault for fault in found) == ("topic" not in star)


@pytest.mark.parametrize(
    "sql",
    [
        "select delivered as shown from RAW as delivered",
        "select to_json(delivered) as shown from RAW as delivered",
        "select columns('business.*') from RAW",
        "select shown from read_csv('raw/council/advice_events/x/delivery.csv.gz')",
        "select shown from 'raw/council/advice_events/x/advice_events.parquet'",
        "select shown from parquet_scan('raw/*/*/*/advice_events.parquet')",
        "select shown from query('select business_id as shown from RAW')",
        "from RAW select #2 as shown",
    ],
)
def test_what_cannot_be_followed_is_reported(planted: Manifest, sql: str) -> None:
    plant(planted, sql)
    (fault,) = faults_of_private_columns(planted)
    assert "stg_advice_events" in fault


@pytest.mark.parametrize(
    "sql",
    [
        "select event_id, business_id is not null as shown from RAW",
        "select case when topic is null then 'unknown' end as shown from RAW",
        "select md5(business_key || lower(topic)) as shown from RAW",
        "select d.region as shown from RAW as d inner join RAW as e using (business_id)",
    ],
)
def test_whether_there_is_a_value_may_be_shown_and_of_a_text_its_hash(
    planted: Manifest, sql: str
) -> None:
    plant(planted, sql)
    assert list(faults_of_private_columns(planted)) == []


def test_free_text_and_people_are_private_as_well(planted: Manifest) -> None:
    raw = "read_parquet('raw/*/*/*/strategy_goals.parquet')"
    plant(planted, f"select lower(responsible) as shown from {raw}", "stg_strategy_goals")
    (fault,) = faults_of_private_columns(planted)
    assert fault.startswith("staging model stg_strategy_goals lets responsible out as shown")


def test_a_model_that_was_not_compiled_is_reported(planted: Manifest) -> None:
    del planted["nodes"]["model.tilannekuva.stg_transfers"]["compiled_code"]
    assert list(faults_of_private_columns(planted)) == [
        "staging model stg_transfers is not compiled: run `make setup`"
    ]
