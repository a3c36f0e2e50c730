-- Where each kept event counts: in its own region and in every region that contains it, at the
-- levels of its indicator; in the segment it was logged for, and in the total. An event that only
-- names a large area counts at that level and above, never below.
with placed as (
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        events.indicator,
        events.segment,
        events.period,
        events.freq,
        events.period_start,
        events.period_end,
        events.amount,
        events.taken_in_at,
        events.region as target_region,
        levels.region_type as target_type,
        levels.level_rank,
        true as is_own_region
    from {{ ref("int_events") }} as events
    inner join {{ ref("int_indicator_levels") }} as levels
        on
            events.indicator = levels.indicator
            and events.region_type = levels.region_type
    where events.disposition = 'kept'
    union all
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        events.indicator,
        events.segment,
        events.period,
        events.freq,
        events.period_start,
        events.period_end,
        events.amount,
        events.taken_in_at,
        containment.container as target_region,
        containment.container_type as target_type,
        levels.level_rank,
        false as is_own_region
    from {{ ref("int_events") }} as events
    inner join {{ ref("int_region_containment") }} as containment
        on
            events.region = containment.region
            and {{ classification_year("events.period_end") }} = containment.classification_year
    inner join {{ ref("int_indicator_levels") }} as levels
        on
            events.indicator = levels.indicator
            and containment.container_type = levels.region_type
    where events.disposition = 'kept'
)

select
    *,
    'total' as target_segment
from placed
union all
select
    *,
    segment as target_segment
from placed
where segment <> 'total'
