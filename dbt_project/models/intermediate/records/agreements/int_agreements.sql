-- The agreements of every area, each with the span in which it held: from the day of signing until
-- the day after its last one, or until the next agreement of the area was signed.
with agreements as (
    select
        *,
        lead(signed_on) over (partition by region order by signed_on) as next_signed_on,
        {{ add_days("valid_to", 1) }} as ends_on
    from {{ current_records("agreements") }} as agreements
),

-- A party that is spelled in two ways is one party.
parties as (
    select
        record_key,
        {{ name_key("party") }} as party_key,
        min(party) as party
    from {{ listed_items("agreements", ["record_key"], "parties", "party") }} as listed
    group by record_key, {{ name_key("party") }}
),

counted as (
    select
        record_key,
        count(party_key) as party_count,
        {{ distinct_list("party", "; ") }} as parties
    from parties
    where party_key is not null
    group by record_key
),

spans as (
    select
        agreements.*,
        -- Signed before the end, or without a day between: the next one took its place.
        coalesce(
            agreements.next_signed_on <= coalesce(agreements.ends_on, agreements.next_signed_on),
            false
        ) as is_replaced
    from agreements
),

closed as (
    select
        *,
        case when is_replaced then next_signed_on else ends_on end as held_until,
        lag(case when is_replaced then next_signed_on else ends_on end) over (
            partition by region order by signed_on
        ) as previous_held_until
    from spans
)

select
    closed.region,
    closed.record_key,
    closed.signed_on,
    closed.held_until,
    closed.is_replaced,
    -- Since when the area has had one without a day in between.
    max(
        case
            when
                closed.previous_held_until is null
                or closed.previous_held_until < closed.signed_on
                then closed.signed_on
        end
    ) over (
        partition by closed.region
        order by closed.signed_on
        rows between unbounded preceding and current row
    ) as unbroken_since,
    counted.parties,
    cast(coalesce(counted.party_count, 0) as integer) as party_count,
    closed.part_of,
    closed.municipalities,
    closed.document_url,
    closed.source,
    closed.taken_in_at
from closed
left join counted
    on closed.record_key = counted.record_key
