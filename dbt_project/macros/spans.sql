{# Rows that held from one moment to another: `known_from` included, `known_to` excluded, an open
   end NULL. The history of everything that is reckoned out of several rows is made of these. #}

{# The rows of a relation cut wherever anything of their group changed, so that within a group two
   spans are equal or do not meet: what holds at one moment can then be added up with `group by`.
   `keys` name the group, `columns` what else the relation has besides its span. #}
{% macro cut_spans(relation, keys, columns) %}
    select
        {%- for column in keys + columns %}
        cut_rows.{{ column }},
        {%- endfor %}
        cuts.known_from,
        cuts.known_to
    from (
        select
            {%- for column in keys %}
            {{ column }},
            {%- endfor %}
            moment as known_from,
            lead(moment) over (partition by {{ keys | join(", ") }} order by moment) as known_to
        from (
            select
                {%- for column in keys %}
                {{ column }},
                {%- endfor %}
                known_from as moment
            from {{ relation }}
            union
            select
                {%- for column in keys %}
                {{ column }},
                {%- endfor %}
                known_to as moment
            from {{ relation }}
            where known_to is not null
        ) as moments
    ) as cuts
    inner join {{ relation }} as cut_rows
        on
            {%- for column in keys %}
            cuts.{{ column }} = cut_rows.{{ column }}
            and
            {%- endfor %}
            cuts.known_from >= cut_rows.known_from
            and (cut_rows.known_to is null or cuts.known_from < cut_rows.known_to)
{%- endmacro %}

{# Whether two spans have a moment in common. #}
{% macro spans_meet(left, right) -%}
    ({{ left }}.known_to is null or {{ left }}.known_to > {{ right }}.known_from)
    and ({{ right }}.known_to is null or {{ right }}.known_to > {{ left }}.known_from)
{%- endmacro %}

{# The columns of the span that two spans have in common. #}
{% macro common_span(left, right) -%}
    greatest({{ left }}.known_from, {{ right }}.known_from) as known_from,
    case
        when {{ left }}.known_to is null or {{ right }}.known_to < {{ left }}.known_to
            then {{ right }}.known_to
        else {{ left }}.known_to
    end as known_to
{%- endmacro %}

{# The rows of a relation with spans that follow one another without a gap, and say the same, as
   one. `keys` name what is told about, `same` the columns that are compared, `first` columns that
   are told as the first of the rows had them. Values apart by the rounding of binary fractions are
   the same. #}
{% macro merge_spans(relation, keys, same, first=[]) %}
    select
        {%- for column in keys %}
        {{ column }},
        {%- endfor %}
        {%- for column in same + first %}
        {{ at_smallest(column, "known_from") }} as {{ column }},
        {%- endfor %}
        min(known_from) as known_from,
        case when count(*) = count(known_to) then max(known_to) end as known_to
    from (
        select
            *,
            sum(is_new) over (
                partition by {{ keys | join(", ") }}
                order by known_from
            ) as version
        from (
            select
                *,
                case
                    when
                        lag(known_to) over same_thing = known_from
                        {%- for column in same %}
                        and {{ says_the_same("lag(" ~ column ~ ") over same_thing", column) }}
                        {%- endfor %}
                        then 0
                    else 1
                end as is_new
            from {{ relation }}
            window
                same_thing as (
                    partition by {{ keys | join(", ") }}
                    order by known_from
                )
        ) as compared
    ) as numbered
    group by {{ keys | join(", ") }}, version
{%- endmacro %}

{# Whether a column says the same as before; a missing value is the same as a missing one. #}
{% macro says_the_same(before, now) -%}
    (
        ({{ before }} is null and {{ now }} is null)
        {%- if now in ("value", "coverage_share") %}
        or abs({{ before }} - {{ now }}) <= 0.000000001 + 0.000000000001 * abs({{ now }})
        {%- else %}
        or {{ before }} = {{ now }}
        {%- endif %}
    )
{%- endmacro %}
