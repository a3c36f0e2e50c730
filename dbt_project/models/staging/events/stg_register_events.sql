-- Business ids never leave the raw zone; `business_key` is a keyed hash that links events.
select
    source,
    dataset,
    vintage,
    line,
    event_id,
    region,
    happened_on,
    kind,
    segment,
    business_key,
    company_form,
    industry
from {{ read_raw("register_events") }}
