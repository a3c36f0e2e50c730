"""Templates for partners: an empty file and a filled-in example of each dataset, in every language.

Everything in them follows from the contract (`datasets`), the catalogue and the words for people
(`guidance`), so a word or an indicator more is in the next templates by itself. The same
catalogue always gives the same bytes. What does not belong here: reading deliveries.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, Cell, Column, Dataset, Kind
from assets.errors import TilannekuvaError
from assets.landing.choices import (
    IN_LANGUAGE,
    OPTIONAL_FILL,
    REQUIRED_FILL,
    Choices,
    Language,
    Lists,
    saved,
    width_of,
)
from assets.landing.guidance import EXAMPLES, WRITING
from assets.languages import LANGUAGES

#: Rows of a template that are checked while they are written.
_ROWS = 10_000


def write_templates(
    directory: Path,
    catalogue: Catalogue,
    languages: Sequence[str] = LANGUAGES,
    source: str | None = None,
) -> list[Path]:
    """Write templates and examples: `<dataset>_<language>[_example].csv` and `.xlsx`.

    Args:
        directory: where to; made where it does not exist, files of the names are replaced.
        catalogue: lists that cells are chosen from.
        languages: any of `LANGUAGES`.
        source: whose datasets and indicators alone are meant; all by default. An example of
            what the source does not measure is left out.

    Returns:
        The files, in the order of the contract.

    Raises:
        TilannekuvaError: a language or the source is not known, or a file cannot be written.
    """
    if unknown := sorted(set(languages) - set(LANGUAGES)):
        raise TilannekuvaError(
            f"There are no templates in {', '.join(unknown)}; choose from {', '.join(LANGUAGES)}."
        )
    if source is not None and source not in catalogue.sources:
        known = ", ".join(sorted(catalogue.sources))
        raise TilannekuvaError(f"{source!r} is not a source of the catalogue ({known}).")
    datasets = [
        dataset
        for dataset in DATASETS.values()
        if source is None or dataset.name in catalogue.sources[source].datasets
    ]
    written: list[Path] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for dataset in datasets:
            for language in languages:
                template = _Template(dataset, catalogue, IN_LANGUAGE.of(language), source)
                for name, content in template.files():
                    written.append(directory / name)
                    written[-1].write_bytes(content)
    except OSError as error:
        raise TilannekuvaError(
            f"The templates cannot be written to {directory}: {error}."
        ) from error
    return written


@dataclass(frozen=True)
class _Template:
    """The files of one dataset in one language."""

    dataset: Dataset
    catalogue: Catalogue
    language: Language
    source: str | None

    @cached_property
    def _choices(self) -> Choices:
        return Choices(self.dataset, self.catalogue, self.language, self.source)

    def files(self) -> list[tuple[str, bytes]]:
        """Names and contents: the template and the example, each as CSV and as workbook."""
        stem = f"{self.dataset.name}_{self.language.code}"
        rows = EXAMPLES[self.dataset.name].rows
        template = [(f"{stem}.csv", self._csv(())), (f"{stem}.xlsx", self._workbook(()))]
        indicators = [c for c in self.dataset.columns if c.kind is Kind.INDICATOR]
        offered = [set(self._choices.names(column)) for column in indicators]
        given = [{row[c.name] for row in rows if c.name in row} for c in indicators]
        if any(cells - known for cells, known in zip(given, offered, strict=True)):
            return template
        return [
            *template,
            (f"{stem}_example.csv", self._csv(rows)),
            (f"{stem}_example.xlsx", self._workbook(rows)),
        ]

    # -- cells -----------------------------------------------------------------------------

    @cached_property
    def _headers(self) -> list[str]:
        return [self.language.header(column) for column in self.dataset.columns]

    def _cell(self, column: Column, value: Cell | None) -> Cell | None:
        """A cell as people write it in the language: names in place of codes."""
        if not isinstance(value, str):
            return value
        if column.kind in (Kind.REGION, Kind.OUTER_REGION):
            return self._choices.regions[value]
        return self._choices.names(column).get(value, value)

    # -- CSV -------------------------------------------------------------------------------

    def _csv(self, rows: Sequence[Mapping[str, Cell]]) -> bytes:
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=self.language.delimiter, lineterminator="\r\n")
        writer.writerow(self._headers)
        writer.writerows(
            [self._text(self._cell(c, row.get(c.name))) for c in self.dataset.columns]
            for row in rows
        )
        # With a byte order mark Excel reads the file as what it is.
        return stream.getvalue().encode("utf-8-sig")

    def _text(self, value: Cell | None) -> str:
        if value is None:
            return ""
        if isinstance(value, date):
            return self.language.day(value)
        if isinstance(value, float | Decimal):
            return str(value).replace(".", self.language.decimal)
        return str(value)

    # -- workbook --------------------------------------------------------------------------

    def _workbook(self, rows: Sequence[Mapping[str, Cell]]) -> bytes:
        book = Workbook()
        page = book.active
        page.title = self.dataset.name
        self._write_help(book.create_sheet(self.language.help))
        self._write_table(page, rows)
        lists = Lists()
        for number, column in enumerate(self.dataset.columns, start=1):
            page.add_data_validation(self._choices.check(column, number, _ROWS, lists))
        lists.write(book)
        return saved(book)

    def _write_table(self, page: Worksheet, rows: Sequence[Mapping[str, Cell]]) -> None:
        for number, column in enumerate(self.dataset.columns, start=1):
            letter = get_column_letter(number)
            header = page.cell(1, number, self._headers[number - 1])
            header.font = Font(bold=column.required)
            header.fill = REQUIRED_FILL if column.required else OPTIONAL_FILL
            form = self.language.format(column)
            page.column_dimensions[letter].width = width_of(self._headers[number - 1], column)
            page.column_dimensions[letter].number_format = form
            for line, row in enumerate(rows, start=2):
                if (value := self._cell(column, row.get(column.name))) is not None:
                    page.cell(line, number, value).number_format = form
        page.freeze_panes = "A2"

    def _write_help(self, page: Worksheet) -> None:
        language = self.language
        page.append([self.dataset.name])
        page.append([self.dataset.row.of(language.code)])
        page.append([language.how.format(dataset=self.dataset.name)])
        page.append([])
        page.append(language.headings)
        page.cell(1, 1).font = Font(bold=True, size=14)
        for cell in page[5]:
            cell.font = Font(bold=True)
        for column in self.dataset.columns:
            offered = self._choices.offered(column) if column.kind is not Kind.REGION else []
            page.append(
                [
                    language.header(column),
                    language.required[0 if column.required else 1],
                    column.meaning.of(language.code),
                    WRITING[column.kind].of(language.code),
                    "; ".join(offered),
                ]
            )
            row = page[page.max_row]
            row[0].font = Font(bold=column.required)
            row[0].fill = REQUIRED_FILL if column.required else OPTIONAL_FILL
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for letter, width in zip("ABCDE", (24, 12, 48, 48, 60), strict=True):
            page.column_dimensions[letter].width = width
