-- A slot is a place in an indicator's cell that one measurement can fill. Under `prefer` and
-- `single` a cell has one; under `sum` one for each complementary source, which a successor shares
-- with its predecessor; under `separate` one for each source. Within a slot the preferred source
-- that has a value is kept; the values of the slots are summed.
select
    sources.indicator,
    sources.source,
    sources.preference,
    sources.expected_from,
    sources.expected_to,
    case
        when indicators.combination = 'separate' then sources.source
        else sources.slot
    end as slot
from {{ ref("indicator_sources") }} as sources
inner join {{ ref("int_indicators") }} as indicators
    on sources.indicator = indicators.indicator
