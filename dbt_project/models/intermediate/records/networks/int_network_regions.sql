-- The regions that a network covers: those of its members of today, where members name any, else
-- those of its events. Of regions that lie in one another only the innermost count, so that a
-- member for the whole country does not make the country a city region.
with networks as (
    select
        {{ key_of_text("network") }} as network_key,
        network
    from {{ ref("int_network_events") }}
    group by network
),

by_members as (
    select distinct
        networks.network,
        coalesce(cities.city_region, members.region) as region
    from {{ current_records("network_members") }} as members
    inner join networks
        on {{ key_of_text("members.network") }} = networks.network_key
    left join {{ ref("int_city_regions") }} as cities
        on members.region = cities.region
    where
        members.region is not null
        -- An expert advises the network from wherever it is.
        and members.role <> 'expert'
        and (members.valid_from is null or members.valid_from <= {{ today() }})
        and (members.valid_to is null or members.valid_to >= {{ today() }})
),

named as (
    select
        network,
        region,
        'members' as named_by
    from by_members
    union all
    select distinct
        network,
        city_region as region,
        'events' as named_by
    from {{ ref("int_network_events") }}
    where network not in (select by_members.network from by_members)
),

newest_containment as (
    select
        region,
        container
    from {{ ref("int_region_containment") }}
    where
        classification_year = (
            select max(years.classification_year) from {{ ref("int_region_years") }} as years
        )
),

outer_regions as (
    select distinct
        outside.network,
        outside.region
    from named as outside
    inner join newest_containment as containment
        on outside.region = containment.container
    inner join named as inside
        on
            outside.network = inside.network
            and containment.region = inside.region
    -- Two regions with the same municipalities lie in each other; the first by code stays.
    left join newest_containment as mutual
        on
            outside.region = mutual.region
            and inside.region = mutual.container
    where mutual.region is null or outside.region > inside.region
)

select
    named.network,
    named.region,
    named.named_by
from named
left join outer_regions
    on
        named.network = outer_regions.network
        and named.region = outer_regions.region
where outer_regions.region is null
