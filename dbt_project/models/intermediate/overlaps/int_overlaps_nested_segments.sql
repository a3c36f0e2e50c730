-- A total row beside rows of its segments, reported by one source for one indicator, region and
-- period. Not an overlap where the catalogue says that the source publishes both. One row is one
-- total, beside what its parts add up to. Events are no part of it: each is logged once, and the
-- total is made of the same rows.
with published as (
    select
        candidates.indicator,
        candidates.region,
        candidates.segment,
        candidates.period,
        candidates.source,
        candidates.dataset,
        candidates.vintage,
        candidates.line,
        candidates.value,
        segments.is_total,
        declared.segment is not null as is_declared
    from {{ ref("int_candidates") }} as candidates
    inner join {{ ref("int_indicators") }} as indicators
        on candidates.indicator = indicators.indicator
    inner join {{ ref("segments") }} as segments
        on candidates.segment = segments.segment
    left join {{ words(
        ref("indicator_sources"), ["indicator", "source"], "segments", "segment"
    ) }} as declared
        on
            candidates.indicator = declared.indicator
            and candidates.source = declared.source
            and candidates.segment = declared.segment
    where
        candidates.source_rank = 1
        and candidates.dataset_rank < 3
        and candidates.value is not null
        and indicators.additivity = 'additive'
),

parts as (
    select
        indicator,
        region,
        period,
        source,
        count(*) as parts,
        sum(case when is_declared then 0 else 1 end) as undeclared_parts,
        sum(value) as parts_value,
        {{ distinct_list("segment") }} as segments,
        {{ at_smallest("dataset", "segment") }} as part_dataset,
        {{ at_smallest("vintage", "segment") }} as part_vintage,
        {{ at_smallest("line", "segment") }} as part_line
    from published
    where not is_total
    group by indicator, region, period, source
)

select
    totals.indicator,
    totals.region,
    totals.segment,
    totals.period,
    totals.source,
    totals.value as kept_value,
    totals.dataset as kept_dataset,
    totals.vintage as kept_vintage,
    totals.line as kept_line,
    parts.parts_value as other_value,
    parts.part_dataset as other_dataset,
    parts.part_vintage as other_vintage,
    parts.part_line as other_line,
    'both kept, each under its own segment, and never added: the source also reports '
    || parts.segments as resolution
from published as totals
inner join parts
    on
        totals.indicator = parts.indicator
        and totals.region = parts.region
        and totals.period = parts.period
        and totals.source = parts.source
where
    totals.is_total
    and (parts.undeclared_parts > 0 or not totals.is_declared)
