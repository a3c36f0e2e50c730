{{ config(parameters=["region_code", "meeting_on"]) }}

-- The indicators that the region has decided to use, and of which of them it has no figure.
select
    indicator_name_fi,
    way_of_use,
    compiled_by,
    shared_in,
    known_distortion,
    newest_period,
    is_measured
from {{ ref("monitoring_indicator_choices") }}
where
    region = region_code
    and (valid_from is null or valid_from <= cast(meeting_on as date))
    and (valid_to is null or valid_to >= cast(meeting_on as date))
order by indicator_name_fi
