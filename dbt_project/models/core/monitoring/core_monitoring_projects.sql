-- The project registers of networks: what runs, what has ended, of what nobody has told a result.
with networks as (
    select distinct
        {{ key_of_text("network") }} as network_key,
        network
    from {{ ref("int_network_events") }}
),

registered as (
    select
        records.*,
        coalesce(
            networks.network,
            {{ one_spelling("records.network", "records.taken_in_at") | indent(12) }}
        ) as network_name,
        row_number() over (
            partition by
                {{ key_of_text("records.network") }}, {{ key_of_text("records.project") }},
                records.region
            order by records.taken_in_at desc, records.record_key
        ) as newness
    from {{ current_records("projects") }} as records
    left join networks
        on {{ key_of_text("records.network") }} = networks.network_key
)

select
    network_name as network,
    project,
    coalesce(region, 'all') as region,
    project_id,
    leader,
    partners,
    funder,
    theme,
    goal,
    starts_on,
    ends_on,
    case
        when ends_on < {{ today() }} then 'ended'
        when starts_on > {{ today() }} then 'planned'
        when starts_on is not null then 'running'
        else 'unknown'
    end as state,
    case
        when ends_on >= {{ today() }} then {{ dbt.datediff(today(), "ends_on", "day") }}
    end as days_left,
    result,
    coalesce(ends_on < {{ today() }}, false) and result is null as lacks_result,
    url,
    source,
    taken_in_at
from registered
where newness = 1
