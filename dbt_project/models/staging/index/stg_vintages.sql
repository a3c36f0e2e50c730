select
    source,
    dataset,
    shape,
    vintage,
    sequence,
    taken_in_at,
    delivered_at,
    origin,
    file,
    content_hash,
    licence,
    is_sample,
    rows_delivered,
    rows_accepted,
    rows_quarantined,
    coalesce(rows_left_out, 0) as rows_left_out,
    notes
from {{ read_raw("vintages") }}
