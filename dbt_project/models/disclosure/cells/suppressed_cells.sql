-- Cells whose figure the platform shows nowhere, and why: a small count of customers, what would
-- give one away by addition or subtraction (`complementary`: whatever notices a complement of
-- complementary_pairs), a rate that is made of such a count, and what its source suppressed.
with counts as (
    select *
    from {{ ref("customer_counts") }}
    where is_published
),

spans as (
    select distinct
        indicator,
        cell_slot,
        period,
        period_start,
        period_end
    from {{ ref("customer_counts") }}
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
        complement,
        indicator,
        classification_year,
        kind,
        leaf as region,
        false as is_rest
    from {{ ref("complementary_pairs") }}
    union all
    select
        complement,
        indicator,
        classification_year,
        kind,
        partner as region,
        kind <> 'cell' as is_rest
    from {{ ref("complementary_pairs") }}
    where partner is not null
),

-- Regions that share territory with a leaf; one that holds a leaf counts its customers.
touched as (
    select
        legs.complement,
        neighbours.neighbour as region,
        case when neighbours.is_inside and made_of.indicator is not null then 1 else 0 end as holds,
        -- The rest of a region lies in none of its parts, but may in what another period reports.
        neighbours.is_inside or not legs.is_rest as shares
    from legs
    inner join {{ ref("region_neighbours") }} as neighbours
        on
            legs.classification_year = neighbours.classification_year
            and legs.region = neighbours.region
    left join made_of
        on
            legs.indicator = made_of.indicator
            and neighbours.neighbour_type = made_of.level_type
            and neighbours.region_type = made_of.part_type
),

-- In the complement's own period whoever holds both leaves does not notice.
noticing as (
    select
        complement,
        region,
        sum(case when shares then holds else 0 end) < 2
        and max(case when shares then 1 else 0 end) = 1 as is_certain
    from touched
    group by complement, region
),

notices as (
    select
        counts.indicator,
        counts.cell_slot,
        counts.region,
        counts.segment,
        counts.period,
        complements.complement
    from {{ ref("complementary_pairs") }} as complements
    inner join meeting
        on
            complements.indicator = meeting.indicator
            and complements.cell_slot = meeting.cell_slot
            and complements.period = meeting.period
    inner join counts
        on
            meeting.indicator = counts.indicator
            and meeting.cell_slot = counts.cell_slot
            and meeting.other_period = counts.period
            -- In another period the second leaf or segment may not be reported, and then the larger
            -- regions and the totals notice as well. Who is in no segment may be in any there.
            and (
                complements.second_segment = '*'
                or counts.segment in (complements.segment, complements.second_segment)
                or (
                    counts.period <> complements.period
                    and (
                        counts.segment = 'total'
                        or '∅' in (complements.segment, complements.second_segment)
                    )
                )
            )
    left join noticing
        on
            complements.complement = noticing.complement
            and counts.region = noticing.region
            and (noticing.is_certain or counts.period <> complements.period)
    -- Of a period whose end lies in another division every region may notice.
    where
        noticing.complement is not null
        or complements.classification_year <> counts.classification_year
),

suppressed_counts as (
    select
        counts.indicator,
        counts.cell_slot,
        counts.region,
        counts.segment,
        counts.period,
        counts.is_suppressed_by_source,
        counts.is_small,
        count(notices.complement) as protects
    from counts
    left join notices
        on
            counts.indicator = notices.indicator
            and counts.cell_slot = notices.cell_slot
            and counts.region = notices.region
            and counts.segment = notices.segment
            and counts.period = notices.period
    where counts.is_small or notices.complement is not null
    group by
        counts.indicator,
        counts.cell_slot,
        counts.region,
        counts.segment,
        counts.period,
        counts.is_suppressed_by_source,
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
    inner join suppressed_counts
        on
            suppressed_counts.indicator in (indicators.numerator, indicators.denominator)
            and observations.region = suppressed_counts.region
            and observations.segment = suppressed_counts.segment
            and observations.period = suppressed_counts.period
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
        when is_suppressed_by_source then 'source'
        when is_small then 'primary'
        else 'complementary'
    end as reason,
    protects
from suppressed_counts
union all
select
    indicator,
    region,
    segment,
    period,
    cell_slot,
    'complementary' as reason,
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
left join suppressed_counts
    on
        observations.indicator = suppressed_counts.indicator
        and observations.region = suppressed_counts.region
        and observations.segment = suppressed_counts.segment
        and observations.period = suppressed_counts.period
        and observations.cell_slot = suppressed_counts.cell_slot
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
    and suppressed_counts.indicator is null
    and rates.indicator is null
