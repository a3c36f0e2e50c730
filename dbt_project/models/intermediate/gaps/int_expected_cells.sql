-- The calendar: every cell that should have been measured by today, slot by slot, with the day it
-- was due and the source that should have delivered it. Cadence, levels, segments, first and last
-- period and release lag come from the catalogue, the regions from the classification of the year;
-- series that this deployment does not follow are left out (int_followed_series). Besides, what a
-- reporting duty names, for its regions alone; logs of events have gaps of their own
-- (int_gap_reports).
with levels as (
    select
        indicator,
        region_type
    from {{ words(ref("int_indicators"), ["indicator"], "expected_levels", "region_type") }}
        as listed
),

segments as (
    select
        indicator,
        segment
    from {{ words(ref("int_indicators"), ["indicator"], "segments", "segment") }} as listed
),

periods as (
    select
        indicators.indicator,
        calendar.period,
        calendar.freq,
        calendar.period_start,
        calendar.period_end,
        {{ classification_year("calendar.period_end") }} as classification_year,
        {{ add_days("calendar.period_end", "indicators.release_lag_days - 1") }} as due_on
    from {{ ref("int_indicators") }} as indicators
    inner join {{ ref("int_calendar_periods") }} as calendar
        on indicators.cadence = calendar.freq
    inner join {{ ref("int_calendar_periods") }} as first_periods
        on
            indicators.first_period = first_periods.period
            and calendar.period_start >= first_periods.period_start
    left join {{ ref("int_calendar_periods") }} as last_periods
        on indicators.last_period = last_periods.period
    where last_periods.period is null or calendar.period_start <= last_periods.period_start
),

-- The source that should deliver a slot in a period: the first in order of preference whose turn
-- it is. A rate is expected of no source; its parts' preferred source stands for it.
responsible as (
    select
        periods.indicator,
        periods.period,
        slots.slot,
        {{ at_smallest("slots.source", "slots.preference") }} as source
    from periods
    inner join {{ ref("int_slots") }} as slots
        on periods.indicator = slots.indicator
    inner join {{ ref("int_indicators") }} as indicators
        on periods.indicator = indicators.indicator
    inner join {{ ref("int_followed_series") }} as followed
        on
            slots.indicator = followed.indicator
            and slots.slot = followed.slot
            and periods.period_start >= followed.followed_from
    where
        (
            slots.expected_from <= periods.period_start
            and (slots.expected_to is null or slots.expected_to > periods.period_start)
        )
        or indicators.additivity = 'rate'
    group by periods.indicator, periods.period, slots.slot
),

-- Duties to deliver figures, each of the total of its own region; whoever reports once a year owes
-- its first quarter when the year is over.
owed as (
    select
        duties.indicator,
        duties.slot,
        duties.source,
        duties.region,
        duties.region_type,
        'total' as segment,
        calendar.period,
        calendar.freq,
        calendar.period_start,
        calendar.period_end,
        {{ classification_year("calendar.period_end") }} as classification_year,
        {{ add_days(
            "greatest(calendar.period_end, reporting.period_end)",
            "indicators.release_lag_days - 1"
        ) }} as due_on
    from {{ ref("int_reporting_duties") }} as duties
    inner join {{ ref("int_indicators") }} as indicators
        on duties.indicator = indicators.indicator
    inner join {{ ref("int_calendar_periods") }} as calendar
        on indicators.cadence = calendar.freq
    inner join {{ ref("int_calendar_periods") }} as reporting
        on
            duties.cadence = reporting.freq
            and {{ add_days("calendar.period_end", -1) }} >= reporting.period_start
            and {{ add_days("calendar.period_end", -1) }} < reporting.period_end
    left join {{ ref("int_followed_series") }} as followed
        on
            duties.indicator = followed.indicator
            and duties.slot = followed.slot
    where
        not duties.is_logged
        and calendar.period_start >= coalesce(duties.valid_from, followed.followed_from)
        and (duties.valid_to is null or calendar.period_start < duties.valid_to)
),

due as (
    select
        periods.indicator,
        responsible.slot,
        responsible.source,
        segments.segment,
        periods.period,
        periods.freq,
        periods.period_start,
        periods.period_end,
        periods.due_on,
        periods.classification_year,
        0 as due_rank
    from periods
    inner join responsible
        on
            periods.indicator = responsible.indicator
            and periods.period = responsible.period
    inner join segments
        on periods.indicator = segments.indicator
    where periods.due_on < {{ today() }}
    union all
    select
        indicator,
        slot,
        source,
        segment,
        period,
        freq,
        period_start,
        period_end,
        due_on,
        classification_year,
        1 as due_rank
    from owed
    where due_on < {{ today() }}
),

-- What is due of an indicator, whatever the region: few rows, so that a number for each is cheap.
lines as (
    select
        indicator,
        slot,
        segment,
        period,
        freq,
        period_start,
        period_end,
        classification_year,
        {{ at_smallest("source", "due_rank") }} as source,
        {{ at_smallest("due_on", "due_rank") }} as due_on,
        min(due_rank) as due_rank,
        row_number() over (order by indicator, slot, segment, period) as line_number
    from due
    group by
        indicator,
        slot,
        segment,
        period,
        freq,
        period_start,
        period_end,
        classification_year
)

select
    lines.indicator,
    lines.slot,
    lines.source,
    applicable.region,
    applicable.region_type,
    lines.segment,
    lines.period,
    lines.freq,
    lines.period_start,
    lines.period_end,
    lines.due_on,
    lines.line_number
from lines
inner join levels
    on lines.indicator = levels.indicator
inner join {{ ref("int_applicable_regions") }} as applicable
    on
        lines.indicator = applicable.indicator
        and lines.slot = applicable.slot
        and lines.classification_year = applicable.classification_year
        and levels.region_type = applicable.region_type
where lines.due_rank = 0
union all
-- What the calendar does not expect anyway. A distinct of all cells would take their memory.
select distinct
    lines.indicator,
    lines.slot,
    lines.source,
    owed.region,
    owed.region_type,
    lines.segment,
    lines.period,
    lines.freq,
    lines.period_start,
    lines.period_end,
    lines.due_on,
    lines.line_number
from lines
inner join owed
    on
        lines.indicator = owed.indicator
        and lines.slot = owed.slot
        and lines.segment = owed.segment
        and lines.period = owed.period
left join levels
    on
        lines.due_rank = 0
        and lines.indicator = levels.indicator
        and owed.region_type = levels.region_type
left join {{ ref("int_applicable_regions") }} as applicable
    on
        lines.indicator = applicable.indicator
        and lines.slot = applicable.slot
        and lines.classification_year = applicable.classification_year
        and owed.region = applicable.region
where levels.indicator is null or applicable.region is null
