-- How much of what is expected by today was measured, per indicator, level and period.
-- A cell counts as late when it had come due while its source was being followed, and was then
-- delivered after the day; what the first delivery of a dataset brought tells nothing of lateness.
with expected as (
    select
        indicator,
        region,
        region_type,
        segment,
        period,
        max(due_on) as due_on
    from {{ ref("int_expected_cells") }}
    group by indicator, region, region_type, segment, period
),

-- Under `separate` a cell has one observation for each source; one with a value is enough.
cells as (
    select
        indicator,
        region,
        segment,
        period,
        max(case when obs_status = 'M' then 1 else 0 end) = 1 and count(value) = 0
            as cannot_exist,
        count(value) > 0 as is_observed,
        max(case when {{ is_suppressed("obs_status", "is_confidential") }} then 1 else 0 end) = 1
            as is_suppressed,
        min(case when value is not null then first_delivered_at end) as first_delivered_at,
        max(followed_since) as followed_since
    from {{ ref("int_observations") }}
    group by indicator, region, segment, period
),

-- A cell that is missing in several slots is accepted when all of them are.
accepted as (
    select
        indicator,
        region,
        segment,
        period
    from {{ ref("core_quality_gaps") }}
    where kind in ('absent', 'suppressed', 'not_available')
    group by indicator, region, segment, period
    having min(case when is_accepted then 1 else 0 end) = 1
),

judged as (
    select
        expected.indicator,
        expected.region_type,
        expected.period,
        cells.indicator is null as is_absent,
        coalesce(cells.is_observed, false) as is_observed,
        coalesce(cells.is_suppressed and not cells.is_observed, false) as is_suppressed,
        coalesce(not cells.is_suppressed and not cells.is_observed, false) as is_not_available,
        coalesce(
            cells.is_observed
            and {{ came_late(
                late_from("expected.due_on"), "cells.first_delivered_at", "cells.followed_since"
            ) }},
            false
        ) as is_late,
        accepted.indicator is not null and not coalesce(cells.is_observed, false) as is_accepted
    from expected
    left join cells
        on
            expected.indicator = cells.indicator
            and expected.region = cells.region
            and expected.segment = cells.segment
            and expected.period = cells.period
    left join accepted
        on
            expected.indicator = accepted.indicator
            and expected.region = accepted.region
            and expected.segment = accepted.segment
            and expected.period = accepted.period
    where not coalesce(cells.cannot_exist, false)
),

calendar as (
    select
        indicator,
        region_type,
        period,
        cast(count(*) as integer) as expected,
        cast(sum(case when is_observed then 1 else 0 end) as integer) as observed,
        cast(sum(case when is_late then 1 else 0 end) as integer) as late,
        cast(sum(case when is_suppressed then 1 else 0 end) as integer) as suppressed,
        cast(sum(case when is_absent then 1 else 0 end) as integer) as absent,
        cast(sum(case when is_not_available then 1 else 0 end) as integer) as not_available,
        cast(sum(case when is_observed then 1 else 0 end) as double) / count(*) as coverage_share,
        cast(sum(case when is_accepted then 1 else 0 end) as integer) as accepted
    from judged
    group by indicator, region_type, period
)

select *
from calendar
union all
-- What the calendar does not hold: logs, counted by the regions of their reporters, and what nobody
-- is known to be expected to report, whose coverage is unknown.
select
    others.indicator,
    others.region_type,
    others.period,
    cast(sum(others.expected) as integer) as expected,
    cast(sum(others.observed) as integer) as observed,
    cast(sum(others.late) as integer) as late,
    cast(sum(others.suppressed) as integer) as suppressed,
    cast(sum(others.absent) as integer) as absent,
    cast(sum(others.not_available) as integer) as not_available,
    cast(sum(others.observed) as double) / nullif(sum(others.expected), 0) as coverage_share,
    cast(sum(others.accepted) as integer) as accepted
from {{ ref("core_quality_coverage_regions") }} as others
left join calendar
    on
        others.indicator = calendar.indicator
        and others.region_type = calendar.region_type
        and others.period = calendar.period
where calendar.indicator is null
group by others.indicator, others.region_type, others.period
