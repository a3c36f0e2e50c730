{{ config(parameters=["region_code", "meeting_on"]) }}

-- Events of networks in the region or of a network of it, from a year before the meeting on.
select
    network,
    event,
    kind,
    case when is_day_known then events.starts_on end as starts_on,
    case when not is_day_known then planned_period end as planned_period,
    theme,
    state,
    attendees,
    outcome
from {{ ref("monitoring_network_events") }} as events
where
    region = region_code
    and ends_on > cast(meeting_on as date) - interval 1 year
order by events.starts_on desc, network, event
