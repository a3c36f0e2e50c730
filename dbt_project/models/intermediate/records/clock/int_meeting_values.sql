-- The indicator meeting_activity out of recorded meetings: of what the annual clock demands of
-- steering and working groups in a year, the share that was held, in per cent. A year has a value
-- once it is over and nothing of it is waited for any more, and only where the indicator's source
-- has recorded a meeting at all: a silent area has no measurement, rather than no meetings.
with years as (
    select
        region,
        year,
        sum(case when clock_role = 'expected' then 1 else 0 end) as expected,
        sum(case when clock_role = 'expected' and status = 'held' then 1 else 0 end) as held,
        sum(
            case when clock_role = 'expected' and status in ('not_due', 'planned') then 1 else 0 end
        ) as waited_for,
        count(planned_on) as records,
        max(taken_in_at) as taken_in_at
    from {{ ref("int_clock_meetings") }}
    where is_counted
    group by region, year
),

recorders as (
    select
        meetings.region,
        meetings.year,
        {{ at_smallest("sources.source", "sources.preference") }} as source
    from {{ ref("int_clock_meetings") }} as meetings
    inner join {{ ref("indicator_sources") }} as sources
        on
            meetings.source = sources.source
            and sources.indicator = 'meeting_activity'
    where meetings.is_counted
    group by meetings.region, meetings.year
),

levels as (
    select
        indicator,
        region_type
    from {{ words(ref("int_indicators"), ["indicator"], "levels", "region_type") }} as listed
)

select
    'meeting_activity' as indicator,
    years.region,
    'total' as segment,
    periods.period,
    periods.freq,
    periods.period_start,
    periods.period_end,
    recorders.source,
    'meetings' as dataset,
    cast(100.0 * years.held / years.expected as double) as value,
    cast(years.records as bigint) as records,
    'A' as obs_status,
    years.taken_in_at
from years
inner join recorders
    on
        years.region = recorders.region
        and years.year = recorders.year
inner join {{ ref("int_region_types") }} as regions
    on years.region = regions.region
inner join levels
    on
        levels.indicator = 'meeting_activity'
        and regions.region_type = levels.region_type
inner join {{ ref("int_calendar_periods") }} as periods
    on
        periods.freq = 'A'
        and years.year = {{ year_of("periods.period_start") }}
where
    years.expected > 0
    and years.waited_for = 0
    and periods.period_end <= {{ today() }}
