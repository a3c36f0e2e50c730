{{ config(parameters=["region_code", "meeting_on"]) }}

select
    year,
    segment,
    events,
    gross_events,
    plan_target,
    plan_attainment_pct,
    case when not is_over then 'running' end as running,
    case
        when events is null and conf_status not in ('F', '') then 'suppressed'
    end as missing_because
from {{ ref("monitoring_advice") }}
where
    region = region_code and freq = 'A' and advice_topic = 'all'
    and year between year(cast(meeting_on as date)) - 2 and year(cast(meeting_on as date))
order by year desc, segment
