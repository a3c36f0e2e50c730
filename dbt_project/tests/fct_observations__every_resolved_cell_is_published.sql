{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "fct_observations"}}},
    description="The published table holds the resolved observations, each once: a difference "
    ~ "means that a join of fct_observations drops or doubles rows."
) }}
select *
from (
    select
        (select count(*) from {{ ref("int_observations") }}) as resolved,
        (select count(*) from {{ ref("fct_observations") }}) as published
) as counted
where resolved <> published
