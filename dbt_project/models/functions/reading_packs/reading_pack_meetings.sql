{{ config(parameters=["region_code", "meeting_on"]) }}

with previous as (
    select max(held_on) as last_held_on
    from {{ ref("monitoring_meetings") }}
    where
        region = region_code
        and group_name = 'steering_group'
        and held_on < cast(meeting_on as date)
),

dated as (
    select
        *,
        coalesce(held_on, planned_on, expected_until) as day
    from {{ ref("monitoring_meetings") }}
    where region = region_code and status <> 'not_due'
)

select
    group_name,
    status,
    clock_role,
    planned_on,
    held_on,
    expected_until,
    attendees,
    meeting_topic
from dated
cross join previous
where
    day <= cast(meeting_on as date)
    and day > coalesce(last_held_on, cast(meeting_on as date) - interval 1 year)
order by day, group_name, entry
