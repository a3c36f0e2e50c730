-- What the events that each source logged came to in each cell, from when to when. An event holds
-- from the delivery that brought it until its id is delivered again, or withdrawn; an entry of the
-- business register until an edition no longer has it. Its amount counts in its home of then.
--
-- Links between logs of the same event are those of today: an event counts until the delivery that
-- brought the log which is preferred to it, and for nothing after that.
with editions as (
    select
        source,
        dataset,
        vintage,
        lead(known_from) over (partition by source, dataset order by sequence) as replaced_at
    from {{ ref("stg_vintages") }}
    where shape = 'register_events'
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, dataset, event_id, sequence
            order by line desc
        ) as version_rank
    from {{ ref("int_events") }}
),

delivered as (
    select
        ranked.*,
        ranked.known_from,
        case
            when editions.vintage is not null then editions.replaced_at
            else lead(ranked.known_from) over (
                partition by ranked.source, ranked.dataset, ranked.event_id
                order by ranked.sequence
            )
        end as known_to
    from ranked
    left join editions
        on
            ranked.source = editions.source
            and ranked.dataset = editions.dataset
            and ranked.vintage = editions.vintage
    where ranked.version_rank = 1
),

-- What was replaced by another delivery of the same refresh was never published.
published as (
    select *
    from delivered
    where known_to is null or known_to > known_from
),

versions as (
    {{ merge_spans(
        "published",
        ["source", "dataset", "event_id"],
        [
            "indicator", "region", "region_type", "segment", "period", "period_end", "amount",
            "is_withdrawn",
        ],
        ["vintage", "line"],
    ) }}
),

counted as (
    select *
    from versions
    where indicator is not null and not coalesce(is_withdrawn, false)
),

{{ homes_of_events("counted") }},

first_known as (
    select
        source,
        dataset,
        event_id,
        min(known_from) as known_from
    from versions
    group by source, dataset, event_id
),

-- Since when an event is known to stand in a log that is preferred to its own.
linked as (
    select
        events.source,
        events.dataset,
        events.event_id,
        min(first_known.known_from) over (
            partition by same_events.group_number
            order by same_events.event_number
            rows between unbounded preceding and 1 preceding
        ) as linked_from
    from {{ ref("int_same_events") }} as same_events
    inner join {{ ref("int_events") }} as events
        on
            same_events.source = events.source
            and same_events.dataset = events.dataset
            and same_events.vintage = events.vintage
            and same_events.line = events.line
    inner join first_known
        on
            events.source = first_known.source
            and events.dataset = first_known.dataset
            and events.event_id = first_known.event_id
),

placed as (
    select
        counted.*,
        homes.home,
        linked.linked_from
    from counted
    inner join homes
        on
            counted.source = homes.source
            and counted.dataset = homes.dataset
            and counted.vintage = homes.vintage
            and counted.line = homes.line
            and homes.home_rank = 1
    left join linked
        on
            counted.source = linked.source
            and counted.dataset = linked.dataset
            and counted.event_id = linked.event_id
),

amounts as (
    select
        *,
        known_from as counts_from,
        case
            when linked_from is null or known_to <= linked_from then known_to
            else linked_from
        end as counts_to,
        amount as net_amount
    from placed
    where linked_from is null or known_from < linked_from
    union all
    select
        *,
        greatest(known_from, linked_from) as counts_from,
        known_to as counts_to,
        0 as net_amount
    from placed
    where linked_from is not null and (known_to is null or known_to > linked_from)
),

segmented as (
    select
        *,
        'total' as home_segment
    from amounts
    union all
    select
        *,
        segment as home_segment
    from amounts
    where segment <> 'total'
),

-- What each moment adds and takes away; added up from the first one on, that is what held then.
changes as (
    select
        indicator,
        home,
        home_segment,
        period,
        period_end,
        source,
        dataset,
        counts_from as known_from,
        1 as events,
        net_amount
    from segmented
    union all
    select
        indicator,
        home,
        home_segment,
        period,
        period_end,
        source,
        dataset,
        counts_to as known_from,
        -1 as events,
        -net_amount as net_amount
    from segmented
    where counts_to is not null
),

moments as (
    select
        indicator,
        home,
        home_segment,
        period,
        period_end,
        source,
        dataset,
        known_from,
        sum(events) as events,
        sum(net_amount) as net_amount
    from changes
    group by indicator, home, home_segment, period, period_end, source, dataset, known_from
),

spans as (
    select
        indicator,
        home as region,
        home_segment as segment,
        period,
        period_end,
        source,
        dataset,
        known_from,
        lead(known_from) over same_cell as known_to,
        sum(events) over same_cell as events,
        cast(sum(net_amount) over same_cell as double) as value
    from moments
    window
        same_cell as (
            partition by indicator, home, home_segment, period, source, dataset
            order by known_from
        )
),

told as (
    select *
    from spans
    where events > 0
)

{{ merge_spans(
    "told",
    ["indicator", "region", "segment", "period", "source", "dataset"],
    ["value"],
    ["period_end"],
) }}
