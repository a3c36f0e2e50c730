-- A role is written as the name of a person too often: only those of the list leave the raw zone.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    organisation,
    reported_dataset,
    indicator,
    regions,
    valid_from,
    valid_to,
    cadence,
    case
        when
            contact_role in (
                select roles.code
                from {{ ref("words") }} as roles
                where roles.list = 'role'
            )
            then contact_role
    end as contact_role
from {{ read_raw("reporting_duties") }}
