-- Periods in which no gross count of events is shown: the difference to the net count is how many
-- events two organisations logged, and somewhere in the period that is a small count. One place is
-- enough, because a difference of two differences tells another.
with limits as (
    select
        indicator,
        min_count
    from {{ ref("indicators") }}
    where min_count > 0 and event_dataset is not null and additivity = 'additive'
),

logged_twice as (
    select
        indicator,
        period,
        gross_value - value as events
    from {{ ref("int_observations") }}
    union all
    select
        'advice_events' as indicator,
        period,
        gross_events - events as events
    from {{ ref("int_advice_topics") }}
)

select distinct
    logged_twice.indicator,
    logged_twice.period
from logged_twice
inner join limits
    on logged_twice.indicator = limits.indicator
where logged_twice.events > 0 and logged_twice.events < limits.min_count
