{# Rows of unit tests as SQL, in place of dbt's macros of the same names. dbt's write each cell by four
   macros, also those that a test does not give: two thirds of the time of all unit tests. Here what is
   not given is NULL of the column's type by one query for all rows. #}
{% macro get_fixture_sql(rows, column_name_to_data_types) %}
    {%- set types = column_name_to_data_types or column_types(this) -%}
    {%- if not types -%}
        {{ exceptions.raise_compiler_error(
            "The columns of " ~ this ~ " are not known: it must be built before a unit test gives rows of it."
        ) }}
    {%- endif -%}
    select {% for name, type in types.items() -%}
        cast(null as {{ type }}) as "{{ name }}"{{ ", " if not loop.last }}
    {%- endfor %}
    {%- if not rows %}
        limit 0
    {%- else %}
        where false
        {%- for row in rows %}
            union all by name {{ row_sql(row, types, model.name) }}
        {%- endfor %}
    {%- endif %}
{% endmacro %}

{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) %}
    {%- if not rows -%}
        select * from dbt_internal_unit_test_actual limit 0
    {%- else -%}
        {%- for row in rows -%}
            {{ row_sql(row, column_name_to_data_types, "the expected rows") }}
            {{- " union all " if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{# One row as a query. A column that the relation does not have is an error. #}
{% macro row_sql(row, types, of) -%}
    select {% for given, value in row.items() -%}
        {%- set name = given | lower -%}
        {%- if name not in types -%}
            {{ exceptions.raise_compiler_error(
                "A unit test gives the column '" ~ name ~ "' of " ~ of ~ ", which has: "
                ~ types.keys() | join(", ")
            ) }}
        {%- endif -%}
        cast(
        {%- if value is none %}null
        {%- elif value is string %}'{{ value.replace("'", "''") }}'
        {%- else %}{{ value }}
        {%- endif %} as {{ types[name] }}) as "{{ name }}"{{ ", " if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# Types of the columns of a relation by their names in lower case; none where it does not exist. #}
{% macro column_types(relation) %}
    {%- set types = {} -%}
    {%- for name, type in run_query(
        "select lower(column_name), column_type from (describe " ~ relation ~ ")"
    ).rows -%}
        {%- do types.update({name: type}) -%}
    {%- endfor -%}
    {{ return(types) }}
{% endmacro %}
