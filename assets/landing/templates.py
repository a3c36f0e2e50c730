"""Templates for partners: an empty file and a filled-in example of each dataset, in two languages.

Everything in them follows from the contract (`datasets`), the catalogue and the words for people
(`guidance`), so a word or an indicator more is in the next templates by itself. The same
catalogue always gives the same bytes. What does not belong here: reading deliveries.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assets.catalogue import Catalogue, Region, Word
from assets.errors import TilannekuvaError
from assets.landing.datasets import DATASETS, Column, Dataset, Kind
from assets.landing.guidance import (
    EXAMPLES,
    LANGUAGES,
    Cell,
    about,
    meaning,
    writing,
)
from assets.landing.understanding import FIRST_DAY, LAST_YEAR, OUTER_TYPES

#: Rows of a template that are checked while they are written.
_ROWS = 10_000
#: Excel shows no longer prompt.
_PROMPT = 255
_NAMELESS = frozenset({"NUTS1", "NUTS2", "NUTS3"})
_SAVED_AT = datetime(2020, 1, 1)  # noqa: DTZ001 - a workbook has no time zone
_ZIP_TIME = (2020, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")

_REQUIRED = PatternFill("solid", fgColor="FFFFD966")
_OPTIONAL = PatternFill("solid", fgColor="FFEDEDED")
_LISTS = "Lists"
#: Excel must not take a period for a date, nor eat the zero that an id begins with.
_AS_TEXT = "@"
_FORMATS: Mapping[Kind, str] = {
    Kind.MONEY: "#,##0.00",
    Kind.COUNT: "0",
    Kind.YEAR: "0",
    Kind.PERCENT: "0.0",
    Kind.VALUE: "General",
}
_DAYS = frozenset({Kind.DAY, Kind.PLANNED_DAY})
_REGIONS = frozenset({Kind.REGION, Kind.OUTER_REGION})
_WIDE = frozenset({Kind.TEXT, Kind.LIST, Kind.URL, Kind.INDICATOR, Kind.INDICATORS})


@dataclass(frozen=True)
class _Language:
    """How people write in one language.

    Attributes:
        code: `fi` or `en`.
        delimiter: of a CSV, as Excel expects it there.
        decimal: the decimal sign of a CSV.
        day_format: of a day in Excel.
        help: name of the second sheet.
        headings: of the table on it.
        required: what stands beside required and optional columns.
        how: what to do with the file; takes the dataset.
    """

    code: str
    delimiter: str
    decimal: str
    day_format: str
    help: str
    headings: tuple[str, ...]
    required: tuple[str, str]
    how: str

    def header(self, column: Column) -> str:
        """The header of a column."""
        if self.code == "en":
            return column.name
        return column.aliases[0][0].upper() + column.aliases[0][1:]

    def name(self, word: Word) -> str:
        """The name of a word."""
        return word.name_fi if self.code == "fi" else word.name_en

    def day(self, day: date) -> str:
        """A day in a CSV."""
        return f"{day.day}.{day.month}.{day.year}" if self.code == "fi" else day.isoformat()


_LANGUAGES: Mapping[str, _Language] = {
    "fi": _Language(
        "fi",
        ";",
        ",",
        "d.m.yyyy",
        "Ohje",
        ("Sarake", "Pakollinen", "Mitä", "Miten", "Luettelo"),
        ("kyllä", "ei"),
        "Lihavoidut, keltaiset sarakkeet ovat pakollisia. Tallenna tiedosto kansioon "
        "landing/<lähde>/{dataset}/. Valmista tiedostoa ei muuteta: korjaukset toimitetaan "
        "uudessa tiedostossa.",
    ),
    "en": _Language(
        "en",
        ",",
        ".",
        "yyyy-mm-dd",
        "Help",
        ("Column", "Required", "What", "How", "List"),
        ("yes", "no"),
        "Columns in bold on yellow are required. Save the file in the folder "
        "landing/<source>/{dataset}/. A delivered file is not changed: corrections come in a new "
        "file.",
    ),
}


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
        languages: any of `fi`, `en`.
        source: whose datasets and indicators alone are meant; all by default. An example of
            what the source does not measure is left out.

    Returns:
        The files, in the order of the contract.

    Raises:
        TilannekuvaError: a language or the source is not known, or a file cannot be written.
    """
    if unknown := sorted(set(languages) - set(_LANGUAGES)):
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
                template = _Template(dataset, catalogue, _LANGUAGES[language], source)
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
    language: _Language
    source: str | None

    def files(self) -> list[tuple[str, bytes]]:
        """Names and contents: the template and the example, each as CSV and as workbook."""
        stem = f"{self.dataset.name}_{self.language.code}"
        rows = EXAMPLES[self.dataset.name].rows
        template = [(f"{stem}.csv", self._csv(())), (f"{stem}.xlsx", self._workbook(()))]
        indicators = [c.name for c in self.dataset.columns if c.kind is Kind.INDICATOR]
        if not all(self._is_measured(str(row[name])) for row in rows for name in indicators):
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
        if column.kind in _REGIONS:
            regions = {r.region: f"{r.region} {self._region_name(r)}" for r in self._regions}
            return regions[value]
        return self._names(column).get(value, value)

    def _names(self, column: Column) -> Mapping[str, str]:
        """Codes of a column's list with their names, in the order in which they are offered."""
        language, catalogue = self.language, self.catalogue
        if column.words:
            return {word.code: language.name(word) for word in catalogue.words[column.words]}
        if column.kind is Kind.SEGMENT:
            return {word.code: language.name(word) for word in catalogue.segment_words}
        if column.kind is Kind.INDICATOR:
            return {
                i.indicator: i.name_fi if language.code == "fi" else i.name_en
                for i in catalogue.indicators.values()
                if self._is_measured(i.indicator)
            }
        if column.kind is Kind.ACTOR:
            return {
                s.source: s.name_fi if language.code == "fi" else s.name
                for s in catalogue.sources.values()
                if self.dataset.name in s.datasets
            }
        if column.kind is Kind.REGION_TYPE:
            return {
                code: names[0 if language.code == "fi" else 2]
                for code, names in catalogue.region_types.items()
            }
        return {}

    def _is_measured(self, indicator: str) -> bool:
        """Whether whom the template is for may deliver an indicator."""
        sources = self.catalogue.indicator_sources.get(indicator, ())
        return self.source in sources if self.source else bool(sources)

    @cached_property
    def _regions(self) -> list[Region]:
        """Regions of today; NUTS regions bear the names of others."""
        return [
            r for r in self.catalogue.regions if not r.valid_to and r.region_type not in _NAMELESS
        ]

    def _region_name(self, region: Region) -> str:
        return region.name_fi if self.language.code == "fi" else region.name_en

    def _offered(self, column: Column) -> list[str]:
        """What a cell is chosen from; empty where it is written freely."""
        if column.kind in _REGIONS:
            return [
                f"{r.region} {self._region_name(r)}"
                for r in self._regions
                if column.kind is Kind.REGION or r.region_type in OUTER_TYPES
            ]
        if column.kind is Kind.UNIT:
            return list(self.catalogue.units)
        if column.kind is Kind.OBS_STATUS:
            return sorted(self.catalogue.obs_statuses)
        if column.kind is Kind.CONF_STATUS:
            return sorted(self.catalogue.conf_statuses)
        return list(self._names(column).values())

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
        book.properties.creator = "Tilannekuva"
        book.properties.created = _SAVED_AT
        page = book.active
        page.title = self.dataset.name
        self._write_help(book.create_sheet(self.language.help))
        lists = book.create_sheet(_LISTS)
        lists.sheet_state = "hidden"
        self._write_table(page, rows)
        for number, column in enumerate(self.dataset.columns, start=1):
            self._check_cells(page, get_column_letter(number), column, lists)
        saved = io.BytesIO()
        book.save(saved)
        return _without_times(saved)

    def _write_table(self, page: Worksheet, rows: Sequence[Mapping[str, Cell]]) -> None:
        for number, column in enumerate(self.dataset.columns, start=1):
            letter = get_column_letter(number)
            header = page.cell(1, number, self._headers[number - 1])
            header.font = Font(bold=column.required)
            header.fill = _REQUIRED if column.required else _OPTIONAL
            form = self._format(column)
            page.column_dimensions[letter].width = max(
                len(self._headers[number - 1]) + 4, 30 if column.kind in _WIDE else 16
            )
            page.column_dimensions[letter].number_format = form
            for line, row in enumerate(rows, start=2):
                if (value := self._cell(column, row.get(column.name))) is not None:
                    page.cell(line, number, value).number_format = form
        page.freeze_panes = "A2"

    def _format(self, column: Column) -> str:
        if column.kind in _DAYS:
            return self.language.day_format
        return _FORMATS.get(column.kind, _AS_TEXT)

    def _check_cells(self, page: Worksheet, letter: str, column: Column, lists: Worksheet) -> None:
        """Tell how a cell is written, offer its list, and warn where it will not be understood.

        A warning may be overruled: the reader understands more than a list can show.
        """
        if offered := self._offered(column):
            at = lists.max_column + (1 if lists.cell(1, 1).value is not None else 0)
            for line, text in enumerate(offered, start=1):
                lists.cell(line, at, text)
            place = get_column_letter(at)
            rule = DataValidation("list", f"{_LISTS}!${place}$1:${place}${len(offered)}")
        elif column.kind in _DAYS:
            first, last = (_serial(day) for day in (FIRST_DAY, date(LAST_YEAR, 12, 31)))
            rule = DataValidation("date", first, last, operator="between")
        elif column.kind is Kind.YEAR:
            rule = DataValidation("whole", str(FIRST_DAY.year), str(LAST_YEAR), operator="between")
        elif column.kind is Kind.PERCENT:
            rule = DataValidation("decimal", "0", "100", operator="between")
        elif column.kind is Kind.COUNT:
            rule = DataValidation("whole", "0", operator="greaterThanOrEqual")
        elif column.kind is Kind.MONEY:
            rule = DataValidation("decimal", "0", operator="greaterThanOrEqual")
        else:
            rule = DataValidation(None)
        told = (meaning(self.dataset, column, self.language.code), self._written(column))
        rule.errorStyle = "warning"
        rule.allow_blank = True
        rule.showErrorMessage = rule.showInputMessage = True
        rule.error, rule.prompt = told[1][:_PROMPT], " ".join(told)[:_PROMPT]
        rule.add(f"{letter}2:{letter}{_ROWS + 1}")
        page.add_data_validation(rule)

    def _written(self, column: Column) -> str:
        return writing(column, self.language.code)

    def _write_help(self, page: Worksheet) -> None:
        language = self.language
        page.append([self.dataset.name])
        page.append([about(self.dataset, language.code)])
        page.append([language.how.format(dataset=self.dataset.name)])
        page.append([])
        page.append(language.headings)
        page.cell(1, 1).font = Font(bold=True, size=14)
        for cell in page[5]:
            cell.font = Font(bold=True)
        for column in self.dataset.columns:
            offered = self._offered(column) if column.kind is not Kind.REGION else []
            page.append(
                [
                    language.header(column),
                    language.required[0 if column.required else 1],
                    meaning(self.dataset, column, language.code),
                    self._written(column),
                    "; ".join(offered),
                ]
            )
            row = page[page.max_row]
            row[0].font = Font(bold=column.required)
            row[0].fill = _REQUIRED if column.required else _OPTIONAL
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for letter, width in zip("ABCDE", (24, 12, 48, 48, 60), strict=True):
            page.column_dimensions[letter].width = width


def _serial(day: date) -> str:
    """A day as Excel counts it."""
    return str((day - date(1899, 12, 30)).days)


def _without_times(saved: io.BytesIO) -> bytes:
    """The same archive without the times at which it was saved."""
    plain = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(plain, "w") as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _TIMES.sub(rb"\g<1>2020-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return plain.getvalue()
