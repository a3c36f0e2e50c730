-- Networks as they describe themselves, one row a network: the newest description of each, whoever
-- gave it.
with described as (
    select
        records.*,
        {{ key_of_text("records.network") }} as network_key,
        row_number() over (
            partition by {{ key_of_text("records.network") }}
            order by records.taken_in_at desc, records.record_key
        ) as newness
    from {{ current_records("networks") }} as records
)

select
    network_key,
    network,
    kind,
    coordinator,
    programme,
    theme,
    purpose,
    clock_months,
    url,
    valid_from,
    valid_to,
    source,
    taken_in_at
from described
where newness = 1
