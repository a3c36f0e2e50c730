-- Advice events by region, quarter and year, by segment or by topic, beside what the plans aim at.
-- Counts are those of the observations; small ones are withheld, and so is what would give them
-- away. A year is the sum of its quarters, so that one that holds a withheld quarter is withheld.
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
        case
            when withheld.indicator is not null and not observations.is_confidential then 'A'
            else observations.conf_status
        end as conf_status,
        withheld.indicator is not null or observations.is_confidential as is_withheld,
        hidden.period is not null as hides_gross,
        false as is_silent
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("int_indicators") }} as indicators
        on
            observations.indicator = indicators.indicator
            and observations.freq = indicators.cadence
    left join {{ ref("int_withheld_cells") }} as withheld
        on
            observations.indicator = withheld.indicator
            and observations.region = withheld.region
            and observations.segment = withheld.segment
            and observations.period = withheld.period
            and observations.cell_slot = withheld.cell_slot
    left join {{ ref("int_withheld_periods") }} as hidden
        on
            observations.indicator = hidden.indicator
            and observations.period = hidden.period
            and hidden.hides_gross_values
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
        case when withheld.region is not null then 'A' else 'F' end as conf_status,
        withheld.region is not null as is_withheld,
        hidden.period is not null as hides_gross,
        coalesce(withheld.is_silent, false) as is_silent
    from {{ ref("int_advice_topics") }} as topics
    inner join {{ ref("int_calendar_periods") }} as periods
        on topics.period = periods.period
    left join {{ ref("int_advice_withheld_topics") }} as withheld
        on
            topics.region = withheld.region
            and topics.period = withheld.period
            and topics.topic_code = withheld.topic_code
    left join {{ ref("int_withheld_periods") }} as hidden
        on
            hidden.indicator = 'advice_events'
            and topics.period = hidden.period
            and hidden.hides_gross_values
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
        quarters.region,
        quarters.region_type,
        quarters.year,
        quarters.segment,
        quarters.advice_topic,
        case when count(quarters.events) = count(*) then sum(quarters.events) end as events,
        case when count(quarters.gross_events) = count(*) then sum(quarters.gross_events) end
            as gross_events,
        -- Of several reasons the platform's own stands first: it is the one that can be looked up.
        min(case when quarters.is_withheld then quarters.conf_status end) as withheld_as,
        max(case when quarters.is_withheld then 1 else 0 end) = 1 as is_withheld
    from quarters
    left join silent_years
        on
            quarters.region = silent_years.region
            and quarters.year = silent_years.year
    where quarters.advice_topic = 'all' or silent_years.region is null
    group by
        quarters.region,
        quarters.region_type,
        quarters.year,
        quarters.segment,
        quarters.advice_topic
),

planned_years as (
    select
        years.events,
        years.gross_events,
        years.withheld_as,
        targets.plan_target,
        targets.plan_measures,
        hidden_years.year is not null as hides_gross,
        coalesce(years.is_withheld, false) as is_withheld,
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
    left join hidden_years
        on years.year = hidden_years.year
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
        is_withheld,
        hides_gross,
        conf_status,
        cast(null as double) as plan_target,
        cast(null as bigint) as plan_measures
    from quarters
    where not is_silent
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
        is_withheld,
        hides_gross,
        case when is_withheld then withheld_as else 'F' end as conf_status,
        plan_target,
        plan_measures
    from planned_years
)

select
    cells.region,
    cells.period,
    cells.segment,
    cells.advice_topic,
    cast(case when not cells.is_withheld then cells.events end as bigint) as events,
    cast(
        case when not cells.is_withheld and not cells.hides_gross then cells.gross_events end
        as bigint
    ) as gross_events,
    cells.conf_status,
    cells.plan_target,
    cells.plan_measures,
    case
        when not cells.is_withheld
            then 100.0 * cells.events / nullif(cells.plan_target, 0)
    end as plan_attainment_pct,
    words.name_fi as topic_name_fi,
    words.name_sv as topic_name_sv,
    words.name_en as topic_name_en,
    cells.region_type,
    cells.freq,
    cells.year,
    cells.period_end <= {{ today() }} as is_over
from cells
left join {{ ref("words") }} as words
    on
        words.list = 'advice_topic'
        and cells.advice_topic = words.code
