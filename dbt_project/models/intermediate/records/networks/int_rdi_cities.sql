-- The cities that the directory of RDI services is about: municipalities and sub-regions that have
-- a service, carry a task of a strategy, or are members of a network that names RDI leads. An
-- organisation with that role in the city is the answer to who is responsible; no person is kept.
with members as (
    select
        {{ key_of_text("network") }} as network_key,
        role,
        region
    from {{ current_records("network_members") }} as records
    where
        (valid_from is null or valid_from <= {{ today() }})
        and (valid_to is null or valid_to >= {{ today() }})
),

networks_with_leads as (
    select distinct network_key
    from members
    where role = 'rdi_lead'
),

named as (
    select region from {{ current_records("rdi_services") }} as services
    union
    select region from {{ current_records("strategy_goals") }} as tasks
    where region is not null
    union
    select members.region
    from members
    inner join networks_with_leads
        on members.network_key = networks_with_leads.network_key
    where members.region is not null
),

leads as (
    select distinct
        members.region,
        cities.city_region
    from members
    inner join {{ ref("int_city_regions") }} as cities
        on members.region = cities.region
    where members.role = 'rdi_lead'
)

select
    named.region,
    cities.city_region,
    -- A lead of the sub-region serves each of its cities, and one in a city of it the sub-region.
    count(leads.region) > 0 as has_rdi_lead
from named
inner join {{ ref("int_city_regions") }} as cities
    on
        named.region = cities.region
        and cities.region_type in ('KU', 'SK')
left join leads
    on
        named.region = leads.region
        or cities.city_region = leads.region
        or named.region = leads.city_region
group by named.region, cities.city_region
