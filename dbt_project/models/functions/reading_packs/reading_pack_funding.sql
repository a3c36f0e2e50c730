{{ config(parameters=["region_code", "meeting_on"]) }}

select
    year,
    purpose,
    sum(net_amount_eur) as net_amount_eur,
    sum(gross_amount_eur) as gross_amount_eur,
    sum(decisions) as decisions,
    case
        when not bool_and(is_over and year <> year(cast(meeting_on as date))) then 'running'
    end as running
from {{ ref("monitoring_funding") }}
where
    region = region_code and segment = 'total' and funder = 'all' and instrument = 'all'
    and programme = 'all'
    and year between year(cast(meeting_on as date)) - 2 and year(cast(meeting_on as date))
group by year, purpose
order by year desc, purpose
