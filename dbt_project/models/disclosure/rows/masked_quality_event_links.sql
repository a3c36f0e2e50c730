-- Once for each two organisations: how many pairs there are is a count of customers, and their
-- file, line and day are not published (core.quality_event_links has them).
with numbered as (
    select
        *,
        row_number() over (
            partition by dataset, rule, is_same_event, reason, source, other_source
            order by link_id
        ) as place_among_its_like
    from {{ ref("core_quality_event_links") }}
    where is_of_customers
)

select
    link_id,
    place_among_its_like > 1 as is_left_out,
    -- Whoever knows how an id is made could try all lines until it fits.
    {{ key_of([
        "dataset", "rule", "is_same_event", "reason", "source", "other_source"
    ]) }} as shown_link_id,
    cast(null as integer) as days_apart,
    cast(null as double) as value,
    cast(null as {{ dbt.type_string() }}) as file,
    cast(null as bigint) as line,
    cast(null as double) as other_value,
    cast(null as {{ dbt.type_string() }}) as other_file,
    cast(null as bigint) as other_line
from numbered
