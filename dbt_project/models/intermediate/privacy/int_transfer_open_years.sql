-- Years in which every cell of the national matrix of transfers can be shown with its parts: none
-- is withheld, and no part of one is small.
select matrix.period
from {{ ref("int_transfer_matrix") }} as matrix
left join {{ ref("int_transfer_withheld_cells") }} as withheld
    on
        matrix.period = withheld.period
        and matrix.from_actor = withheld.from_actor
        and matrix.to_actor = withheld.to_actor
where matrix.from_actor <> 'all' or matrix.to_actor <> 'all'
group by matrix.period
having max(case when matrix.has_small_part or withheld.period is not null then 1 else 0 end) = 0
