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
    attendees
from {{ read_raw("network_events") }}
