-- Columns that count are 1 or 0, so that a sum over any selection is right.
with leads as (
    select
        group_name,
        max(pack_lead_days) as pack_lead_days
    from {{ ref("annual_clock") }}
    where expects = 'meeting'
    group by group_name
)

select
    meetings.region,
    regions.region_type,
    meetings.year,
    meetings.group_name,
    meetings.entry,
    meetings.purpose,
    meetings.variant,
    meetings.clock_role,
    meetings.status,
    meetings.window_from as expected_from,
    {{ add_days("meetings.window_to", -1) }} as expected_until,
    meetings.due_on,
    meetings.planned_on,
    meetings.held_on,
    meetings.attendees,
    meetings.topic as meeting_topic,
    case when meetings.clock_role = 'expected' then 1 else 0 end as expected_meetings,
    case
        when meetings.clock_role = 'expected' and meetings.status in ('held', 'not_held', 'missing')
            then 1
        else 0
    end as due_meetings,
    case when meetings.clock_role = 'expected' and meetings.status = 'held' then 1 else 0 end
        as held_meetings,
    case when meetings.clock_role = 'expected' and meetings.status = 'not_held' then 1 else 0 end
        as not_held_meetings,
    case when meetings.clock_role = 'expected' and meetings.status = 'missing' then 1 else 0 end
        as missing_meetings,
    case when meetings.clock_role = 'optional' and meetings.status = 'held' then 1 else 0 end
        as optional_meetings,
    case when meetings.clock_role = 'extra' and meetings.status = 'held' then 1 else 0 end
        as extra_meetings,
    meetings.is_counted,
    meetings.expected_because,
    {{ add_days("meetings.planned_on", "-leads.pack_lead_days") }} as pack_from,
    meetings.source,
    meetings.taken_in_at
from {{ ref("int_clock_meetings") }} as meetings
left join {{ ref("int_region_types") }} as regions
    on meetings.region = regions.region
left join leads
    on meetings.group_name = leads.group_name
