{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "obs_statuses"}}},
    description="Published table functions cannot read the catalogue and rank flags by a macro: a "
    ~ "row here is a flag that the two rank differently."
) }}
select
    obs_status,
    precedence
from {{ ref("obs_statuses") }}
where precedence is distinct from {{ flag_rank("obs_status") }}
