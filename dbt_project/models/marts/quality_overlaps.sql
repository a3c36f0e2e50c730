with found as (
    select
        kind,
        indicator,
        region,
        segment,
        period,
        source as kept_source,
        kept_value,
        source as other_source,
        period as other_period,
        other_value,
        resolution,
        dataset as kept_dataset,
        kept_vintage,
        kept_line,
        other_dataset,
        other_vintage,
        other_line
    from {{ ref("int_overlaps_within_source") }}
    union all
    select
        kind,
        indicator,
        region,
        segment,
        period,
        kept_source,
        kept_value,
        other_source,
        period as other_period,
        other_value,
        resolution,
        kept_dataset,
        kept_vintage,
        kept_line,
        other_dataset,
        other_vintage,
        other_line
    from {{ ref("int_overlaps_between_sources") }}
    union all
    select
        'period_overlap' as kind,
        indicator,
        region,
        segment,
        period,
        source as kept_source,
        kept_value,
        source as other_source,
        other_period,
        other_value,
        resolution,
        kept_dataset,
        kept_vintage,
        kept_line,
        other_dataset,
        other_vintage,
        other_line
    from {{ ref("int_overlaps_of_periods") }}
    union all
    {% for kind in ["nested_region", "nested_segment"] %}
    select
        '{{ kind }}' as kind,
        indicator,
        region,
        segment,
        period,
        source as kept_source,
        kept_value,
        source as other_source,
        period as other_period,
        other_value,
        resolution,
        kept_dataset,
        kept_vintage,
        kept_line,
        other_dataset,
        other_vintage,
        other_line
    from {{ ref("int_overlaps_" ~ kind ~ "s") }}
    union all
    {% endfor %}
    select
        kind,
        indicator,
        region,
        segment,
        period,
        kept_source,
        kept_value,
        other_source,
        other_period,
        other_value,
        resolution,
        kept_dataset,
        kept_vintage,
        kept_line,
        other_dataset,
        other_vintage,
        other_line
    from {{ ref("int_overlaps_same_event") }}
),

identified as (
    select
        found.*,
        {{ key_of([
            "found.kind", "found.indicator", "found.region", "found.segment",
            "found.period", "found.kept_source", "found.other_source", "found.other_period",
            "found.kept_dataset", "found.other_dataset", "found.other_vintage",
            "found.other_line"
        ]) }} as overlap_id
    from found
),

covered as (
    select
        found.overlap_id,
        {{ at_smallest("acceptances.reason", "acceptances.acceptance") }} as reason
    from identified as found
    inner join {{ ref("dim_period") }} as periods
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
    case
        when found.kind <> 'period_overlap' then found.other_value - found.kept_value
    end as difference,
    found.resolution,
    found.kept_dataset,
    kept_vintages.file as kept_file,
    found.kept_line,
    found.other_dataset,
    other_vintages.file as other_file,
    found.other_line,
    covered.overlap_id is not null as is_accepted,
    covered.reason as accepted_reason
from identified as found
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
