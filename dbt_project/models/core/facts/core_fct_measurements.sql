-- Every accepted row that stands for a cell, and what was done with it. A row that was passed over
-- says for what; the disposition is that of the ledger, so that the two agree row by row.
with passed_over as (
    select
        others.indicator,
        others.region,
        others.segment,
        others.period,
        others.source,
        others.dataset,
        others.vintage,
        others.line,
        'other_dataset' as rule,
        kept.dataset as kept
    from {{ ref("int_candidates") }} as others
    inner join {{ ref("int_candidates") }} as kept
        on
            others.indicator = kept.indicator
            and others.region = kept.region
            and others.segment = kept.segment
            and others.period = kept.period
            and others.source = kept.source
            and kept.source_rank = 1
    where others.source_rank > 1
    union all
    select
        others.indicator,
        others.region,
        others.segment,
        others.period,
        others.source,
        others.dataset,
        others.vintage,
        others.line,
        case when others.value is null and kept.value is not null then 'no_value' else 'order' end
            as rule,
        kept.source as kept
    from {{ ref("int_slot_candidates") }} as others
    inner join {{ ref("int_slot_candidates") }} as kept
        on
            others.indicator = kept.indicator
            and others.region = kept.region
            and others.segment = kept.segment
            and others.period = kept.period
            and others.slot = kept.slot
            and kept.slot_rank = 1
    where others.slot_rank > 1
),

delivered_rows as (
    select
        ranked.indicator,
        ranked.region,
        ranked.segment,
        ranked.period,
        ranked.source,
        ranked.dataset,
        ranked.vintage,
        ranked.line,
        ranked.line as entry,
        'row' as made_of,
        cast(null as bigint) as events,
        ranked.value,
        ranked.obs_status,
        ranked.conf_status,
        ranked.taken_in_at,
        dispositions.disposition,
        passed_over.kept,
        ranked.processing_level,
        ranked.producer_note,
        case
            when ranked.disposition = 'superseded' and ranked.sequence < ranked.newest_sequence
                then 'revised'
            when ranked.disposition = 'superseded' then 'taken_back'
            when ranked.disposition = 'overlapped' then 'repeated'
            else coalesce(passed_over.rule, 'kept')
        end as rule
    from {{ ref("int_measurements") }} as ranked
    left join {{ ref("int_measurement_dispositions") }} as dispositions
        on
            ranked.source = dispositions.source
            and ranked.dataset = dispositions.dataset
            and ranked.vintage = dispositions.vintage
            and ranked.line = dispositions.line
            and ranked.indicator = dispositions.indicator
            and ranked.region = dispositions.region
            and ranked.segment = dispositions.segment
            and ranked.period = dispositions.period
    left join passed_over
        on
            ranked.source = passed_over.source
            and ranked.dataset = passed_over.dataset
            and ranked.vintage = passed_over.vintage
            and ranked.line = passed_over.line
            and ranked.indicator = passed_over.indicator
            and ranked.region = passed_over.region
            and ranked.segment = passed_over.segment
            and ranked.period = passed_over.period
),

-- Events that count stand in their home. Those that were replaced never had one: they stand in the
-- region that they name, or in the whole country where they name none.
events as (
    select
        homes.indicator,
        homes.home as region,
        homes.home_segment as segment,
        homes.period,
        homes.source,
        homes.dataset,
        homes.vintage,
        homes.amount,
        homes.taken_in_at,
        passed_over.kept,
        case
            when not coalesce(same_events.is_kept, true) then 'same_event'
            else coalesce(passed_over.rule, 'kept')
        end as rule
    from {{ ref("int_event_homes") }} as homes
    left join {{ ref("int_same_events") }} as same_events
        on
            homes.source = same_events.source
            and homes.dataset = same_events.dataset
            and homes.vintage = same_events.vintage
            and homes.line = same_events.line
    left join passed_over
        on
            homes.source = passed_over.source
            and homes.dataset = passed_over.dataset
            and homes.indicator = passed_over.indicator
            and homes.home = passed_over.region
            and homes.home_segment = passed_over.segment
            and homes.period = passed_over.period
            and passed_over.line is null
    union all
    select
        replaced.indicator,
        coalesce(replaced.region, 'SSS') as region,
        segments.segment,
        replaced.period,
        replaced.source,
        replaced.dataset,
        replaced.vintage,
        replaced.amount,
        replaced.taken_in_at,
        cast(null as {{ dbt.type_string() }}) as kept,
        case replaced.disposition
            when 'superseded' then 'revised'
            when 'withdrawn' then 'withdrawn'
            else 'repeated'
        end as rule
    from {{ ref("int_events") }} as replaced
    inner join {{ ref("segments") }} as segments
        on segments.segment = 'total' or replaced.segment = segments.segment
    where replaced.disposition <> 'kept'
),

-- The events of one file in one cell.
event_sums as (
    select
        indicator,
        region,
        segment,
        period,
        source,
        dataset,
        vintage,
        rule,
        max(kept) as kept,
        count(*) as events,
        cast(sum(amount) as double) as value,
        max(taken_in_at) as taken_in_at
    from events
    group by indicator, region, segment, period, source, dataset, vintage, rule
),

measured as (
    select * from delivered_rows
    union all
    select
        sums.indicator,
        sums.region,
        sums.segment,
        sums.period,
        sums.source,
        sums.dataset,
        sums.vintage,
        cast(null as bigint) as line,
        0 as entry,
        'events' as made_of,
        sums.events,
        sums.value,
        'A' as obs_status,
        'F' as conf_status,
        sums.taken_in_at,
        case
            when sums.rule in ('kept', 'withdrawn') then 'observed'
            when sums.rule = 'revised' then 'superseded'
            else 'overlapped'
        end as disposition,
        sums.kept,
        cast(null as {{ dbt.type_string() }}) as processing_level,
        cast(null as {{ dbt.type_string() }}) as producer_note,
        sums.rule
    from event_sums as sums
    union all
    select
        records.indicator,
        records.region,
        records.segment,
        records.period,
        records.source,
        records.dataset,
        records.vintage,
        cast(null as bigint) as line,
        0 as entry,
        'records' as made_of,
        records.records as events,
        records.value,
        records.obs_status,
        records.conf_status,
        records.taken_in_at,
        case when passed_over.indicator is null then 'observed' else 'overlapped' end
            as disposition,
        passed_over.kept,
        cast(null as {{ dbt.type_string() }}) as processing_level,
        cast(null as {{ dbt.type_string() }}) as producer_note,
        coalesce(passed_over.rule, 'kept') as rule
    from {{ ref("int_record_values") }} as records
    left join passed_over
        on
            records.source = passed_over.source
            and records.dataset = passed_over.dataset
            and records.indicator = passed_over.indicator
            and records.region = passed_over.region
            and records.segment = passed_over.segment
            and records.period = passed_over.period
            and passed_over.line is null
)

select
    measured.indicator,
    measured.region,
    measured.segment,
    measured.period,
    measured.source,
    measured.dataset,
    measured.vintage,
    measured.line,
    measured.value,
    measured.obs_status,
    measured.conf_status,
    vintages.file,
    vintages.origin,
    measured.taken_in_at,
    measured.disposition,
    measured.rule,
    case measured.rule
        when 'revised' then 'replaced by a later delivery'
        when 'withdrawn' then 'withdrawn by its source: it counts no more'
        when 'taken_back' then 'taken back: the next edition of the table no longer has it'
        when 'repeated' then 'the same key again in the delivery: the last row with a value is kept'
        when 'other_dataset'
            then 'delivered in two datasets of the source: ' || measured.kept || ' is kept'
        when 'no_value' then 'without a value: ' || measured.kept || ' has one'
        when 'order'
            then measured.kept || ' comes first in the order of sources'
        when 'same_event' then 'another organisation logged the same events: its log is kept'
        else
            case
                when measured.value is null and measured.made_of = 'row'
                    then 'kept: no source of its place in the cell has a value'
                when indicators.combination = 'sum' then 'kept: summed with the other sources'
                when indicators.combination = 'separate' then 'kept: each source stands for itself'
                when indicators.combination = 'single' then 'kept: the only source'
                else 'kept: the first in the order of sources that has a value'
            end
    end as what_was_done,
    measured.made_of,
    measured.events,
    measured.entry,
    case when indicators.combination = 'separate' then measured.source else '*' end as cell_slot,
    measured.processing_level,
    measured.producer_note,
    periods.period_start,
    periods.period_end
from measured
left join {{ ref("core_dim_indicator") }} as indicators
    on measured.indicator = indicators.indicator
left join {{ ref("core_dim_period") }} as periods
    on measured.period = periods.period
left join {{ ref("stg_vintages") }} as vintages
    on
        measured.source = vintages.source
        and measured.dataset = vintages.dataset
        and measured.vintage = vintages.vintage
