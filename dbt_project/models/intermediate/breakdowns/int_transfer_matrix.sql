-- The national matrix of transfers with its margins and its total, small counts included. A year
-- whose matrix is not the observed count (a partner delivered a ready-made figure, or it is
-- confidential) has none.
{% set sides = ["matched", "sender_only", "receiver_only", "third_party"] %}
{% set parts = sides + ["accepted", "refused", "unanswered"] %}
with limits as (
    select min_count
    from {{ ref("indicators") }}
    where indicator = 'transfers'
),

logged as (
    select
        period,
        sum(transfers) as transfers,
        sum(logs) as logs
    from {{ ref("int_transfer_logs") }}
    group by period
),

explained as (
    select observations.period
    from {{ ref("int_observations") }} as observations
    inner join logged
        on
            observations.period = logged.period
            and observations.value = logged.transfers
            and observations.gross_value = logged.logs
    where
        observations.indicator = 'transfers'
        and observations.region = 'SSS'
        and observations.segment = 'total'
        and not observations.is_confidential
),

counted as (
    select
        logs.period,
        coalesce(logs.from_actor, 'all') as from_actor,
        coalesce(logs.to_actor, 'all') as to_actor,
        sum(logs.transfers) as transfers,
        sum(logs.logs) as logs,
        {% for side in sides %}
        sum(case when logs.logged_by = '{{ side }}' then logs.transfers else 0 end) as {{ side }},
        {% endfor %}
        sum(case when logs.accepted then logs.transfers else 0 end) as accepted,
        sum(case when not logs.accepted then logs.transfers else 0 end) as refused,
        sum(case when logs.accepted is null then logs.transfers else 0 end) as unanswered
    from {{ ref("int_transfer_logs") }} as logs
    inner join explained
        on logs.period = explained.period
    group by logs.period, cube (logs.from_actor, logs.to_actor)
)

select
    counted.*,
    {% for part in parts %}
    (counted.{{ part }} > 0 and counted.{{ part }} < limits.min_count)
    or
    {% endfor %}
    (counted.logs > counted.transfers and counted.logs < counted.transfers + limits.min_count)
        as has_small_part
from counted
cross join limits
