-- For which regions each slot of an indicator applies in a classification year. A region that has
-- ended applies only if the indicator was ever measured for it: most offices give the past in the
-- newest division, and then a merged municipality was never measured on its own (not a gap).
with measured as (
    select distinct
        indicator,
        region
    from {{ ref("int_candidates") }}
    where obs_status <> 'M'
)

select
    slots.indicator,
    slots.slot,
    slots.classification_year,
    slots.region,
    slots.region_type
from {{ ref("int_slot_regions") }} as slots
inner join {{ ref("int_region_years") }} as years
    on
        slots.classification_year = years.classification_year
        and slots.region = years.region
left join measured
    on
        slots.indicator = measured.indicator
        and slots.region = measured.region
where
    years.valid_to is null
    or years.valid_to > {{ today() }}
    or measured.region is not null
