-- The type of each region, whatever its years, and the day on which it ended for good.
select
    region,
    max(region_type) as region_type,
    case when count(*) = count(valid_to) then max(valid_to) end as ended_on
from {{ ref("regions") }}
group by region
