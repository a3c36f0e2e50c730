-- The same cell and slot from several sources: one row is a source's value that was not kept,
-- beside the one that was.
select
    others.indicator,
    others.region,
    others.segment,
    others.period,
    kept.source as kept_source,
    kept.value as kept_value,
    kept.dataset as kept_dataset,
    kept.vintage as kept_vintage,
    kept.line as kept_line,
    others.source as other_source,
    others.value as other_value,
    others.dataset as other_dataset,
    others.vintage as other_vintage,
    others.line as other_line,
    case
        when
            {{ conflicts(
                "kept.value", "others.value",
                "indicators.tolerance_abs", "indicators.tolerance_rel"
            ) }}
            then 'conflict'
        else 'redundant'
    end as kind,
    case
        when kept.preference > others.preference
            then
                'the preferred source ' || others.source || ' has no value; '
                || kept.source || ' kept'
        when indicators.combination = 'sum'
            then 'successor and predecessor report one series; ' || kept.source || ' kept'
        else 'first in the order of preference kept: ' || kept.source
    end as resolution
from {{ ref("int_slot_candidates") }} as others
inner join {{ ref("int_slot_candidates") }} as kept
    on
        others.indicator = kept.indicator
        and others.region = kept.region
        and others.segment = kept.segment
        and others.period = kept.period
        and others.slot = kept.slot
        and kept.slot_rank = 1
left join {{ ref("int_indicators") }} as indicators
    on others.indicator = indicators.indicator
where others.slot_rank > 1
