-- Beside a suppressed figure nothing of its cell is shown: an earlier delivery, another dataset of
-- the source or the files of its events would give it away. One small count of customers is enough
-- to suppress all of the indicator in the period; there a file is not named beside the cells that
-- it fills, because with its rows in the ledger it would tell how many customers they have.
with judged as (
    select
        measurements.*,
        cells.indicator is not null as is_suppressed,
        periods.indicator is not null as has_small_counts,
        measurements.made_of = 'events' and periods.indicator is not null as hides_file,
        row_number() over (
            partition by
                measurements.indicator,
                measurements.region,
                measurements.segment,
                measurements.period,
                measurements.source,
                measurements.dataset,
                measurements.rule,
                measurements.made_of
            order by measurements.taken_in_at desc, measurements.vintage desc
        ) as newness
    from {{ ref("core_fct_measurements") }} as measurements
    left join {{ ref("suppressed_cells") }} as cells
        on
            measurements.indicator = cells.indicator
            and measurements.region = cells.region
            and measurements.segment = cells.segment
            and measurements.period = cells.period
            and measurements.cell_slot = cells.cell_slot
    left join {{ ref("suppressed_periods") }} as periods
        on
            measurements.indicator = periods.indicator
            and measurements.period = periods.period
    where cells.indicator is not null or periods.indicator is not null
)

select
    indicator,
    region,
    segment,
    period,
    source,
    dataset,
    vintage,
    entry,
    rule,
    hides_file and newness > 1 as is_left_out,
    case when hides_file then '-' else vintage end as shown_vintage,
    cast(null as double) as value,
    cast(null as {{ dbt.type_string() }}) as producer_note,
    case when has_small_counts and conf_status = 'F' then 'A' else conf_status end as conf_status,
    case when not hides_file then file end as file,
    case when not hides_file then origin end as origin,
    case
        when is_suppressed and rule = 'kept' then 'kept: the figure is withheld'
        else what_was_done
    end as what_was_done,
    cast(null as bigint) as events
from judged
