-- Which total of counted events is part of which other, in one period: the region itself, and every
-- region of a higher level that it lies in. A region of the same territory as its sub-region lies
-- in it as well, but only the higher of the two levels holds the other.
with totals as (
    select
        observations.indicator,
        observations.period,
        observations.region,
        {{ classification_year("observations.period_end") }} as classification_year
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("indicators") }} as indicators
        on observations.indicator = indicators.indicator
    where
        observations.segment = 'total'
        and indicators.min_count > 0
        and indicators.event_dataset is not null
        and indicators.additivity = 'additive'
)

select
    indicator,
    period,
    region,
    region as holder
from totals
union all
select
    totals.indicator,
    totals.period,
    totals.region,
    holders.region as holder
from totals
inner join {{ ref("int_region_containment") }} as containment
    on
        totals.classification_year = containment.classification_year
        and totals.region = containment.region
inner join {{ ref("region_types") }} as types
    on containment.region_type = types.region_type
inner join {{ ref("region_types") }} as holder_types
    on
        containment.container_type = holder_types.region_type
        and types.sort_key < holder_types.sort_key
inner join totals as holders
    on
        totals.indicator = holders.indicator
        and totals.period = holders.period
        and containment.container = holders.region
