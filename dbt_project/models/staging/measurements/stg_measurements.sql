-- Free text (`note`) never leaves the raw zone.
select
    source,
    dataset,
    vintage,
    line,
    indicator,
    region,
    segment,
    period,
    freq,
    period_start,
    period_end,
    unit,
    value,
    obs_status,
    conf_status,
    processing_level,
    producer_note
from {{ read_raw("measurements") }}
