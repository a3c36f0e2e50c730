-- The municipalities of every region, by classification year: the lattice through which all
-- levels are compared. A municipality is made of itself.
with memberships as (
    select
        municipalities.classification_year,
        municipalities.region as municipality,
        memberships.parent as region
    from {{ ref("int_region_years") }} as municipalities
    inner join {{ ref("region_memberships") }} as memberships
        on
            municipalities.region = memberships.region
            and (
                memberships.valid_from is null
                or memberships.valid_from
                <= {{ make_day("municipalities.classification_year", 1, 1) }}
            )
            and (
                memberships.valid_to is null
                or memberships.valid_to
                > {{ make_day("municipalities.classification_year", 1, 1) }}
            )
    where municipalities.region_type = 'KU'
)

select
    classification_year,
    region,
    municipality
from memberships
union
select
    classification_year,
    region,
    municipality
from {{ ref("int_contract_area_municipalities") }}
union all
select
    classification_year,
    region,
    region as municipality
from {{ ref("int_region_years") }}
where region_type = 'KU'
