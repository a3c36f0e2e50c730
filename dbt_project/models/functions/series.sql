{{ config(
    parameters=["indicator_id", "region_code", "target_year", "segment_code := 'total'"],
    meta={"parameter_types": {"target_year": "integer"}},
) }}

select
    restated.period,
    restated.cell_slot,
    restated.value,
    measured.unit,
    restated.obs_status,
    restated.conf_status,
    restated.method,
    restated.coverage_share,
    calendar.sort_key
from {{ observations_in_division("target_year", "indicator_id") }} as restated
inner join {{ ref("dim_period") }} as calendar
    on restated.period = calendar.period
inner join {{ ref("dim_indicator") }} as measured
    on restated.indicator = measured.indicator
where restated.region = region_code and restated.segment = segment_code
