{{ config(
    parameters=["indicator_id", "region_code", "target_year", "segment_code := 'total'"],
    meta={"parameter_types": {"target_year": "integer"}},
) }}

select
    restated.period,
    restated.cell_slot,
    restated.value,
    indicators.unit,
    restated.obs_status,
    restated.conf_status,
    restated.method,
    restated.coverage_share,
    periods.sort_key
from {{ observations_in_division("target_year", "indicator_id") }} as restated
inner join {{ ref("dim_period") }} as periods
    on restated.period = periods.period
inner join {{ ref("dim_indicator") }} as indicators
    on restated.indicator = indicators.indicator
where restated.region = region_code and restated.segment = segment_code
