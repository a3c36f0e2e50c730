-- All gaps. Consecutive periods of one kind and series form a run, by the calendar of the period's
-- frequency: what is counted is periods, so a month that was measured ends a run of missing months.
with found as (
    select
        kind,
        indicator,
        region,
        segment,
        period,
        source,
        due_on,
        days_late,
        coverage_share,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(null as {{ dbt.type_string() }}) as organisation,
        cast(null as {{ dbt.type_string() }}) as contact_role
    from {{ ref("int_gap_cells") }}
    union all
    select
        kind,
        indicator,
        region,
        segment,
        period,
        source,
        due_on,
        days_late,
        coverage_share,
        cast(null as {{ dbt.type_string() }}) as reason,
        organisation,
        contact_role
    from {{ ref("int_gap_reports") }}
    union all
    select
        kind,
        indicator,
        region,
        segment,
        period,
        source,
        due_on,
        days_late,
        coverage_share,
        reason,
        cast(null as {{ dbt.type_string() }}) as organisation,
        cast(null as {{ dbt.type_string() }}) as contact_role
    from {{ ref("int_gap_meetings") }}
    union all
    select
        'series_break' as kind,
        indicator,
        region,
        segment,
        period,
        source,
        cast(null as date) as due_on,
        cast(null as integer) as days_late,
        1 as coverage_share,
        reason,
        cast(null as {{ dbt.type_string() }}) as organisation,
        cast(null as {{ dbt.type_string() }}) as contact_role
    from {{ ref("int_series_breaks") }}
    union all
    select
        'stale_source' as kind,
        indicator,
        'SSS' as region,
        'total' as segment,
        period,
        source,
        due_on,
        {{ dbt.datediff("due_on", today(), "day") }} as days_late,
        0 as coverage_share,
        reason,
        cast(null as {{ dbt.type_string() }}) as organisation,
        cast(null as {{ dbt.type_string() }}) as contact_role
    from {{ ref("int_gap_stale_sources") }}
),

calendar as (
    select
        period,
        freq,
        period_start,
        row_number() over (partition by freq order by period_start) as ordinal
    from {{ ref("int_calendar_periods") }}
),

-- The place of a period in the calendar grows with its rank exactly as long as none is left out.
-- A free span has no place in a calendar, so it stands alone.
placed as (
    select
        found.*,
        calendar.period_start,
        case
            when calendar.ordinal is null then found.period
            else
                calendar.freq || cast(
                    calendar.ordinal - row_number() over (
                        partition by
                            found.kind,
                            found.indicator,
                            found.region,
                            found.segment,
                            found.source,
                            calendar.freq
                        order by calendar.ordinal
                    ) as {{ dbt.type_string() }}
                )
        end as run
    from found
    left join calendar
        on found.period = calendar.period
),

runs as (
    select
        *,
        count(*) over (
            partition by kind, indicator, region, segment, source, run
        ) as run_length,
        first_value(period) over (
            partition by kind, indicator, region, segment, source, run
            order by period_start, period
        ) as run_start
    from placed
),

covered as (
    select
        runs.kind,
        runs.indicator,
        runs.region,
        runs.segment,
        runs.period,
        runs.source,
        {{ at_smallest("acceptances.reason", "acceptances.acceptance") }} as reason
    from runs
    inner join {{ ref("core_dim_period") }} as periods
        on runs.period = periods.period
    inner join {{ ref("accepted_findings") }} as acceptances
        on
            {{ acceptance_covers(
                "acceptances", "runs", "runs.source", none, "periods.period_start"
            ) }}
    where
        acceptances.finding = 'gap'
        and (acceptances.until is null or acceptances.until >= {{ today() }})
    group by
        runs.kind,
        runs.indicator,
        runs.region,
        runs.segment,
        runs.period,
        runs.source
)

select
    runs.kind,
    runs.indicator,
    runs.region,
    runs.segment,
    runs.period,
    runs.source,
    runs.due_on,
    cast(runs.days_late as integer) as days_late,
    cast(runs.coverage_share as double) as coverage_share,
    runs.reason,
    cast(runs.run_length as integer) as run_length,
    runs.run_start,
    covered.indicator is not null as is_accepted,
    covered.reason as accepted_reason,
    -- Of what the calendar expects it is the owner of the source.
    coalesce(runs.organisation, sources.owner) as organisation,
    runs.contact_role
from runs
left join {{ ref("sources") }} as sources
    on runs.source = sources.source
left join covered
    on
        runs.kind = covered.kind
        and runs.indicator = covered.indicator
        and runs.region = covered.region
        and runs.segment = covered.segment
        and runs.period = covered.period
        and runs.source = covered.source
