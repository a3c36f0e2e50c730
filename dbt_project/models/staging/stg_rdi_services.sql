-- The directory of RDI services.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    region,
    service,
    provider,
    kind,
    url
from {{ read_raw("rdi_services") }}
