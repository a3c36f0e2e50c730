-- The slots of a cell combined to the one value that the platform stands behind (under `separate`
-- one value for each source). The flags of several slots reduce to the strongest by the SDMX
-- precedence, among those that have a value if any has.
--
-- Of a sum of logs the coverage is the share of expected reporters that have reported, of which no
-- more can be said than of its parts; where nobody is known to be expected it is unknown.
with prepared as (
    select
        slot_values.*,
        statuses.precedence,
        slot_values.value is null and slot_values.obs_status = 'M' as is_impossible,
        indicators.combination = 'sum' and indicators.event_dataset is not null as is_log_sum,
        case when indicators.combination = 'separate' then slot_values.slot else '*' end
            as cell_slot
    from {{ ref("int_slot_values") }} as slot_values
    left join {{ ref("int_indicators") }} as indicators
        on slot_values.indicator = indicators.indicator
    left join {{ ref("obs_statuses") }} as statuses
        on slot_values.obs_status = statuses.obs_status
),

combined as (
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
        {{ combined_slots() }},
        sum(gross_value) as gross_value,
        case
            when count(value) = 0 and max(case when is_confidential then 1 else 0 end) = 1
                then max(case when is_confidential then conf_status end)
            else 'F'
        end as conf_status,
        max(case when is_confidential then 1 else 0 end) = 1 and count(value) = 0
            as is_confidential,
        {{ at_smallest("source", "preference + case when value is null then 1000 else 0 end") }}
            as source,
        {{ merged_lists("sources") }} as sources,
        {{ merged_lists("case when value is not null then kept_sources end") }} as kept_sources,
        max(case when is_log_sum then 1 else 0 end) = 1 as is_log_sum,
        max(case when is_derived then 1 else 0 end) = 1 as is_derived,
        max(vintage_at) as vintage_at,
        max(first_delivered_at) as first_delivered_at,
        max(followed_since) as followed_since,
        sum(derived_value) as derived_value,
        avg(derived_coverage_share) as derived_coverage_share,
        {{ at_smallest(
            "classification_year",
            "preference + case when classification_year is null then 1000 else 0 end",
        ) }} as classification_year
    from prepared
    group by
        indicator,
        region,
        region_type,
        segment,
        period,
        freq,
        period_start,
        period_end,
        cell_slot
)

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
    coalesce(statuses.obs_status, 'A') as obs_status,
    combined.conf_status,
    combined.is_confidential,
    combined.source,
    combined.sources,
    combined.kept_sources,
    case
        when combined.is_log_sum and reports.coverage_share is null then null
        when combined.is_log_sum then least(reports.coverage_share, combined.coverage_share)
        else combined.coverage_share
    end as coverage_share,
    combined.territory,
    combined.is_derived,
    combined.vintage_at,
    combined.first_delivered_at,
    combined.followed_since,
    combined.derived_value,
    combined.derived_coverage_share,
    combined.classification_year
from combined
left join {{ ref("obs_statuses") }} as statuses
    on combined.precedence = statuses.precedence
left join {{ ref("int_report_coverage") }} as reports
    on
        combined.is_log_sum
        and combined.indicator = reports.indicator
        and combined.region = reports.region
        and combined.period = reports.period
