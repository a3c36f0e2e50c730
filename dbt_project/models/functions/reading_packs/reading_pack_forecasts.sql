{{ config(parameters=["region_code", "meeting_on"]) }}

-- Figures of years to come: the next one, the fifth, the tenth and the last.
with around as (
    select mk
    from {{ ref("dim_region") }}
    where region = region_code and is_newest
),

forecasts as (
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.period,
        observations.value,
        observations.unit,
        observations.source,
        year(periods.period_start) - year(cast(meeting_on as date)) as years_ahead,
        max(periods.period_start) over (
            partition by observations.indicator, observations.segment, observations.region
        ) = periods.period_start as is_last
    from {{ ref("fct_observations") }} as observations
    inner join {{ ref("dim_period") }} as periods
        on observations.period = periods.period
    where
        (
            observations.region in (region_code, 'SSS')
            or observations.region in (select around.mk from around)
        )
        and periods.period_start > cast(meeting_on as date)
        and observations.value is not null
)

select
    indicators.name_fi as indicator_name,
    indicators.decimals,
    own.segment,
    own.period,
    own.value,
    mk.value as mk_value,
    country.value as country_value,
    own.unit,
    own.source
from forecasts as own
inner join {{ ref("dim_indicator") }} as indicators
    on own.indicator = indicators.indicator
left join around
    on around.mk is not null
left join forecasts as mk
    on
        around.mk = mk.region
        and own.indicator = mk.indicator
        and own.segment = mk.segment
        and own.period = mk.period
        and own.source = mk.source
left join forecasts as country
    on
        country.region = 'SSS'
        and region_code <> 'SSS'
        and own.indicator = country.indicator
        and own.segment = country.segment
        and own.period = country.period
        and own.source = country.source
where own.region = region_code and (own.years_ahead in (1, 5, 10) or own.is_last)
order by indicators.name_fi, own.segment, own.period, own.source
