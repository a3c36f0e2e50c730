-- Each task of a strategy, for each city that carries it and in all. In all a task stands where
-- its least advanced city stands, for it is done only when every city has done it; a city that
-- cancelled it no longer counts. On an earlier day the cities count that were known by then.
with days as (
    select
        strategy,
        goal,
        task,
        valid_from,
        lead(valid_from) over (
            partition by strategy, goal, task order by valid_from
        ) as valid_to
    from {{ ref("int_strategy_states") }}
    group by strategy, goal, task, valid_from
),

spans as (
    select
        strategy,
        goal,
        task,
        case when region = 'network' then 'network' else 'city' end as level,
        region,
        valid_from,
        valid_to,
        region as carrier,
        status,
        status_rank,
        assessed_on,
        due_on,
        has_responsible
    from {{ ref("int_strategy_states") }}
    union all
    select
        days.strategy,
        days.goal,
        days.task,
        'total' as level,
        'total' as region,
        days.valid_from,
        days.valid_to,
        states.region as carrier,
        states.status,
        states.status_rank,
        states.assessed_on,
        states.due_on,
        states.has_responsible
    from days
    inner join {{ ref("int_strategy_states") }} as states
        on
            days.strategy = states.strategy
            and days.goal = states.goal
            and days.task = states.task
            and days.valid_from >= states.valid_from
            and (states.valid_to is null or days.valid_from < states.valid_to)
),

ranked as (
    select
        *,
        status <> 'cancelled' as counts,
        status not in ('done', 'cancelled') as is_open,
        min(case when status <> 'cancelled' then status_rank end) over (
            partition by strategy, goal, task, region, valid_from
        ) as least_rank,
        max(case when status <> 'cancelled' then status_rank end) over (
            partition by strategy, goal, task, region, valid_from
        ) as furthest_rank
    from spans
),

summed as (
    select
        strategy,
        goal,
        task,
        level,
        region,
        valid_from,
        valid_to,
        coalesce(
            max(case when counts and status_rank = least_rank then status end), 'cancelled'
        ) as status,
        coalesce(
            max(case when counts and status_rank = furthest_rank then status end), 'cancelled'
        ) as furthest_status,
        {{ distinct_list("case when is_open and status_rank = least_rank then carrier end") }}
            as least_advanced,
        max(assessed_on) as assessed_on,
        count(case when counts then 1 end) as carriers,
        count(case when counts and status = 'done' then 1 end) as carriers_done,
        count(case when counts and assessed_on is null then 1 end) as carriers_not_assessed,
        count(case when counts and not has_responsible then 1 end)
            as carriers_without_responsible,
        max(case when has_responsible then 1 else 0 end) = 1 as has_any_responsible,
        coalesce(min(case when is_open then due_on end), max(due_on)) as due_on,
        max(case when is_open then 1 else 0 end) = 1 as is_open
    from ranked
    group by strategy, goal, task, level, region, valid_from, valid_to
),

judged as (
    select
        *,
        valid_from <= {{ today() }} and (valid_to is null or valid_to > {{ today() }})
            as is_current
    from summed
)

select
    strategy,
    goal,
    task,
    level,
    region,
    valid_from,
    valid_to,
    is_current,
    status,
    assessed_on is not null as is_assessed,
    assessed_on,
    furthest_status,
    least_advanced,
    cast(carriers as integer) as carriers,
    cast(carriers_done as integer) as carriers_done,
    cast(carriers_done as double) / nullif(carriers, 0) as share_done,
    cast(carriers_not_assessed as integer) as carriers_not_assessed,
    due_on,
    case
        when is_current and is_open then {{ dbt.datediff(today(), "due_on", "day") }}
    end as days_left,
    coalesce(is_current and is_open and due_on < {{ today() }}, false) as is_overdue,
    -- Where all have cancelled it, the question is only whether anybody was named.
    case when carriers = 0 then has_any_responsible else carriers_without_responsible = 0 end
        as has_responsible,
    cast(carriers_without_responsible as integer) as carriers_without_responsible
from judged
