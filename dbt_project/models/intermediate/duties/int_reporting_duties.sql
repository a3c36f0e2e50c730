-- Who is expected to report which indicator for which region: the catalogue's duties and those that
-- a coordinator has delivered, one row for each indicator and region. An organisation that is no
-- source of the catalogue delivers nothing under its name, so nothing can be said of it here. Which
-- indicators the records of a dataset come to is named here once; of meetings the annual clock says
-- what is expected.
{% set of_records = {
    "plan_basics": ["plan_current"],
    "plan_items": ["plan_objectives_reached", "plan_measures_done"],
    "survey_answers": ["network_survey_score", "customer_survey_score"],
} %}
{% set columns = [
    "source", "organisation", "dataset", "indicator", "regions", "valid_from", "valid_to",
    "cadence", "contact_role", "stated_by",
] %}
{% set kept_columns = ["duty"] + columns | reject("equalto", "regions") | list %}
with reporters as (
    select distinct
        named.source,
        lower(named.name) as name
    from (
        {% for column in ["source", "name", "name_fi", "owner"] %}
        select
            source,
            {{ column }} as name
        from {{ ref("sources") }}
        {% if not loop.last %}
        union all
        {% endif %}
        {% endfor %}
    ) as named
),

stated as (
    select
        source,
        organisation,
        dataset,
        indicator,
        regions,
        valid_from,
        valid_to,
        cadence,
        contact_role,
        'catalogue' as stated_by
    from {{ ref("expected_reporters") }}
    union all
    select
        reporters.source,
        duties.organisation,
        duties.reported_dataset as dataset,
        duties.indicator,
        replace(duties.regions, ';', ' ') as regions,
        duties.valid_from,
        {{ add_days("duties.valid_to", 1) }} as valid_to,
        duties.cadence,
        duties.contact_role,
        'delivery' as stated_by
    from {{ current_records("reporting_duties") }} as duties
    inner join reporters
        on lower(trim(duties.organisation)) = reporters.name
),

-- Where no region is named it is the whole area of the source.
complete as (
    select
        stated.source,
        stated.organisation,
        stated.dataset,
        stated.indicator,
        stated.valid_from,
        stated.valid_to,
        stated.cadence,
        stated.contact_role,
        stated.stated_by,
        coalesce(nullif(trim(stated.regions), ''), sources.area, 'SSS') as regions
    from stated
    inner join {{ ref("sources") }} as sources
        on stated.source = sources.source
),

numbered as (
    select
        *,
        {{ key_of(columns) }} as duty
    from complete
),

listed as (
    select distinct
        duty,
        source,
        organisation,
        dataset,
        indicator,
        valid_from,
        valid_to,
        cadence,
        contact_role,
        stated_by,
        region
    from {{ words("numbered", kept_columns, "regions", "region") }} as words
    where region <> ''
),

record_indicators as (
    {% for dataset, indicators in of_records.items() %}
    {% set outer_loop = loop %}
    {% for indicator in indicators %}
    select
        '{{ dataset }}' as dataset,
        '{{ indicator }}' as indicator
    {% if not (loop.last and outer_loop.last) %}
    union all
    {% endif %}
    {% endfor %}
    {% endfor %}
),

-- The indicators that a dataset of a source counts in.
counted_in as (
    select
        sources.source,
        indicators.event_dataset as dataset,
        indicators.indicator,
        true as is_logged
    from {{ ref("indicator_sources") }} as sources
    inner join {{ ref("int_indicators") }} as indicators
        on sources.indicator = indicators.indicator
    where indicators.event_dataset is not null
    union all
    select
        sources.source,
        'measurements' as dataset,
        sources.indicator,
        false as is_logged
    from {{ ref("indicator_sources") }} as sources
    union all
    select
        sources.source,
        records.dataset,
        sources.indicator,
        false as is_logged
    from {{ ref("indicator_sources") }} as sources
    inner join record_indicators as records
        on sources.indicator = records.indicator
)

select
    listed.duty,
    listed.source,
    listed.organisation,
    listed.contact_role,
    listed.stated_by,
    listed.dataset,
    counted_in.indicator,
    -- Whoever keeps a log reports it whole; a measurement is one of a region.
    counted_in.is_logged and indicators.combination = 'sum' as is_logged,
    slots.slot,
    listed.region,
    regions.region_type,
    listed.valid_from,
    listed.valid_to,
    -- Nobody owes a week of a quarter.
    case
        when listed.cadence in ('A', 'S', 'Q', 'M') then listed.cadence
        else indicators.cadence
    end as cadence
from listed
inner join counted_in
    on
        listed.source = counted_in.source
        and listed.dataset = counted_in.dataset
        and (listed.indicator is null or listed.indicator = counted_in.indicator)
inner join {{ ref("int_indicators") }} as indicators
    on counted_in.indicator = indicators.indicator
inner join {{ ref("int_slots") }} as slots
    on
        counted_in.indicator = slots.indicator
        and counted_in.source = slots.source
inner join {{ ref("int_region_types") }} as regions
    on listed.region = regions.region
