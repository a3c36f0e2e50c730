-- The catalogue's indicators with the words of their lists kept as lists and defaults filled in.
select
    indicators.indicator,
    indicators.additivity,
    indicators.numerator,
    indicators.denominator,
    indicators.rate_factor,
    coalesce(
        indicators.stock_or_flow,
        case when indicators.additivity = 'rate' then 'rate' else 'none' end
    ) as stock_or_flow,
    indicators.direction,
    indicators.valid_min,
    indicators.cadence,
    indicators.levels,
    indicators.expected_levels,
    indicators.segments,
    indicators.combination,
    indicators.release_lag_days,
    indicators.first_period,
    indicators.last_period,
    indicators.event_dataset,
    indicators.event_filter,
    indicators.unit,
    units.base_unit,
    units.factor,
    coalesce(indicators.tolerance_abs, 0.5) as tolerance_abs,
    coalesce(indicators.tolerance_rel, 0.005) as tolerance_rel
from {{ ref("indicators") }} as indicators
inner join {{ ref("units") }} as units
    on indicators.unit = units.unit
