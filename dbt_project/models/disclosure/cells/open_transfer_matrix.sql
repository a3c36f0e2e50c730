-- The matrix of transfers without the years whose national count is suppressed.
select matrix.*
from {{ ref("int_transfer_matrix") }} as matrix
left join {{ ref("suppressed_cells") }} as national
    on
        national.indicator = 'transfers'
        and national.region = 'SSS'
        and national.segment = 'total'
        and national.cell_slot = '*'
        and matrix.period = national.period
where national.period is null
