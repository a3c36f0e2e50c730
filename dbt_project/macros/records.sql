{# The records of a dataset that hold now: the newest delivery of each, of all sources, unless it took
   the record back. One row a record; `taken_in_at` is when the platform took it in. Every model of
   records reads them here. #}
{% macro current_records(dataset) %}
    (
        select
            records.*,
            dispositions.taken_in_at
        from {{ ref("stg_" ~ dataset) }} as records
        inner join {{ ref("int_record_dispositions") }} as dispositions
            on
                records.source = dispositions.source
                and records.dataset = dispositions.dataset
                and records.vintage = dispositions.vintage
                and records.line = dispositions.line
        where dispositions.disposition = 'observed' and not coalesce(dispositions.is_withdrawn, false)
    )
{% endmacro %}
