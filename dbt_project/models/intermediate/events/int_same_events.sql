-- Events that several organisations logged: every log of them, which one is kept, and by which rule
-- each of the others was found to be the same.
with members as (
    select
        event_number,
        group_number,
        count(*) over (partition by group_number) as logs
    from {{ ref("int_event_groups") }}
),

links as (
    select
        left_number as event_number,
        right_number as other_number,
        rule,
        reason,
        pair_rank
    from {{ ref("int_event_links") }}
    where verdict = 'link'
    union all
    select
        right_number as event_number,
        left_number as other_number,
        rule,
        reason,
        pair_rank
    from {{ ref("int_event_links") }}
    where verdict = 'link'
),

-- What ties each event to its group: the nearest match that it has there.
ties as (
    select
        links.event_number,
        links.rule,
        links.reason,
        row_number() over (partition by links.event_number order by links.pair_rank) as tie_rank
    from links
    inner join members
        on links.event_number = members.event_number
    inner join members as others
        on
            links.other_number = others.event_number
            and members.group_number = others.group_number
)

-- Amounts of which nobody says whether they are the whole project's may as well add up.
select
    events.source,
    events.dataset,
    events.vintage,
    events.line,
    members.event_number,
    members.group_number,
    members.logs,
    members.event_number = members.group_number as is_kept,
    not coalesce('unknown' in (events.amount_basis, kept.amount_basis), false) as is_decided,
    ties.rule,
    ties.reason
from members
inner join {{ ref("int_linkable_events") }} as events
    on members.event_number = events.event_number
inner join {{ ref("int_linkable_events") }} as kept
    on members.group_number = kept.event_number
inner join ties
    on
        members.event_number = ties.event_number
        and ties.tie_rank = 1
where members.logs > 1
