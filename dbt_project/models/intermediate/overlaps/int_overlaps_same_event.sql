-- One event that several organisations logged: one row is a log that was not kept, beside the one
-- that was, in the cell in which that one counts.
select
    'same_event' as kind,
    kept_homes.indicator,
    kept_homes.home as region,
    kept_homes.segment,
    kept_homes.period,
    kept.source as kept_source,
    cast(kept_homes.amount as double) as kept_value,
    others.source as other_source,
    other_homes.home as other_region,
    other_homes.period as other_period,
    cast(other_homes.amount as double) as other_value,
    others.reason || ' (' || others.rule || '); ' || kept.source || ' kept'
    || case
        when others.is_decided then ''
        else '; not decidable: not told whether amounts are own shares or the whole project'
    end as resolution,
    kept.dataset as kept_dataset,
    kept.vintage as kept_vintage,
    kept.line as kept_line,
    others.dataset as other_dataset,
    others.vintage as other_vintage,
    others.line as other_line
from {{ ref("int_same_events") }} as others
inner join {{ ref("int_same_events") }} as kept
    on
        others.group_number = kept.group_number
        and kept.is_kept
inner join {{ ref("int_event_homes") }} as kept_homes
    on
        kept.source = kept_homes.source
        and kept.dataset = kept_homes.dataset
        and kept.vintage = kept_homes.vintage
        and kept.line = kept_homes.line
        and kept_homes.home_segment = 'total'
inner join {{ ref("int_event_homes") }} as other_homes
    on
        others.source = other_homes.source
        and others.dataset = other_homes.dataset
        and others.vintage = other_homes.vintage
        and others.line = other_homes.line
        and other_homes.home_segment = 'total'
where not others.is_kept
