-- Funding decisions, advice events, transfers and entries of the business register as measurements
-- of one event each: the indicator that the catalogue feeds from the dataset, the calendar period
-- in which the event counts, and what tells whether two logs mean the same event.
with delivered as (
    select
        source,
        dataset,
        vintage,
        line,
        coalesce(is_withdrawn, false) as is_withdrawn,
        decision_id as event_id,
        region,
        segment,
        granted_on as happened_on,
        period,
        freq,
        period_start,
        period_end,
        purpose as event_filter,
        amount_eur as amount,
        business_key,
        upper(project_id) as project_id,
        project_key,
        {{ folded_text("instrument") }} as instrument_key,
        amount_basis,
        cast(null as {{ dbt.type_string() }}) as topic_key,
        co_funder_sources,
        cast(null as {{ dbt.type_string() }}) as from_actor,
        cast(null as {{ dbt.type_string() }}) as to_actor
    from {{ ref("stg_funding_decisions") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        coalesce(is_withdrawn, false) as is_withdrawn,
        event_id,
        region,
        segment,
        happened_on,
        cast(null as {{ dbt.type_string() }}) as period,
        cast(null as {{ dbt.type_string() }}) as freq,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        cast(null as {{ dbt.type_string() }}) as event_filter,
        1 as amount,
        business_key,
        cast(null as {{ dbt.type_string() }}) as project_id,
        cast(null as {{ dbt.type_string() }}) as project_key,
        cast(null as {{ dbt.type_string() }}) as instrument_key,
        cast(null as {{ dbt.type_string() }}) as amount_basis,
        topic_key,
        cast(null as {{ dbt.type_string() }}) as co_funder_sources,
        cast(null as {{ dbt.type_string() }}) as from_actor,
        cast(null as {{ dbt.type_string() }}) as to_actor
    from {{ ref("stg_advice_events") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        coalesce(is_withdrawn, false) as is_withdrawn,
        transfer_id as event_id,
        region,
        segment,
        happened_on,
        cast(null as {{ dbt.type_string() }}) as period,
        cast(null as {{ dbt.type_string() }}) as freq,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        cast(null as {{ dbt.type_string() }}) as event_filter,
        -- A handover inside one organisation is no transfer.
        case when lower(from_actor) = lower(to_actor) then 0 else 1 end as amount,
        business_key,
        cast(null as {{ dbt.type_string() }}) as project_id,
        cast(null as {{ dbt.type_string() }}) as project_key,
        cast(null as {{ dbt.type_string() }}) as instrument_key,
        cast(null as {{ dbt.type_string() }}) as amount_basis,
        cast(null as {{ dbt.type_string() }}) as topic_key,
        cast(null as {{ dbt.type_string() }}) as co_funder_sources,
        lower(from_actor) as from_actor,
        lower(to_actor) as to_actor
    from {{ ref("stg_transfers") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        false as is_withdrawn,
        event_id,
        region,
        segment,
        happened_on,
        cast(null as {{ dbt.type_string() }}) as period,
        cast(null as {{ dbt.type_string() }}) as freq,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        kind as event_filter,
        1 as amount,
        business_key,
        cast(null as {{ dbt.type_string() }}) as project_id,
        cast(null as {{ dbt.type_string() }}) as project_key,
        cast(null as {{ dbt.type_string() }}) as instrument_key,
        cast(null as {{ dbt.type_string() }}) as amount_basis,
        cast(null as {{ dbt.type_string() }}) as topic_key,
        cast(null as {{ dbt.type_string() }}) as co_funder_sources,
        cast(null as {{ dbt.type_string() }}) as from_actor,
        cast(null as {{ dbt.type_string() }}) as to_actor
    from {{ ref("stg_register_events") }}
),

ranked as (
    select
        delivered.*,
        vintages.sequence,
        vintages.taken_in_at,
        vintages.known_from,
        {{ key_ranks(
            ["delivered.source", "delivered.dataset", "delivered.event_id"],
            sequence="vintages.sequence",
            line="delivered.line",
        ) }}
    from delivered
    left join {{ ref("stg_vintages") }} as vintages
        on
            delivered.source = vintages.source
            and delivered.dataset = vintages.dataset
            and delivered.vintage = vintages.vintage
)

select
    ranked.source,
    ranked.dataset,
    ranked.vintage,
    ranked.line,
    ranked.is_withdrawn,
    ranked.event_id,
    indicators.indicator,
    ranked.region,
    regions.region_type,
    ranked.segment,
    ranked.happened_on,
    ranked.amount,
    ranked.business_key,
    ranked.project_id,
    ranked.project_key,
    ranked.instrument_key,
    ranked.amount_basis,
    ranked.topic_key,
    ranked.co_funder_sources,
    ranked.from_actor,
    ranked.to_actor,
    ranked.sequence,
    ranked.taken_in_at,
    ranked.known_from,
    ranked.key_rank,
    coalesce(ranked.period, calendar.period) as period,
    coalesce(ranked.freq, calendar.freq) as freq,
    coalesce(ranked.period_start, calendar.period_start) as period_start,
    coalesce(ranked.period_end, calendar.period_end) as period_end,
    {{ disposition(
        [("ranked.is_withdrawn", "withdrawn"), ("true", "kept")], whole="register"
    ) }} as disposition
from ranked
left join {{ newest_whole("register_events") }} as register
    on
        ranked.source = register.source
        and ranked.dataset = register.dataset
left join {{ ref("int_indicators") }} as indicators
    on
        ranked.dataset = indicators.event_dataset
        and (indicators.event_filter is null or ranked.event_filter = indicators.event_filter)
left join {{ ref("int_region_types") }} as regions
    on ranked.region = regions.region
left join {{ ref("int_calendar_periods") }} as calendar
    on
        indicators.cadence = calendar.freq
        and ranked.happened_on >= calendar.period_start
        and ranked.happened_on < calendar.period_end
