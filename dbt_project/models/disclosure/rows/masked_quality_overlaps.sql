-- Beside a suppressed figure nothing of its cell is shown: not what another source or another row
-- says. Of counts of customers no value is shown in a period with a small one. That two
-- organisations logged the same events is reported then for the whole country, but not of which
-- place and segment; the line of one never is. How many they are is published where the country's
-- own figure is, and no small count follows from the two: neither of what both logged, nor of a
-- log, nor of what only one of them logged, nor of what is left for others. What hides a small
-- count moves customers between places and segments, and changes none of these.
{# What anybody can subtract from what is shown of two logs: what only one organisation has logged,
   and what all others have. #}
{% set rests = [
    "(kept_source_events - its_like)",
    "(other_source_events - its_like)",
    "(kept_source_events + other_source_events - 2 * its_like)",
    "(country_events - kept_source_events - other_source_events + its_like)",
] %}
with customers as (
    select
        indicator,
        min_count
    from {{ ref("indicators") }}
    where min_count > 0
),

suppressed_countries as (
    select distinct
        indicator,
        period
    from {{ ref("suppressed_cells") }}
    where region = 'SSS' and segment = 'total'
),

judged as (
    select
        found.*,
        found.kind = 'same_event' and customers.indicator is not null as is_event_of_customers,
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
        ) as its_like,
        customers.min_count,
        suppressed_countries.indicator is not null as hides_country
    from {{ ref("core_quality_overlaps") }} as found
    left join customers
        on found.indicator = customers.indicator
    left join suppressed_countries
        on
            found.indicator = suppressed_countries.indicator
            and found.period = suppressed_countries.period
    left join {{ ref("suppressed_periods") }} as kept_periods
        on
            found.indicator = kept_periods.indicator
            and found.period = kept_periods.period
    left join {{ ref("suppressed_periods") }} as other_periods
        on
            found.indicator = other_periods.indicator
            and found.other_period = other_periods.period
    left join {{ ref("suppressed_cells") }} as kept_cells
        on
            found.indicator = kept_cells.indicator
            and found.region = kept_cells.region
            and found.segment = kept_cells.segment
            and found.period = kept_cells.period
            and kept_cells.cell_slot in ('*', found.kept_source)
    left join {{ ref("suppressed_cells") }} as other_cells
        on
            found.indicator = other_cells.indicator
            and found.region = other_cells.region
            and found.segment = other_cells.segment
            and found.other_period = other_cells.period
            and other_cells.cell_slot in ('*', found.kept_source)
),

masked as (
    select
        *,
        is_event_of_customers and has_small_counts as hides_place,
        not is_event_of_customers
        or not has_small_counts
        or (
            its_like >= min_count
            and not hides_country
            {%- for rest in rests %}
            and (coalesce({{ rest }}, 1) = 0 or coalesce({{ rest }}, 1) >= min_count)
            {%- endfor %}
        ) as shows_events,
        case when not has_small_counts and not hides_kept then kept_value end as shown_kept_value,
        case when not has_small_counts and not hides_other then other_value end
            as shown_other_value
    from judged
    where is_event_of_customers or has_small_counts or hides_kept or hides_other
)

select
    overlap_id,
    hides_place and place_among_its_like > 1 as is_left_out,
    -- Whoever knows how an id is made could try all places until it fits.
    case
        when is_event_of_customers
            then {{ key_of([
                "kind", "indicator", "period", "kept_source", "other_source",
                "place_among_its_like"
            ]) }}
        else overlap_id
    end as shown_overlap_id,
    case when hides_place then 'SSS' else region end as region,
    case when hides_place then 'total' else segment end as segment,
    shown_kept_value as kept_value,
    shown_other_value as other_value,
    case when kind <> 'period_overlap' then shown_other_value - shown_kept_value end as difference,
    case when not is_event_of_customers then kept_line end as kept_line,
    case when not is_event_of_customers then other_line end as other_line,
    case when hides_place then 'SSS' else other_region end as other_region,
    case when shows_events and hides_place then its_like when shows_events then events end
        as events,
    case when shows_events then events_of_both end as events_of_both,
    case when shows_events then kept_source_events end as kept_source_events,
    case when shows_events then other_source_events end as other_source_events,
    hides_place
from masked
