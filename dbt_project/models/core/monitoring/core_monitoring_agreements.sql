-- One row an agreement, and one for each area that has none. What is said of coordinator and groups
-- is how it was on `judged_on`.
with named as (
    select
        region,
        region_type,
        name_fi,
        row_number() over (partition by region order by classification_year desc) as newness
    from {{ ref("int_region_years") }}
),

signing as (
    select distinct region
    from {{ ref("int_agreements") }}
),

areas as (
    select
        named.region,
        named.region_type,
        named.name_fi
    from named
    left join signing
        on named.region = signing.region
    where named.newness = 1 and (named.region_type = 'SS' or signing.region is not null)
),

known_groups as (
    select code
    from {{ ref("words") }}
    where list = 'group'
),

agreements as (
    select
        areas.region,
        areas.region_type,
        areas.name_fi,
        agreements.record_key,
        agreements.signed_on,
        agreements.held_until,
        agreements.unbroken_since,
        agreements.parties,
        agreements.party_count,
        agreements.document_url,
        agreements.source,
        agreements.taken_in_at,
        case
            when agreements.region is null then 'none'
            when agreements.held_until is null or agreements.held_until > {{ today() }}
                then 'in_force'
            when agreements.is_replaced then 'replaced'
            else 'expired'
        end as state,
        row_number() over (
            partition by areas.region order by agreements.signed_on desc
        ) as newness,
        case
            when agreements.held_until <= {{ today() }}
                then {{ add_days("agreements.held_until", -1) }}
            else {{ today() }}
        end as judged_on
    from areas
    left join {{ ref("int_agreements") }} as agreements
        on areas.region = agreements.region
),

days as (
    select distinct
        region,
        judged_on
    from agreements
),

members as (
    select
        days.region,
        days.judged_on,
        memberships.organisation,
        {{ name_key("memberships.organisation") }} as organisation_key,
        memberships.role,
        memberships.network,
        memberships.group_name,
        -- A group with a name of its own is a working group; the other groups of the catalogue are
        -- the steering group and those that meet across areas.
        memberships.group_name is not null
        and (
            memberships.group_name = 'working_group' or known_groups.code is null
        ) as is_working_group
    from days
    inner join {{ current_records("network_members") }} as memberships
        on
            days.region = memberships.region
            and (memberships.valid_from is null or memberships.valid_from <= days.judged_on)
            and (memberships.valid_to is null or memberships.valid_to >= days.judged_on)
    left join known_groups
        on memberships.group_name = known_groups.code
),

-- The organisation in the chair, and whether it also sits there for business.
steering as (
    select
        region,
        judged_on,
        organisation_key,
        min(organisation) as organisation,
        max(case when role = 'chair' then 1 else 0 end) = 1 as is_chair,
        max(case when role = 'business' then 1 else 0 end) = 1 as is_business
    from members
    where group_name = 'steering_group'
    group by region, judged_on, organisation_key
),

steering_groups as (
    select
        region,
        judged_on,
        count(*) as organisations,
        max(case when is_chair then 1 else 0 end) = 1 as has_chair,
        {{ distinct_list("case when is_chair then organisation end", "; ") }} as chair,
        max(case when is_business then 1 else 0 end) = 1 as has_business,
        max(case when is_chair and is_business then 1 else 0 end) = 1 as has_business_chair
    from steering
    group by region, judged_on
),

working_groups as (
    select
        region,
        judged_on,
        count(distinct {{ key_of(["network", "group_name"]) }}) as groups,
        count(distinct organisation_key) as organisations
    from members
    where is_working_group
    group by region, judged_on
),

coordinators as (
    select
        region,
        judged_on,
        {{ distinct_list("organisation", "; ") }} as coordinator
    from members
    where role = 'coordinator'
    group by region, judged_on
),

-- The basic page of the plan names the coordinator too.
planned as (
    select
        days.region,
        days.judged_on,
        plans.coordinator,
        row_number() over (
            partition by days.region, days.judged_on order by plans.year desc
        ) as newness
    from days
    inner join {{ current_records("plan_basics") }} as plans
        on
            days.region = plans.region
            and plans.year <= {{ year_of("days.judged_on") }}
    where plans.coordinator is not null
),

places as (
    select
        region,
        max(case when container_type = 'ELY' then container end) as ely,
        max(case when container_type = 'EVK' then container end) as evk,
        max(case when container_type = 'MK' then container end) as mk,
        {{ at_smallest(
            "told_by",
            "case told_by when 'municipalities' then 0 when 'catalogue' then 1 else 2 end"
        ) }} as placed_by
    from {{ ref("int_contract_area_places") }}
    group by region
)

select
    agreements.region,
    case
        when agreements.signed_on is null then 'none'
        else cast(agreements.signed_on as {{ dbt.type_string() }})
    end as agreement,
    agreements.region_type,
    agreements.name_fi,
    agreements.state,
    agreements.state = 'in_force' as is_in_force,
    agreements.newness = 1 as is_newest,
    agreements.signed_on,
    agreements.held_until as valid_to,
    agreements.unbroken_since,
    case
        when agreements.state = 'in_force'
            then cast({{ dbt.datediff(today(), "agreements.held_until", "day") }} as integer)
    end as days_left,
    agreements.parties,
    agreements.party_count,
    case
        when agreements.signed_on is null then 'no_agreement'
        when agreements.party_count = 0 then 'not_listed'
        when agreements.party_count < 3 then 'too_few'
        else 'enough'
    end as parties_state,
    coalesce(coordinators.coordinator, planned.coordinator) as coordinator,
    case
        when coordinators.coordinator is not null then 'members'
        when planned.coordinator is not null then 'plan'
        else 'nobody'
    end as coordinator_told_by,
    coalesce(coordinators.coordinator, planned.coordinator) is not null as has_coordinator,
    steering_groups.region is not null as has_steering_group,
    cast(coalesce(steering_groups.organisations, 0) as integer) as steering_group_organisations,
    coalesce(steering_groups.has_chair, false) as has_chair,
    steering_groups.chair as chair_organisation,
    case
        when steering_groups.has_chair and steering_groups.has_business
            then steering_groups.has_business_chair
    end as is_chair_from_business,
    cast(coalesce(working_groups.groups, 0) as integer) as working_groups,
    cast(coalesce(working_groups.organisations, 0) as integer) as working_group_organisations,
    working_groups.region is not null as has_working_group,
    agreements.judged_on,
    places.ely,
    places.evk,
    places.mk,
    coalesce(places.placed_by, 'nobody') as placed_by,
    agreements.document_url,
    agreements.source,
    agreements.taken_in_at
from agreements
left join steering_groups
    on
        agreements.region = steering_groups.region
        and agreements.judged_on = steering_groups.judged_on
left join working_groups
    on
        agreements.region = working_groups.region
        and agreements.judged_on = working_groups.judged_on
left join coordinators
    on
        agreements.region = coordinators.region
        and agreements.judged_on = coordinators.judged_on
left join planned
    on
        agreements.region = planned.region
        and agreements.judged_on = planned.judged_on
        and planned.newness = 1
left join places
    on agreements.region = places.region
