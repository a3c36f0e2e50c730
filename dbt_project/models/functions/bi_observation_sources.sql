{{ config(parameters=[]) }}

select
    observations.indicator,
    observations.region,
    observations.segment,
    observations.period,
    observations.source,
    sources.source as contributing_source,
    sources.name_fi as contributing_source_name_fi,
    sources.name_sv as contributing_source_name_sv,
    sources.name_en as contributing_source_name_en
from {{ ref("fct_observations") }} as observations
inner join {{ ref("dim_source") }} as sources
    on ',' || observations.sources || ',' like '%,' || sources.source || ',%'
