"""Which row is the header: of the dataset's contract, or of a known layout of foreign files."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assets.datasets import DATASETS, Column, Dataset, Kind, fold_header
from assets.landing.layouts import Layout
from assets.landing.reader.foreign import BESIDE_THE_KEY, Reading, folded, reading_of
from assets.landing.reader.judging import judged, survey
from assets.landing.reader.sheet import Row, Sheet, Table, is_added
from assets.landing.reader.text import RepairedTable, TextTable, encoding_of
from assets.landing.reader.workbook import SheetTable, Workbook, is_workbook
from assets.languages import AND, COMMA, OR, Text, linked
from assets.raw.content import Content
from assets.texts import is_garbled, visible
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

#: How far down a header is looked for; above it stand titles and empty rows.
HEADER_ROWS = 30
#: How the exports begin that some systems call .xls and that hold a table of a web page.
_WEB = (b"<!doctype", b"<html", b"<table", b"<?xml")
_SEPARATORS = (";", ",", "\t")
_NUMBERED = re.compile(r"^(?:[0-9]{1,2}|[a-z])[.)] ")
_DECORATION = " *:;.,#•–-\"'"
_REMARK = re.compile(r" ?(?:\([^()]*\)|\[[^\[\]]*\]|,? (?:€|eur|euroa|euro))$", re.IGNORECASE)
#: A number or a day, with a time if there is one.
_NUMBER_OR_DAY = re.compile(r"^\s*[0-9.,:/ ]+\s*$|^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURRENCIES = frozenset({"€", "eur", "euroa", "euro", "in eur", "in euros"})
#: Remarks that say that the numbers are thousands or millions.
_SCALES = re.compile(r"1 ?000|tuh|milj|mrd|tusen|thous|million|\b[tkm] ?(?:€|eur)|‰")

#: Headers that name the type of the regions below them; those of codes first.
_TYPED_REGIONS = {
    "kuntakoodi": "KU", "kuntanumero": "KU", "kunnan koodi": "KU", "kunnan numero": "KU",
    "kommunkod": "KU", "kommunnummer": "KU", "municipality code": "KU",
    "kunta": "KU", "kunnan nimi": "KU", "kommun": "KU", "kommunens namn": "KU",
    "municipality": "KU", "municipality name": "KU",
    "seutukuntakoodi": "SK", "seutukunnan koodi": "SK", "seutukunta": "SK",
    "seutukunnan nimi": "SK", "ekonomisk region": "SK", "sub region": "SK", "subregion": "SK",
    "maakuntakoodi": "MK", "maakunnan koodi": "MK", "landskapskod": "MK",
    "maakunta": "MK", "maakunnan nimi": "MK", "landskap": "MK", "landskapets namn": "MK",
    "työllisyysalue": "TA", "sysselsättningsområde": "TA", "employment area": "TA",
    "sopimusseutu": "SS", "elinvoimakeskus": "EVK", "livskraftscentral": "EVK",
    "ely keskus": "ELY", "ely": "ELY", "ntm central": "ELY",
}  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """A header in a table."""

    table: Table
    line: int
    headers: list[str]
    titles: list[str]
    layout: Reading | None = None


@dataclass
class _Search:
    """Looks for a header in one table after the other, and remembers the nearest miss."""

    dataset: Dataset
    layouts: Sequence[Layout]
    is_accepted: bool = False
    seen: list[list[str]] = field(default_factory=list)
    nearest: list[str] = field(default_factory=list)
    known: int = -1
    lacking: list[str] = field(default_factory=list)
    unreadable: UnreadableDelivery | None = None

    def look_in(self, table: Table) -> _Found | None:
        titles: list[str] = []
        rows = itertools.islice(table.top(), HEADER_ROWS)
        try:
            for line, cells in rows:
                names = {c.name for c in columns_of(cells, self.dataset) if c}
                lacking = [name for name in self.dataset.required if name not in names]
                if not lacking:
                    return _Found(table, line, cells, titles)
                if (reading := self._layout_of(cells, table)) is not None:
                    return _Found(table, line, cells, titles, reading)
                if len(names) > self.known:
                    self.known, self.nearest, self.lacking = len(names), cells, lacking
                self.seen.append(cells)
                titles.append(" ".join(cell.strip() for cell in cells if cell.strip()))
        except UnreadableDelivery as problem:
            # Quotation marks are told apart by the right separator only; others may do better.
            self.unreadable = self.unreadable or problem
        return None

    def _layout_of(self, headers: list[str], table: Table) -> Reading | None:
        separator = table.separator if isinstance(table, TextTable) else None
        found = [
            reading
            for layout in self.layouts
            if layout.dataset == self.dataset.name
            and separator in {None, layout.separator or separator}
            and (reading := reading_of(layout, headers, self.dataset)) is not None
        ]
        if len(found) > 1:
            fitting = [reading.layout.name for reading in found]
            raise UnreadableDelivery(Reason("several_layouts", names=linked(AND, fitting)))
        return found[0] if found else None

    def refusal(self) -> UnreadableDelivery:
        if self.unreadable and self.known <= 0:
            return self.unreadable
        header = " | ".join(cell.strip() for cell in self.nearest)[:200]
        if is_garbled(header):
            return UnreadableDelivery(Reason("header_garbled", row=header))
        others = [
            other.name
            for other in DATASETS.values()
            if any(_fitting(row, other) > self.known for row in self.seen)
        ]
        if others:
            other = linked(OR, others)
            return UnreadableDelivery(
                Reason("of_another_dataset", dataset=self.dataset.name, other=other)
            )
        lacking = self.lacking or list(self.dataset.required)
        return UnreadableDelivery(
            Reason(
                "no_header",
                required=self._listed(self.dataset.required),
                dataset=self.dataset.name,
                rows=HEADER_ROWS,
                missing=self._listed(lacking),
                nearest=Reason("nearest_row", row=header) if header else Reason("no_row"),
            )
        )

    def _listed(self, names: Sequence[str]) -> Text:
        return linked(COMMA, (self.dataset.by_name[name].label for name in names))


def _fitting(cells: Sequence[str], dataset: Dataset) -> int:
    """How many columns of a dataset a header has; 0 where it lacks a required one."""
    names = {column.name for column in columns_of(cells, dataset) if column}
    return len(names) if names.issuperset(dataset.required) else 0


def columns_of(headers: Sequence[str], dataset: Dataset) -> list[Column | None]:
    """The column of each header, None where the contract has none.

    Headers may be decorated: `Alue *`, `1. Alue`, `Päivä (pp.kk.vvvv)`, `Summa, €`,
    `Alue / Region`. Where none names the region, one that names a type of regions does
    (`kunta`, `kommunkod`). A remark that changes what the cells mean (`Summa (1000 €)`) is no
    decoration, and a plain header goes before a decorated one.
    """
    plain = [dataset.by_header.get(fold_header(header)) for header in headers]
    taken = {column.name for column in plain if column}
    found = []
    for header, column in zip(headers, plain, strict=True):
        decorated = column or _undecorated(header, dataset)
        found.append(decorated if column or (decorated and decorated.name not in taken) else None)
    region = dataset.by_name.get("region")
    if region is not None and region not in found:
        typed = {
            name: n
            for n, name in enumerate(map(_plain_header, headers))
            if found[n] is None and name in _TYPED_REGIONS
        }
        # A municipality beside its maakunta: nobody can tell which of them a row is about.
        if len({_TYPED_REGIONS[name] for name in typed}) == 1:
            found[typed[min(typed, key=list(_TYPED_REGIONS).index)]] = region
    return found


def _type_of_regions(headers: Sequence[str], columns: Sequence[Column | None]) -> str | None:
    """The type of region that the header of the regions names, if no column says it."""
    names = {column.name: n for n, column in enumerate(columns) if column is not None}
    if "region" not in names or "region_type" in names:
        return None
    return _TYPED_REGIONS.get(_plain_header(headers[names["region"]]))


def _plain_header(header: str) -> str:
    """A header without its decoration, folded."""
    text = _NUMBERED.sub("", " ".join(visible(header).split())).strip(_DECORATION)
    return fold_header(_REMARK.sub("", text).strip(_DECORATION))


def _undecorated(header: str, dataset: Dataset) -> Column | None:
    text = _NUMBERED.sub("", " ".join(visible(header).split())).strip(_DECORATION)
    remark = _REMARK.search(text)
    if remark is not None:
        text = text[: remark.start()]
    column = dataset.by_header.get(fold_header(text.strip(_DECORATION)))
    if column is None:
        parts = {dataset.by_header.get(fold_header(part)) for part in re.split("[/|]", text)}
        column = parts.pop() if len(parts) == 1 else None
    if column is None or remark is None:
        return column
    about = remark[0].strip(" ()[],").casefold()
    if _SCALES.search(about):
        return None
    if about in _CURRENCIES:
        return column if column.kind is Kind.MONEY else None
    return column if "%" not in about or column.kind is Kind.PERCENT else None


def read_sheet(
    content: Content,
    dataset: Dataset,
    layouts: Sequence[Layout] = (),
    *,
    is_accepted: bool = False,
) -> Sheet:
    """Find the header of a delivery and read the rows below it.

    The rows of a text are read in pieces while they are consumed; memory does not grow with the
    file. They are read once before that, for what only whole columns can tell (see `judging`).

    Of a workbook the first visible sheet with a header row is the delivery. A further visible
    one that has the columns and rows below them is neither read nor dropped: it comes as one
    row with a problem after the last row, its line the last row's plus the row of its header,
    so that lines stay unique. Hidden sheets are not read; `Sheet.notes` names those that have
    the columns.

    Args:
        content: the delivered bytes.
        dataset: the contract of the dataset.
        layouts: foreign files that may be delivered as this dataset; see `assets.landing.layouts`.
        is_accepted: whether a person has accepted that a column which is not read tells rows of
            one key apart.

    Raises:
        UnreadableDelivery: the content is neither text nor a workbook, or is damaged or too
            large, or has no header row with the required columns, or two columns that mean the
            same and differ.
    """
    if not any(piece.strip() for piece in content.pieces()):
        raise UnreadableDelivery(Reason("file_empty"))
    search = _Search(dataset, layouts, is_accepted)
    if is_workbook(content):
        return _of_workbook(Workbook(content), search)
    if content.head(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB):
        raise UnreadableDelivery(Reason("web_page"))
    encoding = encoding_of(content)
    for separator in _SEPARATORS:
        found = search.look_in(TextTable(content, encoding, separator))
        if found is not None:
            return _sheet(found, search)
    raise search.refusal()


def _of_workbook(book: Workbook, search: _Search) -> Sheet:
    found: _Found | None = None
    others: list[_Found] = []
    for table in book.tables(hidden=False):
        another = search.look_in(table)
        if another is not None and found is None:
            found = another
        elif another is not None and table.rows_below(another.line):
            others.append(another)
    hidden = [t.name for t in book.tables(hidden=True) if _Search(search.dataset, ()).look_in(t)]
    if found is None:
        if hidden:
            about = {"sheet": str(hidden[0]), "dataset": search.dataset.name}
            raise UnreadableDelivery(Reason("hidden_sheet", **about))
        raise search.refusal()
    notes = [Reason("hidden_sheet_not_read", sheet=str(name)) for name in hidden]
    return _sheet(found, search, notes, others)


def _sheet(
    found: _Found, search: _Search, notes: Sequence[Reason] = (), others: Sequence[_Found] = ()
) -> Sheet:
    dataset = search.dataset
    table, reading = found.table, found.layout
    if reading is not None:
        columns, twins, unknown = list(reading.columns), {}, reading.unknown_headers
        if reading.layout.repair is not None and isinstance(table, TextTable):
            table = RepairedTable(table, reading.layout.repair)
    else:
        columns = columns_of(found.headers, dataset)
        twins = _twins(columns)
        unknown = [
            h for h, c in zip(found.headers, columns, strict=True) if c is None and h.strip()
        ]
        if unknown and dataset.makes == "measurement" and not search.is_accepted:
            _refuse_further_dimensions(found, columns)
    if reading is not None and reading.needs_a_look:
        reading.check(table.below(found.line, columns), is_accepted=search.is_accepted)
    seen = survey(table.below(found.line, columns), columns, twins)
    for twin in sorted(seen.differs):
        holds = columns[twin]
        raise UnreadableDelivery(
            Reason(
                "columns_differ",
                first=found.headers[twins[twin]],
                second=found.headers[twin],
                column=holds.label if holds else "",
            )
        )
    for twin in twins:
        columns[twin] = None
    if isinstance(table, SheetTable):
        hidden = table.hidden_below(found.line)
        notes = [*notes, *([Reason("hidden_rows_read", rows=hidden)] if hidden else [])]
        if columns_hidden := table.places.hidden_columns:
            notes = [*notes, Reason("hidden_columns_read", columns=columns_hidden)]
    if reading:
        notes = [*notes, Reason("read_by_layout", layout=reading.layout.name)]
    rows = judged(table.below(found.line, columns), found.headers, columns, seen)
    rows = _and_others(rows if reading is None else reading.rows(rows), others, dataset)
    return Sheet(
        columns=columns if reading is None else reading.target,
        headers=found.headers,
        rows=rows,
        unknown_headers=unknown,
        format=found.table.format,
        name=found.table.name,
        titles=found.titles,
        layout=reading.layout.name if reading else None,
        region_type=None if reading else _type_of_regions(found.headers, columns),
        notes=notes,
    )


def _refuse_further_dimensions(found: _Found, columns: Sequence[Column | None]) -> None:
    """Refuse a table in which a column that is not read tells measurements of one key apart.

    Such a column holds words (a sex, an age group), and rows of one key differ in it and in their
    value. A number of a row, a day, or a cell that is empty in one of them says nothing.

    Raises:
        UnreadableDelivery: there is one; each of its rows would count as the whole.
    """
    key = [n for n, c in enumerate(columns) if c is not None and c.name not in BESIDE_THE_KEY]
    value = next(n for n, c in enumerate(columns) if c is not None and c.name == "value")
    unknown = [
        n
        for n, header in enumerate(found.headers)
        if columns[n] is None and header.strip() and not is_added(header)
    ]
    # Of each key the first row: few words, so their texts are kept once.
    first: dict[int, tuple[str, ...]] = {}
    kept: dict[str, str] = {}
    for row in found.table.below(found.line, columns) if unknown else ():
        cells = row.cells
        if row.fault is not None or len(cells) < len(found.headers):
            continue
        told = tuple(kept.setdefault(cells[n], cells[n]) for n in (value, *unknown))
        known = first.setdefault(hash(tuple(folded(cells[n]) for n in key)), told)
        if known is told or folded(known[0]) == folded(told[0]):
            continue
        for n, one, other in zip(unknown, known[1:], told[1:], strict=True):
            if folded(one) != folded(other) and _is_word(one) and _is_word(other):
                raise UnreadableDelivery(
                    Reason(
                        "column_tells_rows_apart",
                        header=found.headers[n].strip(),
                        first=one.strip(),
                        second=other.strip(),
                    )
                )


def _is_word(cell: str) -> bool:
    """Whether a cell may be a word of a classification: `miehet`, `15–24`, `65+`."""
    return bool(cell.strip()) and not _NUMBER_OR_DAY.match(cell)


def _twins(columns: Sequence[Column | None]) -> dict[int, int]:
    first: dict[str, int] = {}
    return {
        n: first[column.name]
        for n, column in enumerate(columns)
        if column is not None and first.setdefault(column.name, n) != n
    }


def _and_others(rows: Iterator[Row], others: Sequence[_Found], dataset: Dataset) -> Iterator[Row]:
    last = 0
    for row in rows:
        last = row.line
        yield row
    for other in others:
        last += other.line
        sheet = str(other.table.name)
        reason = Reason("another_sheet", sheet=sheet, dataset=dataset.name, line=other.line)
        yield Row(last, [], ("", reason))
