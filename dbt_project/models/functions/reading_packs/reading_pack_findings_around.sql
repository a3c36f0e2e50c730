{{ config(parameters=["region_code", "meeting_on"]) }}

-- What was noted in the last year of the regions that hold this one, lie in it or lie beside it in
-- the same region (maakunta).
with asked as (
    select *
    from {{ ref("dim_region") }}
    where region = region_code and is_newest
),

neighbours as (
    select
        others.region,
        others.name_fi,
        case
            when
                others.region in (
                    asked.sk, asked.mk, asked.ta, asked.ss, asked.ely, asked.evk, asked.sss
                )
                then 'around'
            when
                asked.region in (
                    others.sk, others.mk, others.ta, others.ss, others.ely, others.evk
                )
                then 'inside'
            else 'beside'
        end as relation
    from {{ ref("dim_region") }} as others
    cross join asked
    where
        others.is_newest
        and others.region <> asked.region
        and (
            others.region in (
                asked.sk, asked.mk, asked.ta, asked.ss, asked.ely, asked.evk, asked.sss
            )
            or asked.region in (others.sk, others.mk, others.ta, others.ss, others.ely, others.evk)
            or (others.mk = asked.mk and others.region_type = asked.region_type)
        )
)

select
    neighbours.name_fi as region_name,
    neighbours.relation,
    findings.noted_on,
    findings.finding,
    indicators.name_fi as indicator_name,
    indicators.decimals,
    findings.period,
    findings.value_now,
    findings.unit,
    findings.recommended_action,
    findings.decision
from {{ ref("monitoring_findings") }} as findings
inner join neighbours
    on findings.region = neighbours.region
left join {{ ref("dim_indicator") }} as indicators
    on findings.indicator = indicators.indicator
where
    findings.noted_on <= cast(meeting_on as date)
    and findings.noted_on > cast(meeting_on as date) - interval 1 year
order by findings.noted_on desc, neighbours.name_fi, findings.finding, findings.citation_no
