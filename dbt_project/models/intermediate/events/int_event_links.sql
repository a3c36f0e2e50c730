-- Pairs of events that a linking rule of the catalogue judges, each by the first rule that fits it:
-- two that may be one event (`link`), or two that are alike and yet are not (`apart`). The left one
-- is the preferred one. Pairs are formed only among events that are equal in what the rule asks to
-- be equal, and close in time where it asks that.
{% set columns = [
    "project_id", "project_key", "business_key", "happened_on", "segment", "region", "topic_key",
    "from_actor", "to_actor", "event_id", "instrument_key",
] %}
with rules as (
    select
        {% for kind in ["equal", "agreeing", "differing"] %}
        {% for column in columns %}
        coalesce(position(' {{ column }} ' in ' ' || {{ kind }}_columns || ' ') > 0, false)
            as {{ kind }}_{{ column }},
        {% endfor %}
        {% endfor %}
        rule,
        dataset,
        sort_key,
        verdict,
        organisations,
        sources,
        days_apart,
        amount_abs,
        amount_rel,
        coalesce(amounts_differ, false) as amounts_differ,
        amount_basis,
        max_rows,
        valid_from,
        valid_to,
        reason
    from {{ ref("event_link_rules") }}
),

-- What two events must have in common to be looked at together, by rule; days that are close lie in
-- one span of days or in two that touch.
keyed as (
    select
        rules.rule,
        rules.max_rows,
        events.indicator,
        events.event_number,
        cast(
            case
                when rules.days_apart is null then 0
                else floor(
                    {{ dbt.datediff("cast('1970-01-01' as date)", "events.happened_on", "day") }}
                    / (rules.days_apart + 1)
                )
            end as bigint
        ) as span,
        case when rules.organisations = 'same' then events.source else '' end
        {% for column in columns %}
        || '|' || case
            when rules.equal_{{ column }} then cast(events.{{ column }} as {{ dbt.type_string() }})
            else ''
        end{{ " as block_key" if loop.last else "" }}
        {% endfor %}
    from {{ ref("int_linkable_events") }} as events
    inner join rules
        on
            events.dataset = rules.dataset
            and (rules.valid_from is null or events.happened_on >= rules.valid_from)
            and (rules.valid_to is null or events.happened_on < rules.valid_to)
            and (
                rules.sources is null
                or position(' ' || events.source || ' ' in ' ' || rules.sources || ' ') > 0
            )
            and (rules.amount_basis is null or rules.amount_basis = events.amount_basis)
),

blocks as (
    select
        rule,
        indicator,
        block_key,
        span,
        count(*) as block_rows
    from keyed
    -- Empty in what must be equal.
    where block_key is not null
    group by rule, indicator, block_key, span
    having count(*) <= max(max_rows)
),

-- Blocks that hold more than one event, alone or with the span of days that follows.
shared as (
    select
        lefts.rule,
        lefts.indicator,
        lefts.block_key,
        lefts.span,
        rights.span as other_span
    from blocks as lefts
    cross join {{ integers(0, 1) }} as steps
    inner join blocks as rights
        on
            lefts.rule = rights.rule
            and lefts.indicator = rights.indicator
            and lefts.block_key = rights.block_key
            and lefts.span + steps.n = rights.span
    where steps.n > 0 or lefts.block_rows > 1
),

pairs as (
    select
        shared.rule,
        least(lefts.event_number, rights.event_number) as left_number,
        greatest(lefts.event_number, rights.event_number) as right_number
    from shared
    inner join keyed as lefts
        on
            shared.rule = lefts.rule
            and shared.indicator = lefts.indicator
            and shared.block_key = lefts.block_key
            and shared.span = lefts.span
    inner join keyed as rights
        on
            shared.rule = rights.rule
            and shared.indicator = rights.indicator
            and shared.block_key = rights.block_key
            and shared.other_span = rights.span
    where
        shared.span < shared.other_span
        or lefts.event_number < rights.event_number
),

compared as (
    select
        rules.dataset,
        rules.rule,
        rules.verdict,
        rules.reason,
        rules.sort_key,
        rules.organisations,
        rules.days_apart as most_days,
        rules.amount_abs,
        rules.amount_rel,
        rules.amounts_differ,
        lefts.indicator,
        lefts.event_number as left_number,
        lefts.source as left_source,
        lefts.project_id as left_project,
        lefts.twin_key as left_twin,
        cast(lefts.amount as double) as left_amount,
        rights.event_number as right_number,
        rights.source as right_source,
        rights.project_id as right_project,
        rights.twin_key as right_twin,
        cast(rights.amount as double) as right_amount,
        abs(lefts.twin_number - rights.twin_number) as twins_apart,
        abs({{ dbt.datediff("lefts.happened_on", "rights.happened_on", "day") }}) as days_apart,
        case when lefts.business_key <> rights.business_key then 1 else 0 end as other_business,
        case when lefts.region <> rights.region then 1 else 0 end as other_region,
        coalesce(
            position(',' || rights.source || ',' in ',' || lefts.co_funder_sources || ','), 0
        )
        + coalesce(
            position(',' || lefts.source || ',' in ',' || rights.co_funder_sources || ','), 0
        ) > 0 as is_named,
        -- Columns in which the two are not as the rule asks.
        {% for column in columns %}
        case
            when rules.agreeing_{{ column }} and lefts.{{ column }} <> rights.{{ column }} then 1
            when
                rules.differing_{{ column }}
                and coalesce(lefts.{{ column }} = rights.{{ column }}, true)
                then 1
            else 0
        end{{ " as objections" if loop.last else " +" }}
        {% endfor %}
    from pairs
    inner join rules
        on pairs.rule = rules.rule
    inner join {{ ref("int_linkable_events") }} as lefts
        on pairs.left_number = lefts.event_number
    inner join {{ ref("int_linkable_events") }} as rights
        on pairs.right_number = rights.event_number
),

judged as (
    select
        *,
        right_amount - left_amount as amount_difference,
        case when is_named then 0 else 1 end as not_named,
        row_number() over (
            partition by left_number, right_number
            order by sort_key, rule
        ) as rule_rank
    from compared
    where
        objections = 0
        and (organisations = 'same') = (left_source = right_source)
        and (organisations <> 'co_funder' or is_named)
        and (most_days is null or days_apart <= most_days)
        and (
            (amount_abs is null and amount_rel is null)
            or amounts_differ = {{ conflicts(
                "left_amount", "right_amount",
                "coalesce(amount_abs, 0)", "coalesce(amount_rel, 0)"
            ) }}
        )
),

-- Pairs of equal nearness are equally good matches.
ranked as (
    select
        left_number,
        right_number,
        dense_rank() over (
            order by
                sort_key,
                other_business,
                not_named,
                abs(amount_difference),
                days_apart,
                other_region
        ) as nearness,
        row_number() over (
            order by
                sort_key,
                other_business,
                not_named,
                abs(amount_difference),
                days_apart,
                other_region,
                twins_apart,
                left_number,
                right_number
        ) as pair_rank
    from judged
    where rule_rank = 1 and verdict = 'link'
)

select
    judged.dataset,
    judged.indicator,
    judged.rule,
    judged.verdict,
    judged.reason,
    judged.left_number,
    judged.left_source,
    judged.left_project,
    judged.left_twin,
    judged.right_number,
    judged.right_source,
    judged.right_project,
    judged.right_twin,
    judged.days_apart,
    judged.amount_difference,
    ranked.nearness,
    ranked.pair_rank
from judged
left join ranked
    on
        judged.left_number = ranked.left_number
        and judged.right_number = ranked.right_number
where judged.rule_rank = 1
