-- Transfers by year: the national matrix of who handed over to whom, with what each actor sent and
-- received, and the count of every region. How the two sides' logs agree is shown in cells and
-- margins only where nothing in the year's matrix is small, and in the national total where
-- nothing in it is: the parts of a count are small long before the count is.
{% set parts = [
    "matched", "sender_only", "receiver_only", "third_party", "accepted", "refused", "unanswered"
] %}
with regions as (
    select
        observations.region,
        observations.region_type,
        observations.period,
        observations.period_start,
        'all' as from_actor,
        'all' as to_actor,
        observations.value as transfers,
        observations.gross_value as logs,
        case
            when withheld.indicator is not null and not observations.is_confidential then 'A'
            else observations.conf_status
        end as conf_status,
        withheld.indicator is not null or observations.is_confidential as is_withheld,
        hidden.period is not null as hides_logs
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("int_indicators") }} as indicators
        on
            observations.indicator = indicators.indicator
            and observations.freq = indicators.cadence
    left join {{ ref("int_withheld_cells") }} as withheld
        on
            observations.indicator = withheld.indicator
            and observations.region = withheld.region
            and observations.segment = withheld.segment
            and observations.period = withheld.period
            and observations.cell_slot = withheld.cell_slot
    left join {{ ref("int_withheld_periods") }} as hidden
        on
            observations.indicator = hidden.indicator
            and observations.period = hidden.period
            and hidden.hides_gross_values
    where observations.indicator = 'transfers' and observations.segment = 'total'
),

cells as (
    select
        region,
        region_type,
        period,
        period_start,
        from_actor,
        to_actor,
        transfers,
        logs,
        conf_status,
        is_withheld,
        hides_logs
    from regions
    union all
    select
        national.region,
        national.region_type,
        matrix.period,
        national.period_start,
        matrix.from_actor,
        matrix.to_actor,
        matrix.transfers,
        matrix.logs,
        case when withheld.period is not null then 'A' else 'F' end as conf_status,
        withheld.period is not null as is_withheld,
        -- Beside the count the logs would tell how many are matched.
        national.hides_logs or open_years.period is null as hides_logs
    from {{ ref("int_transfer_matrix") }} as matrix
    inner join regions as national
        on
            matrix.period = national.period
            and national.region = 'SSS'
    left join {{ ref("int_transfer_open_years") }} as open_years
        on matrix.period = open_years.period
    left join {{ ref("int_transfer_withheld_cells") }} as withheld
        on
            matrix.period = withheld.period
            and matrix.from_actor = withheld.from_actor
            and matrix.to_actor = withheld.to_actor
    where matrix.from_actor <> 'all' or matrix.to_actor <> 'all'
),

shown_parts as (
    select matrix.*
    from {{ ref("int_transfer_matrix") }} as matrix
    left join {{ ref("int_transfer_open_years") }} as open_years
        on matrix.period = open_years.period
    where
        not matrix.has_small_part
        and (
            open_years.period is not null
            or (matrix.from_actor = 'all' and matrix.to_actor = 'all')
        )
)

select
    cells.region,
    cells.period,
    cells.from_actor,
    cells.to_actor,
    cast(case when not cells.is_withheld then cells.transfers end as bigint) as transfers,
    cast(
        case when not cells.is_withheld and not cells.hides_logs then cells.logs end as bigint
    ) as logs,
    cells.conf_status,
    {% for part in parts %}
    cast(shown_parts.{{ part }} as bigint) as {{ part }},
    {% endfor %}
    100.0 * shown_parts.accepted / nullif(shown_parts.accepted + shown_parts.refused, 0)
        as accepted_share_pct,
    cells.region_type,
    {{ year_of("cells.period_start") }} as year,
    {{ is_over(make_day(year_of("cells.period_start") ~ " + 1", 1, 1)) }} as is_over
from cells
left join shown_parts
    on
        cells.region = 'SSS'
        and cells.period = shown_parts.period
        and cells.from_actor = shown_parts.from_actor
        and cells.to_actor = shown_parts.to_actor
        and not cells.is_withheld
