-- Complementary suppression: how each small count is hidden. For each one a complement is chosen,
-- that is, customers who are thought to be elsewhere without any figure outside the complement
-- changing. Of the cell one leaf (a smallest region) takes one customer more in the cell's segment
-- and one less in another segment, a second leaf the reverse. Regions that hold both leaves do not
-- notice, nor do totals over segments. What does notice is suppressed (`suppressed_cells`), so that
-- every published figure fits both worlds and no sum or difference of them can tell the count.
--
-- Where there is no second segment the totals notice as well; where there is no second leaf all
-- larger regions do. The leaves that give one customer away have two or more, so that the other
-- world is a possible one; and the pairs add up to the smallest publishable count at least.
--
-- Three kinds are protected: `cell`, and what subtraction makes a cell of: `rest_of_region`, what
-- a region has beyond the parts of one level, and `rest_of_period`, what a period has beyond the
-- shorter ones of one frequency in it. There the second leaf is that rest.
{% set at_least = 2 %}
{# Small and large partners that are looked at, for each region that holds them. #}
{% set considered = 4 %}
with inside as (
    select
        classification_year,
        region,
        neighbour as container
    from {{ ref("region_neighbours") }}
    where is_inside
),

counts as (
    select * from {{ ref("customer_counts") }}
),

filled as (
    select *
    from counts
    where value > 0 or is_suppressed_by_source
),

-- Regions inside one whose segments add up to its total: there nobody is without a segment.
wholly_segmented as (
    select distinct
        totals.grid,
        inside.region
    from counts as totals
    inner join inside
        on
            totals.classification_year = inside.classification_year
            and totals.region = inside.container
    left join counts as rests
        on
            totals.grid = rests.grid
            and totals.region = rests.region
            and rests.segment = '∅'
    where totals.segment = 'total' and rests.grid is null
),

-- Of two regions of the same territory the first by name is the leaf.
covered as (
    select distinct
        filled.grid,
        filled.segment,
        inside.container as region
    from filled
    inner join inside
        on
            filled.classification_year = inside.classification_year
            and filled.region = inside.region
    left join inside as reversed
        on
            inside.classification_year = reversed.classification_year
            and inside.region = reversed.container
            and inside.container = reversed.region
    where
        inside.region <> inside.container
        and (reversed.region is null or inside.region < inside.container)
),

leaves as (
    select
        filled.*,
        filled.segment <> '∅' or wholly_segmented.grid is null as takes_part
    from filled
    left join wholly_segmented
        on
            filled.grid = wholly_segmented.grid
            and filled.region = wholly_segmented.region
    left join covered
        on
            filled.grid = covered.grid
            and filled.segment = covered.segment
            and filled.region = covered.region
    where covered.region is null
),

small as (
    select
        counts.grid,
        counts.segment,
        counts.region,
        counts.classification_year,
        counts.min_count,
        leaves.region as leaf,
        -- What a source suppressed is in no sum over its region: no second leaf makes up for it.
        leaves.takes_part and leaves.value is not null as is_summed,
        leaves.takes_part,
        -- What its source suppressed is one customer at least.
        coalesce(leaves.value, 1) as leaf_value,
        row_number() over (
            partition by counts.grid, counts.segment, counts.region
            order by
                case when leaves.value is null then 1 else 0 end,
                coalesce(leaves.value, 1),
                leaves.region
        ) as leaf_rank
    from counts
    inner join inside
        on
            counts.classification_year = inside.classification_year
            and counts.region = inside.container
    inner join leaves
        on
            counts.grid = leaves.grid
            and counts.segment = leaves.segment
            and inside.region = leaves.region
    where counts.is_small
),

-- A second leaf that is small itself costs nothing; of the others the smallest is the least loss.
partners as (
    select
        leaves.grid,
        leaves.segment,
        leaves.region,
        leaves.value,
        leaves.is_small,
        inside.container,
        row_number() over (
            partition by leaves.grid, leaves.segment, inside.container, leaves.is_small
            order by
                case when leaves.is_small then 0 - leaves.value else leaves.value end,
                leaves.region
        ) as partner_rank
    from leaves
    inner join inside
        on
            leaves.classification_year = inside.classification_year
            and leaves.region = inside.region
    where leaves.value >= {{ at_least }} and leaves.region <> inside.container
),

sizes as (
    select
        classification_year,
        container,
        count(*) as regions
    from inside
    group by classification_year, container
),

pairs as (
    select
        small.grid,
        small.segment,
        small.region,
        small.min_count,
        small.leaf,
        small.leaf_value,
        partners.region as partner,
        partners.value as partner_value,
        partners.is_small as partner_is_small,
        -- The smaller the region that holds both, the fewer larger ones notice.
        min(sizes.regions) as reach
    from small
    inner join inside
        on
            small.classification_year = inside.classification_year
            and small.region = inside.region
    inner join partners
        on
            small.grid = partners.grid
            and small.segment = partners.segment
            and inside.container = partners.container
            and partners.partner_rank <= {{ considered }}
    inner join sizes
        on
            inside.classification_year = sizes.classification_year
            and inside.container = sizes.container
    left join {{ ref("region_neighbours") }} as touching
        on
            small.classification_year = touching.classification_year
            and small.region = touching.region
            and partners.region = touching.neighbour
    where
        small.leaf_rank = 1
        and small.is_summed
        and touching.region is null
        and small.leaf_value + partners.value >= small.min_count
    group by
        small.grid,
        small.segment,
        small.region,
        small.min_count,
        small.leaf,
        small.leaf_value,
        partners.region,
        partners.value,
        partners.is_small
),

totals as (
    select
        grid,
        region
    from filled
    where segment = 'total'
),

-- The first that there is, by rank, hides the cell.
ways as (
    select
        pairs.grid,
        pairs.segment,
        pairs.region,
        pairs.leaf,
        pairs.partner,
        own.segment as second_segment,
        1 as way,
        pairs.reach,
        case when pairs.partner_is_small then 0 else 1 end
        + case when own.is_small or not own.is_published then 0 else 1 end
        + case when theirs.is_small or not theirs.is_published then 0 else 1 end as loss,
        pairs.partner_value as tie
    from pairs
    inner join leaves as own
        on
            pairs.grid = own.grid
            and pairs.leaf = own.region
    inner join leaves as theirs
        on
            pairs.grid = theirs.grid
            and pairs.partner = theirs.region
            and own.segment = theirs.segment
    where
        own.segment not in ('total', pairs.segment)
        and own.takes_part
        and theirs.takes_part
        -- Of a total customers of one segment are exchanged, otherwise those of two.
        and case
            when pairs.segment = 'total' then theirs.value >= {{ at_least }}
            else own.value >= {{ at_least }} and pairs.leaf_value + own.value >= pairs.min_count
        end
    union all
    select
        pairs.grid,
        pairs.segment,
        pairs.region,
        pairs.leaf,
        pairs.partner,
        case when pairs.segment = 'total' then '*' else 'total' end as second_segment,
        2 as way,
        pairs.reach,
        case when pairs.partner_is_small then 0 else 1 end as loss,
        pairs.partner_value as tie
    from pairs
    inner join totals as own
        on
            pairs.grid = own.grid
            and pairs.leaf = own.region
    inner join totals as theirs
        on
            pairs.grid = theirs.grid
            and pairs.partner = theirs.region
    union all
    select
        small.grid,
        small.segment,
        small.region,
        small.leaf,
        cast(null as {{ dbt.type_string() }}) as partner,
        own.segment as second_segment,
        3 as way,
        0 as reach,
        case when own.is_small or not own.is_published then 0 else 1 end as loss,
        own.value as tie
    from small
    inner join leaves as own
        on
            small.grid = own.grid
            and small.leaf = own.region
    where
        small.leaf_rank = 1
        and small.takes_part
        and own.takes_part
        and own.segment not in ('total', small.segment)
        and (
            small.segment = 'total'
            or (own.value >= {{ at_least }} and small.leaf_value + own.value >= small.min_count)
        )
    union all
    select
        small.grid,
        small.segment,
        small.region,
        small.leaf,
        cast(null as {{ dbt.type_string() }}) as partner,
        case
            when small.segment = 'total' or not small.takes_part or totals.grid is null then '*'
            else 'total'
        end as second_segment,
        4 as way,
        0 as reach,
        0 as loss,
        small.leaf_value as tie
    from small
    left join totals
        on
            small.grid = totals.grid
            and small.leaf = totals.region
    where small.leaf_rank = 1
),

ranked as (
    select
        *,
        row_number() over (
            partition by grid, segment, region
            order by way, reach, loss, tie, partner, second_segment
        ) as way_rank
    from ways
),

-- What a region has beyond all that is reported of one level inside it.
rests_beyond as (
    select
        wholes.grid,
        wholes.segment,
        wholes.region,
        wholes.classification_year,
        wholes.is_small,
        wholes.min_count,
        parts.region_type as part_type,
        wholes.value - sum(parts.value) as rest
    from counts as wholes
    inner join inside
        on
            wholes.classification_year = inside.classification_year
            and wholes.region = inside.container
    inner join counts as parts
        on
            wholes.grid = parts.grid
            and wholes.segment = parts.segment
            and inside.region = parts.region
            and wholes.region_type <> parts.region_type
    left join inside as reversed
        on
            inside.classification_year = reversed.classification_year
            and inside.region = reversed.container
            and inside.container = reversed.region
    -- Two figures of one territory may differ, but nobody lives in the difference.
    where reversed.region is null
    group by
        wholes.grid,
        wholes.segment,
        wholes.region,
        wholes.classification_year,
        wholes.value,
        wholes.is_small,
        wholes.min_count,
        parts.region_type
),

rests_of_regions as (
    select
        *,
        -- Where the parts of the total leave no rest, the rest of a segment lies in one of them.
        not exists (
            select 1
            from rests_beyond as totals
            where
                totals.segment = 'total'
                and totals.rest <= 0
                and totals.grid = rests_beyond.grid
                and totals.region = rests_beyond.region
                and totals.part_type = rests_beyond.part_type
        ) as is_open
    from rests_beyond
    where not is_small and rest > 0 and rest < min_count
),

complements_of_regions as (
    select
        rests.grid,
        rests.segment,
        rests.region,
        rests.part_type,
        leaves.region as leaf,
        case
            when
                leaves.value >= {{ at_least }}
                and rests.is_open
                and (rests.segment <> 'total' or own.segment is not null)
                then leaves.value
        end as leaf_value,
        case when rests.segment <> 'total' then 'total' else own.segment end as second_segment,
        row_number() over (
            partition by rests.grid, rests.segment, rests.region, rests.part_type
            order by
                case when leaves.value >= {{ at_least }} then 0 else 1 end,
                case when own.segment is null then 1 else 0 end,
                case when leaves.is_small then 0 else 1 end,
                case when own.is_published then 1 else 0 end,
                leaves.value,
                leaves.region,
                own.segment
        ) as way_rank
    from rests_of_regions as rests
    inner join inside as parts
        on
            rests.classification_year = parts.classification_year
            and rests.region = parts.container
    inner join counts as part_counts
        on
            rests.grid = part_counts.grid
            and rests.segment = part_counts.segment
            and parts.region = part_counts.region
            and rests.part_type = part_counts.region_type
    inner join inside as within
        on
            parts.classification_year = within.classification_year
            and parts.region = within.container
    inner join leaves
        on
            rests.grid = leaves.grid
            and rests.segment = leaves.segment
            and within.region = leaves.region
    left join leaves as own
        on
            leaves.grid = own.grid
            and leaves.region = own.region
            and rests.segment = 'total'
            and own.segment <> 'total'
            and own.takes_part
            and own.value >= {{ at_least }}
            -- A rest of the total is one of that segment only where the segment has a rest as well.
            and exists (
                select 1
                from rests_beyond as of_segment
                where
                    of_segment.rest > 0
                    and of_segment.grid = rests.grid
                    and of_segment.region = rests.region
                    and of_segment.part_type = rests.part_type
                    and of_segment.segment = own.segment
            )
),

-- What a period has beyond all that is reported of one frequency inside it.
rests_of_periods as (
    select
        wholes.grid,
        wholes.segment,
        wholes.region,
        parts.freq as part_freq
    from counts as wholes
    inner join counts as parts
        on
            wholes.indicator = parts.indicator
            and wholes.cell_slot = parts.cell_slot
            and wholes.segment = parts.segment
            and wholes.region = parts.region
            and wholes.freq <> parts.freq
            and wholes.period_start <= parts.period_start
            and wholes.period_end >= parts.period_end
    where not wholes.is_small
    group by
        wholes.grid,
        wholes.segment,
        wholes.region,
        wholes.value,
        wholes.min_count,
        parts.freq
    having
        wholes.value - sum(parts.value) > 0
        and wholes.value - sum(parts.value) < wholes.min_count
),

complements as (
    select
        'cell' as kind,
        grid,
        segment,
        region,
        '' as part,
        leaf,
        partner,
        second_segment
    from ranked
    where way_rank = 1
    union all
    -- Where no part has customers to give away, the whole is suppressed with all that it holds.
    select
        'rest_of_region' as kind,
        grid,
        segment,
        region,
        part_type as part,
        case when leaf_value >= {{ at_least }} then leaf else region end as leaf,
        case when leaf_value >= {{ at_least }} then region end as partner,
        case when leaf_value >= {{ at_least }} then second_segment else '*' end as second_segment
    from complements_of_regions
    where way_rank = 1
    union all
    -- Rare, because a log has one calendar: the whole is suppressed with all that meets it.
    select
        'rest_of_period' as kind,
        grid,
        segment,
        region,
        part_freq as part,
        region as leaf,
        cast(null as {{ dbt.type_string() }}) as partner,
        '*' as second_segment
    from rests_of_periods
),

grids as (
    select distinct
        grid,
        indicator,
        cell_slot,
        period,
        classification_year
    from counts
)

select
    grids.indicator,
    grids.cell_slot,
    grids.period,
    grids.classification_year,
    complements.kind,
    complements.segment,
    complements.region,
    complements.leaf,
    complements.partner,
    complements.second_segment,
    row_number() over (
        order by
            complements.grid,
            complements.kind,
            complements.segment,
            complements.region,
            complements.part
    ) as complement
from complements
inner join grids
    on complements.grid = grids.grid
