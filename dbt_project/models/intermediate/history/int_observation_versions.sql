-- What the platform knew about a cell, from when to when. Where everything of an indicator, segment
-- and period was delivered at one moment, what holds now has held since. Elsewhere the slots are
-- filled and combined, and rates recomputed, at each moment when something that they are made of
-- changed; the rules are those of int_slot_values, int_combined, int_rates and int_observations.
with contributions as (
    select
        versions.indicator,
        versions.slot,
        versions.segment,
        versions.period,
        versions.region,
        versions.region_type,
        versions.value,
        statuses.precedence,
        versions.dataset_rank < 3 as is_published,
        versions.dataset_rank = 3 as has_events,
        versions.value is null and versions.obs_status = 'M' as is_impossible,
        case when versions.value is null then 0.0 else 1.0 end as coverage_share,
        -- A region's own figure has full coverage.
        cast(null as decimal(38, 0)) as territory,
        versions.known_from,
        versions.known_to
    from {{ ref("int_slot_versions") }} as versions
    left join {{ ref("obs_statuses") }} as statuses
        on versions.obs_status = statuses.obs_status
    union all
    select
        indicator,
        slot,
        segment,
        period,
        region,
        region_type,
        value,
        precedence,
        false as is_published,
        has_events,
        false as is_impossible,
        coverage_share,
        territory,
        known_from,
        known_to
    from {{ ref("int_rollup_versions") }}
),

contributions_at_moments as (
    {{ cut_spans(
        "contributions",
        ["indicator", "slot", "segment", "period", "region"],
        rollup_columns(in_spans=true),
    ) }}
),

slot_values as (
    {{ held(
        "contributions_at_moments", ["indicator", "slot", "segment", "period"], in_spans=true
    ) }}
),

slots_of_cells as (
    select
        slot_values.*,
        case when indicators.combination = 'separate' then slot_values.slot else '*' end
            as cell_slot
    from slot_values
    left join {{ ref("int_indicators") }} as indicators
        on slot_values.indicator = indicators.indicator
),

slots_at_moments as (
    {{ cut_spans(
        "slots_of_cells",
        ["indicator", "region", "segment", "period", "cell_slot"],
        ["value", "precedence", "is_impossible", "coverage_share", "territory"],
    ) }}
),

resolved as (
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        {{ combined_slots() }},
        known_from,
        known_to
    from slots_at_moments
    group by indicator, region, segment, period, cell_slot, known_from, known_to
),

combined as (
    select
        resolved.indicator,
        resolved.region,
        resolved.segment,
        resolved.period,
        resolved.cell_slot,
        resolved.value,
        coalesce(statuses.obs_status, 'A') as obs_status,
        resolved.precedence,
        resolved.coverage_share,
        resolved.territory,
        resolved.known_from,
        resolved.known_to
    from resolved
    left join {{ ref("obs_statuses") }} as statuses
        on resolved.precedence = statuses.precedence
    union all
    select
        present.indicator,
        present.region,
        present.segment,
        present.period,
        present.cell_slot,
        present.value,
        present.obs_status,
        statuses.precedence,
        present.coverage_share,
        present.territory,
        known_since.known_from,
        cast(null as {{ timestamp_type() }}) as known_to
    from {{ ref("int_combined") }} as present
    inner join {{ ref("int_known_since") }} as known_since
        on
            present.indicator = known_since.indicator
            and present.segment = known_since.segment
            and present.period = known_since.period
    left join {{ ref("obs_statuses") }} as statuses
        on present.obs_status = statuses.obs_status
    where not known_since.has_past
),

rates as (
    select
        rates.indicator,
        numerators.region,
        numerators.segment,
        numerators.period,
        '*' as cell_slot,
        {{ rate_value("rates", "numerators", "denominators") }} as value,
        {{ rate_status("numerators", "denominators") }} as obs_status,
        1 as told_rank,
        {{ common_span("numerators", "denominators") }}
    from {{ ref("int_indicators") }} as rates
    inner join combined as numerators
        on rates.numerator = numerators.indicator
    inner join combined as denominators
        on
            rates.denominator = denominators.indicator
            and numerators.region = denominators.region
            and numerators.segment = denominators.segment
            and numerators.period = denominators.period
            and numerators.cell_slot = denominators.cell_slot
            and {{ spans_meet("numerators", "denominators") }}
    where rates.additivity = 'rate'
),

-- A rate that a source delivered wins over the recomputed one while it was known.
told_rates as (
    select
        combined.indicator,
        combined.region,
        combined.segment,
        combined.period,
        combined.cell_slot,
        combined.value,
        combined.obs_status,
        0 as told_rank,
        combined.known_from,
        combined.known_to
    from combined
    inner join {{ ref("int_indicators") }} as indicators
        on combined.indicator = indicators.indicator
    where indicators.additivity = 'rate'
    union all
    select *
    from rates
),

rates_at_moments as (
    {{ cut_spans(
        "told_rates",
        ["indicator", "region", "segment", "period"],
        ["cell_slot", "value", "obs_status", "told_rank"],
    ) }}
),

ranked_rates as (
    select
        *,
        min(told_rank) over (
            partition by indicator, region, segment, period, known_from
        ) as best_rank
    from rates_at_moments
),

observations as (
    select
        combined.indicator,
        combined.region,
        combined.segment,
        combined.period,
        combined.cell_slot,
        combined.value,
        combined.obs_status,
        combined.known_from,
        combined.known_to
    from combined
    inner join {{ ref("int_indicators") }} as indicators
        on combined.indicator = indicators.indicator
    where indicators.additivity <> 'rate'
    union all
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        value,
        obs_status,
        known_from,
        known_to
    from ranked_rates
    where told_rank = best_rank
)

{{ merge_spans(
    "observations",
    ["indicator", "region", "segment", "period", "cell_slot"],
    ["value", "obs_status"],
) }}
