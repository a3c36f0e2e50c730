{{ config(parameters=["region_code", "meeting_on"]) }}

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
    max_by(gaps.reason, periods.period_start) as reason
from {{ ref("quality_gaps") }} as gaps
inner join {{ ref("dim_indicator") }} as indicators
    on gaps.indicator = indicators.indicator
left join {{ ref("dim_period") }} as periods
    on gaps.period = periods.period
where gaps.region = region_code and not gaps.is_accepted
group by all
order by indicator, kind, segment, source, first_period
