-- Double-entry bookkeeping of rows: what a delivery held is counted when it is read, what became
-- of each row is counted at the end of the models; the two must agree.
with dispositions as (
    select
        source,
        dataset,
        vintage,
        disposition
    from {{ ref("int_measurement_dispositions") }}
    union all
    select
        source,
        dataset,
        vintage,
        disposition
    from {{ ref("int_record_dispositions") }}
),

counted as (
    select
        source,
        dataset,
        vintage,
        sum(case when disposition = 'observed' then 1 else 0 end) as rows_observed,
        sum(case when disposition = 'superseded' then 1 else 0 end) as rows_superseded,
        sum(case when disposition = 'overlapped' then 1 else 0 end) as rows_overlapped
    from dispositions
    group by source, dataset, vintage
)

select
    vintages.source,
    vintages.dataset,
    vintages.vintage,
    vintages.rows_delivered,
    cast(coalesce(counted.rows_observed, 0) as bigint) as rows_observed,
    cast(coalesce(counted.rows_superseded, 0) as bigint) as rows_superseded,
    cast(coalesce(counted.rows_overlapped, 0) as bigint) as rows_overlapped,
    vintages.rows_quarantined,
    vintages.file,
    vintages.origin,
    vintages.content_hash,
    vintages.taken_in_at,
    vintages.is_sample,
    vintages.rows_left_out
from {{ ref("stg_vintages") }} as vintages
left join counted
    on
        vintages.source = counted.source
        and vintages.dataset = counted.dataset
        and vintages.vintage = counted.vintage
