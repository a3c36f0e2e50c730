{{ config(parameters=["region_code", "meeting_on"]) }}

select
    documents.title,
    documents.publisher,
    documents.published_on,
    documents.kind,
    documents.theme,
    places.relation,
    documents.is_fresh,
    documents.findings,
    documents.url
from {{ ref("monitoring_documents") }} as documents
inner join {{ ref("monitoring_document_regions") }} as places
    on documents.document_id = places.document_id
where
    places.region = region_code
    and documents.is_newest_issue
    and documents.published_on <= cast(meeting_on as date)
order by documents.published_on desc, documents.title
