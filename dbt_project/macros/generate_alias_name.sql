{# A core model has the name of its published table, in the schema `core`: `core_fct_observations`
   is the relation `core.fct_observations`, beside `marts.fct_observations`. dbt needs two names. #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%}
        {{ custom_alias_name | trim }}
    {%- elif node.resource_type == "model" and node.fqn[1] == "core" -%}
        {{ node.name.removeprefix("core_") }}
    {%- else -%}
        {{ node.name }}
    {%- endif -%}
{%- endmacro %}
