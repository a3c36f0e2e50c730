-- The directory: every service that was delivered and not taken back. A directory comes as a whole
-- file, so one that a source's newest delivery no longer has was dropped there; nobody took it
-- back, so it stays and is marked.
with delivered as (
    select
        services.record_key,
        services.source,
        vintages.sequence,
        vintages.delivered_at,
        max(vintages.sequence) over (partition by services.source) as newest_with_services
    from {{ ref("stg_rdi_services") }} as services
    inner join {{ ref("stg_vintages") }} as vintages
        on
            services.source = vintages.source
            and services.dataset = vintages.dataset
            and services.vintage = vintages.vintage
    -- A row that takes a service back confirms nothing.
    where not coalesce(services.is_withdrawn, false)
),

confirmed as (
    select
        record_key,
        {{ helsinki_day("min(delivered_at)") }} as first_seen_on,
        {{ helsinki_day("max(delivered_at)") }} as last_confirmed_on,
        max(case when sequence = newest_with_services then 1 else 0 end) = 1 as is_still_listed,
        {{ distinct_list("source") }} as sources
    from delivered
    group by record_key
),

services as (
    select
        records.region,
        records.service,
        records.provider,
        records.kind,
        records.url,
        confirmed.first_seen_on,
        confirmed.last_confirmed_on,
        {{ dbt.datediff("confirmed.last_confirmed_on", today(), "day") }} as days_since_confirmed,
        not confirmed.is_still_listed as is_dropped,
        {{ add_months("confirmed.last_confirmed_on", 12) }} < {{ today() }} as is_unconfirmed,
        confirmed.sources
    from {{ current_records("rdi_services") }} as records
    inner join confirmed
        on records.record_key = confirmed.record_key
)

select
    services.region,
    services.service,
    services.provider,
    services.kind,
    services.url,
    services.first_seen_on,
    services.last_confirmed_on,
    services.days_since_confirmed,
    services.is_dropped,
    services.is_unconfirmed,
    services.is_dropped or services.is_unconfirmed as is_stale,
    coalesce(cities.has_rdi_lead, false) as has_rdi_lead,
    services.sources
from services
left join {{ ref("int_rdi_cities") }} as cities
    on services.region = cities.region
