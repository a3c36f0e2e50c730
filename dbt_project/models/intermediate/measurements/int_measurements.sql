-- The one shape of a measurement: every delivered value, of every vintage, in the indicator's
-- unit, and what became of it within its own source and dataset. No row is dropped here: it would
-- be missing from the ledger.
with delivered as (
    select
        source,
        dataset,
        vintage,
        line,
        indicator,
        region,
        segment,
        period,
        freq,
        period_start,
        period_end,
        unit,
        value,
        obs_status,
        conf_status,
        processing_level,
        producer_note,
        2 as dataset_rank
    from {{ ref("stg_measurements") }}
    union all
    -- An office's own table comes before a file of the same office.
    select
        source,
        dataset,
        vintage,
        line,
        indicator,
        region,
        segment,
        period,
        freq,
        period_start,
        period_end,
        unit,
        value,
        obs_status,
        conf_status,
        cast(null as {{ dbt.type_string() }}) as processing_level,
        cast(null as {{ dbt.type_string() }}) as producer_note,
        1 as dataset_rank
    from {{ ref("stg_table_cells") }}
),

measurements as (
    select
        delivered.source,
        delivered.dataset,
        delivered.vintage,
        delivered.line,
        delivered.indicator,
        delivered.region,
        delivered.segment,
        delivered.period,
        delivered.freq,
        delivered.period_start,
        delivered.period_end,
        -- No value for a region that had ended: it cannot exist, whatever the delivery calls it.
        case
            when delivered.value is null and regions.ended_on <= delivered.period_start then 'M'
            else delivered.obs_status
        end as obs_status,
        delivered.conf_status,
        delivered.processing_level,
        -- A note on a confidential value could give it away.
        case
            when not coalesce(conf_statuses.is_confidential, false) then delivered.producer_note
        end as producer_note,
        delivered.dataset_rank,
        vintages.sequence,
        vintages.taken_in_at,
        vintages.known_from,
        -- When the source handed it over; a file's time can lie, but not beyond the taking in.
        least(vintages.delivered_at, vintages.taken_in_at) as delivered_at,
        coalesce(conf_statuses.is_confidential, false) as is_confidential,
        -- A confidential value is suppressed even where the delivery gives it.
        case
            when not coalesce(conf_statuses.is_confidential, false)
                then delivered.value * coalesce(units.factor, 1) / coalesce(indicators.factor, 1)
        end as value
    from delivered
    left join {{ ref("stg_vintages") }} as vintages
        on
            delivered.source = vintages.source
            and delivered.dataset = vintages.dataset
            and delivered.vintage = vintages.vintage
    left join {{ ref("int_indicators") }} as indicators
        on delivered.indicator = indicators.indicator
    left join {{ ref("units") }} as units
        on delivered.unit = units.unit
    left join {{ ref("int_region_types") }} as regions
        on delivered.region = regions.region
    left join {{ ref("conf_statuses") }} as conf_statuses
        on delivered.conf_status = conf_statuses.conf_status
),

-- Within a delivery the same key again is an overlap: the last row that has a value is kept.
ranked as (
    select
        *,
        {{ key_ranks(
            ["source", "dataset", "indicator", "region", "segment", "period"],
            first="case when value is null then 1 else 0 end",
        ) }},
        min(delivered_at) over (
            partition by source, dataset, indicator, region, segment, period
        ) as first_delivered_at,
        -- What the first delivery of a series brings is its history; lateness is judged after it.
        min(delivered_at) over (partition by source, dataset, indicator) as followed_since
    from measurements
)

select
    ranked.*,
    {{ disposition([("true", "kept")], whole="tables") }} as disposition
from ranked
left join {{ newest_whole("table_cells") }} as tables
    on
        ranked.source = tables.source
        and ranked.dataset = tables.dataset
