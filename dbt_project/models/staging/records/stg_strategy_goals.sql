-- Who is responsible is written as a name of a person too often to leave the raw zone; whether
-- somebody is named does.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    strategy,
    goal,
    task,
    region,
    responsible is not null as has_responsible,
    due_on,
    status,
    assessed_on
from {{ read_raw("strategy_goals") }}
