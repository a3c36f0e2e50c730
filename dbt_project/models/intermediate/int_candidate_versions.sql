-- What each source stood for in each cell, from when to when: the past of int_candidates. Every
-- dataset of a source speaks for itself; which one is heard is settled moment by moment.
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
