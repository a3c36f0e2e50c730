-- Additive values rolled up level by level, slot by slot: sub-regions from municipalities, regions
-- from sub-regions, the country from regions. A part is what its source published, or else its own
-- roll-up, so that a figure published for a level counts there and everywhere above. What was
-- logged as events of a region itself adds to what its parts hold. Regions lie in one another as in
-- the division in which the figures stand (macros/rollup.sql).
--
-- `coverage_share` is the share of applicable parts that have a value, a part that is itself
-- incomplete counting by its share; one that cannot exist is not expected. Where events are logged,
-- a part without an entry is a zero, not a gap, but one that was delivered without a value is. A
-- roll-up without a single part is no row, never a zero.
with kept as (
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
        candidates.net_value as value,
        candidates.value as gross_value,
        candidates.source,
        candidates.source as sources,
        candidates.preference,
        candidates.obs_status,
        statuses.precedence,
        candidates.taken_in_at,
        candidates.dataset_rank < 3 as is_published,
        candidates.dataset_rank = 3 as has_events
    from {{ ref("int_slot_candidates") }} as candidates
    inner join {{ ref("int_indicators") }} as indicators
        on candidates.indicator = indicators.indicator
    left join {{ ref("obs_statuses") }} as statuses
        on candidates.obs_status = statuses.obs_status
    where candidates.slot_rank = 1 and indicators.additivity = 'additive'
),

{{ leaves_of_kept() }},

{{ rolled_up_leaves() }}

select
    rolled.indicator,
    rolled.slot,
    rolled.segment,
    rolled.period,
    rolled.freq,
    rolled.period_start,
    rolled.period_end,
    rolled.region,
    rolled.region_type,
    rolled.value,
    rolled.gross_value,
    rolled.parts_with_value,
    rolled.parts_expected,
    rolled.coverage_share,
    rolled.territory,
    rolled.classification_year,
    rolled.has_events,
    rolled.source,
    rolled.sources,
    rolled.preference,
    coalesce(statuses.obs_status, 'A') as obs_status,
    rolled.taken_in_at
from rolled
left join {{ ref("obs_statuses") }} as statuses
    on rolled.precedence = statuses.precedence
