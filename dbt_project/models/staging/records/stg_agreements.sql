-- Agreements of the areas.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    region,
    signed_on,
    parties,
    valid_to,
    document_url,
    part_of,
    municipalities
from {{ read_raw("agreements") }}
