-- Additive values rolled up level by level, slot by slot: sub-regions from municipalities, regions
-- from sub-regions, the country from regions. A part is what its source published, or else its own
-- roll-up, so that a figure published for a level counts there and everywhere above. What was
-- logged as events of a region itself adds to what its parts hold.
--
-- `coverage_share` is the share of applicable parts that have a value, a part that is itself
-- incomplete counting by its share. Where events are logged, a part without an entry is a zero, not
-- a gap, but one that was delivered without a value is. A
-- roll-up without a single part is no row, never a zero.
{% set rounds = [
    ["SS", "SK", "TA", "NUTS3"],
    ["MK"],
    ["ELY", "EVK", "NUTS2", "NUTS1", "SSS"],
] %}
with expected_parts as (
    select
        applicable.indicator,
        applicable.slot,
        applicable.classification_year,
        applicable.region_type as part_type,
        containment.container as region,
        count(*) as parts
    from {{ ref("int_applicable_regions") }} as applicable
    inner join {{ ref("int_region_containment") }} as containment
        on
            applicable.classification_year = containment.classification_year
            and applicable.region = containment.region
    group by
        applicable.indicator,
        applicable.slot,
        applicable.classification_year,
        applicable.region_type,
        containment.container
),

values_0 as (
    select
        candidates.indicator,
        candidates.slot,
        candidates.segment,
        candidates.period,
        candidates.freq,
        candidates.period_start,
        candidates.period_end,
        candidates.region,
        candidates.region_type,
        candidates.net_value as value,
        candidates.value as gross_value,
        candidates.source,
        candidates.source as sources,
        candidates.preference,
        statuses.precedence,
        candidates.taken_in_at,
        candidates.dataset_rank < 3 as is_published,
        candidates.dataset_rank = 3 as has_events,
        case when candidates.net_value is null then 0.0 else 1.0 end as coverage_share,
        {{ classification_year("candidates.period_end") }} as classification_year
    from {{ ref("int_slot_candidates") }} as candidates
    inner join {{ ref("int_indicators") }} as indicators
        on candidates.indicator = indicators.indicator
    left join {{ ref("obs_statuses") }} as statuses
        on candidates.obs_status = statuses.obs_status
    where candidates.slot_rank = 1 and indicators.additivity = 'additive'
),
{% for types in rounds %}
{% set before = loop.index0 %}
{% set now = loop.index %}
summed_{{ now }} as (
    select
        parts.indicator,
        parts.slot,
        parts.segment,
        parts.period,
        parts.freq,
        parts.period_start,
        parts.period_end,
        parts.classification_year,
        containment.container as region,
        containment.container_type as region_type,
        parts.region_type as part_type,
        sum(parts.value) as value,
        sum(parts.gross_value) as gross_value,
        count(*) as parts_delivered,
        count(parts.value) as parts_with_value,
        sum(parts.coverage_share) as parts_covered,
        max(case when parts.has_events then 1 else 0 end) = 1 as has_events,
        {{ at_smallest(
            "case when parts.value is not null then parts.source end", "parts.preference"
        ) }} as source,
        {{ merged_lists("case when parts.value is not null then parts.sources end") }} as sources,
        min(case when parts.value is not null then parts.preference end) as preference,
        min(case when parts.value is not null then parts.precedence end) as precedence,
        max(case when parts.value is not null then parts.taken_in_at end) as taken_in_at
    from values_{{ before }} as parts
    inner join {{ ref("int_region_containment") }} as containment
        on
            parts.classification_year = containment.classification_year
            and parts.region = containment.region
    inner join {{ ref("int_level_parts") }} as level_parts
        on
            parts.indicator = level_parts.indicator
            and parts.region_type = level_parts.part_type
            and containment.container_type = level_parts.target_type
    where
        level_parts.target_type in (
            {% for type in types %}
            '{{ type }}'{{ "" if loop.last else "," }}
            {% endfor %}
        )
    group by
        parts.indicator,
        parts.slot,
        parts.segment,
        parts.period,
        parts.freq,
        parts.period_start,
        parts.period_end,
        parts.classification_year,
        containment.container,
        containment.container_type,
        parts.region_type
    having count(parts.value) > 0
),

rolled_{{ now }} as (
    select
        summed.*,
        greatest(coalesce(expected_parts.parts, 0), summed.parts_with_value) as parts_expected,
        case
            when summed.has_events then summed.parts_covered / summed.parts_delivered
            else
                summed.parts_covered
                / greatest(coalesce(expected_parts.parts, 0), summed.parts_with_value)
        end as coverage_share
    from summed_{{ now }} as summed
    left join expected_parts
        on
            summed.indicator = expected_parts.indicator
            and summed.slot = expected_parts.slot
            and summed.classification_year = expected_parts.classification_year
            and summed.part_type = expected_parts.part_type
            and summed.region = expected_parts.region
),
{% if not loop.last %}
-- What the next levels are made of: published figures stay; events of the region itself and what
-- its parts hold are added.
contributions_{{ now }} as (
    select
        indicator,
        slot,
        segment,
        period,
        freq,
        period_start,
        period_end,
        region,
        region_type,
        value,
        gross_value,
        source,
        sources,
        preference,
        precedence,
        taken_in_at,
        is_published,
        has_events,
        coverage_share,
        classification_year
    from values_{{ before }}
    union all
    select
        rolled.indicator,
        rolled.slot,
        rolled.segment,
        rolled.period,
        rolled.freq,
        rolled.period_start,
        rolled.period_end,
        rolled.region,
        rolled.region_type,
        rolled.value,
        rolled.gross_value,
        rolled.source,
        rolled.sources,
        rolled.preference,
        rolled.precedence,
        rolled.taken_in_at,
        false as is_published,
        rolled.has_events,
        rolled.coverage_share,
        rolled.classification_year
    from rolled_{{ now }} as rolled
    where not exists (
        select 1
        from values_{{ before }} as published
        where
            published.is_published
            and published.indicator = rolled.indicator
            and published.slot = rolled.slot
            and published.segment = rolled.segment
            and published.period = rolled.period
            and published.region = rolled.region
    )
),

values_{{ now }} as (
    select
        indicator,
        slot,
        segment,
        period,
        freq,
        period_start,
        period_end,
        region,
        region_type,
        sum(value) as value,
        sum(gross_value) as gross_value,
        {{ at_smallest("source", "preference") }} as source,
        {{ merged_lists("sources") }} as sources,
        min(preference) as preference,
        min(precedence) as precedence,
        max(taken_in_at) as taken_in_at,
        max(case when is_published then 1 else 0 end) = 1 as is_published,
        max(case when has_events then 1 else 0 end) = 1 as has_events,
        -- Events of the region itself are complete; what its parts hold may not be.
        min(coverage_share) as coverage_share,
        classification_year
    from contributions_{{ now }}
    group by
        indicator,
        slot,
        segment,
        period,
        freq,
        period_start,
        period_end,
        region,
        region_type,
        classification_year
),
{% endif %}
{% endfor %}
rolled as (
    {% for _ in rounds %}
    {% if not loop.first %}
    union all
    {% endif %}
    select *
    from rolled_{{ loop.index }}
    {% endfor %}
)

select
    rolled.indicator,
    rolled.slot,
    rolled.segment,
    rolled.period,
    rolled.freq,
    rolled.period_start,
    rolled.period_end,
    rolled.region,
    rolled.region_type,
    rolled.value,
    rolled.gross_value,
    rolled.parts_with_value,
    rolled.parts_expected,
    rolled.coverage_share,
    rolled.has_events,
    rolled.source,
    rolled.sources,
    rolled.preference,
    coalesce(statuses.obs_status, 'A') as obs_status,
    rolled.taken_in_at
from rolled
left join {{ ref("obs_statuses") }} as statuses
    on rolled.precedence = statuses.precedence
