-- In which ELY centre, economic development centre and maakunta an area with an agreement lies.
-- Where its municipalities are known they tell; else the catalogue, else the newest agreement that
-- says it, directly or through the region that is named.
with contained as (
    select
        region,
        container,
        container_type,
        classification_year
    from {{ ref("int_region_containment") }}
    where container_type in ('ELY', 'EVK', 'MK')
    union all
    select
        region,
        region as container,
        region_type as container_type,
        classification_year
    from {{ ref("int_region_years") }}
    where region_type in ('ELY', 'EVK', 'MK')
),

-- ELY centres ended when the development centres began, so that no year has both.
last_of_ely as (
    select
        members.region,
        members.municipality,
        members.classification_year,
        max(members.classification_year) over (partition by members.region) as last_year
    from {{ ref("int_region_municipalities") }} as members
    inner join {{ ref("int_region_years") }} as regions
        on
            members.region = regions.region
            and members.classification_year = regions.classification_year
    where regions.region_type = 'ELY'
),

successors as (
    select
        last_of_ely.region,
        min(evk.container) as container,
        min(evk.classification_year) as classification_year
    from last_of_ely
    inner join contained as evk
        on
            last_of_ely.municipality = evk.region
            and last_of_ely.last_year + 1 = evk.classification_year
            and evk.container_type = 'EVK'
    where last_of_ely.classification_year = last_of_ely.last_year
    group by last_of_ely.region
    having count(distinct evk.container) = 1
),

lies_in as (
    select
        region,
        container,
        container_type,
        classification_year
    from contained
    union all
    select
        region,
        container,
        'EVK' as container_type,
        classification_year
    from successors
),

areas as (
    select
        region,
        classification_year
    from {{ ref("int_region_years") }}
    where region_type = 'SS'
    union
    select
        years.region,
        years.classification_year
    from {{ ref("int_region_years") }} as years
    inner join {{ ref("int_agreements") }} as agreements
        on years.region = agreements.region
),

told as (
    select
        said.region,
        lies_in.container_type,
        lies_in.container,
        'catalogue' as told_by,
        cast(null as date) as signed_on,
        lies_in.classification_year
    from {{ ref("contract_areas") }} as said
    inner join lies_in
        on said.part_of = lies_in.region
    union all
    select
        agreements.region,
        lies_in.container_type,
        lies_in.container,
        'agreement' as told_by,
        agreements.signed_on,
        lies_in.classification_year
    from {{ ref("int_agreements") }} as agreements
    inner join lies_in
        on agreements.part_of = lies_in.region
    union all
    select
        lies_in.region,
        lies_in.container_type,
        lies_in.container,
        'municipalities' as told_by,
        null as signed_on,
        lies_in.classification_year
    from lies_in
    inner join areas
        on
            lies_in.region = areas.region
            and lies_in.classification_year = areas.classification_year
),

ranked as (
    select
        *,
        row_number() over (
            partition by region, container_type
            order by
                case told_by when 'municipalities' then 0 when 'catalogue' then 1 else 2 end,
                signed_on desc,
                classification_year desc,
                container
        ) as place_rank
    from told
)

select
    region,
    container_type,
    container,
    told_by
from ranked
where place_rank = 1
