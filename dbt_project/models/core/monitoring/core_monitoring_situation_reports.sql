-- The yearly reports on the situation of a region: of every year from its first report to this one,
-- also of those for which none was drawn up, with what followed from it.
with delivered as (
    select
        records.*,
        row_number() over (
            partition by records.region, records.year
            order by records.taken_in_at desc, records.record_key
        ) as newness
    from {{ current_records("situation_reports") }} as records
),

reports as (
    select *
    from delivered
    where newness = 1
),

first_years as (
    select
        region,
        min(year) as first_year,
        max(year) as last_year
    from reports
    group by region
),

-- A region that has begun to draw up reports goes on; what is planned ahead has its row as well.
expected as (
    select
        first_years.region,
        years.n as year
    from first_years
    inner join {{ integers(1990, year_of(today()) ~ " + 10") }} as years
        on
            first_years.first_year <= years.n
            and greatest(first_years.last_year, {{ year_of(today()) }}) >= years.n
    left join {{ ref("int_region_types") }} as regions
        on first_years.region = regions.region
    where regions.ended_on is null or {{ make_day("years.n", 1, 1) }} < regions.ended_on
),

goals as (
    select
        record_key,
        count(*) as development_goal_count
    from {{ listed_items("reports", ["record_key"], "development_goals", "goal") }} as listed
    group by record_key
),

points as (
    select
        record_key,
        count(*) as lobbying_point_count
    from {{ listed_items("reports", ["record_key"], "lobbying_points", "point") }} as listed
    group by record_key
),

findings as (
    select
        region,
        {{ year_of("noted_on") }} as year,
        count(*) as findings,
        count(development_goal) as findings_with_goal,
        count(coalesce(decision, cast(decided_on as {{ dbt.type_string() }})))
            as findings_with_decision
    from {{ current_records("findings") }} as records
    group by region, {{ year_of("noted_on") }}
),

due as (
    select
        expected.region,
        expected.year,
        reports.record_key,
        coalesce(reports.due_on, {{ make_day("expected.year", 12, 31) }}) as due_on
    from expected
    left join reports
        on expected.region = reports.region and expected.year = reports.year
)

select
    due.region,
    due.year,
    reports.title,
    case
        when reports.confirmed_on is not null then 'confirmed'
        when reports.drawn_up_on is not null then 'drawn_up'
        when due.due_on < {{ today() }} then 'missing'
        else 'not_due'
    end as state,
    due.due_on,
    reports.due_on is not null as is_due_day_given,
    reports.drawn_up_on,
    reports.drawn_up_by,
    cast(
        case
            when coalesce(reports.drawn_up_on, reports.confirmed_on, {{ today() }}) > due.due_on
                then {{ dbt.datediff(
                    "due.due_on",
                    "coalesce(reports.drawn_up_on, reports.confirmed_on, " ~ today() ~ ")",
                    "day",
                ) }}
        end as integer
    ) as days_late,
    reports.confirmed_on,
    reports.confirmed_by,
    reports.development_goals,
    cast(coalesce(goals.development_goal_count, 0) as integer) as development_goal_count,
    reports.lobbying_points,
    cast(coalesce(points.lobbying_point_count, 0) as integer) as lobbying_point_count,
    reports.follow_up,
    cast(coalesce(findings.findings, 0) as integer) as findings,
    cast(coalesce(findings.findings_with_goal, 0) as integer) as findings_with_goal,
    cast(coalesce(findings.findings_with_decision, 0) as integer) as findings_with_decision,
    reports.url,
    reports.source,
    reports.taken_in_at
from due
left join reports
    on due.record_key = reports.record_key
left join goals
    on due.record_key = goals.record_key
left join points
    on due.record_key = points.record_key
left join findings
    on due.region = findings.region and due.year = findings.year
