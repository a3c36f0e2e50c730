-- Regions with counts of customers that share territory, by classification year, each one with
-- itself: what happens in a part of one may show in the other. Employment areas cross other
-- borders, so neither needs to lie in the other; `is_inside` says whether the first one does.
with places as (
    select distinct
        classification_year,
        region
    from {{ ref("customer_counts") }}
),

territories as (
    select
        places.classification_year,
        places.region,
        members.municipality
    from places
    inner join {{ ref("int_region_municipalities") }} as members
        on
            places.classification_year = members.classification_year
            and places.region = members.region
),

sharing as (
    select
        regions.classification_year,
        regions.region,
        others.region as neighbour
    from territories as regions
    inner join territories as others
        on
            regions.classification_year = others.classification_year
            and regions.municipality = others.municipality
    union
    select
        classification_year,
        region,
        region as neighbour
    from places
    -- Also a contract area whose municipalities are not known lies in the whole country.
    union
    select
        places.classification_year,
        places.region,
        country.region as neighbour
    from places
    inner join places as country
        on places.classification_year = country.classification_year
    where country.region = 'SSS'
    union
    select
        places.classification_year,
        country.region,
        places.region as neighbour
    from places
    inner join places as country
        on places.classification_year = country.classification_year
    where country.region = 'SSS'
)

select
    sharing.classification_year,
    sharing.region,
    regions.region_type,
    sharing.neighbour,
    neighbours.region_type as neighbour_type,
    sharing.neighbour in (sharing.region, 'SSS') or containment.region is not null as is_inside
from sharing
inner join {{ ref("int_region_types") }} as regions
    on sharing.region = regions.region
inner join {{ ref("int_region_types") }} as neighbours
    on sharing.neighbour = neighbours.region
left join {{ ref("int_region_containment") }} as containment
    on
        sharing.classification_year = containment.classification_year
        and sharing.region = containment.region
        and sharing.neighbour = containment.container
