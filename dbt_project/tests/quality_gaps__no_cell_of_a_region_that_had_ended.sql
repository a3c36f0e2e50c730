{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "quality_gaps"}}},
    description="A region that had ended before the period cannot be measured, so it has no gap. "
    ~ "Check the validity of the region in regions.csv."
) }}
select
    gaps.kind,
    gaps.indicator,
    gaps.region,
    gaps.period,
    regions.valid_to
from {{ ref("quality_gaps") }} as gaps
inner join {{ ref("dim_period") }} as periods
    on gaps.period = periods.period
inner join {{ ref("regions") }} as regions
    on gaps.region = regions.region
where
    regions.valid_to <= periods.period_start
    and not exists (
        select 1
        from {{ ref("regions") }} as later
        where
            later.region = regions.region
            and (later.valid_to is null or later.valid_to > periods.period_start)
    )
