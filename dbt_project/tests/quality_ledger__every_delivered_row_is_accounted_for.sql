{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "quality_ledger"}}},
    description="Delivered rows equal observed + superseded + overlapped + quarantined, for every "
    ~ "vintage. A difference means that a model loses or doubles rows: compare "
    ~ "intermediate.int_measurement_dispositions (rows marked lost) with the vintage."
) }}
-- Told of the whole ledger: quality_ledger withholds the rows of logs of few customers.
select
    ledger.source,
    ledger.dataset,
    ledger.vintage,
    ledger.rows_delivered,
    ledger.rows_observed,
    ledger.rows_superseded,
    ledger.rows_overlapped,
    ledger.rows_quarantined
from {{ ref("int_ledger") }} as ledger
left join {{ ref("quality_ledger") }} as published
    on
        ledger.source = published.source
        and ledger.dataset = published.dataset
        and ledger.vintage = published.vintage
where
    published.vintage is null
    or ledger.rows_delivered
    <> ledger.rows_observed
    + ledger.rows_superseded
    + ledger.rows_overlapped
    + ledger.rows_quarantined
