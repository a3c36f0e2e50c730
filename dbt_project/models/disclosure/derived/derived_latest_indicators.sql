-- The newest complete figure of each indicator, region and segment, beside the period before it and
-- the same period of the year before. Complete is the figure of a period that is over and whose
-- parts are all there; is_coverage_known says whether anybody knows what would be missing. It is
-- one of the indicator's own cadence, or, where there is none, of the
-- longest periods that it has; of sources that are kept apart (separate) it is that of the
-- preferred one.
with figures as (
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.region_type,
        observations.period,
        observations.freq,
        observations.value,
        observations.unit,
        observations.obs_status,
        observations.source,
        observations.sources,
        observations.coverage_share,
        observations.has_overlap,
        observations.vintage_at,
        periods.period_start,
        {{ add_days("periods.period_end", 1) }} as period_end,
        indicators.direction,
        coalesce(observations.coverage_share, 1) > 0.999999999 as is_complete,
        dense_rank() over (
            partition by observations.indicator, observations.region, observations.segment
            order by
                case
                    when indicators.combination = 'separate'
                        then coalesce(source_order.preference, 999)
                    else 0
                end,
                case when indicators.combination = 'separate' then observations.source end,
                case when observations.freq = indicators.cadence then 0 else 1 end,
                coalesce(frequencies.sort_key, 999),
                observations.freq
        ) as series_rank
    from {{ ref("shown_fct_observations") }} as observations
    inner join {{ ref("core_dim_period") }} as periods
        on observations.period = periods.period
    inner join {{ ref("core_dim_indicator") }} as indicators
        on observations.indicator = indicators.indicator
    left join {{ ref("frequencies") }} as frequencies
        on observations.freq = frequencies.freq
    left join {{ ref("core_source_order") }} as source_order
        on
            observations.indicator = source_order.indicator
            and observations.source = source_order.source
    where observations.is_over and observations.value is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by indicator, region, segment, is_complete
            order by period_end desc, period_start desc
        ) as newness
    from figures
    where series_rank = 1
),

newest as (
    select *
    from ranked
    where is_complete and newness = 1
),

-- What came after it and lacks a part.
partial as (
    select *
    from ranked
    where not is_complete and newness = 1
),

compared as (
    select
        newest.*,
        previous.period as previous_period,
        previous.value as previous_value,
        previous.period_start as previous_start,
        a_year_before.period as year_before_period,
        a_year_before.value as year_before_value,
        a_year_before.period_start as year_before_start
    from newest
    left join ranked as previous
        on
            newest.indicator = previous.indicator
            and newest.region = previous.region
            and newest.segment = previous.segment
            and newest.freq = previous.freq
            and newest.period_start = previous.period_end
            and previous.is_complete
            and newest.freq <> '_Z'
    left join ranked as a_year_before
        on
            newest.indicator = a_year_before.indicator
            and newest.region = a_year_before.region
            and newest.segment = a_year_before.segment
            and newest.freq = a_year_before.freq
            and newest.period_start = {{ add_months("a_year_before.period_start", 12) }}
            and newest.period_end = {{ add_months("a_year_before.period_end", 12) }}
            and a_year_before.is_complete
),

-- The first day of each period with which a series begins anew.
breaks as (
    select
        compared.indicator,
        compared.region,
        compared.segment,
        max(periods.period_start) as last_break
    from compared
    inner join {{ ref("int_series_breaks") }} as series_breaks
        on
            compared.indicator = series_breaks.indicator
            and compared.region = series_breaks.region
            and compared.segment = series_breaks.segment
    inner join {{ ref("core_dim_period") }} as periods
        on
            series_breaks.period = periods.period
            and compared.freq = periods.freq
            and compared.period_start >= periods.period_start
    group by compared.indicator, compared.region, compared.segment
)

select
    compared.indicator,
    compared.region,
    compared.segment,
    compared.region_type,
    compared.period,
    compared.freq,
    compared.value,
    compared.unit,
    compared.direction,
    compared.obs_status,
    compared.source,
    compared.sources,
    compared.coverage_share,
    compared.has_overlap,
    compared.vintage_at,
    compared.previous_period,
    compared.previous_value,
    case
        when coalesce(breaks.last_break <= compared.previous_start, true)
            then compared.value - compared.previous_value
    end as change,
    compared.year_before_period,
    compared.year_before_value,
    case
        when coalesce(breaks.last_break <= compared.year_before_start, true)
            then compared.value - compared.year_before_value
    end as change_on_year,
    coalesce(breaks.last_break > compared.previous_start, false) as breaks_before,
    coalesce(breaks.last_break > compared.year_before_start, false) as breaks_in_year,
    partial.period as partial_period,
    partial.value as partial_value,
    partial.coverage_share as partial_coverage_share,
    compared.coverage_share is not null as is_coverage_known,
    compared.period_start,
    {{ add_days("compared.period_end", -1) }} as period_end
from compared
left join breaks
    on
        compared.indicator = breaks.indicator
        and compared.region = breaks.region
        and compared.segment = breaks.segment
left join partial
    on
        compared.indicator = partial.indicator
        and compared.region = partial.region
        and compared.segment = partial.segment
        and compared.period_end < partial.period_end
