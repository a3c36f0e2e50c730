-- Each city of the directory, also one without any service: those of its sub-region serve it too,
-- and so does its strategy.
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
),

strategies as (
    select
        cities.region,
        documents.title,
        documents.published_on,
        documents.url,
        documents.is_fresh,
        row_number() over (
            partition by cities.region
            order by
                case when documents.region = cities.region then 0 else 1 end,
                documents.published_on desc,
                documents.title
        ) as place
    from {{ ref("int_rdi_cities") }} as cities
    inner join {{ ref("core_monitoring_documents") }} as documents
        on cities.region = documents.region or cities.city_region = documents.region
    where documents.kind = 'strategy'
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
    end as missing,
    strategies.title as strategy,
    strategies.published_on as strategy_published_on,
    strategies.url as strategy_url,
    strategies.is_fresh as is_strategy_fresh,
    strategies.title is null as lacks_strategy
from {{ ref("int_rdi_cities") }} as cities
inner join counted
    on cities.region = counted.region
left join strategies
    on cities.region = strategies.region and strategies.place = 1
