-- The city region of every region: the sub-region that a municipality lies in, in the newest
-- classification that has it; any other region stands for itself.
with newest as (
    select
        region,
        region_type,
        classification_year,
        row_number() over (partition by region order by classification_year desc) as year_rank
    from {{ ref("int_region_years") }}
)

select
    newest.region,
    newest.region_type,
    coalesce(containment.container, newest.region) as city_region
from newest
left join {{ ref("int_region_containment") }} as containment
    on
        newest.region_type = 'KU'
        and newest.region = containment.region
        and newest.classification_year = containment.classification_year
        and containment.container_type = 'SK'
where newest.year_rank = 1
