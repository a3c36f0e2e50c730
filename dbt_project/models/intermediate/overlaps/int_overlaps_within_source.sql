-- The same key again within one source: in one delivery (measurements or events), or in two of
-- the source's datasets. One row is one measurement or event that was not kept, beside the one
-- that was.
with measurement_pairs as (
    select
        others.source,
        others.indicator,
        others.region,
        others.segment,
        others.period,
        kept.value as kept_value,
        others.value as other_value,
        kept.dataset,
        kept.vintage as kept_vintage,
        kept.line as kept_line,
        others.dataset as other_dataset,
        others.vintage as other_vintage,
        others.line as other_line,
        'one row of the delivery kept: the last one that has a value' as resolution
    from {{ ref("int_measurements") }} as others
    inner join {{ ref("int_measurements") }} as kept
        on
            others.source = kept.source
            and others.dataset = kept.dataset
            and others.indicator = kept.indicator
            and others.region = kept.region
            and others.segment = kept.segment
            and others.period = kept.period
            and kept.disposition = 'kept'
    where others.disposition = 'overlapped'
),

event_pairs as (
    select
        others.source,
        kept.indicator,
        kept.region,
        kept.segment,
        kept.period,
        case when kept.disposition = 'kept' then cast(kept.amount as double) end as kept_value,
        cast(others.amount as double) as other_value,
        kept.dataset,
        kept.vintage as kept_vintage,
        kept.line as kept_line,
        others.dataset as other_dataset,
        others.vintage as other_vintage,
        others.line as other_line,
        'one row of the delivery kept: the last one with this id' as resolution
    from {{ ref("int_events") }} as others
    inner join {{ ref("int_events") }} as kept
        on
            others.source = kept.source
            and others.dataset = kept.dataset
            and others.event_id = kept.event_id
            -- The last row of the delivery may have taken the event back.
            and kept.disposition in ('kept', 'withdrawn')
    where others.disposition = 'overlapped'
),

dataset_pairs as (
    select
        others.source,
        others.indicator,
        others.region,
        others.segment,
        others.period,
        kept.value as kept_value,
        others.value as other_value,
        kept.dataset,
        kept.vintage as kept_vintage,
        kept.line as kept_line,
        others.dataset as other_dataset,
        others.vintage as other_vintage,
        others.line as other_line,
        'delivered in two datasets of the source: '
        || kept.dataset || ' kept before ' || others.dataset as resolution
    from {{ ref("int_candidates") }} as others
    inner join {{ ref("int_candidates") }} as kept
        on
            others.source = kept.source
            and others.indicator = kept.indicator
            and others.region = kept.region
            and others.segment = kept.segment
            and others.period = kept.period
            and kept.source_rank = 1
    where others.source_rank > 1
),

pairs as (
    select * from measurement_pairs
    union all
    select * from event_pairs
    union all
    select * from dataset_pairs
)

select
    pairs.*,
    case
        when
            {{ conflicts(
                "pairs.kept_value", "pairs.other_value",
                "indicators.tolerance_abs", "indicators.tolerance_rel"
            ) }}
            then 'conflict'
        else 'duplicate'
    end as kind
from pairs
left join {{ ref("int_indicators") }} as indicators
    on pairs.indicator = indicators.indicator
