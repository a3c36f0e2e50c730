-- The co-operation indicators out of records: of plans, meetings and surveys, as each dataset's own
-- model has it. From here on they are candidates like any other measurement of their source.
with fed as (
    {% for fed_by in ["plan", "meeting", "survey"] %}
    select
        indicator,
        region,
        segment,
        period,
        freq,
        period_start,
        period_end,
        source,
        dataset,
        value,
        records,
        obs_status,
        -- Plans and meetings are no secret.
        {{ "conf_status" if fed_by == "survey" else "'F' as conf_status" }},
        taken_in_at
    from {{ ref("int_" ~ fed_by ~ "_values") }}
    {{ "" if loop.last else "union all" }}
    {% endfor %}
),

-- The newest delivery of the dataset by the source that the value can rest on.
newest as (
    select
        fed.indicator,
        fed.region,
        fed.period,
        fed.source,
        fed.dataset,
        max(vintages.vintage) as vintage,
        max(vintages.known_from) as known_from
    from fed
    inner join {{ ref("stg_vintages") }} as vintages
        on
            fed.source = vintages.source
            and fed.dataset = vintages.dataset
            and fed.taken_in_at >= vintages.taken_in_at
    group by fed.indicator, fed.region, fed.period, fed.source, fed.dataset
)

select
    fed.*,
    coalesce(newest.vintage, '-') as vintage,
    coalesce(newest.known_from, fed.taken_in_at) as known_from,
    coalesce(conf_statuses.is_confidential, false) and fed.value is null as is_confidential
from fed
left join newest
    on
        fed.indicator = newest.indicator
        and fed.region = newest.region
        and fed.period = newest.period
        and fed.source = newest.source
        and fed.dataset = newest.dataset
left join {{ ref("conf_statuses") }} as conf_statuses
    on fed.conf_status = conf_statuses.conf_status
