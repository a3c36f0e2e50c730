{{ config(parameters=["region_code", "meeting_on"]) }}
{# What a figure stands beside, and the region of it; nothing stands beside itself. #}
{% set places = {
    "mk": "around.mk",
    "country": "case when region_code <> 'SSS' then 'SSS' end",
} %}

-- The newest complete figure of each indicator and segment, beside the year before, the region
-- (maakunta) around it and the country. What has no complete figure is in it with the reason.
with around as (
    select mk
    from {{ ref("dim_region") }}
    where region = region_code and is_newest
),

seen as (
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.period,
        observations.value,
        observations.unit,
        observations.obs_status,
        observations.conf_status,
        observations.source,
        observations.coverage_share,
        observations.overlap_share,
        observations.has_overlap,
        observations.is_over,
        periods.period_start
    from {{ ref("fct_observations") }} as observations
    inner join {{ ref("dim_period") }} as periods
        on observations.period = periods.period
    where
        observations.region in (region_code, 'SSS')
        or observations.region in (select around.mk from around)
),

-- No complete figure: the newest of all, whether it is running, partial or without a value.
others as (
    select
        seen.*,
        row_number() over (
            partition by seen.indicator, seen.segment
            order by seen.is_over desc, seen.period_start desc, seen.period
        ) as place
    from seen
    left join {{ ref("latest_indicators") }} as latest
        on
            seen.region = latest.region
            and seen.indicator = latest.indicator
            and seen.segment = latest.segment
    where
        seen.region = region_code
        and seen.period_start <= cast(meeting_on as date)
        and latest.indicator is null
),

figures as (
    select
        indicator,
        segment,
        period,
        value,
        unit,
        obs_status,
        source,
        previous_period,
        previous_value,
        change,
        year_before_period,
        year_before_value,
        change_on_year,
        breaks_in_year,
        partial_period
    from {{ ref("latest_indicators") }}
    where region = region_code
    union all
    select
        indicator,
        segment,
        period,
        value,
        unit,
        obs_status,
        source,
        null as previous_period,
        null as previous_value,
        null as change,
        null as year_before_period,
        null as year_before_value,
        null as change_on_year,
        false as breaks_in_year,
        null as partial_period
    from others
    where place = 1
)

select
    indicators.group_code,
    figures.indicator,
    indicators.name_fi as indicator_name,
    indicators.decimals,
    figures.segment,
    figures.period,
    figures.value,
    figures.unit,
    figures.previous_period,
    figures.previous_value,
    figures.change,
    figures.year_before_value,
    figures.change_on_year,
    -- A share of a share is not read as one.
    case
        when figures.unit in ('count', 'persons', 'EUR') and figures.year_before_value > 0
            then 100 * figures.change_on_year / figures.year_before_value
    end as change_on_year_pct,
    {% for place in places %}
    {{ place }}.value as {{ place }}_value,
    case
        when figures.unit in ('count', 'persons', 'EUR') and {{ place }}_before.value > 0
            then 100 * ({{ place }}.value - {{ place }}_before.value) / {{ place }}_before.value
    end as {{ place }}_change_pct,
    {% endfor %}
    figures.obs_status,
    not own.is_over as is_running,
    case
        when figures.value is not null then null
        when figures.obs_status = 'Q' or own.conf_status not in ('F', '') then 'suppressed'
        else 'not_available'
    end as missing_because,
    own.coverage_share,
    own.overlap_share,
    own.has_overlap,
    figures.breaks_in_year,
    figures.partial_period,
    own.period_start < cast(meeting_on as date) - interval 2 year as is_old,
    figures.source
from figures
inner join {{ ref("dim_indicator") }} as indicators
    on figures.indicator = indicators.indicator
inner join seen as own
    on
        own.region = region_code
        and figures.indicator = own.indicator
        and figures.segment = own.segment
        and figures.period = own.period
        and figures.source = own.source
left join around
    on around.mk is not null
{% for place, region in places.items() %}
{% for alias, period in {place: "period", place ~ "_before": "year_before_period"}.items() %}
left join seen as {{ alias }}
    on
        {{ region }} = {{ alias }}.region
        and figures.indicator = {{ alias }}.indicator
        and figures.segment = {{ alias }}.segment
        and figures.{{ period }} = {{ alias }}.period
        and indicators.combination <> 'separate'
{% endfor %}
{% endfor %}
order by indicators.group_code, indicators.name_fi, figures.segment <> 'total', figures.segment
