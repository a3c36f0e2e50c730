-- Which organisation is in which network, in which role and group, and whether it is today. Persons
-- are recorded nowhere.
select
    records.network,
    records.organisation,
    records.role,
    roles.name_fi as role_name_fi,
    coalesce(records.group_name, 'all') as group_name,
    coalesce(records.region, 'all') as region,
    records.valid_from,
    records.valid_to,
    coalesce(records.valid_from <= {{ today() }}, true)
    and coalesce(records.valid_to >= {{ today() }}, true) as is_current,
    records.role in ('coordinator', 'chair') as is_coordinating,
    records.source,
    records.taken_in_at
from {{ current_records("network_members") }} as records
left join {{ ref("words") }} as roles
    on roles.list = 'role' and records.role = roles.code
