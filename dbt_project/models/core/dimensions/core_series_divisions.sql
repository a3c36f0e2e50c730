-- What decides how the figures of a source are carried into another division.
with logged as (
    select distinct
        indicator,
        source
    from {{ ref("int_candidates") }}
    where dataset_rank = 3
),

newest as (
    select max(classification_year) as classification_year
    from {{ ref("int_region_years") }}
)

select
    sources.indicator,
    sources.source,
    cast(
        coalesce(
            sources.division_year,
            case when sources.restates_territory then newest.classification_year end
        ) as integer
    ) as division_year,
    logged.indicator is not null as is_logged
from {{ ref("indicator_sources") }} as sources
cross join newest
left join logged
    on
        sources.indicator = logged.indicator
        and sources.source = logged.source
