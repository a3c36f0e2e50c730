-- Which share of the expected reporters has reported, region by region: those whose regions lie in
-- the region, or around it. Each organisation counts once, however large: of its regions the share
-- that it has reported. A period that is not over nobody has reported whole.
with places as (
    select
        reports.indicator,
        reports.source,
        reports.organisation,
        reports.contact_role,
        reports.region as place,
        reports.region,
        reports.period,
        reports.is_reported
    from {{ ref("int_reports") }} as reports
    union
    select
        reports.indicator,
        reports.source,
        reports.organisation,
        reports.contact_role,
        around.container as place,
        reports.region,
        reports.period,
        reports.is_reported
    from {{ ref("int_reports") }} as reports
    inner join {{ ref("int_region_containment") }} as around
        on
            reports.region = around.region
            and {{ classification_year("reports.period_end") }} = around.classification_year
    union
    select
        reports.indicator,
        reports.source,
        reports.organisation,
        reports.contact_role,
        inside.region as place,
        reports.region,
        reports.period,
        reports.is_reported
    from {{ ref("int_reports") }} as reports
    inner join {{ ref("int_region_containment") }} as inside
        on
            reports.region = inside.container
            and {{ classification_year("reports.period_end") }} = inside.classification_year
),

regions_of_reporters as (
    select
        indicator,
        place,
        period,
        source,
        organisation,
        region,
        max(contact_role) as contact_role,
        max(case when is_reported then 1.0 else 0.0 end) as reported
    from places
    group by indicator, place, period, source, organisation, region
),

reporters as (
    select
        indicator,
        place,
        period,
        source,
        organisation,
        max(contact_role) as contact_role,
        avg(reported) as reported
    from regions_of_reporters
    group by indicator, place, period, source, organisation
)

select
    indicator,
    place as region,
    period,
    cast(count(*) as integer) as reporters_expected,
    {{ distinct_list("case when reported < 1 then organisation end", "; ") }}
        as missing_organisations,
    {{ distinct_list("case when reported < 1 then contact_role end", "; ") }}
        as missing_contact_roles,
    sum(reported) / count(*) as coverage_share
from reporters
group by indicator, place, period
