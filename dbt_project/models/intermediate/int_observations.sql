-- Every observation: combined measurements, and rates, where a published rate wins over the
-- recomputed one. What the parts give is kept beside a published figure, so that the difference
-- can be seen.
select
    coalesce(combined.indicator, rates.indicator) as indicator,
    coalesce(combined.region, rates.region) as region,
    coalesce(combined.region_type, rates.region_type) as region_type,
    coalesce(combined.segment, rates.segment) as segment,
    coalesce(combined.period, rates.period) as period,
    coalesce(combined.freq, rates.freq) as freq,
    coalesce(combined.period_start, rates.period_start) as period_start,
    coalesce(combined.period_end, rates.period_end) as period_end,
    coalesce(combined.cell_slot, '*') as cell_slot,
    case
        when rates.indicator is null or combined.value is not null
            then combined.value
        else rates.value
    end as value,
    case
        when rates.indicator is null or combined.value is not null
            then combined.obs_status
        else rates.obs_status
    end as obs_status,
    case
        when rates.indicator is null or combined.value is not null then combined.conf_status
        when rates.is_confidential then 'C'
        else 'F'
    end as conf_status,
    case
        when rates.indicator is null or combined.value is not null
            then combined.is_confidential
        else rates.is_confidential
    end as is_confidential,
    case
        when rates.indicator is null or combined.value is not null
            then combined.source
        else rates.source
    end as source,
    case
        when rates.indicator is null or combined.value is not null
            then combined.sources
        else rates.sources
    end as sources,
    case
        when rates.indicator is null or combined.value is not null
            then combined.coverage_share
        else rates.coverage_share
    end as coverage_share,
    case
        when rates.indicator is null or combined.value is not null
            then combined.is_derived
        else true
    end as is_derived,
    case
        when rates.indicator is null or combined.value is not null
            then combined.vintage_at
        else rates.vintage_at
    end as vintage_at,
    coalesce(combined.first_delivered_at, rates.first_delivered_at) as first_delivered_at,
    coalesce(combined.followed_since, rates.followed_since) as followed_since,
    coalesce(combined.derived_value, rates.value) as derived_value,
    coalesce(combined.derived_coverage_share, rates.coverage_share) as derived_coverage_share
from {{ ref("int_combined") }} as combined
full outer join {{ ref("int_rates") }} as rates
    on
        combined.indicator = rates.indicator
        and combined.region = rates.region
        and combined.segment = rates.segment
        and combined.period = rates.period
