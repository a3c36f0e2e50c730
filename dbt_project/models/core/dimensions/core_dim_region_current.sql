-- The newest row of each region: today's of one that exists, the last one of one that has ended.
with newest as (
    select
        region,
        max(classification_year) as classification_year
    from {{ ref("core_dim_region") }}
    group by region
)

select
    regions.region,
    regions.region_type,
    regions.code,
    regions.name_fi,
    regions.name_sv,
    regions.name_en,
    regions.valid_from,
    regions.valid_to,
    regions.classification_year,
    regions.is_newest as is_current,
    {%- for above in ["sk", "mk", "ta", "ss", "ely", "evk"] %}
    regions.{{ above }},
    {%- endfor %}
    sub_regions.name_fi as sk_name_fi,
    sub_regions.name_sv as sk_name_sv,
    maakunnat.name_fi as mk_name_fi,
    maakunnat.name_sv as mk_name_sv
from {{ ref("core_dim_region") }} as regions
inner join newest
    on
        regions.region = newest.region
        and regions.classification_year = newest.classification_year
left join {{ ref("core_dim_region") }} as sub_regions
    on
        regions.classification_year = sub_regions.classification_year
        and coalesce(regions.sk, case when regions.region_type = 'SK' then regions.region end)
        = sub_regions.region
left join {{ ref("core_dim_region") }} as maakunnat
    on
        regions.classification_year = maakunnat.classification_year
        and coalesce(regions.mk, case when regions.region_type = 'MK' then regions.region end)
        = maakunnat.region
