-- What was kept in each slot of a cell, from when to when, where there is a past: at each moment
-- when a delivery changed what a source says, or took it back, the sources are resolved by the two
-- steps of the present (int_candidates, int_slot_candidates): one value of each source, then one of
-- each slot.
with versions as (
    select versions.*
    from {{ ref("int_candidate_versions") }} as versions
    inner join {{ ref("int_known_since") }} as known_since
        on
            versions.indicator = known_since.indicator
            and versions.segment = known_since.segment
            and versions.period = known_since.period
    where known_since.has_past
),

at_moments as (
    {{ cut_spans(
        "versions",
        ["indicator", "region", "segment", "period", "slot"],
        ["region_type", "period_end", "source", "dataset", "dataset_rank", "preference", "value",
         "obs_status", "is_confidential"],
    ) }}
),

of_sources as (
    select
        *,
        row_number() over (
            partition by indicator, region, segment, period, slot, source, known_from
            order by
                {{ answers_first("value", "obs_status", "is_confidential") }},
                dataset_rank,
                dataset
        ) as source_rank
    from at_moments
),

of_slots as (
    select
        *,
        row_number() over (
            partition by indicator, region, segment, period, slot, known_from
            order by case when value is null then 1 else 0 end, preference, source
        ) as slot_rank
    from of_sources
    where source_rank = 1
),

kept as (
    select *
    from of_slots
    where slot_rank = 1
)

{{ merge_spans(
    "kept",
    ["indicator", "region", "segment", "period", "slot"],
    ["value", "obs_status", "source", "preference", "dataset_rank"],
    ["region_type", "period_end"],
) }}
