select
    source,
    dataset,
    attempted_at,
    outcome,
    message
from {{ read_raw("attempts") }}
