-- Goals for indicators.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    indicator,
    region,
    segment,
    target_value,
    target_kind,
    by_when,
    by_when_end,
    set_by,
    set_on
from {{ read_raw("goals") }}
