{# The one rule of rolling up, for the present (`int_rollups`) and for the past
   (`int_rollup_versions`). What belongs here: how parts become the value of a region. Which value a
   part has is settled before, what becomes of a roll-up after it.

   With `in_spans` every row has a span of knowledge (see spans.sql), and at each moment the same is
   done with what was known then; where a value came from is asked of the present only. #}

{# How many levels can stand above one another; int_level_parts tests that it is enough. #}
{% macro rollup_rounds() -%}{{ return(5) }}{%- endmacro %}

{# What a roll-up is made apart for. #}
{% macro rollup_keys(in_spans) -%}
    {%- set keys = [
        "indicator", "slot", "segment", "period", "period_end", "classification_year"
    ] -%}
    {{- return(keys + ([] if in_spans else ["freq", "period_start"])) -}}
{%- endmacro %}

{# What a value tells besides its key. `territory` stands for the municipalities that it rests on;
   `is_impossible` is a cell that cannot exist (M). #}
{% macro rollup_columns(in_spans) -%}
    {%- set columns = [
        "region_type", "value", "precedence", "is_published", "has_events", "is_impossible",
        "coverage_share", "territory",
    ] -%}
    {%- set origin = ["gross_value", "source", "sources", "preference", "taken_in_at"] -%}
    {{- return(columns + ([] if in_spans else origin)) -}}
{%- endmacro %}

{# Common table expressions from `kept` to `leaves`: what was delivered for the slots, in the
   division in which it stands and in the round in which its level is a part.

   A group (the figures of a slot for a segment and period) stands in the division of its preferred
   source: the one that the catalogue names for it; the newest that has all its regions, where the
   source restates its past; else that of the period. Logs of events are placed by the period. #}
{% macro leaves_of_kept(in_spans=false) %}
{%- set group = ["indicator", "slot", "segment", "period"] -%}
{%- set span = ["known_from", "known_to"] if in_spans else [] -%}
{%- set bounds = ["period_end", "source", "preference", "has_events", "first_year", "last_year"] -%}
region_lives as (
    select
        region,
        min(classification_year) as first_year,
        max(classification_year) as last_year
    from {{ ref("int_region_years") }}
    group by region
),

bounds as (
    select
        {%- for column in group + span %}
        kept.{{ column }},
        {%- endfor %}
        kept.period_end,
        kept.source,
        kept.preference,
        kept.has_events,
        max(lives.first_year) as first_year,
        min(lives.last_year) as last_year
    from kept
    left join region_lives as lives
        on kept.region = lives.region
    where kept.value is not null
    group by
        {%- for column in group + span %}
        kept.{{ column }},
        {%- endfor %}
        kept.period_end,
        kept.source,
        kept.preference,
        kept.has_events
),
{% if in_spans %}
bounds_at_moments as (
    {{ cut_spans("bounds", group, bounds) }}
),
{% endif %}
divisions_of_sources as (
    select
        {%- for column in group + span %}
        bounds.{{ column }},
        {%- endfor %}
        bounds.preference,
        case
            when bounds.has_events then {{ classification_year("bounds.period_end") }}
            when sources.division_year is not null then sources.division_year
            when sources.restates_territory and min(bounds.last_year) >= max(bounds.first_year)
                then min(bounds.last_year)
            else {{ classification_year("bounds.period_end") }}
        end as classification_year
    from {{ "bounds_at_moments" if in_spans else "bounds" }} as bounds
    left join {{ ref("indicator_sources") }} as sources
        on
            bounds.indicator = sources.indicator
            and bounds.source = sources.source
    group by
        {%- for column in group + span %}
        bounds.{{ column }},
        {%- endfor %}
        bounds.preference,
        bounds.has_events,
        bounds.period_end,
        sources.division_year,
        sources.restates_territory
),

divisions{{ "_at_moments" if in_spans }} as (
    select
        {%- for column in group + span %}
        {{ column }},
        {%- endfor %}
        cast({{ at_smallest("classification_year", "preference") }} as integer)
            as classification_year
    from divisions_of_sources
    group by {{ (group + span) | join(", ") }}
),
{% if in_spans %}
-- Nearly always one and the same.
divisions as (
    {{ merge_spans("divisions_at_moments", group, ["classification_year"]) }}
),
{% endif %}
part_levels as (
    select distinct
        indicator,
        part_type,
        coalesce(counts_as, part_type) as counts_as,
        round
    from {{ ref("int_level_parts") }}
),

territories as (
    select
        classification_year,
        region,
        sum({{ additive_hash("municipality") }}) as territory
    from {{ ref("int_region_municipalities") }}
    group by classification_year, region
),

leaves as (
    select
        kept.indicator,
        kept.slot,
        kept.segment,
        kept.period,
        kept.period_end,
        divisions.classification_year,
        kept.region,
        part_levels.counts_as as region_type,
        kept.value,
        kept.precedence,
        kept.is_published,
        kept.has_events,
        kept.value is null and kept.obs_status = 'M' as is_impossible,
        part_levels.round,
        case when kept.value is null then 0.0 else 1.0 end as coverage_share,
        case
            when kept.value is not null
                then coalesce(territories.territory, {{ additive_hash("kept.region") }})
        end as territory,
        {% if in_spans %}
        {{ common_span("kept", "divisions") }}
        {% else %}
        kept.freq,
        kept.period_start,
        kept.gross_value,
        kept.source,
        kept.sources,
        kept.preference,
        kept.taken_in_at
        {% endif %}
    from kept
    inner join divisions
        on
            kept.indicator = divisions.indicator
            and kept.slot = divisions.slot
            and kept.segment = divisions.segment
            and kept.period = divisions.period
            {%- if in_spans %}
            and {{ spans_meet("kept", "divisions") }}
            {%- endif %}
    inner join part_levels
        on
            kept.indicator = part_levels.indicator
            and kept.region_type = part_levels.part_type
            -- Of a level beside the others its events alone count.
            and (kept.has_events or part_levels.counts_as = part_levels.part_type)
    left join territories
        on
            divisions.classification_year = territories.classification_year
            and kept.region = territories.region
)
{%- endmacro %}

{# What a region holds out of `contributions`: a published figure alone, also one without a value;
   else what was logged for the region itself and what its parts hold. A select without brackets. #}
{% macro held(contributions, keys, in_spans=false) %}
    {%- set cell = ["indicator", "slot", "segment", "period", "region"] %}
    select
        {%- for column in keys %}
        {{ column }},
        {%- endfor %}
        region,
        region_type,
        sum(value) as value,
        min(precedence) as precedence,
        max(case when is_published then 1 else 0 end) = 1 as is_published,
        max(case when has_events then 1 else 0 end) = 1 as has_events,
        max(case when is_impossible then 1 else 0 end) = 1 as is_impossible,
        -- Events of the region itself are complete; what its parts hold may not be.
        min(coverage_share) as coverage_share,
        sum(territory) as territory,
        {% if in_spans %}
        known_from,
        known_to
        {% else %}
        sum(gross_value) as gross_value,
        {{ at_smallest("source", "preference") }} as source,
        {{ merged_lists("sources") }} as sources,
        min(preference) as preference,
        max(taken_in_at) as taken_in_at
        {% endif %}
    from {{ contributions }} as contributions
    where
        is_published
        or not exists (
            select 1
            from {{ contributions }} as published
            where
                published.is_published
                {%- for column in cell + (["known_from"] if in_spans else []) %}
                and published.{{ column }} = contributions.{{ column }}
                {%- endfor %}
        )
    group by
        {%- for column in keys %}
        {{ column }},
        {%- endfor %}
        region,
        region_type
        {%- if in_spans %},
        known_from,
        known_to
        {%- endif %}
{%- endmacro %}

{# Common table expressions from `leaves` to `rolled`: the roll-ups of all levels. A level is a part
   of others in one round only, the one after its own, so each value is taken up once. A region that
   was not there in the period has no roll-up, also where the series stands in a division that has
   it (macros/time_machine.sql reckons those); what stands above is made of it all the same. #}
{% macro rolled_up_leaves(in_spans=false) %}
{%- set keys = rollup_keys(in_spans) -%}
{%- set columns = rollup_columns(in_spans) -%}
{%- set span = ["known_from", "known_to"] if in_spans else [] -%}
expected_parts as (
    select
        applicable.indicator,
        applicable.slot,
        applicable.classification_year,
        applicable.region_type as part_type,
        containment.container as region,
        count(*) as parts
    from {{ ref("int_applicable_regions") }} as applicable
    inner join {{ ref("int_region_containment") }} as containment
        on
            applicable.classification_year = containment.classification_year
            and applicable.region = containment.region
    group by
        applicable.indicator,
        applicable.slot,
        applicable.classification_year,
        applicable.region_type,
        containment.container
),
{% for now in range(1, rollup_rounds() + 1) %}
{% if now == 1 %}
values_1 as (
    select
        {%- for column in keys + ["region"] + columns + span %}
        {{ column }}{{ "" if loop.last else "," }}
        {%- endfor %}
    from leaves
    where round = 1
),
{% else %}
contributions_{{ now }} as (
    select
        {%- for column in keys + ["region"] + columns + span %}
        {{ column }}{{ "" if loop.last else "," }}
        {%- endfor %}
    from leaves
    where round = {{ now }}
    union all
    select
        {%- for column in keys + ["region"] + columns + span %}
        {{ column }}{{ "" if loop.last else "," }}
        {%- endfor %}
    from rolled_{{ now - 1 }}
),
{% if in_spans %}
contributions_{{ now }}_at_moments as (
    {{ cut_spans("contributions_" ~ now, keys + ["region"], columns) }}
),
{% endif %}
values_{{ now }} as (
    {{ held("contributions_" ~ now ~ ("_at_moments" if in_spans else ""), keys, in_spans) }}
),
{% endif %}
parts_{{ now }} as (
    select
        {%- for column in keys %}
        parts.{{ column }},
        {%- endfor %}
        containment.container,
        containment.container_type,
        applicable.region is not null as applies,
        {%- for column in columns + span %}
        parts.{{ column }}{{ "" if loop.last else "," }}
        {%- endfor %}
    from values_{{ now }} as parts
    inner join {{ ref("int_region_containment") }} as containment
        on
            parts.classification_year = containment.classification_year
            and parts.region = containment.region
    inner join {{ ref("int_level_parts") }} as level_parts
        on
            parts.indicator = level_parts.indicator
            -- What was logged beside the levels counts as one of them in the country and nowhere
            -- else; what was rolled up beside them counts nowhere.
            and parts.region_type = coalesce(level_parts.counts_as, level_parts.part_type)
            and containment.region_type = level_parts.part_type
            and containment.container_type = level_parts.target_type
            and level_parts.round = {{ now }}
    left join {{ ref("int_applicable_regions") }} as applicable
        on
            parts.indicator = applicable.indicator
            and parts.slot = applicable.slot
            and parts.classification_year = applicable.classification_year
            and parts.region = applicable.region
),
{% if in_spans %}
parts_{{ now }}_at_moments as (
    {{ cut_spans(
        "parts_" ~ now, keys + ["container"], ["container_type", "applies"] + columns
    ) }}
),
{% endif %}
summed_{{ now }} as (
    select
        {%- for column in keys %}
        {{ column }},
        {%- endfor %}
        container as region,
        container_type as region_type,
        region_type as part_type,
        sum(value) as value,
        min(case when value is not null then precedence end) as precedence,
        count(value) as parts_with_value,
        count(case when value is not null and not applies then 1 end) as parts_beyond,
        count(case when is_impossible and applies then 1 end) as parts_impossible,
        count(case when not is_impossible then 1 end) as parts_possible,
        sum(coverage_share) as parts_covered,
        sum(territory) as territory,
        max(case when has_events then 1 else 0 end) = 1 as has_events,
        {% if in_spans %}
        known_from,
        known_to
        {% else %}
        sum(gross_value) as gross_value,
        {{ at_smallest("case when value is not null then source end", "preference") }} as source,
        {{ merged_lists("case when value is not null then sources end") }} as sources,
        min(case when value is not null then preference end) as preference,
        max(case when value is not null then taken_in_at end) as taken_in_at
        {% endif %}
    from parts_{{ now }}{{ "_at_moments" if in_spans }}
    group by
        {%- for column in keys + ["container", "container_type", "region_type"] + span %}
        {{ column }}{{ "" if loop.last else "," }}
        {%- endfor %}
    having count(value) > 0
),

-- Expected are the parts to which the slot applies, but for those that cannot exist. A part beyond
-- them (outside the area of the sources) is welcome and does not stand in for one of them.
rolled_{{ now }} as (
    select
        {%- for column in keys %}
        summed.{{ column }},
        {%- endfor %}
        summed.region,
        summed.region_type,
        summed.value,
        summed.precedence,
        false as is_published,
        summed.has_events,
        false as is_impossible,
        summed.territory,
        summed.parts_with_value,
        coalesce(expected_parts.parts, 0) + summed.parts_beyond - summed.parts_impossible
            as parts_expected,
        case
            when summed.has_events then summed.parts_covered / summed.parts_possible
            else
                summed.parts_covered
                / (
                    coalesce(expected_parts.parts, 0)
                    + summed.parts_beyond
                    - summed.parts_impossible
                )
        end as coverage_share,
        {% if in_spans %}
        summed.known_from,
        summed.known_to
        {% else %}
        summed.gross_value,
        summed.source,
        summed.sources,
        summed.preference,
        summed.taken_in_at
        {% endif %}
    from summed_{{ now }} as summed
    left join expected_parts
        on
            summed.indicator = expected_parts.indicator
            and summed.slot = expected_parts.slot
            and summed.classification_year = expected_parts.classification_year
            and summed.part_type = expected_parts.part_type
            and summed.region = expected_parts.region
),
{% endfor %}
rolled_everywhere as (
    {% for now in range(1, rollup_rounds() + 1) %}
    {% if not loop.first %}
    union all
    {% endif %}
    select *
    from rolled_{{ now }}
    {% endfor %}
),

rolled as (
    select rolled.*
    from rolled_everywhere as rolled
    inner join {{ ref("int_region_years") }} as years
        on
            rolled.region = years.region
            and {{ classification_year("rolled.period_end") }} = years.classification_year
)
{%- endmacro %}
