-- The one region of its network that an event counts in: its city region, or the network's region
-- around it. An event for a wider area, or elsewhere, counts in none.
with newest_containment as (
    select
        region,
        container
    from {{ ref("int_region_containment") }}
    where
        classification_year = (
            select max(years.classification_year) from {{ ref("int_region_years") }} as years
        )
),

candidates as (
    select
        events.network,
        events.event,
        events.kind,
        events.region,
        events.starts_on,
        regions.region as network_region,
        row_number() over (
            partition by
                events.network, events.event, events.kind, events.region, events.starts_on
            order by
                case when regions.region = events.city_region then 0 else 1 end,
                regions.region
        ) as candidate_rank
    from {{ ref("int_network_events") }} as events
    inner join {{ ref("int_network_regions") }} as regions
        on events.network = regions.network
    left join newest_containment as containment
        on
            events.city_region = containment.region
            and regions.region = containment.container
    where regions.region = events.city_region or containment.region is not null
)

select
    events.*,
    candidates.network_region
from {{ ref("int_network_events") }} as events
left join candidates
    on
        events.network = candidates.network
        and events.event = candidates.event
        and events.kind = candidates.kind
        and events.region = candidates.region
        and events.starts_on = candidates.starts_on
        and candidates.candidate_rank = 1
