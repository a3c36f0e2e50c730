{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "monitoring_funding"}}},
    description="The rows of each funder, instrument and programme add up to the row of all: "
    ~ "a difference means that a decision is doubled or lost in the breakdown."
) }}
with single as (
    select
        purpose,
        region,
        period,
        segment,
        sum(net_amount_eur) as net_amount_eur,
        sum(gross_amount_eur) as gross_amount_eur,
        sum(decisions) as decisions
    from {{ ref("monitoring_funding") }}
    where funder <> 'all' and instrument <> 'all' and programme <> 'all'
    group by purpose, region, period, segment
)

select totals.*
from {{ ref("monitoring_funding") }} as totals
left join single
    on
        totals.purpose = single.purpose
        and totals.region = single.region
        and totals.period = single.period
        and totals.segment = single.segment
where
    totals.funder = 'all'
    and totals.instrument = 'all'
    and totals.programme = 'all'
    and (
        single.purpose is null
        or totals.net_amount_eur <> single.net_amount_eur
        or totals.gross_amount_eur <> single.gross_amount_eur
        or totals.decisions <> single.decisions
    )
