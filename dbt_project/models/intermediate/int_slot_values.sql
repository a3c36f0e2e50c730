-- What each slot of each cell holds in the end: the kept measurement, or the roll-up of its parts
-- where no source published the cell. A figure that a source itself published wins over a derived
-- sum; one that a source delivered without a value is not rebuilt from parts, which would undo a
-- suppression, but what the parts give stays visible beside it.
with kept as (
    select *
    from {{ ref("int_slot_candidates") }}
    where slot_rank = 1
),

joined as (
    select
        kept.value as published_value,
        rollups.value as derived_value,
        rollups.coverage_share as derived_coverage_share,
        kept.dataset_rank,
        coalesce(kept.indicator, rollups.indicator) as indicator,
        coalesce(kept.slot, rollups.slot) as slot,
        coalesce(kept.segment, rollups.segment) as segment,
        coalesce(kept.period, rollups.period) as period,
        coalesce(kept.freq, rollups.freq) as freq,
        coalesce(kept.period_start, rollups.period_start) as period_start,
        coalesce(kept.period_end, rollups.period_end) as period_end,
        coalesce(kept.region, rollups.region) as region,
        coalesce(kept.region_type, rollups.region_type) as region_type,
        kept.indicator is not null as uses_published,
        kept.source as published_source,
        kept.obs_status as published_status,
        kept.conf_status as published_conf_status,
        kept.is_confidential as published_is_confidential,
        kept.is_derived as published_is_derived,
        kept.taken_in_at as published_at,
        kept.first_delivered_at,
        kept.followed_since,
        kept.vintage,
        kept.line,
        kept.preference,
        rollups.source as derived_source,
        rollups.sources as derived_sources,
        rollups.obs_status as derived_status,
        rollups.taken_in_at as derived_at
    from kept
    full outer join {{ ref("int_rollups") }} as rollups
        on
            kept.indicator = rollups.indicator
            and kept.slot = rollups.slot
            and kept.segment = rollups.segment
            and kept.period = rollups.period
            and kept.region = rollups.region
)

select
    indicator,
    slot,
    segment,
    period,
    freq,
    period_start,
    period_end,
    region,
    region_type,
    vintage,
    line,
    dataset_rank,
    uses_published,
    derived_value,
    derived_coverage_share,
    first_delivered_at,
    followed_since,
    coalesce(preference, 999) as preference,
    case when uses_published then published_value else derived_value end as value,
    case when uses_published then published_source else derived_source end as source,
    case when uses_published then published_source else derived_sources end as sources,
    case when uses_published then published_status else derived_status end as obs_status,
    case when uses_published then published_conf_status else 'F' end as conf_status,
    case when uses_published then published_is_confidential else false end as is_confidential,
    case when uses_published then published_at else derived_at end as vintage_at,
    case when uses_published then published_is_derived else true end as is_derived,
    case
        when not uses_published then derived_coverage_share
        when published_value is null then 0
        else 1
    end as coverage_share
from joined
