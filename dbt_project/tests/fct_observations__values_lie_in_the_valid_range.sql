{{ config(
    severity="warn",
    meta={"dagster": {"ref": {"name": "fct_observations"}}},
    description="Values outside the valid range of their indicator: look at the delivery through "
    ~ "quality_ledger, or correct the range in indicators.csv."
) }}
select
    observations.indicator,
    observations.region,
    observations.segment,
    observations.period,
    observations.value,
    observations.source,
    indicators.valid_min,
    indicators.valid_max
from {{ ref("fct_observations") }} as observations
inner join {{ ref("indicators") }} as indicators
    on observations.indicator = indicators.indicator
where
    observations.value < indicators.valid_min
    or observations.value > indicators.valid_max
