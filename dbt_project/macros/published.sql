{# The published shape of a core table, which is all that a mart may be: the columns of the mart's
   contract, in its order. `python -m orchestration validate` refuses a mart that is anything else. #}
{% macro published(table) %}
    {%- set columns = model.columns.keys() | list if execute else [] -%}
    select
        {%- for column in columns %}
        core.{{ column }}{{ "," if not loop.last }}
        {%- else %} core.*
        {%- endfor %}
    from {{ ref("core_" ~ table) }} as core
{% endmacro %}
