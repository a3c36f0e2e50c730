-- Each city of the directory, also one without any service: those of its sub-region serve it too.
with counted as (
    select
        cities.region,
        count(services.service) as services,
        count(case when not services.is_stale then 1 end) as services_fresh,
        {{ distinct_list("case when not services.is_stale then services.kind end") }} as kinds,
        max(services.last_confirmed_on) as last_confirmed_on
    from {{ ref("int_rdi_cities") }} as cities
    left join {{ ref("core_monitoring_rdi_services") }} as services
        on cities.region = services.region or cities.city_region = services.region
    group by cities.region
)

select
    cities.region,
    cast(counted.services as integer) as services,
    cast(counted.services_fresh as integer) as services_fresh,
    cast(counted.services - counted.services_fresh as integer) as services_stale,
    counted.kinds,
    counted.last_confirmed_on,
    counted.services > 0 as has_service,
    cities.has_rdi_lead,
    case
        when counted.services = 0 and not cities.has_rdi_lead then 'service and lead'
        when counted.services = 0 then 'service'
        when not cities.has_rdi_lead then 'lead'
    end as missing
from {{ ref("int_rdi_cities") }} as cities
inner join counted
    on cities.region = counted.region
