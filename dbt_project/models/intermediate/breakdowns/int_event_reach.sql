-- In which regions an event of a home counts: in the home, and in what is rolled up from it, level
-- by level, as the observations are.
with reach_0 as (
    select distinct
        counted.indicator,
        counted.classification_year,
        counted.home,
        counted.home as region,
        types.region_type
    from {{ ref("int_counted_events") }} as counted
    inner join {{ ref("int_region_types") }} as types
        on counted.home = types.region
),
{# A municipality reaches the whole country in three steps, and nothing lies deeper. #}
{% for step in [1, 2, 3] %}

reach_{{ step }} as (
    select distinct
        reached.indicator,
        reached.classification_year,
        reached.home,
        containment.container as region,
        containment.container_type as region_type
    from reach_{{ step - 1 }} as reached
    inner join {{ ref("int_region_containment") }} as containment
        on
            reached.classification_year = containment.classification_year
            and reached.region = containment.region
    inner join {{ ref("int_level_parts") }} as levels
        on
            reached.indicator = levels.indicator
            and reached.region_type = levels.part_type
            and containment.container_type = levels.target_type
){{ "" if loop.last else "," }}
{% endfor %}

select * from reach_0
{% for step in [1, 2, 3] %}
union distinct
select * from reach_{{ step }}
{% endfor %}
