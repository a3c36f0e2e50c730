-- One row for the plan, for each section, segment and objective of it, and for each measure; the
-- first four count the same measures in different groups.
with measures as (
    select * from {{ ref("int_plan_measures") }}
),

-- One spelling of each section and objective, whichever way its measures write it.
spelled as (
    select
        *,
        min(section) over (partition by region, year, section_key) as section_name,
        min(objective) over (partition by region, year, objective_key) as objective_name
    from measures
),

{% set scopes = {
    "plan": [],
    "section": ["section_name"],
    "segment": ["segment"],
    "objective": ["section_name", "objective_name"],
} %}
{% for scope, columns in scopes.items() %}
{{ scope }}_objectives as (
    select
        region,
        year,
        {% for column in columns %}
        {{ column }},
        {% endfor %}
        objective_key,
        sum(case when is_counted then 1 else 0 end) as counted,
        sum(case when is_done then 1 else 0 end) as done,
        sum(case when is_overdue then 1 else 0 end) as overdue,
        sum(case when is_counted then 0 else 1 end) as cancelled,
        sum(case when is_counted and not has_responsible then 1 else 0 end) as without_responsible,
        max(taken_in_at) as taken_in_at
    from spelled
    group by
        region,
        year,
        {% for column in columns %}
        {{ column }},
        {% endfor %}
        objective_key
),

{% endfor %}
counts as (
    {% for scope, columns in scopes.items() %}
    select
        region,
        year,
        '{{ scope }}' as scope,
        {{ "section_name" if "section_name" in columns else "'all'" }} as section,
        {{ "objective_name" if "objective_name" in columns else "'all'" }} as objective,
        'all' as measure,
        {{ "segment" if "segment" in columns else "'all'" }} as segment,
        sum(case when counted > 0 then 1 else 0 end) as objectives,
        sum(case when counted > 0 and done = counted then 1 else 0 end) as objectives_reached,
        sum(counted) as measures,
        sum(done) as measures_done,
        sum(overdue) as measures_overdue,
        sum(cancelled) as measures_cancelled,
        sum(without_responsible) as measures_without_responsible,
        max(taken_in_at) as taken_in_at
    from {{ scope }}_objectives
    group by
        {% for column in columns %}
        {{ column }},
        {% endfor %}
        region,
        year
    union all
    {% endfor %}
    select
        region,
        year,
        'measure' as scope,
        section_name as section,
        objective_name as objective,
        measure,
        segment,
        cast(null as integer) as objectives,
        cast(null as integer) as objectives_reached,
        case when is_counted then 1 else 0 end as measures,
        case when is_done then 1 else 0 end as measures_done,
        case when is_overdue then 1 else 0 end as measures_overdue,
        case when is_counted then 0 else 1 end as measures_cancelled,
        case when is_counted and not has_responsible then 1 else 0 end
            as measures_without_responsible,
        taken_in_at
    from spelled
),

-- What was observed of an indicator that a measure names, in its region, segment (in total, for an
-- indicator that knows no segments) and year, and in the year before, where a change begins.
named as (
    select distinct
        measures.region,
        measures.year,
        measures.segment,
        measures.indicator,
        case when indicators.segments = 'total' then 'total' else measures.segment end
            as observed_segment
    from measures
    inner join {{ ref("int_indicators") }} as indicators
        on measures.indicator = indicators.indicator
    where indicators.combination <> 'separate'
),

wanted as (
    select
        indicator,
        region,
        observed_segment as segment,
        year
    from named
    union
    select
        indicator,
        region,
        observed_segment as segment,
        year - 1 as year
    from named
),

{{ figures_of_years("wanted") }},

details as (
    select
        spelled.region,
        spelled.year,
        spelled.section_name,
        spelled.objective_name,
        spelled.measure,
        spelled.segment,
        spelled.indicator,
        spelled.indicator_text,
        spelled.responsible_organisation,
        spelled.resources,
        spelled.working_days,
        spelled.interim_checks,
        spelled.starts_on,
        spelled.ends_on,
        spelled.status,
        spelled.progress_pct,
        spelled.target,
        spelled.target_value,
        spelled.target_kind,
        spelled.actual,
        spelled.actual_value,
        observed.unit,
        observed.read_as as observed_as,
        observed.value as observed_value,
        observed.last_period as observed_until,
        observed.months as observed_months,
        observed.is_whole as observed_whole,
        before.value as base_value,
        indicators.direction,
        {{ is_over(make_day("spelled.year + 1", 1, 1)) }} as is_over,
        coalesce(observed.stock_or_flow = 'flow' and indicators.valid_min >= 0, false)
            as only_grows,
        coalesce(indicators.valid_min = 0 and indicators.unit <> 'boolean', false) as has_zero
    from spelled
    left join named
        on
            spelled.region = named.region
            and spelled.year = named.year
            and spelled.segment = named.segment
            and spelled.indicator = named.indicator
    left join {{ ref("int_indicators") }} as indicators
        on spelled.indicator = indicators.indicator
    left join figures as observed
        on
            named.region = observed.region
            and named.observed_segment = observed.segment
            and named.indicator = observed.indicator
            and named.year = observed.year
    left join figures as before
        on
            named.region = before.region
            and named.observed_segment = before.segment
            and named.indicator = before.indicator
            and named.year = before.year + 1
            and before.is_whole
),

aimed as (
    select
        *,
        {{ target_side() }} as target_side,
        {{ target_level() }} as target_level
    from details
),

-- Positive as long as the target is not reached.
distances as (
    select
        *,
        case target_side
            when 'at_least' then target_level - observed_value
            when 'at_most' then observed_value - target_level
        end as distance_to_target
    from aimed
),

-- While the year runs nothing is decided but what further periods cannot undo.
judged as (
    select
        *,
        case
            when distance_to_target is null then null
            when target_side = 'at_least' and only_grows and distance_to_target <= 0 then 'yes'
            when target_side = 'at_most' and only_grows and distance_to_target > 0 then 'no'
            when not is_over then 'on_the_way'
            when not observed_whole then null
            when distance_to_target <= 0 then 'yes'
            else 'no'
        end as target_reached,
        case
            when target_kind in ('change_to', 'change_by')
                then
                    case
                        when observed_whole or not only_grows
                            then
                                100.0
                                * (observed_value - base_value)
                                / nullif(target_level - base_value, 0)
                    end
            when target_side = 'at_least' and has_zero and target_value > 0
                then 100.0 * observed_value / target_value
        end as target_reached_pct
    from distances
),

-- A plan of which nothing but the expectation is known, or only its basic page, has a row as well.
with_measures as (
    select distinct
        region,
        year
    from measures
),

entries as (
    select * from counts
    union all
    select
        plans.region,
        plans.year,
        'plan' as scope,
        'all' as section,
        'all' as objective,
        'all' as measure,
        'all' as segment,
        0 as objectives,
        0 as objectives_reached,
        0 as measures,
        0 as measures_done,
        0 as measures_overdue,
        0 as measures_cancelled,
        0 as measures_without_responsible,
        plans.taken_in_at
    from {{ ref("int_plans") }} as plans
    left join with_measures
        on
            plans.region = with_measures.region
            and plans.year = with_measures.year
    where with_measures.region is null
)

select
    entries.region,
    regions.region_type,
    entries.year,
    entries.scope,
    entries.section,
    entries.objective,
    entries.measure,
    entries.segment,
    plans.plan_status,
    case
        when plans.plan_status in ('approved', 'late') then true
        when plans.plan_status in ('not_approved', 'not_delivered') then false
    end as is_current,
    plans.approved_on,
    plans.approval_due_on,
    plans.expected_because,
    case when entries.scope = 'plan' then plans.budget_eur end as budget_eur,
    case when entries.scope = 'plan' then cast(plans.basics_filled as integer) end as basics_filled,
    case when entries.scope = 'plan' then plans.mission end as mission,
    case when entries.scope = 'plan' then plans.vision end as vision,
    case when entries.scope = 'plan' then plans.priorities end as priorities,
    case when entries.scope = 'plan' then plans.coordinator end as coordinator,
    case when entries.scope = 'plan' then plans.parties end as parties,
    cast(entries.objectives as integer) as objectives,
    cast(entries.objectives_reached as integer) as objectives_reached,
    cast(100.0 * entries.objectives_reached / nullif(entries.objectives, 0) as double)
        as objectives_reached_pct,
    cast(entries.measures as integer) as measures,
    cast(entries.measures_done as integer) as measures_done,
    cast(100.0 * entries.measures_done / nullif(entries.measures, 0) as double)
        as measures_done_pct,
    cast(entries.measures_overdue as integer) as measures_overdue,
    cast(entries.measures_cancelled as integer) as measures_cancelled,
    cast(entries.measures_without_responsible as integer) as measures_without_responsible,
    details.status,
    details.progress_pct,
    details.starts_on,
    details.ends_on,
    details.indicator,
    details.indicator_text,
    details.target,
    details.target_value,
    details.actual,
    details.actual_value,
    details.observed_value,
    details.unit,
    details.observed_as,
    details.observed_until,
    cast(details.observed_months as integer) as observed_months,
    details.observed_value - details.target_level as difference_from_target,
    cast(details.target_reached_pct as double) as target_reached_pct,
    details.target_kind,
    details.target_side,
    details.target_level,
    details.base_value,
    details.target_reached,
    details.distance_to_target,
    details.responsible_organisation,
    details.resources,
    cast(details.working_days as double) as working_days,
    details.interim_checks,
    plans.source,
    coalesce(entries.taken_in_at, plans.taken_in_at) as taken_in_at
from entries
inner join {{ ref("int_plans") }} as plans
    on
        entries.region = plans.region
        and entries.year = plans.year
left join {{ ref("int_region_types") }} as regions
    on entries.region = regions.region
left join judged as details
    on
        entries.scope = 'measure'
        and entries.region = details.region
        and entries.year = details.year
        and entries.section = details.section_name
        and entries.objective = details.objective_name
        and entries.measure = details.measure
        and entries.segment = details.segment
