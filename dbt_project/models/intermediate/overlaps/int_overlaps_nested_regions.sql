-- A region and regions inside it, reported by one source for one indicator, segment and period:
-- an additive roll-up would count them twice. Not an overlap where the catalogue says that the
-- source publishes both levels. One row is one outer cell, beside what the largest level inside it
-- adds up to. Events are no part of it: each counts in one home only.
--
-- Which levels of a source stand side by side undeclared is found first, from a handful of rows;
-- only those cells are joined, from the coarse ones downward.
with delivered_levels as (
    select distinct
        candidates.indicator,
        candidates.source,
        candidates.region_type
    from {{ ref("int_candidates") }} as candidates
    inner join {{ ref("int_indicators") }} as indicators
        on candidates.indicator = indicators.indicator
    where
        candidates.source_rank = 1
        and candidates.dataset_rank < 3
        and candidates.value is not null
        and indicators.additivity = 'additive'
),

declared_levels as (
    select
        indicator,
        source,
        region_type
    from {{ words(ref("indicator_sources"), ["indicator", "source"], "levels", "region_type") }}
        as listed
),

undeclared as (
    select
        outers.indicator,
        outers.source,
        outers.region_type as outer_type,
        inners.region_type as inner_type,
        types.sort_key as inner_rank
    from delivered_levels as outers
    inner join delivered_levels as inners
        on
            outers.indicator = inners.indicator
            and outers.source = inners.source
            and outers.region_type <> inners.region_type
    inner join {{ ref("region_types") }} as types
        on inners.region_type = types.region_type
    left join declared_levels as outer_declared
        on
            outers.indicator = outer_declared.indicator
            and outers.source = outer_declared.source
            and outers.region_type = outer_declared.region_type
    left join declared_levels as inner_declared
        on
            inners.indicator = inner_declared.indicator
            and inners.source = inner_declared.source
            and inners.region_type = inner_declared.region_type
    where outer_declared.indicator is null or inner_declared.indicator is null
),

suspects as (
    select distinct
        indicator,
        source
    from undeclared
),

published as (
    select
        candidates.indicator,
        candidates.region,
        candidates.region_type,
        candidates.segment,
        candidates.period,
        candidates.source,
        candidates.dataset,
        candidates.vintage,
        candidates.line,
        candidates.value,
        {{ classification_year("candidates.period_end") }} as classification_year
    from {{ ref("int_candidates") }} as candidates
    inner join suspects
        on
            candidates.indicator = suspects.indicator
            and candidates.source = suspects.source
    where
        candidates.source_rank = 1
        and candidates.dataset_rank < 3
        and candidates.value is not null
),

-- Regions of the same municipalities lie in one another; the higher level is then the outer one.
bridges as (
    select
        containment.classification_year,
        containment.region,
        containment.region_type,
        containment.container,
        containment.container_type
    from {{ ref("int_region_containment") }} as containment
    inner join {{ ref("region_types") }} as types
        on containment.region_type = types.region_type
    inner join {{ ref("region_types") }} as container_types
        on containment.container_type = container_types.region_type
    left join {{ ref("int_region_containment") }} as mutual
        on
            containment.classification_year = mutual.classification_year
            and containment.region = mutual.container
            and containment.container = mutual.region
    where mutual.region is null or container_types.sort_key > types.sort_key
),

inside as (
    select
        outers.indicator,
        outers.region,
        outers.segment,
        outers.period,
        outers.source,
        outers.dataset,
        outers.vintage,
        outers.line,
        outers.value,
        undeclared.inner_type,
        undeclared.inner_rank,
        count(*) as parts,
        sum(inners.value) as parts_value,
        min(inners.region) as first_part,
        {{ at_smallest("inners.dataset", "inners.region") }} as part_dataset,
        {{ at_smallest("inners.vintage", "inners.region") }} as part_vintage,
        {{ at_smallest("inners.line", "inners.region") }} as part_line
    from published as outers
    inner join undeclared
        on
            outers.indicator = undeclared.indicator
            and outers.source = undeclared.source
            and outers.region_type = undeclared.outer_type
    inner join bridges
        on
            outers.classification_year = bridges.classification_year
            and outers.region = bridges.container
            and undeclared.inner_type = bridges.region_type
    inner join published as inners
        on
            outers.indicator = inners.indicator
            and outers.source = inners.source
            and outers.segment = inners.segment
            and outers.period = inners.period
            and bridges.region = inners.region
    group by
        outers.indicator,
        outers.region,
        outers.segment,
        outers.period,
        outers.source,
        outers.dataset,
        outers.vintage,
        outers.line,
        outers.value,
        undeclared.inner_type,
        undeclared.inner_rank
),

ranked as (
    select
        *,
        row_number() over (
            partition by indicator, region, segment, period, source
            order by inner_rank desc
        ) as level_rank
    from inside
)

select
    indicator,
    region,
    segment,
    period,
    source,
    value as kept_value,
    dataset as kept_dataset,
    vintage as kept_vintage,
    line as kept_line,
    parts_value as other_value,
    part_dataset as other_dataset,
    part_vintage as other_vintage,
    part_line as other_line,
    'both kept, each at its own level, and never added: the source also reports '
    || cast(parts as {{ dbt.type_string() }}) || ' of level ' || inner_type
    || ' inside it, from ' || first_part || ' on' as resolution
from ranked
where level_rank = 1
