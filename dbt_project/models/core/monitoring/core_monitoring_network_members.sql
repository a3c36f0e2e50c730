-- Which organisation is in which network, in which role and group, and whether it is today. Persons
-- are recorded nowhere. A network is spelled as its events spell it.
with networks as (
    select distinct
        {{ key_of_text("network") }} as network_key,
        network
    from {{ ref("int_network_events") }}
),

members as (
    select
        records.*,
        coalesce(
            networks.network,
            {{ one_spelling("records.network", "records.taken_in_at") | indent(12) }}
        ) as network_name,
        row_number() over (
            partition by
                {{ key_of_text("records.network") }}, {{ key_of_text("records.organisation") }},
                records.role, records.group_name, records.region
            order by records.taken_in_at desc, records.record_key
        ) as newness
    from {{ current_records("network_members") }} as records
    left join networks
        on {{ key_of_text("records.network") }} = networks.network_key
)

select
    members.network_name as network,
    members.organisation,
    members.role,
    roles.name_fi as role_name_fi,
    coalesce(members.group_name, 'all') as group_name,
    coalesce(members.region, 'all') as region,
    members.valid_from,
    members.valid_to,
    coalesce(members.valid_from <= {{ today() }}, true)
    and coalesce(members.valid_to >= {{ today() }}, true) as is_current,
    members.role = 'coordinator' as is_coordinating,
    members.source,
    members.taken_in_at
from members
left join {{ ref("words") }} as roles
    on roles.list = 'role' and members.role = roles.code
where members.newness = 1
