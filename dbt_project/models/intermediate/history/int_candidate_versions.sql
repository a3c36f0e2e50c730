-- What each source stood for in each cell, from when to when: the past of int_candidates. Every
-- dataset of a source speaks for itself; which one is heard is settled moment by moment. What
-- records come to is known as it is now, since the newest delivery that it rests on.
with versions as (
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
    -- A zero of a log that was reported without an event, since it was.
    select
        source,
        dataset,
        3 as dataset_rank,
        indicator,
        region,
        'total' as segment,
        period,
        period_end,
        cast(0 as double) as value,
        'A' as obs_status,
        false as is_confidential,
        taken_in_at as known_from,
        cast(null as {{ timestamp_type() }}) as known_to
    from {{ ref("int_event_zeros") }}
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
        taken_in_at as known_from,
        cast(null as {{ timestamp_type() }}) as known_to
    from {{ ref("int_record_values") }}
)

select
    versions.*,
    regions.region_type,
    coalesce(slots.slot, versions.source) as slot,
    coalesce(slots.preference, 999) as preference
from versions
left join {{ ref("int_slots") }} as slots
    on
        versions.indicator = slots.indicator
        and versions.source = slots.source
left join {{ ref("int_region_types") }} as regions
    on versions.region = regions.region
