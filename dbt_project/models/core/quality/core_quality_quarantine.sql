select
    file,
    line,
    column_name as "column",
    source,
    dataset,
    reason,
    reason_fi,
    reason_sv,
    reason_code,
    reason_parameters,
    content_hash,
    quarantined_at,
    vintage
from {{ ref("stg_quarantine") }}
