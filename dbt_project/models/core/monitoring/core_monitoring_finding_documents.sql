select
    resting.finding_id,
    resting.document_id,
    documents.title,
    documents.publisher,
    documents.kind,
    documents.url,
    resting.published_on,
    resting.noted_on,
    case
        when resting.is_named then 'named'
        when resting.shared_indicators is not null then 'indicator'
        else 'theme'
    end as basis,
    resting.relation,
    resting.shared_indicators,
    resting.shares_theme,
    cast({{ dbt.datediff("resting.published_on", "resting.noted_on", "day") }} as integer)
        as days_before_finding,
    documents.fresh_until > resting.noted_on as was_fresh
from {{ ref("int_finding_documents") }} as resting
inner join {{ ref("core_monitoring_documents") }} as documents
    on resting.document_id = documents.document_id
