-- Advice events by region, quarter and year, by segment or by topic, beside what the plans aim at.
-- Counts are those of the observations; a year is the sum of its quarters.
with quarters as (
    select
        observations.region,
        observations.region_type,
        observations.period,
        observations.period_end,
        {{ year_of("observations.period_start") }} as year,
        observations.segment,
        'all' as advice_topic,
        observations.value as events,
        observations.gross_value as gross_events,
        observations.conf_status,
        observations.is_confidential
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("int_indicators") }} as indicators
        on
            observations.indicator = indicators.indicator
            and observations.freq = indicators.cadence
    where observations.indicator = 'advice_events'
    union all
    select
        topics.region,
        topics.region_type,
        topics.period,
        periods.period_end,
        {{ year_of("periods.period_start") }} as year,
        'total' as segment,
        topics.topic_code as advice_topic,
        topics.events,
        topics.gross_events,
        'F' as conf_status,
        false as is_confidential
    from {{ ref("int_advice_topics") }} as topics
    inner join {{ ref("int_calendar_periods") }} as periods
        on topics.period = periods.period
),

targets as (
    select
        plans.region,
        plans.year,
        plans.segment,
        sum(plans.target_value) as plan_target,
        count(*) as plan_measures
    from {{ current_records("plan_items") }} as plans
    where
        plans.indicator = 'advice_events'
        and plans.target_value is not null
        -- Floors of several measures add up; ceilings and changes do not.
        and coalesce(plans.target_kind, 'at_least') = 'at_least'
    group by plans.region, plans.year, plans.segment
),

years as (
    select
        region,
        region_type,
        year,
        segment,
        advice_topic,
        case when count(events) = count(*) then sum(events) end as events,
        case when count(gross_events) = count(*) then sum(gross_events) end as gross_events,
        min(case when is_confidential then conf_status end) as conf_status,
        max(case when is_confidential then 1 else 0 end) = 1 as is_confidential
    from quarters
    group by region, region_type, year, segment, advice_topic
),

planned_years as (
    select
        years.events,
        years.gross_events,
        targets.plan_target,
        targets.plan_measures,
        coalesce(years.conf_status, 'F') as conf_status,
        coalesce(years.is_confidential, false) as is_confidential,
        coalesce(years.region, targets.region) as region,
        coalesce(years.region_type, types.region_type) as region_type,
        coalesce(years.year, targets.year) as year,
        coalesce(years.segment, targets.segment) as segment,
        coalesce(years.advice_topic, 'all') as advice_topic
    from years
    full outer join targets
        on
            years.region = targets.region
            and years.year = targets.year
            and years.segment = targets.segment
            and years.advice_topic = 'all'
    left join {{ ref("int_region_types") }} as types
        on targets.region = types.region
),

cells as (
    select
        region,
        region_type,
        period,
        'Q' as freq,
        year,
        period_end,
        segment,
        advice_topic,
        events,
        gross_events,
        conf_status,
        is_confidential,
        cast(null as double) as plan_target,
        cast(null as bigint) as plan_measures
    from quarters
    union all
    select
        region,
        region_type,
        cast(year as {{ dbt.type_string() }}) as period,
        'A' as freq,
        year,
        {{ make_day("year + 1", 1, 1) }} as period_end,
        segment,
        advice_topic,
        events,
        gross_events,
        conf_status,
        is_confidential,
        plan_target,
        plan_measures
    from planned_years
)

select
    cells.region,
    cells.period,
    cells.segment,
    cells.advice_topic,
    cast(cells.events as bigint) as events,
    cast(cells.gross_events as bigint) as gross_events,
    cells.conf_status,
    cells.plan_target,
    cells.plan_measures,
    100.0 * cells.events / nullif(cells.plan_target, 0) as plan_attainment_pct,
    words.name_fi as topic_name_fi,
    words.name_sv as topic_name_sv,
    words.name_en as topic_name_en,
    cells.region_type,
    cells.freq,
    cells.year,
    cells.period_end <= {{ today() }} as is_over,
    cells.is_confidential
from cells
left join {{ ref("words") }} as words
    on
        words.list = 'advice_topic'
        and cells.advice_topic = words.code
