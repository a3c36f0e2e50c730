{{ config(parameters=["region_code", "meeting_on"]) }}

select
    plans.year,
    plans.section,
    plans.segment,
    plans.objective,
    plans.measure,
    plans.status,
    plans.progress_pct,
    plans.ends_on,
    plans.measures_overdue > 0 as is_overdue,
    plans.responsible_organisation,
    coalesce(plans.indicator, plans.indicator_text) as indicator,
    coalesce(indicators.name_fi, plans.indicator_text) as indicator_name,
    indicators.decimals,
    plans.target,
    plans.target_side,
    plans.actual,
    plans.observed_value,
    plans.observed_until,
    plans.observed_months,
    plans.target_reached,
    plans.distance_to_target,
    plans.unit,
    plans.target_reached_pct
from {{ ref("monitoring_action_plans") }} as plans
left join {{ ref("dim_indicator") }} as indicators
    on plans.indicator = indicators.indicator
where
    plans.region = region_code
    and plans.scope = 'measure'
    and plans.year between year(cast(meeting_on as date))
    and year(cast(meeting_on as date)) + 1
order by plans.year, plans.section, plans.objective, plans.measure, plans.segment
