-- Cells that should have been measured and were not, were late, or are there only in part. What
-- cannot exist (status M, an ended region) and what is not yet due is no gap.
--
-- The slots of the cells are read three times, so they stand in a block: a named query would be
-- written down in whole, tens of millions of rows, before it is read.
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
{% set per_block = 60 %}
{% set line_of_cell %}
    cells.indicator = lines.indicator
    and cells.slot = lines.slot
    and cells.segment = lines.segment
    and cells.period = lines.period
{% endset %}
-- The calendar has a cell for every region of a line, and nearly all of them were delivered: lines
-- are numbered, and sixty of them of one region are the binary digits of one number. Tens of
-- millions of cells need no more memory than a sixtieth as many.
with lines as (
    select
        line_number,
        line_number - line_number % {{ per_block }} as block,
        {{ binary_digit("line_number % " ~ per_block) }} as digit,
        indicator,
        slot,
        segment,
        period,
        source,
        due_on,
        {{ late_from("due_on") }} as late_from
    from (
        select
            line_number,
            {{ dbt.any_value("indicator") }} as indicator,
            {{ dbt.any_value("slot") }} as slot,
            {{ dbt.any_value("segment") }} as segment,
            {{ dbt.any_value("period") }} as period,
            {{ dbt.any_value("source") }} as source,
            {{ dbt.any_value("due_on") }} as due_on
        from {{ ref("int_expected_cells") }}
        group by line_number
    ) as numbered
),

-- Expected and delivered cells go into one pass: a join would have to remember one of the two, and
-- no engine guesses well which is the smaller.
blocks as (
    select
        region,
        block,
        {{ all_digits("expected") }} as expected,
        {{ all_digits("delivered") }} as delivered
    from (
        select
            region,
            line_number - line_number % {{ per_block }} as block,
            {{ binary_digit("line_number % " ~ per_block) }} as expected,
            cast(0 as bigint) as delivered
        from {{ ref("int_expected_cells") }}
        union all
        select
            cells.region,
            lines.block,
            cast(0 as bigint) as expected,
            lines.digit as delivered
        from (
            {{ slot_cells }}
        ) as cells
        inner join lines
            on {{ line_of_cell }}
    ) as told
    group by region, block
),

absent as (
    select
        blocks.region,
        blocks.block + places.n as line_number
    from blocks
    cross join {{ integers(0, per_block - 1) }} as places
    where
        blocks.expected <> blocks.delivered
        and not {{ shares_no_bit("blocks.expected", binary_digit("places.n")) }}
        and {{ shares_no_bit("blocks.delivered", binary_digit("places.n")) }}
),

-- Few; whether the region is expected is asked of them only.
late as (
    select
        lines.*,
        cells.region,
        cells.coverage_share,
        {{ helsinki_day("cells.first_delivered_at") }} as came_on
    from (
        {{ slot_cells }}
    ) as cells
    inner join lines
        on {{ line_of_cell }}
    where
        cells.value is not null
        and {{ came_late("lines.late_from", "cells.first_delivered_at", "cells.followed_since") }}
),

gaps as (
    select
        'absent' as kind,
        lines.indicator,
        absent.region,
        lines.segment,
        lines.period,
        lines.source,
        lines.due_on,
        {{ dbt.datediff("lines.due_on", today(), "day") }} as days_late,
        0 as coverage_share
    from absent
    inner join lines
        on absent.line_number = lines.line_number
    union all
    select
        'late' as kind,
        late.indicator,
        late.region,
        late.segment,
        late.period,
        late.source,
        late.due_on,
        {{ dbt.datediff("late.due_on", "late.came_on", "day") }} as days_late,
        late.coverage_share
    from late
    inner join blocks
        on
            late.region = blocks.region
            and late.block = blocks.block
    where not {{ shares_no_bit("blocks.expected", "late.digit") }}
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
            -- Whether a sum of logs is whole, its reporters tell (int_gap_reports).
            or (
                cells.value is not null
                and cells.is_derived
                and cells.coverage_share < 1
                and not (lags.combination = 'sum' and lags.event_dataset is not null)
            )
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
