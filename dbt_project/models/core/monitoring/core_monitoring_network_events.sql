-- Every event of a network, planned or held, with the span of the phase that it belongs to and with
-- how far its activity has reached the network's regions.

-- A phase begins with its first event and gives way when a later one begins; one that begins after
-- a later one was never current, and its span is empty. What nobody confirmed begins no phase.
with begun as (
    select
        network,
        activity,
        phase,
        phase_order,
        min(starts_on) as phase_from
    from {{ ref("int_network_event_regions") }}
    where phase is not null and state <> 'unconfirmed'
    group by network, activity, phase, phase_order
),

phases as (
    select
        begun.network,
        begun.activity,
        begun.phase,
        begun.phase_from,
        case
            when min(followed.phase_from) < begun.phase_from then begun.phase_from
            else min(followed.phase_from)
        end as phase_to
    from begun
    left join begun as followed
        on
            begun.network = followed.network
            and begun.activity = followed.activity
            and begun.phase_order < followed.phase_order
    group by begun.network, begun.activity, begun.phase, begun.phase_from
),

reached as (
    select
        network,
        activity,
        count(case when state = 'held' then 1 end) as regions_held,
        {{ distinct_list("case when state <> 'held' then region end") }} as regions_not_held
    from {{ ref("core_monitoring_network_coverage") }}
    group by network, activity
),

covered as (
    select
        network,
        count(*) as network_regions
    from {{ ref("int_network_regions") }}
    group by network
)

select
    events.network,
    events.event,
    events.kind,
    events.region,
    events.starts_on,
    events.ends_on,
    events.theme,
    events.attendees,
    events.state,
    case
        when events.state = 'planned' and events.is_day_known
            then {{ dbt.datediff(today(), "events.starts_on", "day") }}
    end as days_ahead,
    events.activity,
    events.phase,
    events.phase_order,
    phases.phase_from,
    phases.phase_to,
    coalesce(
        phases.phase_from <= {{ today() }}
        and (phases.phase_to is null or phases.phase_to > {{ today() }}),
        false
    ) as is_current_phase,
    events.network_region,
    cast(coalesce(covered.network_regions, 0) as integer) as network_regions,
    cast(coalesce(reached.regions_held, 0) as integer) as regions_held,
    reached.regions_not_held,
    events.is_day_known,
    events.planned_period,
    events.outcome,
    events.source
from {{ ref("int_network_event_regions") }} as events
left join phases
    on
        events.network = phases.network
        and events.activity = phases.activity
        and events.phase = phases.phase
left join reached
    on
        events.network = reached.network
        and events.activity = reached.activity
left join covered
    on events.network = covered.network
