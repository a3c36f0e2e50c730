{{ config(parameters=["region_code", "meeting_on"]) }}

select
    findings.noted_on,
    findings.finding,
    indicators.name_fi as indicator_name,
    indicators.decimals,
    findings.period,
    findings.value_then,
    findings.value_now,
    findings.unit,
    findings.recommended_action,
    findings.decision,
    findings.decided_on,
    findings.decided_by,
    findings.forum,
    findings.interpreted_by,
    findings.disagreement
from {{ ref("monitoring_findings") }} as findings
left join {{ ref("dim_indicator") }} as indicators on findings.indicator = indicators.indicator
where findings.region = region_code and findings.noted_on <= cast(meeting_on as date)
order by findings.noted_on desc, findings.finding, findings.citation_no
