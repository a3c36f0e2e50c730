-- The roll-ups of int_rollups as they were known from when to when, by the same rule at each moment
-- (macros/rollup.sql). A region has a row for each moment at which one of its parts changed.
with kept as (
    select
        versions.indicator,
        versions.slot,
        versions.segment,
        versions.period,
        versions.period_end,
        versions.region,
        versions.region_type,
        versions.value,
        versions.obs_status,
        statuses.precedence,
        versions.source,
        versions.preference,
        versions.dataset_rank < 3 as is_published,
        versions.dataset_rank = 3 as has_events,
        versions.known_from,
        versions.known_to
    from {{ ref("int_slot_versions") }} as versions
    inner join {{ ref("int_indicators") }} as indicators
        on versions.indicator = indicators.indicator
    left join {{ ref("obs_statuses") }} as statuses
        on versions.obs_status = statuses.obs_status
    where indicators.additivity = 'additive'
),

{{ leaves_of_kept(in_spans=true) }},

{{ rolled_up_leaves(in_spans=true) }}

select
    indicator,
    slot,
    segment,
    period,
    classification_year,
    region,
    region_type,
    value,
    precedence,
    has_events,
    coverage_share,
    territory,
    known_from,
    known_to
from rolled
