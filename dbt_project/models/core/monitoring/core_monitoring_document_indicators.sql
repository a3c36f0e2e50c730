with documents as (
    select *
    from {{ current_records("documents") }} as documents
)

select distinct
    record_key as document_id,
    indicator
from {{ listed_items("documents", ["record_key"], "indicators", "indicator") }} as listed
