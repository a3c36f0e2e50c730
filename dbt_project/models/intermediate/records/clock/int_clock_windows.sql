-- Every window of the annual clock, whoever it may concern: from the first year of the indicator
-- that it feeds to the end of this year. A record is due when the indicator's release lag has
-- passed after the window, like any other cell.
with starts as (
    select
        rule,
        cast(first_month as integer) as first_month,
        first_month_rank as window_no
    from {{ words(ref("annual_clock"), ["rule"], "months", "first_month") }} as listed
),

sized as (
    select
        rule,
        count(*) as windows
    from starts
    group by rule
),

-- A year of spare at the beginning: a plan is approved in the year before it.
years as (
    select n as calendar_year
    from {{ integers(1990, year_of(today())) }} as numbers
),

windows as (
    select
        clock.*,
        starts.window_no,
        clock.most / sized.windows as seats,
        {{ make_day("years.calendar_year", "starts.first_month", 1) }} as window_from,
        {{ add_months(
            make_day("years.calendar_year", "starts.first_month", 1), "clock.window_months"
        ) }} as window_to
    from {{ ref("annual_clock") }} as clock
    inner join starts
        on clock.rule = starts.rule
    inner join sized
        on clock.rule = sized.rule
    inner join years
        on
            clock.every_years = 1
            or mod(years.calendar_year - {{ year_of("clock.valid_from") }}, clock.every_years) = 0
)

select
    windows.rule,
    windows.group_name,
    windows.purpose,
    windows.expects,
    windows.variant,
    windows.level,
    windows.indicator,
    windows.is_counted,
    windows.sort_key,
    windows.window_no,
    windows.window_months,
    windows.window_from,
    windows.window_to,
    {{ add_days("windows.window_to", "indicators.release_lag_days - 1") }} as due_on,
    windows.least,
    cast(windows.seats as integer) as seats,
    {{ year_of(add_days("windows.window_to", -1)) }} as clock_year,
    {{ year_of(add_days("windows.window_to", -1)) }} + windows.plan_year_offset as about_year
from windows
inner join {{ ref("int_indicators") }} as indicators
    on windows.indicator = indicators.indicator
inner join {{ ref("int_calendar_periods") }} as first_periods
    on indicators.first_period = first_periods.period
left join {{ ref("int_calendar_periods") }} as last_periods
    on indicators.last_period = last_periods.period
where
    (windows.valid_from is null or windows.valid_from <= windows.window_from)
    and (windows.valid_to is null or windows.valid_to > windows.window_from)
    and {{ year_of(add_days("windows.window_to", -1)) }} + windows.plan_year_offset
    >= {{ year_of("first_periods.period_start") }}
    and (
        last_periods.period is null
        or {{ year_of(add_days("windows.window_to", -1)) }} + windows.plan_year_offset
        <= {{ year_of("last_periods.period_start") }}
    )
