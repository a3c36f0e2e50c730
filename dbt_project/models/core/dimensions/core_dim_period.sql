with periods as (
    select
        period,
        freq,
        period_start,
        period_end
    from {{ ref("int_calendar_periods") }}
    union
    select
        period,
        freq,
        period_start,
        period_end
    from {{ ref("int_observations") }}
)

select
    period,
    freq,
    period_start,
    {{ add_days("period_end", -1) }} as period_end,
    -- Earlier periods first; of those that start together the shorter ones first.
    cast(
        row_number() over (order by period_start, period_end, freq) as integer
    ) as sort_key,
    {{ year_of("period_start") }} as calendar_year
from periods
