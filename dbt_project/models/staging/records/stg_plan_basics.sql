-- What the basic page of an action plan says.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    region,
    year,
    mission,
    vision,
    parties,
    coordinator,
    priorities,
    budget_eur,
    approved_on
from {{ read_raw("plan_basics") }}
