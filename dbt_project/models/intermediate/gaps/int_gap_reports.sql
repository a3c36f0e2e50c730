-- Gaps of what is logged as events: a region that an expected reporter has not reported in time, or
-- at all, and sums that lack a reporter. Of two organisations that deliver as one source the gap is
-- one, named after both.
with late_or_absent as (
    select
        case when state = 'late' then 'late' else 'absent' end as kind,
        indicator,
        region,
        'total' as segment,
        period,
        source,
        due_on,
        {{ dbt.datediff("due_on", "coalesce(reported_on, " ~ today() ~ ")", "day") }} as days_late,
        case when state = 'late' then 1 else 0 end as coverage_share,
        organisation,
        contact_role
    from {{ ref("int_reports") }}
    where state in ('late', 'absent')
),

due as (
    select
        indicators.indicator,
        {{ add_days("calendar.period_end", "indicators.release_lag_days - 1") }} as due_on,
        calendar.period
    from {{ ref("int_indicators") }} as indicators
    inner join {{ ref("int_calendar_periods") }} as calendar
        on indicators.cadence = calendar.freq
    where indicators.combination = 'sum' and indicators.event_dataset is not null
)

select
    kind,
    indicator,
    region,
    segment,
    period,
    source,
    min(due_on) as due_on,
    max(days_late) as days_late,
    min(coverage_share) as coverage_share,
    {{ distinct_list("organisation", "; ") }} as organisation,
    {{ distinct_list("contact_role", "; ") }} as contact_role
from late_or_absent
group by kind, indicator, region, segment, period, source
union all
select
    'partial' as kind,
    observations.indicator,
    observations.region,
    observations.segment,
    observations.period,
    observations.source,
    due.due_on,
    cast(null as integer) as days_late,
    observations.coverage_share,
    reports.missing_organisations as organisation,
    reports.missing_contact_roles as contact_role
from {{ ref("int_observations") }} as observations
inner join due
    on
        observations.indicator = due.indicator
        and observations.period = due.period
left join {{ ref("int_report_coverage") }} as reports
    on
        observations.indicator = reports.indicator
        and observations.region = reports.region
        and observations.period = reports.period
where
    observations.value is not null
    and observations.coverage_share < 1
    and due.due_on < {{ today() }}
