{# Names in records are typed by people: the same network comes in capitals, or with a blank too many. #}

{# One way to write a name in all rows that have it, whatever its case and blanks: that of the row
   which comes first in the ordering. NULL stays NULL. #}
{% macro one_spelling(column, ordering) -%}
    first_value({{ column }}) over (
        partition by {{ key_of_text(column) }}
        order by {{ ordering }}, {{ column }}
    )
{%- endmacro %}
