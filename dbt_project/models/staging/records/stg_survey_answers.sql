-- Respondents and free text never leave the raw zone; `respondent_key` links answers of one.
select
    source,
    dataset,
    vintage,
    line,
    record_key,
    coalesce(withdrawn, false) as is_withdrawn,
    survey,
    respondent_key,
    question,
    answer_value,
    answer_code,
    answered_on,
    year,
    region,
    network,
    respondent_group,
    segment
from {{ read_raw("survey_answers") }}
