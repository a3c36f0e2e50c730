-- A role is often written as the name of a person: only words of the list leave the raw zone.
select
    delivered.source,
    delivered.dataset,
    delivered.vintage,
    delivered.line,
    delivered.record_key,
    coalesce(delivered.withdrawn, false) as is_withdrawn,
    delivered.organisation,
    delivered.reported_dataset,
    delivered.indicator,
    delivered.regions,
    delivered.valid_from,
    delivered.valid_to,
    delivered.cadence,
    roles.code as contact_role
from {{ read_raw("reporting_duties") }}
left join {{ ref("words") }} as roles
    on
        roles.list = 'role'
        and delivered.contact_role = roles.code
