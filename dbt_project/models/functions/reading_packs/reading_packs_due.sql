{{ config(parameters=["on_day"]) }}

select distinct
    meetings.region,
    meetings.planned_on
from {{ ref("monitoring_meetings") }} as meetings
where
    meetings.group_name = 'steering_group'
    and meetings.pack_from <= cast(on_day as date)
    and meetings.planned_on >= cast(on_day as date)
    and (meetings.held_on is null or meetings.held_on >= cast(on_day as date))
order by meetings.region, meetings.planned_on
