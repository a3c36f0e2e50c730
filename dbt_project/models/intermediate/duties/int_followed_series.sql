-- From which period on each slot of an indicator is followed in this deployment: the first one that
-- anybody has delivered for it. What lies before it, and what nobody here has ever delivered, the
-- calendar does not expect; a reporting duty may. A rate is followed where its parts are.
with delivered as (
    select
        candidates.indicator,
        candidates.slot,
        min(candidates.period_start) as followed_from
    from {{ ref("int_candidates") }} as candidates
    inner join {{ ref("int_indicators") }} as indicators
        on
            candidates.indicator = indicators.indicator
            and candidates.freq = indicators.cadence
    group by candidates.indicator, candidates.slot
),

of_rates as (
    select
        rates.indicator,
        '*' as slot,
        greatest(min(numerators.followed_from), min(denominators.followed_from)) as followed_from
    from {{ ref("int_indicators") }} as rates
    inner join delivered as numerators
        on rates.numerator = numerators.indicator
    inner join delivered as denominators
        on rates.denominator = denominators.indicator
    where rates.additivity = 'rate'
    group by rates.indicator
),

together as (
    select *
    from delivered
    union all
    select *
    from of_rates
)

select
    indicator,
    slot,
    min(followed_from) as followed_from
from together
group by indicator, slot
