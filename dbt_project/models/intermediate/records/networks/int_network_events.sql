-- The events of networks that hold: each name written as in its newest event, the phase that a kind
-- stands for, the city region, and whether it has been held.
with events as (
    select
        {{ one_spelling("network", "starts_on desc, taken_in_at desc") }} as network,
        {{ one_spelling("event", "starts_on desc, taken_in_at desc") }} as event,
        {{ one_spelling("kind", "starts_on desc, taken_in_at desc") }} as kind,
        region,
        starts_on,
        coalesce(ends_on, starts_on) as ends_on,
        theme,
        attendees,
        source
    from {{ current_records("network_events") }} as records
)

select
    events.network,
    events.event,
    events.kind,
    coalesce(phases.activity, events.kind) as activity,
    phases.phase,
    phases.sort_key as phase_order,
    events.region,
    coalesce(cities.city_region, events.region) as city_region,
    events.starts_on,
    events.ends_on,
    events.theme,
    events.attendees,
    -- People who were counted were there; a plan that says 0 in advance tells nothing.
    events.starts_on <= {{ today() }} or coalesce(events.attendees, 0) > 0 as is_held,
    events.source
from events
left join {{ ref("event_phases") }} as phases
    on events.kind = phases.kind
left join {{ ref("int_city_regions") }} as cities
    on events.region = cities.region
