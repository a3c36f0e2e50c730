{{ config(parameters=["region_code", "meeting_on"]) }}

select
    year,
    plan_status,
    approved_on,
    approval_due_on,
    objectives,
    objectives_reached,
    objectives_reached_pct,
    measures,
    measures_done,
    measures_done_pct,
    measures_overdue,
    measures_without_responsible,
    budget_eur,
    mission,
    vision,
    priorities,
    coordinator
from {{ ref("monitoring_action_plans") }}
where
    region = region_code and scope = 'plan'
    and year between year(cast(meeting_on as date)) and year(cast(meeting_on as date)) + 1
order by year
