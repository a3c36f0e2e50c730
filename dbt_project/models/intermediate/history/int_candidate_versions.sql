-- What each source stood for in each cell, from when to when: the past of int_candidates. Every
-- dataset of a source speaks for itself; which one is heard is settled moment by moment. What
-- records come to is known as it is now, since the newest delivery that it rests on.
with told as (
    select
        source,
        dataset,
        dataset_rank,
        indicator,
        region,
        segment,
        period,
        period_end,
        value,
        obs_status,
        is_confidential,
        known_from,
        known_to
    from {{ ref("int_measurement_versions") }}
    union all
    select
        source,
        dataset,
        3 as dataset_rank,
        indicator,
        region,
        segment,
        period,
        period_end,
        value,
        'A' as obs_status,
        false as is_confidential,
        known_from,
        known_to
    from {{ ref("int_event_versions") }}
    union all
    select
        source,
        dataset,
        4 as dataset_rank,
        indicator,
        region,
        segment,
        period,
        period_end,
        value,
        obs_status,
        is_confidential,
        known_from,
        cast(null as {{ timestamp_type() }}) as known_to
    from {{ ref("int_record_values") }}
),

versions as (
    select
        told.*,
        coalesce(slots.slot, told.source) as slot,
        coalesce(slots.preference, 999) as preference
    from told
    left join {{ ref("int_slots") }} as slots
        on
            told.indicator = slots.indicator
            and told.source = slots.source
),

-- Until when anything was said of a cell where nothing is said now.
ended as (
    select
        indicator,
        region,
        period,
        slot,
        max(known_to) as ended_at
    from versions
    where segment = 'total' and known_to is not null
    group by indicator, region, period, slot
),

-- A zero of a log that was reported without an event, since it was; where an event was logged and
-- withdrawn, since it no longer counts.
zeros as (
    select
        zeros.source,
        zeros.dataset,
        3 as dataset_rank,
        zeros.indicator,
        zeros.region,
        'total' as segment,
        zeros.period,
        zeros.period_end,
        cast(0 as double) as value,
        'A' as obs_status,
        false as is_confidential,
        greatest(zeros.taken_in_at, coalesce(ended.ended_at, zeros.taken_in_at)) as known_from,
        cast(null as {{ timestamp_type() }}) as known_to,
        zeros.slot,
        zeros.preference
    from {{ ref("int_event_zeros") }} as zeros
    left join ended
        on
            zeros.indicator = ended.indicator
            and zeros.region = ended.region
            and zeros.period = ended.period
            and zeros.slot = ended.slot
),

every_version as (
    select * from versions
    union all
    select * from zeros
)

select
    every_version.*,
    regions.region_type
from every_version
left join {{ ref("int_region_types") }} as regions
    on every_version.region = regions.region
