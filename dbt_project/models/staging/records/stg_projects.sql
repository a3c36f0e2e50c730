-- The project registers of networks.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    network,
    project,
    region,
    project_id,
    leader,
    partners,
    funder,
    theme,
    goal,
    starts_on,
    ends_on,
    result,
    url
from {{ read_raw("projects") }}
