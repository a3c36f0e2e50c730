select
    indicator,
    source,
    slot,
    cast(preference as integer) as preference
from {{ ref("int_slots") }}
