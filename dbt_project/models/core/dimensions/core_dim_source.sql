-- A source is stale when its last attempt failed (its last good vintage is in use), or when it has
-- delivered before but not within its own cadence. One that has ended is not expected to deliver.
with vintages as (
    select
        source,
        max(taken_in_at) as last_vintage_at,
        count(*) as vintages
    from {{ ref("stg_vintages") }}
    group by source
),

attempts as (
    select
        source,
        max(case when outcome = 'failed' then 1 else 0 end) = 1 as has_failed,
        {{ distinct_list("case when outcome = 'failed' then dataset end") }} as failed_datasets
    from {{ ref("stg_attempts") }}
    group by source
)

select
    sources.source,
    sources.name,
    sources.kind,
    sources.owner,
    sources.licence,
    sources.cadence,
    vintages.last_vintage_at,
    coalesce(attempts.has_failed, false)
    or coalesce(
        (sources.valid_to is null or sources.valid_to > {{ today() }})
        and {{ dbt.datediff(helsinki_day("vintages.last_vintage_at"), today(), "day") }}
        > frequencies.months * 31,
        false
    ) as is_stale,
    attempts.failed_datasets,
    cast(coalesce(vintages.vintages, 0) as integer) as vintages,
    sources.url,
    sources.valid_from,
    sources.valid_to,
    sources.successor,
    sources.name_fi,
    sources.name_sv,
    sources.name as name_en
from {{ ref("sources") }} as sources
left join vintages
    on sources.source = vintages.source
left join attempts
    on sources.source = attempts.source
left join {{ ref("frequencies") }} as frequencies
    on sources.cadence = frequencies.freq
