"""The answer to a delivery with rejected rows: a workbook that its sender corrects and delivers.

Its first sheet holds the rejected rows as they were delivered, under their own headers, so that it
is a delivery itself once the marked cells are mended: the columns that it adds, line and reason,
are known to the reader and passed over. The second sheet sums up. Every word of a reason comes
from the catalogue of reasons; here is only where it stands.

What does not belong here: why a row is rejected (understanding, rules, reader) and where answers
are kept (`assets.raw`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, Column, Dataset, fold_header
from assets.landing.choices import (
    AS_TEXT,
    IN_LANGUAGE,
    OPTIONAL_FILL,
    REQUIRED_FILL,
    Choices,
    Language,
    Lists,
    saved,
    width_of,
)
from assets.landing.guidance import WRITING
from assets.landing.reader import Row, Sheet, glimpse
from assets.landing.reader.sheet import ADDED, DAYS, NUMBERS, Typed, is_added
from assets.languages import LANGUAGES
from assets.raw.content import Content
from assets.raw.vintages import Vintage
from assets.settings import HELSINKI
from assets.vocabulary import NotUnderstood
from assets.vocabulary.numbers import decimal_sign, parse_day, parse_decimal
from assets.vocabulary.reasons import Both, Reason

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

#: Rejected rows, and characters of them, that an answer holds; the others are counted. A file with
#: more of them is not mended by hand.
MAX_ROWS = 10_000
MAX_CHARACTERS = 16_000_000
#: Cells that are explained by a note of their own. Excel is slow with many; the reason stands at
#: the end of every row.
MAX_NOTES = 1_000
#: Excel holds no longer cell.
_LONGEST_CELL = 32_000
#: Rows of the template for a file that could not be read.
_TEMPLATE_ROWS = 10_000

_OFFENDING = PatternFill("solid", fgColor="FFFFC7CE")
_REASON = PatternFill("solid", fgColor="FFFFF2CC")
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: A spreadsheet takes what begins so for a formula when the cell is edited.
_LIKE_FORMULA = ("=", "+", "-", "@")
_PERCENT = "0.0#########%"

Problem = tuple[str, Reason]
"""Column and reason; no column where the row as a whole is meant."""


class _Refused(NamedTuple):
    """A line with what is wrong with it; `part` tells which of its values a problem is about."""

    row: Row
    problems: list[tuple[str, str, Reason]]


@dataclass
class _Kind:
    """How often something is wrong with a column."""

    rows: int
    example: Reason


@dataclass
class Answer:
    """What the sender of a delivery is told of its rejected rows.

    Attributes:
        dataset: the contract.
        catalogue: where lists come from.
        source: who delivered.
        sheet: the delivery.
    """

    dataset: Dataset
    catalogue: Catalogue
    source: str
    sheet: Sheet
    _refused: list[_Refused] = field(default_factory=list)
    _kinds: dict[tuple[str, str], _Kind] = field(default_factory=dict)
    _characters: int = 0
    _more: int = 0

    def refuse(self, row: Row, problems: Sequence[Problem]) -> None:
        """Take up a rejected row; rows come in the order of their lines."""
        for column, reason in problems:
            counted = self._kinds.setdefault((column, reason.kind), _Kind(0, reason))
            counted.rows += 1
        parted = [(row.part, column, reason) for column, reason in problems]
        if row.part and self._refused and self._refused[-1].row.line == row.line:
            self._refused[-1].problems.extend(parted)
            return
        self._characters += sum(map(len, _cells(row)))
        if len(self._refused) >= MAX_ROWS or self._characters > MAX_CHARACTERS:
            self._more += 1
        else:
            self._refused.append(_Refused(row, parted))

    def workbook(self, vintage: Vintage) -> bytes:
        """The answer as a workbook; the same for the same delivery, whenever it is made.

        Args:
            vintage: what became of the delivery.
        """
        book = Workbook(write_only=True)
        lists = Lists()
        self._write_rows(book.create_sheet(self.dataset.name), lists)
        _write_pairs(book.create_sheet("Yhteenveto – Summary"), self._summary(vintage))
        lists.write(book)
        return saved(book)

    # -- the rows --------------------------------------------------------------------------

    def _write_rows(self, page: WriteOnlyWorksheet, lists: Lists) -> None:
        positions = [n for n, header in enumerate(self._headers) if not is_added(header)]
        headers = [self._headers[n] for n in positions]
        choices = Choices(self.dataset, self.catalogue, self._language, self.source)
        page.freeze_panes = "A2"
        for at, header in enumerate((*headers, *ADDED), start=1):
            n = positions[at - 1] if at <= len(positions) else None
            column = None if n is None else self._columns.get(n)
            letter = get_column_letter(at)
            wide = 60 if at > len(positions) + 1 else width_of(header[:40], column)
            page.column_dimensions[letter].width = wide
            if column is not None:
                rule = choices.check(column, at, len(self._refused), lists)
                page.data_validations.append(rule)
        page.append([self._header_cell(page, n) for n in positions]
                    + [_styled(page, text, _REASON, bold=True) for text in ADDED])  # fmt: skip
        notes = iter(range(MAX_NOTES))
        for refused in self._refused:
            page.append(list(self._row(page, refused, positions, notes)))

    # What follows is asked for each cell, and only when all rows have been taken up.

    @cached_property
    def _headers(self) -> list[str]:
        """Headers of the file, and of the cells of too long rows, which have none."""
        given = [header.strip() for header in self.sheet.headers]
        width = max((len(_cells(refused.row)) for refused in self._refused), default=0)
        return [*given, *(f"column {n + 1}" for n in range(len(given), width))]

    @cached_property
    def _columns(self) -> Mapping[int, Column]:
        """Which column of the contract stands where; nothing of a foreign file is known so."""
        if self.sheet.layout is not None:
            return {}
        return {n: column for n, column in enumerate(self.sheet.columns) if column is not None}

    @cached_property
    def _language(self) -> Language:
        """That of the first header that the contract knows; Finnish where it knows none."""
        for header in map(fold_header, self.sheet.headers):
            if column := self.dataset.by_header.get(header):
                for language in LANGUAGES:
                    if header in map(fold_header, column.names.of(language)):
                        return IN_LANGUAGE.of(language)
        return IN_LANGUAGE.fi

    def _header_cell(self, page: WriteOnlyWorksheet, n: int) -> WriteOnlyCell:
        column = self._columns.get(n)
        required = column is not None and column.required
        fill = REQUIRED_FILL if required else OPTIONAL_FILL
        return _styled(page, self._headers[n], fill, bold=required)

    def _row(
        self,
        page: WriteOnlyWorksheet,
        refused: _Refused,
        positions: Sequence[int],
        notes: Iterator[int],
    ) -> Iterator[WriteOnlyCell]:
        wrong: dict[int, list[Reason]] = {}
        for part, column, reason in refused.problems:
            if (n := self._position(part, column)) is not None:
                wrong.setdefault(n, []).append(reason)
        told = [(self._label(part, name), reason) for part, name, reason in refused.problems]
        is_whole_row = any(not column and not part for part, column, _ in refused.problems)
        cells = _cells(refused.row)
        for n in positions:
            cell = self._cell(page, refused.row, n, is_wrong=n in wrong)
            if n < len(cells) and len(cells[n]) > _LONGEST_CELL:
                shortened = Reason("cell_shortened")
                wrong.setdefault(n, []).append(shortened)
                told.append((Both(self._headers[n], self._headers[n]), shortened))
            if n in wrong or is_whole_row:
                cell.fill = _OFFENDING
            if n in wrong and next(notes, None) is not None:
                cell.comment = _note(wrong[n])
            yield cell
        yield WriteOnlyCell(page, refused.row.line)
        for language in ("fi", "en"):
            yield _styled(page, _lines(told, language), _REASON, wrapped=True)

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        """Where columns stand: by header, or by the contract's name, which counts first."""
        by_header = {header: n for n, header in reversed(list(enumerate(self._headers))) if header}
        return by_header | {column.name: n for n, column in self._columns.items()}

    def _position(self, part: str, column: str) -> int | None:
        """Where the cell stands that is wrong."""
        return self._positions.get(part or column)

    def _label(self, part: str, name: str) -> Both:
        """What people call a column: by its header in the file, else by its name."""
        column = self.dataset.by_name.get(name)
        n = self._position("", name)
        if n is not None:
            label = Both(self._headers[n], self._headers[n])
        elif column is not None:
            label = Both(column.label.en, column.label.fi)
        else:
            label = Both(name, name)
        if not part:
            return label
        return Both(*(f"{part}, {told}" if told and told != part else part for told in label))

    def _cell(self, page: WriteOnlyWorksheet, row: Row, n: int, *, is_wrong: bool) -> WriteOnlyCell:
        """A cell as it was delivered, in a form that reads alone as it read among the others.

        What the other rows of a column decide, these few cannot: a number that reads both ways is
        written as a number, a day as a day.
        """
        given = _cells(row)
        text = given[n] if n < len(given) else ""
        column = self._columns.get(n)
        form = AS_TEXT if column is None else self._language.format(column)
        if isinstance(text, Typed):
            number, form = _typed(text, form)
            cell = WriteOnlyCell(page, number)
        elif row.problem is None and not is_wrong and (decided := _decided(row, n, column)):
            cell = WriteOnlyCell(page, decided)
        else:
            cell = _text(page, text)
            form = AS_TEXT if text.startswith(_LIKE_FORMULA) else form
        cell.number_format = form
        return cell

    # -- the summary -----------------------------------------------------------------------

    def _summary(self, vintage: Vintage) -> Iterator[tuple[object, ...]]:
        shown = len(self._refused)
        place = f"landing/{self.source}/{self.dataset.name}/"
        yield _Title("Vastaus toimitukseen", "Answer to a delivery")
        yield "Tiedosto", "File", vintage.file
        yield "Lähde ja aineisto", "Source and dataset", f"{self.source} / {self.dataset.name}"
        yield "Luettu", "Read", _moment(vintage.taken_in_at)
        yield "Rivejä tiedostossa", "Rows in the file", vintage.rows_delivered
        yield "Otettu vastaan", "Taken in", vintage.rows_accepted
        yield "Ei otettu vastaan", "Not taken in", vintage.rows_quarantined
        if self._more:
            yield (
                "Näistä tässä vastauksessa",
                "Of these in this answer",
                f"{shown:,} (+ {self._more:,})",
            )
        unknown = ", ".join(h for h in self.sheet.unknown_headers if not is_added(h))
        yield "Sarakkeet, joita ei tunnettu", "Columns that are not known", unknown or "–"
        if self.sheet.notes:
            in_finnish = "; ".join(note.finnish for note in self.sheet.notes)
            yield "Huomattavaa", "To be noted", f"{in_finnish} / {'; '.join(self.sheet.notes)}"
        yield ()
        yield _Title("Mitä tehdä", "What to do")
        yield (
            "Korjaa ensimmäisen taulukon värilliset solut ja tallenna tämä tiedosto kansioon "
            f"{place} millä nimellä tahansa. Lisätyt sarakkeet saavat jäädä. Rivit, jotka otettiin "
            "vastaan, eivät ole tässä eikä niitä toimiteta uudelleen. Poista rivit, joita ei pidä "
            "toimittaa.",
            "Mend the coloured cells of the first sheet and save this file, under any name, in the "
            f"folder {place}. The added columns may stay. Rows that were taken in are not here and "
            "are not delivered again. Delete the rows that are not to be delivered.",
        )
        if self._more:
            yield (
                "Rivejä on liikaa käsin korjattavaksi: korjaa syy omassa järjestelmässänne ja "
                "toimita tiedosto uudelleen.",
                "There are too many rows to mend by hand: mend the cause in your own system and "
                "deliver the file again.",
            )
        yield ()
        yield _Title("Syyt", "Reasons")
        yield _Heading("Sarake", "Column", "Rivejä / Rows", "Esimerkiksi", "For example")
        by_rows = sorted(self._kinds.items(), key=lambda found: -found[1].rows)
        for (column, _), found in by_rows:
            label = self._label("", column)
            told = (found.example.finnish, str(found.example))
            yield (label.fi or "koko rivi", label.en or "the whole row", found.rows, *told)


class _Title(tuple[str, ...]):
    """A line that heads others."""

    __slots__ = ()

    def __new__(cls, *texts: str) -> _Title:
        return super().__new__(cls, texts)


class _Heading(_Title):
    """The headings of a table."""

    __slots__ = ()


def answer_to_unreadable(
    source: str,
    dataset: str,
    content: Content,
    reason: Reason,
    catalogue: Catalogue,
    file: str,
    at: datetime,
) -> bytes:
    """The answer to a file that was not read at all, as a workbook.

    It says why and what was found in the file; where the dataset is known, what is expected
    instead, with an empty template to put the rows into: filled in, the answer is a delivery.

    Args:
        source: who delivered, as the folder says.
        dataset: and what.
        content: the file.
        reason: why it was not read.
        catalogue: where lists come from.
        file: under which name it is reported.
        at: when it was looked at.
    """
    contract = DATASETS.get(dataset)
    book = Workbook(write_only=True)
    lists = Lists()
    rows = _of_unreadable(source, dataset, content, reason, contract, file, at)
    _write_pairs(book.create_sheet("Vastaus – Answer"), rows)
    if contract is not None:
        language = IN_LANGUAGE.fi
        known = source if source in catalogue.sources else None
        choices = Choices(contract, catalogue, language, known)
        page = book.create_sheet(contract.name)
        page.freeze_panes = "A2"
        for at_column, column in enumerate(contract.columns, start=1):
            dimension = page.column_dimensions[get_column_letter(at_column)]
            dimension.width = width_of(language.header(column), column)
            dimension.number_format = language.format(column)
            rule = choices.check(column, at_column, _TEMPLATE_ROWS, lists)
            page.data_validations.append(rule)
        page.append(
            [
                _styled(
                    page,
                    language.header(column),
                    REQUIRED_FILL if column.required else OPTIONAL_FILL,
                    bold=column.required,
                )
                for column in contract.columns
            ]
        )
        lists.write(book)
    return saved(book)


def _of_unreadable(
    source: str,
    dataset: str,
    content: Content,
    reason: Reason,
    contract: Dataset | None,
    file: str,
    at: datetime,
) -> Iterator[tuple[object, ...]]:
    yield _Title("Tiedostoa ei voitu lukea", "The file could not be read")
    yield "Tiedosto", "File", file
    yield "Lähde ja aineisto", "Source and dataset", f"{source} / {dataset}"
    yield "Luettu", "Read", _moment(at)
    yield "Syy", "", reason.finnish
    yield "", "Reason", str(reason)
    yield ()
    yield _Title("Mitä tehdä", "What to do")
    folder = "" if contract is None else f" landing/{source}/{dataset}/"
    template = (
        ("", "")
        if contract is None
        else (
            f" Rivit voi myös kopioida tämän työkirjan taulukkoon {dataset} ja toimittaa sen.",
            f" The rows may also be put into the sheet {dataset} of this workbook, and that be "
            "delivered.",
        )
    )
    yield (
        f"Korjaa syy ja tallenna tiedosto uudelleen kansioon{folder}.{template[0]}",
        f"Mend the reason and save the file in the folder{folder} again.{template[1]}",
    )
    if rows := glimpse(content):
        yield ()
        yield _Title("Tiedoston ensimmäiset rivit", "The first rows of the file")
        for row in rows:
            # In one cell: a row of its own would make this sheet look like the delivery.
            yield " | ".join(row), ""
    if contract is not None:
        yield ()
        yield _Title("Sarakkeet", "Columns")
        yield _Heading("Suomeksi", "In English", "Pakollinen / Required", "Mitä", "What")
        for column in contract.columns:
            yield (
                ", ".join(column.names.fi),
                column.name,
                "x" if column.required else "",
                f"{column.meaning.fi} {WRITING[column.kind].fi}",
                f"{column.meaning.en} {WRITING[column.kind].en}",
            )


# -- cells -------------------------------------------------------------------------------------


def _cells(row: Row) -> Sequence[str]:
    """The cells as they stand in the file."""
    return row.cells if row.given is None else row.given


def _typed(text: Typed, form: str) -> tuple[float | int | str, str]:
    """The number that a workbook had, and how it is shown."""
    try:
        if text.endswith("%"):
            return float(parse_decimal(text.removesuffix("%"))) / 100, _PERCENT
        number = float(text)
        return (int(number) if number.is_integer() else number), form
    except (NotUnderstood, ValueError):  # pragma: no cover - the reader types numbers only
        return str(text), form


def _decided(row: Row, n: int, column: Column | None) -> float | int | str | None:
    """What a cell means that only its column tells; None where it reads one way by itself."""
    if column is None or n >= len(row.cells):
        return None
    text = row.cells[n].strip()
    given = _cells(row)[n].strip()
    try:
        if column.kind in NUMBERS and decimal_sign(given) == "?" and "%" not in given:
            number = float(parse_decimal(text.removesuffix("€").strip()))
            return int(number) if number.is_integer() else number
        if column.kind in DAYS and "/" in given:
            return parse_day(text).isoformat()
    except NotUnderstood:
        return None
    return None


def _text(page: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """A cell of text, whatever it looks like: no formula, no error value."""
    shown = _FORBIDDEN.sub("\ufffd", text)
    if len(shown) > _LONGEST_CELL:
        shown = f"{shown[:_LONGEST_CELL]} […]"
    cell = WriteOnlyCell(page, shown or None)
    if shown:
        cell.data_type = "s"
    return cell


def _styled(
    page: WriteOnlyWorksheet,
    text: str,
    fill: PatternFill | None = None,
    *,
    bold: bool = False,
    wrapped: bool = False,
) -> WriteOnlyCell:
    cell = _text(page, text)
    if fill is not None:
        cell.fill = fill
    if bold:
        cell.font = _BOLD
    if wrapped:
        cell.alignment = _WRAPPED
    return cell


def _lines(told: Sequence[tuple[Both, Reason]], language: str) -> str:
    lines = []
    for label, reason in told:
        name = label.fi if language == "fi" else label.en
        why = reason.finnish if language == "fi" else str(reason)
        lines.append(f"{name}: {why}" if name else why)
    return "\n".join(dict.fromkeys(lines))


def _note(reasons: Sequence[Reason]) -> Comment:
    texts = [*(reason.finnish for reason in reasons), "", *map(str, reasons)]
    return Comment("\n".join(dict.fromkeys(texts)), "Tilannekuva", height=140, width=320)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(HELSINKI):%Y-%m-%d %H:%M}"


def _write_pairs(page: WriteOnlyWorksheet, rows: Iterator[tuple[object, ...]]) -> None:
    """Lines of Finnish, English and what is told, with titles among them."""
    for letter, width in zip("ABCDE", (44, 44, 44, 60, 60), strict=True):
        page.column_dimensions[letter].width = width
    for row in rows:
        cells = []
        for value in row:
            if isinstance(value, str):
                cell = _styled(page, value, bold=isinstance(row, _Title), wrapped=True)
            else:
                cell = WriteOnlyCell(page, value)
            cells.append(cell)
        if isinstance(row, _Heading):
            for cell in cells:
                cell.fill = OPTIONAL_FILL
        page.append(cells)
