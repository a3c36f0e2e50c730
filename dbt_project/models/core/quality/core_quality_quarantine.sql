select
    file,
    line,
    column_name as "column",
    source,
    dataset,
    reason,
    content_hash,
    quarantined_at,
    vintage
from {{ ref("stg_quarantine") }}
