"""A fetched table of a statistical office to typed rows of the raw zone.

It has been read and mapped cell by cell (`cells.py`); here codes meet the catalogue:
regions that it does not know, periods that are none, values beyond the valid range and regions
that had ended go to quarantine, the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from assets.catalogue import Catalogue
from assets.feeds.cells import cells_of_parts
from assets.feeds.connectors import Fetched
from assets.feeds.descriptions import TableDescription
from assets.feeds.reading import read_parts
from assets.feeds.structure import Structure, structure_of
from assets.formats.moments import parse_updated
from assets.languages import Text
from assets.raw.delivery import Batch, Delivery, Rejected
from assets.raw.schemas import TABLE_CELLS
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import Period, parse_period
from assets.vocabulary.ranges import why_out_of_range
from assets.vocabulary.reasons import Reason
from assets.vocabulary.regions import RegionIndex

BATCH_ROWS = 200_000
_ORIGIN = ("source", "dataset", "vintage")
BoolArray = npt.NDArray[np.bool_]


class Understood(NamedTuple):
    """A fetch as it was understood: what goes to the raw zone, and what it looks like.

    Attributes:
        read_again: when the same answer says more: an embargo ends then.
    """

    delivery: Delivery
    structure: Structure
    read_again: datetime | None = None


def read_table(table: TableDescription, fetched: Fetched, catalogue: Catalogue) -> Understood:
    """Turn a fetch into a delivery of `table_cells`; the whole answer is its content.

    Raises:
        UnreadableDelivery: the answer is not the described table in its format.
    """
    parts = list(read_parts(list(fetched.parts()), table))
    structure = structure_of(parts, table)
    units = {name: unit.factor for name, unit in catalogue.units.items()}
    cells = cells_of_parts(parts, table, units, fetched.retrieved_at)
    accepted, refused = _meet_catalogue(cells.accepted, table, catalogue)
    rejected = [
        *(
            Rejected(
                row["line"],
                row["column"],
                Reason.stored(row["reason_code"], row["reason_parameters"]),
                row["text"],
            )
            for row in cells.rejected.to_pylist()
        ),
        *refused,
    ]
    # A format that says itself when it was updated knows better than the time of the fetch.
    said = max((u for u in (parse_updated(part.updated) for part in parts) if u), default=None)
    delivery = Delivery(
        shape="table_cells",
        file=f"{table.dataset}.{fetched.extension}",
        origin=fetched.url,
        content=fetched.content,
        extension=fetched.extension,
        delivered_at=fetched.updated or said or fetched.retrieved_at,
        batches=_batches(accepted, rejected, cells.left_out),
        structure=structure.to_dict(),
        notes=None if len(parts) == 1 else f"{len(parts)} parts",
    )
    return Understood(delivery, structure, cells.embargoed_until)


def _batches(accepted: pa.Table, rejected: Sequence[Rejected], left_out: int) -> Iterator[Batch]:
    schema = pa.schema([f for f in TABLE_CELLS if f.name not in _ORIGIN])
    for batch in accepted.select(schema.names).cast(schema).to_batches(max_chunksize=BATCH_ROWS):
        yield Batch(batch)
    nothing = pa.RecordBatch.from_pylist([], schema=schema)
    yield Batch(nothing, left_out=left_out)
    for start in range(0, len(rejected), BATCH_ROWS):
        yield Batch(nothing, rejected[start : start + BATCH_ROWS])


def _meet_catalogue(
    cells: pa.Table, table: TableDescription, catalogue: Catalogue
) -> tuple[pa.Table, list[Rejected]]:
    regions = RegionIndex(catalogue)

    def known_region(code: str) -> str:
        if table.areas.names:
            return regions.resolve(code, table.areas.names)
        if code not in regions.regions:
            raise NotUnderstood(Reason("not_a_region", text=code, hint=""))
        return code

    region_codes, region_faults = _understood(cells["region"], known_region)
    periods, period_faults = _understood(cells["period"], parse_period)
    faults: dict[int, tuple[str, Reason]] = {}
    for column, encoded, found in (
        ("region", region_codes, region_faults),
        ("period", periods, period_faults),
    ):
        for position in np.flatnonzero(np.isin(encoded.codes, list(found))):
            faults.setdefault(int(position), (column, found[int(encoded.codes[position])]))
    _reject_other_frequencies(cells, table, catalogue, periods, faults)
    _reject_ended(cells, regions, region_codes, periods, faults)
    _reject_out_of_range(cells, catalogue, faults)

    refused = [
        Rejected(cells["line"][i].as_py(), column, reason, _as_delivered(cells, i))
        for i, (column, reason) in sorted(faults.items())
    ]
    keep = np.ones(cells.num_rows, dtype=bool)
    keep[list(faults)] = False
    spread = {
        name: pa.array([get(p) if p is not None else None for p in periods.values], type=kind)
        for name, kind, get in _PERIOD_COLUMNS
    }
    codes = pa.array(periods.codes)
    kept = cells.drop_columns(["period", "region"]).append_column(
        "region", pa.array(region_codes.values, pa.string()).take(pa.array(region_codes.codes))
    )
    for name, values in spread.items():
        kept = kept.append_column(name, values.take(codes))
    return kept.filter(pa.array(keep)), refused


_PERIOD_COLUMNS: tuple[tuple[str, pa.DataType, Callable[[Period], str | date]], ...] = (
    ("period", pa.string(), lambda p: p.text),
    ("freq", pa.string(), lambda p: p.freq),
    ("period_start", pa.date32(), lambda p: p.start),
    ("period_end", pa.date32(), lambda p: p.end),
)


class _Encoded:
    """A column as codes into its understood distinct values (None where not understood)."""

    def __init__(self, codes: npt.NDArray[np.int64], values: list[Any]) -> None:
        self.codes = codes
        self.values = values


def _understood(
    column: pa.ChunkedArray, understand: Callable[[str], Any]
) -> tuple[_Encoded, dict[int, Reason]]:
    encoded = column.combine_chunks().dictionary_encode()
    values: list[Any] = []
    faults: dict[int, Reason] = {}
    for position, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            values.append(understand(text))
        except NotUnderstood as reason:
            faults[position] = reason.reason
            values.append(None)
    return _Encoded(encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), values), faults


def _reject_other_frequencies(
    cells: pa.Table,
    table: TableDescription,
    catalogue: Catalogue,
    periods: _Encoded,
    faults: dict[int, tuple[str, Reason]],
) -> None:
    """Refuse periods that are neither the table's nor the indicator's: a month in a yearly one."""
    encoded = cells["indicator"].combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    for number, name in enumerate(encoded.dictionary.to_pylist()):
        usual = {table.cadence, catalogue.indicators[name].cadence}
        other = [at for at, p in enumerate(periods.values) if p is not None and p.freq not in usual]
        for position in np.flatnonzero((codes == number) & np.isin(periods.codes, other)):
            period = periods.values[periods.codes[position]]
            reason = Reason(
                "period_of_another_frequency",
                indicator=name,
                cadence=_frequency(catalogue.indicators[name].cadence),
                period=period.text,
                found=_frequency(period.freq),
            )
            faults.setdefault(int(position), ("period", reason))


def _frequency(code: str) -> Text:
    return _FREQUENCIES.get(
        code,
        Text(
            fi="oma ajanjakso",
            sv="en egen period",
            en="a span of its own",
        ),
    )


_FREQUENCIES = {
    "A": Text(fi="vuosi", sv="året", en="the year"),
    "S": Text(fi="puolivuosi", sv="halvåret", en="the half-year"),
    "Q": Text(fi="vuosineljännes", sv="kvartalet", en="the quarter"),
    "M": Text(fi="kuukausi", sv="månaden", en="the month"),
    "W": Text(fi="viikko", sv="veckan", en="the week"),
    "D": Text(fi="päivä", sv="dagen", en="the day"),
}


def _reject_ended(
    cells: pa.Table,
    regions: RegionIndex,
    region_codes: _Encoded,
    periods: _Encoded,
    faults: dict[int, tuple[str, Reason]],
) -> None:
    """Refuse values of regions that were none then; only regions with an end are looked at."""
    has_value = pc.is_valid(cells["value"]).to_numpy()
    for code, region in enumerate(region_codes.values):
        if region is None or not regions.has_bounds(region):
            continue
        for position in np.flatnonzero(has_value & (region_codes.codes == code)):
            period = periods.values[periods.codes[position]]
            if period is not None and (reason := regions.why_ended(region, period)):
                faults.setdefault(int(position), ("region", reason))


def _reject_out_of_range(
    cells: pa.Table, catalogue: Catalogue, faults: dict[int, tuple[str, Reason]]
) -> None:
    """Refuse values beyond the valid range of their indicator, in the indicator's unit."""
    values = cells["value"].to_numpy()
    measures = pc.binary_join_element_wise(cells["indicator"], cells["unit"], "\t")
    encoded = measures.combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    for number, measure in enumerate(encoded.dictionary.to_pylist()):
        name, _, unit = measure.partition("\t")
        indicator = catalogue.indicators[name]
        factor = catalogue.units[unit].factor / catalogue.units[indicator.unit].factor
        lowest, highest = indicator.valid_range
        converted = values * factor
        beyond = (codes == number) & ((converted < lowest) | (converted > highest))
        for position in np.flatnonzero(beyond):
            if reason := why_out_of_range(catalogue, name, float(values[position]), unit):
                faults.setdefault(int(position), ("value", reason))


def _as_delivered(cells: pa.Table, position: int) -> str:
    return orjson.dumps(cells.slice(position, 1).to_pylist()[0], default=str).decode()
