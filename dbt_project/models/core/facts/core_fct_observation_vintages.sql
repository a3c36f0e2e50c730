-- What was known of each cell, and when. A version that held only while its period was running was
-- provisional for as long as it held.
with ends as (
    select
        period,
        period_start,
        period_end,
        {{ is_over(add_days("period_end", 1)) }} as is_over,
        {{ helsinki_midnight(add_days("period_end", 1)) }} as ended_at
    from {{ ref("core_dim_period") }}
)

select
    versions.indicator,
    versions.region,
    versions.segment,
    versions.period,
    versions.value,
    {{ provisional_status(
        "versions.obs_status",
        "versions.value",
        "case when versions.known_to is null then ends.is_over "
        ~ "else versions.known_to > ends.ended_at end",
    ) | indent(4) }} as obs_status,
    versions.known_from,
    versions.known_to,
    versions.cell_slot,
    ends.period_start,
    ends.period_end
from {{ ref("int_observation_versions") }} as versions
left join ends
    on versions.period = ends.period
