-- Overlaps as they may be shown. Beside a figure that is withheld nothing of its cell is: not
-- what another source or another row says. Of counts of customers no value is shown in a period
-- with a small one. That two organisations logged the same events is reported then for the whole
-- country, but not of which place and segment; the line of one never is. How many they are is
-- published where the country's own figure is, and no small count follows from the two: neither of
-- what both logged, nor of a log, nor of what only one of them logged, nor of what is left for
-- others. What hides a small count moves customers between places and segments, and changes none of
-- these.
{# What anybody can subtract from what is shown of two logs: what only one organisation has logged,
   and what all others have. #}
{% set rests = [
    "(judged.kept_log_events - judged.its_like)",
    "(judged.other_log_events - judged.its_like)",
    "(judged.kept_log_events + judged.other_log_events - 2 * judged.its_like)",
    "(judged.country_events - judged.kept_log_events - judged.other_log_events + judged.its_like)",
] %}
with covered as (
    select
        found.overlap_id,
        {{ at_smallest("acceptances.reason", "acceptances.acceptance") }} as reason
    from {{ ref("int_overlaps") }} as found
    inner join {{ ref("core_dim_period") }} as periods
        on found.period = periods.period
    inner join {{ ref("accepted_findings") }} as acceptances
        on
            {{ acceptance_covers(
                "acceptances", "found", "found.kept_source", "found.other_source",
                "periods.period_start"
            ) }}
    where
        acceptances.finding = 'overlap'
        and (acceptances.until is null or acceptances.until >= {{ today() }})
    group by found.overlap_id
),

customers as (
    select
        indicator,
        min_count
    from {{ ref("indicators") }}
    where min_count > 0
),

-- How many events each organisation has logged in a period, in the whole country.
logs as (
    select
        indicator,
        period,
        source,
        count(*) as events
    from {{ ref("int_event_homes") }}
    -- A handover inside one organisation is no transfer.
    where home_segment = 'total' and amount <> 0
    group by indicator, period, source
),

countries as (
    select
        indicator,
        period,
        sum(net_amount) as events
    from {{ ref("int_event_homes") }}
    where home_segment = 'total'
    group by indicator, period
),

suppressed_countries as (
    select distinct
        indicator,
        period
    from {{ ref("int_withheld_cells") }}
    where region = 'SSS' and segment = 'total'
),

judged as (
    select
        found.*,
        found.kind = 'same_event' and customers.indicator is not null as is_event_of_customers,
        coalesce(customers.min_count, 0) as min_count,
        kept_logs.events as kept_log_events,
        other_logs.events as other_log_events,
        countries.events as country_events,
        suppressed_countries.indicator is not null as hides_country,
        kept_periods.indicator is not null or other_periods.indicator is not null
            as has_small_counts,
        kept_cells.indicator is not null as hides_kept,
        other_cells.indicator is not null as hides_other,
        row_number() over (
            partition by
                found.kind,
                found.indicator,
                found.period,
                found.kept_source,
                found.other_source
            order by found.overlap_id
        ) as place_among_its_like,
        count(*) over (
            partition by
                found.kind,
                found.indicator,
                found.period,
                found.kept_source,
                found.other_source
        ) as its_like
    from {{ ref("int_overlaps") }} as found
    left join customers
        on found.indicator = customers.indicator
    left join logs as kept_logs
        on
            found.kind = 'same_event'
            and found.indicator = kept_logs.indicator
            and found.period = kept_logs.period
            and found.kept_source = kept_logs.source
    left join logs as other_logs
        on
            found.kind = 'same_event'
            and found.indicator = other_logs.indicator
            and found.period = other_logs.period
            and found.other_source = other_logs.source
    left join countries
        on
            found.kind = 'same_event'
            and found.indicator = countries.indicator
            and found.period = countries.period
    left join suppressed_countries
        on
            found.indicator = suppressed_countries.indicator
            and found.period = suppressed_countries.period
    left join {{ ref("int_withheld_periods") }} as kept_periods
        on
            found.indicator = kept_periods.indicator
            and found.period = kept_periods.period
    left join {{ ref("int_withheld_periods") }} as other_periods
        on
            found.indicator = other_periods.indicator
            and found.other_period = other_periods.period
    left join {{ ref("int_withheld_cells") }} as kept_cells
        on
            found.indicator = kept_cells.indicator
            and found.region = kept_cells.region
            and found.segment = kept_cells.segment
            and found.period = kept_cells.period
            and kept_cells.cell_slot in ('*', found.kept_source)
    left join {{ ref("int_withheld_cells") }} as other_cells
        on
            found.indicator = other_cells.indicator
            and found.region = other_cells.region
            and found.segment = other_cells.segment
            and found.other_period = other_cells.period
            and other_cells.cell_slot in ('*', found.kept_source)
),

shown as (
    select
        judged.*,
        case
            when not judged.has_small_counts and not judged.hides_kept then judged.kept_value
        end as shown_kept_value,
        case
            when not judged.has_small_counts and not judged.hides_other then judged.other_value
        end as shown_other_value,
        judged.is_event_of_customers and judged.has_small_counts as hides_place,
        judged.kind = 'same_event'
        and (
            not judged.is_event_of_customers
            or (
                not judged.has_small_counts
                or (
                    judged.its_like >= judged.min_count
                    and not judged.hides_country
                    {%- for rest in rests %}
                    and (
                        coalesce({{ rest }}, 1) = 0
                        or coalesce({{ rest }}, 1) >= judged.min_count
                    )
                    {%- endfor %}
                )
            )
        ) as shows_events
    from judged
)

select
    -- Whoever knows how an id is made could try all places until it fits.
    case
        when found.is_event_of_customers
            then {{ key_of([
                "found.kind", "found.indicator", "found.period", "found.kept_source",
                "found.other_source", "found.place_among_its_like"
            ]) }}
        else found.overlap_id
    end as overlap_id,
    found.kind,
    found.indicator,
    case when found.hides_place then 'SSS' else found.region end as region,
    case when found.hides_place then 'total' else found.segment end as segment,
    found.period,
    found.kept_source,
    found.shown_kept_value as kept_value,
    found.other_source,
    case when found.hides_place then 'SSS' else found.other_region end as other_region,
    found.other_period,
    found.shown_other_value as other_value,
    case
        when found.kind <> 'period_overlap' then found.shown_other_value - found.shown_kept_value
    end as difference,
    found.resolution,
    found.kept_dataset,
    kept_vintages.file as kept_file,
    case when not found.is_event_of_customers then found.kept_line end as kept_line,
    found.other_dataset,
    other_vintages.file as other_file,
    case when not found.is_event_of_customers then found.other_line end as other_line,
    covered.overlap_id is not null as is_accepted,
    covered.reason as accepted_reason,
    cast(
        case
            when found.shows_events and found.hides_place then found.its_like
            when found.shows_events then 1
        end as bigint
    ) as events,
    cast(
        case
            when found.shows_events
                then coalesce(found.kept_log_events, 0) + coalesce(found.other_log_events, 0)
        end as bigint
    ) as events_of_both,
    cast(case when found.shows_events then found.kept_log_events end as bigint)
        as kept_source_events,
    cast(case when found.shows_events then found.other_log_events end as bigint)
        as other_source_events
from shown as found
left join covered
    on found.overlap_id = covered.overlap_id
left join {{ ref("stg_vintages") }} as kept_vintages
    on
        found.kept_source = kept_vintages.source
        and found.kept_dataset = kept_vintages.dataset
        and found.kept_vintage = kept_vintages.vintage
left join {{ ref("stg_vintages") }} as other_vintages
    on
        found.other_source = other_vintages.source
        and found.other_dataset = other_vintages.dataset
        and found.other_vintage = other_vintages.vintage
where not found.hides_place or found.place_among_its_like = 1
