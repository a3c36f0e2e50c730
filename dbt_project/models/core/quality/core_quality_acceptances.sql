-- The reviewable list of findings that are known and right, with what each still covers. One that
-- has run out accepts nothing, and what it would cover is counted all the same.
with covered as (
    select
        acceptances.acceptance,
        count(*) as matches
    from {{ ref("accepted_findings") }} as acceptances
    inner join {{ ref("int_overlaps") }} as pairs
        on acceptances.finding = 'overlap'
    inner join {{ ref("core_dim_period") }} as periods
        on pairs.period = periods.period
    where
        {{ acceptance_covers(
            "acceptances", "pairs", "pairs.kept_source", "pairs.other_source",
            "periods.period_start"
        ) }}
    group by acceptances.acceptance
    union all
    select
        acceptances.acceptance,
        count(*) as matches
    from {{ ref("accepted_findings") }} as acceptances
    inner join {{ ref("core_quality_gaps") }} as gaps
        on acceptances.finding = 'gap'
    inner join {{ ref("core_dim_period") }} as periods
        on gaps.period = periods.period
    where
        {{ acceptance_covers(
            "acceptances", "gaps", "gaps.source", none, "periods.period_start"
        ) }}
    group by acceptances.acceptance
)

select
    acceptances.acceptance,
    acceptances.finding,
    acceptances.kind,
    acceptances.indicator,
    acceptances.region,
    acceptances.segment,
    acceptances.period_from,
    acceptances.period_to,
    acceptances.source,
    acceptances.other_source,
    acceptances.reason,
    acceptances.decided_by,
    acceptances.decided_on,
    acceptances.until,
    cast(coalesce(covered.matches, 0) as integer) as matches,
    case
        when acceptances.until < {{ today() }} then 'expired'
        when covered.matches is null then 'unused'
        else 'used'
    end as state
from {{ ref("accepted_findings") }} as acceptances
left join covered
    on acceptances.acceptance = covered.acceptance
