{# Common table expressions `places` and `homes`: the region in which each event counts. That is its
   own region, or, where its indicator is not measured at that level, the smallest region that
   contains it; the country where neither is known, or the region is not of the year. `events` names
   rows of the form of int_events. #}
{% macro homes_of_events(events) %}
places as (
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        events.region as home,
        levels.level_rank,
        0 as distance
    from {{ events }} as events
    inner join {{ ref("int_indicator_levels") }} as levels
        on
            events.indicator = levels.indicator
            and events.region_type = levels.region_type
    -- A region that is not of the year would hold what no larger region has.
    inner join {{ ref("int_region_years") }} as years
        on
            events.region = years.region
            and {{ classification_year("events.period_end") }} = years.classification_year
    union all
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        containment.container as home,
        levels.level_rank,
        1 as distance
    from {{ events }} as events
    inner join {{ ref("int_region_containment") }} as containment
        on
            events.region = containment.region
            and {{ classification_year("events.period_end") }} = containment.classification_year
    inner join {{ ref("int_indicator_levels") }} as levels
        on
            events.indicator = levels.indicator
            and containment.container_type = levels.region_type
    union all
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        'SSS' as home,
        levels.level_rank,
        2 as distance
    from {{ events }} as events
    inner join {{ ref("int_indicator_levels") }} as levels
        on
            events.indicator = levels.indicator
            and levels.region_type = 'SSS'
),

homes as (
    select
        source,
        dataset,
        vintage,
        line,
        home,
        row_number() over (
            partition by source, dataset, vintage, line
            -- A sub-region of one municipality lies in that municipality too; what counts is the
            -- region that the event names.
            order by distance, level_rank, home
        ) as home_rank
    from places
)
{%- endmacro %}
