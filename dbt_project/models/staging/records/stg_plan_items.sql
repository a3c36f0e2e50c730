-- Who is responsible is written as a name of a person too often to leave the raw zone; whether
-- anybody is stands in has_responsible.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    region,
    year,
    section,
    objective,
    measure,
    segment,
    indicator,
    indicator_text,
    starts_on,
    ends_on,
    target,
    target_value,
    target_kind,
    actual,
    actual_value,
    progress_pct,
    status,
    responsible is not null as has_responsible
from {{ read_raw("plan_items") }}
