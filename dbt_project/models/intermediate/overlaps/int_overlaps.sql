-- All overlaps of all kinds, with what each measurement says; quality_overlaps shows of them what
-- may be shown.
{# What each kind of overlap is found in, and what is one and the same for all of it. #}
{% set one_source = {"kept_source": "source", "other_source": "source", "other_region": "region"} %}
{% set one_period = {"other_period": "period"} %}
{% set found_in = [
    ("int_overlaps_within_source", dict(one_source, kept_dataset="dataset", **one_period)),
    ("int_overlaps_between_sources", dict(one_period, other_region="region")),
    ("int_overlaps_of_periods", dict(one_source, kind="'period_overlap'")),
    ("int_overlaps_nested_regions", dict(one_source, kind="'nested_region'", **one_period)),
    ("int_overlaps_nested_segments", dict(one_source, kind="'nested_segment'", **one_period)),
    ("int_overlaps_same_event", {}),
] %}
{% set columns = [
    "kind", "indicator", "region", "segment", "period", "kept_source", "kept_value",
    "other_source", "other_region", "other_period", "other_value", "resolution", "kept_dataset", "kept_vintage",
    "kept_line", "other_dataset", "other_vintage", "other_line",
] %}
with found as (
    {% for model, told in found_in %}
    select {{ columns_as(columns, told) }}
    from {{ ref(model) }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
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
