{# The region time machine: figures in the division of another year than the one they stand in.

   Made of published tables only, so that nothing comes out that is not in them. The table functions
   `observations_in_division`, `series` and `series_parts` (models/functions) are made of these macros
   and published with the tables. Arguments are SQL expressions: a literal, or a function's parameter.

   What belongs here: how figures are carried over. Which territory lies where is the table
   `region_bridge`, in which division a source stands is `series_divisions`. #}

{# Which of several flags stands for all (SDMX): the first in this order. The same as the seed
   obs_statuses, which is not published. #}
{% macro flags_by_precedence() -%}BOMLHQJSDKWIFEPNUVGA{%- endmacro %}

{% macro flag_rank(obs_status) -%}
    nullif(position({{ obs_status }} in '{{ flags_by_precedence() }}'), 0)
{%- endmacro %}

{# From least to most doubtful, so that the most doubtful of several stands for all. #}
{% macro method_rank(method) -%}
    case {{ method }} when 'exact' then 1 when 'summed' then 2 when 'estimated' then 3 else 4 end
{%- endmacro %}

{# Common part: `carried` holds each figure beside the regions of the asked year that it reaches,
   `chosen` the way in which each asked cell is made up, one row a cell. #}
{% macro carried_over(year, indicator) %}
    with indicators as (
        select
            indicator,
            additivity,
            combination
        from {{ ref("dim_indicator") }}
        {% if indicator %}
        where
            indicator = {{ indicator }}
            or indicator in (
                select numerator
                from {{ ref("dim_indicator") }}
                where indicator = {{ indicator }} and numerator is not null
            )
            or indicator in (
                select denominator
                from {{ ref("dim_indicator") }}
                where indicator = {{ indicator }} and denominator is not null
            )
        {% endif %}
    ),

    years as (
        select
            min(classification_year) as oldest,
            max(classification_year) as newest
        from {{ ref("dim_region") }}
    ),

    observed as (
        select
            observations.indicator,
            observations.region,
            observations.region_type,
            observations.segment,
            observations.period,
            observations.value,
            observations.obs_status,
            observations.conf_status,
            observations.source,
            observations.coverage_share,
            indicators.additivity,
            coalesce(divisions.is_logged, false) as is_logged,
            case when indicators.combination = 'separate' then observations.source else '*' end
                as cell_slot,
            -- A region that the division of the series lacks can only be one of its period.
            coalesce(
                regions.classification_year,
                greatest(
                    least(
                        cast(extract(year from periods.period_end) as integer), years.newest
                    ),
                    years.oldest
                )
            ) as from_year
        from {{ ref("fct_observations") }} as observations
        inner join indicators
            on observations.indicator = indicators.indicator
        inner join {{ ref("dim_period") }} as periods
            on observations.period = periods.period
        cross join years
        left join {{ ref("series_divisions") }} as divisions
            on
                observations.indicator = divisions.indicator
                and observations.source = divisions.source
        left join {{ ref("dim_region") }} as regions
            on
                observations.region = regions.region
                and divisions.division_year = regions.classification_year
        where
            -- A recomputed rate is recomputed again; a sum over the regions of the period says
            -- nothing of a series that stands in another division, unless it is the country.
            not observations.is_derived
            or (
                indicators.additivity = 'additive'
                and (divisions.division_year is null or observations.region_type = 'SSS')
            )
    ),

    carried as (
        select
            observed.*,
            bridge.to_region,
            bridge.to_type,
            bridge.share,
            bridge.parts,
            -- What cannot be added can only be taken over where nothing changed.
            case
                when observed.additivity <> 'additive' and bridge.method <> 'exact'
                    then 'impossible'
                else bridge.method
            end as method
        from observed
        inner join {{ ref("region_bridge") }} as bridge
            on
                observed.region = bridge.from_region
                and observed.from_year = bridge.from_year
                and bridge.to_year = {{ year }}
        where observed.additivity = 'additive' or bridge.from_type = bridge.to_type
    ),

    ways as (
        select
            indicator,
            additivity,
            segment,
            period,
            cell_slot,
            to_region,
            to_type,
            region_type as from_type,
            from_year,
            method,
            min(source) as source,
            sum(value * share) as value,
            count(value) as parts_with_value,
            -- What cannot exist (M) is not expected; a log without an entry is a zero.
            case
                when max(case when is_logged then 1 else 0 end) = 1 then count(*)
                else max(parts)
            end - count(case when obs_status = 'M' and value is null then 1 end) as parts,
            -- Of a part whose coverage nobody knows the sum's is unknown as well.
            case
                when count(case when value is not null and coverage_share is null then 1 end) = 0
                    then sum(case when value is not null then coverage_share else 0 end)
            end as covered,
            {{ strongest(flag_rank("obs_status")) }} as flag,
            max(case when value is null and conf_status <> 'F' then conf_status end)
                as suppressed_as
        from carried
        group by
            indicator,
            additivity,
            segment,
            period,
            cell_slot,
            to_region,
            to_type,
            region_type,
            from_year,
            method
    ),

    -- A figure of the region itself wins over a sum, a sum of few large regions over one of many
    -- small ones; one that lacks parts comes after all that do not.
    ranked as (
        select
            *,
            row_number() over (
                partition by indicator, segment, period, cell_slot, to_region
                order by
                    case when method = 'impossible' then 1 else 0 end,
                    case when method = 'exact' and from_type = to_type then 0 else 1 end,
                    case when covered < parts then 1 else 0 end,
                    parts,
                    case when from_type = to_type then 0 else 1 end,
                    from_type,
                    from_year desc
            ) as way
        from ways
    ),

    chosen as (
        select *
        from ranked
        where way = 1
    )
{%- endmacro %}

{# Every observation in the regional division of a year, as a relation in brackets:
   `select * from {{ observations_in_division(2013) }} as restated`.

   Args: year, a classification year of dim_region; indicator, an id, one only (quicker), or all.
   Columns: indicator, region, region_type, segment, period, cell_slot (the source for indicators
   combined as `separate`, otherwise *), division_year, value, obs_status, conf_status, method
   (exact, summed, estimated, impossible), coverage_share (0 where it is impossible), parts,
   parts_with_value, from_type and from_year (what it is made of; empty for a rate that was
   recomputed). A rate is recomputed from its carried-over parts, unless the source published it for
   the same territory. #}
{% macro observations_in_division(year, indicator=none) %}
(
    {{ carried_over(year, indicator) }},

    cells as (
        select
            indicator,
            additivity,
            to_region as region,
            to_type as region_type,
            segment,
            period,
            cell_slot,
            case when method <> 'impossible' then value end as value,
            case
                when method = 'impossible' then {{ flag_rank("'O'") }}
                when method = 'estimated' and parts_with_value > 0
                    then least(flag, {{ flag_rank("'E'") }})
                else flag
            end as flag,
            case when parts_with_value = 0 then coalesce(suppressed_as, 'F') else 'F' end
                as conf_status,
            method,
            case
                when method = 'impossible' then 0
                when covered is null then null
                when parts > 0 then least(covered / parts, 1)
                else 0
            end as coverage_share,
            parts,
            parts_with_value,
            from_type,
            from_year
        from chosen
    ),

    rates as (
        select
            rates.indicator,
            numerators.region,
            numerators.region_type,
            numerators.segment,
            numerators.period,
            numerators.cell_slot,
            case
                when abs(numerators.coverage_share - denominators.coverage_share) < 0.000000001
                    then coalesce(rates.rate_factor, 1) * numerators.value
                    / nullif(denominators.value, 0)
            end as value,
            case
                when numerators.value is null then numerators.flag
                when denominators.value is null then denominators.flag
                when denominators.value = 0 then {{ flag_rank("'M'") }}
                when abs(numerators.coverage_share - denominators.coverage_share) >= 0.000000001
                    then {{ flag_rank("'O'") }}
                else least(numerators.flag, denominators.flag)
            end as flag,
            case
                when numerators.conf_status <> 'F' then numerators.conf_status
                else denominators.conf_status
            end as conf_status,
            case
                when {{ method_rank("numerators.method") }} > {{ method_rank("denominators.method") }}
                    then numerators.method
                else denominators.method
            end as method,
            least(numerators.coverage_share, denominators.coverage_share) as coverage_share,
            numerators.parts,
            least(numerators.parts_with_value, denominators.parts_with_value) as parts_with_value
        from {{ ref("dim_indicator") }} as rates
        inner join cells as numerators
            on rates.numerator = numerators.indicator
        inner join cells as denominators
            on
                rates.denominator = denominators.indicator
                and numerators.region = denominators.region
                and numerators.segment = denominators.segment
                and numerators.period = denominators.period
                and numerators.cell_slot = denominators.cell_slot
        where rates.additivity = 'rate'
    ),

    published_rates as (
        select *
        from cells
        where additivity = 'rate' and method = 'exact'
    ),

    answers as (
        select
            indicator,
            region,
            region_type,
            segment,
            period,
            cell_slot,
            value,
            flag,
            conf_status,
            method,
            coverage_share,
            parts,
            parts_with_value,
            from_type,
            from_year
        from cells
        where additivity <> 'rate' or method = 'exact'
        union all
        select
            rates.indicator,
            rates.region,
            rates.region_type,
            rates.segment,
            rates.period,
            rates.cell_slot,
            rates.value,
            rates.flag,
            rates.conf_status,
            rates.method,
            rates.coverage_share,
            rates.parts,
            rates.parts_with_value,
            null as from_type,
            null as from_year
        from rates
        where not exists (
            select 1
            from published_rates
            where
                published_rates.indicator = rates.indicator
                and published_rates.region = rates.region
                and published_rates.segment = rates.segment
                and published_rates.period = rates.period
        )
    )

    select
        indicator,
        region,
        region_type,
        segment,
        period,
        cell_slot,
        cast({{ year }} as integer) as division_year,
        value,
        substring('{{ flags_by_precedence() }}', cast(coalesce(flag, 20) as integer), 1)
            as obs_status,
        conf_status,
        method,
        coverage_share,
        parts,
        parts_with_value,
        from_type,
        from_year
    from answers
    {% if indicator %}
    where indicator = {{ indicator }}
    {% endif %}
)
{%- endmacro %}

{# The figures that each cell of `observations_in_division` is made of, as a relation in brackets.

   Columns: indicator, region, segment, period, cell_slot, part (region), from_type, from_year,
   share (empty where nothing says how it is divided), value, obs_status, conf_status, source. A
   recomputed rate has none of its own: ask for those of its numerator and denominator. #}
{% macro parts_in_division(year, indicator=none) %}
(
    {{ carried_over(year, indicator) }}

    select
        carried.indicator,
        carried.to_region as region,
        carried.segment,
        carried.period,
        carried.cell_slot,
        carried.region as part,
        carried.region_type as from_type,
        carried.from_year,
        carried.share,
        carried.value,
        carried.obs_status,
        carried.conf_status,
        carried.source
    from carried
    inner join chosen
        on
            carried.indicator = chosen.indicator
            and carried.to_region = chosen.to_region
            and carried.segment = chosen.segment
            and carried.period = chosen.period
            and carried.cell_slot = chosen.cell_slot
            and carried.region_type = chosen.from_type
            and carried.from_year = chosen.from_year
    where carried.additivity <> 'rate' or carried.method = 'exact'
)
{%- endmacro %}
