-- Cells that count customers: additive indicators with a smallest publishable count
-- (`min_count`). Beside each total stands what it holds beyond the reported segments, as the
-- segment '∅': no row of the platform has it, but whoever subtracts does. A cell is small where
-- its count is, where its source suppressed it, and where the rest of a total beside its segments
-- is a small count, or may be one because a source suppressed a segment; a cell that once was
-- small stays so, because what has not changed beside it
-- would tell what it was. Not so in a period that is made of logged events alone: there every
-- figure is a sum of the same events at all times, so that all that has changed may as well have
-- been what it is now. A log begins with one event, and would otherwise never be shown.
with delivered as (
    select distinct
        indicator,
        period
    from {{ ref("int_measurements") }}
),

once_small as (
    select distinct
        versions.indicator,
        versions.region,
        versions.segment,
        versions.period,
        versions.cell_slot
    from {{ ref("int_observation_versions") }} as versions
    inner join {{ ref("indicators") }} as indicators
        on versions.indicator = indicators.indicator
    inner join delivered
        on
            versions.indicator = delivered.indicator
            and versions.period = delivered.period
    where
        indicators.additivity = 'additive'
        and versions.value > 0
        and versions.value < indicators.min_count
),

counts as (
    select
        observations.indicator,
        observations.cell_slot,
        observations.region,
        observations.region_type,
        observations.segment,
        observations.period,
        observations.freq,
        observations.period_start,
        observations.period_end,
        {{ classification_year("observations.period_end") }} as classification_year,
        observations.value,
        observations.gross_value,
        indicators.min_count,
        observations.value is null and {{ is_suppressed(
            "observations.obs_status", "observations.is_confidential"
        ) }} as is_suppressed_by_source,
        once_small.indicator is not null as was_small
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("indicators") }} as indicators
        on observations.indicator = indicators.indicator
    left join once_small
        on
            observations.indicator = once_small.indicator
            and observations.region = once_small.region
            and observations.segment = once_small.segment
            and observations.period = once_small.period
            and observations.cell_slot = once_small.cell_slot
    where indicators.min_count > 0 and indicators.additivity = 'additive'
),

segmented as (
    select
        indicator,
        cell_slot,
        region,
        period,
        sum(value) as value,
        max(case when is_suppressed_by_source then 1 else 0 end) = 1 as is_suppressed_by_source
    from counts
    where segment <> 'total'
    group by indicator, cell_slot, region, period
),

unsegmented as (
    select
        totals.*,
        totals.value - coalesce(segmented.value, 0) as rest,
        segmented.indicator is not null as has_segments,
        coalesce(segmented.is_suppressed_by_source, false) as is_unknown
    from counts as totals
    left join segmented
        on
            totals.indicator = segmented.indicator
            and totals.cell_slot = segmented.cell_slot
            and totals.region = segmented.region
            and totals.period = segmented.period
    where totals.segment = 'total'
)

select
    indicator,
    cell_slot,
    region,
    region_type,
    segment,
    period,
    freq,
    period_start,
    period_end,
    classification_year,
    indicator || ' ' || cell_slot || ' ' || period as grid,
    value,
    gross_value,
    min_count,
    is_suppressed_by_source,
    true as is_published,
    is_suppressed_by_source
    or coalesce(value > 0 and value < min_count, false)
    or (was_small and coalesce(value > 0, false)) as is_small
from counts
union all
select
    indicator,
    cell_slot,
    region,
    region_type,
    '∅' as segment,
    period,
    freq,
    period_start,
    period_end,
    classification_year,
    indicator || ' ' || cell_slot || ' ' || period as grid,
    -- How much of it belongs to a segment that its source suppressed, nobody says.
    case when not is_unknown then rest end as value,
    case when not is_unknown then rest end as gross_value,
    min_count,
    is_unknown as is_suppressed_by_source,
    false as is_published,
    is_unknown or (has_segments and rest < min_count) as is_small
from unsegmented
where rest > 0
