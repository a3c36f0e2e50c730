{# What was known on a day. Two ways: a filter on the vintages, by which the whole build, and so any
   mart, is as it was known (variable `as_known_on`); and single cells out of the history that is
   kept in fct_observation_vintages. #}

{# Whether something that happened at a moment was known on the day that the build is asked for, the
   variable `as_known_on` (a day in Finland, included); always, where none is asked for. #}
{% macro was_known(moment) -%}
    {%- if var("as_known_on", none) -%}
        {{ helsinki_day(moment) }} <= cast('{{ var("as_known_on") }}' as date)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# The observations as they were known at the end of a day in Finland, as a relation in brackets:
   `select * from {{ observations_as_known_on("2026-03-01") }} as known`. Measured and derived cells
   have their whole history, by today's catalogue (docs/decisions/0023). #}
{% macro observations_as_known_on(day) %}
(
    select
        versions.indicator,
        versions.region,
        versions.segment,
        versions.period,
        versions.cell_slot,
        versions.value,
        {{ provisional_status(
            "versions.obs_status",
            "versions.value",
            is_over(add_days("periods.period_end", 1), "cast('" ~ day ~ "' as date)"),
        ) }} as obs_status,
        versions.known_from,
        versions.known_to
    from {{ ref("fct_observation_vintages") }} as versions
    left join {{ ref("dim_period") }} as periods
        on versions.period = periods.period
    where
        {{ helsinki_day("versions.known_from") }} <= cast('{{ day }}' as date)
        and (
            versions.known_to is null
            or {{ helsinki_day("versions.known_to") }} > cast('{{ day }}' as date)
        )
)
{%- endmacro %}
