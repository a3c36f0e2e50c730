-- The municipalities of each contract area by classification year: those of the newest agreement
-- that names them and held on some day of the year, else those of the catalogue. An area of which
-- neither says any has an unknown territory in the year.
with years as (
    select distinct classification_year
    from {{ ref("int_region_years") }}
),

stated as (
    select
        years.classification_year,
        agreements.region,
        replace(agreements.municipalities, ';', ' ') as municipalities,
        1 as authority,
        agreements.signed_on as stated_on
    from {{ ref("int_agreements") }} as agreements
    inner join years
        on
            agreements.signed_on < {{ make_day("years.classification_year + 1", 1, 1) }}
            and (
                agreements.held_until is null
                or agreements.held_until > {{ make_day("years.classification_year", 1, 1) }}
            )
    where agreements.municipalities is not null
    union all
    select
        years.classification_year,
        areas.region,
        areas.municipalities,
        2 as authority,
        areas.valid_from as stated_on
    from {{ ref("contract_areas") }} as areas
    inner join years
        on
            (
                areas.valid_from is null
                or areas.valid_from <= {{ make_day("years.classification_year", 1, 1) }}
            )
            and (
                areas.valid_to is null
                or areas.valid_to > {{ make_day("years.classification_year", 1, 1) }}
            )
    where areas.municipalities is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by classification_year, region
            order by authority, stated_on desc
        ) as authority_rank
    from stated
),

newest as (
    select
        classification_year,
        region,
        municipalities
    from ranked
    where authority_rank = 1
)

select distinct
    listed.classification_year,
    listed.region,
    listed.municipality
from {{ words("newest", ["classification_year", "region"], "municipalities", "municipality") }}
    as listed
inner join {{ ref("int_region_years") }} as areas
    on
        listed.classification_year = areas.classification_year
        and listed.region = areas.region
        and areas.region_type = 'SS'
-- One that has been merged since is of its own time only.
inner join {{ ref("int_region_years") }} as municipalities
    on
        listed.classification_year = municipalities.classification_year
        and listed.municipality = municipalities.region
        and municipalities.region_type = 'KU'
