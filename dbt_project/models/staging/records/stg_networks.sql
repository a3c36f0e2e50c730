-- Networks as they describe themselves, with the months of their own annual clock.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    network,
    kind,
    coordinator,
    programme,
    theme,
    purpose,
    url,
    valid_from,
    valid_to,
    clock_months
from {{ read_raw("networks") }}
