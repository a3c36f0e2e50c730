-- The kept events that the catalogue has linking rules for, numbered in the order in which they are
-- preferred where several mean the same event: one that tells its region, an amount of the whole
-- project before one of which nobody knows and that before a share in it, the catalogue's
-- preference of sources, then the earliest, then the id.
with numbered as (
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        events.event_id,
        events.indicator,
        events.region,
        events.happened_on,
        events.period,
        events.amount,
        events.business_key,
        events.project_id,
        events.project_key,
        events.instrument_key,
        events.amount_basis,
        events.topic_key,
        events.co_funder_sources,
        events.from_actor,
        events.to_actor,
        -- A total is what a partner writes who logs no segment.
        nullif(events.segment, 'total') as segment,
        row_number() over (
            order by
                events.indicator,
                case when events.region is null then 1 else 0 end,
                case events.amount_basis
                    when 'whole_project' then 1
                    when 'own_share' then 3
                    else 2
                end,
                coalesce(slots.preference, 999),
                events.happened_on,
                events.event_id,
                events.source,
                events.vintage,
                events.line
        ) as event_number,
        {{ key_of([
            "events.source", "events.indicator", "events.project_id", "events.business_key",
            "events.happened_on", "events.amount", "events.region", "events.segment",
            "events.period", "events.topic_key", "events.from_actor", "events.to_actor",
            "events.instrument_key", "events.amount_basis",
        ]) }} as twin_key
    from {{ ref("int_events") }} as events
    left join {{ ref("int_slots") }} as slots
        on
            events.indicator = slots.indicator
            and events.source = slots.source
    where
        events.disposition = 'kept'
        and events.indicator is not null
        and events.dataset in (select rules.dataset from {{ ref("event_link_rules") }} as rules)
)

select
    *,
    -- Which of the rows of its source that are alike in all that matters.
    row_number() over (partition by twin_key order by event_number) as twin_number
from numbered
