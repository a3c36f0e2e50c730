-- The directory of RDI services.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    region,
    service,
    provider,
    kind,
    url
from {{ read_raw("rdi_services") }}
