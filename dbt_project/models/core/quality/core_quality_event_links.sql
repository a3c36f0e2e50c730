-- Whether two logged events that look alike are one event, and why. Of two that a rule would link
-- and that are not one, the reason is what stood in the way. Events of customers are told of by
-- rule and reason only, once for each two organisations: how many there are is a count of
-- customers, and their file, line and day stay in the warehouse (int_event_links).
with made_of as (
    select
        groups.group_number,
        {{ distinct_list("events.source") }} as sources,
        max(events.project_id) as project_id
    from {{ ref("int_event_groups") }} as groups
    inner join {{ ref("int_linkable_events") }} as events
        on groups.event_number = events.event_number
    group by groups.group_number
),

members as (
    select
        groups.event_number,
        groups.group_number,
        made_of.sources,
        made_of.project_id
    from {{ ref("int_event_groups") }} as groups
    inner join made_of
        on groups.group_number = made_of.group_number
),

judged as (
    select
        links.*,
        coalesce(kept.group_number, links.left_number)
        = coalesce(others.group_number, links.right_number) as is_same_event,
        coalesce(kept.sources, links.left_source) as kept_sources,
        coalesce(others.sources, links.right_source) as other_sources,
        coalesce(kept.project_id, links.left_project) as kept_project,
        coalesce(others.project_id, links.right_project) as other_project
    from {{ ref("int_event_links") }} as links
    left join members as kept
        on links.left_number = kept.event_number
    left join members as others
        on links.right_number = others.event_number
),

told as (
    select
        {{ key_of([
            "kept.dataset", "judged.rule",
            "kept.source", "kept.vintage", "kept.line",
            "others.source", "others.vintage", "others.line",
        ]) }} as link_id,
        judged.indicator,
        judged.dataset,
        judged.is_same_event,
        judged.rule,
        case
            when judged.is_same_event then judged.reason
            when judged.verdict = 'apart' then 'kept apart: ' || judged.reason
            when judged.kept_project <> judged.other_project
                then 'kept apart: what else is the same event names another project id'
            when not {{ shares_no_word("judged.kept_sources", "judged.other_sources") }}
                then 'kept apart: a nearer row of the same organisation is this event'
            else 'kept apart: equally near to several events, so none of them is chosen'
        end as reason,
        judged.days_apart,
        judged.is_same_event
        and coalesce('unknown' in (kept.amount_basis, others.amount_basis), false) as is_undecided,
        kept.source,
        cast(kept.amount as double) as value,
        kept_vintages.file,
        kept.line,
        others.source as other_source,
        cast(others.amount as double) as other_value,
        other_vintages.file as other_file,
        others.line as other_line,
        indicators.min_count > 0 as is_of_customers
    from judged
    inner join {{ ref("int_linkable_events") }} as kept
        on judged.left_number = kept.event_number
    inner join {{ ref("int_linkable_events") }} as others
        on judged.right_number = others.event_number
    inner join {{ ref("indicators") }} as indicators
        on judged.indicator = indicators.indicator
    left join {{ ref("stg_vintages") }} as kept_vintages
        on
            kept.source = kept_vintages.source
            and kept.dataset = kept_vintages.dataset
            and kept.vintage = kept_vintages.vintage
    left join {{ ref("stg_vintages") }} as other_vintages
        on
            others.source = other_vintages.source
            and others.dataset = other_vintages.dataset
            and others.vintage = other_vintages.vintage
    where judged.verdict = 'link' or not judged.is_same_event
),

numbered as (
    select
        *,
        row_number() over (
            partition by dataset, rule, is_same_event, reason, source, other_source
            order by link_id
        ) as place_among_its_like
    from told
)

select
    -- Whoever knows how an id is made could try all lines until it fits.
    case
        when is_of_customers
            then {{ key_of([
                "dataset", "rule", "is_same_event", "reason", "source", "other_source"
            ]) }}
        else link_id
    end as link_id,
    indicator,
    dataset,
    is_same_event,
    rule,
    reason,
    case when not is_of_customers then days_apart end as days_apart,
    source,
    case when not is_of_customers then value end as value,
    case when not is_of_customers then file end as file,
    case when not is_of_customers then line end as line,
    other_source,
    case when not is_of_customers then other_value end as other_value,
    case when not is_of_customers then other_file end as other_file,
    case when not is_of_customers then other_line end as other_line,
    is_undecided
from numbered
where not is_of_customers or place_among_its_like = 1
