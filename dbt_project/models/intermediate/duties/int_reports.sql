-- What became of each duty to report a log, indicator by indicator and period by period: reported,
-- late, absent, not due yet, or of a period that is not over. A log that was delivered after the
-- end of a period is the reporter's whole period, whether it has an event or not; so is a figure
-- that the source itself delivered for the region.
--
-- Where several organisations deliver as one source, a delivery is a report of those only that it
-- has an entry of, from their regions, of any time.
with duties as (
    select *
    from {{ ref("int_reporting_duties") }}
    where is_logged
),

reporters as (
    select distinct
        duty,
        source,
        organisation,
        dataset
    from duties
),

crowded as (
    select
        source,
        dataset
    from duties
    group by source, dataset
    having count(distinct organisation) > 1
),

logged as (
    select distinct
        events.source,
        events.dataset,
        events.vintage,
        events.indicator,
        events.region,
        events.period_start,
        {{ classification_year("events.period_end") }} as classification_year
    from {{ ref("int_events") }} as events
),

places_of_logs as (
    select distinct
        source,
        dataset,
        vintage,
        region
    from logged
    union
    select distinct
        logged.source,
        logged.dataset,
        logged.vintage,
        containment.container as region
    from logged
    inner join {{ ref("int_region_containment") }} as containment
        on
            logged.region = containment.region
            and logged.classification_year = containment.classification_year
),

signed as (
    select distinct
        duties.duty,
        places.vintage
    from duties
    inner join places_of_logs as places
        on
            duties.source = places.source
            and duties.dataset = places.dataset
            and duties.region = places.region
),

deliveries as (
    select
        reporters.duty,
        vintages.known_from,
        -- A log tells of what was when it was written, however late the platform reads it; a file's
        -- time can lie, but not beyond the taking in.
        least(coalesce(vintages.delivered_at, vintages.taken_in_at), vintages.taken_in_at)
            as came_at
    from reporters
    inner join {{ ref("stg_vintages") }} as vintages
        on
            reporters.source = vintages.source
            and reporters.dataset = vintages.dataset
    left join crowded
        on
            reporters.source = crowded.source
            and reporters.dataset = crowded.dataset
    left join signed
        on
            reporters.duty = signed.duty
            and vintages.vintage = signed.vintage
    where
        -- A log that was rejected whole says nothing; one without an entry says that there is none.
        (vintages.rows_delivered = 0 or vintages.rows_quarantined < vintages.rows_delivered)
        and (crowded.source is null or signed.duty is not null)
),

-- Where nobody says from when, the log itself does.
first_logged as (
    select
        source,
        indicator,
        min(period_start) as first_start
    from logged
    group by source, indicator
),

expected as (
    select
        duties.*,
        calendar.period,
        calendar.freq,
        calendar.period_start,
        calendar.period_end,
        {{ add_days(
            "greatest(calendar.period_end, reporting.period_end)",
            "indicators.release_lag_days - 1"
        ) }} as due_on
    from duties
    inner join {{ ref("int_indicators") }} as indicators
        on duties.indicator = indicators.indicator
    inner join {{ ref("int_calendar_periods") }} as calendar
        on indicators.cadence = calendar.freq
    -- Whoever reports once a year owes its first quarter when the year is over.
    inner join {{ ref("int_calendar_periods") }} as reporting
        on
            duties.cadence = reporting.freq
            and {{ add_days("calendar.period_end", -1) }} >= reporting.period_start
            and {{ add_days("calendar.period_end", -1) }} < reporting.period_end
    left join first_logged
        on
            duties.source = first_logged.source
            and duties.indicator = first_logged.indicator
    where
        calendar.period_start >= coalesce(duties.valid_from, first_logged.first_start)
        and (duties.valid_to is null or calendar.period_start < duties.valid_to)
        and calendar.period_start <= {{ today() }}
),

logs as (
    select
        expected.duty,
        expected.indicator,
        expected.period,
        min(deliveries.known_from) as log_reported_at,
        min(deliveries.came_at) as came_at
    from expected
    inner join deliveries
        on
            expected.duty = deliveries.duty
            and {{ helsinki_day("deliveries.came_at") }} >= expected.period_end
    where expected.period_end <= {{ today() }}
    group by expected.duty, expected.indicator, expected.period
),

judged as (
    select
        expected.duty,
        expected.source,
        expected.organisation,
        expected.contact_role,
        expected.dataset,
        expected.indicator,
        expected.slot,
        expected.region,
        expected.region_type,
        expected.period,
        expected.freq,
        expected.period_start,
        expected.period_end,
        expected.due_on,
        logs.log_reported_at,
        least(
            logs.came_at, coalesce(figures.first_delivered_at, figures.taken_in_at)
        ) as reported_at
    from expected
    left join logs
        on
            expected.duty = logs.duty
            and expected.indicator = logs.indicator
            and expected.period = logs.period
    left join {{ ref("int_candidates") }} as figures
        on
            expected.source = figures.source
            and expected.indicator = figures.indicator
            and expected.region = figures.region
            and expected.period = figures.period
            and expected.period_end <= {{ today() }}
            and figures.segment = 'total'
            and figures.source_rank = 1
            and figures.dataset_rank < 3
            and figures.value is not null
)

select
    *,
    {{ helsinki_day("reported_at") }} as reported_on,
    reported_at is not null as is_reported,
    case
        when period_end > {{ today() }} then 'running'
        when reported_at is null and due_on >= {{ today() }} then 'not_due'
        when reported_at is null then 'absent'
        when {{ helsinki_day("reported_at") }} > due_on then 'late'
        else 'reported'
    end as state
from judged
