-- Which regions each slot can fill: all, or those inside the area that its sources cover.
with slots as (
    select
        slots.indicator,
        slots.slot,
        -- One source without an area covers the whole country, and so does its slot.
        max(case when sources.area is null then 1 else 0 end) as covers_all
    from {{ ref("int_slots") }} as slots
    inner join {{ ref("sources") }} as sources
        on slots.source = sources.source
    group by slots.indicator, slots.slot
),

areas as (
    select distinct
        slots.indicator,
        slots.slot,
        areas.area_region
    from {{ ref("int_slots") }} as slots
    inner join {{ words(ref("sources"), ["source"], "area", "area_region") }} as areas
        on slots.source = areas.source
)

select
    slots.indicator,
    slots.slot,
    regions.classification_year,
    regions.region,
    regions.region_type
from slots
inner join {{ ref("int_indicator_levels") }} as levels
    on slots.indicator = levels.indicator
inner join {{ ref("int_region_years") }} as regions
    on levels.region_type = regions.region_type
where slots.covers_all = 1
union
select
    areas.indicator,
    areas.slot,
    regions.classification_year,
    regions.region,
    regions.region_type
from areas
inner join slots
    on
        areas.indicator = slots.indicator
        and areas.slot = slots.slot
        and slots.covers_all = 0
inner join {{ ref("int_indicator_levels") }} as levels
    on areas.indicator = levels.indicator
inner join {{ ref("int_region_years") }} as regions
    on levels.region_type = regions.region_type
left join {{ ref("int_region_containment") }} as containment
    on
        regions.classification_year = containment.classification_year
        and regions.region = containment.region
        and areas.area_region = containment.container
where
    regions.region = areas.area_region
    or containment.container is not null
