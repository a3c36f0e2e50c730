{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "fct_observation_vintages"}}},
    description="Of each cell at most one version holds at any moment: each ends when the next one "
    ~ "begins, or before, where the figure was taken back in between."
) }}
with versions as (
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        known_from,
        known_to,
        lead(known_from) over (
            partition by indicator, region, segment, period, cell_slot
            order by known_from
        ) as next_from
    from {{ ref("fct_observation_vintages") }}
)

select *
from versions
where
    known_to <= known_from
    or next_from < known_to
    or (next_from is not null and known_to is null)
