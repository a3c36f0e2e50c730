-- The indicators that a region has decided to use, beside the newest published figure of each.
with chosen as (
    select
        records.*,
        row_number() over (
            partition by records.region, records.indicator
            order by records.taken_in_at desc, records.record_key
        ) as newness
    from {{ current_records("indicator_choices") }} as records
),

-- A figure that is withheld was measured as well.
measured as (
    select distinct
        region,
        indicator
    from {{ ref("shown_fct_observations") }}
    where segment = 'total'
)

select
    chosen.region,
    chosen.indicator,
    indicators.name_fi as indicator_name_fi,
    chosen.way_of_use,
    ways.name_fi as way_of_use_name_fi,
    coalesce(compilers.name_fi, chosen.compiled_by) as compiled_by,
    chosen.shared_in,
    chosen.known_distortion,
    chosen.decided_on,
    chosen.valid_from,
    chosen.valid_to,
    coalesce(chosen.valid_from <= {{ today() }}, true)
    and coalesce(chosen.valid_to >= {{ today() }}, true) as is_current,
    latest.period as newest_period,
    latest.value as newest_value,
    latest.unit,
    latest.source as newest_source,
    measured.region is not null as is_measured,
    chosen.source,
    chosen.taken_in_at
from chosen
inner join {{ ref("indicators") }} as indicators
    on chosen.indicator = indicators.indicator
left join {{ ref("derived_latest_indicators") }} as latest
    on
        chosen.region = latest.region
        and chosen.indicator = latest.indicator
        and latest.segment = 'total'
left join measured
    on
        chosen.region = measured.region
        and chosen.indicator = measured.indicator
left join {{ ref("words") }} as ways
    on ways.list = 'way_of_use' and chosen.way_of_use = ways.code
left join {{ ref("sources") }} as compilers
    on chosen.compiled_by = compilers.source
where chosen.newness = 1
