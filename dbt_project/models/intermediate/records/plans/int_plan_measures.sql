-- Measures of the action plans as they stand now, judged one by one. What was cancelled does not
-- count, neither as done nor as undone; what was postponed counts and is not done. Done is what
-- carries that status, is established, or is carried out to a hundred per cent.
with measures as (
    select
        *,
        coalesce(status, '') <> 'cancelled' as is_counted,
        coalesce(status, '') in ('done', 'established') or coalesce(progress_pct, 0) >= 100
            as looks_done
    from {{ current_records("plan_items") }} as records
)

select
    region,
    year,
    section,
    objective,
    measure,
    segment,
    -- The same words in capitals or with other blanks are the same section and objective.
    {{ key_of_text("section") }} as section_key,
    {{ key_of_text("objective", key_of_text("section")) }} as objective_key,
    indicator,
    indicator_text,
    has_responsible,
    responsible_organisation,
    resources,
    working_days,
    interim_checks,
    starts_on,
    ends_on,
    target,
    target_value,
    target_kind,
    actual,
    actual_value,
    progress_pct,
    status,
    is_counted,
    is_counted and looks_done as is_done,
    is_counted and not looks_done and coalesce(ends_on < {{ today() }}, false) as is_overdue,
    source,
    taken_in_at
from measures
