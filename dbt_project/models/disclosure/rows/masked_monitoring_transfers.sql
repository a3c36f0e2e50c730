-- How the two sides' logs agree is shown in cells and margins only where nothing in the year's
-- matrix is small, and in the national total where nothing in it is: the parts of a count are small
-- long before the count is. A year whose national count is suppressed has no matrix.
{% set parts = [
    "matched", "sender_only", "receiver_only", "third_party", "accepted", "refused", "unanswered"
] %}
with transfers as (
    select
        *,
        from_actor = 'all' and to_actor = 'all' as is_count_of_region
    from {{ ref("core_monitoring_transfers") }}
),

judged as (
    select
        transfers.*,
        regions.indicator is not null and not transfers.is_confidential
        or matrix.period is not null as is_suppressed_here,
        regions.indicator is not null
        or transfers.is_confidential
        or matrix.period is not null as is_suppressed,
        -- Beside the count the logs would tell how many are matched.
        periods.period is not null
        or (open_years.period is null and not transfers.is_count_of_region) as hides_logs,
        transfers.has_small_part
        or (open_years.period is null and not transfers.is_count_of_region) as hides_parts,
        national.indicator is not null and not transfers.is_count_of_region as is_left_out
    from transfers
    left join {{ ref("suppressed_cells") }} as regions
        on
            regions.indicator = 'transfers'
            and regions.segment = 'total'
            and regions.cell_slot = '*'
            and transfers.region = regions.region
            and transfers.period = regions.period
            and transfers.is_count_of_region
    left join {{ ref("suppressed_cells") }} as national
        on
            national.indicator = 'transfers'
            and national.segment = 'total'
            and national.cell_slot = '*'
            and national.region = 'SSS'
            and transfers.period = national.period
    left join {{ ref("suppressed_periods") }} as periods
        on
            periods.indicator = 'transfers'
            and periods.hides_gross_values
            and transfers.period = periods.period
    left join {{ ref("open_transfer_years") }} as open_years
        on transfers.period = open_years.period
    left join {{ ref("suppressed_transfer_cells") }} as matrix
        on
            transfers.region = 'SSS'
            and transfers.period = matrix.period
            and transfers.from_actor = matrix.from_actor
            and transfers.to_actor = matrix.to_actor
)

select
    region,
    period,
    from_actor,
    to_actor,
    is_left_out,
    case when not is_suppressed then transfers end as transfers,
    case when not is_suppressed and not hides_logs then logs end as logs,
    case when is_suppressed_here then 'A' else conf_status end as conf_status,
    {% for part in parts %}
    case when not is_suppressed and not hides_parts then {{ part }} end as {{ part }},
    {% endfor %}
    case when not is_suppressed and not hides_parts then accepted_share_pct end
        as accepted_share_pct
from judged
