-- How many contract areas had an agreement in force, in the whole country and in each area around
-- them: one row for each span of days in which the count stays the same.
with contract_areas as (
    select distinct region
    from {{ ref("int_region_years") }}
    where region_type = 'SS'
),

placed as (
    select
        'SSS' as container,
        'SSS' as container_type,
        region
    from contract_areas
    union all
    select
        places.container,
        places.container_type,
        places.region
    from {{ ref("int_contract_area_places") }} as places
    inner join contract_areas
        on places.region = contract_areas.region
),

containers as (
    select distinct
        container,
        container_type
    from placed
),

-- A contract area of which nobody says in which region of a type it lies may lie in each of them.
members as (
    select
        containers.container,
        containers.container_type,
        contract_areas.region,
        placed.region is not null as is_placed
    from containers
    cross join contract_areas
    left join placed
        on
            containers.container = placed.container
            and contract_areas.region = placed.region
    left join placed as elsewhere
        on
            containers.container_type = elsewhere.container_type
            and contract_areas.region = elsewhere.region
    where placed.region is not null or elsewhere.region is null
),

sizes as (
    select
        container,
        container_type,
        count(case when is_placed then 1 end) as areas,
        count(case when not is_placed then 1 end) as areas_unplaced
    from members
    group by container, container_type
),

-- ELY centres ended when the development centres began.
lives as (
    select
        region,
        min(name_fi) as name_fi,
        case when count(*) = count(valid_from) then min(valid_from) end as valid_from,
        case when count(*) = count(valid_to) then max(valid_to) end as valid_to
    from {{ ref("int_region_years") }}
    group by region
),

agreements as (
    select
        members.container,
        members.is_placed,
        agreements.region,
        agreements.signed_on,
        agreements.held_until,
        agreements.party_count
    from {{ ref("int_agreements") }} as agreements
    inner join members
        on agreements.region = members.region
),

-- The day from which agreements are reported at all.
started as (
    select min(signed_on) as day
    from agreements
),

-- The days on which a count may change; without any agreement there is today.
days as (
    select
        container,
        signed_on as day
    from agreements
    union
    select
        container,
        held_until as day
    from agreements
    union
    select
        sizes.container,
        lives.valid_from as day
    from sizes
    inner join lives
        on sizes.container = lives.region
    union
    select
        sizes.container,
        coalesce(started.day, {{ today() }}) as day
    from sizes
    cross join started
),

spans as (
    select
        days.container,
        days.day as valid_from,
        coalesce(
            lead(days.day) over (partition by days.container order by days.day), lives.valid_to
        ) as valid_to
    from days
    inner join lives
        on days.container = lives.region
    where
        days.day <= {{ today() }}
        and (lives.valid_from is null or days.day >= lives.valid_from)
        and (lives.valid_to is null or days.day < lives.valid_to)
),

counted as (
    select
        spans.container,
        spans.valid_from,
        spans.valid_to,
        count(distinct case when agreements.is_placed then agreements.region end)
            as areas_in_force,
        count(distinct case when not agreements.is_placed then agreements.region end)
            as unplaced_in_force,
        count(
            distinct case
                when agreements.is_placed and agreements.party_count between 1 and 2
                    then agreements.region
            end
        ) as areas_with_few_parties
    from spans
    left join agreements
        on
            spans.container = agreements.container
            and agreements.signed_on <= spans.valid_from
            and (agreements.held_until is null or agreements.held_until > spans.valid_from)
    group by spans.container, spans.valid_from, spans.valid_to
)

select
    counted.container as region,
    counted.valid_from,
    counted.valid_to,
    sizes.container_type as region_type,
    lives.name_fi,
    cast(sizes.areas as integer) as areas,
    cast(counted.areas_in_force as integer) as areas_in_force,
    cast(sizes.areas - counted.areas_in_force as integer) as areas_without,
    counted.areas_in_force / cast(sizes.areas as double) as share_in_force,
    cast(counted.areas_with_few_parties as integer) as areas_with_few_parties,
    cast(sizes.areas_unplaced as integer) as areas_unplaced,
    case
        when counted.areas_in_force < sizes.areas then false
        when counted.unplaced_in_force = sizes.areas_unplaced then true
    end as is_in_full,
    counted.valid_to is null as is_current
from counted
inner join sizes
    on counted.container = sizes.container
inner join lives
    on counted.container = lives.region
