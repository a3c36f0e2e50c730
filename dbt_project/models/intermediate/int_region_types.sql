-- The type of each region, whatever its years.
select
    region,
    max(region_type) as region_type
from {{ ref("regions") }}
group by region
