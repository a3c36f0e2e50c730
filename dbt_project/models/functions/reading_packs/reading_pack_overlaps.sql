{{ config(parameters=["region_code", "meeting_on"]) }}

select
    pairs.kind,
    pairs.indicator,
    indicators.name_fi as indicator_name,
    pairs.segment,
    pairs.kept_source,
    pairs.other_source,
    count(*) as cells,
    sum(pairs.events) as events,
    min_by(pairs.period, periods.period_start) as first_period,
    max_by(pairs.period, periods.period_start) as last_period,
    max(abs(pairs.difference)) as largest_difference
from {{ ref("quality_overlaps") }} as pairs
inner join {{ ref("quality_overlap_regions") }} as places
    on pairs.overlap_id = places.overlap_id
inner join {{ ref("dim_indicator") }} as indicators
    on pairs.indicator = indicators.indicator
left join {{ ref("dim_period") }} as periods
    on pairs.period = periods.period
where
    places.region = region_code
    -- In the region, or, of events that count once in its sums, inside it.
    and (pairs.region = region_code or pairs.kind = 'same_event')
    and not pairs.is_accepted
group by all
order by indicator, kind, segment, kept_source, other_source
