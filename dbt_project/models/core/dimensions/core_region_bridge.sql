-- One row for each region of one year and each region of another that its territory reaches, for
-- regions of the same type and for types that nest.
with members as (
    select
        municipalities.classification_year,
        municipalities.region,
        regions.region_type,
        municipalities.municipality
    from {{ ref("int_region_municipalities") }} as municipalities
    inner join {{ ref("int_region_years") }} as regions
        on
            municipalities.classification_year = regions.classification_year
            and municipalities.region = regions.region
),

-- Municipalities are paired with every type; they need no members of their own.
larger_members as (
    select
        *,
        count(*) over (partition by classification_year, region) as municipalities
    from members
    where region_type <> 'KU'
),

type_pairs as (
    select
        region_type as from_type,
        container_type as to_type
    from {{ words(ref("region_types"), ["region_type"], "nests_in", "container_type") }} as nested
    where region_type <> 'KU'
    union
    select
        region_type as from_type,
        region_type as to_type
    from {{ ref("region_types") }}
    where region_type <> 'KU'
),

bridge as (
    select
        *,
        count(*) over (partition by from_year, from_region, to_year) as destinations
    from {{ ref("int_region_bridge_municipalities") }}
),

-- Where each municipality lies among the regions of the other year.
reached as (
    select
        bridge.from_year,
        bridge.from_region as municipality,
        bridge.to_year,
        members.region as to_region,
        members.region_type as to_type,
        case
            when count(*) = max(bridge.destinations) then 1
            when count(*) = count(bridge.share) then sum(bridge.share)
        end as share
    from bridge
    inner join members
        on
            bridge.to_year = members.classification_year
            and bridge.to_region = members.municipality
    group by
        bridge.from_year, bridge.from_region, bridge.to_year, members.region, members.region_type
),

-- How many municipalities of the one year have a part in the region of the other.
territories as (
    select
        from_year,
        to_year,
        to_region,
        count(*) as municipalities
    from reached
    group by from_year, to_year, to_region
),

pairs as (
    select
        from_year,
        municipality as from_region,
        'KU' as from_type,
        to_year,
        to_region,
        to_type,
        1 as municipalities,
        share
    from reached
    union all
    select
        reached.from_year,
        members.region as from_region,
        members.region_type as from_type,
        reached.to_year,
        reached.to_region,
        reached.to_type,
        count(*) as municipalities,
        -- A key divides the figures of a municipality; nothing divides those of a larger region.
        case
            when count(*) = max(members.municipalities) and min(coalesce(reached.share, 0)) = 1
                then 1
        end as share
    from reached
    inner join type_pairs
        on reached.to_type = type_pairs.to_type
    inner join larger_members as members
        on
            reached.from_year = members.classification_year
            and reached.municipality = members.municipality
            and type_pairs.from_type = members.region_type
    group by
        reached.from_year,
        members.region,
        members.region_type,
        reached.to_year,
        reached.to_region,
        reached.to_type
),

counted as (
    select
        pairs.*,
        count(*) over target as parts,
        count(pairs.share) over target as parts_with_share,
        min(pairs.share) over target as smallest_share,
        sum(pairs.municipalities) over target = territories.municipalities as is_covered
    from pairs
    inner join territories
        on
            pairs.from_year = territories.from_year
            and pairs.to_year = territories.to_year
            and pairs.to_region = territories.to_region
    window
        target as (
            partition by pairs.from_year, pairs.from_type, pairs.to_year, pairs.to_region
        )
)

select
    from_region,
    from_type,
    from_year,
    to_region,
    to_type,
    to_year,
    cast(share as double) as share,
    case
        when parts_with_share < parts or not is_covered then 'impossible'
        when smallest_share < 1 then 'estimated'
        when parts > 1 then 'summed'
        else 'exact'
    end as method,
    cast(parts as integer) as parts
from counted
union all
-- A region whose municipalities are not known in a year is at least itself in that year.
select
    regions.region as from_region,
    regions.region_type as from_type,
    regions.classification_year as from_year,
    regions.region as to_region,
    regions.region_type as to_type,
    regions.classification_year as to_year,
    cast(1 as double) as share,
    'exact' as method,
    1 as parts
from {{ ref("int_region_years") }} as regions
where not exists (
    select 1
    from members
    where
        members.classification_year = regions.classification_year
        and members.region = regions.region
)
