-- The indicators that each finding cites, a row each; one that cites none has a row that says so.
with findings as (
    select *
    from {{ current_records("findings") }} as findings
),

cited as (
    select
        record_key,
        indicator,
        min(indicator_rank) as indicator_rank
    from {{ listed_items("findings", ["record_key"], "indicators", "indicator") }} as listed
    group by record_key, indicator
)

select
    findings.record_key as finding_id,
    findings.region,
    findings.noted_on,
    coalesce(cited.indicator, 'none') as indicator,
    cast(
        row_number() over (
            partition by findings.record_key order by cited.indicator_rank, cited.indicator
        ) as integer
    ) as citation_no
from findings
left join cited
    on findings.record_key = cited.record_key
