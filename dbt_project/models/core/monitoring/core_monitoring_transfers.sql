-- Transfers by year: the national matrix of who handed over to whom, with what each actor sent and
-- received and how the two sides' logs agree, and the count of every region.
{% set parts = [
    "matched", "sender_only", "receiver_only", "third_party", "accepted", "refused", "unanswered"
] %}
with regions as (
    select
        observations.region,
        observations.region_type,
        observations.period,
        observations.period_start,
        observations.value as transfers,
        observations.gross_value as logs,
        observations.conf_status,
        observations.is_confidential
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("int_indicators") }} as indicators
        on
            observations.indicator = indicators.indicator
            and observations.freq = indicators.cadence
    where observations.indicator = 'transfers' and observations.segment = 'total'
),

cells as (
    select
        region,
        region_type,
        period,
        period_start,
        'all' as from_actor,
        'all' as to_actor,
        transfers,
        logs,
        conf_status,
        is_confidential
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
        'F' as conf_status,
        false as is_confidential
    from {{ ref("int_transfer_matrix") }} as matrix
    inner join regions as national
        on
            matrix.period = national.period
            and national.region = 'SSS'
    where matrix.from_actor <> 'all' or matrix.to_actor <> 'all'
)

select
    cells.region,
    cells.period,
    cells.from_actor,
    cells.to_actor,
    cast(cells.transfers as bigint) as transfers,
    cast(cells.logs as bigint) as logs,
    cells.conf_status,
    {% for part in parts %}
    cast(matrix.{{ part }} as bigint) as {{ part }},
    {% endfor %}
    100.0 * matrix.accepted / nullif(matrix.accepted + matrix.refused, 0) as accepted_share_pct,
    cells.region_type,
    {{ year_of("cells.period_start") }} as year,
    {{ is_over(make_day(year_of("cells.period_start") ~ " + 1", 1, 1)) }} as is_over,
    cells.is_confidential,
    coalesce(matrix.has_small_part, false) as has_small_part
from cells
left join {{ ref("int_transfer_matrix") }} as matrix
    on
        cells.region = 'SSS'
        and cells.period = matrix.period
        and cells.from_actor = matrix.from_actor
        and cells.to_actor = matrix.to_actor
