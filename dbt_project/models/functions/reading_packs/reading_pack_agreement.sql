{{ config(parameters=["region_code", "meeting_on"]) }}

select
    signed_on,
    valid_to - 1 as valid_to,
    unbroken_since,
    party_count,
    parties,
    coordinator,
    has_steering_group,
    has_working_group
from {{ ref("monitoring_agreements") }}
where region = region_code and is_in_force
