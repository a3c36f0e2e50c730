"""Rows of a landing delivery to typed rows of the raw zone, or to quarantine with a reason.

A row that breaks its contract goes to quarantine with line, column, reason and what was
delivered; the other rows of the file go on. What a cell means and what a row must fulfil is said
elsewhere (understanding, rules); here both are worked out batch by batch, once for every distinct
combination of cells, because the cells of real deliveries repeat: a column is coded, as a
dictionary of its distinct cells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, WHETHER, Column, Dataset, Kind
from assets.landing.answers import Answer
from assets.landing.layouts import layouts_for
from assets.landing.reader import Row, Sheet, read_sheet
from assets.landing.reader.sheet import is_added
from assets.landing.rules import Context, Problem, derivations_of, fold_text, rules_of
from assets.landing.understanding import (
    ODD,
    SUPPRESSED,
    UNDECIDED,
    Suppressed,
    Understanding,
)
from assets.raw.content import Content
from assets.raw.delivery import Batch, Delivery, Rejected
from assets.raw.schemas import RECORD_KEYS, SHAPES
from assets.texts import visible
from assets.vocabulary import NotUnderstood
from assets.vocabulary.reasons import Reason, joined

#: Rows, and characters of them, that are understood and written at a time; bounds memory.
BATCH_ROWS = 50_000
BATCH_CHARACTERS = 64_000_000
_ORIGIN = frozenset({"source", "dataset", "vintage"})
#: Their cells mean what they say.
_PLAIN = frozenset({Kind.TEXT, Kind.ID})
#: Their cells mean what another cell of the row makes of them.
_WITH_ANOTHER = frozenset({Kind.REGION, Kind.PERIOD})
#: Column and reason of accepted rows that must not count after all, by position.
Check = Callable[[pa.RecordBatch], Mapping[int, Problem]]
#: Keeps "a", "bc" and "ab", "c" apart in a hash.
_BETWEEN = "\x1f"


@dataclass(frozen=True, kw_only=True)
class LandingDelivery(Delivery):
    """A delivery whose sender gets an answer, a workbook of its rejected rows.

    Attributes:
        answer: collects the rejected rows while the batches are consumed.
    """

    answer: Answer


class DeliveryReader:
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
        check: Check | None = None,
        is_accepted: bool = False,
    ) -> LandingDelivery:
        """Open a delivery; its rows are understood while its batches are consumed.

        Args:
            source: who delivered.
            dataset: which contract of `DATASETS` the file is read by.
            content: the file.
            file: its name.
            origin: where it lay.
            delivered_at: when it was delivered.
            check: what only a whole batch can tell of its rows.
            is_accepted: whether a person has accepted that its rows come as they do.

        Returns:
            A delivery of the shape of that name; a batch holds at most `BATCH_ROWS` rows.

        Raises:
            UnreadableDelivery: the file cannot be read at all; the message says why. Also while
                batches are consumed.
        """
        contract = DATASETS[dataset]
        sheet = read_sheet(content, contract, layouts_for(source), is_accepted=is_accepted)
        context = Context(
            source, self._today, self._catalogue, self._understanding, self._business_key
        )
        answer = Answer(contract, self._catalogue, source, sheet)
        unknown = ", ".join(header for header in sheet.unknown_headers if not is_added(header))
        notes = [f"columns not in the contract: {unknown}"] if unknown else []
        return LandingDelivery(
            shape=dataset,
            file=file,
            origin=origin,
            content=content,
            extension=sheet.format,
            delivered_at=delivered_at,
            batches=_batches(contract, sheet, context, answer, check),
            notes="; ".join([*notes, *sheet.notes]) or None,
            answer=answer,
        )


def _batches(
    contract: Dataset, sheet: Sheet, context: Context, answer: Answer, check: Check | None
) -> Iterator[Batch]:
    some: list[Row] = []
    length = left_out = 0
    for row in sheet.rows:
        if row.left_out:
            left_out += 1
            continue
        some.append(row)
        length += sum(map(len, row.cells))
        if len(some) >= BATCH_ROWS or length >= BATCH_CHARACTERS:
            yield _Rows(contract, sheet, context, some).batch(answer, check)
            some, length = [], 0
    if some or left_out:
        batch = _Rows(contract, sheet, context, some).batch(answer, check)
        yield batch._replace(left_out=left_out)


@dataclass(frozen=True)
class _Coded:
    """A column of some rows: each distinct cell once, and which one each row has.

    Attributes:
        codes: index into `meanings`, by row.
        meanings: what the distinct cells mean; `NotUnderstood` where one could not be told.
    """

    codes: npt.NDArray[np.int64]
    meanings: Sequence[Any]

    def of_rows(self, kept: npt.NDArray[np.intp]) -> _Coded:
        """The column of some of the rows."""
        return _Coded(self.codes[kept], self.meanings)

    def usable(self, must_be_filled: bool) -> npt.NDArray[np.bool_]:
        """By code: whether the cell means something that a rule can look at."""
        return np.array(
            [
                not isinstance(meaning, NotUnderstood) and not (must_be_filled and meaning is None)
                for meaning in self.meanings
            ],
            dtype=bool,
        )

    def rows_of(self, codes: Sequence[int]) -> list[int]:
        """The rows that have one of some codes, in order."""
        return np.flatnonzero(np.isin(self.codes, codes)).tolist() if codes else []

    def to_arrow(self, kind: pa.DataType) -> pa.Array:
        """The values of every row."""
        values = [None if isinstance(m, NotUnderstood | Suppressed) else m for m in self.meanings]
        return pa.array(values, kind).take(pa.array(self.codes))


@dataclass(frozen=True)
class _Cells:
    """The cells of a column, without outer blanks.

    Attributes:
        codes: index into `texts`, by row.
        texts: the distinct ones.
        odd: indices of the texts that a plain column must look at once more; see `ODD`.
    """

    codes: npt.NDArray[np.int64]
    texts: list[str]
    odd: Sequence[int]


def _cells(column: Column, cells: Sequence[str]) -> _Cells:
    """A column of cells; one step for all of them, because ids are as many as rows."""
    encoded = pa.array(cells, pa.string()).dictionary_encode()
    codes = encoded.indices.to_numpy().astype(np.int64)
    distinct = encoded.dictionary
    odd = []
    if column.kind in _PLAIN:
        odd = np.flatnonzero(pc.match_substring_regex(distinct, ODD).to_numpy(False)).tolist()
    return _Cells(codes, [text.strip() for text in distinct.to_pylist()], odd)


def _combined(columns: Sequence[_Coded], rows: int) -> _Coded:
    """Columns side by side; what a combination means is the tuple of what its cells mean."""
    mixed = np.zeros(rows, dtype=np.int64)
    parts: list[npt.NDArray[np.int64]] = []
    for column in columns:
        # Made dense after each column, so that the numbers stay small whatever is combined.
        encoded = pa.array(mixed * len(column.meanings) + column.codes).dictionary_encode()
        mixed = encoded.indices.to_numpy().astype(np.int64)
        before, added = np.divmod(encoded.dictionary.to_numpy(), len(column.meanings))
        parts = [*(part[before] for part in parts), added]
    if not parts:
        return _Coded(mixed, [()])
    meanings = (
        [column.meanings[code] for code in part.tolist()]
        for column, part in zip(columns, parts, strict=True)
    )
    return _Coded(mixed, list(zip(*meanings, strict=True)))


class _Rows:
    """Some rows of a delivery on their way to a batch."""

    def __init__(
        self, contract: Dataset, sheet: Sheet, context: Context, rows: Sequence[Row]
    ) -> None:
        self._contract = contract
        self._sheet = sheet
        self._context = context
        self._all = rows
        self._rows = [row for row in rows if row.problem is None]
        #: By row of `_rows`: reason by column; the first reason of a column counts.
        self._problems: dict[int, dict[str, Reason]] = {}

    def batch(self, answer: Answer, check: Check | None = None) -> Batch:
        """The rows, each one accepted or rejected; the answer takes the rejected ones up."""
        columns = self._understood()
        self._judge(columns)
        accepted = self._accepted(columns)
        if check is not None and (found := check(accepted)):
            good = [n for n in range(len(self._rows)) if n not in self._problems]
            for position, problem in found.items():
                self._refuse(good[position], *problem)
            kept = [n not in found for n in range(len(good))]
            accepted = accepted.filter(pa.array(kept))
        refused = self._refused()
        for row, problems in refused:
            answer.refuse(row, problems)
        rejected = [reject for row, problems in refused for reject in self._rejects(row, problems)]
        return Batch(accepted, rejected)

    # -- cells -----------------------------------------------------------------------------

    def _understood(self) -> dict[str, _Coded]:
        """What the cells of each column mean; cells that mean nothing are problems from now on."""
        given = {
            column.name: _cells(column, cells)
            for column, cells in zip(
                self._sheet.columns, zip(*(row.cells for row in self._rows), strict=False),
                strict=False,
            )
            if column is not None
        }  # fmt: skip
        nothing = np.zeros(len(self._rows), dtype=np.int64)
        absent = _Cells(nothing, [""], [])
        if self._sheet.region_type:
            given["region_type"] = _Cells(nothing, [self._sheet.region_type], [])
        columns: dict[str, _Coded] = {}
        for column in self._contract.columns:
            cells = given.get(column.name, absent)
            if column.kind in _PLAIN:
                values: list[Any] = [text or None for text in cells.texts]
                for n in cells.odd:
                    values[n] = self._context.understanding.plain(column, cells.texts[n])
                columns[column.name] = _Coded(cells.codes, values)
            elif column.kind in _WITH_ANOTHER:
                columns[column.name] = _Coded(cells.codes, [visible(t) for t in cells.texts])
            else:
                meanings = self._context.understanding.meanings(column, cells.texts)
                columns[column.name] = _Coded(cells.codes, [meanings[t] for t in cells.texts])
        for column in self._contract.columns:
            if column.kind is Kind.REGION:
                columns[column.name] = self._regions(columns[column.name], columns["region_type"])
            elif column.kind is Kind.PERIOD:
                columns[column.name] = self._periods(columns[column.name], columns.get("indicator"))
            self._refuse_cells(column, columns[column.name])
        return columns

    def _regions(self, texts: _Coded, types: _Coded) -> _Coded:
        """A region and its type are understood together."""
        pairs = _combined((texts, types), len(self._rows))
        meanings: list[Any] = [
            UNDECIDED
            if text and isinstance(region_type, NotUnderstood)
            else self._context.understanding.region(text or "", region_type)
            for text, region_type in pairs.meanings
        ]
        return _Coded(pairs.codes, meanings)

    def _periods(self, texts: _Coded, indicators: _Coded | None) -> _Coded:
        """How an indicator is measured decides what some ways to write a period mean."""
        pairs = _combined((texts, indicators) if indicators else (texts,), len(self._rows))
        understand = self._context.understanding.period
        return _Coded(pairs.codes, [understand(*meanings) for meanings in pairs.meanings])

    def _refuse_cells(self, column: Column, cells: _Coded) -> None:
        refused: dict[int, Reason] = {}
        for code, meaning in enumerate(cells.meanings):
            if meaning is None and column.must_be_filled:
                refused[code] = Reason("empty", column=column.label)
            elif isinstance(meaning, NotUnderstood) and meaning is not UNDECIDED:
                refused[code] = meaning.reason
        for row in cells.rows_of(list(refused)):
            self._refuse(row, column.name, refused[int(cells.codes[row])])

    def _refuse(self, row: int, column: str, reason: Reason) -> None:
        self._problems.setdefault(row, {}).setdefault(column, reason)

    # -- rows ------------------------------------------------------------------------------

    def _judge(self, columns: Mapping[str, _Coded]) -> None:
        stands = self._stands(columns)
        for rule in rules_of(self._contract):
            needed = [_need(columns, need) for need in rule.needs]
            usable = stands.copy()
            for need, column in zip(rule.needs, needed, strict=True):
                usable &= column.usable(self._is_filled(need))[column.codes]
            judged = np.flatnonzero(usable)
            rows = _combined([column.of_rows(judged) for column in needed], len(judged))
            refused: dict[int, Problem] = {}
            for code, meanings in enumerate(rows.meanings):
                if (problem := rule.judge(self._context, *meanings)) is not None:
                    refused[code] = problem
            for row in rows.rows_of(list(refused)):
                self._refuse(int(judged[row]), *refused[int(rows.codes[row])])

    def _stands(self, columns: Mapping[str, _Coded]) -> npt.NDArray[np.bool_]:
        """Which rows say what is the case. One that takes a record back need not be right."""
        if (flags := columns.get("withdrawn")) is None:
            return np.ones(len(self._rows), dtype=bool)
        stands = np.array([meaning is not True for meaning in flags.meanings], dtype=bool)
        return stands[flags.codes]

    def _is_filled(self, need: str) -> bool:
        return not need.endswith(WHETHER) and self._contract.by_name[need].must_be_filled

    # -- results ---------------------------------------------------------------------------

    def _accepted(self, columns: Mapping[str, _Coded]) -> pa.RecordBatch:
        name = self._contract.name
        schema = pa.schema([f for f in SHAPES[name] if f.name not in _ORIGIN])
        good = [n for n in range(len(self._rows)) if n not in self._problems]
        kept = np.array(good, dtype=np.intp)
        fields = {n: column.of_rows(kept) for n, column in columns.items()}
        for derivation in derivations_of(self._contract):
            # From what was delivered, not from what another derivation made of it.
            needs = [_need(columns, need).of_rows(kept) for need in derivation.needs]
            rows = _combined(needs, len(good))
            derived = [derivation.derive(self._context, *meanings) for meanings in rows.meanings]
            for position, gives in enumerate(derivation.gives):
                fields[gives] = _Coded(rows.codes, [values[position] for values in derived])
        if name in RECORD_KEYS:
            fields["record_key"] = self._record_keys(fields, len(good))
        arrays = {n: column.to_arrow(schema.field(n).type)
                  for n, column in fields.items() if n in schema.names}  # fmt: skip
        arrays["line"] = pa.array([self._rows[n].line for n in good], pa.int64())
        return pa.RecordBatch.from_arrays(
            [arrays[f.name] if f.name in arrays else pa.nulls(len(good), f.type) for f in schema],
            schema=schema,
        )

    def _record_keys(self, fields: Mapping[str, _Coded], rows: int) -> _Coded:
        names = RECORD_KEYS[self._contract.name]
        exact = {c.name for c in self._contract.columns if c.kind is Kind.ID}
        parts = [
            _Coded(fields[n].codes, [_key_part(m, n in exact) for m in fields[n].meanings])
            for n in names
        ]
        keys = _combined(parts, rows)
        return _Coded(
            keys.codes,
            [hashlib.sha256(_BETWEEN.join(key).encode()).hexdigest()[:32] for key in keys.meanings],
        )

    def _refused(self) -> list[tuple[Row, Sequence[Problem]]]:
        """The rejected rows with what is wrong with them, in the order of their lines."""
        found: list[tuple[Row, Sequence[Problem]]] = [
            (row, [row.problem]) for row in self._all if row.problem is not None
        ]
        found += [(self._rows[n], list(told.items())) for n, told in self._problems.items()]
        return sorted(found, key=lambda refused: refused[0].line)

    def _rejects(self, row: Row, problems: Sequence[Problem]) -> list[Rejected]:
        delivered = json.dumps(self._sheet.delivered(row), ensure_ascii=False)
        if row.part:
            # Of a line that holds several rows people see the column, once for each row.
            reason = joined(
                [Reason("in_column", column=c, problem=r) if c else r for c, r in problems]
            )
            return [Rejected(row.line, row.part, reason, delivered, row.part)]
        return [Rejected(row.line, column, reason, delivered) for column, reason in problems]


def _need(columns: Mapping[str, _Coded], need: str) -> _Coded:
    """A column that a rule needs; see `Rule.needs`."""
    if not need.endswith(WHETHER):
        return columns[need]
    column = columns[need.removesuffix(WHETHER)]
    meanings = column.meanings
    unclear = [code for code, m in enumerate(meanings) if isinstance(m, NotUnderstood)]
    kinds = np.array(
        [
            2 if m is SUPPRESSED else 3 if isinstance(m, NotUnderstood) else m is not None
            for m in meanings
        ]
    )
    return _Coded(
        kinds.astype(np.int64)[column.codes],
        [False, True, SUPPRESSED, *(meanings[code] for code in unclear[:1])],
    )


def _key_part(value: Any, exact: bool) -> str:
    """A part of a record's key; ids count as they are, other texts however they are typed."""
    if value is None or isinstance(value, NotUnderstood):
        return ""
    return str(value) if exact else fold_text(str(value))
