{# Every cell of a table keeps the rule of its column: it is filled, or it is empty or a word of a
   list. One test holds all columns; each faulty cell is a row that names column and fault beside the
   whole row that it stands in. #}
{% test cells(model, filled=[], listed={}) %}
    {%- set faults = [] -%}
    {%- for column in filled -%}
        {% do faults.append([column, "is empty", "judged." ~ column ~ " is null"]) %}
    {%- endfor -%}
    {%- for column, values in listed.items() -%}
        {%- set words = [] -%}
        {%- for value in values -%}
            {% do words.append(
                dbt.string_literal(dbt.escape_single_quotes(value)) if value is string else value
            ) %}
        {%- endfor -%}
        {% do faults.append([
            column, "is not in the list", "judged." ~ column ~ " not in (" ~ words | join(", ") ~ ")"
        ]) %}
    {%- endfor -%}
    {{ faulty_cells(model, faults) }}
{% endtest %}
