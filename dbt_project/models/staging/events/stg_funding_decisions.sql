-- Business ids, beneficiaries and project names never leave the raw zone; `business_key` is a
-- keyed hash that links decisions about one business. Of the free text of co-funders only the
-- sources of the catalogue that it names are read, of a project's name only whether it is the same
-- as another one.
with delivered as (
    select *
    from {{ read_raw("funding_decisions") }}
),

co_funders as (
    select
        lists.co_funders,
        {{ distinct_list("sources.source") }} as co_funder_sources
    from (select distinct co_funders from delivered) as lists
    inner join {{ ref("sources") }} as sources
        on position(';' || sources.source || ';' in ';' || lists.co_funders || ';') > 0
    group by lists.co_funders
)

select
    delivered.source,
    delivered.dataset,
    delivered.vintage,
    delivered.line,
    coalesce(delivered.withdrawn, false) as is_withdrawn,
    delivered.decision_id,
    delivered.region,
    delivered.granted_on,
    delivered.amount_eur,
    delivered.business_key,
    delivered.project_id,
    {{ key_of_text("delivered.project") }} as project_key,
    co_funders.co_funder_sources,
    delivered.programme,
    delivered.purpose,
    delivered.instrument,
    delivered.segment,
    coalesce(delivered.amount_basis, 'unknown') as amount_basis,
    delivered.period,
    delivered.freq,
    delivered.period_start,
    delivered.period_end
from delivered
left join co_funders
    on delivered.co_funders = co_funders.co_funders
