{# Everything that engines write differently stands here, dispatched by adapter. Models use these
   macros and plain SQL, so that they can run on another engine. #}

{# A setting of the platform. It is read when a statement is made, never while the project is parsed:
   what parsing reads is remembered with it, and another day would have the project parsed anew. #}
{% macro setting(name, default) -%}
    {{ env_var(name, default) if execute else default }}
{%- endmacro %}

{# Rows of every vintage of a shape that the raw zone's index lists, or a table of that index. #}
{% macro read_raw(name) -%}
    {% do source("raw", name) %}
    {{- adapter.dispatch("read_raw", "tilannekuva")(name) -}}
{%- endmacro %}

{% macro duckdb__read_raw(name) -%}
    {%- set home = setting("TILANNEKUVA_HOME", "../var") -%}
    {%- set listed -%}
        (
            select *
            from read_parquet('{{ home }}/raw/_index/vintages.parquet')
            where {{ was_known("known_from") }}
        )
    {%- endset -%}
    {%- if name == "vintages" -%}
        {{ listed }} as listed
    {%- elif name == "quarantine" -%}
        (
            select *
            from read_parquet('{{ home }}/raw/_index/quarantine.parquet')
            where {{ was_known("quarantined_at") }}
        ) as listed
    {%- elif name == "attempts" -%}
        (
            select *
            from read_parquet('{{ home }}/raw/_index/attempts.parquet')
            where {{ was_known("attempted_at") }}
        ) as listed
    {%- else -%}
        (
            select delivered.*
            -- Older vintages may lack a column; raw/_empty has all of them.
            from
                read_parquet(
                    '{{ home }}/raw/*/*/*/{{ name }}.parquet', union_by_name = true
                ) as delivered
            semi join {{ listed }} as listed
                using (source, dataset, vintage)
        ) as delivered
    {%- endif -%}
{%- endmacro %}

{# The day that "due", "late" and "as known on" are judged against. #}
{% macro today() -%}
    cast('{{ setting("TILANNEKUVA_TODAY", "2026-01-01") }}' as date)
{%- endmacro %}

{# A short, stable id of some columns; NULL differs from the empty string. #}
{% macro key_of(columns) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {% do texts.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '∅')") %}
    {%- endfor -%}
    {{ dbt.hash(texts | join(" || '|' || ")) }}
{%- endmacro %}

{# A text without case and superfluous blanks; NULL where nothing is left. #}
{% macro folded_text(column) -%}
    {{ adapter.dispatch("folded_text", "tilannekuva")(column) }}
{%- endmacro %}

{% macro duckdb__folded_text(column) -%}
    nullif(lower({{ trimmed_text(column) }}), '')
{%- endmacro %}

{# A text as written, without superfluous blanks; NULL where nothing is left. #}
{% macro trimmed_text(column) -%}
    {{ adapter.dispatch("trimmed_text", "tilannekuva")(column) }}
{%- endmacro %}

{% macro duckdb__trimmed_text(column) -%}
    nullif(trim(regexp_replace({{ column }}, '\s+', ' ', 'g')), '')
{%- endmacro %}

{# A hash of a text without case and superfluous blanks, with another column hashed in before it where
   one is given; NULL where either is empty. #}
{% macro key_of_text(column, salt=none) -%}
    {{ dbt.hash((salt ~ " || '|' || " if salt else "") ~ folded_text(column)) }}
{%- endmacro %}

{# A number for a text that stands for it in sums: sets of texts have the same sum only if they are the
   same, whatever the order in which they are added. Holds within one build. #}
{% macro additive_hash(column) -%}
    {{ adapter.dispatch("additive_hash", "tilannekuva")(column) }}
{%- endmacro %}

{% macro duckdb__additive_hash(column) -%}
    cast(hash({{ column }}) as decimal(38, 0))
{%- endmacro %}

{# Whether two whole numbers have no binary digit in common. #}
{% macro shares_no_bit(left, right) -%}
    {{ adapter.dispatch("shares_no_bit", "tilannekuva")(left, right) }}
{%- endmacro %}

{% macro default__shares_no_bit(left, right) -%}
    ({{ left }} & {{ right }}) = 0
{%- endmacro %}

{# Whether two comma-separated lists have no word in common. #}
{% macro shares_no_word(left, right) -%}
    {{ adapter.dispatch("shares_no_word", "tilannekuva")(left, right) }}
{%- endmacro %}

{% macro duckdb__shares_no_word(left, right) -%}
    not list_has_any(string_split({{ left }}, ','), string_split({{ right }}, ','))
{%- endmacro %}

{# The whole number with one binary digit: at a place from 0 to 62. #}
{% macro binary_digit(place) -%}
    {{ adapter.dispatch("binary_digit", "tilannekuva")(place) }}
{%- endmacro %}

{% macro default__binary_digit(place) -%}
    (cast(1 as bigint) << cast({{ place }} as integer))
{%- endmacro %}

{# The whole number with every binary digit that a number of a group has. #}
{% macro all_digits(column) -%}
    {{ adapter.dispatch("all_digits", "tilannekuva")(column) }}
{%- endmacro %}

{% macro default__all_digits(column) -%}
    bit_or({{ column }})
{%- endmacro %}

{# One row per whole number from first to last, both included. #}
{% macro integers(first, last) -%}
    {{ adapter.dispatch("integers", "tilannekuva")(first, last) }}
{%- endmacro %}

{% macro duckdb__integers(first, last) -%}
    (select cast(range as integer) as n from range({{ first }}, {{ last }} + 1))
{%- endmacro %}

{# The words of a text that are separated by one blank, or by another separator, a row each, beside
   the given columns. #}
{% macro words(relation, columns, column, name, separator=" ") -%}
    {{ adapter.dispatch("words", "tilannekuva")(relation, columns, column, name, separator) }}
{%- endmacro %}

{% macro duckdb__words(relation, columns, column, name, separator) -%}
    {%- set parts = "string_split(" ~ column ~ ", '" ~ separator ~ "')" -%}
    (
        select
            {{ columns | join(", ") }},
            unnest({{ parts }}) as {{ name }},
            unnest(range(1, len({{ parts }}) + 1)) as {{ name }}_rank
        from {{ relation }}
        where {{ column }} is not null and {{ column }} <> ''
    )
{%- endmacro %}

{# The items of a text that are separated by semicolons, a row each, beside the given columns; an
   empty text has none. #}
{% macro listed_items(relation, columns, column, name) -%}
    {{ adapter.dispatch("listed_items", "tilannekuva")(relation, columns, column, name) }}
{%- endmacro %}

{% macro duckdb__listed_items(relation, columns, column, name) -%}
    (
        select *
        from (
            select
                {{ columns | join(", ") }},
                trim(unnest(string_split({{ column }}, ';'))) as {{ name }},
                unnest(range(1, len(string_split({{ column }}, ';')) + 1)) as {{ name }}_rank
            from {{ relation }}
            where {{ column }} is not null
        ) as split
        where {{ name }} <> ''
    )
{%- endmacro %}

{# A name by which two ways to write it are one: without case, outer blanks, and the difference
   between hyphens, points and blanks; NULL where nothing is left. #}
{% macro name_key(column) -%}
    {{ adapter.dispatch("name_key", "tilannekuva")(column) }}
{%- endmacro %}

{% macro duckdb__name_key(column) -%}
    nullif(trim(lower(regexp_replace({{ column }}, '[\s._–-]+', ' ', 'g'))), '')
{%- endmacro %}

{# A day of a calendar month. #}
{% macro make_day(year, month, day) -%}
    {{ adapter.dispatch("make_day", "tilannekuva")(year, month, day) }}
{%- endmacro %}

{% macro default__make_day(year, month, day) -%}
    make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

{# A day some days later; what dbt.dateadd makes of a day is a moment. #}
{% macro add_days(day, days) -%}
    cast({{ dbt.dateadd("day", days, day) }} as date)
{%- endmacro %}

{% macro add_months(day, months) -%}
    cast({{ dbt.dateadd("month", months, day) }} as date)
{%- endmacro %}

{% macro year_of(day) -%}
    cast(extract(year from {{ day }}) as integer)
{%- endmacro %}

{# The distinct values of a column in a group, in order, separated by a comma or another sign. #}
{% macro distinct_list(column, separator=',') -%}
    {{ adapter.dispatch("distinct_list", "tilannekuva")(column, separator) }}
{%- endmacro %}

{% macro duckdb__distinct_list(column, separator=',') -%}
    string_agg(distinct {{ column }}, '{{ separator }}' order by {{ column }})
{%- endmacro %}

{# The distinct words of comma-separated lists in a group, in order, as one such list. #}
{% macro merged_lists(column) -%}
    {{ adapter.dispatch("merged_lists", "tilannekuva")(column) }}
{%- endmacro %}

{% macro duckdb__merged_lists(column) -%}
    array_to_string(
        list_sort(list_distinct(string_split(string_agg({{ column }}, ','), ','))), ','
    )
{%- endmacro %}

{# The distinct words of two comma-separated lists, in order; a missing list has none. #}
{% macro merged_pair(left, right) -%}
    {{ adapter.dispatch("merged_pair", "tilannekuva")(left, right) }}
{%- endmacro %}

{% macro duckdb__merged_pair(left, right) -%}
    array_to_string(
        list_sort(list_distinct(string_split(concat_ws(',', {{ left }}, {{ right }}), ','))), ','
    )
{%- endmacro %}

{# The value of one column in the row of a group where another is smallest. #}
{% macro at_smallest(column, ordering) -%}
    {{ adapter.dispatch("at_smallest", "tilannekuva")(column, ordering) }}
{%- endmacro %}

{% macro duckdb__at_smallest(column, ordering) -%}
    arg_min({{ column }}, {{ ordering }})
{%- endmacro %}

{% macro timestamp_type() -%}
    {{ adapter.dispatch("timestamp_type", "tilannekuva")() }}
{%- endmacro %}

{% macro duckdb__timestamp_type() -%}timestamptz{%- endmacro %}

{# The calendar day of a moment in Finland. #}
{% macro helsinki_day(moment) -%}
    {{ adapter.dispatch("helsinki_day", "tilannekuva")(moment) }}
{%- endmacro %}

{% macro duckdb__helsinki_day(moment) -%}
    cast({{ moment }} at time zone 'Europe/Helsinki' as date)
{%- endmacro %}

{# The moment at which a calendar day begins in Finland. #}
{% macro helsinki_midnight(day) -%}
    {{ adapter.dispatch("helsinki_midnight", "tilannekuva")(day) }}
{%- endmacro %}

{% macro duckdb__helsinki_midnight(day) -%}
    cast({{ day }} as timestamp) at time zone 'Europe/Helsinki'
{%- endmacro %}
