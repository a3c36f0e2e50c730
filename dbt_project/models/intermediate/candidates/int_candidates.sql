-- The one value that each source stands for in each cell: its newest direct measurement, the sum or
-- count of its events, or what its records (plans, meetings, answers to surveys) come to. Where a
-- source delivers both, the direct measurement is kept and the other is an overlap within the
-- source. Sources that stand for the same slot of a cell are put in order. `net_value` leaves out
-- the events that another source's log stands for; overlaps are judged by `value`, which is what
-- the source says.
with candidates as (
    select
        indicator,
        region,
        segment,
        period,
        freq,
        period_start,
        period_end,
        source,
        dataset,
        vintage,
        line,
        value,
        value as net_value,
        obs_status,
        conf_status,
        is_confidential,
        taken_in_at,
        first_delivered_at,
        followed_since,
        dataset_rank
    from {{ ref("int_measurements") }}
    where disposition = 'kept'
    union all
    select
        indicator,
        home as region,
        home_segment as segment,
        period,
        freq,
        period_start,
        period_end,
        source,
        dataset,
        cast(null as {{ dbt.type_string() }}) as vintage,
        cast(null as bigint) as line,
        cast(sum(amount) as double) as value,
        cast(sum(net_amount) as double) as net_value,
        'A' as obs_status,
        'F' as conf_status,
        false as is_confidential,
        max(taken_in_at) as taken_in_at,
        -- A log of events has no day on which a cell was first delivered.
        cast(null as {{ timestamp_type() }}) as first_delivered_at,
        cast(null as {{ timestamp_type() }}) as followed_since,
        3 as dataset_rank
    from {{ ref("int_event_homes") }}
    group by
        indicator,
        home,
        home_segment,
        period,
        freq,
        period_start,
        period_end,
        source,
        dataset
    union all
    select
        indicator,
        region,
        segment,
        period,
        freq,
        period_start,
        period_end,
        source,
        dataset,
        vintage,
        cast(null as bigint) as line,
        value,
        value as net_value,
        obs_status,
        conf_status,
        is_confidential,
        taken_in_at,
        cast(null as {{ timestamp_type() }}) as first_delivered_at,
        cast(null as {{ timestamp_type() }}) as followed_since,
        4 as dataset_rank
    from {{ ref("int_record_values") }}
),

placed as (
    select
        candidates.*,
        coalesce(slots.slot, candidates.source) as slot,
        coalesce(slots.preference, 999) as preference,
        regions.region_type
    from candidates
    left join {{ ref("int_slots") }} as slots
        on
            candidates.indicator = slots.indicator
            and candidates.source = slots.source
    left join {{ ref("int_region_types") }} as regions
        on candidates.region = regions.region
)

select *
from {{ resolve_slots("placed") }}
