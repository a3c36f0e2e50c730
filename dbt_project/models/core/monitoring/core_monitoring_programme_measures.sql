-- The whole matrix of a programme on each day on which something in it was assessed: every measure
-- in every network, at the status of its newest assessment by then. What nobody has assessed stays
-- visible as such, and counts as no action where the networks of a measure are rolled up.
with measures as (
    select distinct
        programme,
        measure_no,
        measure
    from {{ ref("int_programme_assessments") }}
),

networks as (
    select distinct
        programme,
        network
    from {{ ref("int_programme_assessments") }}
),

days as (
    select
        programme,
        assessed_on as valid_from,
        lead(assessed_on) over (partition by programme order by assessed_on) as valid_to
    from {{ ref("int_programme_assessments") }}
    group by programme, assessed_on
),

cells as (
    select
        measures.programme,
        measures.measure_no,
        measures.measure,
        networks.network,
        days.valid_from,
        days.valid_to
    from measures
    inner join networks
        on measures.programme = networks.programme
    inner join days
        on measures.programme = days.programme
),

assessed as (
    select
        *,
        lag(status) over (
            partition by programme, measure_no, network order by assessed_on
        ) as previous_status,
        lead(assessed_on) over (
            partition by programme, measure_no, network order by assessed_on
        ) as assessed_again_on
    from {{ ref("int_programme_assessments") }}
),

states as (
    select
        cells.programme,
        cells.measure_no,
        cells.network,
        cells.valid_from,
        cells.valid_to,
        cells.measure,
        assessed.status,
        assessed.status_rank,
        assessed.assessed_on,
        assessed.previous_status,
        assessed.source,
        max(coalesce(assessed.status_rank, unassessed.sort_key)) over (
            partition by cells.programme, cells.measure_no, cells.valid_from
        ) as furthest_rank,
        count(assessed.status) over (
            partition by cells.programme, cells.measure_no, cells.valid_from
        ) as networks_assessed
    from cells
    inner join {{ ref("words") }} as unassessed
        on
            unassessed.list = 'measure_status'
            and unassessed.code = 'no_action'
    left join assessed
        on
            cells.programme = assessed.programme
            and cells.measure_no = assessed.measure_no
            and cells.network = assessed.network
            and cells.valid_from >= assessed.assessed_on
            and (
                assessed.assessed_again_on is null
                or cells.valid_from < assessed.assessed_again_on
            )
)

select
    states.programme,
    states.measure_no,
    states.network,
    states.valid_from,
    states.valid_to,
    states.valid_from <= {{ today() }}
    and (states.valid_to is null or states.valid_to > {{ today() }}) as is_current,
    states.measure,
    states.status,
    states.status_rank,
    states.status is not null as is_assessed,
    states.assessed_on,
    states.previous_status,
    furthest.code as furthest_status,
    states.furthest_rank,
    coalesce(states.status_rank = states.furthest_rank, false) as is_furthest,
    cast(states.networks_assessed as integer) as networks_assessed,
    states.source
from states
inner join {{ ref("words") }} as furthest
    on
        furthest.list = 'measure_status'
        and states.furthest_rank = furthest.sort_key
