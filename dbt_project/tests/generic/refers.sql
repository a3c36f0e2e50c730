{# What a column refers to exists: a row of another table, or of the same. An empty cell refers to
   nothing and is right. Apart from `cells`, because dbt holds back what is built of a table only for
   tests that read nothing else. #}
{% test refers(model, columns) %}
    {%- set faults = [] -%}
    {%- for column, target in columns.items() -%}
        {% do faults.append([
            column,
            "refers to nothing",
            "judged." ~ column ~ " is not null and not exists (select 1 from " ~ target.to
            ~ " as known where known." ~ target.field ~ " = judged." ~ column ~ ")"
        ]) %}
    {%- endfor -%}
    {{ faulty_cells(model, faults) }}
{% endtest %}
