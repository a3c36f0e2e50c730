-- Each overlap in every region that it touches: its own, that of the other measurement, and all
-- that contain one of them in the classification year of its period. What is true of a region with
-- all that lies inside is asked here, with one condition on `region`.
with places as (
    select
        overlap_id,
        -- An event that nobody placed counts in the country.
        coalesce(region, 'SSS') as place,
        period
    from {{ ref("core_quality_overlaps") }}
    union all
    select
        overlap_id,
        coalesce(other_region, 'SSS') as place,
        other_period as period
    from {{ ref("core_quality_overlaps") }}
),

dated as (
    select
        places.overlap_id,
        places.place,
        {{ classification_year(add_days("periods.period_end", 1)) }} as classification_year
    from places
    inner join {{ ref("core_dim_period") }} as periods
        on places.period = periods.period
),

touched as (
    select
        overlap_id,
        place as region,
        true as is_own
    from dated
    union all
    select
        dated.overlap_id,
        containment.container as region,
        false as is_own
    from dated
    inner join {{ ref("int_region_containment") }} as containment
        on
            dated.place = containment.region
            and dated.classification_year = containment.classification_year
)

select
    touched.overlap_id,
    touched.region,
    types.region_type,
    max(case when touched.is_own then 1 else 0 end) = 1 as is_own
from touched
inner join {{ ref("int_region_types") }} as types
    on touched.region = types.region
group by touched.overlap_id, touched.region, types.region_type
