-- The yearly action plan of each region: delivered ones, and those that the annual clock expects.
-- A plan is current when it was approved before its year ended: in time, when by the end of the
-- window in which the clock has the steering group approve it, late after that. Until a record of
-- the approval is due, a plan without one is in preparation.
with basics as (
    select
        region,
        year,
        budget_eur,
        mission,
        vision,
        priorities,
        coordinator,
        parties,
        approved_on,
        source,
        taken_in_at,
        case when budget_eur is not null then 1 else 0 end
        {% for column in ["mission", "vision", "parties", "coordinator", "priorities"] %}
        + case when {{ column }} is not null then 1 else 0 end
        {% endfor %}
            as basics_filled
    from {{ current_records("plan_basics") }} as records
),

-- A plan whose measures came without the basic page was delivered, and says of no approval.
items as (
    select
        region,
        year,
        {{ at_smallest("source", "source") }} as source,
        max(taken_in_at) as taken_in_at
    from {{ ref("int_plan_measures") }}
    group by region, year
),

windows as (
    select
        about_year,
        max(window_to) as window_to,
        max(due_on) as due_on
    from {{ ref("int_clock_windows") }}
    where expects = 'plan_approval'
    group by about_year
),

expected as (
    select
        region,
        about_year,
        min(expected_because) as expected_because
    from {{ ref("int_clock_expectations") }}
    where expects = 'plan_approval'
    group by region, about_year
),

plans as (
    select
        region,
        year
    from basics
    union
    select
        region,
        year
    from items
    union
    select
        region,
        about_year as year
    from expected
),

judged as (
    select
        plans.region,
        plans.year,
        expected.expected_because,
        basics.approved_on,
        basics.budget_eur,
        basics.mission,
        basics.vision,
        basics.priorities,
        basics.coordinator,
        basics.parties,
        coalesce(basics.basics_filled, 0) as basics_filled,
        coalesce(windows.window_to, {{ make_day("plans.year", 1, 1) }}) as approval_window_to,
        coalesce(windows.due_on, {{ make_day("plans.year", 1, 1) }}) as due_on,
        basics.region is not null or items.region is not null as is_delivered,
        coalesce(basics.source, items.source) as source,
        coalesce(basics.taken_in_at, items.taken_in_at) as taken_in_at
    from plans
    left join basics
        on
            plans.region = basics.region
            and plans.year = basics.year
    left join items
        on
            plans.region = items.region
            and plans.year = items.year
    left join expected
        on
            plans.region = expected.region
            and plans.year = expected.about_year
    left join windows
        on plans.year = windows.about_year
)

select
    region,
    year,
    expected_because,
    approved_on,
    budget_eur,
    mission,
    vision,
    priorities,
    coordinator,
    parties,
    basics_filled,
    {{ add_days("approval_window_to", -1) }} as approval_due_on,
    is_delivered,
    source,
    taken_in_at,
    case
        when approved_on < approval_window_to then 'approved'
        when approved_on < {{ make_day("year + 1", 1, 1) }} then 'late'
        when due_on >= {{ today() }} and is_delivered then 'in_preparation'
        when due_on >= {{ today() }} then 'not_due'
        when is_delivered then 'not_approved'
        else 'not_delivered'
    end as plan_status
from judged
