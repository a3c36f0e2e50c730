{{ config(
    parameters=["indicator_id", "region_code", "target_year", "segment_code := 'total'"],
    meta={"parameter_types": {"target_year": "integer"}},
) }}

with parts as (
    select *
    from {{ parts_in_division("target_year", "indicator_id") }} as figures
    where figures.region = region_code and figures.segment = segment_code
)

-- A rate that was published is made of itself, not of the counts beside it.
select
    parts.period,
    parts.cell_slot,
    parts.indicator,
    parts.part,
    parts.from_year,
    parts.share,
    parts.value,
    parts.obs_status,
    parts.conf_status,
    parts.source
from parts
where
    parts.indicator = indicator_id
    or not exists (
        select 1
        from parts as published
        where
            published.indicator = indicator_id
            and published.period = parts.period
            and published.cell_slot = parts.cell_slot
    )
