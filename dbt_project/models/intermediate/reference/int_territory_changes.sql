-- Regions that kept their code and got another territory, with the day. A territory is compared in
-- municipalities that never change: those merged into another stay part of it, so a merger changes
-- the successor and no region above both.
with recursive mergers as (
    select
        region,
        successor,
        effective_on
    from {{ ref("region_changes") }}
    where change = 'merger'
),

absorbed as (
    select
        successor as municipality,
        region as part,
        effective_on
    from mergers
    union
    select
        mergers.successor as municipality,
        absorbed.part,
        greatest(mergers.effective_on, absorbed.effective_on) as effective_on
    from absorbed
    inner join mergers
        on absorbed.municipality = mergers.region
),

territories as (
    select
        classification_year,
        region,
        municipality as part
    from {{ ref("int_region_municipalities") }}
    union
    select
        members.classification_year,
        members.region,
        absorbed.part
    from {{ ref("int_region_municipalities") }} as members
    inner join absorbed
        on
            members.municipality = absorbed.municipality
            and absorbed.effective_on <= {{ make_day("members.classification_year", 1, 1) }}
),

-- A region that is new, or whose municipalities were not on record the year before, has not
-- changed.
continued as (
    select distinct
        later.classification_year,
        later.region
    from territories as later
    inner join territories as earlier
        on
            later.region = earlier.region
            and later.classification_year = earlier.classification_year + 1
),

differences as (
    select
        continued.classification_year,
        continued.region,
        later.part,
        'gained' as difference
    from continued
    inner join territories as later
        on
            continued.classification_year = later.classification_year
            and continued.region = later.region
    left join territories as earlier
        on
            later.region = earlier.region
            and later.part = earlier.part
            and later.classification_year = earlier.classification_year + 1
    where earlier.part is null
    union all
    select
        continued.classification_year,
        continued.region,
        earlier.part,
        'lost' as difference
    from continued
    inner join territories as earlier
        on
            continued.classification_year = earlier.classification_year + 1
            and continued.region = earlier.region
    left join territories as later
        on
            earlier.region = later.region
            and earlier.part = later.part
            and later.classification_year = earlier.classification_year + 1
    where later.part is null
)

select
    differences.region,
    {{ make_day("differences.classification_year", 1, 1) }} as effective_on,
    {{ distinct_list("case when differences.difference = 'gained' then differences.part end") }}
        as gained,
    {{ distinct_list("case when differences.difference = 'lost' then differences.part end") }}
        as lost
from differences
group by differences.classification_year, differences.region
