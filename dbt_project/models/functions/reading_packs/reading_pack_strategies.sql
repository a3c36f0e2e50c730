{{ config(parameters=["region_code", "meeting_on"]) }}

select
    strategy,
    goal,
    task,
    status,
    assessed_on,
    due_on,
    is_overdue,
    has_responsible
from {{ ref("monitoring_strategy_goals") }}
where
    region = region_code
    and valid_from <= cast(meeting_on as date)
    and (valid_to is null or valid_to > cast(meeting_on as date))
order by strategy, goal, task
