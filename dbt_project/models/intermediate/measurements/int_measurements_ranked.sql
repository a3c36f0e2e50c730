-- What became of each measurement within its own source and dataset. A later delivery of a key
-- replaces the earlier one (`superseded`: a revision, not an overlap). A table of a statistical
-- office comes as a whole edition, which replaces the one before also where it no longer has a
-- cell: that cell was taken back. Within a delivery the same key again is an overlap: the row with
-- a value that stands last is kept.
with editions as (
    select
        source,
        dataset,
        max(sequence) as newest_edition
    from {{ ref("stg_vintages") }}
    where shape = 'table_cells'
    group by source, dataset
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, dataset, indicator, region, segment, period
            order by sequence desc, case when value is null then 1 else 0 end, line desc
        ) as key_rank,
        max(sequence) over (
            partition by source, dataset, indicator, region, segment, period
        ) as newest_sequence,
        min(delivered_at) over (
            partition by source, dataset, indicator, region, segment, period
        ) as first_delivered_at,
        -- What the first delivery of a series brings is its history; lateness is judged after it.
        min(delivered_at) over (partition by source, dataset, indicator) as followed_since
    from {{ ref("int_measurements") }}
)

select
    ranked.*,
    case
        when ranked.sequence < editions.newest_edition then 'superseded'
        when ranked.key_rank = 1 then 'kept'
        when ranked.sequence < ranked.newest_sequence then 'superseded'
        else 'overlapped'
    end as disposition
from ranked
left join editions
    on
        ranked.source = editions.source
        and ranked.dataset = editions.dataset
