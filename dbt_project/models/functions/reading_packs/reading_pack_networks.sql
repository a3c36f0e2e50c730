{{ config(parameters=["region_code", "meeting_on"]) }}

-- Events of networks in the region or of a network of it, from a year before the meeting on.
select
    network,
    event,
    kind,
    starts_on,
    theme,
    state,
    attendees
from {{ ref("monitoring_network_events") }}
where
    region = region_code
    and starts_on > cast(meeting_on as date) - interval 1 year
order by starts_on desc, network, event
