select
    document_id,
    region,
    relation
from {{ ref("int_document_regions") }}
