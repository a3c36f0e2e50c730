{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "fct_observation_vintages"}}},
    description="Of each cell exactly one version holds at any moment, and one holds now."
) }}
select
    indicator,
    region,
    segment,
    period,
    cell_slot,
    count(*) as versions,
    sum(case when known_to is null then 1 else 0 end) as open_versions,
    sum(case when known_to <= known_from then 1 else 0 end) as reversed_versions
from {{ ref("fct_observation_vintages") }}
group by indicator, region, segment, period, cell_slot
having
    sum(case when known_to is null then 1 else 0 end) <> 1
    or sum(case when known_to <= known_from then 1 else 0 end) > 0
