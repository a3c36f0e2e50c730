-- Which figures have a past. The cells of an indicator, segment and period are made of one another;
-- where all of them were delivered at one moment, and nothing changed since, what holds now is all
-- that was ever known. That is so for most, and spares them being resolved moment by moment.
select
    indicator,
    segment,
    period,
    min(known_from) as known_from,
    min(known_from) <> max(known_from) or count(known_to) > 0 as has_past
from {{ ref("int_candidate_versions") }}
group by indicator, segment, period
