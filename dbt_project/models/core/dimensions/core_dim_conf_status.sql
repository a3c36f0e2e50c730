select
    conf_status,
    name,
    is_confidential
from {{ ref("conf_statuses") }}
