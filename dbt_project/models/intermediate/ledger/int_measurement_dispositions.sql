-- What became of every accepted row of every vintage: `observed` (it stands behind an
-- observation), `superseded` by a later delivery, or `overlapped`. An observed row is traced into
-- the observations themselves, so a row that the models lose on the way is counted nowhere and the
-- ledger does not balance. A line of a wide file holds several cells, so the cell tells them apart.
with observed_cells as (
    select distinct
        indicator,
        region,
        segment,
        period
    from {{ ref("int_observations") }}
),

kept_cells as (
    select
        slot_values.indicator,
        slot_values.region,
        slot_values.segment,
        slot_values.period,
        slot_values.source,
        slot_values.dataset,
        slot_values.dataset_rank,
        slot_values.vintage,
        slot_values.line
    from {{ ref("int_slot_candidates") }} as slot_values
    inner join observed_cells
        on
            slot_values.indicator = observed_cells.indicator
            and slot_values.region = observed_cells.region
            and slot_values.segment = observed_cells.segment
            and slot_values.period = observed_cells.period
    where slot_values.slot_rank = 1
),

overlapped_candidates as (
    select
        indicator,
        region,
        segment,
        period,
        source,
        dataset,
        vintage,
        line
    from {{ ref("int_candidates") }}
    where source_rank > 1
    union all
    select
        indicator,
        region,
        segment,
        period,
        source,
        dataset,
        vintage,
        line
    from {{ ref("int_slot_candidates") }}
    where slot_rank > 1
),

-- Each event is traced through its home, of all segments.
event_cells as (
    select
        source,
        dataset,
        vintage,
        line,
        indicator,
        home as region,
        home_segment as segment,
        period
    from {{ ref("int_event_homes") }}
    where home_segment = 'total'
)

select
    rows_delivered.source,
    rows_delivered.dataset,
    rows_delivered.vintage,
    rows_delivered.line,
    rows_delivered.indicator,
    rows_delivered.region,
    rows_delivered.segment,
    rows_delivered.period,
    rows_delivered.indicator || ' ' || rows_delivered.region || ' ' || rows_delivered.segment
    || ' ' || rows_delivered.period as cell,
    case
        when rows_delivered.disposition <> 'kept' then rows_delivered.disposition
        when kept_cells.indicator is not null then 'observed'
        when overlapped_candidates.indicator is not null then 'overlapped'
        else 'lost'
    end as disposition
from {{ ref("int_measurements") }} as rows_delivered
left join kept_cells
    on
        rows_delivered.source = kept_cells.source
        and rows_delivered.dataset = kept_cells.dataset
        and rows_delivered.vintage = kept_cells.vintage
        and rows_delivered.line = kept_cells.line
        and rows_delivered.indicator = kept_cells.indicator
        and rows_delivered.region = kept_cells.region
        and rows_delivered.segment = kept_cells.segment
        and rows_delivered.period = kept_cells.period
left join overlapped_candidates
    on
        rows_delivered.source = overlapped_candidates.source
        and rows_delivered.dataset = overlapped_candidates.dataset
        and rows_delivered.vintage = overlapped_candidates.vintage
        and rows_delivered.line = overlapped_candidates.line
        and rows_delivered.indicator = overlapped_candidates.indicator
        and rows_delivered.region = overlapped_candidates.region
        and rows_delivered.segment = overlapped_candidates.segment
        and rows_delivered.period = overlapped_candidates.period
union all
select
    events.source,
    events.dataset,
    events.vintage,
    events.line,
    events.indicator,
    events.region,
    events.segment,
    events.period,
    'one event' as cell,
    case
        -- What takes an event back stands behind its absence.
        when events.disposition = 'withdrawn' then 'observed'
        when events.disposition <> 'kept' then events.disposition
        when not coalesce(same_events.is_kept, true) then 'overlapped'
        when kept_cells.indicator is not null then 'observed'
        when overlapped_candidates.indicator is not null then 'overlapped'
        else 'lost'
    end as disposition
from {{ ref("int_events") }} as events
left join {{ ref("int_same_events") }} as same_events
    on
        events.source = same_events.source
        and events.dataset = same_events.dataset
        and events.vintage = same_events.vintage
        and events.line = same_events.line
left join event_cells
    on
        events.source = event_cells.source
        and events.dataset = event_cells.dataset
        and events.vintage = event_cells.vintage
        and events.line = event_cells.line
left join kept_cells
    on
        event_cells.source = kept_cells.source
        and event_cells.indicator = kept_cells.indicator
        and event_cells.region = kept_cells.region
        and event_cells.segment = kept_cells.segment
        and event_cells.period = kept_cells.period
        and kept_cells.dataset_rank = 3
left join overlapped_candidates
    on
        event_cells.source = overlapped_candidates.source
        and event_cells.dataset = overlapped_candidates.dataset
        and event_cells.indicator = overlapped_candidates.indicator
        and event_cells.region = overlapped_candidates.region
        and event_cells.segment = overlapped_candidates.segment
        and event_cells.period = overlapped_candidates.period
        and overlapped_candidates.line is null
