-- A year is the sum of its quarters, so that one with a suppressed quarter is suppressed.
with quarters as (
    select
        advice.region,
        advice.period,
        advice.year,
        advice.segment,
        advice.advice_topic,
        case
            when topics.region is not null then 'A'
            when cells.indicator is not null and not advice.is_confidential then 'A'
            else advice.conf_status
        end as conf_status,
        cells.indicator is not null
        or advice.is_confidential
        or topics.region is not null as is_suppressed,
        periods.period is not null as hides_gross,
        coalesce(topics.is_silent, false) as is_silent
    from {{ ref("core_monitoring_advice") }} as advice
    left join {{ ref("suppressed_cells") }} as cells
        on
            cells.indicator = 'advice_events'
            and cells.cell_slot = '*'
            and advice.region = cells.region
            and advice.segment = cells.segment
            and advice.period = cells.period
            and advice.advice_topic = 'all'
    left join {{ ref("suppressed_advice_topics") }} as topics
        on
            advice.region = topics.region
            and advice.period = topics.period
            and advice.advice_topic = topics.topic_code
    left join {{ ref("suppressed_periods") }} as periods
        on
            periods.indicator = 'advice_events'
            and periods.hides_gross_values
            and advice.period = periods.period
    where advice.freq = 'Q'
),

-- The sum of a year would tell the quarter whose gross counts are hidden, in any region.
hidden_years as (
    select distinct year
    from quarters
    where hides_gross
),

-- A year in which topics are not shown for a quarter of the region would tell of that quarter.
silent_years as (
    select distinct
        totals.region,
        totals.year
    from quarters as totals
    left join quarters as topics
        on
            totals.region = topics.region
            and totals.period = topics.period
            and topics.advice_topic <> 'all'
            and not topics.is_silent
    where
        totals.advice_topic = 'all'
        and totals.segment = 'total'
        and topics.region is null
),

years as (
    select
        region,
        year,
        segment,
        advice_topic,
        -- Of several reasons the platform's own stands first: it is the one that can be looked up.
        min(case when is_suppressed then conf_status end) as suppressed_as,
        max(case when is_suppressed then 1 else 0 end) = 1 as is_suppressed
    from quarters
    group by region, year, segment, advice_topic
),

judged as (
    select
        advice.region,
        advice.period,
        advice.segment,
        advice.advice_topic,
        advice.events,
        advice.gross_events,
        advice.plan_attainment_pct,
        coalesce(quarters.conf_status, years.suppressed_as, advice.conf_status) as conf_status,
        coalesce(quarters.is_suppressed, years.is_suppressed, false) as is_suppressed,
        coalesce(quarters.hides_gross, hidden_years.year is not null) as hides_gross,
        coalesce(quarters.is_silent, false)
        or (silent_years.region is not null and advice.advice_topic <> 'all') as is_left_out
    from {{ ref("core_monitoring_advice") }} as advice
    left join quarters
        on
            advice.region = quarters.region
            and advice.period = quarters.period
            and advice.segment = quarters.segment
            and advice.advice_topic = quarters.advice_topic
    left join years
        on
            advice.freq = 'A'
            and advice.region = years.region
            and advice.year = years.year
            and advice.segment = years.segment
            and advice.advice_topic = years.advice_topic
    left join hidden_years
        on advice.year = hidden_years.year
    left join silent_years
        on
            advice.freq = 'A'
            and advice.region = silent_years.region
            and advice.year = silent_years.year
)

select
    region,
    period,
    segment,
    advice_topic,
    is_left_out,
    case when not is_suppressed then events end as events,
    case when not is_suppressed and not hides_gross then gross_events end as gross_events,
    conf_status,
    case when not is_suppressed then plan_attainment_pct end as plan_attainment_pct
from judged
