-- Organisations and roles are kept, persons are not.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    network,
    organisation,
    role,
    region,
    "group" as group_name,
    valid_from,
    valid_to
from {{ read_raw("network_members") }}
