-- The co-operation indicators that surveys feed: per region and year the mean of the means of the
-- questions that feed the indicator. Made of figures that are published only, so that it tells
-- nothing that they do not; where one of them is suppressed, so is the value. The answers of a
-- region are one figure whoever delivered them: it stands under each source that the catalogue
-- names and that delivered any of them.
with fed as (
    select
        questions.indicator,
        figures.breakdown_value as region,
        figures.year,
        count(*) as questions,
        sum(case when figures.conf_status = 'F' then 1 else 0 end) as told,
        avg(figures.mean) as value,
        sum(figures.response_count) as records
    from {{ ref("int_survey_figures") }} as figures
    inner join {{ ref("survey_questions") }} as questions
        on
            figures.survey = questions.survey
            and figures.question = questions.question
    where
        questions.indicator is not null
        and figures.scale is not null
        and figures.breakdown = 'region'
        and figures.breakdown_value <> {{ not_told() }}
        -- Where nobody said anything there is nothing to withhold either.
        and (figures.response_count is null or figures.response_count > 0)
    group by questions.indicator, figures.breakdown_value, figures.year
),

delivered as (
    select
        questions.indicator,
        answers.source,
        answers.dataset,
        answers.region,
        answers.year,
        max(answers.taken_in_at) as taken_in_at
    from {{ ref("int_survey_answers") }} as answers
    inner join {{ ref("survey_questions") }} as questions
        on
            answers.survey = questions.survey
            and answers.question = questions.question
    where
        questions.indicator is not null
        and answers.scale is not null
        and answers.answer_kind = 'said'
    group by questions.indicator, answers.source, answers.dataset, answers.region, answers.year
)

select
    fed.indicator,
    fed.region,
    'total' as segment,
    cast(fed.year as {{ dbt.type_string() }}) as period,
    'A' as freq,
    {{ make_day("fed.year", 1, 1) }} as period_start,
    {{ make_day("fed.year + 1", 1, 1) }} as period_end,
    delivered.source,
    delivered.dataset,
    cast(case when fed.told = fed.questions then fed.value end as double) as value,
    cast(case when fed.told = fed.questions then fed.records end as bigint) as records,
    case when fed.told = fed.questions then 'A' else 'Q' end as obs_status,
    case when fed.told = fed.questions then 'F' else 'A' end as conf_status,
    delivered.taken_in_at
from fed
inner join delivered
    on
        fed.indicator = delivered.indicator
        and fed.region = delivered.region
        and fed.year = delivered.year
inner join {{ ref("indicator_sources") }} as reporters
    on
        delivered.indicator = reporters.indicator
        and delivered.source = reporters.source
inner join {{ ref("int_region_types") }} as types
    on fed.region = types.region
inner join {{ ref("int_indicator_levels") }} as levels
    on
        fed.indicator = levels.indicator
        and types.region_type = levels.region_type
