-- Which indicators a region has decided to use, and who compiles them.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    region,
    indicator,
    way_of_use,
    compiled_by,
    shared_in,
    known_distortion,
    decided_on,
    valid_from,
    valid_to
from {{ read_raw("indicator_choices") }}
