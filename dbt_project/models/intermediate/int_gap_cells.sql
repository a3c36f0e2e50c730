-- Cells that should have been measured and were not, were late, or are there only in part. What
-- cannot exist (status M, an ended region) and what is not yet due is no gap.
with slot_cells as (
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
),

gaps as (
    select
        case when cells.indicator is null then 'absent' else 'late' end as kind,
        expected.indicator,
        expected.region,
        expected.segment,
        expected.period,
        expected.source,
        expected.due_on,
        case
            when cells.indicator is null then {{ days_between("expected.due_on", today()) }}
            else {{ days_between("expected.due_on", helsinki_day("cells.first_delivered_at")) }}
        end as days_late,
        coalesce(cells.coverage_share, 0) as coverage_share
    from {{ ref("int_expected_cells") }} as expected
    left join slot_cells as cells
        on
            expected.indicator = cells.indicator
            and expected.slot = cells.slot
            and expected.region = cells.region
            and expected.segment = cells.segment
            and expected.period = cells.period
    where
        cells.indicator is null
        or (
            cells.value is not null
            and {{ came_late(
                "expected.due_on", "cells.first_delivered_at", "cells.followed_since"
            ) }}
        )
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
        {{ add_days("cells.period_end", "indicators.release_lag_days - 1") }} as due_on,
        null as days_late,
        cells.coverage_share
    from slot_cells as cells
    inner join {{ ref("int_indicators") }} as indicators
        on cells.indicator = indicators.indicator
    where
        {{ add_days("cells.period_end", "indicators.release_lag_days - 1") }} < {{ today() }}
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
