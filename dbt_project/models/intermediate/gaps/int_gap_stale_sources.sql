-- Sources that have delivered before but not within their cadence, one row for each indicator that
-- waits for them: those of which the source is expected now, and, where nobody is expected in its
-- place, those it has ever delivered. One that has ended is not waited for.
with last_deliveries as (
    select
        source,
        {{ helsinki_day("max(taken_in_at)") }} as last_day
    from {{ ref("stg_vintages") }}
    group by source
),

-- On the same day on which dim_source calls the source stale.
silent as (
    select
        sources.source,
        last_deliveries.last_day,
        {{ add_days("last_deliveries.last_day", "frequencies.months * 31") }} as due_on
    from {{ ref("sources") }} as sources
    inner join last_deliveries
        on sources.source = last_deliveries.source
    inner join {{ ref("frequencies") }} as frequencies
        on sources.cadence = frequencies.freq
    where
        (sources.valid_to is null or sources.valid_to > {{ today() }})
        and {{ add_days("last_deliveries.last_day", "frequencies.months * 31") }} < {{ today() }}
),

delivered as (
    select distinct
        indicator,
        source
    from {{ ref("int_candidates") }}
),

places as (
    select
        indicator,
        slot,
        source,
        coalesce(
            expected_from <= {{ today() }} and (expected_to is null or expected_to > {{ today() }}),
            false
        ) as is_expected
    from {{ ref("int_slots") }}
),

manned as (
    select
        indicator,
        slot
    from places
    group by indicator, slot
    having max(case when is_expected then 1 else 0 end) = 1
),

waiting as (
    select
        places.indicator,
        silent.source,
        silent.last_day,
        silent.due_on
    from silent
    inner join places
        on silent.source = places.source
    left join manned
        on
            places.indicator = manned.indicator
            and places.slot = manned.slot
    left join delivered
        on
            places.indicator = delivered.indicator
            and places.source = delivered.source
    where places.is_expected or (manned.indicator is null and delivered.indicator is not null)
)

select
    waiting.indicator,
    waiting.source,
    waiting.due_on,
    'nothing delivered since ' || cast(waiting.last_day as {{ dbt.type_string() }}) as reason,
    {{ at_smallest("calendar.period", "calendar.period_start") }} as period
from waiting
inner join {{ ref("int_indicators") }} as indicators
    on waiting.indicator = indicators.indicator
-- The first period that ended after the last delivery, which can hold nothing final of it.
inner join {{ ref("int_calendar_periods") }} as calendar
    on
        indicators.cadence = calendar.freq
        and waiting.last_day < calendar.period_end
left join {{ ref("int_calendar_periods") }} as last_periods
    on indicators.last_period = last_periods.period
where last_periods.period is null or calendar.period_start <= last_periods.period_start
group by waiting.indicator, waiting.source, waiting.due_on, waiting.last_day
