-- Periods of one source, indicator, region and segment that intersect without being equal: every
-- pair, not only neighbours. A sweep finds the rows that take part (the running maximum of earlier
-- ends tells that a row starts inside an earlier one, the next start that a later one starts inside
-- it); pairs are formed among those only, so long clean series cost one sort.
with spans as (
    select
        indicator,
        region,
        segment,
        source,
        dataset,
        vintage,
        line,
        period,
        freq,
        period_start,
        period_end,
        value,
        max(period_end) over (
            partition by source, indicator, region, segment
            order by period_start, period_end
            rows between unbounded preceding and 1 preceding
        ) as latest_earlier_end,
        lead(period_start) over (
            partition by source, indicator, region, segment
            order by period_start, period_end
        ) as next_start
    from {{ ref("int_candidates") }}
    where source_rank = 1 and value is not null
),

flagged as (
    select
        spans.*,
        indicators.cadence,
        -- The period that the indicator's cadence asks for comes first, then the shorter one.
        row_number() over (
            partition by spans.source, spans.indicator, spans.region, spans.segment
            order by
                case when spans.freq = indicators.cadence then 0 else 1 end,
                {{ dbt.datediff("spans.period_start", "spans.period_end", "day") }},
                spans.period_start
        ) as period_rank
    from spans
    inner join {{ ref("int_indicators") }} as indicators
        on spans.indicator = indicators.indicator
    where spans.latest_earlier_end > spans.period_start or spans.next_start < spans.period_end
)

select
    kept.indicator,
    kept.region,
    kept.segment,
    kept.source,
    kept.period,
    kept.value as kept_value,
    kept.dataset as kept_dataset,
    kept.vintage as kept_vintage,
    kept.line as kept_line,
    others.period as other_period,
    others.value as other_value,
    others.dataset as other_dataset,
    others.vintage as other_vintage,
    others.line as other_line,
    case
        when kept.freq = kept.cadence and others.freq <> kept.cadence
            then
                'both kept, each under its own period; the cadence of the indicator is '
                || kept.cadence
        else 'both kept, each under its own period'
    end as resolution
from flagged as kept
inner join flagged as others
    on
        kept.source = others.source
        and kept.indicator = others.indicator
        and kept.region = others.region
        and kept.segment = others.segment
        and kept.period_rank < others.period_rank
        and kept.period_start < others.period_end
        and kept.period_end > others.period_start
