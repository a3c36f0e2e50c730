-- Transfers between actors, one row each whoever logged it: who handed over to whom, which side
-- logged it and what became of it. Sender's and receiver's logs of one transfer are one row. An
-- actor who is no source of the catalogue is `other`: what partners write there may name a person.
with logs as (
    select
        events.source,
        events.dataset,
        events.vintage,
        events.line,
        events.period,
        coalesce(
            'group ' || cast(same_events.group_number as {{ dbt.type_string() }}),
            {{ key_of(["events.source", "events.vintage", "events.line"]) }}
        ) as transfer,
        coalesce(senders.source, 'other') as from_actor,
        coalesce(receivers.source, 'other') as to_actor,
        coalesce(events.source = senders.source, false) as is_sender,
        coalesce(events.source = receivers.source, false) as is_receiver,
        cast(transfers.accepted as integer) as accepted
    from {{ ref("int_events") }} as events
    inner join {{ ref("stg_transfers") }} as transfers
        on
            events.source = transfers.source
            and events.dataset = transfers.dataset
            and events.vintage = transfers.vintage
            and events.line = transfers.line
    left join {{ ref("sources") }} as senders
        on events.from_actor = senders.source
    left join {{ ref("sources") }} as receivers
        on events.to_actor = receivers.source
    left join {{ ref("int_same_events") }} as same_events
        on
            events.source = same_events.source
            and events.dataset = same_events.dataset
            and events.vintage = same_events.vintage
            and events.line = same_events.line
    -- A handover inside one organisation is no transfer.
    where
        events.indicator = 'transfers'
        and events.disposition = 'kept'
        and events.amount > 0
),

-- Both sides tell of a transfer, also where one of them dates it in another year.
judged as (
    select
        transfer,
        max(case when is_sender then 1 else 0 end) = 1 as has_sender,
        max(case when is_receiver then 1 else 0 end) = 1 as has_receiver,
        -- Whether a customer was taken on is the receiver's to say.
        coalesce(min(case when is_receiver then accepted end), min(accepted)) = 1 as accepted
    from logs
    group by transfer
),

-- Only what reaches the whole country stands in its matrix.
national as (
    select
        logs.transfer,
        logs.period,
        logs.from_actor,
        logs.to_actor,
        cast(sum(counted.net_amount) as bigint) as transfers,
        count(*) as logs
    from logs
    inner join {{ ref("int_counted_events") }} as counted
        on
            logs.source = counted.source
            and logs.dataset = counted.dataset
            and logs.vintage = counted.vintage
            and logs.line = counted.line
            and counted.segment = 'total'
    inner join {{ ref("int_event_reach") }} as reach
        on
            counted.indicator = reach.indicator
            and counted.classification_year = reach.classification_year
            and counted.home = reach.home
            and reach.region = 'SSS'
    group by logs.transfer, logs.period, logs.from_actor, logs.to_actor
)

select
    national.transfer,
    national.period,
    national.from_actor,
    national.to_actor,
    national.transfers,
    national.logs,
    case
        when judged.has_sender and judged.has_receiver then 'matched'
        when judged.has_sender then 'sender_only'
        when judged.has_receiver then 'receiver_only'
        else 'third_party'
    end as logged_by,
    judged.accepted
from national
inner join judged
    on national.transfer = judged.transfer
