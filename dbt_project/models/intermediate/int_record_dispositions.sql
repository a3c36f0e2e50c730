-- What became of each delivered record (plans, meetings, surveys, agreements, …). A later delivery
-- of a record replaces the earlier one; the same record again in one delivery is an overlap, of
-- which the last row is kept.
with delivered as (
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_transfers") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_plan_basics") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_plan_items") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_meetings") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_survey_answers") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_programme_measures") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_network_events") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_strategy_goals") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_rdi_services") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_agreements") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_network_members") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_documents") }}
    union all
    select
        source,
        dataset,
        vintage,
        line,
        record_key
    from {{ ref("stg_findings") }}
),

ranked as (
    select
        delivered.*,
        vintages.sequence,
        vintages.taken_in_at,
        row_number() over (
            partition by delivered.source, delivered.dataset, delivered.record_key
            order by vintages.sequence desc, delivered.line desc
        ) as key_rank,
        max(vintages.sequence) over (
            partition by delivered.source, delivered.dataset, delivered.record_key
        ) as newest_sequence
    from delivered
    left join {{ ref("stg_vintages") }} as vintages
        on
            delivered.source = vintages.source
            and delivered.dataset = vintages.dataset
            and delivered.vintage = vintages.vintage
)

select
    source,
    dataset,
    vintage,
    line,
    record_key,
    taken_in_at,
    case
        when key_rank = 1 then 'observed'
        when sequence < newest_sequence then 'superseded'
        else 'overlapped'
    end as disposition
from ranked
