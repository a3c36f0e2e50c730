-- What each source said about each cell from when to when: one row per delivery that changed it,
-- half-open in time, an open end for what still holds.
with versions as (
    select
        *,
        row_number() over (
            partition by source, dataset, indicator, region, segment, period, sequence
            order by case when value is null then 1 else 0 end, line desc
        ) as version_rank
    from {{ ref("int_measurements") }}
)

select
    source,
    dataset,
    dataset_rank,
    indicator,
    region,
    segment,
    period,
    value,
    obs_status,
    is_confidential,
    taken_in_at as known_from,
    lead(taken_in_at) over (
        partition by source, dataset, indicator, region, segment, period
        order by sequence
    ) as known_to
from versions
where version_rank = 1
