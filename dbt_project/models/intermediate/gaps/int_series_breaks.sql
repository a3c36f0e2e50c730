-- The first period of a series after a break: the territory of the region changed, the definition
-- of the indicator changed, or the source itself flags a break (status B). A break is one only
-- between values: a series that begins or ends with the change has none.
--
-- Every value stands in a regional division: that of its period, or, of a source that restates its
-- whole series, one for all periods; of a roll-up, the one by which its parts were added up. A
-- series breaks where its division passes over a change.
with observed as (
    select
        observations.indicator,
        observations.region,
        observations.segment,
        observations.cell_slot,
        observations.period,
        observations.freq,
        observations.period_start,
        observations.period_end,
        observations.source,
        observations.obs_status,
        observations.is_derived,
        case
            when observations.is_derived and observations.classification_year is not null
                then observations.classification_year
            when coalesce(sources.restates_territory, false) and not observations.is_derived
                -- later than any change
                then coalesce(sources.division_year, 9999)
            else {{ classification_year("observations.period_end") }}
        end as division
    from {{ ref("int_observations") }} as observations
    left join {{ ref("indicator_sources") }} as sources
        on
            observations.indicator = sources.indicator
            and observations.source = sources.source
    where observations.value is not null
),

-- Few regions ever change; all others are left out before anything is joined.
changed as (
    select distinct region
    from {{ ref("int_territory_changes") }}
),

touched as (
    select observed.*
    from observed
    inner join changed
        on observed.region = changed.region
),

territory_sides as (
    select
        touched.indicator,
        touched.region,
        touched.segment,
        touched.cell_slot,
        touched.freq,
        touched.period,
        touched.period_start,
        touched.period_end,
        touched.source,
        -- A recomputed rate stands where its parts stand.
        coalesce(least(numerators.division, denominators.division), touched.division) as division,
        changes.effective_on,
        'territory changed on ' || cast(changes.effective_on as {{ dbt.type_string() }})
        || coalesce(': gained ' || changes.gained, '')
        || coalesce(': lost ' || changes.lost, '') as reason,
        touched.period_start >= changes.effective_on as is_after
    from touched
    inner join {{ ref("int_territory_changes") }} as changes
        on
            touched.region = changes.region
            and (
                touched.period_start >= changes.effective_on
                or touched.period_end <= changes.effective_on
            )
    left join {{ ref("int_indicators") }} as rates
        on
            touched.indicator = rates.indicator
            and rates.additivity = 'rate'
            and touched.is_derived
    left join touched as numerators
        on
            rates.numerator = numerators.indicator
            and touched.region = numerators.region
            and touched.segment = numerators.segment
            and touched.period = numerators.period
            and touched.cell_slot = numerators.cell_slot
    left join touched as denominators
        on
            rates.denominator = denominators.indicator
            and touched.region = denominators.region
            and touched.segment = denominators.segment
            and touched.period = denominators.period
            and touched.cell_slot = denominators.cell_slot
),

definitions as (
    select
        indicator,
        indicator as changed_indicator,
        source,
        effective_on,
        reason
    from {{ ref("definition_changes") }}
    union
    select
        rates.indicator,
        changes.indicator as changed_indicator,
        changes.source,
        changes.effective_on,
        changes.reason
    from {{ ref("definition_changes") }} as changes
    inner join {{ ref("int_indicators") }} as rates
        on changes.indicator in (rates.numerator, rates.denominator)
),

definition_sides as (
    select
        observed.indicator,
        observed.region,
        observed.segment,
        observed.cell_slot,
        observed.freq,
        observed.period,
        observed.period_start,
        observed.period_end,
        observed.source,
        cast(null as integer) as division,
        definitions.effective_on,
        'definition changed on ' || cast(definitions.effective_on as {{ dbt.type_string() }})
        || ': ' || definitions.reason as reason,
        observed.period_start >= definitions.effective_on as is_after
    from observed
    inner join definitions
        on
            observed.indicator = definitions.indicator
            and (
                observed.period_start >= definitions.effective_on
                or observed.period_end <= definitions.effective_on
            )
    -- What was redefined is in a sum or a roll-up whoever stands first among its sources, and in a
    -- recomputed rate where it is in the part that was redefined.
    left join {{ ref("int_combined") }} as parts
        on
            definitions.source is not null
            and observed.region = parts.region
            and observed.segment = parts.segment
            and observed.period = parts.period
            and observed.cell_slot = parts.cell_slot
            and parts.indicator = case
                when observed.is_derived then definitions.changed_indicator
                else observed.indicator
            end
    where
        definitions.source is null
        or position(',' || definitions.source || ',' in ',' || parts.kept_sources || ',') > 0
),

-- The value next to the break on each of its sides.
ranked as (
    select
        sides.*,
        row_number() over (
            partition by
                sides.indicator,
                sides.region,
                sides.segment,
                sides.cell_slot,
                sides.freq,
                sides.reason,
                sides.is_after
            order by
                case when sides.is_after then sides.period_start end,
                case when not sides.is_after then sides.period_end end desc,
                sides.period
        ) as side_rank
    from (
        select * from territory_sides
        union all
        select * from definition_sides
    ) as sides
),

flagged as (
    select
        observed.indicator,
        observed.region,
        observed.segment,
        observed.cell_slot,
        observed.freq,
        observed.period,
        observed.period_start,
        observed.source
    from observed
    where observed.obs_status = 'B' and not observed.is_derived
),

breaks as (
    select
        afters.indicator,
        afters.region,
        afters.segment,
        afters.period,
        afters.source,
        afters.reason
    from ranked as afters
    inner join ranked as befores
        on
            afters.indicator = befores.indicator
            and afters.region = befores.region
            and afters.segment = befores.segment
            and afters.cell_slot = befores.cell_slot
            and afters.freq = befores.freq
            and afters.reason = befores.reason
    where
        afters.is_after
        and afters.side_rank = 1
        and not befores.is_after
        and befores.side_rank = 1
        -- A definition has no division: it changes with the period.
        and (
            befores.division is null
            or (
                befores.division < {{ year_of("befores.effective_on") }}
                and afters.division >= {{ year_of("befores.effective_on") }}
            )
        )
    union
    select
        flagged.indicator,
        flagged.region,
        flagged.segment,
        flagged.period,
        flagged.source,
        'the source marks a break in its series (status B)' as reason
    from flagged
    inner join observed as befores
        on
            flagged.indicator = befores.indicator
            and flagged.region = befores.region
            and flagged.segment = befores.segment
            and flagged.cell_slot = befores.cell_slot
            and flagged.freq = befores.freq
            and flagged.period_start >= befores.period_end
)

select
    indicator,
    region,
    segment,
    period,
    source,
    {{ distinct_list("reason") }} as reason
from breaks
group by indicator, region, segment, period, source
