"""Great Expectations on the raw zone: current vintages against schema and catalogue.

Readers quarantine what breaks a rule when they read it. These suites look again at what was
accepted, because raw vintages never change while the catalogue does (an indicator removed, a
range narrowed), and because a reader can have a bug.

Every shape has a suite in two parts: one over its *columns* (a row per vintage and column) and
one over its *rows*. Each expectation belongs to one of four checks; a check is one finding.

Holds the rules that a single row can break; overlaps and gaps are found in the warehouse. Only the
columns that rules need are read, so free text and business ids reach neither findings nor Data
Docs. Suppressed values are not shown.

Great Expectations takes seconds and 290 MB to import, so it is imported when something is
judged, never with this module.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, Kind
from assets.errors import TilannekuvaError
from assets.raw.schemas import PLANNED_DAYS, SHAPES
from assets.raw.vintages import Vintage
from assets.raw.zone import RawZone
from assets.settings import Settings
from checks.data_docs import write_data_docs
from checks.findings import MAX_SAMPLES, Finding

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

#: Most rows of a shape whose cells are checked, the newest first; bounds memory.
MAX_ROWS = 200_000
#: Nothing that is monitored happened before this day (the landing reader has the same bound).
FIRST_DAY = date(1990, 1, 1)

#: What holds codes of the catalogue, and the seed that lists them: columns of this name, and
#: columns of landing datasets that are declared to be of this kind.
_SEED_OF = {
    "source": "sources.csv",
    "indicator": "indicators.csv",
    "region": "regions.csv",
    "segment": "segments.csv",
    "unit": "units.csv",
    "obs_status": "obs_statuses.csv",
    "conf_status": "conf_statuses.csv",
    "purpose": "indicators.csv (event_filter)",
}
_CODE_OF: Mapping[Kind, str] = {
    Kind.INDICATOR: "indicator",
    Kind.REGION: "region",
    Kind.OUTER_REGION: "region",
    Kind.SEGMENT: "segment",
    Kind.UNIT: "unit",
    Kind.OBS_STATUS: "obs_status",
    Kind.CONF_STATUS: "conf_status",
}
_PERIOD = ("period", "freq", "period_start", "period_end")
#: The only confidentiality status whose values may be shown (SDMX CL_CONF_STATUS: free).
_FREE = "F"
_WITHHELD = "(withheld)"
#: Replaces a limit that the catalogue leaves open; finite, so that an infinite value fails.
_NO_LIMIT = sys.float_info.max


@dataclass(frozen=True)
class _Rules:
    """Which columns of a shape the rules are about; all of it follows from its declaration."""

    shape: str
    schema: pa.Schema

    @property
    def has_value(self) -> bool:
        return "value" in self.schema.names

    @property
    def required(self) -> list[str]:
        """Columns that are never empty."""
        return [
            f.name for f in self.schema if not f.nullable or (self.has_value and f.name in _PERIOD)
        ]

    @property
    def codes(self) -> Mapping[str, str]:
        """Columns with codes, and the key of `_SEED_OF` that says which."""
        found = {name: name for name in _SEED_OF if name in self.schema.names}
        declared = DATASETS[self.shape].raw_columns if self.shape in DATASETS else ()
        kinds = {
            column.name: _CODE_OF[column.kind] for column in declared if column.kind in _CODE_OF
        }
        return found | kinds

    @property
    def days(self) -> list[str]:
        """Columns with days of past events; planned days may be in the future."""
        return [
            f.name
            for f in self.schema
            if pa.types.is_date(f.type) and f.name not in {*_PERIOD, *PLANNED_DAYS}
        ]

    @property
    def amounts(self) -> list[str]:
        return [f.name for f in self.schema if pa.types.is_decimal(f.type)]

    @property
    def has_period(self) -> bool:
        return "period_start" in self.schema.names

    @property
    def needed(self) -> list[str]:
        """Columns that must be read to judge a row."""
        wanted = {*self.required, *self.codes, *self.days, *self.amounts}
        if self.has_value:
            wanted.add("value")
        if self.has_period:
            wanted.update(("period_start", "period_end"))
        return [name for name in self.schema.names if name in wanted]

    @property
    def row_schema(self) -> pa.Schema:
        """Types in which rows are judged: money as floats, which pandas compares in bulk."""
        return pa.schema(
            [
                pa.field(f.name, pa.float64() if pa.types.is_decimal(f.type) else f.type)
                for f in self.schema
                if f.name in self.needed
            ]
        )


_RULES = {shape: _Rules(shape, schema) for shape, schema in SHAPES.items()}


def _ranges_in_words(rules: _Rules) -> str:
    parts = []
    if rules.has_value:
        parts.append("a value lies in its indicator's valid range, after conversion of its unit")
    parts += [f"{name} is not negative" for name in rules.amounts]
    parts += [f"{name} lies between {FIRST_DAY} and today" for name in rules.days]
    if rules.has_period:
        parts.append("a period starts before it ends")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _declared() -> Iterator[tuple[str, str, str, bool]]:
    for shape, rules in _RULES.items():
        yield (
            shape,
            "required_columns",
            f"Every column of {shape} exists in every vintage, and these are never empty: "
            f"{', '.join(rules.required)}.",
            True,
        )
        yield (
            shape,
            "types",
            "Columns have the types of the raw schema: days are dates, values and amounts are "
            "numbers.",
            True,
        )
        units = " A unit converts to that of its indicator." if rules.has_value else ""
        yield (
            shape,
            "codes",
            f"The catalogue knows every {', '.join(rules.codes)}.{units}",
            True,
        )
        if ranges := _ranges_in_words(rules):
            yield shape, "ranges", ranges, False


#: (shape, check, description, is_blocking) of every finding of `judge_raw`, in its order. A code
#: that the catalogue does not know would make a model lose rows, so it blocks; a value out of
#: range is a question to its source.
RAW_CHECKS: tuple[tuple[str, str, str, bool], ...] = tuple(_declared())


class Examination(NamedTuple):
    """The findings, and the validation results for Data Docs."""

    findings: list[Finding]
    results: list[ExpectationSuiteValidationResult]


def judge_raw(settings: Settings, catalogue: Catalogue) -> list[Finding]:
    """Judge the raw zone and leave Data Docs of it in `<reports_dir>/data_docs/`.

    Args:
        settings: where the raw zone is, and which day is today.
        catalogue: the codes and ranges that hold now.

    Returns:
        One finding per row of `RAW_CHECKS`, in that order, also where nothing was delivered.

    Raises:
        TilannekuvaError: Great Expectations could not evaluate an expectation.
    """
    findings, results = examine_raw(settings, catalogue)
    write_data_docs(results, settings.reports_dir / "data_docs")
    return findings


def examine_raw(settings: Settings, catalogue: Catalogue) -> Examination:
    """Judge the raw zone; see `judge_raw`, which also writes Data Docs."""
    findings: list[Finding] = []
    results: list[ExpectationSuiteValidationResult] = []
    zone = RawZone(settings, catalogue_hash="")
    current = _current_vintages(zone)
    for shape, rules in _RULES.items():
        found = _examine_shape(
            shape, rules, zone, [v for v in current if v.shape == shape], settings, catalogue
        )
        findings += found.findings
        results += found.results
    return Examination(findings, results)


def _current_vintages(zone: RawZone) -> list[Vintage]:
    """The newest vintage of every content of each (source, dataset), the newest first."""
    newest = {(v.source, v.dataset, v.content_hash): v for v in zone.vintages_in_use()}
    return sorted(
        newest.values(),
        key=lambda v: (v.taken_in_at, v.source, v.dataset, v.sequence),
        reverse=True,
    )


# -- loading -------------------------------------------------------------------------------


@dataclass
class _Loaded:
    """The current vintages of a shape, as far as they are judged.

    Attributes:
        columns: one row per vintage and column of the schema: `vintage_number`, `column`,
            `expected` and `found` type; `found` is null where the column is missing.
        rows: cells of the newest rows, indexed 0, 1, …
        vintages: all current vintages, by number.
        row_counts: rows of each.
        first_rows: first index in `rows` of each vintage that has rows there, ascending.
        row_vintages: the numbers of those vintages.
    """

    columns: pd.DataFrame
    rows: pd.DataFrame
    vintages: Sequence[Vintage]
    row_counts: npt.NDArray[np.int64]
    first_rows: npt.NDArray[np.int64]
    row_vintages: npt.NDArray[np.int64]

    def vintage_of(self, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Numbers of the vintages that rows belong to."""
        return self.row_vintages[np.searchsorted(self.first_rows, positions, side="right") - 1]


def _load(zone: RawZone, rules: _Rules, vintages: Sequence[Vintage]) -> _Loaded:
    import pandas as pd

    columns: list[tuple[int, str, str, str | None]] = []
    counts: list[int] = []
    tables: list[pa.Table] = []
    first_rows: list[int] = []
    row_vintages: list[int] = []
    taken = 0
    for number, vintage in enumerate(vintages):
        room = MAX_ROWS - taken
        try:
            with pq.ParquetFile(zone.path_of(vintage)) as file:
                types = {f.name: str(f.type) for f in file.schema_arrow}
                counts.append(file.metadata.num_rows)
                table = _rows_of(file, rules, room) if room > 0 else None
        except (OSError, pa.ArrowException):
            columns.append((number, "(the whole file)", "a readable Parquet file", None))
            del counts[number:]
            counts.append(vintage.rows_accepted)
            continue
        columns += [
            (number, f.name, str(f.type), types.get(f.name))
            for f in rules.schema
            # A column that rows may leave empty may have been added to the contract since.
            if f.name in types or not f.nullable
        ]
        if table is not None and table.num_rows:
            tables.append(table)
            first_rows.append(taken)
            row_vintages.append(number)
            taken += table.num_rows
    joined = pa.concat_tables([rules.row_schema.empty_table(), *tables])
    del tables
    return _Loaded(
        columns=pd.DataFrame(
            columns, columns=["vintage_number", "column", "expected", "found"]
        ).astype({"column": "str", "expected": "str", "found": "str"}),
        rows=joined.to_pandas(date_as_object=False, split_blocks=True, self_destruct=True),
        vintages=vintages,
        row_counts=np.array(counts, dtype=np.int64),
        first_rows=np.array(first_rows, dtype=np.int64),
        row_vintages=np.array(row_vintages, dtype=np.int64),
    )


def _rows_of(file: pq.ParquetFile, rules: _Rules, room: int) -> pa.Table | None:
    """The first rows of a vintage; None where a needed column is missing or of another type.

    The checks of columns and types fail for such a vintage already.
    A column that was added to the contract since is empty in every row.
    """
    schema = rules.row_schema
    there = set(file.schema_arrow.names)
    if any(f.name not in there and not f.nullable for f in rules.schema):
        return None
    names = [name for name in schema.names if name in there]
    if any(file.schema_arrow.field(n).type != rules.schema.field(n).type for n in names):
        return None
    batches: list[pa.RecordBatch] = []
    left = room
    for batch in file.iter_batches(batch_size=65_536, columns=names):
        batches.append(batch.slice(0, left))
        left -= batches[-1].num_rows
        if left <= 0:
            break
    delivered = pa.schema([file.schema_arrow.field(name) for name in names])
    table = pa.Table.from_batches(batches, schema=batches[0].schema if batches else delivered)
    for f in schema:
        if f.name not in there:
            table = table.append_column(f.name, pa.nulls(table.num_rows, f.type))
    return table.select(schema.names).cast(schema)


# -- expectations --------------------------------------------------------------------------


def _gxe() -> Any:
    """The expectations; the package exports them in a way that type checkers do not see."""
    return importlib.import_module("great_expectations.expectations")


def _column_expectations() -> list[Expectation]:
    gxe = _gxe()

    return [
        gxe.ExpectColumnValuesToNotBeNull(column="found", meta=_meta("required_columns")),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="found",
            column_B="expected",
            ignore_row_if="either_value_is_missing",
            meta=_meta("types"),
        ),
    ]


def _row_expectations(rules: _Rules, codes: dict[str, list[str]], today: date) -> list[Expectation]:
    gxe = _gxe()

    found: list[Expectation] = [
        gxe.ExpectColumnValuesToNotBeNull(column=name, meta=_meta("required_columns", name))
        for name in rules.required
    ]
    found += [
        gxe.ExpectColumnValuesToBeInSet(
            column=name, value_set=codes[code], meta=_meta("codes", name)
        )
        for name, code in rules.codes.items()
    ]
    if rules.has_value:
        found += [
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="unit_base",
                column_B="indicator_base",
                ignore_row_if="either_value_is_missing",
                meta=_meta("codes", "indicator", "unit"),
            ),
            _ordered("value_in_indicator_unit", "valid_min", "value", or_equal=True),
            _ordered("valid_max", "value_in_indicator_unit", "value", or_equal=True),
        ]
    found += [
        gxe.ExpectColumnValuesToBeBetween(column=name, min_value=0, meta=_meta("ranges", name))
        for name in rules.amounts
    ]
    found += [
        gxe.ExpectColumnValuesToBeBetween(
            column=name,
            min_value=datetime.combine(FIRST_DAY, time()),
            max_value=datetime.combine(today, time()),
            meta=_meta("ranges", name),
        )
        for name in rules.days
    ]
    if rules.has_period:
        found.append(
            _ordered("period_end", "period_start", "period_start", "period_end", or_equal=False)
        )
    return found


def _ordered(greater: str, smaller: str, *cells: str, or_equal: bool) -> Expectation:
    expectation: Expectation = _gxe().ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=greater,
        column_B=smaller,
        or_equal=or_equal,
        ignore_row_if="either_value_is_missing",
        meta=_meta("ranges", *cells),
    )
    return expectation


def _meta(check: str, *cells: str) -> dict[str, Any]:
    """The check that an expectation belongs to, and the cells that a sample of it shows."""
    return {"check": check, "cells": list(cells)}


def _codes(catalogue: Catalogue) -> dict[str, list[str]]:
    known: dict[str, Iterable[str]] = {
        "source": catalogue.sources,
        "indicator": catalogue.indicators,
        "region": (region.region for region in catalogue.regions),
        "segment": catalogue.segments,
        "unit": catalogue.units,
        "obs_status": catalogue.obs_statuses,
        "conf_status": catalogue.conf_statuses,
        "purpose": (
            indicator.event_filter
            for indicator in catalogue.indicators.values()
            if indicator.event_dataset == "funding_decisions" and indicator.event_filter
        ),
    }
    return {column: sorted(set(codes)) for column, codes in known.items()}


def _add_limits(rows: pd.DataFrame, catalogue: Catalogue) -> None:
    """Add the limits of each value as columns; null where a code is unknown."""
    units, indicators = catalogue.units, catalogue.indicators
    # An indicator whose unit is not in units.csv is a fault of the seeds, held by their tests.
    own = {i: units[x.unit] for i, x in indicators.items() if x.unit in units}
    factor = rows["unit"].map({name: unit.factor for name, unit in units.items()}).astype("float64")
    own_factor = rows["indicator"].map({i: u.factor for i, u in own.items()}).astype("float64")
    rows["unit_base"] = rows["unit"].map({n: u.base_unit for n, u in units.items()}).astype("str")
    rows["indicator_base"] = (
        rows["indicator"].map({i: u.base_unit for i, u in own.items()}).astype("str")
    )
    rows["value_in_indicator_unit"] = rows["value"] * factor / own_factor
    for side, name in enumerate(("valid_min", "valid_max")):
        limits = {
            i: min(max(x.valid_range[side], -_NO_LIMIT), _NO_LIMIT) for i, x in indicators.items()
        }
        rows[name] = rows["indicator"].map(limits).astype("float64")


def _validate(
    name: str, frame: pd.DataFrame, expectations: list[Expectation]
) -> ExpectationSuiteValidationResult:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    batch = (
        context.data_sources.add_pandas("raw")
        .add_dataframe_asset(name)
        .add_batch_definition_whole_dataframe("current")
        .get_batch({"dataframe": frame})
    )
    result = batch.validate(
        gx.ExpectationSuite(name=name, expectations=expectations),
        result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False},
    )
    for outcome in result.results:
        if reason := _raised(outcome.exception_info):
            raise TilannekuvaError(
                f"Great Expectations could not evaluate {_config(outcome).type} of the "
                f"suite {name}, so the raw zone is not judged: {reason}"
            )
    return result


def _config(outcome: ExpectationValidationResult) -> ExpectationConfiguration:
    """What was expected; a result that came from a suite always has it."""
    assert outcome.expectation_config is not None
    return outcome.expectation_config


def _raised(info: dict[str, Any] | None) -> str | None:
    """The message of an exception; it comes bare, or by the metric that raised it."""
    for part in (info or {}, *(v for v in (info or {}).values() if isinstance(v, dict))):
        if part.get("raised_exception"):
            return str(part.get("exception_message"))
    return None


# -- findings ------------------------------------------------------------------------------


@dataclass
class _Offence:
    """An expectation that failed: where, and which cells to show."""

    check: str
    cells: list[str]
    positions: npt.NDArray[np.int64]


def _offences(result: ExpectationSuiteValidationResult) -> list[_Offence]:
    """The failures. Long lists of rows are removed from the result, which Data Docs show."""
    found = []
    for outcome in result.results:
        meta = _config(outcome).meta
        outcome.result.pop("unexpected_list", None)
        positions = outcome.result.pop("unexpected_index_list", None) or []
        if not outcome.success:
            found.append(
                _Offence(meta["check"], meta["cells"], np.sort(np.array(positions, dtype=np.int64)))
            )
    return found


def _withhold_values(
    result: ExpectationSuiteValidationResult, confidential: npt.NDArray[np.bool_]
) -> None:
    """Data Docs list unexpected values; they list none where one of them is suppressed."""
    for outcome in result.results:
        if "value" in _config(outcome).meta["cells"]:
            positions = outcome.result.get("unexpected_index_list") or []
            if confidential[positions].any():
                outcome.result["partial_unexpected_list"] = []
                outcome.result["partial_unexpected_counts"] = []


def _examine_shape(
    shape: str,
    rules: _Rules,
    zone: RawZone,
    vintages: Sequence[Vintage],
    settings: Settings,
    catalogue: Catalogue,
) -> Examination:
    declared = [entry for entry in RAW_CHECKS if entry[0] == shape]
    if not vintages:
        return Examination(
            [
                Finding(
                    asset_key=("raw", shape),
                    check=check,
                    description=f"{description} Nothing has been delivered.",
                    passed=True,
                    is_blocking=is_blocking,
                    count=0,
                    checked=0,
                    what_to_do="Nothing to do.",
                )
                for _, check, description, is_blocking in declared
            ],
            [],
        )
    # Set before the first import of Great Expectations: it turns its telemetry off.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    loaded = _load(zone, rules, vintages)
    column_result = _validate(f"{shape}_columns", loaded.columns, _column_expectations())
    by_column = _offences(column_result)
    results = [column_result]
    by_row: list[_Offence] = []
    if len(loaded.rows):
        if rules.has_value:
            _add_limits(loaded.rows, catalogue)
        row_result = _validate(
            f"{shape}_rows",
            loaded.rows,
            _row_expectations(rules, _codes(catalogue), settings.today),
        )
        if rules.has_value:
            _withhold_values(row_result, loaded.rows["conf_status"].ne(_FREE).to_numpy(bool))
        by_row = _offences(row_result)
        results.append(row_result)
    return Examination(
        [
            _finding(
                loaded,
                rules,
                shape,
                (check, description, is_blocking),
                [o for o in by_column if o.check == check],
                [o for o in by_row if o.check == check],
            )
            for _, check, description, is_blocking in declared
        ],
        results,
    )


def _finding(
    loaded: _Loaded,
    rules: _Rules,
    shape: str,
    declared: tuple[str, str, bool],
    by_column: list[_Offence],
    by_row: list[_Offence],
) -> Finding:
    check, description, is_blocking = declared
    judged, total = len(loaded.rows), int(loaded.row_counts.sum())
    entries = _joined(by_column)
    broken = np.unique(loaded.columns["vintage_number"].to_numpy()[entries])
    positions = _joined(by_row)
    # A vintage whose columns are wrong has only wrong rows; they are counted once.
    positions = positions[~np.isin(loaded.vintage_of(positions), broken)]
    count = int(np.maximum(loaded.row_counts[broken], 1).sum()) + len(positions)
    checked = judged
    if check == "types":
        checked = total
    elif check == "required_columns":
        in_rows = np.bincount(loaded.vintage_of(np.arange(judged)), minlength=len(loaded.vintages))
        checked += int((loaded.row_counts - in_rows)[broken].sum())
    files = len(loaded.vintages)
    looked_at = (
        f"Rows looked at: {checked:,}, of {files:,} current vintage{'' if files == 1 else 's'}"
    )
    if checked < total:
        looked_at += f" with {total:,} rows"
        if judged == MAX_ROWS:
            looked_at += f" (at most the newest {MAX_ROWS:,})"
    passed = not by_column and not by_row
    samples = [_column_sample(loaded, int(entry)) for entry in entries[:MAX_SAMPLES]]
    samples += [
        _row_sample(loaded, int(position), by_row, with_vintage=check == "required_columns")
        for position in positions[: MAX_SAMPLES - len(samples)]
    ]
    return Finding(
        asset_key=("raw", shape),
        check=check,
        description=f"{description} {looked_at}.",
        passed=passed,
        is_blocking=is_blocking,
        count=count,
        checked=checked,
        samples=samples,
        what_to_do="Nothing to do." if passed else _what_to_do(check, shape, rules, by_row),
    )


def _joined(offences: list[_Offence]) -> npt.NDArray[np.int64]:
    """Every failing position once, ascending, so that the newest vintages come first."""
    empty = np.empty(0, dtype=np.int64)
    return np.unique(np.concatenate([empty, *(o.positions for o in offences)]))


def _origin(vintage: Vintage, line: int | str) -> dict[str, str]:
    return {
        "source": vintage.source,
        "file": f"{vintage.source}/{vintage.dataset}/{vintage.file}",
        "line": str(line),
    }


def _column_sample(loaded: _Loaded, entry: int) -> dict[str, str]:
    """A column of a vintage; line 0 means the whole file, as in quarantine."""
    row = loaded.columns.iloc[entry]
    vintage = loaded.vintages[int(row["vintage_number"])]
    return {
        **_origin(vintage, 0),
        "vintage": vintage.vintage,
        "column": str(row["column"]),
        "expected": str(row["expected"]),
        "found": _text(row["found"]),
    }


def _row_sample(
    loaded: _Loaded, position: int, offences: list[_Offence], *, with_vintage: bool
) -> dict[str, str]:
    vintage = loaded.vintages[int(loaded.vintage_of(np.array([position]))[0])]
    row = loaded.rows.iloc[position]
    sample = _origin(vintage, _text(row["line"]))
    if with_vintage:
        sample["vintage"] = vintage.vintage
    cells = dict.fromkeys(
        cell for o in offences if np.isin(position, o.positions) for cell in o.cells
    )
    for cell in cells:
        if cell == "value":
            sample |= {
                "indicator": _text(row["indicator"]),
                "value": _text(row["value"]) if row["conf_status"] == _FREE else _WITHHELD,
                "unit": _text(row["unit"]),
                "valid_min": _limit(row["valid_min"]),
                "valid_max": _limit(row["valid_max"]),
            }
        else:
            sample[cell] = _text(row[cell])
    return sample


def _text(cell: Any) -> str:
    if cell is None or cell != cell:  # NaN and NaT are unequal to themselves
        return "(none)"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _limit(limit: float) -> str:
    return "" if abs(limit) == _NO_LIMIT else _text(limit)


def _what_to_do(check: str, shape: str, rules: _Rules, by_row: list[_Offence]) -> str:
    if check in ("required_columns", "types"):
        return (
            f"A reader wrote vintages that differ from {shape} in assets/raw/schemas.py, or the "
            "schema changed after they were written: correct the reader or the schema. Then move "
            "the vintage folders named in the samples out of the raw zone and run `make refresh`, "
            "which reads these deliveries anew."
        )
    if check == "codes":
        columns = {cell for o in by_row for cell in o.cells}
        seeds = ", ".join(sorted({_SEED_OF[rules.codes[name]] for name in columns}))
        return (
            f"Put the codes back into dbt_project/seeds ({seeds}); end a code with a last day or "
            "period instead of deleting its row. If a code was never right, correct the reader "
            "or ask the source for a corrected delivery."
        )
    widen = (
        "if the values are right, widen valid_min or valid_max in dbt_project/seeds/indicators.csv"
        if rules.has_value
        else "check that TILANNEKUVA_TODAY is not an earlier day than the deliveries"
    )
    return (
        "Ask the sources of the sample rows for corrected deliveries, which replace these; "
        f"{widen}."
    )
