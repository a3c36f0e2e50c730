-- The levels of region at which an indicator is measured or rolled up to, finest first.
select
    levels.indicator,
    levels.region_type,
    cast(levels.region_type_rank as integer) as level_rank
from {{ words(ref("int_indicators"), ["indicator"], "levels", "region_type") }} as levels
