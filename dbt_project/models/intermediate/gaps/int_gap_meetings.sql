-- Meetings that the annual clock expected and nobody recorded, as gaps: one row for each region and
-- month, or year for what has no month of its own, whichever groups are missing in it.
with missing as (
    select
        meetings.region,
        meetings.group_name,
        periods.period,
        meetings.due_on,
        count(*) as meetings
    from {{ ref("int_clock_meetings") }} as meetings
    inner join {{ ref("int_calendar_periods") }} as periods
        on
            meetings.window_from = periods.period_start
            and meetings.window_to = periods.period_end
    where meetings.clock_role = 'expected' and meetings.status = 'missing'
    group by meetings.region, meetings.group_name, periods.period, meetings.due_on
),

named as (
    select
        *,
        group_name || ' ' || cast(meetings as {{ dbt.type_string() }}) as what
    from missing
),

responsible as (
    select
        indicator,
        {{ at_smallest("source", "preference") }} as source
    from {{ ref("indicator_sources") }}
    where indicator = 'meeting_activity'
    group by indicator
)

select
    'absent' as kind,
    responsible.indicator,
    named.region,
    'total' as segment,
    named.period,
    responsible.source,
    max(named.due_on) as due_on,
    cast({{ dbt.datediff("max(named.due_on)", today(), "day") }} as integer) as days_late,
    cast(0 as double) as coverage_share,
    'no record of meetings of the annual clock: ' || {{ distinct_list("named.what") }} as reason
from named
cross join responsible
group by responsible.indicator, responsible.source, named.region, named.period
