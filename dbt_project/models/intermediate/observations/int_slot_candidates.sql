-- Sources that stand for the same slot of a cell, in the order in which they are preferred; the
-- first is kept. Where none has a value and a reporter has reported the period, it is the zero of
-- its log.
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
    net_value,
    obs_status,
    conf_status,
    is_confidential,
    taken_in_at,
    first_delivered_at,
    followed_since,
    dataset_rank,
    slot,
    preference,
    region_type,
    source_rank,
    slot_rank
from {{ ref("int_candidates") }}
where source_rank = 1
union all
select
    indicator,
    region,
    'total' as segment,
    period,
    freq,
    period_start,
    period_end,
    source,
    dataset,
    cast(null as {{ dbt.type_string() }}) as vintage,
    cast(null as bigint) as line,
    cast(0 as double) as value,
    cast(0 as double) as net_value,
    'A' as obs_status,
    'F' as conf_status,
    false as is_confidential,
    taken_in_at,
    cast(null as {{ timestamp_type() }}) as first_delivered_at,
    cast(null as {{ timestamp_type() }}) as followed_since,
    3 as dataset_rank,
    slot,
    preference,
    region_type,
    1 as source_rank,
    1 as slot_rank
from {{ ref("int_event_zeros") }}
