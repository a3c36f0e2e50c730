{{ config(parameters=["region_code", "meeting_on"]) }}

-- Services of research, development and innovation by city of the region.
select
    places.name_fi as region_name,
    cities.services,
    cities.services_fresh,
    cities.services_stale,
    cities.last_confirmed_on,
    cities.has_service,
    cities.has_rdi_lead,
    cities.strategy
from {{ ref("monitoring_rdi_cities") }} as cities
inner join {{ ref("dim_region") }} as places
    on cities.region = places.region and places.is_newest
where region_code in (places.region, places.sk, places.mk, places.ss)
order by places.name_fi
