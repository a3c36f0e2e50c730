-- Which region lies wholly inside which other, by classification year: all of its municipalities
-- are among the other's. Levels form a lattice, not a tree: an employment area that crosses a
-- maakunta border lies in none. Everything lies in the whole country, also a contract area whose
-- municipalities are not known.
with members as (
    select
        classification_year,
        region,
        municipality
    from {{ ref("int_region_municipalities") }}
),

sizes as (
    select
        classification_year,
        region,
        count(*) as municipalities
    from members
    group by classification_year, region
),

shared as (
    select
        inner_members.classification_year,
        inner_members.region,
        outer_members.region as container,
        count(*) as municipalities
    from members as inner_members
    inner join members as outer_members
        on
            inner_members.classification_year = outer_members.classification_year
            and inner_members.municipality = outer_members.municipality
    where inner_members.region <> outer_members.region
    group by inner_members.classification_year, inner_members.region, outer_members.region
),

contained as (
    select
        shared.classification_year,
        shared.region,
        shared.container
    from shared
    inner join sizes
        on
            shared.classification_year = sizes.classification_year
            and shared.region = sizes.region
            and shared.municipalities = sizes.municipalities
    where shared.container <> 'SSS'
    union all
    select
        classification_year,
        region,
        'SSS' as container
    from {{ ref("int_region_years") }}
    where region_type <> 'SSS'
)

select
    contained.classification_year,
    contained.region,
    inner_regions.region_type,
    contained.container,
    outer_regions.region_type as container_type
from contained
inner join {{ ref("int_region_years") }} as inner_regions
    on
        contained.classification_year = inner_regions.classification_year
        and contained.region = inner_regions.region
inner join {{ ref("int_region_years") }} as outer_regions
    on
        contained.classification_year = outer_regions.classification_year
        and contained.container = outer_regions.region
