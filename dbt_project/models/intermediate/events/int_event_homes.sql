-- Where each kept event counts: in its home, which is its own region, or, where the indicator is
-- not measured at that level, the smallest region that contains it; in the segment it was logged
-- for, and in the total. Larger regions get it by roll-up. A region that is not of the event's
-- year (a centre founded later), or one that nobody logged, is no known place, so the event counts
-- in the whole country. An event that stands for itself in another organisation's log has its
-- amount here, and nothing as its net amount;
-- where nobody says whether the two amounts add up, its amount is undecided.
with kept as (
    select *
    from {{ ref("int_events") }}
    where disposition = 'kept'
),

{{ homes_of_events("kept") }},

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
        case when coalesce(same_events.is_kept, true) then events.amount else 0 end as net_amount,
        case
            when coalesce(same_events.is_kept or same_events.is_decided, true) then 0
            else events.amount
        end as undecided_amount
    from kept as events
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
