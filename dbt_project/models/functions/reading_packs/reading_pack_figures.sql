{{ config(parameters=["region_code", "meeting_on"]) }}

with ranked as (
    select
        observations.indicator,
        indicators.name_fi as indicator_name,
        observations.segment,
        observations.period,
        observations.value,
        observations.unit,
        observations.obs_status,
        observations.conf_status,
        observations.source,
        observations.has_overlap,
        observations.is_over,
        case
            when lag(observations.is_over) over by_period
                then lag(observations.period) over by_period
        end as previous_period,
        case
            when lag(observations.is_over) over by_period
                then lag(observations.value) over by_period
        end as previous_value,
        lead(observations.period) over by_period as next_period
    from {{ ref("fct_observations") }} as observations
    inner join {{ ref("dim_indicator") }} as indicators
        on observations.indicator = indicators.indicator
    inner join {{ ref("dim_period") }} as periods
        on observations.period = periods.period
    where observations.region = region_code
    window
        by_period as (
            partition by
                observations.indicator,
                observations.segment,
                observations.freq,
                case when indicators.combination = 'separate' then observations.source end
            -- A running period is no newest figure, unless there is no other.
            order by observations.is_over, periods.period_start, periods.period_end
        )
)

select
    indicator,
    indicator_name,
    segment,
    period,
    value,
    unit,
    previous_period,
    previous_value,
    case when is_over then value - previous_value end as change,
    case when not is_over then 'running' end as running,
    case
        when value is not null then null
        when obs_status = 'Q' or conf_status not in ('F', '') then 'suppressed'
        else 'not_available'
    end as missing_because,
    source,
    has_overlap
from ranked
where next_period is null
order by indicator, segment, period
