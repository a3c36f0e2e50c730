{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "fct_observation_vintages"}}},
    description="What is known now equals fct_observations, cell by cell. A difference means that "
    ~ "the history is resolved by another rule than the present."
) }}
with newest as (
    select
        indicator,
        region,
        segment,
        period,
        sum(value) as total,
        count(*) as versions
    from {{ ref("fct_observation_vintages") }}
    where known_to is null
    group by indicator, region, segment, period
),

observed as (
    select
        indicator,
        region,
        segment,
        period,
        sum(value) as total,
        count(*) as versions
    from {{ ref("fct_observations") }}
    group by indicator, region, segment, period
)

select
    observed.indicator,
    observed.region,
    observed.segment,
    observed.period,
    observed.total as observed_value,
    newest.total as newest_known_value
from observed
full outer join newest
    on
        observed.indicator = newest.indicator
        and observed.region = newest.region
        and observed.segment = newest.segment
        and observed.period = newest.period
where
    observed.indicator is null
    or newest.indicator is null
    or observed.versions <> newest.versions
    or abs(coalesce(observed.total, -1) - coalesce(newest.total, -1)) > 0.000001
