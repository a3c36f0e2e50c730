-- Every region of a network beside every activity that the network brings to its regions, so that a
-- region that was left out has a row as well. An opening for the whole country leaves nobody out.
with activities as (
    select distinct
        network,
        activity
    from {{ ref("int_network_event_regions") }}
    where network_region is not null
),

counted as (
    select
        network,
        activity,
        network_region,
        count(case when state = 'held' then 1 end) as events_held,
        count(case when state = 'planned' then 1 end) as events_planned,
        count(case when state = 'unconfirmed' then 1 end) as events_unconfirmed,
        min(case when state = 'held' and is_day_known then starts_on end) as first_held_on,
        max(case when state = 'held' and is_day_known then starts_on end) as last_held_on,
        min(case when state = 'planned' and is_day_known then starts_on end) as next_planned_on,
        min(case when state = 'planned' and not is_day_known then planned_period end)
            as next_planned_period,
        sum(case when state = 'held' then attendees end) as attendees
    from {{ ref("int_network_event_regions") }}
    group by network, activity, network_region
)

select
    regions.network,
    regions.region,
    activities.activity,
    case
        when counted.events_held > 0 then 'held'
        when counted.events_planned > 0 then 'planned'
        when counted.events_unconfirmed > 0 then 'unconfirmed'
        else 'missing'
    end as state,
    cast(coalesce(counted.events_held, 0) as integer) as events_held,
    cast(coalesce(counted.events_planned, 0) as integer) as events_planned,
    cast(coalesce(counted.events_unconfirmed, 0) as integer) as events_unconfirmed,
    counted.first_held_on,
    counted.last_held_on,
    counted.next_planned_on,
    counted.next_planned_period,
    cast(counted.attendees as bigint) as attendees,
    regions.named_by
from {{ ref("int_network_regions") }} as regions
inner join activities
    on regions.network = activities.network
left join counted
    on
        regions.network = counted.network
        and regions.region = counted.network_region
        and activities.activity = counted.activity
