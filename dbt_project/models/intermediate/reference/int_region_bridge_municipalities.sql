-- How the territory of each municipality of one classification year lies among the municipalities
-- of another, later or earlier. Year by year a municipality goes on, or goes into the successors
-- that the catalogue names; longer spans are the product of the steps.
--
-- `share` is the share of the municipality's figures that go to the other one. It is 1 where there
-- is no choice; where there is, it is a key of the catalogue, and unknown (NULL) without one.
with recursive municipalities as (
    select
        classification_year,
        region
    from {{ ref("int_region_years") }}
    where region_type = 'KU'
),

-- Which municipality of a year and which of the next have territory in common.
links as (
    select
        earlier.classification_year as year_before,
        earlier.region as region_before,
        later.region as region_after
    from municipalities as earlier
    inner join municipalities as later
        on
            earlier.classification_year + 1 = later.classification_year
            and earlier.region = later.region
    union
    select
        earlier.classification_year as year_before,
        earlier.region as region_before,
        later.region as region_after
    from {{ ref("region_changes") }} as changes
    inner join municipalities as earlier
        on
            changes.region = earlier.region
            -- The year that holds the day before the change: divisions are those of 1 January.
            and {{ year_of(add_days("changes.effective_on", -1)) }} = earlier.classification_year
    inner join municipalities as later
        on
            changes.successor = later.region
            and earlier.classification_year + 1 = later.classification_year
),

directed as (
    select
        year_before as from_year,
        region_before as from_region,
        year_before + 1 as to_year,
        region_after as to_region,
        1 as direction
    from links
    union all
    select
        year_before + 1 as from_year,
        region_after as from_region,
        year_before as to_year,
        region_before as to_region,
        -1 as direction
    from links
),

keyed as (
    select
        directed.*,
        shares.share as given_share,
        count(*) over (partition by directed.from_year, directed.from_region, directed.to_year)
        - count(shares.share) over (
            partition by directed.from_year, directed.from_region, directed.to_year
        ) as without_key,
        coalesce(
            sum(shares.share) over (
                partition by directed.from_year, directed.from_region, directed.to_year
            ),
            0
        ) as keyed_share
    from directed
    left join {{ ref("region_shares") }} as shares
        on
            directed.from_region = shares.from_region
            and directed.to_region = shares.to_region
            and least(directed.from_year, directed.to_year)
            = {{ year_of(add_days("shares.effective_on", -1)) }}
),

steps as (
    select
        from_year,
        from_region,
        to_year,
        to_region,
        direction,
        -- The only one without a key gets what is left: all of it where there is no other.
        coalesce(given_share, case when without_key = 1 then 1 - keyed_share end) as share
    from keyed
),

paths as (
    select
        from_year,
        from_region,
        to_year,
        to_region,
        direction,
        share
    from steps
    union all
    select
        paths.from_year,
        paths.from_region,
        steps.to_year,
        steps.to_region,
        paths.direction,
        paths.share * steps.share as share
    from paths
    inner join steps
        on
            paths.to_year = steps.from_year
            and paths.to_region = steps.from_region
            and paths.direction = steps.direction
),

met as (
    select
        from_year,
        from_region,
        to_year,
        to_region,
        case when count(*) = count(share) then sum(share) end as share
    from paths
    group by from_year, from_region, to_year, to_region
)

select
    classification_year as from_year,
    region as from_region,
    classification_year as to_year,
    region as to_region,
    cast(1 as double) as share
from municipalities
union all
select
    from_year,
    from_region,
    to_year,
    to_region,
    -- However it got there, all of it is there when there is nowhere else to be.
    case
        when count(*) over (partition by from_year, from_region, to_year) = 1 then 1
        else share
    end as share
from met
-- A key of nothing shares no territory.
where share is null or share > 0
