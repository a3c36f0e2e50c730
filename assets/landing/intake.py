"""Rows of a landing delivery to typed rows of the raw zone, or to quarantine with a reason.

A row that breaks its contract goes to quarantine with line, column, reason and what was
delivered; the other rows of the file go on. What a cell means and what a row must fulfil is said
elsewhere (understanding, rules); here both are worked out batch by batch, once for every distinct
combination of cells, because the cells of real deliveries repeat.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from assets.catalogue import Catalogue
from assets.landing.datasets import DATASETS, Column, Dataset, Kind
from assets.landing.reader import Row, Sheet, read_sheet
from assets.landing.rules import DERIVATIONS, RULES, Context, fold_text
from assets.landing.understanding import Understanding
from assets.raw.content import Content
from assets.raw.schemas import RECORD_KEYS, SHAPES
from assets.raw.zone import Batch, Delivery, Rejected
from assets.vocabulary import NotUnderstood

#: Rows understood and written at a time; bounds memory.
BATCH_ROWS = 50_000
_ORIGIN = frozenset({"source", "dataset", "vintage"})
#: Their cells mean what they say.
_PLAIN = frozenset({Kind.TEXT, Kind.ID})
#: Keeps "a", "bc" and "ab", "c" apart in a hash.
_BETWEEN = "\x1f"
#: What a cell means that hangs on another one, which is refused already.
_UNDECIDED = NotUnderstood()


class LandingIntake:
    """Understands deliveries of the landing zone by a catalogue.

    Args:
        catalogue: indicators, sources, regions, units, segments, words, status codes.
        business_key: turns an identifying text into its keyed hash.
        today: what has happened cannot be dated after this day.
    """

    def __init__(
        self, catalogue: Catalogue, business_key: Callable[[str], str], today: date
    ) -> None:
        self._catalogue = catalogue
        self._business_key = business_key
        self._today = today
        self._understanding = Understanding(catalogue, today)

    def read(
        self,
        source: str,
        dataset: str,
        content: Content,
        *,
        file: str,
        origin: str,
        delivered_at: datetime,
    ) -> Delivery:
        """Open a delivery; its rows are understood while its batches are consumed.

        Args:
            source: who delivered.
            dataset: which contract of `DATASETS` the file is read by.
            content: the file.
            file: its name.
            origin: where it lay.
            delivered_at: when it was delivered.

        Returns:
            A delivery of the shape of that name; a batch holds at most `BATCH_ROWS` rows.

        Raises:
            UnreadableDelivery: the file cannot be read at all; the message says why. Also while
                batches are consumed.
        """
        contract = DATASETS[dataset]
        sheet = read_sheet(content, contract)
        context = Context(
            source, self._today, self._catalogue, self._understanding, self._business_key
        )
        unknown = ", ".join(sheet.unknown_headers)
        notes = [f"columns not in the contract: {unknown}"] if unknown else []
        return Delivery(
            shape=dataset,
            file=file,
            origin=origin,
            content=content,
            extension=sheet.format,
            delivered_at=delivered_at,
            batches=_batches(contract, sheet, context),
            notes="; ".join([*notes, *sheet.notes]) or None,
        )


def _batches(contract: Dataset, sheet: Sheet, context: Context) -> Iterator[Batch]:
    rows = iter(sheet.rows)
    while some := list(itertools.islice(rows, BATCH_ROWS)):
        yield _Rows(contract, sheet, context, some).batch()


class _Rows:
    """Some rows of a delivery on their way to a batch.

    A cell is looked up by its text: `texts` holds the cells of a column, `meanings` what each
    distinct text of it means.
    """

    def __init__(
        self, contract: Dataset, sheet: Sheet, context: Context, rows: Sequence[Row]
    ) -> None:
        self._contract = contract
        self._sheet = sheet
        self._context = context
        self._all = rows
        self._rows = [row for row in rows if row.problem is None]
        #: By row of `_rows`: reason by column; the first reason of a column counts.
        self._problems: dict[int, dict[str, str]] = {}
        self._texts: dict[str, Sequence[str]] = {
            column.name: [cell.strip() for cell in cells]
            for column, cells in zip(
                sheet.columns, zip(*(row.cells for row in self._rows), strict=False), strict=False
            )
            if column is not None
        }
        self._meanings: dict[str, Mapping[str, Any]] = {}

    def batch(self) -> Batch:
        """The rows, each one accepted or rejected."""
        if self._rows:
            self._understand()
            self._judge()
        return Batch(self._accepted(), self._rejected())

    # -- cells -----------------------------------------------------------------------------

    def _understand(self) -> None:
        understanding = self._context.understanding
        for column in self._contract.columns:
            texts = self._texts.setdefault(column.name, [""] * len(self._rows))
            distinct = set(texts)
            if column.kind is not Kind.REGION:
                self._meanings[column.name] = (
                    {text: text or None for text in distinct}
                    if column.kind in _PLAIN
                    else understanding.meanings(column, distinct)
                )
                self._refuse_cells(column, self._meanings[column.name])
        if (region := self._contract.by_name.get("region")) is not None:
            self._understand_region(region)

    def _understand_region(self, column: Column) -> None:
        """A region and its type are understood together, and from then on as one text."""
        types = self._meanings["region_type"]
        pairs = list(zip(self._texts["region"], self._texts["region_type"], strict=True))
        meanings: dict[str, Any] = {}
        for text, typed in set(pairs):
            region_type = types[typed]
            if text and isinstance(region_type, NotUnderstood):
                meaning: Any = _UNDECIDED
            else:
                meaning = self._context.understanding.region(text, region_type)
            meanings[text + _BETWEEN + typed] = meaning
        self._texts["region"] = [text + _BETWEEN + typed for text, typed in pairs]
        self._meanings["region"] = meanings
        self._refuse_cells(column, meanings)

    def _refuse_cells(self, column: Column, meanings: Mapping[str, Any]) -> None:
        refused = {
            text: str(meaning)
            for text, meaning in meanings.items()
            if isinstance(meaning, NotUnderstood) and meaning is not _UNDECIDED
        }
        if column.required and column.kind is not Kind.VALUE:
            refused |= {
                text: f"{column.name} is empty"
                for text, meaning in meanings.items()
                if meaning is None
            }
        if refused:
            for n, text in enumerate(self._texts[column.name]):
                if text in refused:
                    self._refuse(n, column.name, refused[text])

    def _refuse(self, row: int, column: str, reason: str) -> None:
        self._problems.setdefault(row, {}).setdefault(column, reason)

    # -- rows ------------------------------------------------------------------------------

    def _judge(self) -> None:
        for rule in RULES[self._contract.name]:
            judged: dict[tuple[str, ...], tuple[str, str] | None] = {}
            combinations = self._combinations(rule.needs)
            for texts in set(combinations):
                meanings = self._meanings_of(rule.needs, texts)
                if meanings is not None and (problem := rule.judge(self._context, *meanings)):
                    judged[texts] = problem
            if judged:
                for n, texts in enumerate(combinations):
                    if (found := judged.get(texts)) is not None:
                        self._refuse(n, *found)

    def _combinations(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        if not columns:
            return [()] * len(self._rows)
        return list(zip(*(self._texts[name] for name in columns), strict=True))

    def _meanings_of(self, columns: Sequence[str], texts: Sequence[str]) -> list[Any] | None:
        """What cells mean; None where one was not understood or is empty though required."""
        found = []
        for name, text in zip(columns, texts, strict=True):
            meaning = self._meanings[name][text]
            column = self._contract.by_name[name]
            if isinstance(meaning, NotUnderstood) or (
                meaning is None and column.required and column.kind is not Kind.VALUE
            ):
                return None
            found.append(meaning)
        return found

    # -- results ---------------------------------------------------------------------------

    def _accepted(self) -> pa.RecordBatch:
        schema = pa.schema([f for f in SHAPES[self._contract.name] if f.name not in _ORIGIN])
        kept = [n for n in range(len(self._rows)) if n not in self._problems]
        if not kept:
            return pa.RecordBatch.from_pylist([], schema=schema)
        if self._problems:
            self._texts = {name: [texts[n] for n in kept] for name, texts in self._texts.items()}
        columns: dict[str, Sequence[Any]] = {"line": [self._rows[n].line for n in kept]}
        for name, texts in self._texts.items():
            meanings = self._meanings[name]
            columns[name] = [meanings[text] for text in texts]
        for derivation in DERIVATIONS.get(self._contract.name, ()):
            combinations = self._combinations(derivation.needs)
            derived = {
                texts: derivation.derive(
                    self._context,
                    *(
                        self._meanings[name][text]
                        for name, text in zip(derivation.needs, texts, strict=True)
                    ),
                )
                for texts in set(combinations)
            }
            values = zip(*(derived[texts] for texts in combinations), strict=True)
            columns |= dict(zip(derivation.gives, values, strict=True))
        if self._contract.name in RECORD_KEYS:
            columns["record_key"] = self._record_keys(columns)
        nothing = [None] * len(kept)
        return pa.RecordBatch.from_arrays(
            [pa.array(columns.get(f.name, nothing), f.type) for f in schema], schema=schema
        )

    def _record_keys(self, columns: Mapping[str, Sequence[Any]]) -> list[str]:
        names = RECORD_KEYS[self._contract.name]
        parts = [
            [_key_part(value, self._contract.by_name.get(name)) for value in columns[name]]
            for name in names
        ]
        return [
            hashlib.sha256(_BETWEEN.join(key).encode()).hexdigest()[:32]
            for key in zip(*parts, strict=True)
        ]

    def _rejected(self) -> list[Rejected]:
        found = [self._reject(row, *row.problem) for row in self._all if row.problem is not None]
        for n in sorted(self._problems):
            row = self._rows[n]
            found += [self._reject(row, *problem) for problem in self._problems[n].items()]
        return sorted(found, key=lambda reject: reject.line)

    def _reject(self, row: Row, column: str, reason: str) -> Rejected:
        told = f"{row.part}: {reason}" if row.part else reason
        delivered = json.dumps(self._sheet.delivered(row), ensure_ascii=False)
        return Rejected(row.line, column, told, delivered)


def _key_part(value: Any, column: Column | None) -> str:
    """A part of a record's key; ids count as they are, other texts however they are typed."""
    if value is None:
        return ""
    if column is not None and column.kind is Kind.ID:
        return str(value)
    return fold_text(str(value))
