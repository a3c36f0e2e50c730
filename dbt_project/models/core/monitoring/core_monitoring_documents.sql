with documents as (
    select
        *,
        {{ name_key("title") }} as title_key,
        {{ name_key("publisher") }} as publisher_key
    from {{ current_records("documents") }} as documents
),

cited as (
    select
        record_key,
        count(distinct indicator) as indicators
    from {{ listed_items("documents", ["record_key"], "indicators", "indicator") }} as listed
    group by record_key
),

resting as (
    select
        document_id,
        count(*) as findings
    from {{ ref("int_finding_documents") }}
    group by document_id
),

kinds as (
    select
        kind,
        fresh_for_months
    from {{ ref("document_freshness") }}
),

region_types as (
    select distinct
        region,
        region_type
    from {{ ref("int_region_years") }}
),

rated as (
    select
        documents.*,
        coalesce(kinds.fresh_for_months, other_kinds.fresh_for_months) as fresh_for_months,
        {{ add_months(
            "documents.published_on",
            "coalesce(kinds.fresh_for_months, other_kinds.fresh_for_months)"
        ) }} as fresh_until,
        row_number() over (
            partition by documents.title_key, documents.publisher_key
            order by documents.published_on desc
        ) as issue_rank
    from documents
    inner join kinds as other_kinds
        on other_kinds.kind = '*'
    left join kinds
        on documents.kind = kinds.kind
)

select
    rated.record_key as document_id,
    rated.title,
    rated.publisher,
    rated.published_on,
    rated.region,
    region_types.region_type,
    rated.kind,
    rated.theme,
    rated.url,
    rated.indicators,
    cast(coalesce(cited.indicators, 0) as integer) as indicator_count,
    cast(
        {{ dbt.datediff("rated.published_on", today(), "day") }} as integer
    ) as days_since_published,
    rated.fresh_for_months,
    rated.fresh_until,
    rated.fresh_until > {{ today() }} as is_fresh,
    rated.issue_rank = 1 as is_newest_issue,
    cast(coalesce(resting.findings, 0) as integer) as findings,
    rated.source,
    rated.taken_in_at
from rated
left join cited
    on rated.record_key = cited.record_key
left join resting
    on rated.record_key = resting.document_id
left join region_types
    on rated.region = region_types.region
