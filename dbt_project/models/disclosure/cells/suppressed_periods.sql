-- Periods of counts of customers of which only present observations are shown, cell by cell: not
-- what single sources said, not how much of it overlaps, not what was known earlier. One small
-- count anywhere, of a cell, a delivered row, the events of one file or of the same two sources, an
-- earlier version or the matrix of transfers, is enough: the rest would give it away by
-- subtraction, and nobody reads these details as figures.
-- A period that intersects one of these is one of them.
with indicators as (
    select
        indicator,
        min_count
    from {{ ref("indicators") }}
    where min_count > 0 and additivity = 'additive'
),

delivered as (
    select
        measurements.indicator,
        measurements.period,
        measurements.period_start,
        measurements.period_end,
        measurements.value,
        indicators.min_count,
        measurements.is_confidential
    from {{ ref("int_measurements") }} as measurements
    inner join indicators
        on measurements.indicator = indicators.indicator
),

placed_events as (
    select
        homes.indicator,
        homes.home as region,
        homes.home_segment as segment,
        homes.period,
        homes.period_start,
        homes.period_end,
        homes.source,
        homes.dataset,
        homes.vintage,
        homes.amount,
        case when coalesce(same_events.is_kept, true) then 'kept' else 'same_event' end as fate
    from {{ ref("int_event_homes") }} as homes
    left join {{ ref("int_same_events") }} as same_events
        on
            homes.source = same_events.source
            and homes.dataset = same_events.dataset
            and homes.vintage = same_events.vintage
            and homes.line = same_events.line
    union all
    select
        replaced.indicator,
        coalesce(replaced.region, 'SSS') as region,
        segments.segment,
        replaced.period,
        replaced.period_start,
        replaced.period_end,
        replaced.source,
        replaced.dataset,
        replaced.vintage,
        replaced.amount,
        replaced.disposition as fate
    from {{ ref("int_events") }} as replaced
    inner join {{ ref("segments") }} as segments
        on segments.segment in ('total', replaced.segment)
    where replaced.disposition <> 'kept'
),

-- The events of one file in one cell, as fct_measurements counts them.
logged as (
    select
        events.indicator,
        events.period,
        events.period_start,
        events.period_end,
        count(*) as events,
        sum(events.amount) as amount,
        indicators.min_count
    from placed_events as events
    inner join indicators
        on events.indicator = indicators.indicator
    group by
        events.indicator,
        events.region,
        events.segment,
        events.period,
        events.period_start,
        events.period_end,
        events.source,
        events.dataset,
        events.vintage,
        events.fate,
        indicators.min_count
),

found as (
    select
        indicator,
        period,
        false as is_of_gross_values
    from delivered
    where is_confidential or (value > 0 and value < min_count)
    union all
    select
        indicator,
        period,
        false as is_of_gross_values
    from logged
    where events < min_count or (amount > 0 and amount < min_count)
    union all
    select
        versions.indicator,
        versions.period,
        false as is_of_gross_values
    from {{ ref("int_observation_versions") }} as versions
    inner join indicators
        on versions.indicator = indicators.indicator
    where
        (versions.value > 0 and versions.value < indicators.min_count)
        or (versions.value is null and versions.obs_status = 'Q')
    union all
    select
        suppressed.indicator,
        suppressed.period,
        false as is_of_gross_values
    from {{ ref("suppressed_cells") }} as suppressed
    inner join indicators
        on suppressed.indicator = indicators.indicator
    union all
    -- How many of a cell's customers two organisations logged.
    select
        indicator,
        period,
        true as is_of_gross_values
    from {{ ref("customer_counts") }}
    where gross_value > value and gross_value - value < min_count
    union all
    select
        indicators.indicator,
        topics.period,
        true as is_of_gross_values
    from {{ ref("int_advice_topics") }} as topics
    inner join indicators
        on indicators.indicator = 'advice_events'
    where
        topics.gross_events > topics.events
        and topics.gross_events - topics.events < indicators.min_count
    union all
    -- Whose logs they are and whose log they stand in, as quality_overlaps lists them one by one.
    select
        pairs.indicator,
        pairs.period,
        false as is_of_gross_values
    from {{ ref("int_overlaps_same_event") }} as pairs
    inner join indicators
        on pairs.indicator = indicators.indicator
    group by
        pairs.indicator,
        pairs.region,
        pairs.period,
        pairs.kept_source,
        pairs.other_source,
        indicators.min_count
    having count(*) < indicators.min_count
    union all
    -- Who logged transfers would tell the cells of the matrix and their parts.
    select distinct
        indicators.indicator,
        logs.period,
        false as is_of_gross_values
    from {{ ref("int_transfer_logs") }} as logs
    inner join indicators
        on indicators.indicator = 'transfers'
    left join {{ ref("open_transfer_years") }} as open_years
        on logs.period = open_years.period
    where open_years.period is null
),

spans as (
    select
        indicator,
        period,
        period_start,
        period_end
    from {{ ref("customer_counts") }}
    union
    select
        indicator,
        period,
        period_start,
        period_end
    from delivered
    union
    select
        indicator,
        period,
        period_start,
        period_end
    from logged
),

small as (
    select
        found.indicator,
        spans.period_start,
        spans.period_end,
        max(case when found.is_of_gross_values then 1 else 0 end) as of_gross_values
    from found
    inner join spans
        on
            found.indicator = spans.indicator
            and found.period = spans.period
    group by found.indicator, spans.period_start, spans.period_end
)

select
    spans.indicator,
    spans.period,
    max(small.of_gross_values) = 1 as hides_gross_values
from spans
inner join small
    on
        spans.indicator = small.indicator
        and spans.period_start < small.period_end
        and small.period_start < spans.period_end
group by spans.indicator, spans.period
