-- Years in which every cell of the national matrix of transfers can be shown with its parts: none
-- is suppressed, and no part of one is small.
select matrix.period
from {{ ref("open_transfer_matrix") }} as matrix
left join {{ ref("suppressed_transfer_cells") }} as suppressed
    on
        matrix.period = suppressed.period
        and matrix.from_actor = suppressed.from_actor
        and matrix.to_actor = suppressed.to_actor
where matrix.from_actor <> 'all' or matrix.to_actor <> 'all'
group by matrix.period
having max(case when matrix.has_small_part or suppressed.period is not null then 1 else 0 end) = 0
