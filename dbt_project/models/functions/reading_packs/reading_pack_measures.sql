{{ config(parameters=["region_code", "meeting_on"]) }}

select
    year,
    section,
    segment,
    objective,
    measure,
    status,
    progress_pct,
    ends_on,
    measures_overdue > 0 as is_overdue,
    responsible_organisation,
    coalesce(indicator, indicator_text) as indicator,
    target,
    target_side,
    actual,
    observed_value,
    observed_until,
    observed_months,
    target_reached,
    distance_to_target,
    unit,
    target_reached_pct
from {{ ref("monitoring_action_plans") }}
where
    region = region_code and scope = 'measure'
    and year between year(cast(meeting_on as date)) and year(cast(meeting_on as date)) + 1
order by year, section, objective, measure, segment
