{{ config(parameters=["region_code", "meeting_on"]) }}

-- What nobody is known to be expected to report is neither complete nor missing.
with gaps as (
    select
        known.kind,
        known.indicator,
        known.segment,
        known.source,
        known.period,
        known.run_start,
        known.days_late,
        known.reason,
        known.organisation,
        known.contact_role
    from {{ ref("quality_gaps") }} as known
    where known.region = region_code and not known.is_accepted
    union all
    select
        'unknown' as kind,
        coverage.indicator,
        'total' as segment,
        coverage.source,
        coverage.period,
        first_value(coverage.period) over (
            partition by coverage.indicator, coverage.source
            order by calendar.period_start, calendar.period_end
        ) as run_start,
        null as days_late,
        null as reason,
        coverage.organisation,
        null as contact_role
    from {{ ref("quality_coverage_regions") }} as coverage
    inner join {{ ref("dim_period") }} as calendar
        on coverage.period = calendar.period
    where coverage.region = region_code and coverage.state = 'unknown'
)

select
    gaps.kind,
    gaps.indicator,
    indicators.name_fi as indicator_name,
    gaps.segment,
    gaps.source,
    gaps.run_start as first_period,
    max_by(gaps.period, periods.period_start) as last_period,
    count(*) as periods,
    max(gaps.days_late) as days_late,
    max_by(gaps.reason, periods.period_start) as reason,
    -- The owner of a source is no more than what its name says.
    nullif(max_by(gaps.organisation, periods.period_start), max(sources.owner)) as organisation,
    max_by(gaps.contact_role, periods.period_start) as contact_role
from gaps
inner join {{ ref("dim_indicator") }} as indicators
    on gaps.indicator = indicators.indicator
left join {{ ref("dim_period") }} as periods
    on gaps.period = periods.period
left join {{ ref("dim_source") }} as sources
    on gaps.source = sources.source
group by all
order by indicator, kind, segment, source, first_period
