-- An overlap whose place is hidden is one of the whole country.
select
    places.overlap_id,
    places.region,
    masked.is_left_out or (masked.hides_place and places.region <> 'SSS') as is_left_out,
    masked.shown_overlap_id,
    places.is_own or masked.hides_place as is_own
from {{ ref("core_quality_overlap_regions") }} as places
inner join {{ ref("masked_quality_overlaps") }} as masked
    on places.overlap_id = masked.overlap_id
