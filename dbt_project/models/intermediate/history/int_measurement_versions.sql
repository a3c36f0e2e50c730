-- What each source said about each cell from when to when: one row for each time that it changed,
-- half-open in time, an open end for what still holds. A figure of a partner holds until the key
-- is delivered again; a cell of a statistical office's table until the next edition, which has it
-- again or has taken it back.
with editions as (
    select
        source,
        dataset,
        vintage,
        lead(known_from) over (partition by source, dataset order by sequence) as replaced_at
    from {{ ref("stg_vintages") }}
    where shape = 'table_cells'
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, dataset, indicator, region, segment, period, sequence
            order by case when value is null then 1 else 0 end, line desc
        ) as version_rank
    from {{ ref("int_measurements") }}
),

versions as (
    select
        ranked.source,
        ranked.dataset,
        ranked.dataset_rank,
        ranked.indicator,
        ranked.region,
        ranked.segment,
        ranked.period,
        ranked.period_end,
        ranked.value,
        ranked.obs_status,
        ranked.is_confidential,
        ranked.known_from,
        case
            when editions.vintage is not null then editions.replaced_at
            else lead(ranked.known_from) over (
                partition by
                    ranked.source,
                    ranked.dataset,
                    ranked.indicator,
                    ranked.region,
                    ranked.segment,
                    ranked.period
                order by ranked.sequence
            )
        end as known_to
    from ranked
    left join editions
        on
            ranked.source = editions.source
            and ranked.dataset = editions.dataset
            and ranked.vintage = editions.vintage
    where ranked.version_rank = 1
),

-- What was replaced by another delivery of the same refresh was never published.
published as (
    select *
    from versions
    where known_to is null or known_to > known_from
)

-- Editions repeat nearly everything: what says the same as the one right before opens no version.
{{ merge_spans(
    "published",
    ["source", "dataset", "indicator", "region", "segment", "period"],
    ["value", "obs_status", "is_confidential"],
    ["dataset_rank", "period_end"],
) }}
