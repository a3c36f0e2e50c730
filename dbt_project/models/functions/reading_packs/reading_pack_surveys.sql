{{ config(parameters=["region_code", "meeting_on"]) }}

select
    year,
    survey_name_fi,
    question_name_fi,
    response_count,
    round(mean, 2) as mean,
    round(agree_percent, 1) as agree_percent,
    round(mean_change, 2) as mean_change
from {{ ref("monitoring_surveys") }}
where
    breakdown = 'region'
    and breakdown_value = region_code
    and year <= year(cast(meeting_on as date))
order by year desc, survey_name_fi, question_name_fi
