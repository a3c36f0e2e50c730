-- The events of networks that hold: each name written as in its newest event, the phase that a kind
-- stands for, the city region, and whether it has been held. An event without a day begins with the
-- period for which it is planned.
with events as (
    select
        {{ one_spelling("network", "starts_on desc, taken_in_at desc") }} as network,
        {{ one_spelling("event", "starts_on desc, taken_in_at desc") }} as event,
        {{ one_spelling("kind", "starts_on desc, taken_in_at desc") }} as kind,
        region,
        starts_on is not null as is_day_known,
        coalesce(starts_on, planned_period_start) as starts_on,
        coalesce(ends_on, starts_on, {{ add_days("planned_period_end", -1) }}) as ends_on,
        planned_period,
        planned_period_start,
        planned_period_end,
        theme,
        attendees,
        outcome,
        source
    from {{ current_records("network_events") }} as records
),

-- An event whose day has become known, in the period that was planned or by its name, is no other.
day_became_known as (
    select distinct
        open_events.network,
        open_events.event,
        open_events.kind,
        open_events.region,
        open_events.planned_period
    from events as open_events
    inner join events as dated
        on
            open_events.network = dated.network
            and open_events.event = dated.event
            and open_events.kind = dated.kind
            and open_events.region = dated.region
            and (
                open_events.planned_period = dated.planned_period
                or (
                    dated.starts_on >= open_events.planned_period_start
                    and dated.starts_on < open_events.planned_period_end
                )
            )
    where dated.is_day_known and not open_events.is_day_known
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
    events.is_day_known,
    events.planned_period,
    events.theme,
    events.attendees,
    events.outcome,
    case
        -- People who were counted were there; a plan that says 0 in advance tells nothing.
        when coalesce(events.attendees, 0) > 0 or events.outcome is not null then 'held'
        when events.is_day_known and events.starts_on <= {{ today() }} then 'held'
        when events.ends_on >= {{ today() }} then 'planned'
        else 'unconfirmed'
    end as state,
    events.source
from events
left join day_became_known
    on
        not events.is_day_known
        and events.network = day_became_known.network
        and events.event = day_became_known.event
        and events.kind = day_became_known.kind
        and events.region = day_became_known.region
        and events.planned_period = day_became_known.planned_period
left join {{ ref("event_phases") }} as phases
    on events.kind = phases.kind
left join {{ ref("int_city_regions") }} as cities
    on events.region = cities.region
where day_became_known.event is null
