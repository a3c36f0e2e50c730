{# The declared grain of a model: its key columns are filled and no two rows share them. #}
{% test grain(model, columns) %}
    {%- set quoted = [] -%}
    {%- for column in columns %}{% do quoted.append(adapter.quote(column)) %}{% endfor %}

select
    {{ quoted | join(", ") }},
    count(*) as rows_with_this_key
from {{ model }}
group by {{ quoted | join(", ") }}
having count(*) > 1 or {{ quoted | join(" is null or ") }} is null
{% endtest %}
