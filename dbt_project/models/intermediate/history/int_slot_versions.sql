-- What was kept in each slot of a cell, from when to when, where there is a past: at each moment
-- when a delivery changed what a source says, or took it back, the sources are resolved as in the
-- present.
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

kept as (
    select *
    from {{ resolve_slots("at_moments", moment="known_from") }}
    where slot_rank = 1
)

{{ merge_spans(
    "kept",
    ["indicator", "region", "segment", "period", "slot"],
    ["value", "obs_status", "source", "preference", "dataset_rank"],
    ["region_type", "period_end"],
) }}
