-- The regions that a document tells something of: its own, those around it and those inside it, by
-- the division of the year in which it was published and by today's, so that it is found under the
-- regions of both.
with documents as (
    select
        record_key as document_id,
        region,
        {{ classification_year(add_days("published_on", 1)) }} as published_year,
        {{ year_of(today()) }} as present_year
    from {{ current_records("documents") }} as documents
    where region is not null
),

found as (
    select
        document_id,
        region,
        0 as nearness,
        'own' as relation
    from documents
    union all
    select
        documents.document_id,
        containment.container as region,
        1 as nearness,
        'inside' as relation
    from documents
    inner join {{ ref("int_region_containment") }} as containment
        on
            documents.region = containment.region
            and containment.classification_year in (
                documents.published_year, documents.present_year
            )
    union all
    select
        documents.document_id,
        containment.region,
        2 as nearness,
        'around' as relation
    from documents
    inner join {{ ref("int_region_containment") }} as containment
        on
            documents.region = containment.container
            and containment.classification_year in (
                documents.published_year, documents.present_year
            )
)

select
    document_id,
    region,
    {{ at_smallest("relation", "nearness") }} as relation
from found
group by document_id, region
