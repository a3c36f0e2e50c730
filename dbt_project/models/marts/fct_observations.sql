with overlapping as (
    select distinct
        indicator,
        region,
        segment,
        period
    from {{ ref("quality_overlaps") }}
    union
    select distinct
        indicator,
        region,
        segment,
        other_period as period
    from {{ ref("quality_overlaps") }}
),

reported as (
    select
        candidates.indicator,
        candidates.region,
        candidates.segment,
        candidates.period,
        case when indicators.combination = 'separate' then candidates.slot else '*' end
            as cell_slot,
        {{ distinct_list("candidates.source") }} as sources
    from {{ ref("int_candidates") }} as candidates
    inner join {{ ref("int_indicators") }} as indicators
        on candidates.indicator = indicators.indicator
    group by 1, 2, 3, 4, 5
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
    coalesce(reported.sources, observations.sources) as sources,
    overlapping.indicator is not null as has_overlap,
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
    end as parts_coverage_share
from {{ ref("int_observations") }} as observations
left join {{ ref("int_indicators") }} as indicators
    on observations.indicator = indicators.indicator
left join reported
    on
        observations.indicator = reported.indicator
        and observations.region = reported.region
        and observations.segment = reported.segment
        and observations.period = reported.period
        and observations.cell_slot = reported.cell_slot
left join overlapping
    on
        observations.indicator = overlapping.indicator
        and observations.region = overlapping.region
        and observations.segment = overlapping.segment
        and observations.period = overlapping.period
