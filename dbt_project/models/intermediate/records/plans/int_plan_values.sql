-- The indicators of action plans out of delivered plans: plan_current (1 approved before its year
-- ended, 0 not) from the year of the plan on, and, once that year is over, the shares of objectives
-- reached and of measures carried out, in per cent. An objective is reached when all its measures
-- that count are done. A plan that nobody delivered has no row: it was not measured.
with objectives as (
    select
        region,
        year,
        objective_key,
        count(*) as measures,
        sum(case when is_done then 1 else 0 end) as measures_done,
        max(taken_in_at) as taken_in_at
    from {{ ref("int_plan_measures") }}
    where is_counted
    group by region, year, objective_key
),

shares as (
    select
        region,
        year,
        100.0 * sum(case when measures_done = measures then 1 else 0 end) / count(*)
            as objectives_reached,
        100.0 * sum(measures_done) / sum(measures) as measures_done,
        sum(measures) as measures,
        max(taken_in_at) as taken_in_at
    from objectives
    group by region, year
),

plan_values as (
    select
        'plan_current' as indicator,
        region,
        year,
        'plan_basics' as dataset,
        case when plan_status in ('approved', 'late') then 1 else 0 end as value,
        1 as records,
        taken_in_at,
        0 as years_until_known
    from {{ ref("int_plans") }}
    where is_delivered and plan_status in ('approved', 'late', 'not_approved')
    {% for indicator in ["objectives_reached", "measures_done"] %}
    union all
    select
        'plan_{{ indicator }}' as indicator,
        region,
        year,
        'plan_items' as dataset,
        {{ indicator }} as value,
        measures as records,
        taken_in_at,
        1 as years_until_known
    from shares
    {% endfor %}
),

-- Whoever delivered the measures, the plan is one: its indicators are of the source that the
-- catalogue names for them.
deliverers as (
    select
        plans.region,
        plans.year,
        sources.indicator,
        {{ at_smallest("sources.source", "sources.preference") }} as source
    from (
        select
            region,
            year,
            source
        from {{ ref("int_plans") }}
        where is_delivered
        union
        select
            region,
            year,
            source
        from {{ ref("int_plan_measures") }}
    ) as plans
    inner join {{ ref("indicator_sources") }} as sources
        on plans.source = sources.source
    group by plans.region, plans.year, sources.indicator
),

levels as (
    select
        indicator,
        region_type
    from {{ words(ref("int_indicators"), ["indicator"], "levels", "region_type") }} as listed
)

select
    plan_values.indicator,
    plan_values.region,
    'total' as segment,
    periods.period,
    periods.freq,
    periods.period_start,
    periods.period_end,
    deliverers.source,
    plan_values.dataset,
    cast(plan_values.value as double) as value,
    cast(plan_values.records as bigint) as records,
    'A' as obs_status,
    plan_values.taken_in_at
from plan_values
inner join deliverers
    on
        plan_values.region = deliverers.region
        and plan_values.year = deliverers.year
        and plan_values.indicator = deliverers.indicator
inner join {{ ref("int_region_types") }} as regions
    on plan_values.region = regions.region
inner join levels
    on
        plan_values.indicator = levels.indicator
        and regions.region_type = levels.region_type
inner join {{ ref("int_calendar_periods") }} as periods
    on
        periods.freq = 'A'
        and plan_values.year = {{ year_of("periods.period_start") }}
where plan_values.year + plan_values.years_until_known <= {{ year_of(today()) }}
