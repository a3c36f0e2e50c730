"""The valid range of an indicator: whether a value can be right at all.

What belongs here: one value against the range that `indicators.csv` gives. What does not: values
that are possible and unlikely (checks).
"""

from __future__ import annotations

from assets.catalogue import Catalogue
from assets.vocabulary.numbers import written_out
from assets.vocabulary.reasons import Reason


def why_out_of_range(
    catalogue: Catalogue, indicator: str, value: float, unit: str | None = None
) -> Reason | None:
    """Why a value lies outside the valid range of its indicator, None inside it.

    Args:
        catalogue: indicators and units.
        indicator: what was measured.
        value: in `unit`.
        unit: one that converts to the indicator's, which it is where none is given.
    """
    measured = catalogue.indicators[indicator]
    given = unit or measured.unit
    converted = value * catalogue.units[given].factor / catalogue.units[measured.unit].factor
    lowest, highest = measured.valid_range
    if converted < lowest:
        side, bound = "below", lowest
    elif converted > highest:
        side, bound = "above", highest
    else:
        return None
    limit = f"{written_out(bound)} {measured.unit}"
    return Reason(
        f"{side}_range", value=written_out(value), unit=given, indicator=indicator, bound=limit
    )
