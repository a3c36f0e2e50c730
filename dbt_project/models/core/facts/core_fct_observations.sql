{# Sums of euros differ in the last digits. #}
{% set cent = "0.005" %}
with touched as (
    select
        indicator,
        region,
        segment,
        period,
        kept_source
    from {{ ref("int_overlaps") }}
    union
    select
        indicator,
        region,
        segment,
        other_period as period,
        kept_source
    from {{ ref("int_overlaps") }}
),

overlapping as (
    select distinct
        touched.indicator,
        touched.region,
        touched.segment,
        touched.period,
        case when indicators.combination = 'separate' then touched.kept_source else '*' end
            as cell_slot
    from touched
    inner join {{ ref("int_indicators") }} as indicators
        on touched.indicator = indicators.indicator
)

select
    observations.indicator,
    observations.region,
    observations.segment,
    observations.period,
    observations.value,
    indicators.unit,
    observations.obs_status,
    observations.conf_status,
    observations.source,
    observations.sources,
    overlapping.indicator is not null
    or coalesce(observations.gross_value - observations.value >= {{ cent }}, false) as has_overlap,
    observations.coverage_share,
    observations.is_derived,
    observations.vintage_at,
    observations.region_type,
    observations.freq,
    case when not observations.is_derived then observations.derived_value end as sum_of_parts,
    case
        when not observations.is_derived then observations.value - observations.derived_value
    end as difference_from_parts,
    case
        when not observations.is_derived then observations.derived_coverage_share
    end as parts_coverage_share,
    case when observations.value is not null then observations.gross_value end as gross_value,
    observations.classification_year as division_year,
    observations.is_over,
    case
        when observations.gross_value - observations.value >= {{ cent }}
            then (observations.gross_value - observations.value) / observations.gross_value
        when observations.value is not null then 0
    end as overlap_share,
    cast(null as {{ dbt.type_string() }}) as overlap_note,
    observations.cell_slot,
    overlapping.indicator is not null as has_overlap_row
from {{ ref("int_observations") }} as observations
left join {{ ref("int_indicators") }} as indicators
    on observations.indicator = indicators.indicator
left join overlapping
    on
        observations.indicator = overlapping.indicator
        and observations.region = overlapping.region
        and observations.segment = overlapping.segment
        and observations.period = overlapping.period
        and observations.cell_slot = overlapping.cell_slot
