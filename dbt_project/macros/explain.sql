{# The columns of one step in the order of all steps; those that it does not fill are empty. #}
{% macro explain_step(rank, step, filled) %}
    {%- set columns = {
        "depth": "integer", "step_order": "integer", "indicator": "varchar", "region": "varchar",
        "period": "varchar", "source": "varchar", "dataset": "varchar", "vintage": "varchar",
        "file": "varchar", "line": "bigint", "origin": "varchar", "value": "double",
        "obs_status": "varchar", "conf_status": "varchar", "coverage_share": "double",
        "events": "bigint", "disposition": "varchar", "rule": "varchar",
        "known_from": "timestamp with time zone", "known_to": "timestamp with time zone",
        "detail": "varchar",
    } -%}
    select
        {{ rank }} as step_rank,
        '{{ step }}' as step
        {%- for name, type in columns.items() %},
        cast({{ filled[name] if name in filled else "null" }} as {{ type }}) as {{ name }}
        {%- endfor %}
{%- endmacro %}
