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

{# The moment from which a delivery is late: the end of the day on which it was due, in Finland. #}
{% macro late_from(due_on) -%}
    {{ helsinki_midnight(add_days(due_on, 1)) }}
{%- endmacro %}

{# Delivered after it was due, while its series was already followed. What the first delivery of a
   series brings is its history and tells nothing of lateness. Moments are compared and not days,
   because the day of a moment is dear to tell of every cell. #}
{% macro came_late(late_from, first_delivered_at, followed_since) -%}
    coalesce(
        {{ first_delivered_at }} >= {{ late_from }} and {{ followed_since }} < {{ late_from }}, false
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

{# Stands for what the slots of a cell rest on, in a group of slots that each have a `value`: equal
   where each slot of the one is whole, or rests on the same municipalities, as a slot of the other. #}
{% macro territory_of_slots(coverage_share, territory) -%}
    coalesce(
        sum(distinct case
            when value is null then null
            when {{ coverage_share }} > 0.999999999 then 1
            else {{ territory }}
        end), 0
    )
{%- endmacro %}

{# Whether a numerator and a denominator belong together: both whole, or incomplete alike. #}
{% macro same_parts(numerators, denominators) -%}
    (
        abs({{ numerators }}.coverage_share - {{ denominators }}.coverage_share) < 0.000000001
        and (
            {{ numerators }}.coverage_share > 0.999999999
            or {{ numerators }}.territory = {{ denominators }}.territory
        )
    )
{%- endmacro %}

{# A rate recomputed from a numerator and a denominator. #}
{% macro rate_value(rates, numerators, denominators) -%}
    case
        when {{ denominators }}.value <> 0 and {{ same_parts(numerators, denominators) }}
            then
                coalesce({{ rates }}.rate_factor, 1)
                * {{ numerators }}.value
                / {{ denominators }}.value
    end
{%- endmacro %}

{# The status of a recomputed rate, whose numerator and denominator have their own with its
   precedence: of what is missing; M where the denominator is zero; O where the two do not belong
   together; else the stronger one. #}
{% macro rate_status(numerators, denominators) -%}
    case
        when {{ numerators }}.value is null or {{ denominators }}.value is null
            then
                case
                    when
                        {{ numerators }}.precedence <= {{ denominators }}.precedence
                        and {{ numerators }}.value is null
                        then {{ numerators }}.obs_status
                    when {{ denominators }}.value is null then {{ denominators }}.obs_status
                    else {{ numerators }}.obs_status
                end
        when {{ denominators }}.value = 0 then 'M'
        when not {{ same_parts(numerators, denominators) }} then 'O'
        when {{ numerators }}.precedence <= {{ denominators }}.precedence
            then {{ numerators }}.obs_status
        else {{ denominators }}.obs_status
    end
{%- endmacro %}

{# Whether a period that ends before `period_end` (excluded) was over on a day, today unless another
   is given. The figure of a running period is provisional: it is no newest value and enters no
   comparison. #}
{% macro is_over(period_end, day=none) -%}
    {{ period_end }} <= {{ day or today() }}
{%- endmacro %}

{# The status of a value of a running period: P, unless a stronger flag stands (domain: observation
   status). `over` is a condition; a missing value keeps its status. #}
{% macro provisional_status(obs_status, value, over) -%}
    case
        when not ({{ over }}) and {{ value }} is not null and {{ obs_status }} in ('N', 'U', 'V', 'G', 'A')
            then 'P'
        else {{ obs_status }}
    end
{%- endmacro %}

{# Candidates of cells with two ranks: within their source (the source's own choice has source_rank 1),
   and of those within their slot: first those that have a value, then by the catalogue's order. The
   first of a slot is kept; the others overlap. Of a past, each moment is resolved by itself. #}
{% macro resolve_slots(candidates, moment=none) %}
    {%- set cell = ["indicator", "region", "segment", "period", "slot"] + ([moment] if moment else []) -%}
    (
        select
            *,
            case
                when source_rank = 1
                    then row_number() over (
                        partition by {{ cell | join(", ") }}, source_rank
                        order by case when value is null then 1 else 0 end, preference, source
                    )
            end as slot_rank
        from (
            select
                *,
                row_number() over (
                    partition by {{ cell | join(", ") }}, source
                    order by
                        {{ answers_first("value", "obs_status", "is_confidential") }},
                        dataset_rank,
                        dataset
                ) as source_rank
            from {{ candidates }}
        ) as of_sources
    ) as of_slots
{%- endmacro %}

{# The strongest flag of a group by SDMX precedence, among those that have a value if any has. #}
{% macro strongest(precedence) -%}
    coalesce(
        min(case when value is not null then {{ precedence }} end), min({{ precedence }})
    )
{%- endmacro %}

{# Columns of a cell out of the slots of a group. A slot that cannot exist (M) is not missing. #}
{% macro combined_slots() -%}
    sum(value) as value,
        {{ strongest("precedence") }} as precedence,
        coalesce(avg(case when not is_impossible then coverage_share end), 0) as coverage_share,
        {{ territory_of_slots("coverage_share", "territory") }} as territory
{%- endmacro %}
