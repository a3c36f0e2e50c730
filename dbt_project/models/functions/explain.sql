{{ config(parameters=["indicator_id", "region_code", "period_code", "segment_code := 'total'"]) }}

with this_cell as (
    select
        cast(region_code as varchar) as region,
        cast(segment_code as varchar) as segment,
        cast(period_code as varchar) as period
),

observed as (
    select observations.*
    from {{ ref("fct_observations") }} as observations
    where
        observations.region = region_code
        and observations.segment = segment_code
        and observations.period = period_code
),

-- The indicator, and what it is recomputed from unless it was published itself.
cells as (
    select
        asked.*,
        0 as depth
    from {{ ref("dim_indicator") }} as asked
    where asked.indicator = indicator_id
    union all
    select
        inputs.*,
        case when inputs.indicator = asked.numerator then 1 else 2 end as depth
    from {{ ref("dim_indicator") }} as asked
    inner join {{ ref("dim_indicator") }} as inputs
        on inputs.indicator in (asked.numerator, asked.denominator)
    where
        asked.indicator = indicator_id
        and not exists (
            select 1
            from observed
            where observed.indicator = asked.indicator and not observed.is_derived
        )
),

withheld as (
    select distinct observed.indicator
    from observed
    where
        observed.value is null
        and (observed.obs_status = 'Q' or observed.conf_status <> 'F')
),

versions as (
    select
        cells.depth,
        versions.indicator,
        versions.value,
        versions.obs_status,
        versions.known_from,
        versions.known_to,
        versions.cell_slot
    from cells
    inner join {{ ref("fct_observation_vintages") }} as versions
        on cells.indicator = versions.indicator
    where
        versions.region = region_code
        and versions.segment = segment_code
        and versions.period = period_code
),

measured as (
    select
        cells.depth,
        measurements.*
    from cells
    inner join {{ ref("fct_measurements") }} as measurements
        on cells.indicator = measurements.indicator
    where
        measurements.region = region_code
        and measurements.segment = segment_code
        and measurements.period = period_code
),

gaps as (
    select
        cells.depth,
        gaps.*
    from cells
    inner join {{ ref("quality_gaps") }} as gaps
        on cells.indicator = gaps.indicator
    where
        gaps.region = region_code
        and gaps.segment = segment_code
        and gaps.period = period_code
),

pairs as (
    select
        cells.depth,
        found.*
    from cells
    inner join {{ ref("quality_overlaps") }} as found
        on cells.indicator = found.indicator
    where
        period_code in (found.period, found.other_period)
        -- An event of a segment counts in the total as well.
        and (
            found.segment = segment_code
            or (found.kind = 'same_event' and segment_code = 'total')
        )
        -- What was set aside in a part is set aside in the sum.
        and (
            found.region = region_code
            or (
                found.kind = 'same_event'
                and found.overlap_id in (
                    select places.overlap_id
                    from {{ ref("quality_overlap_regions") }} as places
                    where places.region = region_code
                )
            )
        )
),

-- The region in the division of the period, or in the oldest or newest that there is.
place as (
    select
        regions.region,
        regions.region_type,
        regions.classification_year
    from {{ ref("dim_region") }} as regions
    inner join {{ ref("dim_period") }} as periods
        on periods.period = period_code
    cross join (
        select
            min(classification_year) as oldest,
            max(classification_year) as newest
        from {{ ref("dim_region") }}
    ) as years
    where
        regions.region = region_code
        and regions.classification_year = greatest(
            least(cast(extract(year from periods.period_end) as integer), years.newest),
            years.oldest
        )
),

parts as (
    select
        cells.depth,
        cells.indicator,
        levels.part_type,
        levels.is_events_only,
        regions.region,
        regions.name_fi,
        observed.coverage_share as covered
    from cells
    inner join (
        -- Of a figure that stands alone there are no parts to tell of.
        select
            indicator,
            max(coalesce(parts_coverage_share, coverage_share)) as coverage_share,
            max(division_year) as division_year
        from observed
        where is_derived or sum_of_parts is not null
        group by indicator
    ) as observed
        on cells.indicator = observed.indicator
    cross join place
    inner join {{ ref("rollup_levels") }} as levels
        on
            cells.indicator = levels.indicator
            and place.region_type = levels.target_type
    inner join {{ ref("dim_region") }} as regions
        on
            coalesce(observed.division_year, place.classification_year)
            = regions.classification_year
            and levels.part_type = regions.region_type
            and place.region = case place.region_type
                when 'SK' then regions.sk
                when 'MK' then regions.mk
                when 'TA' then regions.ta
                when 'SS' then regions.ss
                when 'ELY' then regions.ely
                when 'EVK' then regions.evk
                when 'NUTS3' then regions.nuts3
                when 'NUTS2' then regions.nuts2
                when 'NUTS1' then regions.nuts1
                when 'SSS' then regions.sss
            end
),

steps as (
    {{ explain_step(1, "observation", {
        "depth": "cells.depth",
        "indicator": "cells.indicator",
        "region": "this_cell.region",
        "period": "this_cell.period",
        "source": "observed.source",
        "value": "observed.value",
        "obs_status": "observed.obs_status",
        "conf_status": "observed.conf_status",
        "coverage_share": "observed.coverage_share",
        "known_from": "versions.known_from",
        "detail": "case
            when observed.indicator is not null
                then
                    case
                        when withheld.indicator is not null then 'withheld'
                        when
                            observed.value is null
                            and observed.is_derived
                            and cells.additivity = 'rate'
                            then
                                'no value of ' || cells.numerator || ' / '
                                || cells.denominator || case
                                    when
                                        2 > (
                                            select count(inputs.value)
                                            from observed as inputs
                                            where
                                                inputs.indicator in (
                                                    cells.numerator, cells.denominator
                                                )
                                        )
                                        then ': one of them is missing'
                                    when observed.obs_status = 'M'
                                        then ': the denominator is zero'
                                    else ': they are incomplete in different ways'
                                end
                        when observed.value is null then 'no value'
                        when observed.is_derived and cells.additivity = 'rate'
                            then
                                'recomputed: ' || cells.numerator || ' / '
                                || cells.denominator
                        when observed.is_derived and exists (
                            select 1
                            from measured
                            where
                                measured.indicator = cells.indicator
                                and measured.rule = 'kept'
                        )
                            then 'derived: its own and those of its parts, summed'
                        when observed.is_derived then 'derived: the sum of its parts'
                        when exists (
                            select 1
                            from measured
                            where
                                measured.indicator = cells.indicator
                                and measured.rule = 'kept'
                                and measured.made_of = 'row'
                        )
                            then 'measured'
                        when exists (
                            select 1
                            from measured
                            where
                                measured.indicator = cells.indicator
                                and measured.rule = 'kept'
                                and measured.made_of = 'records'
                        )
                            then 'reckoned from its records'
                        else 'its events, added'
                    end
                    || '; reported by ' || coalesce(replace(observed.sources, ',', ', '), 'nobody')
            when exists (
                select 1
                from gaps
                where gaps.indicator = cells.indicator and gaps.kind <> 'series_break'
            )
                then 'no observation: a gap'
            when exists (select 1 from measured where measured.indicator = cells.indicator)
                then 'no observation: what was delivered is replaced or taken back'
            else 'no observation: not expected, not measured'
        end",
    }) }}
    from cells
    cross join this_cell
    left join observed
        on cells.indicator = observed.indicator
    left join withheld
        on cells.indicator = withheld.indicator
    left join versions
        on
            cells.indicator = versions.indicator
            and versions.known_to is null
            and versions.cell_slot
            = case when cells.combination = 'separate' then observed.source else '*' end
    union all
    {{ explain_step(2, "rule", {
        "depth": "cells.depth",
        "indicator": "cells.indicator",
        "rule": "cells.combination",
        "detail": "case cells.combination
            when 'prefer' then 'the first source in the order that has a value'
            when 'sum' then 'one source of each slot, and the slots added'
            when 'single' then 'one source; a second one is an error'
            else 'each source stands for itself'
        end || case cells.additivity
            when 'additive' then '; where nothing was published, the sum of the parts'
            when 'rate'
                then
                    '; where nothing was published, ' || cells.numerator || ' / '
                    || cells.denominator
            else ''
        end",
    }) }}
    from cells
    union all
    {{ explain_step(3, "source", {
        "depth": "cells.depth",
        "step_order": "sources.preference",
        "indicator": "cells.indicator",
        "source": "sources.source",
        "rule": "sources.slot",
        "detail": "case
            when exists (
                select 1
                from measured
                where
                    measured.indicator = cells.indicator
                    and measured.source = sources.source
            )
                then 'delivered'
            else 'says nothing of this cell'
        end",
    }) }}
    from cells
    inner join {{ ref("source_order") }} as sources
        on cells.indicator = sources.indicator
    union all
    {{ explain_step(4, "measurement", {
        "depth": "measured.depth",
        "indicator": "measured.indicator",
        "region": "measured.region",
        "period": "measured.period",
        "source": "measured.source",
        "dataset": "measured.dataset",
        "vintage": "measured.vintage",
        "file": "measured.file",
        "line": "measured.line",
        "origin": "measured.origin",
        "value": "measured.value",
        "obs_status": "measured.obs_status",
        "conf_status": "measured.conf_status",
        "events": "measured.events",
        "disposition": "measured.disposition",
        "rule": "measured.rule",
        "known_from": "measured.taken_in_at",
        "detail": "case when measured.made_of <> 'row' then measured.made_of || '; ' else '' end
            || measured.what_was_done",
    }) }}
    from measured
    union all
    {{ explain_step(5, "sum_of_parts", {
        "depth": "cells.depth",
        "indicator": "cells.indicator",
        "region": "observed.region",
        "period": "observed.period",
        "value": "observed.sum_of_parts",
        "coverage_share": "observed.parts_coverage_share",
        "detail": "'what the parts give; the published figure comes first'",
    }) }}
    from cells
    inner join observed
        on
            cells.indicator = observed.indicator
            and observed.sum_of_parts is not null
    union all
    {{ explain_step(6, "part", {
        "depth": "parts.depth",
        "indicator": "parts.indicator",
        "region": "parts.region",
        "period": "this_cell.period",
        "source": "observations.source",
        "value": "observations.value",
        "obs_status": "observations.obs_status",
        "conf_status": "observations.conf_status",
        "coverage_share": "observations.coverage_share",
        "detail": "parts.name_fi || ': ' || case
            when part_gaps.kind = 'partial' then 'derived, itself incomplete'
            when observations.value is not null and observations.is_derived then 'derived'
            when observations.value is not null then 'measured'
            when part_gaps.kind is not null then 'missing: ' || part_gaps.kind
            when observations.obs_status = 'Q' or observations.conf_status <> 'F'
                then 'withheld'
            when observations.obs_status = 'M' then 'cannot exist'
            when observations.indicator is not null then 'missing: no value'
            when parts.covered = 1 then 'no observation, and none was expected'
            else 'missing: no observation'
        end",
    }) }}
    from parts
    cross join this_cell
    left join {{ ref("fct_observations") }} as observations
        on
            parts.indicator = observations.indicator
            and parts.region = observations.region
            and observations.segment = segment_code
            and observations.period = period_code
    left join (
        select
            indicator,
            region,
            min(kind) as kind
        from {{ ref("quality_gaps") }}
        where
            segment = segment_code
            and period = period_code
            and kind in ('absent', 'suppressed', 'not_available', 'partial')
        group by indicator, region
    ) as part_gaps
        on
            parts.indicator = part_gaps.indicator
            and parts.region = part_gaps.region
    -- Where nothing was logged beside the other parts, there is nothing to tell.
    where not parts.is_events_only or observations.indicator is not null
    union all
    {{ explain_step(7, "overlap", {
        "depth": "pairs.depth",
        "indicator": "pairs.indicator",
        "region": "pairs.region",
        "period": "pairs.other_period",
        "source": "pairs.other_source",
        "dataset": "pairs.other_dataset",
        "file": "pairs.other_file",
        "line": "pairs.other_line",
        "value": "case when withheld.indicator is null then pairs.other_value end",
        "rule": "pairs.kind",
        "detail": "'beside ' || pairs.kept_source || ' ' || pairs.period || ': '
            || pairs.resolution
            || case
                when pairs.is_accepted
                    then '; accepted: ' || coalesce(pairs.accepted_reason, '')
                else ''
            end",
    }) }}
    from pairs
    left join withheld
        on pairs.indicator = withheld.indicator
    union all
    {{ explain_step(8, "event_link", {
        "depth": "pairs.depth",
        "indicator": "pairs.indicator",
        "source": "pairs.other_source",
        "dataset": "links.dataset",
        "rule": "links.rule",
        "detail": "links.reason || ' (' || pairs.kept_source || ', '
            || cast(links.days_apart as varchar) || ' days apart)'",
    }) }}
    from pairs
    inner join {{ ref("quality_event_links") }} as links
        on
            links.is_same_event
            and links.indicator = pairs.indicator
            and (
                (
                    links.source = pairs.kept_source
                    and links.file = pairs.kept_file
                    and links.line = pairs.kept_line
                    and links.other_source = pairs.other_source
                    and links.other_file = pairs.other_file
                    and links.other_line = pairs.other_line
                )
                or (
                    links.source = pairs.other_source
                    and links.file = pairs.other_file
                    and links.line = pairs.other_line
                    and links.other_source = pairs.kept_source
                    and links.other_file = pairs.kept_file
                    and links.other_line = pairs.kept_line
                )
            )
    where pairs.kind = 'same_event'
    union all
    {{ explain_step(9, "gap", {
        "depth": "gaps.depth",
        "indicator": "gaps.indicator",
        "region": "gaps.region",
        "period": "gaps.period",
        "source": "gaps.source",
        "coverage_share": "gaps.coverage_share",
        "rule": "gaps.kind",
        "detail": "gaps.kind
            || coalesce(', due ' || cast(gaps.due_on as varchar), '')
            || coalesce(', ' || cast(gaps.days_late as varchar) || ' days late', '')
            || case
                when gaps.run_length > 1
                    then
                        ', one of ' || cast(gaps.run_length as varchar) || ' in a row since '
                        || gaps.run_start
                else ''
            end
            || coalesce('; ' || gaps.reason, '')
            || case
                when gaps.is_accepted
                    then '; accepted: ' || coalesce(gaps.accepted_reason, '')
                else ''
            end",
    }) }}
    from gaps
    union all
    {{ explain_step(10, "version", {
        "depth": "versions.depth",
        "indicator": "versions.indicator",
        "region": "this_cell.region",
        "period": "this_cell.period",
        "source": "nullif(versions.cell_slot, '*')",
        "value": "case when withheld.indicator is null then versions.value end",
        "obs_status": "versions.obs_status",
        "known_from": "versions.known_from",
        "known_to": "versions.known_to",
        "detail": "'known earlier'",
    }) }}
    from versions
    cross join this_cell
    left join withheld
        on versions.indicator = withheld.indicator
    where versions.known_to is not null
)

select
    cast(
        row_number() over (
            order by
                depth,
                step_rank,
                step_order,
                region,
                known_from,
                source,
                dataset,
                vintage,
                file,
                line,
                period,
                rule,
                detail
        ) as integer
    ) as step_no,
    step,
    region,
    period,
    source,
    vintage,
    file,
    line,
    value,
    obs_status,
    detail,
    depth,
    indicator,
    dataset,
    origin,
    conf_status,
    coverage_share,
    events,
    disposition,
    rule,
    known_from,
    known_to
from steps
