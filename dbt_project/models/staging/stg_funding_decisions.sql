-- Business ids, beneficiaries and project names never leave the raw zone; `business_key` is a
-- keyed hash that links decisions about one business.
select
    source,
    dataset,
    vintage,
    line,
    decision_id,
    region,
    granted_on,
    amount_eur,
    business_key,
    project_id,
    programme,
    purpose,
    instrument,
    segment,
    period,
    freq,
    period_start,
    period_end
from {{ read_raw("funding_decisions") }}
