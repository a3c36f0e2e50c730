-- Findings of the foresight forums.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    region,
    finding,
    noted_on,
    theme,
    indicators,
    recommended_action,
    decision,
    decided_on,
    decided_by,
    forum,
    interpreted_by,
    disagreement,
    development_goal,
    documents
from {{ read_raw("findings") }}
