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
    covered.reason as accepted_reason
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
