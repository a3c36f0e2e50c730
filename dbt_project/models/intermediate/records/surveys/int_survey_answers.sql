-- Each answer that holds now, understood by the catalogue: which survey, question and scale, what
-- it is worth, and where it belongs in each breakdown. Surveys and questions that the catalogue
-- lacks keep their own wording. A region counts as the smallest contract area, sub-region or region
-- that it lies in; larger ones, and areas that cross borders, are no place.
{% set names = ["name_fi", "name_sv", "name_en"] %}
with survey_names as (
    {% for name in ["survey"] + names %}
    select
        survey,
        {{ key_of_text(name) }} as survey_key
    from {{ ref("surveys") }}
    union
    {% endfor %}
    select
        aliases.survey,
        {{ key_of_text("aliases.alias") }} as survey_key
    from {{ words(ref("surveys"), ["survey"], "aliases", "alias", ";") }} as aliases
),

wordings as (
    {% for name in ["question"] + names %}
    select
        survey,
        question,
        {{ key_of_text(name) }} as question_key
    from {{ ref("survey_questions") }}
    union
    {% endfor %}
    select
        aliases.survey,
        aliases.question,
        {{ key_of_text("aliases.alias") }} as question_key
    from
        {{ words(ref("survey_questions"), ["survey", "question"], "aliases", "alias", ";") }}
            as aliases
),

-- The strictest indicator of a survey decides for all of its questions.
limits as (
    select
        questions.survey,
        max(coalesce(nullif(indicators.min_count, 0), {{ fewest_answers() }})) as min_answers
    from {{ ref("survey_questions") }} as questions
    left join {{ ref("indicators") }} as indicators
        on questions.indicator = indicators.indicator
    group by questions.survey
),

delivered as (
    select
        *,
        {{ key_of_text("survey") }} as survey_key,
        {{ key_of_text("question") }} as question_key,
        {{ key_of_text("network") }} as network_key,
        {{ key_of_text("respondent_group") }} as group_key,
        {{ classification_year(make_day("year + 1", 1, 1)) }} as classification_year
    from {{ current_records("survey_answers") }}
),

named as (
    select
        delivered.*,
        survey_names.survey as survey_code,
        questions.question as question_code,
        questions.scale,
        questions.scale_min,
        questions.scale_max,
        coalesce(survey_names.survey, min(trim(delivered.survey)) over (
            partition by delivered.survey_key
        )) as survey_name,
        coalesce(questions.question, min(trim(delivered.question)) over (
            partition by delivered.survey_key, delivered.question_key
        )) as question_name
    from delivered
    left join survey_names
        on delivered.survey_key = survey_names.survey_key
    left join wordings
        on
            survey_names.survey = wordings.survey
            and delivered.question_key = wordings.question_key
    left join {{ ref("survey_questions") }} as questions
        on
            wordings.survey = questions.survey
            and wordings.question = questions.question
            and (questions.valid_from is null or questions.valid_from <= delivered.answered_on)
            and (questions.valid_to is null or questions.valid_to > delivered.answered_on)
),

-- Records differ by the wording of the question, so that one respondent may have answered
-- a question under two of its wordings: the newest answer holds.
ranked as (
    select
        *,
        row_number() over (
            partition by survey_name, year, question_name, respondent_key
            order by answered_on desc, taken_in_at desc, source, vintage desc, line desc
        ) as answer_rank
    from named
),

places as (
    select
        answers.region,
        answers.classification_year,
        types.region as home,
        types.region_type as home_type,
        0 as distance
    from delivered as answers
    inner join {{ ref("int_region_types") }} as types
        on answers.region = types.region
    union
    select
        answers.region,
        answers.classification_year,
        containment.container as home,
        containment.container_type as home_type,
        1 as distance
    from delivered as answers
    inner join {{ ref("int_region_containment") }} as containment
        on
            answers.region = containment.region
            and answers.classification_year = containment.classification_year
),

homes as (
    select
        region,
        classification_year,
        home,
        row_number() over (
            partition by region, classification_year
            order by
                distance,
                case home_type when 'SS' then 1 when 'SK' then 2 else 3 end,
                home
        ) as home_rank
    from places
    where home_type in ('SS', 'SK', 'MK')
),

-- A number is an answer where it lies on the scale; steps of agreement are whole.
numbered as (
    select
        *,
        case
            when scale = 'number' then answer_value
            when
                answer_value between scale_min and scale_max
                and (scale <> 'agreement' or answer_value = floor(answer_value))
                then answer_value
        end as step
    from ranked
    where answer_rank = 1
),

valued as (
    select
        numbered.*,
        coalesce(numbered.step, scales.score) as score,
        case
            when numbered.scale = 'agreement' and numbered.step is not null
                then numbered.step >= 4
            else scales.agrees
        end as agrees
    from numbered
    left join {{ ref("survey_scales") }} as scales
        on
            numbered.scale = scales.scale
            and numbered.answer_code = scales.answer
)

select
    valued.source,
    valued.dataset,
    valued.vintage,
    valued.line,
    valued.survey_name as survey,
    valued.survey_code is not null as is_known_survey,
    valued.year,
    valued.question_name as question,
    valued.question_code is not null as is_catalogued,
    valued.scale,
    valued.respondent_key,
    case
        when valued.answer_code = 'cannot_say' then 'cannot_say'
        when
            valued.scale is null
            or valued.scale = 'choice'
            or valued.score is not null
            or valued.agrees is not null
            then 'said'
        else 'off_scale'
    end as answer_kind,
    valued.score,
    valued.agrees,
    coalesce(homes.home, {{ not_told() }}) as region,
    coalesce(
        min(trim(valued.network)) over (partition by valued.network_key), {{ not_told() }}
    ) as network,
    coalesce(
        min(trim(valued.respondent_group)) over (partition by valued.group_key), {{ not_told() }}
    ) as respondent_group,
    coalesce(nullif(valued.segment, 'total'), {{ not_told() }}) as segment,
    coalesce(limits.min_answers, {{ fewest_answers() }}) as min_answers,
    valued.taken_in_at
from valued
left join homes
    on
        valued.region = homes.region
        and valued.classification_year = homes.classification_year
        and homes.home_rank = 1
left join limits
    on valued.survey_code = limits.survey
