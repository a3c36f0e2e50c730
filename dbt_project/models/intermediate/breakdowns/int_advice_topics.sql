-- Advice events by topic, in every region whose count they add up to. Where a partner delivered a
-- ready-made count, or the count is confidential, topics would not be those of the figure beside
-- them, so that the region has none in the period.
with topics as (
    select
        reach.region,
        reach.region_type,
        counted.period,
        counted.classification_year,
        advice.topic_code,
        cast(sum(counted.net_amount) as bigint) as events,
        cast(sum(counted.amount) as bigint) as gross_events
    from {{ ref("int_counted_events") }} as counted
    inner join {{ ref("stg_advice_events") }} as advice
        on
            counted.source = advice.source
            and counted.dataset = advice.dataset
            and counted.vintage = advice.vintage
            and counted.line = advice.line
    inner join {{ ref("int_event_reach") }} as reach
        on
            counted.indicator = reach.indicator
            and counted.classification_year = reach.classification_year
            and counted.home = reach.home
    where counted.indicator = 'advice_events' and counted.segment = 'total'
    group by
        reach.region,
        reach.region_type,
        counted.period,
        counted.classification_year,
        advice.topic_code
),

logged as (
    select
        region,
        period,
        sum(events) as events,
        sum(gross_events) as gross_events
    from topics
    group by region, period
),

explained as (
    select
        logged.region,
        logged.period
    from logged
    inner join {{ ref("int_observations") }} as observations
        on
            observations.indicator = 'advice_events'
            and observations.segment = 'total'
            and logged.region = observations.region
            and logged.period = observations.period
            and logged.events = observations.value
            and logged.gross_events = observations.gross_value
    where observations.is_confidential = false
)

select topics.*
from topics
inner join explained
    on
        topics.region = explained.region
        and topics.period = explained.period
