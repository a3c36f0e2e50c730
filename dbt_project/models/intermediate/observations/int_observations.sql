-- Every observation: combined measurements, and rates, where a rate that a source delivered wins
-- over the recomputed one, also when it was suppressed. What the parts give is kept beside a
-- published figure, so that the difference can be seen.
-- The value of a period that is not over is provisional.
with observations as (
    select
        combined.indicator,
        combined.region,
        combined.region_type,
        combined.segment,
        combined.period,
        combined.freq,
        combined.period_start,
        combined.period_end,
        combined.cell_slot,
        combined.value,
        combined.gross_value,
        combined.obs_status,
        combined.conf_status,
        combined.is_confidential,
        combined.source,
        combined.sources,
        combined.coverage_share,
        combined.is_derived,
        combined.vintage_at,
        combined.first_delivered_at,
        combined.followed_since,
        coalesce(combined.derived_value, rates.value) as derived_value,
        coalesce(combined.derived_coverage_share, rates.coverage_share) as derived_coverage_share,
        combined.classification_year
    from {{ ref("int_combined") }} as combined
    left join {{ ref("int_rates") }} as rates
        on
            combined.indicator = rates.indicator
            and combined.region = rates.region
            and combined.segment = rates.segment
            and combined.period = rates.period
    union all
    select
        rates.indicator,
        rates.region,
        rates.region_type,
        rates.segment,
        rates.period,
        rates.freq,
        rates.period_start,
        rates.period_end,
        '*' as cell_slot,
        rates.value,
        rates.value as gross_value,
        rates.obs_status,
        case when rates.is_confidential then 'C' else 'F' end as conf_status,
        rates.is_confidential,
        rates.source,
        rates.sources,
        rates.coverage_share,
        true as is_derived,
        rates.vintage_at,
        rates.first_delivered_at,
        rates.followed_since,
        rates.value as derived_value,
        rates.coverage_share as derived_coverage_share,
        cast(null as integer) as classification_year
    from {{ ref("int_rates") }} as rates
    left join {{ ref("int_combined") }} as combined
        on
            rates.indicator = combined.indicator
            and rates.region = combined.region
            and rates.segment = combined.segment
            and rates.period = combined.period
    where combined.indicator is null
)

select
    indicator,
    region,
    region_type,
    segment,
    period,
    freq,
    period_start,
    period_end,
    cell_slot,
    value,
    gross_value,
    {{ provisional_status("obs_status", "value", is_over("period_end")) }} as obs_status,
    conf_status,
    is_confidential,
    source,
    sources,
    coverage_share,
    is_derived,
    vintage_at,
    first_delivered_at,
    followed_since,
    derived_value,
    derived_coverage_share,
    classification_year,
    {{ is_over("period_end") }} as is_over
from observations
