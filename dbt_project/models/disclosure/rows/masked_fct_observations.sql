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
)

select
    observations.indicator,
    observations.region,
    observations.segment,
    observations.period,
    observations.cell_slot,
    false as is_left_out,
    case when cells.indicator is null then observations.value end as value,
    case when cells.reason <> 'source' then 'Q' else observations.obs_status end as obs_status,
    case when cells.reason <> 'source' then 'A' else observations.conf_status end as conf_status,
    case
        when cells.indicator is null and periods.indicator is null then observations.sum_of_parts
    end as sum_of_parts,
    case
        when cells.indicator is null and periods.indicator is null
            then observations.difference_from_parts
    end as difference_from_parts,
    case
        when cells.indicator is null and not coalesce(periods.hides_gross_values, false)
            then observations.gross_value
    end as gross_value,
    observations.has_overlap_row
    or listed.indicator is not null
    or (
        observations.has_overlap
        and cells.indicator is null
        and not coalesce(periods.hides_gross_values, false)
    ) as has_overlap,
    case
        when cells.indicator is null and not coalesce(periods.hides_gross_values, false)
            then observations.overlap_share
    end as overlap_share,
    case
        when observations.has_overlap_row and listed.indicator is null
            then 'small counts in the period: see the row of quality_overlaps for the country'
    end as overlap_note
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
where
    cells.indicator is not null
    or periods.indicator is not null
    or observations.has_overlap_row <> (listed.indicator is not null)
