-- Additive values of regions summed into the regions that contain them, slot by slot. Parts are
-- taken from one level: the finest of those that are most complete. `coverage_share` is the share
-- of applicable parts that have a value; a roll-up without a single part is no row, never a zero.
with parts as (
    select
        candidates.indicator,
        candidates.slot,
        candidates.segment,
        candidates.period,
        candidates.freq,
        candidates.period_start,
        candidates.period_end,
        candidates.region,
        candidates.region_type,
        candidates.value,
        candidates.source,
        candidates.obs_status,
        candidates.taken_in_at,
        {{ classification_year("candidates.period_end") }} as classification_year
    from {{ ref("int_slot_candidates") }} as candidates
    inner join {{ ref("int_indicators") }} as indicators
        on candidates.indicator = indicators.indicator
    where
        candidates.slot_rank = 1
        and candidates.value is not null
        and indicators.additivity = 'additive'
        -- Events are counted at every level from the events themselves.
        and candidates.dataset_rank < 3
),

summed as (
    select
        parts.indicator,
        parts.slot,
        parts.segment,
        parts.period,
        parts.freq,
        parts.period_start,
        parts.period_end,
        parts.classification_year,
        containment.container as region,
        containment.container_type as region_type,
        parts.region_type as part_type,
        part_levels.level_rank as part_level,
        sum(parts.value) as value,
        count(*) as parts_with_value,
        min(parts.source) as first_source,
        {{ distinct_list("parts.source") }} as sources,
        min(statuses.precedence) as precedence,
        max(parts.taken_in_at) as taken_in_at
    from parts
    inner join {{ ref("int_region_containment") }} as containment
        on
            parts.classification_year = containment.classification_year
            and parts.region = containment.region
    inner join {{ ref("int_indicator_levels") }} as target_levels
        on
            parts.indicator = target_levels.indicator
            and containment.container_type = target_levels.region_type
    inner join {{ ref("int_indicator_levels") }} as part_levels
        on
            parts.indicator = part_levels.indicator
            and parts.region_type = part_levels.region_type
    inner join {{ ref("obs_statuses") }} as statuses
        on parts.obs_status = statuses.obs_status
    group by
        parts.indicator,
        parts.slot,
        parts.segment,
        parts.period,
        parts.freq,
        parts.period_start,
        parts.period_end,
        parts.classification_year,
        containment.container,
        containment.container_type,
        parts.region_type,
        part_levels.level_rank
),

expected_parts as (
    select
        applicable.indicator,
        applicable.slot,
        applicable.classification_year,
        applicable.region_type as part_type,
        containment.container as region,
        count(*) as parts
    from {{ ref("int_applicable_regions") }} as applicable
    inner join {{ ref("int_region_containment") }} as containment
        on
            applicable.classification_year = containment.classification_year
            and applicable.region = containment.region
    group by
        applicable.indicator,
        applicable.slot,
        applicable.classification_year,
        applicable.region_type,
        containment.container
),

ranked as (
    select
        summed.*,
        expected_parts.parts as parts_expected,
        cast(summed.parts_with_value as double)
        / greatest(expected_parts.parts, summed.parts_with_value) as coverage_share,
        row_number() over (
            partition by
                summed.indicator, summed.slot, summed.segment, summed.period, summed.region
            order by
                cast(summed.parts_with_value as double)
                / greatest(expected_parts.parts, summed.parts_with_value) desc,
                summed.part_level
        ) as completeness_rank
    from summed
    inner join expected_parts
        on
            summed.indicator = expected_parts.indicator
            and summed.slot = expected_parts.slot
            and summed.classification_year = expected_parts.classification_year
            and summed.part_type = expected_parts.part_type
            and summed.region = expected_parts.region
)

select
    ranked.indicator,
    ranked.slot,
    ranked.segment,
    ranked.period,
    ranked.freq,
    ranked.period_start,
    ranked.period_end,
    ranked.region,
    ranked.region_type,
    ranked.value,
    ranked.parts_with_value,
    ranked.parts_expected,
    ranked.coverage_share,
    ranked.first_source as source,
    ranked.sources,
    statuses.obs_status,
    ranked.taken_in_at
from ranked
inner join {{ ref("obs_statuses") }} as statuses
    on ranked.precedence = statuses.precedence
where ranked.completeness_rank = 1
