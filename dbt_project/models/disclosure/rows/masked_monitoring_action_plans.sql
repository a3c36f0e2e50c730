with measures as (
    select
        plans.*,
        indicators.cadence,
        case when indicators.segments = 'total' then 'total' else plans.segment end
            as observed_segment
    from {{ ref("core_monitoring_action_plans") }} as plans
    inner join {{ ref("int_indicators") }} as indicators
        on plans.indicator = indicators.indicator
    where plans.observed_value is not null
),

suppressed as (
    select
        cells.indicator,
        cells.region,
        cells.segment,
        cells.period,
        periods.freq,
        periods.calendar_year
    from {{ ref("suppressed_cells") }} as cells
    inner join {{ ref("core_dim_period") }} as periods
        on cells.period = periods.period
)

select distinct
    measures.region,
    measures.year,
    measures.scope,
    measures.section,
    measures.objective,
    measures.measure,
    measures.segment,
    false as is_left_out,
    cast(null as double) as observed_value,
    cast(null as double) as difference_from_target,
    cast(null as double) as target_reached_pct
from measures
inner join suppressed
    on
        measures.indicator = suppressed.indicator
        and measures.region = suppressed.region
        and measures.observed_segment = suppressed.segment
        and (
            measures.observed_until = suppressed.period
            or (
                measures.observed_as = 'sum of periods'
                and measures.year = suppressed.calendar_year
                and measures.cadence = suppressed.freq
            )
        )
