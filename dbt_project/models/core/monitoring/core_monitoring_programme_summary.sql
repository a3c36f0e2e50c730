-- How many measures stand at each step, in the programme (each measure once, at the status of its
-- furthest network) and in each network, on each day of an assessment. Every step has a row.
with counted as (
    select
        programme,
        'network' as level,
        network,
        valid_from,
        valid_to,
        is_current,
        measure_no,
        coalesce(status, 'no_action') as status,
        is_assessed
    from {{ ref("core_monitoring_programme_measures") }}
    union all
    select distinct
        programme,
        'programme' as level,
        'total' as network,
        valid_from,
        valid_to,
        is_current,
        measure_no,
        furthest_status as status,
        networks_assessed > 0 as is_assessed
    from {{ ref("core_monitoring_programme_measures") }}
),

steps as (
    select
        counted.programme,
        counted.level,
        counted.network,
        counted.valid_from,
        counted.valid_to,
        counted.is_current,
        scale.code as status,
        scale.sort_key as status_rank,
        count(*) as measures,
        count(case when counted.status = scale.code then 1 end) as measures_at_status,
        count(case when reached.sort_key >= scale.sort_key then 1 end) as measures_at_least,
        count(case when not counted.is_assessed then 1 end) as measures_not_assessed
    from counted
    inner join {{ ref("words") }} as reached
        on
            counted.status = reached.code
            and reached.list = 'measure_status'
    inner join {{ ref("words") }} as scale
        on scale.list = 'measure_status'
    group by
        counted.programme,
        counted.level,
        counted.network,
        counted.valid_from,
        counted.valid_to,
        counted.is_current,
        scale.code,
        scale.sort_key
)

select
    programme,
    level,
    network,
    valid_from,
    valid_to,
    is_current,
    status,
    status_rank,
    cast(measures as integer) as measures,
    cast(measures_at_status as integer) as measures_at_status,
    cast(measures_at_status as double) / measures as share_at_status,
    cast(measures_at_least as integer) as measures_at_least,
    cast(measures_at_least as double) / measures as share_at_least,
    cast(measures_not_assessed as integer) as measures_not_assessed
from steps
