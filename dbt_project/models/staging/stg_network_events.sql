-- Planned and held events of networks.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    network,
    event,
    kind,
    region,
    starts_on,
    ends_on,
    theme,
    attendees
from {{ read_raw("network_events") }}
