-- Of whom the annual clock expects something, and when. An area is bound by its agreement; an
-- area that has delivered a plan or a meeting itself takes part as well, from the year of the first
-- one on. Where it had an agreement that ended, only to the last year for which it delivered,
-- because an agreement that has run out says that it left. The whole country is expected as long as
-- anybody is.
with agreements as (
    select
        region,
        signed_on,
        valid_to,
        lead(signed_on) over (partition by region order by signed_on) as replaced_on
    from {{ current_records("agreements") }} as records
    where region <> 'SSS'
),

in_force as (
    select
        region,
        signed_on as valid_from,
        -- The last day of an agreement is included, the end of a span is not.
        case
            when replaced_on <= {{ add_days("valid_to", 1) }} or valid_to is null then replaced_on
            else {{ add_days("valid_to", 1) }}
        end as valid_to
    from agreements
),

-- An agreement that takes over from the one before is no interruption.
marked as (
    select
        *,
        case
            when
                lag(valid_to) over (partition by region order by valid_from) >= valid_from
                then 0
            else 1
        end as begins
    from in_force
),

numbered as (
    select
        *,
        sum(begins) over (partition by region order by valid_from) as span
    from marked
),

agreed as (
    select
        region,
        min(valid_from) as valid_from,
        case when count(*) = count(valid_to) then max(valid_to) end as valid_to
    from numbered
    group by region, span
),

groups as (
    select distinct
        group_name,
        level
    from {{ ref("annual_clock") }}
    where expects = 'meeting'
),

delivered as (
    select
        region,
        year as delivered_year
    from {{ current_records("plan_basics") }} as records
    union
    select
        region,
        year as delivered_year
    from {{ current_records("plan_items") }} as records
    union
    -- What the clock does not know, a project group for instance, makes nobody a part of it.
    select
        records.region,
        {{ year_of("records.planned_on") }} as delivered_year
    from {{ current_records("meetings") }} as records
    inner join groups
        on
            records.group_name = groups.group_name
            and groups.level = case when records.region = 'SSS' then 'national' else 'area' end
),

active as (
    select
        region,
        {{ make_day("min(delivered_year)", 1, 1) }} as valid_from,
        {{ make_day("max(delivered_year) + 1", 1, 1) }} as after_last
    from delivered
    group by region
),

bound as (
    select distinct region
    from agreed
),

areas as (
    select
        region,
        'agreement' as basis,
        valid_from,
        valid_to
    from agreed
    union all
    select
        active.region,
        'delivery' as basis,
        active.valid_from,
        case when bound.region is not null then active.after_last end as valid_to
    from active
    left join bound
        on active.region = bound.region
    where active.region <> 'SSS'
),

lasting as (
    select
        areas.region,
        areas.basis,
        areas.valid_from,
        case
            when areas.valid_to is null or regions.ended_on < areas.valid_to then regions.ended_on
            else areas.valid_to
        end as valid_to
    from areas
    left join {{ ref("int_region_types") }} as regions
        on areas.region = regions.region
),

spans as (
    select
        region,
        'area' as level,
        basis,
        valid_from,
        valid_to
    from lasting
    union all
    select
        'SSS' as region,
        'national' as level,
        'network' as basis,
        min(valid_from) as valid_from,
        case when count(*) = count(valid_to) then max(valid_to) end as valid_to
    from lasting
    having count(*) > 0
    union all
    select
        region,
        'national' as level,
        'delivery' as basis,
        valid_from,
        cast(null as date) as valid_to
    from active
    where region = 'SSS'
)

select
    region,
    level,
    basis,
    valid_from,
    valid_to
from spans
where valid_to is null or valid_from < valid_to
