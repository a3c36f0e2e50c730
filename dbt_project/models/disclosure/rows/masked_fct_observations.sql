-- Beside a suppressed figure the sum of its parts would give it away, and so it would in a period
-- with a small count. Small counts and what would give them away look the same: whoever could tell
-- them apart would know that a figure is below min_count, and the sum of two could tell both.
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
    cast(null as double) as sum_of_parts,
    cast(null as double) as difference_from_parts,
    case
        when cells.indicator is null and not coalesce(periods.hides_gross_values, false)
            then observations.gross_value
    end as gross_value
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
where cells.indicator is not null or periods.indicator is not null
