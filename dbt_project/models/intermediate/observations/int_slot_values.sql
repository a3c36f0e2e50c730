-- What each slot of each cell holds in the end. A figure that a source itself published wins over
-- a derived sum; one that a source delivered without a value is not rebuilt from parts, which
-- would undo a suppression. Where nothing was published the slot holds the events of the region
-- itself and what its parts hold. What the parts give stays visible beside a published figure.
with kept as (
    select
        *,
        dataset_rank < 3 as is_published
    from {{ ref("int_slot_candidates") }}
    where slot_rank = 1
),

reported as (
    select
        indicator,
        slot,
        segment,
        period,
        region,
        {{ distinct_list("source") }} as sources
    from {{ ref("int_slot_candidates") }}
    group by indicator, slot, segment, period, region
),

joined as (
    select
        kept.net_value as kept_value,
        kept.value as kept_gross_value,
        rollups.value as derived_value,
        rollups.gross_value as derived_gross_value,
        rollups.coverage_share as derived_coverage_share,
        kept.dataset_rank,
        kept.obs_status as kept_status,
        kept.conf_status as kept_conf_status,
        kept.is_confidential as kept_is_confidential,
        kept.source as kept_source,
        kept.taken_in_at as kept_at,
        kept.first_delivered_at,
        kept.followed_since,
        kept.vintage,
        kept.line,
        rollups.obs_status as derived_status,
        rollups.source as derived_source,
        rollups.sources as derived_sources,
        rollups.territory as derived_territory,
        rollups.classification_year,
        rollups.taken_in_at as derived_at,
        reported.sources as reported_sources,
        coalesce(kept.indicator, rollups.indicator) as indicator,
        coalesce(kept.slot, rollups.slot) as slot,
        coalesce(kept.segment, rollups.segment) as segment,
        coalesce(kept.period, rollups.period) as period,
        coalesce(kept.freq, rollups.freq) as freq,
        coalesce(kept.period_start, rollups.period_start) as period_start,
        coalesce(kept.period_end, rollups.period_end) as period_end,
        coalesce(kept.region, rollups.region) as region,
        coalesce(kept.region_type, rollups.region_type) as region_type,
        coalesce(kept.preference, 999) as kept_preference,
        coalesce(rollups.preference, 999) as derived_preference,
        coalesce(kept.is_published, false) as is_published,
        case
            when kept.indicator is null then 'parts'
            when kept.is_published then 'published'
            when rollups.indicator is null then 'events'
            else 'events and parts'
        end as made_of
    from kept
    full outer join {{ ref("int_rollups") }} as rollups
        on
            kept.indicator = rollups.indicator
            and kept.slot = rollups.slot
            and kept.segment = rollups.segment
            and kept.period = rollups.period
            and kept.region = rollups.region
    left join reported
        on
            kept.indicator = reported.indicator
            and kept.slot = reported.slot
            and kept.segment = reported.segment
            and kept.period = reported.period
            and kept.region = reported.region
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
    made_of,
    vintage,
    line,
    dataset_rank,
    case
        when made_of = 'parts' then derived_preference
        when made_of = 'events and parts' then least(kept_preference, derived_preference)
        else kept_preference
    end as preference,
    derived_value,
    derived_coverage_share,
    classification_year,
    first_delivered_at,
    followed_since,
    case made_of
        when 'parts' then derived_value
        when 'events and parts' then kept_value + derived_value
        else kept_value
    end as value,
    case made_of
        when 'parts' then derived_gross_value
        when 'events and parts' then kept_gross_value + derived_gross_value
        else kept_gross_value
    end as gross_value,
    -- The preferred one of those that something is of.
    case
        when made_of = 'parts' then derived_source
        when made_of = 'events and parts' and derived_preference < kept_preference
            then derived_source
        else kept_source
    end as source,
    case made_of
        when 'parts' then derived_sources
        when 'events and parts' then {{ merged_pair("reported_sources", "derived_sources") }}
        else reported_sources
    end as sources,
    -- Those of which something is in the value.
    case
        when made_of = 'parts' then derived_sources
        when made_of = 'events and parts' then {{ merged_pair("kept_source", "derived_sources") }}
        else kept_source
    end as kept_sources,
    -- Events have no flag of their own, so that the parts' flag stands for both.
    case
        when made_of = 'events and parts' then derived_status
        else coalesce(kept_status, derived_status)
    end as obs_status,
    coalesce(kept_conf_status, 'F') as conf_status,
    coalesce(kept_is_confidential, false) as is_confidential,
    case
        when made_of = 'parts' then derived_at
        when made_of = 'events and parts' then greatest(kept_at, derived_at)
        else kept_at
    end as vintage_at,
    made_of in ('parts', 'events and parts') as is_derived,
    case
        when made_of in ('parts', 'events and parts') then derived_coverage_share
        when kept_value is null then 0
        else 1
    end as coverage_share,
    case
        when made_of in ('parts', 'events and parts') then derived_territory
    end as territory
from joined
