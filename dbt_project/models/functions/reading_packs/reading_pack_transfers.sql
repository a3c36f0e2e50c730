{{ config(parameters=["region_code", "meeting_on"]) }}

select
    year,
    from_actor,
    to_actor,
    transfers,
    accepted,
    refused,
    unanswered,
    accepted_share_pct,
    case when not is_over then 'running' end as running,
    case
        when transfers is null and conf_status not in ('F', '') then 'suppressed'
    end as missing_because
from {{ ref("monitoring_transfers") }}
where
    region = region_code
    and ((from_actor = 'all' and to_actor = 'all') or (from_actor <> 'all' and to_actor <> 'all'))
    and year between year(cast(meeting_on as date)) - 1 and year(cast(meeting_on as date))
order by year desc, from_actor <> 'all', from_actor, to_actor
