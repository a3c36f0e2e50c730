-- Each finding with each indicator that it cites: what the figure of its own region was at the end
-- of the day on which it was noted, and what the same cell is today. Only published figures are
-- read, so that what is suppressed stays so; a figure of another region is never put in its place.
with findings as (
    select *
    from {{ current_records("findings") }} as findings
),

citations as (
    select
        cited.*,
        indicators.unit,
        indicators.cadence,
        indicators.release_lag_days
    from {{ ref("int_finding_citations") }} as cited
    left join {{ ref("core_dim_indicator") }} as indicators
        on cited.indicator = indicators.indicator
),

-- Versions of the cells that may be meant. A missing value is no figure; a suppressed one is one.
versions as (
    select
        citations.finding_id,
        citations.indicator,
        citations.noted_on,
        vintages.period,
        vintages.cell_slot,
        vintages.value,
        -- On the day of the finding a running period was provisional.
        {{ provisional_status(
            "vintages.obs_status", "vintages.value", "periods.period_end < citations.noted_on"
        ) | indent(8) }} as status_then,
        vintages.obs_status,
        vintages.known_from,
        vintages.known_to,
        -- An empty value whose status does not say that it is missing was taken out on purpose.
        vintages.value is not null
        or vintages.obs_status = 'Q'
        or not coalesce(statuses.is_missing, false) as is_figure,
        vintages.value is null
        and (
            coalesce(vintages.obs_status = 'Q', false) or not coalesce(statuses.is_missing, false)
        ) as is_suppressed,
        periods.period_start,
        periods.period_end,
        periods.period_end < citations.noted_on as was_over,
        periods.period_end < {{ today() }} as is_over,
        {{ add_days("periods.period_end", "citations.release_lag_days") }} as due_on,
        case when periods.freq = citations.cadence then 0 else 1 end as oddness,
        coalesce(sources.preference, 0) as preference,
        {{ helsinki_day("vintages.known_from") }} <= citations.noted_on
        and (
            vintages.known_to is null
            or {{ helsinki_day("vintages.known_to") }} > citations.noted_on
        ) as was_known_then
    from citations
    inner join {{ ref("shown_fct_observation_vintages") }} as vintages
        on
            citations.indicator = vintages.indicator
            and citations.region = vintages.region
            and vintages.segment = 'total'
    inner join {{ ref("core_dim_period") }} as periods
        on vintages.period = periods.period
    left join {{ ref("obs_statuses") }} as statuses
        on vintages.obs_status = statuses.obs_status
    left join {{ ref("core_source_order") }} as sources
        on
            vintages.indicator = sources.indicator
            and vintages.cell_slot = sources.source
),

-- The newest figure is of a period that was over; where there is none, of one that had begun, for
-- a projection reaches ahead.
known_then as (
    select
        *,
        row_number() over (
            partition by finding_id, indicator
            order by
                was_over desc, period_end desc, oddness, period_start desc, preference, cell_slot
        ) as newness
    from versions
    where is_figure and was_known_then and period_start <= noted_on
),

-- Where nothing was known on the day: the newest period that was due by then, as first known.
known_later as (
    select
        *,
        row_number() over (
            partition by finding_id, indicator
            order by
                period_end desc, oddness, period_start desc, preference, cell_slot, known_from
        ) as newness
    from versions
    where is_figure and {{ helsinki_day("known_from") }} > noted_on and due_on <= noted_on
),

known_now as (
    select
        *,
        row_number() over (
            partition by finding_id, indicator
            order by
                is_over desc, period_end desc, oddness, period_start desc, preference, cell_slot
        ) as newness
    from versions
    where is_figure and known_to is null and period_start <= {{ today() }}
),

resting as (
    select
        finding_id,
        count(*) as documents
    from {{ ref("int_finding_documents") }}
    group by finding_id
),

named as (
    select
        items.record_key,
        count(distinct items.item) as documents,
        count(distinct case when documents.document_id is null then items.item end) as missing
    from {{ listed_items("findings", ["record_key"], "documents", "item") }} as items
    left join {{ ref("core_monitoring_documents") }} as documents
        on
            {{ name_key("items.item") }} = {{ name_key("documents.title") }}
            or items.item = documents.url
    group by items.record_key
),

judged as (
    select
        citations.finding_id,
        citations.indicator,
        citations.citation_no,
        citations.unit,
        case
            when citations.indicator = 'none' then 'none'
            when known_then.finding_id is null then 'not_known_then'
            when known_then.is_suppressed then 'withheld'
            else 'cited'
        end as citation,
        known_now.finding_id is not null as has_figures_now,
        known_then.period,
        known_then.value as value_then,
        known_then.status_then,
        known_then.was_over as was_over_then,
        known_then.known_from,
        case when known_then.cell_slot <> '*' then known_then.cell_slot end as source_then,
        {{ dbt.datediff("known_then.period_end", "citations.noted_on", "day") }} as days_old_then,
        present.value as value_now,
        present.obs_status as status_now,
        known_then.finding_id is not null and (
            present.finding_id is null
            or coalesce(present.value <> known_then.value, false)
            or present.is_suppressed <> known_then.is_suppressed
            or coalesce(present.obs_status <> known_then.obs_status, false)
        ) as is_revised,
        present.value - known_then.value as revised_by,
        known_now.period as newest_period,
        known_now.value as newest_value,
        known_now.obs_status as newest_status,
        known_now.is_over as newest_is_over,
        case when known_then.finding_id is null then known_later.period end as first_known_period,
        case when known_then.finding_id is null then known_later.value end as first_known_value,
        case when known_then.finding_id is null then known_later.known_from end as first_known_from
    from citations
    left join known_then
        on
            citations.finding_id = known_then.finding_id
            and citations.indicator = known_then.indicator
            and known_then.newness = 1
    left join versions as present
        on
            known_then.finding_id = present.finding_id
            and known_then.indicator = present.indicator
            and known_then.period = present.period
            and known_then.cell_slot = present.cell_slot
            and present.known_to is null
    left join known_later
        on
            citations.finding_id = known_later.finding_id
            and citations.indicator = known_later.indicator
            and known_later.newness = 1
    left join known_now
        on
            citations.finding_id = known_now.finding_id
            and citations.indicator = known_now.indicator
            and known_now.newness = 1
)

select
    judged.finding_id,
    judged.indicator,
    judged.citation_no,
    findings.region,
    findings.finding,
    findings.noted_on,
    findings.theme,
    judged.citation,
    judged.citation in ('none', 'not_known_then') as is_flagged,
    judged.unit,
    judged.period,
    judged.value_then,
    judged.status_then,
    judged.was_over_then,
    judged.known_from,
    judged.source_then,
    cast(judged.days_old_then as integer) as days_old_then,
    judged.value_now,
    judged.status_now,
    judged.is_revised,
    judged.revised_by,
    judged.newest_period,
    judged.newest_value,
    judged.newest_status,
    judged.newest_is_over,
    judged.has_figures_now,
    judged.first_known_period,
    judged.first_known_value,
    judged.first_known_from,
    findings.recommended_action,
    findings.decision,
    findings.decided_on,
    case
        when findings.decision is not null or findings.decided_on is not null then 'decided'
        when findings.recommended_action is not null then 'recommended'
        else 'noted'
    end as stage,
    findings.decision is not null or findings.decided_on is not null as has_decision,
    case
        when findings.decided_on >= findings.noted_on
            then cast(
                {{ dbt.datediff("findings.noted_on", "findings.decided_on", "day") }} as integer
            )
    end as days_to_decision,
    case
        when findings.decision is null and findings.decided_on is null
            then cast({{ dbt.datediff("findings.noted_on", today(), "day") }} as integer)
    end as days_waiting,
    cast(coalesce(resting.documents, 0) as integer) as documents,
    cast(coalesce(named.documents, 0) as integer) as documents_named,
    cast(coalesce(named.missing, 0) as integer) as documents_missing,
    findings.source,
    findings.taken_in_at,
    findings.decided_by,
    findings.forum,
    findings.interpreted_by,
    findings.disagreement,
    findings.development_goal
from judged
inner join findings
    on judged.finding_id = findings.record_key
left join resting
    on judged.finding_id = resting.finding_id
left join named
    on judged.finding_id = named.record_key
