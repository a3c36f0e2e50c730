-- Each assessment is kept: the history of a measure is what is shown.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    programme,
    measure_no,
    network,
    status,
    assessed_on,
    measure
from {{ read_raw("programme_measures") }}
