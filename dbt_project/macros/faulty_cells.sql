{# Rows of a table with a cell that breaks a rule: column, fault and condition of each rule. #}
{% macro faulty_cells(model, faults) %}
    {%- for column, fault, condition in faults %}
select
    '{{ column }}' as faulty_column,
    '{{ fault }}' as fault,
    judged.*
from {{ model }} as judged
where {{ condition }}
        {%- if not loop.last %}
union all
        {%- endif %}
    {%- endfor %}
{% endmacro %}
