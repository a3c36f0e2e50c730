{# The rules of measurement that several models share. #}

{# Two values conflict when they differ by more than the larger of the indicator's absolute
   tolerance and its relative one, taken of the kept value (contracts: combining sources).
   A missing value contradicts nothing. The last terms absorb the rounding of binary fractions, so
   that values apart by exactly the tolerance agree. #}
{% macro conflicts(kept, other, tolerance_abs, tolerance_rel) -%}
    coalesce(
        abs({{ other }} - {{ kept }})
        > greatest({{ tolerance_abs }}, {{ tolerance_rel }} * abs({{ kept }}))
        + 0.000000001 + 0.000000000001 * abs({{ kept }}),
        false
    )
{%- endmacro %}

{# The year whose regional classification a period is read in: that of its last day, within the
   years of the reference tables. #}
{% macro classification_year(period_end) -%}
    greatest(
        least({{ year_of(add_days(period_end, -1)) }}, {{ year_of(today()) }}),
        {{ var("first_classification_year") }}
    )
{%- endmacro %}

{# Withheld by the source: status Q, or a value that may not be published. #}
{% macro is_suppressed(obs_status, is_confidential) -%}
    (coalesce({{ obs_status }} = 'Q', false) or coalesce({{ is_confidential }}, false))
{%- endmacro %}

{# Delivered after it was due, while its series was already followed. What the first delivery of a
   series brings is its history and tells nothing of lateness. #}
{% macro came_late(due_on, first_delivered_at, followed_since) -%}
    coalesce(
        {{ helsinki_day(first_delivered_at) }} > {{ due_on }}
        and {{ helsinki_day(followed_since) }} <= {{ due_on }},
        false
    )
{%- endmacro %}

{# Orders what one source says of a cell: an answer before none. A withheld figure is an answer, so
   that another dataset of the same source does not undo the suppression. #}
{% macro answers_first(value, obs_status, is_confidential) -%}
    case
        when {{ value }} is not null or {{ is_suppressed(obs_status, is_confidential) }} then 0
        else 1
    end
{%- endmacro %}
