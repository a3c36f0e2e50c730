-- Business ids and topics never leave the raw zone; `business_key` is a keyed hash that links
-- events, and `topic_key` tells whether one business was met twice on one topic. The business is
-- hashed into it, so that a list of topics does not give it away. Of a topic only the word of the
-- catalogue that it is one of is read.
with delivered as (
    select
        *,
        {{ folded_text("topic") }} as written_topic
    from {{ read_raw("advice_events") }}
),

known_topics as (
    select
        topics.written_topic,
        {{ at_smallest("words.code", "words.sort_key") }} as code
    from (select distinct written_topic from delivered) as topics
    inner join {{ ref("words") }} as words
        on
            words.list = 'advice_topic'
            and (
                topics.written_topic in (
                    words.code, lower(words.name_fi), lower(words.name_sv), lower(words.name_en)
                )
                or position(
                    ';' || topics.written_topic || ';' in ';' || lower(words.aliases) || ';'
                ) > 0
            )
    group by topics.written_topic
)

select
    delivered.source,
    delivered.dataset,
    delivered.vintage,
    delivered.line,
    coalesce(delivered.withdrawn, false) as is_withdrawn,
    delivered.event_id,
    delivered.region,
    delivered.happened_on,
    delivered.business_key,
    delivered.segment,
    {{ key_of_text("delivered.topic", salt="delivered.business_key") }} as topic_key,
    case
        when delivered.written_topic is null then 'unknown'
        else coalesce(known_topics.code, 'other')
    end as topic_code,
    delivered.channel
from delivered
left join known_topics
    on delivered.written_topic = known_topics.written_topic
