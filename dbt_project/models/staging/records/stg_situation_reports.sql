-- The yearly report on the situation of a region, from its due day to what followed.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    region,
    year,
    title,
    due_on,
    drawn_up_on,
    drawn_up_by,
    confirmed_on,
    confirmed_by,
    development_goals,
    lobbying_points,
    follow_up,
    url
from {{ read_raw("situation_reports") }}
