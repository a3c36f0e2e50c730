-- The assessments of programme measures that hold, each name written as in its newest assessment.
with assessments as (
    select
        {{ one_spelling("programme", "assessed_on desc, taken_in_at desc") }} as programme,
        {{ one_spelling("measure_no", "assessed_on desc, taken_in_at desc") }} as measure_no,
        {{ one_spelling("network", "assessed_on desc, taken_in_at desc") }} as network,
        assessed_on,
        status,
        measure,
        source,
        taken_in_at
    from {{ current_records("programme_measures") }} as records
)

select
    assessments.programme,
    assessments.measure_no,
    assessments.network,
    assessments.assessed_on,
    assessments.status,
    scale.sort_key as status_rank,
    -- A later assessment need not repeat the name of the measure.
    first_value(assessments.measure) over (
        partition by assessments.programme, assessments.measure_no
        order by
            case when assessments.measure is null then 1 else 0 end,
            assessments.assessed_on desc,
            assessments.taken_in_at desc,
            assessments.measure
    ) as measure,
    assessments.source
from assessments
left join {{ ref("words") }} as scale
    on
        assessments.status = scale.code
        and scale.list = 'measure_status'
