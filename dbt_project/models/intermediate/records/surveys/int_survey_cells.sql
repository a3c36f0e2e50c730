-- What the answers of each round of a survey count up to, per question and part of a breakdown,
-- before anything is withheld: never published as it stands. One breakdown at a time; the parts of
-- each, with the part that nobody stated, add up to the whole.
{% set breakdowns = ["region", "network", "respondent_group", "segment"] %}
with placed as (
    select
        *,
        'whole' as breakdown,
        'all' as breakdown_value
    from {{ ref("int_survey_answers") }}
    {% for breakdown in breakdowns %}
    union all
    select
        *,
        '{{ breakdown }}' as breakdown,
        {{ breakdown }} as breakdown_value
    from {{ ref("int_survey_answers") }}
    {% endfor %}
),

-- Respondents of the round, whatever they answered.
respondents as (
    select
        survey,
        year,
        breakdown,
        breakdown_value,
        count(distinct respondent_key) as respondents
    from placed
    group by survey, year, breakdown, breakdown_value
),

counted as (
    select
        survey,
        year,
        question,
        breakdown,
        breakdown_value,
        max(scale) as scale,
        max(min_answers) as min_answers,
        sum(case when answer_kind = 'said' then 1 else 0 end) as said,
        sum(case when answer_kind = 'said' then score end) as score_sum,
        sum(case when answer_kind = 'said' and agrees then 1 else 0 end) as agreeing,
        sum(case when answer_kind = 'said' and not agrees then 1 else 0 end) as not_agreeing,
        sum(case when answer_kind = 'cannot_say' then 1 else 0 end) as cannot_say,
        sum(case when answer_kind = 'off_scale' then 1 else 0 end) as off_scale,
        {{ distinct_list("source") }} as sources,
        max(taken_in_at) as taken_in_at
    from placed
    group by survey, year, question, breakdown, breakdown_value
),

-- A breakdown that no answer states is the whole once more.
told as (
    select
        survey,
        year,
        question,
        breakdown
    from counted
    where breakdown_value <> {{ not_told() }}
    group by survey, year, question, breakdown
)

select
    counted.survey,
    counted.year,
    counted.question,
    counted.breakdown,
    counted.breakdown_value,
    counted.scale,
    cast(counted.min_answers as integer) as min_answers,
    cast(respondents.respondents as bigint) as respondents,
    cast(counted.said as bigint) as said,
    cast(counted.score_sum as double) as score_sum,
    cast(counted.agreeing as bigint) as agreeing,
    cast(counted.not_agreeing as bigint) as not_agreeing,
    cast(counted.cannot_say as bigint) as cannot_say,
    cast(counted.off_scale as bigint) as off_scale,
    counted.sources,
    counted.taken_in_at
from counted
inner join told
    on
        counted.survey = told.survey
        and counted.year = told.year
        and counted.question = told.question
        and counted.breakdown = told.breakdown
inner join respondents
    on
        counted.survey = respondents.survey
        and counted.year = respondents.year
        and counted.breakdown = respondents.breakdown
        and counted.breakdown_value = respondents.breakdown_value
