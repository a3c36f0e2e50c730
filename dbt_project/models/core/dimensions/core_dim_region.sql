-- noqa: disable=LT02
{%- set region_types = ["SK", "MK", "TA", "SS", "ELY", "EVK", "NUTS3", "NUTS2", "NUTS1", "SSS"] %}
with territories as (
    select
        classification_year,
        region,
        cast(count(*) as integer) as municipalities
    from {{ ref("int_region_municipalities") }}
    group by classification_year, region
),

containers as (
    select
        classification_year,
        region,
        {%- for region_type in region_types %}
        max(case when container_type = '{{ region_type }}' then container end)
            as {{ region_type | lower }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref("int_region_containment") }}
    group by classification_year, region
)

select
    regions.region,
    regions.classification_year,
    regions.region_type,
    regions.code,
    regions.name_fi,
    regions.name_sv,
    regions.name_en,
    regions.valid_from,
    regions.valid_to,
    {%- for region_type in region_types %}
    containers.{{ region_type | lower }},
    {%- endfor %}
    coalesce(territories.municipalities, 0) as municipalities,
    regions.classification_year = max(regions.classification_year) over () as is_newest
from {{ ref("int_region_years") }} as regions
left join containers
    on
        regions.classification_year = containers.classification_year
        and regions.region = containers.region
left join territories
    on
        regions.classification_year = territories.classification_year
        and regions.region = territories.region
