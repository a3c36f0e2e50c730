{# Cells that an overlap touches: the periods of a pair are two cells. #}
{% set found_in = ["int_overlaps", "core_quality_overlaps"] %}
with touched as (
    {% for found in found_in %}
    select
        indicator,
        region,
        segment,
        period,
        kept_source
    from {{ ref(found) }}
    union all
    select
        indicator,
        region,
        segment,
        other_period as period,
        kept_source
    from {{ ref(found) }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

overlapping as (
    select
        touched.indicator,
        touched.region,
        touched.segment,
        touched.period,
        case when indicators.combination = 'separate' then touched.kept_source else '*' end
            as cell_slot
    from touched
    inner join {{ ref("int_indicators") }} as indicators
        on touched.indicator = indicators.indicator
    group by
        touched.indicator,
        touched.region,
        touched.segment,
        touched.period,
        case when indicators.combination = 'separate' then touched.kept_source else '*' end
),

-- Regions of which an overlap can be seen, with all that lies inside.
placed as (
    select
        pairs.indicator,
        places.region,
        pairs.period
    from {{ ref("core_quality_overlaps") }} as pairs
    inner join {{ ref("core_quality_overlap_regions") }} as places
        on pairs.overlap_id = places.overlap_id
    union
    select
        pairs.indicator,
        places.region,
        pairs.other_period as period
    from {{ ref("core_quality_overlaps") }} as pairs
    inner join {{ ref("core_quality_overlap_regions") }} as places
        on pairs.overlap_id = places.overlap_id
),

shown as (
    select
        observations.*,
        case when withheld.indicator is null then observations.value end as shown_value,
        coalesce(withheld.reason <> 'source', false) as is_withheld_here,
        withheld.indicator is null and periods.indicator is null as shows_parts,
        coalesce(periods.hides_gross_values, false) as hides_gross_value,
        -- Sums of euros differ in the last digits.
        observations.gross_value - observations.value >= 0.005 as has_set_aside
    from {{ ref("int_observations") }} as observations
    left join {{ ref("int_withheld_cells") }} as withheld
        on
            observations.indicator = withheld.indicator
            and observations.region = withheld.region
            and observations.segment = withheld.segment
            and observations.period = withheld.period
            and observations.cell_slot = withheld.cell_slot
    left join {{ ref("int_withheld_periods") }} as periods
        on
            observations.indicator = periods.indicator
            and observations.period = periods.period
)

select
    observations.indicator,
    observations.region,
    observations.segment,
    observations.period,
    observations.shown_value as value,
    indicators.unit,
    case when observations.is_withheld_here then 'Q' else observations.obs_status end as obs_status,
    -- Small counts and what would give them away look the same: whoever could tell them apart would
    -- know that a figure is below min_count, and two small ones may be told by their sum.
    case when observations.is_withheld_here then 'A' else observations.conf_status end
        as conf_status,
    observations.source,
    observations.sources,
    overlapping.indicator is not null
    or coalesce(
        not observations.hides_gross_value
        and observations.shown_value is not null
        and observations.has_set_aside,
        false
    ) as has_overlap,
    observations.coverage_share,
    observations.is_derived,
    observations.vintage_at,
    observations.region_type,
    observations.freq,
    -- Beside a withheld figure the sum of its parts would give it away.
    case
        when observations.shows_parts and not observations.is_derived
            then observations.derived_value
    end as sum_of_parts,
    case
        when observations.shows_parts and not observations.is_derived
            then observations.shown_value - observations.derived_value
    end as difference_from_parts,
    case
        when not observations.is_derived then observations.derived_coverage_share
    end as parts_coverage_share,
    case
        when not observations.hides_gross_value and observations.shown_value is not null
            then observations.gross_value
    end as gross_value,
    observations.division_year,
    observations.is_over,
    case
        when observations.hides_gross_value or observations.shown_value is null then null
        when observations.has_set_aside
            then (observations.gross_value - observations.value) / observations.gross_value
        else 0
    end as overlap_share,
    case
        when
            placed.indicator is null
            and (
                overlapping.indicator is not null
                or (
                    not observations.hides_gross_value
                    and observations.shown_value is not null
                    and observations.has_set_aside
                )
            )
            then 'small counts in the period: see the row of quality_overlaps for the country'
    end as overlap_note
from shown as observations
left join {{ ref("int_indicators") }} as indicators
    on observations.indicator = indicators.indicator
left join overlapping
    on
        observations.indicator = overlapping.indicator
        and observations.region = overlapping.region
        and observations.segment = overlapping.segment
        and observations.period = overlapping.period
        and observations.cell_slot = overlapping.cell_slot
left join placed
    on
        observations.indicator = placed.indicator
        and observations.region = placed.region
        and observations.period = placed.period
