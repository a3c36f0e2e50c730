{# A later delivery of a key replaces the earlier one, within its source and dataset. Measurements,
   events and records are resolved by these macros. #}

{# The place of a row among all deliveries of its key (1 for the one that holds), and the newest
   delivery of the key. Within a delivery the row that stands last comes first, after `first`. #}
{% macro key_ranks(key, sequence="sequence", line="line", first=none) -%}
    row_number() over (
        partition by {{ key | join(", ") }}
        order by {{ sequence }} desc, {% if first %}{{ first }}, {% endif %}{{ line }} desc
    ) as key_rank,
    max({{ sequence }}) over (partition by {{ key | join(", ") }}) as newest_sequence
{%- endmacro %}

{# What is delivered whole, of a shape: the newest vintage replaces the one before also where it no
   longer has a row, which was taken back. #}
{% macro newest_whole(shape) -%}
    (
        select
            source,
            dataset,
            max(sequence) as sequence
        from {{ ref("stg_vintages") }}
        where shape = '{{ shape }}'
        group by source, dataset
    )
{%- endmacro %}

{# What became of a row: superseded (a later delivery has its key: a revision, not an overlap),
   overlapped (the same key again in its delivery), or what the caller says of the row that holds.

   Args: kept, pairs of a condition and a word, in order; whole, an alias of `newest_whole`. #}
{% macro disposition(kept, whole=none) -%}
    case
        {%- if whole %}
        when ranked.sequence < {{ whole }}.sequence then 'superseded'
        {%- endif %}
        {%- for condition, word in kept %}
        when ranked.key_rank = 1 and {{ condition }} then '{{ word }}'
        {%- endfor %}
        when ranked.sequence < ranked.newest_sequence then 'superseded'
        else 'overlapped'
    end
{%- endmacro %}
