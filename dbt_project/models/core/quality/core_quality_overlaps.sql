-- Every overlap with its files, and whether somebody has accepted it.
with covered as (
    select
        found.overlap_id,
        {{ at_smallest("acceptances.reason", "acceptances.acceptance") }} as reason
    from {{ ref("int_overlaps") }} as found
    inner join {{ ref("core_dim_period") }} as periods
        on found.period = periods.period
    inner join {{ ref("accepted_findings") }} as acceptances
        on
            {{ acceptance_covers(
                "acceptances", "found", "found.kept_source", "found.other_source",
                "periods.period_start"
            ) }}
    where
        acceptances.finding = 'overlap'
        and (acceptances.until is null or acceptances.until >= {{ today() }})
    group by found.overlap_id
),

-- How many events each organisation has logged in a period, in the whole country.
logs as (
    select
        indicator,
        period,
        source,
        count(*) as events
    from {{ ref("int_event_homes") }}
    -- A handover inside one organisation is no transfer.
    where home_segment = 'total' and amount <> 0
    group by indicator, period, source
),

countries as (
    select
        indicator,
        period,
        sum(net_amount) as events
    from {{ ref("int_event_homes") }}
    where home_segment = 'total'
    group by indicator, period
)

select
    found.overlap_id,
    found.kind,
    found.indicator,
    found.region,
    found.segment,
    found.period,
    found.kept_source,
    found.kept_value,
    found.other_source,
    found.other_region,
    found.other_period,
    found.other_value,
    case when found.kind <> 'period_overlap' then found.other_value - found.kept_value end
        as difference,
    found.resolution,
    found.kept_dataset,
    kept_vintages.file as kept_file,
    found.kept_line,
    found.other_dataset,
    other_vintages.file as other_file,
    found.other_line,
    covered.overlap_id is not null as is_accepted,
    covered.reason as accepted_reason,
    cast(case when found.kind = 'same_event' then 1 end as bigint) as events,
    cast(
        case
            when found.kind = 'same_event'
                then coalesce(kept_logs.events, 0) + coalesce(other_logs.events, 0)
        end as bigint
    ) as events_of_both,
    cast(kept_logs.events as bigint) as kept_source_events,
    cast(other_logs.events as bigint) as other_source_events,
    countries.events as country_events
from {{ ref("int_overlaps") }} as found
left join covered
    on found.overlap_id = covered.overlap_id
left join {{ ref("stg_vintages") }} as kept_vintages
    on
        found.kept_source = kept_vintages.source
        and found.kept_dataset = kept_vintages.dataset
        and found.kept_vintage = kept_vintages.vintage
left join {{ ref("stg_vintages") }} as other_vintages
    on
        found.other_source = other_vintages.source
        and found.other_dataset = other_vintages.dataset
        and found.other_vintage = other_vintages.vintage
left join logs as kept_logs
    on
        found.kind = 'same_event'
        and found.indicator = kept_logs.indicator
        and found.period = kept_logs.period
        and found.kept_source = kept_logs.source
left join logs as other_logs
    on
        found.kind = 'same_event'
        and found.indicator = other_logs.indicator
        and found.period = other_logs.period
        and found.other_source = other_logs.source
left join countries
    on
        found.kind = 'same_event'
        and found.indicator = countries.indicator
        and found.period = countries.period
