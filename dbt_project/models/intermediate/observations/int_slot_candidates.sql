-- Sources that stand for the same slot of a cell, in the order in which they are preferred: first
-- those that have a value, then by the catalogue's order. The first is kept.
select
    *,
    row_number() over (
        partition by indicator, region, segment, period, slot
        order by case when value is null then 1 else 0 end, preference, source
    ) as slot_rank
from {{ ref("int_candidates") }}
where source_rank = 1
