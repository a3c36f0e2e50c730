-- A role to ask is written as a name of a person too often to leave the raw zone.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    organisation,
    reported_dataset,
    indicator,
    regions,
    valid_from,
    valid_to,
    cadence
from {{ read_raw("reporting_duties") }}
