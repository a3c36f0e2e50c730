{{ config(parameters=["region_code", "meeting_on"]) }}

select
    pairs.kind,
    pairs.indicator,
    indicators.name_fi as indicator_name,
    pairs.segment,
    pairs.kept_source,
    pairs.other_source,
    count(*) as cells,
    min_by(pairs.period, periods.period_start) as first_period,
    max_by(pairs.period, periods.period_start) as last_period,
    max(abs(pairs.difference)) as largest_difference
from {{ ref("quality_overlaps") }} as pairs
inner join {{ ref("dim_indicator") }} as indicators
    on pairs.indicator = indicators.indicator
left join {{ ref("dim_period") }} as periods
    on pairs.period = periods.period
where pairs.region = region_code and not pairs.is_accepted
group by all
order by indicator, kind, segment, kept_source, other_source
