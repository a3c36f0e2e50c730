{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "quality_ledger"}}},
    description="Delivered rows equal observed + superseded + overlapped + quarantined, for every "
    ~ "vintage. A difference means that a model loses or doubles rows: compare "
    ~ "intermediate.int_measurement_dispositions (rows marked lost) with the vintage."
) }}
select
    source,
    dataset,
    vintage,
    rows_delivered,
    rows_observed,
    rows_superseded,
    rows_overlapped,
    rows_quarantined
from {{ ref("quality_ledger") }}
where rows_delivered <> rows_observed + rows_superseded + rows_overlapped + rows_quarantined
