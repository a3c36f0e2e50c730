select
    obs_status,
    name,
    is_missing,
    precedence
from {{ ref("obs_statuses") }}
