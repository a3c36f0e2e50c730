-- All overlaps of all kinds, with what each measurement says; quality_overlaps shows of them what
-- may be shown.
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
)

select *
from identified
