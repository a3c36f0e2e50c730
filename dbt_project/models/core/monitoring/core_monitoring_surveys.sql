-- What a survey says, per round, question and part of one breakdown, beside the round before. What
-- is suppressed has no figure at all, and neither has what is computed from it.
-- Who delivered is shown for the question as a whole, not for its parts.
with rounds as (
    select
        survey,
        year,
        question,
        max(case when breakdown = 'whole' then sources end) as sources,
        max(case when breakdown = 'whole' then taken_in_at end) as vintage_at,
        lag(year) over (partition by survey, question order by year) as previous_year
    from {{ ref("int_survey_figures") }}
    group by survey, year, question
)

select
    cells.survey,
    coalesce(surveys.name_fi, cells.survey) as survey_name_fi,
    coalesce(surveys.name_sv, cells.survey) as survey_name_sv,
    coalesce(surveys.name_en, cells.survey) as survey_name_en,
    cells.year,
    cells.question,
    coalesce(questions.name_fi, cells.question) as question_name_fi,
    coalesce(questions.name_sv, cells.question) as question_name_sv,
    coalesce(questions.name_en, cells.question) as question_name_en,
    questions.question is not null and cells.scale is not null as is_catalogued,
    coalesce(questions.is_main and cells.scale is not null, false) as is_main,
    cells.scale,
    case when cells.scale is not null then questions.indicator end as indicator,
    cells.breakdown,
    cells.breakdown_value,
    cells.response_count,
    cells.mean,
    cells.agree_percent,
    cells.cannot_say_count,
    cells.off_scale_count,
    cells.conf_status,
    cells.share_conf_status,
    cells.rest_conf_status,
    cells.min_answers,
    cast(rounds.previous_year as integer) as previous_year,
    earlier.response_count as previous_response_count,
    cells.mean - earlier.mean as mean_change,
    cells.agree_percent - earlier.agree_percent as agree_percent_change,
    rounds.sources,
    rounds.vintage_at
from {{ ref("int_survey_figures") }} as cells
inner join rounds
    on
        cells.survey = rounds.survey
        and cells.year = rounds.year
        and cells.question = rounds.question
left join {{ ref("int_survey_figures") }} as earlier
    on
        rounds.survey = earlier.survey
        and rounds.previous_year = earlier.year
        and rounds.question = earlier.question
        and cells.breakdown = earlier.breakdown
        and cells.breakdown_value = earlier.breakdown_value
left join {{ ref("surveys") }} as surveys
    on cells.survey = surveys.survey
left join {{ ref("survey_questions") }} as questions
    on
        cells.survey = questions.survey
        and cells.question = questions.question
