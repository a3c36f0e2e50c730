-- No event in a period that a reporter has reported is a zero: one for each of the smallest regions
-- of the indicator inside the reporter's, where nothing was logged or measured for the slot. Where
-- none lies inside, it is one of the region in which the reporter's events would count.
with reported as (
    select
        indicator,
        slot,
        source,
        dataset,
        region,
        region_type,
        period,
        freq,
        period_start,
        period_end,
        {{ classification_year("period_end") }} as classification_year,
        min(log_reported_at) as taken_in_at
    from {{ ref("int_reports") }}
    where log_reported_at is not null
    group by
        indicator,
        slot,
        source,
        dataset,
        region,
        region_type,
        period,
        freq,
        period_start,
        period_end
),

-- The level that everything else is made of.
base_levels as (
    select distinct
        indicator,
        part_type
    from {{ ref("int_level_parts") }}
    where round = 1 and part_type = counts_as
),

inside as (
    select
        reported.*,
        years.region as home,
        years.region_type as home_type
    from reported
    inner join base_levels
        on reported.indicator = base_levels.indicator
    inner join {{ ref("int_region_years") }} as years
        on
            reported.classification_year = years.classification_year
            and base_levels.part_type = years.region_type
    left join {{ ref("int_region_containment") }} as containment
        on
            years.region = containment.region
            and reported.region = containment.container
            and reported.classification_year = containment.classification_year
    where years.region = reported.region or containment.container is not null
),

places as (
    select
        own.classification_year,
        own.region as duty_region,
        own.region,
        own.region_type,
        levels.indicator,
        levels.level_rank
    from {{ ref("int_region_years") }} as own
    inner join {{ ref("int_indicator_levels") }} as levels
        on own.region_type = levels.region_type
    union all
    select
        containment.classification_year,
        containment.region as duty_region,
        containment.container as region,
        containment.container_type as region_type,
        levels.indicator,
        levels.level_rank
    from {{ ref("int_region_containment") }} as containment
    inner join {{ ref("int_indicator_levels") }} as levels
        on containment.container_type = levels.region_type
),

around as (
    select
        reported.*,
        places.region as home,
        places.region_type as home_type,
        row_number() over (
            partition by reported.indicator, reported.source, reported.region, reported.period
            order by places.level_rank, places.region
        ) as place_rank
    from reported
    inner join places
        on
            reported.indicator = places.indicator
            and reported.region = places.duty_region
            and reported.classification_year = places.classification_year
    left join inside
        on
            reported.indicator = inside.indicator
            and reported.source = inside.source
            and reported.region = inside.region
            and reported.period = inside.period
    where inside.region is null
),

homes as (
    select
        indicator,
        slot,
        source,
        dataset,
        home,
        home_type,
        period,
        freq,
        period_start,
        period_end,
        taken_in_at
    from inside
    union all
    select
        indicator,
        slot,
        source,
        dataset,
        home,
        home_type,
        period,
        freq,
        period_start,
        period_end,
        taken_in_at
    from around
    where place_rank = 1
),

-- Of a slot that two sources share one zero is enough.
ranked as (
    select
        homes.*,
        slots.preference,
        row_number() over (
            partition by homes.indicator, homes.slot, homes.home, homes.period
            order by slots.preference, homes.taken_in_at, homes.source
        ) as zero_rank
    from homes
    inner join {{ ref("int_slots") }} as slots
        on
            homes.indicator = slots.indicator
            and homes.source = slots.source
)

select
    ranked.indicator,
    ranked.slot,
    ranked.source,
    ranked.preference,
    ranked.dataset,
    ranked.home as region,
    ranked.home_type as region_type,
    ranked.period,
    ranked.freq,
    ranked.period_start,
    ranked.period_end,
    ranked.taken_in_at
from ranked
left join {{ ref("int_candidates") }} as candidates
    on
        ranked.indicator = candidates.indicator
        and ranked.slot = candidates.slot
        and ranked.home = candidates.region
        and ranked.period = candidates.period
        and candidates.segment = 'total'
where ranked.zero_rank = 1 and candidates.indicator is null
