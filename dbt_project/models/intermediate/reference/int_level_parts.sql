-- From which level each level of an indicator is rolled up: the largest of its levels that nests
-- in it in every year. A level that none nests in is not rolled up. Levels that are made of derived
-- levels come in later rounds.
--
-- Areas that nobody measures for as a rule are rolled up beside the chain, of whatever is additive:
-- contract areas from municipalities, ELY and economic development centres from the largest level
-- that nests in them. Of counts of customers they are not: each one more
-- sum would hide more of the figures around it.
--
-- What is logged of a level beside that chain, such as a contract area, is in none of its levels.
-- An event is logged for one region only, so it counts in the country as a part of it would
-- (`counts_as`). A figure that somebody measured there may overlap such a part, and does not count.
with recursive nesting as (
    select
        nested.region_type,
        nested.container_type
    from {{ words(ref("region_types"), ["region_type"], "nests_in", "container_type") }} as nested
    union all
    -- Of the lattice only where the municipalities of an area are known.
    select
        'KU' as region_type,
        'SS' as container_type
),

targets as (
    select
        indicator,
        region_type
    from {{ ref("int_indicator_levels") }}
    union
    select
        indicators.indicator,
        types.region_type
    from {{ ref("indicators") }} as indicators
    inner join {{ ref("region_types") }} as types
        on types.region_type in ('SS', 'ELY', 'EVK')
    where indicators.additivity = 'additive' and coalesce(indicators.min_count, 0) = 0
),

ranked as (
    select
        targets.indicator,
        targets.region_type as target_type,
        parts.region_type as part_type,
        row_number() over (
            partition by targets.indicator, targets.region_type
            order by types.sort_key desc
        ) as part_rank
    from targets
    inner join {{ ref("int_indicator_levels") }} as parts
        on targets.indicator = parts.indicator
    inner join nesting
        on
            parts.region_type = nesting.region_type
            and targets.region_type = nesting.container_type
    inner join {{ ref("region_types") }} as types
        on parts.region_type = types.region_type
),

level_parts as (
    select
        indicator,
        target_type,
        part_type
    from ranked
    where part_rank = 1
),

rounds as (
    select
        level_parts.indicator,
        level_parts.target_type,
        level_parts.part_type,
        1 as round
    from level_parts
    left join level_parts as made_before
        on
            level_parts.indicator = made_before.indicator
            and level_parts.part_type = made_before.target_type
    where made_before.indicator is null
    union all
    select
        level_parts.indicator,
        level_parts.target_type,
        level_parts.part_type,
        rounds.round + 1 as round
    from rounds
    inner join level_parts
        on
            rounds.indicator = level_parts.indicator
            and rounds.target_type = level_parts.part_type
),

logged_beside as (
    select
        levels.indicator,
        country.target_type,
        levels.region_type as part_type,
        country.part_type as counts_as,
        country.round
    from {{ ref("int_indicator_levels") }} as levels
    inner join {{ ref("int_indicators") }} as indicators
        on levels.indicator = indicators.indicator
    inner join rounds as country
        on
            levels.indicator = country.indicator
            and country.target_type = 'SSS'
    left join rounds as own
        on
            levels.indicator = own.indicator
            and levels.region_type = own.part_type
    where
        indicators.event_dataset is not null
        and levels.region_type <> 'SSS'
        and own.indicator is null
)

select
    indicator,
    target_type,
    part_type,
    part_type as counts_as,
    round
from rounds
union all
select *
from logged_beside
