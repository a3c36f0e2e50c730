-- The knowledge base.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    title,
    publisher,
    published_on,
    region,
    kind,
    theme,
    url,
    indicators
from {{ read_raw("documents") }}
