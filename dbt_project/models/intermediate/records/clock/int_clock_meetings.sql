-- Recorded meetings against those that the annual clock expects. A meeting takes a seat of the
-- window that holds the day for which it was planned, or else of the one that holds the day on
-- which it was held; windows of a month are filled before those of a year, and a meeting that was
-- held before one that was not. Each variant of the clock is tried on its own, and a year follows
-- the one of which most was held, then the one of which least is missing, then the first by name.
with expected as (
    select * from {{ ref("int_clock_expectations") }}
    where expects = 'meeting'
),

variants as (
    select distinct
        region,
        group_name,
        clock_year,
        variant
    from expected
    where variant is not null
),

-- A group without alternatives has one trial, without a name.
trials as (
    select distinct
        expected.region,
        expected.group_name,
        expected.clock_year,
        coalesce(variants.variant, '') as trial
    from expected
    left join variants
        on
            expected.region = variants.region
            and expected.group_name = variants.group_name
            and expected.clock_year = variants.clock_year
),

seats as (
    select
        expected.*,
        trials.trial,
        row_number() over (
            partition by
                expected.region, expected.group_name, trials.trial, expected.window_from,
                expected.window_to
            order by expected.sort_key, expected.rule, expected.seat
        ) as place
    from expected
    inner join trials
        on
            expected.region = trials.region
            and expected.group_name = trials.group_name
            and expected.clock_year = trials.clock_year
            and (expected.variant is null or expected.variant = trials.trial)
),

reporting as (
    select release_lag_days
    from {{ ref("int_indicators") }}
    where indicator = 'meeting_activity'
),

recorded as (
    select
        records.region,
        records.group_name,
        records.planned_on,
        records.held_on,
        records.attendees,
        records.topic,
        records.source,
        records.taken_in_at,
        records.record_key,
        case
            when records.held_on is not null then 'held'
            -- Whether it was held may be reported as late as any other measurement.
            when {{ add_days("records.planned_on", "reporting.release_lag_days") }} < {{ today() }}
                then 'not_held'
            else 'planned'
        end as status
    from {{ current_records("meetings") }} as records
    cross join reporting
),

{% set steps = [
    {"name": "by_planned_month", "day": "planned_on", "months": "= 1", "before": []},
    {"name": "by_held_month", "day": "held_on", "months": "= 1", "before": ["by_planned_month"]},
    {
        "name": "by_planned_year", "day": "planned_on", "months": "> 1",
        "before": ["by_planned_month", "by_held_month"],
    },
] %}
{% for step in steps %}
{{ step.name }}_seats as (
    select
        seats.*,
        row_number() over (
            partition by
                seats.region, seats.group_name, seats.trial, seats.window_from, seats.window_to
            order by seats.place
        ) as turn
    from seats
    {% for earlier in step.before %}
    left join {{ earlier }} as {{ earlier }}_taken
        on
            seats.region = {{ earlier }}_taken.region
            and seats.rule = {{ earlier }}_taken.rule
            and seats.clock_year = {{ earlier }}_taken.clock_year
            and seats.trial = {{ earlier }}_taken.trial
            and seats.seat = {{ earlier }}_taken.seat
    {% endfor %}
    where
        seats.window_months {{ step.months }}
        {% for earlier in step.before %}
        and {{ earlier }}_taken.seat is null
        {% endfor %}
),

{{ step.name }}_windows as (
    select distinct
        region,
        group_name,
        trial,
        window_from,
        window_to
    from {{ step.name }}_seats
),

{{ step.name }}_meetings as (
    select
        windows.region,
        windows.group_name,
        windows.trial,
        windows.window_from,
        windows.window_to,
        recorded.record_key,
        row_number() over (
            partition by
                windows.region, windows.group_name, windows.trial, windows.window_from,
                windows.window_to
            order by
                case recorded.status when 'held' then 1 when 'planned' then 2 else 3 end,
                recorded.{{ step.day }},
                recorded.planned_on
        ) as turn
    from recorded
    inner join {{ step.name }}_windows as windows
        on
            recorded.region = windows.region
            and recorded.group_name = windows.group_name
            and recorded.{{ step.day }} >= windows.window_from
            and recorded.{{ step.day }} < windows.window_to
    {% for earlier in step.before %}
    left join {{ earlier }} as {{ earlier }}_placed
        on
            recorded.record_key = {{ earlier }}_placed.record_key
            and windows.trial = {{ earlier }}_placed.trial
    {% endfor %}
    where
        recorded.{{ step.day }} is not null
        {% for earlier in step.before %}
        and {{ earlier }}_placed.record_key is null
        {% endfor %}
),

{{ step.name }} as (
    select
        free.region,
        free.rule,
        free.clock_year,
        free.trial,
        free.seat,
        meetings.record_key
    from {{ step.name }}_seats as free
    inner join {{ step.name }}_meetings as meetings
        on
            free.region = meetings.region
            and free.group_name = meetings.group_name
            and free.trial = meetings.trial
            and free.window_from = meetings.window_from
            and free.window_to = meetings.window_to
            and free.turn = meetings.turn
),

{% endfor %}
taken as (
    select * from by_planned_month
    union all
    select * from by_held_month
    union all
    select * from by_planned_year
),

judged as (
    select
        seats.region,
        seats.rule,
        seats.group_name,
        seats.purpose,
        seats.trial,
        seats.is_counted,
        seats.clock_year,
        seats.seat,
        seats.demanded,
        seats.window_from,
        seats.window_to,
        seats.due_on,
        seats.expected_because,
        taken.record_key,
        coalesce(
            recorded.status,
            case when seats.due_on < {{ today() }} then 'missing' else 'not_due' end
        ) as status
    from seats
    left join taken
        on
            seats.region = taken.region
            and seats.rule = taken.rule
            and seats.clock_year = taken.clock_year
            and seats.trial = taken.trial
            and seats.seat = taken.seat
    left join recorded
        on taken.record_key = recorded.record_key
),

-- Of a rule's seats those are demanded that speak best for the area: what was held, what may still
-- be, what was planned in vain, and only then what nobody recorded; of the last the later ones,
-- because as long as enough were to come the earlier ones could be left out.
demands as (
    select
        *,
        row_number() over (
            partition by region, rule, clock_year, trial
            order by
                case status
                    when 'held' then 1 when 'planned' then 2 when 'not_due' then 3
                    when 'not_held' then 4 else 5
                end,
                case when status = 'missing' then -seat else seat end
        ) <= demanded as is_demanded
    from judged
),

scores as (
    select
        region,
        group_name,
        clock_year,
        trial,
        row_number() over (
            partition by region, group_name, clock_year
            order by
                sum(case when is_demanded and status = 'held' then 1 else 0 end) desc,
                sum(case when is_demanded and status = 'missing' then 1 else 0 end),
                trial
        ) as choice
    from demands
    group by region, group_name, clock_year, trial
),

chosen as (
    select demands.*
    from demands
    inner join scores
        on
            demands.region = scores.region
            and demands.group_name = scores.group_name
            and demands.clock_year = scores.clock_year
            and demands.trial = scores.trial
    where scores.choice = 1
),

counted_groups as (
    select
        group_name,
        max(case when is_counted then 1 else 0 end) = 1 as is_counted
    from {{ ref("annual_clock") }}
    where expects = 'meeting'
    group by group_name
),

entries as (
    select
        chosen.region,
        chosen.group_name,
        chosen.clock_year as year,
        chosen.rule || '-' || cast(chosen.seat as {{ dbt.type_string() }}) as entry,
        case when chosen.is_demanded then 'expected' else 'optional' end as clock_role,
        chosen.status,
        chosen.rule,
        chosen.purpose,
        nullif(chosen.trial, '') as variant,
        chosen.window_from,
        chosen.window_to,
        chosen.due_on,
        chosen.expected_because,
        chosen.is_counted,
        chosen.record_key
    from chosen
    where chosen.is_demanded or chosen.record_key is not null
    union all
    select
        recorded.region,
        recorded.group_name,
        {{ year_of("recorded.planned_on") }} as year,
        'extra-' || cast(recorded.planned_on as {{ dbt.type_string() }}) as entry,
        'extra' as clock_role,
        recorded.status,
        cast(null as {{ dbt.type_string() }}) as rule,
        cast(null as {{ dbt.type_string() }}) as purpose,
        cast(null as {{ dbt.type_string() }}) as variant,
        cast(null as date) as window_from,
        cast(null as date) as window_to,
        cast(null as date) as due_on,
        cast(null as {{ dbt.type_string() }}) as expected_because,
        coalesce(counted_groups.is_counted, false) as is_counted,
        recorded.record_key
    from recorded
    left join chosen
        on recorded.record_key = chosen.record_key
    left join counted_groups
        on recorded.group_name = counted_groups.group_name
    where chosen.record_key is null
)

select
    entries.region,
    entries.group_name,
    entries.year,
    entries.entry,
    entries.clock_role,
    entries.status,
    entries.rule,
    entries.purpose,
    entries.variant,
    entries.window_from,
    entries.window_to,
    entries.due_on,
    entries.expected_because,
    entries.is_counted,
    recorded.planned_on,
    recorded.held_on,
    recorded.attendees,
    recorded.topic,
    recorded.source,
    recorded.taken_in_at
from entries
left join recorded
    on entries.record_key = recorded.record_key
