-- Cells whose figure the platform shows nowhere, and why: a small count of customers, what would
-- give one away by addition or subtraction (`secondary`: whatever notices a swap of
-- int_count_swaps), a rate that is made of such a count, and what its source withheld.
with counts as (
    select *
    from {{ ref("int_customer_counts") }}
    where is_published
),

spans as (
    select distinct
        indicator,
        cell_slot,
        period,
        period_start,
        period_end
    from {{ ref("int_customer_counts") }}
),

-- Whatever is counted in an instant of a period is counted in every period that has the instant.
meeting as (
    select
        spans.indicator,
        spans.cell_slot,
        spans.period,
        others.period as other_period
    from spans
    inner join spans as others
        on
            spans.indicator = others.indicator
            and spans.cell_slot = others.cell_slot
            and spans.period_start < others.period_end
            and others.period_start < spans.period_end
),

-- Of which levels a level is made, at any depth, and of itself: a figure that a source reports of
-- an employment area shows in no roll-up from sub-regions, whatever lies inside what. Nor may one
-- of a level of which events alone are rolled up.
made_of as (
    {% for depth in range(4) %}
    select
        levels.indicator,
        levels.region_type as level_type,
        {{ "parts_" ~ depth ~ ".part_type" if depth else "levels.region_type" }} as part_type
    from {{ ref("int_indicator_levels") }} as levels
    {% for step in range(1, depth + 1) %}
    inner join {{ ref("int_level_parts") }} as parts_{{ step }}
        on
            levels.indicator = parts_{{ step }}.indicator
            and {{ "parts_" ~ (step - 1) ~ ".part_type" if step > 1 else "levels.region_type" }}
            = parts_{{ step }}.target_type
            and coalesce(parts_{{ step }}.counts_as, parts_{{ step }}.part_type)
            = parts_{{ step }}.part_type
    {% endfor %}
    {% if not loop.last %}
    union
    {% endif %}
    {% endfor %}
),

legs as (
    select
        swap,
        indicator,
        classification_year,
        kind,
        leaf as region,
        false as is_rest
    from {{ ref("int_count_swaps") }}
    union all
    select
        swap,
        indicator,
        classification_year,
        kind,
        partner as region,
        kind <> 'cell' as is_rest
    from {{ ref("int_count_swaps") }}
    where partner is not null
),

-- Regions that share territory with a leaf of a swap; one that holds a leaf counts its customers.
touched as (
    select
        legs.swap,
        neighbours.neighbour as region,
        case when neighbours.is_inside and made_of.indicator is not null then 1 else 0 end as holds,
        -- The rest of a region lies in none of its parts, but may in what another period reports.
        neighbours.is_inside or not legs.is_rest as shares
    from legs
    inner join {{ ref("int_region_neighbours") }} as neighbours
        on
            legs.classification_year = neighbours.classification_year
            and legs.region = neighbours.region
    left join made_of
        on
            legs.indicator = made_of.indicator
            and neighbours.neighbour_type = made_of.level_type
            and neighbours.region_type = made_of.part_type
),

-- In the swap's own period whoever holds both leaves does not notice.
noticing as (
    select
        swap,
        region,
        sum(case when shares then holds else 0 end) < 2
        and max(case when shares then 1 else 0 end) = 1 as is_certain
    from touched
    group by swap, region
),

notices as (
    select
        counts.indicator,
        counts.cell_slot,
        counts.region,
        counts.segment,
        counts.period,
        swaps.swap
    from {{ ref("int_count_swaps") }} as swaps
    inner join meeting
        on
            swaps.indicator = meeting.indicator
            and swaps.cell_slot = meeting.cell_slot
            and swaps.period = meeting.period
    inner join counts
        on
            meeting.indicator = counts.indicator
            and meeting.cell_slot = counts.cell_slot
            and meeting.other_period = counts.period
            -- In another period the second leaf or segment may not be reported, and then the larger
            -- regions and the totals notice as well. Who is in no segment may be in any there.
            and (
                swaps.second_segment = '*'
                or counts.segment in (swaps.segment, swaps.second_segment)
                or (
                    counts.period <> swaps.period
                    and (
                        counts.segment = 'total' or '∅' in (swaps.segment, swaps.second_segment)
                    )
                )
            )
    left join noticing
        on
            swaps.swap = noticing.swap
            and counts.region = noticing.region
            and (noticing.is_certain or counts.period <> swaps.period)
    -- Of a period whose end lies in another division every region may notice.
    where noticing.swap is not null or swaps.classification_year <> counts.classification_year
),

withheld_counts as (
    select
        counts.indicator,
        counts.cell_slot,
        counts.region,
        counts.segment,
        counts.period,
        counts.is_withheld_by_source,
        counts.is_small,
        count(notices.swap) as protects
    from counts
    left join notices
        on
            counts.indicator = notices.indicator
            and counts.cell_slot = notices.cell_slot
            and counts.region = notices.region
            and counts.segment = notices.segment
            and counts.period = notices.period
    where counts.is_small or notices.swap is not null
    group by
        counts.indicator,
        counts.cell_slot,
        counts.region,
        counts.segment,
        counts.period,
        counts.is_withheld_by_source,
        counts.is_small
),

rates as (
    select
        observations.indicator,
        observations.cell_slot,
        observations.region,
        observations.segment,
        observations.period,
        count(*) as protects
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("int_indicators") }} as indicators
        on observations.indicator = indicators.indicator
    inner join withheld_counts
        on
            withheld_counts.indicator in (indicators.numerator, indicators.denominator)
            and observations.region = withheld_counts.region
            and observations.segment = withheld_counts.segment
            and observations.period = withheld_counts.period
    group by
        observations.indicator,
        observations.cell_slot,
        observations.region,
        observations.segment,
        observations.period
)

select
    indicator,
    region,
    segment,
    period,
    cell_slot,
    case
        when is_withheld_by_source then 'source'
        when is_small then 'small_count'
        else 'secondary'
    end as reason,
    protects
from withheld_counts
union all
select
    indicator,
    region,
    segment,
    period,
    cell_slot,
    'secondary' as reason,
    protects
from rates
union all
select
    observations.indicator,
    observations.region,
    observations.segment,
    observations.period,
    observations.cell_slot,
    'source' as reason,
    0 as protects
from {{ ref("int_observations") }} as observations
left join withheld_counts
    on
        observations.indicator = withheld_counts.indicator
        and observations.region = withheld_counts.region
        and observations.segment = withheld_counts.segment
        and observations.period = withheld_counts.period
        and observations.cell_slot = withheld_counts.cell_slot
left join rates
    on
        observations.indicator = rates.indicator
        and observations.region = rates.region
        and observations.segment = rates.segment
        and observations.period = rates.period
        and observations.cell_slot = rates.cell_slot
where
    observations.value is null
    and {{ is_suppressed("observations.obs_status", "observations.is_confidential") }}
    and withheld_counts.indicator is null
    and rates.indicator is null
