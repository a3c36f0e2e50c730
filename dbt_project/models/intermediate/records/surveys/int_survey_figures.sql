-- The figures of surveys that may be published: those of int_survey_cells without what
-- int_survey_disclosure withholds. The mart and the indicators are made of these alone.
select
    cells.survey,
    cells.year,
    cells.question,
    cells.breakdown,
    cells.breakdown_value,
    cells.scale,
    cells.min_answers,
    cells.sources,
    cells.taken_in_at,
    case when not disclosure.is_suppressed then cells.said end as response_count,
    case
        when not disclosure.is_suppressed and cells.said > 0 then cells.score_sum / cells.said
    end as mean,
    case
        when not disclosure.is_share_suppressed and cells.agreeing + cells.not_agreeing > 0
            then 100 * cast(cells.agreeing as double) / (cells.agreeing + cells.not_agreeing)
    end as agree_percent,
    case when not disclosure.is_rest_withheld then cells.cannot_say end as cannot_say_count,
    case when not disclosure.is_rest_withheld then cells.off_scale end as off_scale_count,
    case when disclosure.is_suppressed then 'A' else 'F' end as conf_status,
    case
        when cells.scale in ('agreement', 'yes_no') and disclosure.is_share_suppressed then 'A'
        else 'F'
    end as share_conf_status,
    case when disclosure.is_rest_withheld then 'A' else 'F' end as rest_conf_status
from {{ ref("int_survey_cells") }} as cells
inner join {{ ref("int_survey_disclosure") }} as disclosure
    on
        cells.survey = disclosure.survey
        and cells.year = disclosure.year
        and cells.question = disclosure.question
        and cells.breakdown = disclosure.breakdown
        and cells.breakdown_value = disclosure.breakdown_value
