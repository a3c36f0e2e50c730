{# What was observed of an indicator over a year, out of core_fct_observations: plans are held against it.

   Only periods that are over count. The figure of the year comes before that of its parts; the
   periods of the indicator's own cadence are put together as the catalogue's `stock_or_flow` says:
   a flow is summed, of a stock the last one stands, an average is the mean weighted by months, and
   a rate is recomputed from its parts over the periods that have both. #}

{# Common table expressions that end with `figures`: one row for each row of `wanted` (indicator,
   region, segment, year; distinct) of which anything was observed, with the value and its unit,
   `read_as`, `last_period`, `last_end` (first day after it) and `months` that have figures. #}
{% macro figures_of_years(wanted) %}
figure_parts as (
    {% for role, part in [
        ("itself", "indicator"), ("numerator", "numerator"), ("denominator", "denominator")
    ] %}
    {{ "" if loop.first else "union all" }}
    select
        wanted.indicator,
        wanted.region,
        wanted.segment,
        wanted.year,
        '{{ role }}' as role,
        parts.indicator as part,
        parts.stock_or_flow,
        indicators.cadence
    from {{ wanted }} as wanted
    inner join {{ ref("int_indicators") }} as indicators
        on wanted.indicator = indicators.indicator
    inner join {{ ref("int_indicators") }} as parts
        on indicators.{{ part }} = parts.indicator
    {% endfor %}
),

figures_of_periods as (
    select
        figure_parts.*,
        observations.period,
        observations.value,
        observations.unit,
        observations.coverage_share,
        frequencies.months,
        {{ add_months("periods.period_start", "frequencies.months") }} as period_end,
        periods.freq = 'A' and figure_parts.cadence <> 'A' as is_beside_its_parts
    from figure_parts
    inner join {{ ref("core_fct_observations") }} as observations
        on
            figure_parts.region = observations.region
            and figure_parts.segment = observations.segment
            and figure_parts.part = observations.indicator
            and observations.is_over
    inner join {{ ref("core_dim_period") }} as periods
        on
            observations.period = periods.period
            and figure_parts.year = periods.calendar_year
            and periods.freq in ('A', figure_parts.cadence)
    inner join {{ ref("frequencies") }} as frequencies
        on periods.freq = frequencies.freq
),

recomputed_rates as (
    select
        rates.indicator,
        rates.region,
        rates.segment,
        rates.year,
        count(*) as periods,
        sum(numerators.months) as months,
        max(indicators.rate_factor)
        * case
            when max(numerators.stock_or_flow) = 'flow' then sum(numerators.value)
            else avg(numerators.value)
        end
        / nullif(
            case
                when max(denominators.stock_or_flow) = 'flow' then sum(denominators.value)
                else avg(denominators.value)
            end, 0
        ) as value
    from figures_of_periods as rates
    inner join {{ ref("int_indicators") }} as indicators
        on rates.indicator = indicators.indicator
    {% for role in ["numerator", "denominator"] %}
    inner join figures_of_periods as {{ role }}s
        on
            rates.indicator = {{ role }}s.indicator
            and rates.region = {{ role }}s.region
            and rates.segment = {{ role }}s.segment
            and rates.year = {{ role }}s.year
            and rates.period = {{ role }}s.period
            and {{ role }}s.role = '{{ role }}'
            and {{ role }}s.value is not null
    {% endfor %}
    where
        rates.role = 'itself'
        and rates.value is not null
        and not rates.is_beside_its_parts
        -- Of an incomplete roll-up the two may rest on different parts.
        and abs(numerators.coverage_share - denominators.coverage_share) < 0.000000001
    group by rates.indicator, rates.region, rates.segment, rates.year
),

ranked_figures as (
    select
        *,
        -- Of periods that end together the shorter one is nearer to the end.
        row_number() over (
            partition by indicator, region, segment, year
            order by case when value is null then 1 else 0 end, period_end desc, months
        ) as newness
    from figures_of_periods
    where role = 'itself'
),

summed_figures as (
    select
        indicator,
        region,
        segment,
        year,
        max(stock_or_flow) as stock_or_flow,
        max(unit) as unit,
        max(case when months = 12 then period end) as year_period,
        max(case when months = 12 then value end) as year_value,
        max(case when newness = 1 then value end) as last_value,
        max(case when newness = 1 then period end) as last_period,
        max(case when newness = 1 then period_end end) as last_end,
        count(case when not is_beside_its_parts then 1 end) as periods,
        count(case when not is_beside_its_parts then value end) as periods_with_value,
        sum(case when not is_beside_its_parts then value end) as total,
        sum(case when not is_beside_its_parts then value * months end) as total_by_months,
        coalesce(sum(case when not is_beside_its_parts and value is not null then months end), 0)
            as months
    from ranked_figures
    group by indicator, region, segment, year
),

read_figures as (
    select
        summed_figures.*,
        recomputed_rates.value as rate,
        case
            when summed_figures.stock_or_flow = 'stock' then 'last period'
            when summed_figures.year_period is not null then 'year'
            when summed_figures.stock_or_flow = 'flow' then 'sum of periods'
            when summed_figures.stock_or_flow = 'average' then 'mean of periods'
            when recomputed_rates.periods = summed_figures.periods_with_value
                then 'rate of periods'
            else 'last period'
        end as read_as
    from summed_figures
    left join recomputed_rates
        on
            summed_figures.indicator = recomputed_rates.indicator
            and summed_figures.region = recomputed_rates.region
            and summed_figures.segment = recomputed_rates.segment
            and summed_figures.year = recomputed_rates.year
),

figures as (
    select
        indicator,
        region,
        segment,
        year,
        stock_or_flow,
        unit,
        case when last_period = year_period then 'year' else read_as end as read_as,
        case read_as
            when 'year' then year_value
            -- A sum that lacks a part would be read as the whole.
            when 'sum of periods' then case when periods = periods_with_value then total end
            when 'mean of periods' then total_by_months / nullif(months, 0)
            when 'rate of periods' then rate
            else last_value
        end as value,
        case when read_as = 'year' then year_period else last_period end as last_period,
        case when read_as = 'year' or last_period = year_period then 12 else months end as months,
        -- A stock is read at the end of the year; everything else rests on all of it.
        case
            when read_as in ('year', 'last period') then last_end = {{ make_day("year + 1", 1, 1) }}
            else months >= 12
        end as is_whole
    from read_figures
)
{%- endmacro %}

{# How a figure stands to a target, as expressions over columns of one relation: `target_value`,
   `target_kind` (at_least, at_most, change_to, change_by, or empty), `direction` of the indicator,
   `observed_value`, `base_value` (the figure of the year before), `observed_whole` (whether the
   figure is that of the whole year), `is_over` (whether the year is), `only_grows` (whether further
   periods can add to it and take nothing away), `has_zero` (whether a share of it has a meaning). #}

{# at_least or at_most: which way the target points; a change points from where it began. #}
{% macro target_side() -%}
    case
        when target_kind in ('at_least', 'at_most') then target_kind
        when target_kind = 'change_to' and target_value > base_value then 'at_least'
        when target_kind = 'change_to' and target_value < base_value then 'at_most'
        when target_kind = 'change_by' and target_value > 0 then 'at_least'
        when target_kind = 'change_by' and target_value < 0 then 'at_most'
        when direction = 'up' then 'at_least'
        when direction = 'down' then 'at_most'
    end
{%- endmacro %}

{# The value that is to be reached, in the indicator's unit. #}
{% macro target_level() -%}
    case when target_kind = 'change_by' then base_value + target_value else target_value end
{%- endmacro %}
