-- Planned and held meetings; the annual clock says what is missing.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    region,
    "group" as group_name,
    planned_on,
    held_on,
    attendees,
    topic
from {{ read_raw("meetings") }}
