-- How much of what the calendar expects by today was measured, per indicator, level and period.
-- A cell counts as late when it had come due while its source was being followed, and was then
-- delivered after the day; what the first delivery of a dataset brought tells nothing of lateness.
with expected as (
    select
        indicator,
        region,
        region_type,
        segment,
        period,
        max(due_on) as due_on
    from {{ ref("int_expected_cells") }}
    group by indicator, region, region_type, segment, period
),

judged as (
    select
        expected.indicator,
        expected.region_type,
        expected.period,
        observations.indicator is null as is_absent,
        observations.value is not null as is_observed,
        coalesce(
            observations.value is null
            and {{ is_suppressed("observations.obs_status", "observations.is_confidential") }},
            false
        ) as is_suppressed,
        coalesce(
            observations.value is null
            and not {{ is_suppressed("observations.obs_status", "observations.is_confidential") }},
            false
        ) as is_not_available,
        coalesce(
            observations.value is not null
            and {{ came_late(
                "expected.due_on", "observations.first_delivered_at", "observations.followed_since"
            ) }},
            false
        ) as is_late
    from expected
    left join {{ ref("int_observations") }} as observations
        on
            expected.indicator = observations.indicator
            and expected.region = observations.region
            and expected.segment = observations.segment
            and expected.period = observations.period
    where observations.obs_status is null or observations.obs_status <> 'M'
)

select
    indicator,
    region_type,
    period,
    cast(count(*) as integer) as expected,
    cast(sum(case when is_observed then 1 else 0 end) as integer) as observed,
    cast(sum(case when is_late then 1 else 0 end) as integer) as late,
    cast(sum(case when is_suppressed then 1 else 0 end) as integer) as suppressed,
    cast(sum(case when is_absent then 1 else 0 end) as integer) as absent,
    cast(sum(case when is_not_available then 1 else 0 end) as integer) as not_available,
    cast(sum(case when is_observed then 1 else 0 end) as double) / count(*) as coverage_share
from judged
group by indicator, region_type, period
