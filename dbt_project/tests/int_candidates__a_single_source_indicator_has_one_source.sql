{{ config(
    severity="error",
    meta={"dagster": {"ref": {"name": "int_candidates"}}},
    description="An indicator that is combined as `single` may have one source only; a second one "
    ~ "is an error of the catalogue or of a delivery."
) }}
select
    candidates.indicator,
    candidates.region,
    candidates.segment,
    candidates.period,
    count(distinct candidates.source) as sources
from {{ ref("int_candidates") }} as candidates
inner join {{ ref("int_indicators") }} as indicators
    on candidates.indicator = indicators.indicator
where indicators.combination = 'single'
group by candidates.indicator, candidates.region, candidates.segment, candidates.period
having count(distinct candidates.source) > 1
