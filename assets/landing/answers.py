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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

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
from assets.landing.reader.sheet import ADDED_LINE, ADDED_REASON, DAYS, NUMBERS, Typed, is_added
from assets.languages import LANGUAGES, Each, Text, in_each, same
from assets.raw.content import Content
from assets.raw.vintages import Vintage
from assets.settings import HELSINKI
from assets.vocabulary import NotUnderstood
from assets.vocabulary.numbers import decimal_sign, parse_day, parse_decimal
from assets.vocabulary.reasons import Reason

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
        title = Text(fi="Yhteenveto", sv="Sammanfattning", en="Summary")
        name = " – ".join(title.of(language) for language in self._languages)
        _write_lines(book.create_sheet(name), self._summary(vintage), self._languages)
        lists.write(book)
        return saved(book)

    # -- the rows --------------------------------------------------------------------------

    def _write_rows(self, page: WriteOnlyWorksheet, lists: Lists) -> None:
        positions = [n for n, header in enumerate(self._headers) if not is_added(header)]
        headers = [self._headers[n] for n in positions]
        choices = Choices(self.dataset, self.catalogue, self._language, self.source)
        page.freeze_panes = "A2"
        own, other = self._languages
        added = (ADDED_LINE.of(own), ADDED_REASON.of(own), ADDED_REASON.of(other))
        for at, header in enumerate((*headers, *added), start=1):
            n = positions[at - 1] if at <= len(positions) else None
            column = None if n is None else self._columns.get(n)
            letter = get_column_letter(at)
            wide = 60 if at > len(positions) + 1 else width_of(header[:40], column)
            page.column_dimensions[letter].width = wide
            if column is not None:
                rule = choices.check(column, at, len(self._refused), lists)
                page.data_validations.append(rule)
        page.append([self._header_cell(page, n) for n in positions]
                    + [_styled(page, text, _REASON, bold=True) for text in added])  # fmt: skip
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
        return _language_of(self.dataset, self.sheet.headers)

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
                told.append((same(self._headers[n]), shortened))
            if n in wrong or is_whole_row:
                cell.fill = _OFFENDING
            if n in wrong and next(notes, None) is not None:
                cell.comment = _note(wrong[n], self._languages)
            yield cell
        yield WriteOnlyCell(page, refused.row.line)
        for language in self._languages:
            yield _styled(page, _lines(told, language), _REASON, wrapped=True)

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        """Where columns stand: by header, or by the contract's name, which counts first."""
        by_header = {header: n for n, header in reversed(list(enumerate(self._headers))) if header}
        return by_header | {column.name: n for n, column in self._columns.items()}

    def _position(self, part: str, column: str) -> int | None:
        """Where the cell stands that is wrong."""
        return self._positions.get(part or column)

    def _label(self, part: str, name: str) -> Text:
        """What people call a column: by its header in the file, else by its name."""
        column = self.dataset.by_name.get(name)
        n = self._position("", name)
        if n is not None:
            label = same(self._headers[n])
        else:
            label = same(name) if column is None else column.label
        if not part:
            return label
        return Text(*(f"{part}, {told}" if told and told != part else part for told in label))

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

    @cached_property
    def _languages(self) -> tuple[str, str]:
        """In which the answer speaks: that of the headers, or Finnish, and English."""
        own = self._language.code
        return ("fi" if own == "en" else own, "en")

    def _summary(self, vintage: Vintage) -> Iterator[_Line]:
        shown = len(self._refused)
        place = f"landing/{self.source}/{self.dataset.name}/"
        yield _Title(_ANSWER)
        yield _Line(_FILE, vintage.file)
        yield _Line(_WHO, f"{self.source} / {self.dataset.name}")
        yield _Line(_READ, _moment(vintage.taken_in_at))
        rows = Text(fi="Rivejä tiedostossa", sv="Rader i filen", en="Rows in the file")
        yield _Line(rows, vintage.rows_delivered)
        yield _Line(Text(fi="Otettu vastaan", sv="Togs emot", en="Taken in"), vintage.rows_accepted)
        refused = Text(fi="Ei otettu vastaan", sv="Togs inte emot", en="Not taken in")
        yield _Line(refused, vintage.rows_quarantined)
        if self._more:
            here = Text(
                fi="Näistä tässä vastauksessa",
                sv="Av dem i det här svaret",
                en="Of these in this answer",
            )
            yield _Line(here, f"{shown:,} (+ {self._more:,})")
        unknown = ", ".join(h for h in self.sheet.unknown_headers if not is_added(h))
        columns = Text(
            fi="Sarakkeet, joita ei tunnettu",
            sv="Kolumner som inte känns igen",
            en="Columns that are not known",
        )
        yield _Line(columns, unknown or "–")
        if self.sheet.notes:
            notes = self.sheet.notes
            told = ("; ".join(note.of(language) for note in notes) for language in self._languages)
            noted = Text(fi="Huomattavaa", sv="Att notera", en="To be noted")
            yield _Line(noted, " / ".join(told))
        yield _Line()
        yield _Title(_WHAT_TO_DO)
        yield _Line(
            Text(
                fi="Korjaa ensimmäisen taulukon värilliset solut ja tallenna tämä tiedosto "
                f"kansioon {place} millä nimellä tahansa. Lisätyt sarakkeet saavat jäädä. Rivit, "
                "jotka otettiin vastaan, eivät ole tässä eikä niitä toimiteta uudelleen. Poista "
                "rivit, joita ei pidä toimittaa.",
                sv="Rätta de färgade cellerna på det första bladet och spara den här filen i "
                f"mappen {place} under vilket namn som helst. De tillagda kolumnerna får stå kvar. "
                "Rader som togs emot finns inte här och levereras inte på nytt. Ta bort de rader "
                "som inte ska levereras.",
                en="Mend the coloured cells of the first sheet and save this file, under any name, "
                f"in the folder {place}. The added columns may stay. Rows that were taken in are "
                "not here and are not delivered again. Delete the rows that are not to be "
                "delivered.",
            )
        )
        if self._more:
            yield _Line(
                Text(
                    fi="Rivejä on liikaa käsin korjattavaksi: korjaa syy omassa järjestelmässänne "
                    "ja toimita tiedosto uudelleen.",
                    sv="Raderna är för många att rätta för hand: rätta orsaken i ert eget system "
                    "och leverera filen på nytt.",
                    en="There are too many rows to mend by hand: mend the cause in your own system "
                    "and deliver the file again.",
                )
            )
        yield _Line()
        yield _Title(Text(fi="Syyt", sv="Orsaker", en="Reasons"))
        counted = Text(fi="Rivejä", sv="Rader", en="Rows")
        yield _Heading(
            Text(fi="Sarake", sv="Kolumn", en="Column"),
            " / ".join(counted.of(language) for language in self._languages),
            Text(fi="Esimerkiksi", sv="Till exempel", en="For example"),
        )
        whole_row = Text(fi="koko rivi", sv="hela raden", en="the whole row")
        by_rows = sorted(self._kinds.items(), key=lambda found: -found[1].rows)
        for (column, _), found in by_rows:
            label = self._label("", column)
            yield _Line(label if any(label) else whole_row, found.rows, in_each(found.example.of))


_ANSWER = Text(fi="Vastaus toimitukseen", sv="Svar på en leverans", en="Answer to a delivery")
_FILE = Text(fi="Tiedosto", sv="Fil", en="File")
_WHO = Text(fi="Lähde ja aineisto", sv="Källa och material", en="Source and dataset")
_READ = Text(fi="Luettu", sv="Läst", en="Read")
_WHAT_TO_DO = Text(fi="Mitä tehdä", sv="Vad du gör", en="What to do")


class _Line(tuple[object, ...]):
    """A line of a sheet; a `Text` takes a cell for each language of the sheet."""

    __slots__ = ()

    def __new__(cls, *values: object) -> Self:
        return super().__new__(cls, values)


class _Title(_Line):
    """A line that heads others."""

    __slots__ = ()


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
    """The answer to a file that was not read at all, as a workbook, in every language.

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
    first_rows = glimpse(content)
    rows = _of_unreadable(source, dataset, first_rows, reason, contract, file, at)
    _write_lines(book.create_sheet("Vastaus – Svar – Answer"), rows, LANGUAGES)
    if contract is not None:
        texts = (text for row in first_rows for cell in row for text in re.split("[;,\t]", cell))
        language = _language_of(contract, texts)
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


def _language_of(dataset: Dataset, headers: Iterable[str]) -> Language:
    """That of the first header that the contract knows; Finnish where it knows none."""
    for header in map(fold_header, headers):
        if column := dataset.by_header.get(header):
            for language in LANGUAGES:
                if header in map(fold_header, column.names.of(language)):
                    return IN_LANGUAGE.of(language)
    return IN_LANGUAGE.fi


def _of_unreadable(
    source: str,
    dataset: str,
    first_rows: Sequence[Sequence[str]],
    reason: Reason,
    contract: Dataset | None,
    file: str,
    at: datetime,
) -> Iterator[_Line]:
    yield _Title(
        Text(
            fi="Tiedostoa ei voitu lukea",
            sv="Filen kunde inte läsas",
            en="The file could not be read",
        )
    )
    yield _Line(_FILE, file)
    yield _Line(_WHO, f"{source} / {dataset}")
    yield _Line(_READ, _moment(at))
    yield _Line()
    yield _Title(Text(fi="Syy", sv="Orsak", en="Reason"))
    yield _Line(in_each(reason.of))
    yield _Line()
    yield _Title(_WHAT_TO_DO)
    folder = "" if contract is None else f" landing/{source}/{dataset}/"
    again = Text(
        fi=f"Korjaa syy ja tallenna tiedosto uudelleen kansioon{folder}.",
        sv=f"Rätta orsaken och spara filen på nytt i mappen{folder}.",
        en=f"Mend the reason and save the file in the folder{folder} again.",
    )
    template = Text(
        fi=f" Rivit voi myös kopioida tämän työkirjan taulukkoon {dataset} ja toimittaa sen.",
        sv=f" Raderna kan också kopieras till bladet {dataset} i den här arbetsboken, som sedan "
        "levereras.",
        en=f" The rows may also be put into the sheet {dataset} of this workbook, and that be "
        "delivered.",
    )
    if contract is None:
        yield _Line(again)
    else:
        yield _Line(in_each(lambda language: again.of(language) + template.of(language)))
    if first_rows:
        yield _Line()
        yield _Title(
            Text(
                fi="Tiedoston ensimmäiset rivit",
                sv="Filens första rader",
                en="The first rows of the file",
            )
        )
        for row in first_rows:
            # In one cell: a row of its own would make this sheet look like the delivery.
            yield _Line(" | ".join(row))
    if contract is not None:
        yield _Line()
        yield _Title(Text(fi="Sarakkeet", sv="Kolumner", en="Columns"))
        yield _Heading(
            Text(fi="Suomeksi", sv="På svenska", en="In English"),
            "Pakollinen / Obligatorisk / Required",
            Text(fi="Mitä", sv="Vad", en="What"),
        )
        for column in contract.columns:
            names, what, how = column.names, column.meaning, WRITING[column.kind]
            yield _Line(
                Text(", ".join(names.fi), ", ".join(names.sv), column.name),
                "x" if column.required else "",
                Text(*(f"{a} {b}" for a, b in zip(what, how, strict=True))),
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


def _lines(told: Sequence[tuple[Text, Reason]], language: str) -> str:
    lines = []
    for label, reason in told:
        name = label.of(language)
        lines.append(f"{name}: {reason.of(language)}" if name else reason.of(language))
    return "\n".join(dict.fromkeys(lines))


def _note(reasons: Sequence[Reason], languages: Sequence[str]) -> Comment:
    own, other = ([reason.of(language) for reason in reasons] for language in languages)
    return Comment(
        "\n".join(dict.fromkeys([*own, "", *other])), "Tilannekuva", height=140, width=320
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(HELSINKI):%Y-%m-%d %H:%M}"


def _write_lines(
    page: WriteOnlyWorksheet, lines: Iterable[_Line], languages: Sequence[str]
) -> None:
    """Lines with every `Text` in the given languages."""
    for letter in "ABCDEFG":
        page.column_dimensions[letter].width = 44
    for line in lines:
        cells = []
        for value in _in_cells(line, languages):
            if isinstance(value, str):
                cell = _styled(page, value, bold=isinstance(line, _Title), wrapped=True)
            else:
                cell = WriteOnlyCell(page, value)
            if isinstance(line, _Heading):
                cell.fill = OPTIONAL_FILL
            cells.append(cell)
        page.append(cells)


def _in_cells(line: _Line, languages: Sequence[str]) -> Iterator[object]:
    for value in line:
        if isinstance(value, Each):
            yield from map(value.of, languages)
        else:
            yield value
