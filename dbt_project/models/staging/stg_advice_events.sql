-- Business ids and topics never leave the raw zone; `business_key` is a keyed hash that links
-- events, and `topic_key` tells whether one business was met twice on one topic. The business is
-- hashed into it, so that a list of topics does not give it away.
select
    source,
    dataset,
    vintage,
    line,
    coalesce(withdrawn, false) as is_withdrawn,
    event_id,
    region,
    happened_on,
    business_key,
    segment,
    {{ key_of_text("topic", salt="business_key") }} as topic_key,
    channel
from {{ read_raw("advice_events") }}
