-- Which share of the expected reporters has reported, region by region: those whose regions lie in
-- the region, or around it. Each organisation counts once, however large: of its regions the share
-- that it has reported. A period that is not over nobody has reported whole. Where everybody has
-- reported, but of a sub-region inside nobody is known to be expected, the share is unknown: a duty
-- in one region does not make the country complete.
with places as (
    select
        reports.indicator,
        reports.source,
        reports.organisation,
        reports.contact_role,
        reports.region as place,
        reports.region,
        reports.period,
        {{ classification_year("reports.period_end") }} as classification_year,
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
        {{ classification_year("reports.period_end") }} as classification_year,
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
        {{ classification_year("reports.period_end") }} as classification_year,
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
),

owed as (
    select distinct
        indicator,
        place,
        period,
        classification_year
    from places
),

nobody_expected as (
    select distinct
        owed.indicator,
        owed.place,
        owed.period
    from owed
    inner join {{ ref("int_region_containment") }} as parts
        on
            owed.place = parts.container
            and owed.classification_year = parts.classification_year
    inner join {{ ref("int_region_types") }} as regions
        on parts.region = regions.region and regions.region_type = 'SK'
    left join owed as owed_inside
        on
            parts.region = owed_inside.place
            and owed.indicator = owed_inside.indicator
            and owed.period = owed_inside.period
    where owed_inside.place is null
)

select
    reporters.indicator,
    reporters.place as region,
    reporters.period,
    cast(count(*) as integer) as reporters_expected,
    {{ distinct_list("case when reporters.reported < 1 then reporters.organisation end", "; ") }}
        as missing_organisations,
    {{ distinct_list("case when reporters.reported < 1 then reporters.contact_role end", "; ") }}
        as missing_contact_roles,
    case
        when sum(reporters.reported) < count(*) or max(nobody_expected.place) is null
            then sum(reporters.reported) / count(*)
    end as coverage_share
from reporters
left join nobody_expected
    on
        reporters.indicator = nobody_expected.indicator
        and reporters.place = nobody_expected.place
        and reporters.period = nobody_expected.period
group by reporters.indicator, reporters.place, reporters.period
