-- Every network that anybody describes, is a member of, holds events of or assesses measures of,
-- with what is known of it. It is spelled as its events spell it, else as it describes itself.
{% set named = [
    "int_network_events", "int_programme_assessments", "core_monitoring_network_members"
] %}
with named as (
    {% for model in named %}
    select
        {{ key_of_text("network") }} as network_key,
        network,
        {{ 1 if loop.first else loop.index + 1 }} as preference
    from {{ ref(model) }}
    union all
    {% endfor %}
    select
        network_key,
        network,
        2 as preference
    from {{ ref("int_network_descriptions") }}
),

spelled as (
    select
        network_key,
        network,
        row_number() over (partition by network_key order by preference, network) as place
    from named
),

members as (
    select
        {{ key_of_text("network") }} as network_key,
        count(distinct case when is_current then {{ key_of_text("organisation") }} end) as members,
        count(distinct case when is_current and group_name <> 'all' then group_name end)
            as member_groups,
        {{ distinct_list("case when is_current and is_coordinating then organisation end", "; ") }}
            as coordinators
    from {{ ref("core_monitoring_network_members") }}
    group by network_key
),

events as (
    select
        {{ key_of_text("network") }} as network_key,
        count(case when state = 'held' then 1 end) as events_held,
        count(case when state = 'planned' then 1 end) as events_planned,
        count(case when state = 'unconfirmed' then 1 end) as events_unconfirmed,
        max(case when state = 'held' and is_day_known then starts_on end) as last_held_on
    from {{ ref("int_network_events") }}
    group by network_key
),

measures as (
    select
        {{ key_of_text("network") }} as network_key,
        count(distinct {{ key_of_text("programme") }} || {{ key_of_text("measure_no") }})
            as measures
    from {{ ref("int_programme_assessments") }}
    group by network_key
),

regions as (
    select
        {{ key_of_text("network") }} as network_key,
        count(*) as regions
    from {{ ref("int_network_regions") }}
    group by network_key
),

meetings as (
    select
        {{ key_of_text("network") }} as network_key,
        count(case when state in ('held', 'missing') then 1 end) as meetings_due,
        count(case when state = 'held' then 1 end) as meetings_held,
        count(case when state = 'missing' then 1 end) as meetings_missing
    from {{ ref("core_monitoring_network_clock") }}
    where year = {{ year_of(today()) }}
    group by network_key
)

select
    spelled.network,
    coalesce(described.kind, 'unknown') as kind,
    kinds.name_fi as kind_name_fi,
    coalesce(described.coordinator, members.coordinators) as coordinator,
    described.programme,
    described.theme,
    described.purpose,
    described.network_key is not null as is_described,
    described.valid_from,
    described.valid_to,
    coalesce(described.valid_from <= {{ today() }}, true)
    and coalesce(described.valid_to >= {{ today() }}, true) as is_current,
    cast(coalesce(members.members, 0) as integer) as members,
    cast(coalesce(members.member_groups, 0) as integer) as member_groups,
    cast(coalesce(regions.regions, 0) as integer) as regions,
    cast(coalesce(measures.measures, 0) as integer) as measures,
    cast(coalesce(events.events_held, 0) as integer) as events_held,
    cast(coalesce(events.events_planned, 0) as integer) as events_planned,
    cast(coalesce(events.events_unconfirmed, 0) as integer) as events_unconfirmed,
    events.last_held_on,
    -- Without a clock nobody knows how many meetings were due.
    cast(
        case
            when described.clock_months is not null then coalesce(meetings.meetings_due, 0)
        end as integer
    ) as meetings_due,
    cast(
        case
            when described.clock_months is not null then coalesce(meetings.meetings_held, 0)
        end as integer
    ) as meetings_held,
    cast(
        case
            when described.clock_months is not null then coalesce(meetings.meetings_missing, 0)
        end as integer
    ) as meetings_missing,
    described.url
from spelled
left join {{ ref("int_network_descriptions") }} as described
    on spelled.network_key = described.network_key
left join members
    on spelled.network_key = members.network_key
left join events
    on spelled.network_key = events.network_key
left join measures
    on spelled.network_key = measures.network_key
left join regions
    on spelled.network_key = regions.network_key
left join meetings
    on spelled.network_key = meetings.network_key
left join {{ ref("words") }} as kinds
    on kinds.list = 'network_kind' and described.kind = kinds.code
where spelled.place = 1
