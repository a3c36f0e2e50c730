-- How far each that carries a task of a strategy (a city, or the network itself) had come with it,
-- from each day on which something was said of it. A status holds until the next one is given; a
-- row without a day is of the day on which it was delivered.
with delivered as (
    select
        {{ one_spelling("records.strategy", "records.taken_in_at desc, records.line") }}
            as strategy,
        {{ one_spelling("records.goal", "records.taken_in_at desc, records.line") }} as goal,
        {{ one_spelling("records.task", "records.taken_in_at desc, records.line") }} as task,
        coalesce(records.region, 'network') as region,
        coalesce(
            records.assessed_on,
            least({{ helsinki_day("vintages.delivered_at") }}, {{ today() }})
        ) as valid_from,
        records.status,
        records.due_on,
        records.has_responsible,
        records.taken_in_at,
        records.source,
        records.line
    from {{ current_records("strategy_goals") }} as records
    inner join {{ ref("stg_vintages") }} as vintages
        on
            records.source = vintages.source
            and records.dataset = vintages.dataset
            and records.vintage = vintages.vintage
),

in_order as (
    select
        *,
        row_number() over (
            partition by strategy, goal, task, region
            order by
                valid_from,
                case when status is null then 0 else 1 end,
                taken_in_at,
                source,
                line
        ) as place
    from delivered
),

-- Rows since the newest status, and since the newest due day, that was given.
since as (
    select
        *,
        count(status) over (
            partition by strategy, goal, task, region order by place
        ) as statuses,
        count(due_on) over (
            partition by strategy, goal, task, region order by place
        ) as due_days,
        row_number() over (
            partition by strategy, goal, task, region, valid_from order by place desc
        ) as place_in_day
    from in_order
),

carried as (
    select
        *,
        max(status) over (
            partition by strategy, goal, task, region, statuses
        ) as known_status,
        max(case when status is not null then valid_from end) over (
            partition by strategy, goal, task, region, statuses
        ) as assessed_on,
        max(due_on) over (
            partition by strategy, goal, task, region, due_days
        ) as known_due_on
    from since
)

select
    carried.strategy,
    carried.goal,
    carried.task,
    carried.region,
    carried.valid_from,
    lead(carried.valid_from) over (
        partition by carried.strategy, carried.goal, carried.task, carried.region
        order by carried.valid_from
    ) as valid_to,
    scale.code as status,
    -- What is postponed moves less than what has yet to begin.
    case when scale.code = 'postponed' then 0 else scale.sort_key end as status_rank,
    carried.assessed_on,
    carried.known_due_on as due_on,
    carried.has_responsible,
    carried.source
from carried
left join {{ ref("words") }} as scale
    on
        scale.list = 'progress'
        and coalesce(carried.known_status, 'not_started') = scale.code
where carried.place_in_day = 1
