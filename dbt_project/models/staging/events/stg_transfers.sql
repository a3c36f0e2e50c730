-- Business ids never leave the raw zone.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    transfer_id,
    from_actor,
    to_actor,
    happened_on,
    business_key,
    region,
    segment,
    accepted
from {{ read_raw("transfers") }}
