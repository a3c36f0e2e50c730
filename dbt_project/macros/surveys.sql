{# The rules of surveys that several models share. #}

{# How many answers a figure must rest on where no indicator says otherwise (domain: privacy). #}
{% macro fewest_answers() -%}5{%- endmacro %}

{# The part of a breakdown that holds the answers of which the breakdown is not known. #}
{% macro not_told() -%}'not_told'{%- endmacro %}

{# A count that may not be published, nor follow from what is: above zero and below the limit. #}
{% macro is_few(number, limit) -%}
    ({{ number }} between 1 and {{ limit }} - 1)
{%- endmacro %}

{# How many of a group agree at the least and at the most, by what its answers add up to: on the
   five steps of agreement those who agree gave 4 or 5, all others 1 to 3. Without a sum (yes or no)
   anything is possible. #}
{% macro agreeing_at_least(answers, score_sum) -%}
    cast(
        greatest(0, coalesce(ceil(({{ score_sum }} - 3 * {{ answers }}) / 2.0), 0)) as bigint
    )
{%- endmacro %}

{% macro agreeing_at_most(answers, score_sum) -%}
    cast(
        least(
            {{ answers }},
            coalesce(floor(({{ score_sum }} - {{ answers }}) / 3.0), {{ answers }})
        ) as bigint
    )
{%- endmacro %}

{# How many numbers of answers from first to last make a share small, of which the limit forbids to
   tell: 1 to the limit less one, or as many as leave so many others. #}
{% macro small_numbers_between(first, last, answers, limit) -%}
    greatest(0, least({{ limit }} - 1, {{ last }}) - greatest(1, {{ first }}) + 1)
    + greatest(
        0,
        least({{ answers }} - 1, {{ last }})
        - greatest({{ answers }} - {{ limit }} + 1, {{ limit }}, {{ first }}) + 1
    )
{%- endmacro %}

{# Whether the mean leaves one number only for a count of a withheld share: that it is withheld tells
   that one of its counts is small. #}
{% macro mean_tells_share(answers, score_sum, agreeing, not_agreeing, limit) -%}
    (
        ({{ is_few(agreeing, limit) }} or {{ is_few(not_agreeing, limit) }})
        and {{ small_numbers_between(
            agreeing_at_least(answers, score_sum),
            agreeing_at_most(answers, score_sum),
            answers,
            limit
        ) }} < 2
    )
{%- endmacro %}
