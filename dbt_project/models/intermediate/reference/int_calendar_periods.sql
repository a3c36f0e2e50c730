-- Every calendar period that an indicator's calendar can expect or an event can fall in, by
-- frequency; no event from before 1990 is accepted.
{% set frequencies = {"A": 12, "S": 6, "Q": 3, "M": 1} %}
with years as (
    select n as calendar_year
    from {{ integers(1990, year_of(today())) }} as numbers
)

{% for freq, months in frequencies.items() %}
{% if not loop.first %}
union all
{% endif %}
select
    '{{ freq }}' as freq,
    {% if freq == "A" %}
    cast(years.calendar_year as {{ dbt.type_string() }}) as period,
    {% elif freq == "M" %}
    cast(years.calendar_year as {{ dbt.type_string() }}) || '-'
    || lpad(cast(parts.n as {{ dbt.type_string() }}), 2, '0') as period,
    {% else %}
    cast(years.calendar_year as {{ dbt.type_string() }}) || '-{{ freq }}'
    || cast(parts.n as {{ dbt.type_string() }}) as period,
    {% endif %}
    {{ make_day("years.calendar_year", "cast((parts.n - 1) * " ~ months ~ " + 1 as integer)", 1) }}
        as period_start,
    {{ add_months(
        make_day("years.calendar_year", "cast((parts.n - 1) * " ~ months ~ " + 1 as integer)", 1),
        months
    ) }} as period_end
from years
cross join {{ integers(1, 12 // months) }} as parts
{% endfor %}
