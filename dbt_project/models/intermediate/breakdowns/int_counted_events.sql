-- The logged events that an observation is made of, in the cell where each counts itself. Passed
-- over, as in the observation, are events of a source that also delivered a figure for the cell,
-- and those of a predecessor in a cell where its successor has logged some.
select
    homes.source,
    homes.dataset,
    homes.vintage,
    homes.line,
    homes.indicator,
    homes.home,
    homes.home_segment as segment,
    homes.period,
    homes.freq,
    homes.period_start,
    homes.period_end,
    {{ classification_year("homes.period_end") }} as classification_year,
    homes.amount,
    homes.net_amount,
    homes.undecided_amount
from {{ ref("int_event_homes") }} as homes
inner join {{ ref("int_slot_candidates") }} as counting
    on
        homes.indicator = counting.indicator
        and homes.home = counting.region
        and homes.home_segment = counting.segment
        and homes.period = counting.period
        and homes.source = counting.source
        and homes.dataset = counting.dataset
        and counting.slot_rank = 1
        and counting.dataset_rank = 3
