{{ config(parameters=["region_code", "meeting_on"]) }}

-- The situation reports of the region of this year and the two before it.
select
    year,
    state,
    title,
    due_on,
    drawn_up_on,
    drawn_up_by,
    days_late,
    confirmed_on,
    confirmed_by,
    development_goals,
    lobbying_points,
    follow_up,
    findings,
    findings_with_decision,
    url
from {{ ref("monitoring_situation_reports") }}
where
    region = region_code
    and year between extract(year from cast(meeting_on as date)) - 2
    and extract(year from cast(meeting_on as date))
order by year desc
