-- What the platform knew about a cell, from when to when. Measured cells keep their whole history:
-- at each moment when a delivery changed what a source says, the sources are resolved again by the
-- indicator's rule. Derived cells (roll-ups, rates, sums of events) are known from the newest
-- delivery that their value rests on.
with versions as (
    select
        versions.*,
        coalesce(slots.slot, versions.source) as slot,
        coalesce(slots.preference, 999) as preference
    from {{ ref("int_measurement_versions") }} as versions
    left join {{ ref("int_slots") }} as slots
        on
            versions.indicator = slots.indicator
            and versions.source = slots.source
),

measured_cells as (
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.period,
        observations.cell_slot
    from {{ ref("int_observations") }} as observations
    -- A cell that events feed too has no history of its own here.
    where
        not observations.is_derived
        and not exists (
            select 1
            from {{ ref("int_candidates") }} as events
            where
                events.dataset_rank = 3
                and events.indicator = observations.indicator
                and events.region = observations.region
                and events.segment = observations.segment
                and events.period = observations.period
        )
),

placed as (
    select
        versions.*,
        cells.cell_slot
    from versions
    inner join measured_cells as cells
        on
            versions.indicator = cells.indicator
            and versions.region = cells.region
            and versions.segment = cells.segment
            and versions.period = cells.period
            and (cells.cell_slot = '*' or versions.slot = cells.cell_slot)
),

instants as (
    select distinct
        indicator,
        region,
        segment,
        period,
        cell_slot,
        known_from
    from placed
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
                placed.known_from desc,
                placed.dataset
        ) as source_rank
    from instants
    inner join placed
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
        known_from
    from changes
    -- A delivery that repeats what was known changes nothing.
    where
        version = 1
        or coalesce(cast(value as {{ dbt.type_string() }}), '∅')
        <> coalesce(cast(previous_value as {{ dbt.type_string() }}), '∅')
        or obs_status <> previous_status
    union all
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.period,
        observations.cell_slot,
        observations.value,
        observations.obs_status,
        observations.vintage_at as known_from
    from {{ ref("int_observations") }} as observations
    left join measured_cells as cells
        on
            observations.indicator = cells.indicator
            and observations.region = cells.region
            and observations.segment = cells.segment
            and observations.period = cells.period
            and observations.cell_slot = cells.cell_slot
    where cells.indicator is null
)

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
    cell_slot
from history
