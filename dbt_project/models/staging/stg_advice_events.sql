-- Business ids never leave the raw zone; `business_key` is a keyed hash that links events.
select
    source,
    dataset,
    vintage,
    line,
    event_id,
    region,
    happened_on,
    business_key,
    segment,
    channel
from {{ read_raw("advice_events") }}
