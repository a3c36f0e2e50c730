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
)

select
    {{ key_of([
        "found.kind", "found.indicator", "found.region", "found.segment",
        "found.period", "found.kept_source", "found.other_source", "found.other_period",
        "found.kept_dataset", "found.other_dataset", "found.other_vintage",
        "found.other_line"
    ]) }} as overlap_id,
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
    found.other_line
from found
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
