-- What was known of each cell, and when.
select
    indicator,
    region,
    segment,
    period,
    value,
    obs_status,
    known_from,
    known_to,
    cell_slot
from {{ ref("int_observation_versions") }}
