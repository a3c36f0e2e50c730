-- What became of each delivered record (plans, meetings, surveys, agreements, …). A later delivery
-- of a record by its source replaces the earlier one; the same record again in one delivery, or by
-- another source, is an overlap: the last row of the delivery and the newest delivery are kept. A
-- row that takes its record back is observed too, for it stands behind the absence; it takes back
-- what its own source said, so that another source's record of the same key holds.
{% set records = [
    "plan_basics",
    "plan_items",
    "meetings",
    "survey_answers",
    "programme_measures",
    "network_events",
    "strategy_goals",
    "rdi_services",
    "agreements",
    "network_members",
    "documents",
    "findings",
    "reporting_duties",
    "goals",
    "networks",
    "projects",
    "situation_reports",
    "indicator_choices",
] %}
with delivered as (
    {% for record in records %}
    select
        source,
        dataset,
        vintage,
        line,
        record_key,
        coalesce(is_withdrawn, false) as is_withdrawn
    from {{ ref("stg_" ~ record) }}
    {{ "" if loop.last else "union all" }}
    {% endfor %}
),

within_sources as (
    select
        delivered.*,
        vintages.sequence,
        vintages.taken_in_at,
        vintages.delivered_at,
        {{ key_ranks(
            ["delivered.source", "delivered.dataset", "delivered.record_key"],
            sequence="vintages.sequence",
            line="delivered.line",
        ) }}
    from delivered
    left join {{ ref("stg_vintages") }} as vintages
        on
            delivered.source = vintages.source
            and delivered.dataset = vintages.dataset
            and delivered.vintage = vintages.vintage
),

ranked as (
    select
        *,
        row_number() over (
            partition by dataset, record_key, key_rank
            order by is_withdrawn, taken_in_at desc, delivered_at desc, source
        ) as source_rank
    from within_sources
)

select
    ranked.source,
    ranked.dataset,
    ranked.vintage,
    ranked.line,
    ranked.record_key,
    ranked.is_withdrawn,
    ranked.taken_in_at,
    {{ disposition(
        [("(ranked.source_rank = 1 or ranked.is_withdrawn)", "observed")]
    ) }} as disposition
from ranked
