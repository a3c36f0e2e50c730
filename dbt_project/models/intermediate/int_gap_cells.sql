-- Cells that should have been measured and were not, were late, or are there only in part. What
-- cannot exist (status M, an ended region) and what is not yet due is no gap.
--
-- The slots of the cells are read twice, so they stand in a block: a named query would be written
-- down in whole, tens of millions of rows, before it is read.
{% set slot_cells %}
    select
        slot_values.indicator,
        slot_values.slot,
        slot_values.region,
        slot_values.segment,
        slot_values.period,
        slot_values.period_end,
        slot_values.value,
        slot_values.obs_status,
        slot_values.is_confidential,
        slot_values.is_derived,
        slot_values.coverage_share,
        slot_values.source,
        slot_values.first_delivered_at,
        slot_values.followed_since
    from {{ ref("int_slot_values") }} as slot_values
    inner join {{ ref("int_indicators") }} as indicators
        on slot_values.indicator = indicators.indicator
    where indicators.additivity <> 'rate'
    union all
    select
        observations.indicator,
        '*' as slot,
        observations.region,
        observations.segment,
        observations.period,
        observations.period_end,
        observations.value,
        observations.obs_status,
        observations.is_confidential,
        observations.is_derived,
        observations.coverage_share,
        observations.source,
        observations.first_delivered_at,
        observations.followed_since
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("int_indicators") }} as indicators
        on observations.indicator = indicators.indicator
    where indicators.additivity = 'rate'
{% endset %}
{% set is_late %}
    cells.value is not null
    and {{ came_late("lines.due_on", "cells.first_delivered_at", "cells.followed_since") }}
{% endset %}
-- The calendar has a cell for every region of a line, and nearly all of them were delivered: lines
-- are numbered, so that what is looked up millions of times is a number and a region.
with lines as (
    select
        line_number,
        min(indicator) as indicator,
        min(slot) as slot,
        min(segment) as segment,
        min(period) as period,
        min(due_on) as due_on
    from {{ ref("int_expected_cells") }}
    group by line_number
),

delivered as (
    select
        lines.line_number,
        cells.region,
        -- Of the few that came late; what is not carried along need not be remembered.
        case when {{ is_late }} then {{ helsinki_day("cells.first_delivered_at") }} end as came_on,
        case when {{ is_late }} then cells.coverage_share end as coverage_share
    from (
        {{ slot_cells }}
    ) as cells
    inner join lines
        on
            cells.indicator = lines.indicator
            and cells.slot = lines.slot
            and cells.segment = lines.segment
            and cells.period = lines.period
),

gaps as (
    select
        case when delivered.line_number is null then 'absent' else 'late' end as kind,
        expected.indicator,
        expected.region,
        expected.segment,
        expected.period,
        expected.source,
        expected.due_on,
        case
            when delivered.line_number is null then {{ days_between("expected.due_on", today()) }}
            else {{ days_between("expected.due_on", "delivered.came_on") }}
        end as days_late,
        coalesce(delivered.coverage_share, 0) as coverage_share
    from {{ ref("int_expected_cells") }} as expected
    left join delivered
        on
            expected.line_number = delivered.line_number
            and expected.region = delivered.region
    where delivered.line_number is null or delivered.came_on is not null
    union all
    select
        case
            when cells.value is not null then 'partial'
            when {{ is_suppressed("cells.obs_status", "cells.is_confidential") }} then 'suppressed'
            else 'not_available'
        end as kind,
        cells.indicator,
        cells.region,
        cells.segment,
        cells.period,
        cells.source,
        {{ add_days("cells.period_end", "lags.release_lag_days - 1") }} as due_on,
        null as days_late,
        cells.coverage_share
    from (
        {{ slot_cells }}
    ) as cells
    inner join {{ ref("int_indicators") }} as lags
        on cells.indicator = lags.indicator
    where
        {{ add_days("cells.period_end", "lags.release_lag_days - 1") }} < {{ today() }}
        and (
            (cells.value is null and cells.obs_status <> 'M')
            or (cells.value is not null and cells.is_derived and cells.coverage_share < 1)
        )
)

select
    kind,
    indicator,
    region,
    segment,
    period,
    source,
    due_on,
    cast(days_late as integer) as days_late,
    cast(coverage_share as double) as coverage_share
from gaps
