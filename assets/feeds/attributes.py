"""What the attributes of a long table do to its values: scale, restrict, or make them doubtful.

What belongs here: SDMX attributes with an effect (UNIT_MULT, EMBARGO_TIME, the unit of measure and
their kind). What does not: reading them (`assets.formats.sdmx_csv`), and the status of a value,
which is a symbol like any other.

Sources of the rules: the SDMX cross-domain concepts (UNIT_MULT is a power of ten of UNIT_MEASURE;
REPORTING_YEAR_START_DAY moves every period), and the field guide of SDMX-CSV.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assets.feeds.descriptions import Content, TableDescription
from assets.formats.cube import Attribute, CodedCells, FloatArray, Int32Array, IntArray
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason, listing

_MULTIPLIERS = ("UNIT_MULT", "UNIT_MULTIPLIER", "POWERCODE", "SCALE")
_UNITS = ("UNIT_MEASURE", "UNIT")
_EMBARGOES = ("EMBARGO_TIME", "EMBARGO")
_YEAR_STARTS = ("REPORTING_YEAR_START_DAY", "REPYEARSTART")
#: Values of which these differ are no values of one measure.
OF_ONE_MEASURE = frozenset(
    {
        *_UNITS, "CURRENCY", "CURRENCY_DENOM", "BASE_PER", "BASE_PERIOD", "BASE_YEAR",
        "UNIT_INDEX_BASE", "INDEX_BASE", "REF_YEAR_PRICE", "PRICE_BASE", "ADJUSTMENT",
        "SEASONAL_ADJUST", "ADJUST_CODED", "TRANSFORMATION", "COLLECTION", "VALUATION", "FREQ",
    }
)  # fmt: skip
_SCALES = (
    (re.compile(r"^(?:THS|THOUS\w*|KILO|K|1000|10P3|1E3)(?:_|\b)", re.IGNORECASE), 3),
    (re.compile(r"^(?:MIO|MLN|MN|MILL\w*|1E6|10P6)(?:_|\b)", re.IGNORECASE), 6),
    (re.compile(r"^(?:MRD|BIO|BLN|BN|BILL\w*|1E9|10P9)(?:_|\b)", re.IGNORECASE), 9),
)
_POWER = re.compile(r"[+-]?\d{1,2}(?:\.0+)?")
_MOST = 24
_HELSINKI = ZoneInfo("Europe/Helsinki")


class Refusal(NamedTuple):
    """Cells that an attribute rejects.

    Attributes:
        which: for every row an index into `reasons`.
        reasons: why the row is rejected, None where it is not.
    """

    which: Int32Array
    reasons: list[Reason | None]


class Effects(NamedTuple):
    """What the attributes of a delivery do.

    Attributes:
        refusals: each for all rows.
        exponent: for every row the power of ten of the base unit in which its value stands; None
            where the delivery does not say, and values stand in the described unit.
        has_unit: whether the delivery names the unit that the exponent is of.
        embargoed_until: when the first of the values that are still withheld may be taken in.
    """

    refusals: list[Refusal]
    exponent: npt.NDArray[np.int32] | None
    has_unit: bool
    embargoed_until: datetime | None


def effects_of(cube: CodedCells, now: datetime) -> Effects:
    """What the attributes of a delivery do to its values.

    Args:
        cube: coded cells; a cube has no attributes.
        now: against which embargoes are judged.
    """
    refusals: list[Refusal] = []
    ahead: list[datetime] = []

    def embargo(text: str) -> Reason | None:
        until = _moment(text)
        if until is None:
            return Reason("not_a_moment", text=text, column="EMBARGO_TIME")
        if until <= now:
            return None
        ahead.append(until)
        return Reason("under_embargo", until=text)

    def year_start(text: str) -> Reason | None:
        starts = text.lstrip("-").replace("-", "") in ("0101", "11")
        return None if starts else Reason("reporting_year", text=text)

    for names, judge in ((_EMBARGOES, embargo), (_YEAR_STARTS, year_start)):
        refusals += [_refusal(attribute, judge) for attribute in _named(cube, names)]
    exponent, doubtful = _exponents(cube)
    has_unit = exponent is not None and _unit_of(cube) is not None
    return Effects([*refusals, *doubtful], exponent, has_unit, min(ahead, default=None))


def scale_of(exponent: int, unit: str, units: Mapping[str, float]) -> float:
    """The factor that brings a value to the described unit.

    Args:
        exponent: power of ten of the base unit in which the value stands.
        unit: the described one.
        units: unit -> how many base units it is.
    """
    return float(10.0**exponent / units.get(unit, 1.0))


def of_one_measure(
    cube: CodedCells,
    table: TableDescription,
    contents: Sequence[Content | None],
    which: npt.NDArray[np.int32],
    taken: npt.NDArray[np.int64],
) -> None:
    """Hold against what is taken that one content stands in one unit, currency, base and so on.

    Args:
        cube: the delivery.
        table: its description.
        contents: the measures.
        which: for every cell taken an index into them.
        taken: the cells that are taken.

    Raises:
        UnreadableDelivery: values of one content differ in such an attribute.
    """
    for attribute in cube.attributes:
        if attribute.code.upper() not in OF_ONE_MEASURE:
            continue
        index = attribute.index[taken]
        for number in range(len(contents)):
            found = np.unique(index[(which == number) & (index >= 0)])
            if len(found) > 1:
                _reject(table, attribute, found)


def tell_apart(
    cube: CodedCells, table: TableDescription, accepted: pa.Table, taken: npt.NDArray[np.int64]
) -> None:
    """Refuse a delivery in which an attribute tells cells of one key apart.

    Raises:
        UnreadableDelivery: two cells that are taken have one indicator, region, segment and period,
            and differ in an attribute: it is a dimension that the description does not name.
    """
    key = np.zeros(accepted.num_rows, dtype=np.int64)
    for name in ("indicator", "region", "segment", "period"):
        codes = accepted[name].combine_chunks().dictionary_encode()
        index = codes.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        key = np.unique(key * (len(codes.dictionary) + 1) + index, return_inverse=True)[1]
    if not len(key) or int(key.max()) + 1 == len(key):
        return
    for attribute in cube.attributes:
        index = attribute.index[taken].astype(np.int64) + 1
        pairs = np.unique(key * (len(attribute.codes) + 1) + index)
        several = np.bincount(pairs // (len(attribute.codes) + 1)) > 1
        if several.any():
            found = np.unique(index[several[key]]) - 1
            _reject(table, attribute, found[found >= 0])


def _reject(table: TableDescription, attribute: Attribute, found: IntArray | Int32Array) -> None:
    codes = [attribute.codes[at] for at in found]
    raise UnreadableDelivery(not_described(table, attribute.code, codes))


def not_described(table: TableDescription, variable: str, codes: Sequence[str]) -> Reason:
    """Why a table is refused that counts a cell once for each value of a variable.

    Args:
        table: its description.
        variable: one that the description does not name, dimension or attribute.
        codes: the values that tell the cells apart.
    """
    return Reason(
        "variable_not_described",
        table=table.table_id,
        variable=variable,
        listed=listing(codes),
        code=codes[0],
    )


def _named(cube: CodedCells, names: Sequence[str]) -> list[Attribute]:
    return [attribute for attribute in cube.attributes if attribute.code in names]


def _refusal(attribute: Attribute, judge: Callable[[str], Reason | None]) -> Refusal:
    return Refusal(attribute.index + 1, [None, *map(judge, attribute.codes)])


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=_HELSINKI)).astimezone(UTC)


def _exponents(cube: CodedCells) -> tuple[npt.NDArray[np.int32] | None, list[Refusal]]:
    given = [a for a in _named(cube, _MULTIPLIERS) if a.codes]
    if not given:
        return None, []
    multiplier = given[0]
    name = multiplier.code
    powers = [_power(code) for code in multiplier.codes]
    unread = Refusal(
        multiplier.index + 1,
        [
            Reason("multiplier_missing", column=name),
            *(
                Reason("not_a_multiplier", text=code, column=name) if power is None else None
                for code, power in zip(multiplier.codes, powers, strict=True)
            ),
        ],
    )
    power = np.array([0, *(p or 0 for p in powers)], dtype=np.int32)[multiplier.index + 1]
    unit = _unit_of(cube)
    if unit is None:
        return power, [unread]
    scales = [0, *(_scale_in(code) for code in unit.codes)]
    scale = np.array(scales, dtype=np.int32)[unit.index + 1]
    # `MIO_EUR` with 6 says one thing twice, with 3 two things.
    twice = (scale != 0) & (power != 0) & (scale != power)
    contradicted = Refusal(
        np.where(twice, unit.index + 1, 0).astype(np.int32),
        [
            None,
            *(Reason("multiplier_contradicts_unit", column=name, unit=code) for code in unit.codes),
        ],
    )
    return np.where(power != 0, power, scale), [unread, contradicted]


def _unit_of(cube: CodedCells) -> Attribute | None:
    """The unit of measure, be it an attribute or a dimension."""
    for attribute in cube.attributes:
        if attribute.code.upper() in _UNITS:
            return attribute
    for axis, dimension in enumerate(cube.dimensions):
        if dimension.code.upper() in _UNITS:
            return Attribute(
                dimension.code, dimension.codes, cube.axis_index(axis).astype(np.int32)
            )
    return None


def _scale_in(code: str) -> int:
    return next((scale for pattern, scale in _SCALES if pattern.match(code)), 0)


def _power(text: str) -> int | None:
    """The power of ten; some write it in words."""
    words = {"UNITS": 0, "THOUSANDS": 3, "MILLIONS": 6, "BILLIONS": 9}
    if text.upper() in words:
        return words[text.upper()]
    if _POWER.fullmatch(text) and abs(number := int(float(text))) <= _MOST:
        return number
    return None


def scaled(values: FloatArray, factor: FloatArray) -> FloatArray:
    """Values times powers of ten, without the error of a division's inverse (`0.001`)."""
    small = factor < 1
    result: FloatArray = np.where(
        small, values / np.where(small, 1 / factor, 1), values * np.where(small, 1, factor)
    )
    return result
