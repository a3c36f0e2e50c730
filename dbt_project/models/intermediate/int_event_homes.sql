-- Where each kept event counts: in its home, which is its own region, or, where the indicator is
-- not measured at that level, the smallest region that contains it; in the segment it was logged
-- for, and in the total. Larger regions get it by roll-up. A region that is not of the event's
-- year (a centre founded later), or one that nobody logged, is no known place, so the event counts
-- in the whole country. An event that stands for itself in another organisation's log has its
-- amount here, and nothing as its net amount.
with places as (
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        events.region as home,
        levels.level_rank,
        0 as distance
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
        containment.container as home,
        levels.level_rank,
        1 as distance
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
    union all
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        'SSS' as home,
        levels.level_rank,
        2 as distance
    from {{ ref("int_events") }} as events
    inner join {{ ref("int_indicator_levels") }} as levels
        on
            events.indicator = levels.indicator
            and levels.region_type = 'SSS'
    where events.disposition = 'kept'
),

homes as (
    select
        source,
        dataset,
        vintage,
        line,
        home,
        row_number() over (
            partition by source, dataset, vintage, line
            -- A sub-region of one municipality lies in that municipality too; what counts is the
            -- region that the event names.
            order by distance, level_rank, home
        ) as home_rank
    from places
),

placed as (
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
        homes.home,
        case when coalesce(same_events.is_kept, true) then events.amount else 0 end as net_amount
    from {{ ref("int_events") }} as events
    inner join homes
        on
            events.source = homes.source
            and events.dataset = homes.dataset
            and events.vintage = homes.vintage
            and events.line = homes.line
            and homes.home_rank = 1
    left join {{ ref("int_same_events") }} as same_events
        on
            events.source = same_events.source
            and events.dataset = same_events.dataset
            and events.vintage = same_events.vintage
            and events.line = same_events.line
)

select
    *,
    'total' as home_segment
from placed
union all
select
    *,
    segment as home_segment
from placed
where segment <> 'total'
