{# What the marts of findings share. #}

{# Whether a row of accepted_findings covers a finding; an empty cell of the acceptance stands for
   any. Periods are covered by the day on which they begin. #}
{% macro acceptance_covers(acceptances, findings, source, other_source, period_start) -%}
    ({{ acceptances }}.kind is null or {{ acceptances }}.kind = {{ findings }}.kind)
    {%- for column in ["indicator", "region", "segment"] %}
    and (
        {{ acceptances }}.{{ column }} is null
        or {{ acceptances }}.{{ column }} = {{ findings }}.{{ column }}
    )
    {%- endfor %}
    and ({{ acceptances }}.source is null or {{ acceptances }}.source = {{ source }})
    {%- if other_source %}
    and (
        {{ acceptances }}.other_source is null
        or {{ acceptances }}.other_source = {{ other_source }}
    )
    {%- endif %}
    and (
        {{ acceptances }}.period_from is null
        or {{ acceptances }}.period_from <= {{ period_start }}
    )
    and (
        {{ acceptances }}.period_to is null or {{ acceptances }}.period_to > {{ period_start }}
    )
{%- endmacro %}

{# A list of columns for a select: each by its name, or what `told` says instead under its name. #}
{% macro columns_as(columns, told) -%}
    {%- for column in columns -%}
        {{ told[column] ~ " as " if column in told }}{{ column }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
