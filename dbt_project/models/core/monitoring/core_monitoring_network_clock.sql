-- The meetings that a network's own annual clock expects, a row each, against those that were held.
-- Only months count that the network lived through from the first day to the last; a network that
-- does not say when it began is expected to meet from the year of its first event on.
with events as (
    select
        {{ key_of_text("network") }} as network_key,
        network,
        kind,
        starts_on,
        is_day_known,
        state,
        attendees
    from {{ ref("int_network_events") }}
),

first_events as (
    select
        network_key,
        min(network) as network,
        min(starts_on) as first_event_on
    from events
    group by network_key
),

expected as (
    select
        described.network_key,
        coalesce(first_events.network, described.network) as network,
        years.n as year,
        cast(months.month_text as integer) as month,
        {{ make_day("years.n", "cast(months.month_text as integer)", 1) }} as expected_from,
        described.source
    from {{ ref("int_network_descriptions") }} as described
    inner join {{ words(
        ref("int_network_descriptions"), ["network_key"], "clock_months", "month_text"
    ) }} as months
        on described.network_key = months.network_key
    left join first_events
        on described.network_key = first_events.network_key
    inner join {{ integers(1990, year_of(today())) }} as years
        on
            years.n >= {{ year_of(
                "coalesce(described.valid_from, first_events.first_event_on, " ~ today() ~ ")"
            ) }}
    where
        (
            described.valid_from is null
            or described.valid_from
            <= {{ make_day("years.n", "cast(months.month_text as integer)", 1) }}
        )
        and (
            described.valid_to is null
            or {{ add_days("described.valid_to", 1) }}
            >= {{ add_months(
                make_day("years.n", "cast(months.month_text as integer)", 1), 1
            ) }}
        )
),

-- A meeting may be reported as late as any other measurement.
reporting as (
    select release_lag_days
    from {{ ref("int_indicators") }}
    where indicator = 'meeting_activity'
),

met as (
    select
        expected.network_key,
        expected.expected_from,
        count(case when events.state = 'held' then 1 end) as meetings_held,
        count(case when events.state = 'planned' then 1 end) as meetings_planned,
        min(case when events.state = 'held' then events.starts_on end) as held_on,
        min(case when events.state = 'planned' then events.starts_on end) as planned_on,
        sum(case when events.state = 'held' then events.attendees end) as attendees
    from expected
    inner join events
        on
            expected.network_key = events.network_key
            and events.kind = 'meeting'
            and events.is_day_known
            and events.starts_on >= expected.expected_from
            and events.starts_on < {{ add_months("expected.expected_from", 1) }}
    group by expected.network_key, expected.expected_from
)

select
    expected.network,
    expected.year,
    expected.month,
    case
        when met.meetings_held > 0 then 'held'
        when met.meetings_planned > 0 then 'planned'
        when
            {{ add_days(
                add_months("expected.expected_from", 1), "reporting.release_lag_days - 1"
            ) }} < {{ today() }}
            then 'missing'
        else 'not_due'
    end as state,
    expected.expected_from,
    {{ add_days(add_months("expected.expected_from", 1), -1) }} as expected_until,
    {{ add_days(
        add_months("expected.expected_from", 1), "reporting.release_lag_days - 1"
    ) }} as due_on,
    met.held_on,
    met.planned_on,
    cast(met.attendees as bigint) as attendees,
    expected.source
from expected
cross join reporting
left join met
    on
        expected.network_key = met.network_key
        and expected.expected_from = met.expected_from
