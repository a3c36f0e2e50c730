-- Rates recomputed from their numerator and denominator, cell by cell; they are never averaged.
-- A rate whose denominator is zero cannot exist (M). Where either part is missing, so is the rate,
-- for the same reason; where the two are incomplete in different ways, or rest on different
-- municipalities, they do not belong together, and the rate is missing (O).
with inputs as (
    select
        combined.*,
        statuses.precedence
    from {{ ref("int_combined") }} as combined
    left join {{ ref("obs_statuses") }} as statuses
        on combined.obs_status = statuses.obs_status
)

select
    rates.indicator,
    numerators.region,
    numerators.region_type,
    numerators.segment,
    numerators.period,
    numerators.freq,
    numerators.period_start,
    numerators.period_end,
    {{ rate_value("rates", "numerators", "denominators") }} as value,
    {{ rate_status("numerators", "denominators") }} as obs_status,
    (numerators.is_confidential or denominators.is_confidential)
    and (numerators.value is null or denominators.value is null) as is_confidential,
    numerators.source,
    {{ merged_pair("numerators.sources", "denominators.sources") }} as sources,
    least(numerators.coverage_share, denominators.coverage_share) as coverage_share,
    greatest(numerators.vintage_at, denominators.vintage_at) as vintage_at,
    greatest(numerators.first_delivered_at, denominators.first_delivered_at)
        as first_delivered_at,
    greatest(numerators.followed_since, denominators.followed_since) as followed_since
from {{ ref("int_indicators") }} as rates
inner join inputs as numerators
    on rates.numerator = numerators.indicator
inner join inputs as denominators
    on
        rates.denominator = denominators.indicator
        and numerators.region = denominators.region
        and numerators.segment = denominators.segment
        and numerators.period = denominators.period
        and numerators.cell_slot = denominators.cell_slot
where rates.additivity = 'rate'
