{# One wide row an observation, with names in a language (`fi`, `sv` or `en`), for people who drag and
   drop. `is_default` marks what may be added up and drawn without a further choice: the whole of
   the customers, in the indicator's own cadence, of a period that is over. #}
{% macro bi_observations(language) %}
select
    observations.indicator,
    indicators.name_{{ language }} as indicator_name,
    indicators.group_code,
    observations.region,
    coalesce(regions.name_{{ language }}, regions.name_fi, observations.region) as region_name,
    observations.region_type,
    regions.sk,
    coalesce(regions.sk_name_{{ "sv" if language == "sv" else "fi" }}, regions.sk_name_fi)
        as sk_name,
    regions.mk,
    coalesce(regions.mk_name_{{ "sv" if language == "sv" else "fi" }}, regions.mk_name_fi)
        as mk_name,
    observations.segment,
    segments.name_{{ language }} as segment_name,
    observations.freq,
    frequencies.name_{{ language }} as freq_name,
    observations.period,
    observations.period_start,
    observations.period_end,
    observations.value,
    observations.unit,
    observations.obs_status,
    statuses.name as obs_status_name,
    observations.conf_status,
    observations.source,
    sources.name_{{ language }} as source_name,
    observations.coverage_share,
    observations.has_overlap,
    observations.overlap_share,
    observations.is_over,
    observations.is_over
    and observations.value is not null
    and observations.segment = 'total'
    and observations.freq = indicators.cadence as is_default
from {{ ref("fct_observations") }} as observations
inner join {{ ref("dim_indicator") }} as indicators
    on observations.indicator = indicators.indicator
left join {{ ref("dim_region_current") }} as regions
    on observations.region = regions.region
left join {{ ref("dim_segment") }} as segments
    on observations.segment = segments.segment
left join {{ ref("dim_frequency") }} as frequencies
    on observations.freq = frequencies.freq
left join {{ ref("dim_obs_status") }} as statuses
    on observations.obs_status = statuses.obs_status
left join {{ ref("dim_source") }} as sources
    on observations.source = sources.source
{% endmacro %}
