-- Topic rows of advice events that are suppressed: small counts, and what would give them away.
--
-- Regions whose total is suppressed show no topics at all, not even which ones there are: the
-- complement that hides the total hides each topic as well, as the event that moves has one. For a
-- small count of a topic in any other region, moving one event of a leaf region inside it from that
-- topic to a second one, and one of a leaf region outside of it the other way, changes no total and
-- no topic of a region that holds both leaves. The two topics are suppressed in every region that
-- holds exactly one of the leaves; then no sum or difference of what is shown can tell the count.
-- Where no leaf outside will do, the two topics are suppressed in every region around the leaf
-- inside; where even that is missing, no region around shows topics in the period.
with limits as (
    select min_count
    from {{ ref("indicators") }}
    where indicator = 'advice_events'
),

-- The rest of a region beyond its parts may lie in one of them, logged for that part as a whole. A
-- complement with it keeps the rest to itself, but not what the part has of each topic.
around_rests as (
    select distinct
        complements.period,
        holders.holder as region
    from {{ ref("complementary_pairs") }} as complements
    inner join {{ ref("int_event_total_holders") }} as holders
        on
            complements.indicator = holders.indicator
            and complements.period = holders.period
            and complements.leaf = holders.region
    where complements.indicator = 'advice_events' and complements.kind = 'rest_of_region'
),

-- Every region that has a total in the period, and whether it may show topics.
totals as (
    select
        observations.region,
        observations.period,
        max(
            case
                when
                    topics.region is not null
                    and suppressed.region is null
                    and around_rests.region is null
                    then 1
                else 0
            end
        ) = 1 as shows_topics
    from {{ ref("int_observations") }} as observations
    left join {{ ref("int_advice_topics") }} as topics
        on
            observations.region = topics.region
            and observations.period = topics.period
    left join {{ ref("suppressed_cells") }} as suppressed
        on
            observations.indicator = suppressed.indicator
            and observations.region = suppressed.region
            and observations.segment = suppressed.segment
            and observations.period = suppressed.period
            and observations.cell_slot = suppressed.cell_slot
    left join around_rests
        on
            observations.region = around_rests.region
            and observations.period = around_rests.period
    where observations.indicator = 'advice_events' and observations.segment = 'total'
    group by observations.region, observations.period
),

shown as (
    select
        topics.region,
        topics.period,
        topics.topic_code,
        topics.events,
        (topics.events > 0 and topics.events < limits.min_count)
        or (topics.gross_events > 0 and topics.gross_events < limits.min_count) as is_small
    from {{ ref("int_advice_topics") }} as topics
    inner join totals
        on
            topics.region = totals.region
            and topics.period = totals.period
            and totals.shows_topics
    cross join limits
),

-- Every region beside those that hold it, itself among them.
holders as (
    select
        held.period,
        held.region,
        held.holder,
        totals.shows_topics as holder_shows_topics
    from {{ ref("int_event_total_holders") }} as held
    inner join totals
        on
            held.period = totals.period
            and held.holder = totals.region
    where held.indicator = 'advice_events'
),

leaves as (
    select
        totals.period,
        totals.region
    from totals
    where not exists (
        select 1
        from holders
        where
            holders.period = totals.period
            and holders.holder = totals.region
            and holders.region <> totals.region
    )
),

topics_of_period as (
    select distinct
        period,
        topic_code
    from shown
),

-- Topics that a leaf may have for all that is shown: no region that holds it shows its topics
-- without this one. The value is that of the leaf, empty where it shows none.
possible as (
    select
        leaves.period,
        leaves.region as leaf,
        topics.topic_code,
        max(case when holders.holder = leaves.region then shown.events end) as events
    from leaves
    inner join topics_of_period as topics
        on leaves.period = topics.period
    inner join holders
        on
            leaves.period = holders.period
            and leaves.region = holders.region
    left join shown
        on
            holders.period = shown.period
            and holders.holder = shown.region
            and topics.topic_code = shown.topic_code
    group by leaves.period, leaves.region, topics.topic_code
    having
        max(case when holders.holder_shows_topics and shown.region is null then 1 else 0 end) = 0
),

-- The second topic, at a leaf inside.
exchanges as (
    select
        small.period,
        small.region,
        small.topic_code,
        small.events,
        limits.min_count,
        inside.region as leaf,
        others.topic_code as other_topic,
        others.events as other_events
    from shown as small
    cross join limits
    inner join shown as others
        on
            small.period = others.period
            and small.region = others.region
            and small.topic_code <> others.topic_code
    inner join holders as inside
        on
            small.period = inside.period
            and small.region = inside.holder
    inner join possible as of_topic
        on
            inside.period = of_topic.period
            and inside.region = of_topic.leaf
            and small.topic_code = of_topic.topic_code
    inner join possible as of_other
        on
            inside.period = of_other.period
            and inside.region = of_other.leaf
            and others.topic_code = of_other.topic_code
    where small.is_small
),

-- The leaf outside.
partners as (
    select
        exchanges.period,
        exchanges.region,
        exchanges.topic_code,
        exchanges.events,
        exchanges.min_count,
        exchanges.leaf,
        exchanges.other_topic,
        exchanges.other_events,
        of_topic.leaf as partner,
        of_topic.events as partner_events
    from exchanges
    inner join possible as of_topic
        on
            exchanges.period = of_topic.period
            and exchanges.topic_code = of_topic.topic_code
    inner join possible as of_other
        on
            of_topic.period = of_other.period
            and of_topic.leaf = of_other.leaf
            and exchanges.other_topic = of_other.topic_code
    left join holders as inside
        on
            exchanges.period = inside.period
            and of_topic.leaf = inside.region
            and exchanges.region = inside.holder
    where inside.region is null
),

leaf_pairs as (
    select distinct
        period,
        leaf,
        partner
    from partners
),

-- How many rows more a choice costs: regions that show topics and hold one of the leaves only.
held_once as (
    select
        pairs.period,
        pairs.leaf,
        pairs.partner,
        holders.holder
    from leaf_pairs as pairs
    inner join holders
        on
            pairs.period = holders.period
            and holders.region in (pairs.leaf, pairs.partner)
    where holders.holder_shows_topics
    group by pairs.period, pairs.leaf, pairs.partner, holders.holder
    having count(*) = 1
),

costs as (
    select
        period,
        leaf,
        partner,
        count(*) as regions
    from held_once
    group by period, leaf, partner
),

-- The smallest values that pin nothing down: more than one event, and with the small count
-- at least the limit.
chosen as (
    select
        partners.*,
        row_number() over (
            partition by partners.period, partners.region, partners.topic_code
            order by
                case
                    when
                        partners.other_events > 1
                        and partners.events + partners.other_events >= partners.min_count
                        then 0
                    else 1
                end
                + case
                    when partners.partner_events is null then 0
                    when
                        partners.partner_events > 1
                        and partners.events + partners.partner_events >= partners.min_count
                        then 0
                    else 1
                end,
                costs.regions,
                partners.other_events,
                coalesce(partners.partner_events, 0),
                partners.other_topic,
                partners.leaf,
                partners.partner
        ) as choice
    from partners
    inner join costs
        on
            partners.period = costs.period
            and partners.leaf = costs.leaf
            and partners.partner = costs.partner
),

alone as (
    select
        exchanges.period,
        exchanges.region,
        exchanges.topic_code,
        exchanges.other_topic,
        exchanges.leaf,
        row_number() over (
            partition by exchanges.period, exchanges.region, exchanges.topic_code
            order by exchanges.other_events, exchanges.other_topic, exchanges.leaf
        ) as choice
    from exchanges
    left join chosen
        on
            exchanges.period = chosen.period
            and exchanges.region = chosen.region
            and exchanges.topic_code = chosen.topic_code
            and chosen.choice = 1
    where chosen.region is null
),

exchanged as (
    select
        chosen.period,
        held_once.holder as region,
        chosen.topic_code,
        chosen.other_topic
    from chosen
    inner join held_once
        on
            chosen.period = held_once.period
            and chosen.leaf = held_once.leaf
            and chosen.partner = held_once.partner
    where chosen.choice = 1
    union all
    select
        alone.period,
        holders.holder as region,
        alone.topic_code,
        alone.other_topic
    from alone
    inner join holders
        on
            alone.period = holders.period
            and alone.leaf = holders.region
    where alone.choice = 1 and holders.holder_shows_topics
),

-- What no exchange hides.
bare as (
    select
        small.period,
        small.region
    from shown as small
    left join exchanges
        on
            small.period = exchanges.period
            and small.region = exchanges.region
            and small.topic_code = exchanges.topic_code
    where small.is_small and exchanges.region is null
),

silent as (
    select
        totals.period,
        totals.region
    from totals
    where not totals.shows_topics
    union distinct
    select
        bare.period,
        holders.holder as region
    from bare
    inner join holders
        on
            bare.period = holders.period
            and bare.region = holders.region
),

suppressed as (
    select
        period,
        region,
        topic_code
    from exchanged
    union distinct
    select
        period,
        region,
        other_topic as topic_code
    from exchanged
    union distinct
    select
        period,
        region,
        topic_code
    from shown
    where is_small
)

select
    topics.region,
    topics.period,
    topics.topic_code,
    silent.region is not null as is_silent,
    coalesce(shown.is_small, false) as is_small
from {{ ref("int_advice_topics") }} as topics
left join silent
    on
        topics.region = silent.region
        and topics.period = silent.period
left join suppressed
    on
        topics.region = suppressed.region
        and topics.period = suppressed.period
        and topics.topic_code = suppressed.topic_code
left join shown
    on
        topics.region = shown.region
        and topics.period = shown.period
        and topics.topic_code = shown.topic_code
where silent.region is not null or suppressed.region is not null
