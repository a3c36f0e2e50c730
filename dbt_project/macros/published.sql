{# The published shape of a table, and all that a mart may be: the columns of the mart's contract, in
   its order. `python -m orchestration validate` refuses a mart that is anything else.

   Args:
       table: the published table.
       masks, key: see shown_rows; for a table of which rows are suppressed.
       of: the true figures are `core_<table>`; `derived` for a table that is made of published
           figures only, `derived_<table>`. #}
{% macro published(table, masks=[], key=[], of="core") %}
    {# Without masks a view will do: it would be a copy. #}
    {{- config(materialized="table" if masks else "view") -}}
    {{ shown_rows(table, model.columns.keys() | list if execute else [], masks, key, of) }}
{% endmacro %}

{# Columns of a table as they may be shown.

   Args:
       masks: columns that some rows must not show as they are. `masked_<table>` has those rows, with
           `is_left_out` for a row that is not shown at all and these columns as they are shown
           (`shown_<column>` of one that is also in the key).
       key: the columns that the table and its masked rows are joined on. #}
{% macro shown_rows(table, columns, masks=[], key=[], of="core") %}
    select
        {%- for column in columns %}
        {% if column in masks -%}
        case
            when masked.is_left_out is null then core.{{ column }}
            else masked.{{ "shown_" if column in key }}{{ column }}
        end as {{ column }}
        {%- else -%}
        core.{{ column }}
        {%- endif -%}
        {{- "," if not loop.last }}
        {%- else %} core.*
        {%- endfor %}
    from {{ ref(of ~ "_" ~ table) }} as core
    {%- if masks %}
    left join {{ ref("masked_" ~ table) }} as masked
        on
            {%- for column in key %}
            {{ "and " if not loop.first }}core.{{ column }} = masked.{{ column }}
            {%- endfor %}
    where not coalesce(masked.is_left_out, false)
    {%- endif %}
{% endmacro %}
