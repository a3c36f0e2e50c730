-- Funding decisions by region, period and segment, and by funder, instrument and programme with the
-- totals over each of the three. Gross is what all logs say; net leaves out the decisions that
-- another organisation's log of the same project stands for. Amounts of decisions are public, so
-- nothing is suppressed; who was granted something is in no column.
{% set kinds = ["instrument", "programme"] %}
with co_financed as (
    -- Also what adds up, because each organisation tells its own share.
    select left_number as event_number
    from {{ ref("int_event_links") }}
    where left_project = right_project and left_source <> right_source
    union
    select right_number as event_number
    from {{ ref("int_event_links") }}
    where left_project = right_project and left_source <> right_source
),

written as (
    select
        decisions.source,
        decisions.dataset,
        decisions.vintage,
        decisions.line,
        decisions.purpose,
        {% for kind in kinds %}
        {{ trimmed_text("decisions." ~ kind) }} as {{ kind }}_name,
        -- Words that stand for a total or for nothing are kept apart from what partners write.
        case
            when {{ folded_text("decisions." ~ kind) }} in ('all', 'not_stated')
                then '"' || {{ folded_text("decisions." ~ kind) }} || '"'
            else coalesce({{ folded_text("decisions." ~ kind) }}, 'not_stated')
        end as {{ kind }},
        {% endfor %}
        decisions.segment = 'total' as has_no_segment,
        events.project_id,
        same_events.group_number,
        coalesce(same_events.logs > 1, false) or co_financed.event_number is not null
            as is_co_financed
    from {{ ref("stg_funding_decisions") }} as decisions
    inner join {{ ref("int_events") }} as events
        on
            decisions.source = events.source
            and decisions.dataset = events.dataset
            and decisions.vintage = events.vintage
            and decisions.line = events.line
            and events.disposition = 'kept'
    left join {{ ref("int_same_events") }} as same_events
        on
            decisions.source = same_events.source
            and decisions.dataset = same_events.dataset
            and decisions.vintage = same_events.vintage
            and decisions.line = same_events.line
    left join {{ ref("int_linkable_events") }} as linkable
        on
            decisions.source = linkable.source
            and decisions.dataset = linkable.dataset
            and decisions.vintage = linkable.vintage
            and decisions.line = linkable.line
    left join co_financed
        on linkable.event_number = co_financed.event_number
),
{% for kind in kinds %}

-- Of several spellings the most frequent one names all.
spellings_of_{{ kind }} as (
    select
        {{ kind }},
        {{ kind }}_name,
        row_number() over (
            partition by {{ kind }}
            order by count(*) desc, {{ kind }}_name
        ) as spelling_rank
    from written
    where {{ kind }}_name is not null
    group by {{ kind }}, {{ kind }}_name
),
{% endfor %}

-- A project is a project id, or what several organisations logged as one, or a decision alone.
decisions as (
    select
        *,
        case
            when project_id is not null then 'id ' || project_id
            when group_number is not null
                then coalesce(
                    'id ' || max(project_id) over (partition by group_number),
                    'group ' || cast(group_number as {{ dbt.type_string() }})
                )
            else {{ key_of(["source", "vintage", "line"]) }}
        end as project
    from written
),

counted as (
    select
        counted.indicator,
        reach.region,
        reach.region_type,
        counted.period,
        counted.freq,
        counted.period_start,
        counted.period_end,
        counted.segment,
        decisions.purpose,
        counted.source as funder,
        decisions.instrument,
        decisions.programme,
        decisions.project,
        decisions.is_co_financed,
        decisions.has_no_segment,
        counted.amount,
        counted.net_amount,
        counted.undecided_amount
    from {{ ref("int_counted_events") }} as counted
    inner join decisions
        on
            counted.source = decisions.source
            and counted.dataset = decisions.dataset
            and counted.vintage = decisions.vintage
            and counted.line = decisions.line
    inner join {{ ref("int_event_reach") }} as reach
        on
            counted.indicator = reach.indicator
            and counted.classification_year = reach.classification_year
            and counted.home = reach.home
),

-- What has no segment is a part of the total too, so that the shares of the parts add up.
by_segment as (
    select *
    from counted
    union all
    select
        indicator,
        region,
        region_type,
        period,
        freq,
        period_start,
        period_end,
        'unknown' as segment,
        purpose,
        funder,
        instrument,
        programme,
        project,
        is_co_financed,
        has_no_segment,
        amount,
        net_amount,
        undecided_amount
    from counted
    where has_no_segment and segment = 'total'
),

summed as (
    select
        indicator,
        purpose,
        region,
        region_type,
        period,
        freq,
        period_start,
        period_end,
        segment,
        coalesce(funder, 'all') as funder,
        coalesce(instrument, 'all') as instrument,
        coalesce(programme, 'all') as programme,
        sum(amount) as gross_amount,
        sum(net_amount) as net_amount,
        sum(undecided_amount) as undecided_amount,
        count(*) as decisions,
        count(distinct project) as projects,
        count(distinct case when is_co_financed then project end) as co_financed_projects
    from by_segment
    group by
        indicator,
        purpose,
        region,
        region_type,
        period,
        freq,
        period_start,
        period_end,
        segment,
        cube (funder, instrument, programme)
)

select
    summed.purpose,
    summed.region,
    summed.period,
    summed.segment,
    summed.funder,
    summed.instrument,
    summed.programme,
    cast(summed.net_amount as decimal(18, 2)) as net_amount_eur,
    cast(summed.gross_amount as decimal(18, 2)) as gross_amount_eur,
    summed.decisions,
    summed.projects,
    summed.co_financed_projects,
    {% for kind in kinds %}
    spellings_of_{{ kind }}.{{ kind }}_name,
    {% endfor %}
    summed.indicator,
    summed.region_type,
    summed.freq,
    {{ year_of("summed.period_start") }} as year,
    {{ is_over("summed.period_end") }} as is_over,
    cast(summed.undecided_amount as decimal(18, 2)) as undecided_amount_eur
from summed
{% for kind in kinds %}
left join spellings_of_{{ kind }}
    on
        summed.{{ kind }} = spellings_of_{{ kind }}.{{ kind }}
        and spellings_of_{{ kind }}.spelling_rank = 1
{% endfor %}
