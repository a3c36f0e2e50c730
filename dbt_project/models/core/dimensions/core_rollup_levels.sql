select
    level_parts.indicator,
    level_parts.target_type,
    level_parts.part_type,
    level_parts.counts_as <> level_parts.part_type as is_events_only
from {{ ref("int_level_parts") }} as level_parts
inner join {{ ref("int_indicators") }} as indicators
    on level_parts.indicator = indicators.indicator
where indicators.additivity = 'additive'
