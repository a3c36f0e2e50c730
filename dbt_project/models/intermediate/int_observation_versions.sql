-- What the platform knew about a cell, from when to when. Measured cells keep their whole history:
-- at each moment when a delivery changed what a source says, or took it back, the sources are
-- resolved again by the indicator's rule. Derived cells (roll-ups, rates, sums of events) are known
-- from the newest delivery that their value rests on; their past is had by a build as known on a
-- day (variable `as_known_on`).
with versions as (
    select
        versions.*,
        coalesce(slots.slot, versions.source) as slot,
        coalesce(slots.preference, 999) as preference,
        case
            when indicators.combination = 'separate' then coalesce(slots.slot, versions.source)
            else '*'
        end as cell_slot
    from {{ ref("int_measurement_versions") }} as versions
    left join {{ ref("int_slots") }} as slots
        on
            versions.indicator = slots.indicator
            and versions.source = slots.source
    left join {{ ref("int_indicators") }} as indicators
        on versions.indicator = indicators.indicator
),

delivered_cells as (
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        count(*) as versions,
        -- When the last of it was taken back; empty while a source still says something.
        case when count(*) = count(known_to) then max(known_to) end as ended_at
    from versions
    group by indicator, region, segment, period, cell_slot
),

event_cells as (
    select distinct
        indicator,
        region,
        segment,
        period
    from {{ ref("int_candidates") }}
    where dataset_rank = 3
),

-- What holds now, and whether the deliveries of the cell alone tell it.
present as (
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.period,
        observations.cell_slot,
        observations.value,
        observations.obs_status,
        delivered_cells.ended_at,
        -- After a figure was taken back the sum of its parts takes its place.
        greatest(
            observations.vintage_at, coalesce(delivered_cells.ended_at, observations.vintage_at)
        ) as known_from,
        not observations.is_derived
        and event_cells.indicator is null
        and delivered_cells.indicator is not null as is_measured
    from {{ ref("int_observations") }} as observations
    left join delivered_cells
        on
            observations.indicator = delivered_cells.indicator
            and observations.region = delivered_cells.region
            and observations.segment = delivered_cells.segment
            and observations.period = delivered_cells.period
            and observations.cell_slot = delivered_cells.cell_slot
    left join event_cells
        on
            observations.indicator = event_cells.indicator
            and observations.region = event_cells.region
            and observations.segment = event_cells.segment
            and observations.period = event_cells.period
),

told_by_deliveries as (
    select
        versions.*,
        cells.versions = 1 as is_only_version
    from versions
    inner join delivered_cells as cells
        on
            versions.indicator = cells.indicator
            and versions.region = cells.region
            and versions.segment = cells.segment
            and versions.period = cells.period
            and versions.cell_slot = cells.cell_slot
    left join present
        on
            versions.indicator = present.indicator
            and versions.region = present.region
            and versions.segment = present.segment
            and versions.period = present.period
            and versions.cell_slot = present.cell_slot
    where cells.ended_at is not null or present.is_measured
),

-- Most cells were delivered once, and there is nothing to resolve.
placed as (
    select *
    from told_by_deliveries
    where not is_only_version
),

-- The moments at which something of a cell changed: a delivery, or a taking back.
instants as (
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        known_from
    from placed
    union
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        known_to as known_from
    from placed
    where known_to is not null
),

-- The same two steps as for the present: one value of each source, then one of each slot.
known as (
    select
        instants.*,
        placed.slot,
        placed.source,
        placed.preference,
        placed.value,
        placed.obs_status,
        row_number() over (
            partition by
                instants.indicator,
                instants.region,
                instants.segment,
                instants.period,
                instants.cell_slot,
                instants.known_from,
                placed.slot,
                placed.source
            order by
                {{ answers_first("placed.value", "placed.obs_status", "placed.is_confidential") }},
                placed.dataset_rank,
                placed.dataset
        ) as source_rank
    from instants
    left join placed
        on
            instants.indicator = placed.indicator
            and instants.region = placed.region
            and instants.segment = placed.segment
            and instants.period = placed.period
            and instants.cell_slot = placed.cell_slot
            and instants.known_from >= placed.known_from
            and (placed.known_to is null or instants.known_from < placed.known_to)
),

resolved as (
    select
        *,
        row_number() over (
            partition by indicator, region, segment, period, cell_slot, known_from, slot
            order by case when value is null then 1 else 0 end, preference, source
        ) as slot_rank
    from known
    where source_rank = 1
),

combined as (
    select
        resolved.indicator,
        resolved.region,
        resolved.segment,
        resolved.period,
        resolved.cell_slot,
        resolved.known_from,
        sum(resolved.value) as value,
        count(resolved.source) > 0 as is_known,
        coalesce(
            min(case when resolved.value is not null then statuses.precedence end),
            min(statuses.precedence)
        ) as precedence
    from resolved
    left join {{ ref("obs_statuses") }} as statuses
        on resolved.obs_status = statuses.obs_status
    where resolved.slot_rank = 1
    group by
        resolved.indicator,
        resolved.region,
        resolved.segment,
        resolved.period,
        resolved.cell_slot,
        resolved.known_from
),

changes as (
    select
        combined.*,
        statuses.obs_status,
        row_number() over (
            partition by
                combined.indicator,
                combined.region,
                combined.segment,
                combined.period,
                combined.cell_slot
            order by combined.known_from
        ) as version,
        lag(combined.is_known) over (
            partition by
                combined.indicator,
                combined.region,
                combined.segment,
                combined.period,
                combined.cell_slot
            order by combined.known_from
        ) as was_known,
        lag(combined.value) over (
            partition by
                combined.indicator,
                combined.region,
                combined.segment,
                combined.period,
                combined.cell_slot
            order by combined.known_from
        ) as previous_value,
        lag(statuses.obs_status) over (
            partition by
                combined.indicator,
                combined.region,
                combined.segment,
                combined.period,
                combined.cell_slot
            order by combined.known_from
        ) as previous_status
    from combined
    left join {{ ref("obs_statuses") }} as statuses
        on combined.precedence = statuses.precedence
),

history as (
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        value,
        obs_status,
        known_from,
        is_known
    from changes
    -- A delivery that repeats what was known changes nothing.
    where
        version = 1
        or is_known <> was_known
        or coalesce(cast(value as {{ dbt.type_string() }}), '∅')
        <> coalesce(cast(previous_value as {{ dbt.type_string() }}), '∅')
        or obs_status <> previous_status
    union all
    select
        only_versions.indicator,
        only_versions.region,
        only_versions.segment,
        only_versions.period,
        only_versions.cell_slot,
        only_versions.value,
        statuses.obs_status,
        only_versions.known_from,
        true as is_known
    from told_by_deliveries as only_versions
    left join {{ ref("obs_statuses") }} as statuses
        on only_versions.obs_status = statuses.obs_status
    where only_versions.is_only_version
    union all
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        cast(null as double) as value,
        cast(null as {{ dbt.type_string() }}) as obs_status,
        known_to as known_from,
        false as is_known
    from told_by_deliveries
    where is_only_version and known_to is not null
    union all
    select
        indicator,
        region,
        segment,
        period,
        cell_slot,
        value,
        obs_status,
        known_from,
        true as is_known
    from present
    where not is_measured
),

-- A cell that is known again by its parts at the moment when its own figure was taken back has two
-- rows then; the known one tells what followed.
told as (
    select
        *,
        row_number() over (
            partition by indicator, region, segment, period, cell_slot, known_from
            order by case when is_known then 0 else 1 end
        ) as told_rank
    from history
),

spans as (
    select
        indicator,
        region,
        segment,
        period,
        value,
        obs_status,
        known_from,
        lead(known_from) over (
            partition by indicator, region, segment, period, cell_slot
            order by known_from
        ) as known_to,
        cell_slot,
        is_known
    from told
    where told_rank = 1
)

select
    indicator,
    region,
    segment,
    period,
    value,
    obs_status,
    known_from,
    known_to,
    cell_slot
from spans
where is_known
