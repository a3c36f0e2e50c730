-- How much of what is expected by today was delivered, region by region and source by source: cells
-- of the calendar and of reporting duties, and the periods that whoever keeps a log has reported.
-- What was observed although nobody is known to be expected to report it stands here as unknown: it
-- is neither complete nor missing.
with slot_cells as (
    select
        slot_values.indicator,
        slot_values.slot,
        slot_values.region,
        slot_values.segment,
        slot_values.period,
        slot_values.value,
        slot_values.obs_status,
        slot_values.is_confidential,
        slot_values.first_delivered_at,
        slot_values.followed_since
    from {{ ref("int_slot_values") }} as slot_values
    inner join {{ ref("int_indicators") }} as indicators
        on slot_values.indicator = indicators.indicator
    where indicators.additivity <> 'rate'
    union all
    select
        observations.indicator,
        '*' as slot,
        observations.region,
        observations.segment,
        observations.period,
        observations.value,
        observations.obs_status,
        observations.is_confidential,
        observations.first_delivered_at,
        observations.followed_since
    from {{ ref("int_observations") }} as observations
    inner join {{ ref("int_indicators") }} as indicators
        on observations.indicator = indicators.indicator
    where indicators.additivity = 'rate'
),

calendar as (
    select
        expected.indicator,
        expected.region,
        expected.region_type,
        expected.source,
        expected.period,
        cells.value is not null as is_observed,
        cells.indicator is null as is_absent,
        coalesce(
            cells.value is null
            and {{ is_suppressed("cells.obs_status", "cells.is_confidential") }},
            false
        ) as is_suppressed,
        coalesce(
            cells.value is not null
            and {{ came_late(
                late_from("expected.due_on"), "cells.first_delivered_at", "cells.followed_since"
            ) }},
            false
        ) as is_late
    from {{ ref("int_expected_cells") }} as expected
    left join slot_cells as cells
        on
            expected.indicator = cells.indicator
            and expected.slot = cells.slot
            and expected.region = cells.region
            and expected.segment = cells.segment
            and expected.period = cells.period
    where coalesce(cells.value is not null or cells.obs_status <> 'M', true)
),

judged as (
    select
        indicator,
        region,
        region_type,
        source,
        period,
        is_observed,
        is_absent,
        is_suppressed,
        is_late,
        cast(null as {{ dbt.type_string() }}) as organisation,
        cast(null as {{ dbt.type_string() }}) as contact_role
    from calendar
    union all
    select
        indicator,
        region,
        region_type,
        source,
        period,
        is_reported as is_observed,
        not is_reported as is_absent,
        false as is_suppressed,
        state = 'late' as is_late,
        organisation,
        contact_role
    from {{ ref("int_reports") }}
    where state in ('reported', 'late', 'absent')
),

counted as (
    select
        indicator,
        region,
        region_type,
        source,
        period,
        count(*) as expected,
        sum(case when is_observed then 1 else 0 end) as observed,
        sum(case when is_late then 1 else 0 end) as late,
        sum(case when is_suppressed then 1 else 0 end) as suppressed,
        sum(case when is_absent then 1 else 0 end) as absent,
        {{ distinct_list("organisation", "; ") }} as organisation,
        {{ distinct_list("contact_role", "; ") }} as contact_role
    from judged
    group by indicator, region, region_type, source, period
),

places_expected as (
    select distinct
        indicator,
        region,
        period
    from counted
    union
    -- Where a reporter's regions lie inside or around, it is known who is expected.
    select
        indicator,
        region,
        period
    from {{ ref("int_report_coverage") }}
    where coverage_share is not null
),

unknown as (
    select
        observations.indicator,
        observations.region,
        observations.region_type,
        observations.source,
        observations.period
    from {{ ref("int_observations") }} as observations
    left join places_expected
        on
            observations.indicator = places_expected.indicator
            and observations.region = places_expected.region
            and observations.period = places_expected.period
    where
        observations.segment = 'total'
        and places_expected.indicator is null
        -- Of a roll-up its parts tell.
        and (not observations.is_derived or observations.coverage_share is null)
    group by
        observations.indicator,
        observations.region,
        observations.region_type,
        observations.source,
        observations.period
),

accepted as (
    select
        indicator,
        region,
        source,
        period,
        count(*) as gaps
    from {{ ref("core_quality_gaps") }}
    where is_accepted and kind in ('absent', 'suppressed', 'not_available')
    group by indicator, region, source, period
)

select
    counted.indicator,
    counted.region,
    counted.region_type,
    counted.source,
    counted.period,
    cast(counted.expected as integer) as expected,
    cast(counted.observed as integer) as observed,
    cast(counted.late as integer) as late,
    cast(counted.suppressed as integer) as suppressed,
    cast(counted.absent as integer) as absent,
    cast(
        counted.expected - counted.observed - counted.suppressed - counted.absent as integer
    ) as not_available,
    cast(counted.observed as double) / counted.expected as coverage_share,
    cast(coalesce(accepted.gaps, 0) as integer) as accepted,
    case
        when counted.observed = counted.expected then 'complete'
        when counted.observed = 0 then 'missing'
        else 'partial'
    end as state,
    coalesce(counted.organisation, sources.owner) as organisation,
    counted.contact_role
from counted
left join {{ ref("sources") }} as sources
    on counted.source = sources.source
left join accepted
    on
        counted.indicator = accepted.indicator
        and counted.region = accepted.region
        and counted.source = accepted.source
        and counted.period = accepted.period
union all
select
    unknown.indicator,
    unknown.region,
    unknown.region_type,
    unknown.source,
    unknown.period,
    0 as expected,
    0 as observed,
    0 as late,
    0 as suppressed,
    0 as absent,
    0 as not_available,
    cast(null as double) as coverage_share,
    0 as accepted,
    'unknown' as state,
    sources.owner as organisation,
    cast(null as {{ dbt.type_string() }}) as contact_role
from unknown
left join {{ ref("sources") }} as sources
    on unknown.source = sources.source
