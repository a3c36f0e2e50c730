{# The published shape of a core table, and all that a mart may be: the columns of the mart's
   contract, in its order. `python -m orchestration validate` refuses a mart that is anything else.

   Args:
       table: the published table; the core model is `core_<table>`.
       masks: columns that some rows must not show as they are. `masked_<table>` of the folder
           `disclosure` has those rows, with `is_left_out` for a row that is not shown at all and
           these columns as they are shown (`shown_<column>` of one that is also in the key).
       key: the columns that the core table and its masked rows are joined on. #}
{% macro published(table, masks=[], key=[]) %}
    {# Without masks a view will do: it would be a copy. #}
    {{- config(materialized="table" if masks else "view") -}}
    {%- set columns = model.columns.keys() | list if execute else [] -%}
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
    from {{ ref("core_" ~ table) }} as core
    {%- if masks %}
    left join {{ ref("masked_" ~ table) }} as masked
        on
            {%- for column in key %}
            {{ "and " if not loop.first }}core.{{ column }} = masked.{{ column }}
            {%- endfor %}
    where not coalesce(masked.is_left_out, false)
    {%- endif %}
{% endmacro %}
