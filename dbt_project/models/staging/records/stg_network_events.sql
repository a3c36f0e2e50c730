-- Planned and held events of networks.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    network,
    event,
    kind,
    region,
    starts_on,
    ends_on,
    theme,
    attendees,
    planned_period,
    planned_period_start,
    planned_period_end,
    outcome
from {{ read_raw("network_events") }}
