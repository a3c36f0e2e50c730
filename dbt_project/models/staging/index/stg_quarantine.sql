-- What was delivered in a rejected row may be personal; it stays in the quarantine files.
select
    source,
    dataset,
    vintage,
    file,
    line,
    "column" as column_name,
    reason,
    reason_fi,
    reason_sv,
    reason_code,
    reason_parameters,
    content_hash,
    quarantined_at
from {{ read_raw("quarantine") }}
