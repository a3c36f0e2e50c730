-- The ledger as it may be shown. How many rows a log of customers holds is a count of customers:
-- with the cells that the log fills (fct_measurements) it would tell a small one. Such a log's
-- rows are not told in figures where any of its periods has a small count; that they balance is
-- tested in the warehouse (int_ledger).
with hidden as (
    select distinct
        events.source,
        events.dataset,
        events.vintage
    from {{ ref("int_events") }} as events
    inner join {{ ref("int_withheld_periods") }} as periods
        on
            events.indicator = periods.indicator
            and events.period = periods.period
)

select
    ledger.source,
    ledger.dataset,
    ledger.vintage,
    case when hidden.vintage is null then ledger.rows_delivered end as rows_delivered,
    case when hidden.vintage is null then ledger.rows_observed end as rows_observed,
    case when hidden.vintage is null then ledger.rows_superseded end as rows_superseded,
    case when hidden.vintage is null then ledger.rows_overlapped end as rows_overlapped,
    ledger.rows_quarantined,
    ledger.file,
    ledger.origin,
    ledger.content_hash,
    ledger.taken_in_at,
    ledger.is_sample
from {{ ref("int_ledger") }} as ledger
left join hidden
    on
        ledger.source = hidden.source
        and ledger.dataset = hidden.dataset
        and ledger.vintage = hidden.vintage
