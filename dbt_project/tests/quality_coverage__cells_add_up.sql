{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "quality_coverage"}}},
    description="Every expected cell is observed, suppressed, not available or absent, and only "
    ~ "one of them."
) }}
select
    indicator,
    region_type,
    period,
    expected,
    observed,
    suppressed,
    absent,
    not_available
from {{ ref("quality_coverage") }}
where expected <> observed + suppressed + absent + not_available
