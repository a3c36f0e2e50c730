-- Cell and version are judged as in fct_observation_vintages; what holds today by its cell alone.
with judged as (
    select
        findings.*,
        cells.indicator is not null as hides_now,
        cells.indicator is not null or periods.indicator is not null as hides_then,
        newest_cells.indicator is not null as hides_newest,
        first_cells.indicator is not null or first_periods.indicator is not null as hides_first
    from {{ ref("core_monitoring_findings") }} as findings
    left join {{ ref("suppressed_cells") }} as cells
        on
            findings.indicator = cells.indicator
            and findings.region = cells.region
            and cells.segment = 'total'
            and findings.period = cells.period
            and findings.slot_then = cells.cell_slot
    left join {{ ref("suppressed_periods") }} as periods
        on
            findings.indicator = periods.indicator
            and findings.period = periods.period
            and findings.known_to_then is not null
    left join {{ ref("suppressed_cells") }} as newest_cells
        on
            findings.indicator = newest_cells.indicator
            and findings.region = newest_cells.region
            and newest_cells.segment = 'total'
            and findings.newest_period = newest_cells.period
            and findings.newest_slot = newest_cells.cell_slot
    left join {{ ref("suppressed_cells") }} as first_cells
        on
            findings.indicator = first_cells.indicator
            and findings.region = first_cells.region
            and first_cells.segment = 'total'
            and findings.first_known_period = first_cells.period
            and findings.first_known_slot = first_cells.cell_slot
    left join {{ ref("suppressed_periods") }} as first_periods
        on
            findings.indicator = first_periods.indicator
            and findings.first_known_period = first_periods.period
            and findings.first_known_to is not null
),

shown as (
    select
        *,
        case when not hides_then then value_then end as shown_value_then,
        case when hides_then and value_then is not null then 'Q' else status_then end
            as shown_status_then,
        case when not hides_now then value_now end as shown_value_now,
        case when hides_now and value_now is not null then 'Q' else status_now end
            as shown_status_now,
        case when not hides_newest then newest_value end as shown_newest_value,
        case when hides_newest and newest_value is not null then 'Q' else newest_status end
            as shown_newest_status,
        is_suppressed_then or (hides_then and value_then is not null) as is_suppressed_then_here,
        is_suppressed_now or (hides_now and value_now is not null) as is_suppressed_now_here
    from judged
    where hides_then or hides_now or hides_newest or hides_first
)

select
    finding_id,
    indicator,
    false as is_left_out,
    case when is_suppressed_then_here then 'withheld' else citation end as citation,
    shown_value_then as value_then,
    shown_status_then as status_then,
    shown_value_now as value_now,
    shown_status_now as status_now,
    -- A figure that is no longer there has been revised, whatever may be shown.
    period is not null
    and (
        is_suppressed_now is null
        or coalesce(shown_value_now <> shown_value_then, false)
        or is_suppressed_now_here <> is_suppressed_then_here
        or coalesce(shown_status_now <> shown_status_then, false)
    ) as is_revised,
    shown_value_now - shown_value_then as revised_by,
    shown_newest_value as newest_value,
    shown_newest_status as newest_status,
    case when not hides_first then first_known_value end as first_known_value
from shown
