-- Beside a suppressed figure the sum of its parts would give it away, and so it would in a period
-- with a small count. Small counts and what would give them away look the same: whoever could tell
-- them apart would know that a figure is below min_count, and the sum of two could tell both.
with shown_overlaps as (
    select
        found.indicator,
        coalesce(masked.region, found.region) as region,
        coalesce(masked.segment, found.segment) as segment,
        found.period,
        found.other_period,
        found.kept_source
    from {{ ref("core_quality_overlaps") }} as found
    left join {{ ref("masked_quality_overlaps") }} as masked
        on found.overlap_id = masked.overlap_id
),

-- The periods of a pair are two cells.
places as (
    select
        indicator,
        region,
        segment,
        period,
        kept_source
    from shown_overlaps
    union all
    select
        indicator,
        region,
        segment,
        other_period as period,
        kept_source
    from shown_overlaps
),

-- Cells of which quality_overlaps shows a row.
listed as (
    select distinct
        places.indicator,
        places.region,
        places.segment,
        places.period,
        case when indicators.combination = 'separate' then places.kept_source else '*' end
            as cell_slot
    from places
    inner join {{ ref("int_indicators") }} as indicators
        on places.indicator = indicators.indicator
),

-- Regions of which an overlap can be seen, with all that lies inside.
placed as (
    select
        pairs.indicator,
        places.region,
        pairs.period,
        pairs.other_period
    from {{ ref("core_quality_overlaps") }} as pairs
    inner join {{ ref("core_quality_overlap_regions") }} as places
        on pairs.overlap_id = places.overlap_id
    left join {{ ref("masked_quality_overlap_regions") }} as masked
        on
            places.overlap_id = masked.overlap_id
            and places.region = masked.region
    where not coalesce(masked.is_left_out, false)
),

placed_periods as (
    select
        indicator,
        region,
        period
    from placed
    union
    select
        indicator,
        region,
        other_period as period
    from placed
),

judged as (
    select
        observations.*,
        cells.indicator is not null as is_suppressed,
        coalesce(cells.reason <> 'source', false) as is_suppressed_here,
        cells.indicator is null and periods.indicator is null as shows_parts,
        cells.indicator is null and not coalesce(periods.hides_gross_values, false)
            as shows_gross_value,
        observations.has_overlap_row or listed.indicator is not null as is_touched,
        listed.indicator is not null as is_listed,
        placed_periods.indicator is not null as is_placed
    from {{ ref("core_fct_observations") }} as observations
    left join {{ ref("suppressed_cells") }} as cells
        on
            observations.indicator = cells.indicator
            and observations.region = cells.region
            and observations.segment = cells.segment
            and observations.period = cells.period
            and observations.cell_slot = cells.cell_slot
    left join {{ ref("suppressed_periods") }} as periods
        on
            observations.indicator = periods.indicator
            and observations.period = periods.period
    left join listed
        on
            observations.indicator = listed.indicator
            and observations.region = listed.region
            and observations.segment = listed.segment
            and observations.period = listed.period
            and observations.cell_slot = listed.cell_slot
    left join placed_periods
        on
            observations.indicator = placed_periods.indicator
            and observations.region = placed_periods.region
            and observations.period = placed_periods.period
)

select
    indicator,
    region,
    segment,
    period,
    cell_slot,
    false as is_left_out,
    case when not is_suppressed then value end as value,
    case when is_suppressed_here then 'Q' else obs_status end as obs_status,
    case when is_suppressed_here then 'A' else conf_status end as conf_status,
    case when shows_parts then sum_of_parts end as sum_of_parts,
    case when shows_parts then difference_from_parts end as difference_from_parts,
    case when shows_gross_value then gross_value end as gross_value,
    is_touched or (has_overlap and shows_gross_value) as has_overlap,
    case when shows_gross_value then overlap_share end as overlap_share,
    case
        when not is_placed and (is_touched or (has_overlap and shows_gross_value))
            then 'small counts in the period: see the row of quality_overlaps for the country'
    end as overlap_note
from judged
where
    not shows_parts
    or has_overlap_row <> is_listed
    or (has_overlap and not is_placed)
