-- Events that are one and the same: groups with at most one event of each organisation and at most
-- one project id, numbered by their preferred event. They grow in rounds. In each one a group
-- offers itself to the nearest group that it could join; where the offer is mutual the two become
-- one. A group that is equally near to several events which exclude each other (two of one
-- organisation, or two projects) waits, and if later rounds do not settle it, it is joined to none.
-- Rows of one organisation that are alike in all that matters exclude each other too, but it makes
-- no difference which of them is meant, so they are matched one by one.
-- A match is held back while a nearer one waits that something still nearer may settle in the
-- round.
--
-- Two organisations that log in turn, each time a little further off, are matched one pair a round;
-- `is_settled` tells where the rounds did not suffice.
{% set rounds = 16 %}
with links as (
    select *
    from {{ ref("int_event_links") }}
    where verdict = 'link'
),

-- Each link from both ends.
ends as (
    select
        left_number as event_number,
        left_source as source,
        left_project as project_id,
        right_number as other_number,
        right_source as other_source,
        right_twin as other_twin,
        nearness,
        pair_rank
    from links
    union all
    select
        right_number as event_number,
        right_source as source,
        right_project as project_id,
        left_number as other_number,
        left_source as other_source,
        left_twin as other_twin,
        nearness,
        pair_rank
    from links
),

members_0 as (
    select distinct
        event_number,
        source,
        project_id,
        event_number as group_number
    from ends
),
{% for now in range(1, rounds + 2) %}
{% set before = now - 1 %}

groups_{{ now }} as (
    select
        group_number,
        {{ distinct_list("source") }} as sources,
        max(project_id) as project_id
    from members_{{ before }}
    group by group_number
),

possible_{{ now }} as (
    select
        members.group_number,
        others.group_number as other_group,
        ends.other_source,
        theirs.project_id as other_project,
        ends.other_twin,
        ends.nearness,
        ends.pair_rank,
        min(ends.nearness) over (partition by members.group_number) as nearest
    from ends
    inner join members_{{ before }} as members
        on ends.event_number = members.event_number
    inner join members_{{ before }} as others
        on ends.other_number = others.event_number
    inner join groups_{{ now }} as own
        on members.group_number = own.group_number
    inner join groups_{{ now }} as theirs
        on others.group_number = theirs.group_number
    where
        members.group_number <> others.group_number
        and {{ shares_no_word("own.sources", "theirs.sources") }}
        and coalesce(own.project_id = theirs.project_id, true)
),

torn_{{ now }} as (
    select group_number
    from possible_{{ now }}
    where nearness = nearest
    group by group_number, other_source
    having count(distinct other_twin) > 1
    union
    select group_number
    from possible_{{ now }}
    where nearness = nearest
    group by group_number
    having count(distinct other_project) > 1
),

offers_{{ now }} as (
    select
        possible.group_number,
        possible.other_group,
        possible.pair_rank,
        row_number() over (
            partition by possible.group_number
            order by possible.pair_rank
        ) as offer_rank
    from possible_{{ now }} as possible
    where
        possible.group_number not in (select torn.group_number from torn_{{ now }} as torn)
        and possible.other_group not in (select torn.group_number from torn_{{ now }} as torn)
),

mutual_{{ now }} as (
    select
        mine.group_number,
        mine.other_group,
        mine.pair_rank
    from offers_{{ now }} as mine
    inner join offers_{{ now }} as theirs
        on
            mine.other_group = theirs.group_number
            and mine.pair_rank = theirs.pair_rank
    where mine.offer_rank = 1 and theirs.offer_rank = 1
),

held_back_{{ now }} as (
    select distinct mutual.pair_rank
    from mutual_{{ now }} as mutual
    inner join possible_{{ now }} as nearer
        on
            mutual.group_number = nearer.group_number
            and mutual.pair_rank > nearer.pair_rank
    inner join possible_{{ now }} as around
        on nearer.other_group = around.group_number
    inner join mutual_{{ now }} as earlier
        on
            around.other_group = earlier.group_number
            and mutual.pair_rank > earlier.pair_rank
    where nearer.other_group in (select torn.group_number from torn_{{ now }} as torn)
),

joined_{{ now }} as (
    select
        group_number,
        other_group
    from mutual_{{ now }}
    where
        other_group < group_number
        and pair_rank not in (select held.pair_rank from held_back_{{ now }} as held)
),
{% if loop.last %}

unsettled as (
    select group_number
    from joined_{{ now }}
    union
    select other_group as group_number
    from joined_{{ now }}
)
{% else %}

members_{{ now }} as (
    select
        members.event_number,
        members.source,
        members.project_id,
        coalesce(joined.other_group, members.group_number) as group_number
    from members_{{ before }} as members
    left join joined_{{ now }} as joined
        on members.group_number = joined.group_number
),
{% endif %}
{% endfor %}

select
    members.event_number,
    members.group_number,
    unsettled.group_number is null as is_settled
from members_{{ rounds }} as members
left join unsettled
    on members.group_number = unsettled.group_number
