select
    versions.indicator,
    versions.region,
    versions.segment,
    versions.period,
    versions.cell_slot,
    versions.known_from,
    false as is_left_out,
    cast(null as double) as value,
    case when versions.value is not null then 'Q' else versions.obs_status end as obs_status
from {{ ref("core_fct_observation_vintages") }} as versions
left join {{ ref("suppressed_cells") }} as cells
    on
        versions.indicator = cells.indicator
        and versions.region = cells.region
        and versions.segment = cells.segment
        and versions.period = cells.period
        and versions.cell_slot = cells.cell_slot
left join {{ ref("suppressed_periods") }} as periods
    on
        versions.indicator = periods.indicator
        and versions.period = periods.period
        and versions.known_to is not null
where cells.indicator is not null or periods.indicator is not null
