-- Every region in every classification year in which it is valid on 1 January; the year is the
-- third part of a region's key, because codes and territories change.
with years as (
    select n as classification_year
    from {{ integers(var("first_classification_year"), year_of(today())) }} as numbers
)

select
    years.classification_year,
    regions.region,
    regions.region_type,
    regions.code,
    regions.name_fi,
    regions.name_sv,
    regions.name_en,
    regions.valid_from,
    regions.valid_to
from {{ ref("regions") }} as regions
inner join years
    on
        (
            regions.valid_from is null
            or regions.valid_from <= {{ make_day("years.classification_year", 1, 1) }}
        )
        and (
            regions.valid_to is null
            or regions.valid_to > {{ make_day("years.classification_year", 1, 1) }}
        )
