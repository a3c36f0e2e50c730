-- Observation cells of counted events that are not shown in the monitoring marts: small counts, and
-- what would give them away by subtraction.
--
-- A small total is hidden behind a partner: moving one event from a leaf region inside it to a leaf
-- region outside of it changes the totals that hold exactly one of the two, and nothing else. Those
-- are withheld, so that no sum or difference of what is shown can tell the small one. Where there
-- is no partner, every total around it is withheld. Segments are shown for a period only where
-- none of them, and no total, is small.
with limits as (
    select
        indicators.indicator,
        seeds.min_count
    from {{ ref("int_indicators") }} as indicators
    inner join {{ ref("indicators") }} as seeds
        on indicators.indicator = seeds.indicator
    where
        seeds.min_count > 0
        and indicators.event_dataset is not null
        and indicators.additivity = 'additive'
),

cells as (
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.period,
        observations.value,
        observations.gross_value,
        limits.min_count,
        coalesce(observations.value > 0 and observations.value < limits.min_count, false)
        or coalesce(
            observations.gross_value > 0 and observations.gross_value < limits.min_count, false
        ) as is_small
    from {{ ref("int_observations") }} as observations
    inner join limits
        on observations.indicator = limits.indicator
),

totals as (
    select *
    from cells
    where segment = 'total'
),

holders as (
    select *
    from {{ ref("int_event_total_holders") }}
),

leaves as (
    select *
    from totals
    where
        gross_value > 0
        and not exists (
            select 1
            from holders
            where
                holders.indicator = totals.indicator
                and holders.period = totals.period
                and holders.holder = totals.region
                and holders.region <> totals.region
        )
),

-- What stands in for each small total inside it: its smallest leaf.
inside as (
    select
        small.indicator,
        small.period,
        small.region,
        small.min_count,
        leaves.region as leaf,
        leaves.value as leaf_value,
        row_number() over (
            partition by small.indicator, small.period, small.region
            order by leaves.value, leaves.region
        ) as leaf_rank
    from totals as small
    inner join holders
        on
            small.indicator = holders.indicator
            and small.period = holders.period
            and small.region = holders.holder
    inner join leaves
        on
            holders.indicator = leaves.indicator
            and holders.period = leaves.period
            and holders.region = leaves.region
    where small.is_small
),

-- The partner outside: together at least the limit and not one alone, so that neither is pinned.
partners as (
    select
        inside.indicator,
        inside.period,
        inside.region,
        inside.leaf,
        others.region as partner,
        row_number() over (
            partition by inside.indicator, inside.period, inside.region
            order by
                case
                    when others.value > 1 and inside.leaf_value + others.value >= inside.min_count
                        then 0
                    else 1
                end,
                others.value,
                others.region
        ) as partner_rank
    from inside
    inner join leaves as others
        on
            inside.indicator = others.indicator
            and inside.period = others.period
    where
        inside.leaf_rank = 1
        and not exists (
            select 1
            from holders
            where
                holders.indicator = inside.indicator
                and holders.period = inside.period
                and holders.region = others.region
                and holders.holder = inside.region
        )
),

moved as (
    select
        inside.indicator,
        inside.period,
        inside.region,
        inside.leaf,
        partners.partner
    from inside
    left join partners
        on
            inside.indicator = partners.indicator
            and inside.period = partners.period
            and inside.region = partners.region
            and partners.partner_rank = 1
    where inside.leaf_rank = 1
),

touched as (
    select
        moved.indicator,
        moved.period,
        moved.region as small_region,
        holders.holder as region
    from moved
    inner join holders
        on
            moved.indicator = holders.indicator
            and moved.period = holders.period
            and holders.region in (moved.leaf, moved.partner)
    group by moved.indicator, moved.period, moved.region, holders.holder
    having count(*) = 1
),

withheld_totals as (
    select
        indicator,
        region,
        period
    from touched
    union distinct
    select
        indicator,
        region,
        period
    from totals
    where is_small
),

touched_periods as (
    select
        indicator,
        period
    from withheld_totals
    union distinct
    select
        indicator,
        period
    from cells
    where is_small
)

select
    cells.indicator,
    cells.region,
    cells.segment,
    cells.period,
    case when cells.is_small then 'primary' else 'secondary' end as reason
from cells
left join withheld_totals
    on
        cells.indicator = withheld_totals.indicator
        and cells.region = withheld_totals.region
        and cells.period = withheld_totals.period
left join touched_periods
    on
        cells.indicator = touched_periods.indicator
        and cells.period = touched_periods.period
where
    case
        when cells.segment = 'total' then withheld_totals.indicator is not null
        else touched_periods.indicator is not null
    end
