select
    segment,
    name_fi,
    name_sv,
    name_en,
    sort_key,
    is_total
from {{ ref("segments") }}
