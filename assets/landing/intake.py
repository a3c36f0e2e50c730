"""Rows of a landing delivery to typed rows of the raw zone, or to quarantine with a reason.

A row that breaks its contract goes to quarantine with line, column, reason and what was
delivered; the other rows of the file go on. Rules that need other rows (overlap, gaps) are not
judged here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import pyarrow as pa

from assets.catalogue import Catalogue
from assets.landing.datasets import DATASETS, PURPOSES, Column, Dataset, Kind
from assets.landing.reader import Sheet, is_workbook, read_sheet
from assets.raw.schemas import SHAPES
from assets.raw.zone import Delivery, Rejected
from assets.vocabulary import NotUnderstood
from assets.vocabulary.numbers import is_missing, parse_business_id, parse_day, parse_decimal
from assets.vocabulary.periods import Period, parse_period, period_containing
from assets.vocabulary.regions import RegionIndex

#: Rows parsed and written at a time; bounds memory.
BATCH_ROWS = 50_000
_ORIGIN = frozenset({"source", "dataset", "vintage"})
_CENT = Decimal("0.01")
#: More than any public decision; the raw zone keeps 16 digits before the decimal sign.
_TOO_MUCH = Decimal("1e12")

#: SDMX: why a value is missing. An empty value without a status is "missing" (O).
WITHHELD = frozenset({"O", "M", "L", "H", "Q"})


@dataclass
class _Problems:
    """Reasons why one row cannot be taken in, by column."""

    found: list[tuple[str, str]]

    def add(self, column: str, reason: str) -> None:
        self.found.append((column, reason))


Parsed = dict[str, Any]


class LandingIntake:
    """Understands deliveries of the landing zone by a catalogue.

    Args:
        catalogue: indicators, sources, regions, units, segments, status codes.
        business_key: turns a business id into its keyed hash.
        today: events dated after this day are typing errors.
    """

    def __init__(
        self, catalogue: Catalogue, business_key: Callable[[str], str], today: date
    ) -> None:
        self._catalogue = catalogue
        self._business_key = business_key
        self._today = today
        self._regions = RegionIndex(catalogue)
        self._memo: dict[tuple[Kind, str], Any] = {}

    def read(
        self,
        source: str,
        dataset: str,
        content: bytes,
        *,
        file: str,
        origin: str,
        delivered_at: datetime,
    ) -> Delivery:
        """Open a delivery; its rows are understood while its batches are consumed.

        Raises:
            UnreadableDelivery: the file cannot be read at all; the message says why.
        """
        contract = DATASETS[dataset]
        sheet = read_sheet(content, contract)
        unknown = sheet.unknown_headers
        delivery = Delivery(
            shape=dataset,
            file=file,
            origin=origin,
            content=content,
            extension="xlsx" if is_workbook(content) else "csv",
            delivered_at=delivered_at,
            batches=iter(()),
            notes=f"columns not in the contract: {', '.join(unknown)}" if unknown else None,
        )
        delivery.batches = self._batches(source, contract, sheet, delivery)
        return delivery

    def _batches(
        self, source: str, contract: Dataset, sheet: Sheet, delivery: Delivery
    ) -> Iterator[pa.RecordBatch]:
        schema = pa.schema([f for f in SHAPES[contract.name] if f.name not in _ORIGIN])
        finish = {
            "measurements": self._finish_measurement,
            "funding_decisions": self._finish_funding_decision,
            "advice_events": self._finish_advice_event,
        }[contract.name]
        accepted: list[Parsed] = []
        for line, cells in sheet.rows:
            delivery.rows_delivered += 1
            problems = _Problems([])
            row = self._parse(sheet.columns, contract, cells, problems)
            if not problems.found:
                finish(source, row, problems)
            if problems.found:
                delivery.rows_quarantined += 1
                delivered = json.dumps(
                    dict(zip((h.strip() for h in sheet.headers), cells, strict=False)),
                    ensure_ascii=False,
                )
                delivery.rejected.extend(
                    Rejected(line, column, reason, delivered) for column, reason in problems.found
                )
            else:
                row["line"] = line
                accepted.append(row)
            if len(accepted) >= BATCH_ROWS:
                yield pa.RecordBatch.from_pylist(accepted, schema=schema)
                accepted = []
        if accepted:
            yield pa.RecordBatch.from_pylist(accepted, schema=schema)

    # -- one row ---------------------------------------------------------------------------

    def _parse(
        self,
        columns: Sequence[Column | None],
        contract: Dataset,
        cells: list[str],
        problems: _Problems,
    ) -> Parsed:
        if len(cells) > len(columns) and any(c.strip() for c in cells[len(columns) :]):
            problems.add("", f"the row has {len(cells)} cells, the header {len(columns)}")
            return {}
        if len(cells) < len(columns):
            problems.add("", f"the row has {len(cells)} cells, the header {len(columns)}")
            return {}
        row: Parsed = {}
        for column, cell in zip(columns, cells, strict=False):
            if column is None or column.kind is Kind.REGION:
                continue
            text = cell.strip()
            if not text and column.kind is not Kind.VALUE:
                if column.required:
                    problems.add(column.name, f"{column.name} is empty")
                row[column.name] = None
                continue
            try:
                row[column.name] = self._understand(column.kind, text)
            except NotUnderstood as reason:
                problems.add(column.name, str(reason))
        # The type of region may stand in any column, so the region is understood last.
        for column, cell in zip(columns, cells, strict=False):
            if column is not None and column.kind is Kind.REGION:
                if not cell.strip():
                    problems.add(column.name, f"{column.name} is empty")
                    continue
                try:
                    row[column.name] = self._regions.resolve(cell, row.get("region_type"))
                except NotUnderstood as reason:
                    problems.add(column.name, str(reason))
        row.pop("region_type", None)
        return row

    def _understand(self, kind: Kind, text: str) -> Any:
        if kind is Kind.TEXT:
            return text
        key = (kind, text)
        try:
            found = self._memo[key]
        except KeyError:
            try:
                found = self._understanders[kind](text)
            except NotUnderstood as reason:
                found = reason.with_traceback(None)
            if len(self._memo) < 500_000:
                self._memo[key] = found
        if isinstance(found, NotUnderstood):
            # A new one each time: an exception keeps every frame that it was ever raised through.
            raise NotUnderstood(str(found))
        return found

    @cached_property
    def _understanders(self) -> Mapping[Kind, Callable[[str], Any]]:
        return {
            Kind.INDICATOR: self._indicator,
            Kind.REGION_TYPE: self._regions.region_type,
            Kind.PERIOD: parse_period,
            Kind.DAY: parse_day,
            Kind.VALUE: lambda text: None if is_missing(text) else float(parse_decimal(text)),
            Kind.MONEY: lambda text: parse_decimal(text.removesuffix("€").strip()),
            Kind.SEGMENT: self._segment,
            Kind.UNIT: self._unit,
            Kind.OBS_STATUS: self._code("status", self._catalogue.obs_statuses),
            Kind.CONF_STATUS: self._code("conf_status", self._catalogue.conf_statuses),
            Kind.BUSINESS_ID: parse_business_id,
            Kind.PURPOSE: self._purpose,
        }

    @cached_property
    def _indicator_names(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for indicator in self._catalogue.indicators.values():
            for name in (indicator.indicator, indicator.name_fi, indicator.name_en):
                names[name.casefold()] = indicator.indicator
        return names

    def _indicator(self, text: str) -> str:
        try:
            return self._indicator_names[text.casefold()]
        except KeyError:
            close = get_close_matches(text.casefold(), self._indicator_names, n=1, cutoff=0.7)
            hint = f" (did you mean {self._indicator_names[close[0]]}?)" if close else ""
            raise NotUnderstood(f"{text!r} is not an indicator of the catalogue{hint}") from None

    def _segment(self, text: str) -> str:
        try:
            return self._catalogue.segment_names[text.casefold()]
        except KeyError:
            known = ", ".join(self._catalogue.segments)
            raise NotUnderstood(f"{text!r} is not a segment; write one of {known}") from None

    def _unit(self, text: str) -> str:
        units = {unit.casefold(): unit for unit in self._catalogue.units}
        try:
            return units[text.casefold()]
        except KeyError:
            known = ", ".join(self._catalogue.units)
            raise NotUnderstood(f"{text!r} is not a unit; write one of {known}") from None

    @staticmethod
    def _code(column: str, codes: frozenset[str]) -> Callable[[str], str]:
        def understand(text: str) -> str:
            if (code := text.upper()) in codes:
                return code
            raise NotUnderstood(
                f"{text!r} is not an SDMX code for {column}; write one of {' '.join(sorted(codes))}"
            )

        return understand

    @staticmethod
    def _purpose(text: str) -> str:
        try:
            return PURPOSES[text.casefold()]
        except KeyError:
            raise NotUnderstood(
                f"{text!r} is not a purpose; write development or investment"
            ) from None

    # -- rules over a whole row, by dataset ------------------------------------------------

    def _finish_measurement(self, source: str, row: Parsed, problems: _Problems) -> None:
        indicator = self._catalogue.indicators[row["indicator"]]
        if source not in self._catalogue.indicator_sources.get(indicator.indicator, ()):
            problems.add(
                "indicator",
                f"the catalogue does not name {source} as a source of {indicator.indicator}; "
                "add it to indicator_sources.csv if it is one",
            )
        unit = row.get("unit") or indicator.unit
        base = self._catalogue.units[unit]
        if base.base_unit != self._catalogue.units[indicator.unit].base_unit:
            problems.add(
                "unit", f"{indicator.indicator} is measured in {indicator.unit}, not {unit}"
            )
        row["segment"] = row.get("segment") or "total"
        row["unit"] = unit
        value = row["value"]
        status = row.pop("status", None)
        if value is None:
            row["obs_status"] = status if status in WITHHELD else "O"
        elif status in WITHHELD:
            problems.add("status", f"status {status} says that there is no value, yet one is given")
        else:
            row["obs_status"] = status or "A"
            scaled = value * base.factor
            if reason := indicator.out_of_range(scaled):
                problems.add("value", f"{value:g} {unit} is {reason}")
        row["conf_status"] = row.get("conf_status") or "F"
        period: Period = row["period"]
        if value is not None:
            self._check_region_lives(row["region"], period, problems)
        _spread(row, period)

    def _finish_funding_decision(self, source: str, row: Parsed, problems: _Problems) -> None:
        amount: Decimal = row["amount_eur"]
        if amount < 0:
            problems.add(
                "amount_eur",
                "an amount cannot be negative; deliver a recovery as a corrected decision",
            )
        elif amount >= _TOO_MUCH:
            problems.add("amount_eur", f"{amount:.0f} € is too large to be a granted amount")
        else:
            row["amount_eur"] = amount.quantize(_CENT, ROUND_HALF_UP)
        row["purpose"] = row.get("purpose") or "development"
        self._check_source_of_events(
            source, "funding_decisions", row["purpose"], "purpose", problems
        )
        self._finish_event(row, "granted_on", problems)
        # Which period a decision counts in follows from its day, unless the delivery says so.
        given: Period | None = row.get("period")
        if given is not None:
            _spread(row, given)

    def _finish_advice_event(self, source: str, row: Parsed, problems: _Problems) -> None:
        self._check_source_of_events(source, "advice_events", "", "", problems)
        self._finish_event(row, "happened_on", problems)

    def _check_source_of_events(
        self, source: str, dataset: str, event_filter: str, column: str, problems: _Problems
    ) -> None:
        """Events count in an indicator; the catalogue says who measures it."""
        for indicator in self._catalogue.indicators.values():
            if (indicator.event_dataset, indicator.event_filter) == (dataset, event_filter):
                name = indicator.indicator
                if source not in self._catalogue.indicator_sources.get(name, ()):
                    problems.add(
                        column,
                        f"the catalogue does not name {source} as a source of {name}, in which "
                        "this counts; add it to indicator_sources.csv if it is one",
                    )

    def _finish_event(self, row: Parsed, day_column: str, problems: _Problems) -> None:
        day: date = row[day_column]
        if day > self._today:
            problems.add(day_column, f"{day.isoformat()} lies in the future")
        elif day.year < 1990:
            problems.add(day_column, f"{day.isoformat()} lies before anything that is monitored")
        else:
            self._check_region_lives(row["region"], period_containing(day, "M"), problems)
        row["segment"] = row.get("segment") or "total"
        if business_id := row.get("business_id"):
            row["business_key"] = self._business_key(business_id)

    def _check_region_lives(self, region: str, period: Period, problems: _Problems) -> None:
        if reason := self._regions.why_ended(region, period):
            problems.add("region", reason)


def _spread(row: Parsed, period: Period) -> None:
    row["period"] = period.text
    row["freq"] = period.freq
    row["period_start"] = period.start
    row["period_end"] = period.end
