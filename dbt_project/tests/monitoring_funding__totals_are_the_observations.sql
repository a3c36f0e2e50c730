{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "monitoring_funding"}}},
    description="Net and gross of all funders, instruments and programmes are the value and the "
    ~ "gross value that is observed. A difference means that a decision counts in one of the two "
    ~ "only. Left out are periods for which a source delivered a ready-made figure."
) }}
with delivered_figures as (
    select distinct
        indicator,
        segment,
        period
    from {{ ref("int_slot_candidates") }}
    where dataset_rank < 3
),

totals as (
    select
        indicator,
        region,
        segment,
        period,
        net_amount_eur,
        gross_amount_eur
    from {{ ref("monitoring_funding") }}
    where
        funder = 'all'
        and instrument = 'all'
        and programme = 'all'
        -- Of what has no segment only the total is observed.
        and segment <> 'unknown'
),

observed as (
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.period,
        observations.value,
        observations.gross_value
    from {{ ref("fct_observations") }} as observations
    inner join {{ ref("int_indicators") }} as indicators
        on observations.indicator = indicators.indicator
    where indicators.event_dataset = 'funding_decisions'
)

select
    coalesce(totals.indicator, observed.indicator) as indicator,
    coalesce(totals.region, observed.region) as region,
    coalesce(totals.segment, observed.segment) as segment,
    coalesce(totals.period, observed.period) as period,
    totals.net_amount_eur,
    observed.value,
    totals.gross_amount_eur,
    observed.gross_value
from totals
full outer join observed
    on
        totals.indicator = observed.indicator
        and totals.region = observed.region
        and totals.segment = observed.segment
        and totals.period = observed.period
left join delivered_figures
    on
        coalesce(totals.indicator, observed.indicator) = delivered_figures.indicator
        and coalesce(totals.segment, observed.segment) = delivered_figures.segment
        and coalesce(totals.period, observed.period) = delivered_figures.period
where
    delivered_figures.indicator is null
    and (
        -- Where a period was reported without a decision the observation is a zero.
        (totals.indicator is null and observed.value <> 0)
        or observed.indicator is null
        or abs(cast(totals.net_amount_eur as double) - observed.value) > 0.005
        or abs(cast(totals.gross_amount_eur as double) - observed.gross_value) > 0.005
    )
