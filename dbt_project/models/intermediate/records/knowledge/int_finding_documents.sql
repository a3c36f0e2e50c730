-- The documents that a finding rests on: those that it names, by title or address, and those about
-- its region, or one around or inside it, that had been published by then and share an indicator
-- or the theme with it.
with findings as (
    select
        record_key as finding_id,
        region,
        noted_on,
        {{ name_key("theme") }} as theme_key,
        documents
    from {{ current_records("findings") }} as findings
),

documents as (
    select
        record_key as document_id,
        {{ name_key("title") }} as title_key,
        {{ name_key("publisher") }} as publisher_key,
        url,
        {{ name_key("theme") }} as theme_key,
        indicators,
        published_on
    from {{ current_records("documents") }} as documents
),

-- Of a yearly report the issue is meant that was the newest then.
issues as (
    select
        items.finding_id,
        documents.document_id,
        row_number() over (
            partition by items.finding_id, items.item, documents.title_key, documents.publisher_key
            order by
                case when documents.published_on <= items.noted_on then 0 else 1 end,
                documents.published_on desc
        ) as issue_rank
    from {{ listed_items("findings", ["finding_id", "noted_on"], "documents", "item") }} as items
    inner join documents
        on {{ name_key("items.item") }} = documents.title_key or items.item = documents.url
),

named as (
    select distinct
        finding_id,
        document_id
    from issues
    where issue_rank = 1
),

shared_indicators as (
    select
        citations.finding_id,
        topics.document_id,
        {{ distinct_list("citations.indicator") }} as indicators
    from {{ ref("int_finding_citations") }} as citations
    inner join {{ listed_items("documents", ["document_id"], "indicators", "indicator") }} as topics
        on citations.indicator = topics.indicator
    group by citations.finding_id, topics.document_id
),

paired as (
    select
        findings.finding_id,
        documents.document_id,
        findings.noted_on,
        documents.published_on,
        named.finding_id is not null as is_named,
        shared_indicators.indicators as shared_indicators,
        coalesce(findings.theme_key = documents.theme_key, false) as shares_theme,
        regions.relation
    from findings
    cross join documents
    left join named
        on
            findings.finding_id = named.finding_id
            and documents.document_id = named.document_id
    left join shared_indicators
        on
            findings.finding_id = shared_indicators.finding_id
            and documents.document_id = shared_indicators.document_id
    left join {{ ref("int_document_regions") }} as regions
        on
            documents.document_id = regions.document_id
            and findings.region = regions.region
)

select
    finding_id,
    document_id,
    noted_on,
    published_on,
    relation,
    is_named,
    shared_indicators,
    shares_theme
from paired
where
    is_named
    or (
        relation is not null
        and published_on <= noted_on
        and (shared_indicators is not null or shares_theme)
    )
