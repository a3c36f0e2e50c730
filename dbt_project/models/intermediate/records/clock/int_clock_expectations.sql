-- The annual clock spread over regions and years: one row for each thing that a region is to hold,
-- draft, approve or ask. Only windows count through which the region is expected from the first day
-- to the last: nobody is late with what began before they joined. Of alternatives all are here;
-- int_clock_meetings tells which one a year followed.
with covered as (
    select
        areas.region,
        windows.rule,
        windows.window_from,
        -- The agreement is the stronger reason, and the first of them by name.
        min(areas.basis) as expected_because
    from {{ ref("int_clock_areas") }} as areas
    inner join {{ ref("int_clock_windows") }} as windows
        on
            areas.level = windows.level
            and areas.valid_from <= windows.window_from
            and (areas.valid_to is null or areas.valid_to >= windows.window_to)
            -- Whoever leaves at the turn of the year needs no plan for the next one.
            and (
                areas.valid_to is null
                or areas.valid_to > {{ make_day("windows.about_year", 1, 1) }}
            )
    group by areas.region, windows.rule, windows.window_from
)

select
    covered.region,
    windows.rule,
    windows.group_name,
    windows.purpose,
    windows.expects,
    windows.variant,
    windows.indicator,
    windows.is_counted,
    windows.sort_key,
    windows.window_months,
    windows.window_from,
    windows.window_to,
    windows.due_on,
    windows.clock_year,
    windows.about_year,
    cast(
        row_number() over (
            partition by covered.region, windows.rule, windows.clock_year
            order by windows.window_from, numbers.n
        ) as integer
    ) as seat,
    cast(
        least(
            windows.least,
            count(*) over (partition by covered.region, windows.rule, windows.clock_year)
        ) as integer
    ) as demanded,
    covered.expected_because
from covered
inner join {{ ref("int_clock_windows") }} as windows
    on
        covered.rule = windows.rule
        and covered.window_from = windows.window_from
inner join {{ integers(1, 31) }} as numbers
    on windows.seats >= numbers.n
