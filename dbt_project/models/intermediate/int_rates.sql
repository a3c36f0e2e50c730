-- Rates recomputed from their numerator and denominator, cell by cell; they are never averaged.
-- A rate whose denominator is zero cannot exist (M). Where either part is missing, so is the rate,
-- for the same reason; where the two are incomplete in different ways they do not belong together,
-- and the rate is missing (O).
select
    rates.indicator,
    numerators.region,
    numerators.region_type,
    numerators.segment,
    numerators.period,
    numerators.freq,
    numerators.period_start,
    numerators.period_end,
    case
        when abs(numerators.coverage_share - denominators.coverage_share) > 0.000000001 then null
        when denominators.value <> 0
            then coalesce(rates.rate_factor, 1) * numerators.value / denominators.value
    end as value,
    case
        when numerators.value is null or denominators.value is null
            then
                case
                    when
                        numerator_statuses.precedence <= denominator_statuses.precedence
                        and numerators.value is null
                        then numerators.obs_status
                    when denominators.value is null then denominators.obs_status
                    else numerators.obs_status
                end
        when denominators.value = 0 then 'M'
        when abs(numerators.coverage_share - denominators.coverage_share) > 0.000000001 then 'O'
        when numerator_statuses.precedence <= denominator_statuses.precedence
            then numerators.obs_status
        else denominators.obs_status
    end as obs_status,
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
inner join {{ ref("int_combined") }} as numerators
    on rates.numerator = numerators.indicator
inner join {{ ref("int_combined") }} as denominators
    on
        rates.denominator = denominators.indicator
        and numerators.region = denominators.region
        and numerators.segment = denominators.segment
        and numerators.period = denominators.period
        and numerators.cell_slot = denominators.cell_slot
left join {{ ref("obs_statuses") }} as numerator_statuses
    on numerators.obs_status = numerator_statuses.obs_status
left join {{ ref("obs_statuses") }} as denominator_statuses
    on denominators.obs_status = denominator_statuses.obs_status
where rates.additivity = 'rate'
