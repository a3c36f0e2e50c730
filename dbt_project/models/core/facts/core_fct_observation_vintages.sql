-- What was known when, as far as it may be shown: of a cell that is withheld now no version is,
-- and of counts of customers no earlier version in a period with a small one, which the
-- difference of two versions might tell. A version that held only while its period was running
-- was provisional for as long as it held.
with ends as (
    select
        period,
        {{ is_over(add_days("period_end", 1)) }} as is_over,
        {{ helsinki_midnight(add_days("period_end", 1)) }} as ended_at
    from {{ ref("core_dim_period") }}
)

select
    versions.indicator,
    versions.region,
    versions.segment,
    versions.period,
    case when withheld.indicator is null and periods.indicator is null then versions.value end
        as value,
    case
        when
            (withheld.indicator is not null or periods.indicator is not null)
            and versions.value is not null
            then 'Q'
        else
            {{ provisional_status(
                "versions.obs_status",
                "versions.value",
                "case when versions.known_to is null then ends.is_over "
                ~ "else versions.known_to > ends.ended_at end",
            ) | indent(12) }}
    end as obs_status,
    versions.known_from,
    versions.known_to,
    versions.cell_slot
from {{ ref("int_observation_versions") }} as versions
left join ends
    on versions.period = ends.period
left join {{ ref("int_withheld_cells") }} as withheld
    on
        versions.indicator = withheld.indicator
        and versions.region = withheld.region
        and versions.segment = withheld.segment
        and versions.period = withheld.period
        and versions.cell_slot = withheld.cell_slot
left join {{ ref("int_withheld_periods") }} as periods
    on
        versions.indicator = periods.indicator
        and versions.period = periods.period
        and versions.known_to is not null
