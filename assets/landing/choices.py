"""Workbooks for partners: languages, lists that cells are chosen from, checks while one writes.

Everything follows from the contract (`datasets`), the catalogue and the words for people
(`guidance`). What belongs here: what templates and answers share. What does not: which sheets they
have (templates, answers) and reading deliveries.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, Column, Dataset, Kind
from assets.landing.guidance import WRITING
from assets.landing.understanding import FIRST_DAY, LAST_YEAR, OUTER_TYPES
from assets.languages import Each

#: Excel shows no longer prompt, and no longer warning.
_PROMPT, _WARNING = 255, 225
_NAMELESS = frozenset({"NUTS1", "NUTS2", "NUTS3"})
_SAVED_AT = datetime(2020, 1, 1)  # noqa: DTZ001 - a workbook has no time zone
_ZIP_TIME = (2020, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_LISTS = "Lists"

REQUIRED_FILL = PatternFill("solid", fgColor="FFFFD966")
"""Behind the header of a column that every row fills."""
OPTIONAL_FILL = PatternFill("solid", fgColor="FFEDEDED")
"""Behind the header of any other column."""
#: Excel must not take a period for a date, nor eat the zero that an id begins with.
AS_TEXT = "@"
_FORMATS: Mapping[Kind, str] = {
    Kind.MONEY: "#,##0.00",
    Kind.COUNT: "0",
    Kind.YEAR: "0",
    Kind.PERCENT: "0.0",
    Kind.VALUE: "General",
    Kind.NUMBER: "General",
}
_DAYS = frozenset({Kind.DAY, Kind.PLANNED_DAY})
_WIDE = frozenset({Kind.TEXT, Kind.LIST, Kind.URL, Kind.INDICATOR, Kind.INDICATORS})


@dataclass(frozen=True)
class Language:
    """How people write in one language.

    Attributes:
        code: one of `LANGUAGES`.
        delimiter: of a CSV, as Excel expects it there.
        decimal: the decimal sign of a CSV.
        day_format: of a day in Excel.
        help: name of the sheet that explains the columns.
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
        name = column.label.of(self.code)
        # In English it is the contract's name, which people also write into programs.
        return name if self.code == "en" else name[0].upper() + name[1:]

    def day(self, day: date) -> str:
        """A day in a CSV."""
        return day.isoformat() if self.code == "en" else f"{day.day}.{day.month}.{day.year}"

    def format(self, column: Column) -> str:
        """The number format of a column's cells."""
        return self.day_format if column.kind in _DAYS else _FORMATS.get(column.kind, AS_TEXT)


IN_LANGUAGE = Each(
    fi=Language(
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
    sv=Language(
        "sv",
        ";",
        ",",
        "d.m.yyyy",
        "Anvisningar",
        ("Kolumn", "Obligatorisk", "Vad", "Hur", "Lista"),
        ("ja", "nej"),
        "Gula kolumner med fet rubrik är obligatoriska. Spara filen i mappen "
        "landing/<källa>/{dataset}/. En levererad fil ändras inte: rättelser levereras i en ny "
        "fil.",
    ),
    en=Language(
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
)
"""How people write in each language."""


@dataclass(frozen=True)
class Choices:
    """What the cells of a dataset are chosen from, in one language.

    Attributes:
        dataset: the contract.
        catalogue: where the lists come from.
        language: of the names in them.
        source: whose indicators alone are meant; of all sources where it is None.
    """

    dataset: Dataset
    catalogue: Catalogue
    language: Language
    source: str | None

    def names(self, column: Column) -> Mapping[str, str]:
        """Codes of a column's list with their names, in the order in which they are offered."""
        language, catalogue = self.language.code, self.catalogue
        if column.words or column.kind is Kind.SEGMENT:
            words = catalogue.words[column.words] if column.words else catalogue.segment_words
            return {word.code: word.names.of(language) for word in words}
        if column.kind is Kind.INDICATOR:
            return {
                i.indicator: i.names.of(language)
                for i in catalogue.indicators.values()
                if self._is_offered(i.indicator)
            }
        if column.kind is Kind.ACTOR:
            # Who logs an event is a deliverer of such logs; any organisation may be responsible.
            any_of_them = self.dataset.makes != "event"
            return {
                s.source: s.names.of(language)
                for s in catalogue.sources.values()
                if any_of_them or self.dataset.name in s.datasets
            }
        if column.kind is Kind.REGION_TYPE:
            return {code: names.of(language) for code, names in catalogue.region_types.items()}
        return {}

    def _is_offered(self, indicator: str) -> bool:
        """Whether a row may be about an indicator; a measurement is of what its source measures."""
        sources = self.catalogue.indicator_sources.get(indicator, ())
        if self.source and self.dataset.makes == "measurement":
            return self.source in sources
        return bool(sources)

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """Regions of today as they are offered; NUTS regions bear the names of others."""
        return {
            r.region: f"{r.region} {r.names.of(self.language.code)}"
            for r in self.catalogue.regions
            if not r.valid_to and r.region_type not in _NAMELESS
        }

    def offered(self, column: Column) -> list[str]:
        """What a cell is chosen from; empty where it is written freely."""
        if column.kind is Kind.REGION:
            return list(self.regions.values())
        if column.kind is Kind.OUTER_REGION:
            outer = {r.region for r in self.catalogue.regions if r.region_type in OUTER_TYPES}
            return [name for code, name in self.regions.items() if code in outer]
        if column.kind is Kind.DATASET:
            return list(DATASETS)
        if column.kind is Kind.UNIT:
            return list(self.catalogue.units)
        if column.kind is Kind.OBS_STATUS:
            return sorted(self.catalogue.obs_statuses)
        if column.kind is Kind.CONF_STATUS:
            return sorted(self.catalogue.conf_statuses)
        return list(self.names(column).values())

    def check(self, column: Column, position: int, rows: int, lists: Lists) -> DataValidation:
        """Tell how a cell is written, offer its list, and warn where it will not be understood.

        A warning may be overruled: the reader understands more than a list can show.

        Args:
            column: of the contract.
            position: where it stands (1 = first).
            rows: how many rows below the header are checked.
            lists: takes the column's list up.
        """
        if offered := self.offered(column):
            rule = DataValidation("list", lists.add(offered))
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
        code = self.language.code
        told = (column.meaning.of(code), WRITING[column.kind].of(code))
        rule.errorStyle = "warning"
        rule.allow_blank = True
        rule.showErrorMessage = rule.showInputMessage = True
        rule.error, rule.prompt = told[1][:_WARNING], " ".join(told)[:_PROMPT]
        letter = get_column_letter(position)
        rule.add(f"{letter}2:{letter}{rows + 1}")
        return rule


@dataclass
class Lists:
    """The hidden sheet that the lists of a workbook stand on, a column each."""

    _columns: list[Sequence[str]] = field(default_factory=list)

    def add(self, offered: Sequence[str]) -> str:
        """Take a list up; the formula that refers to it."""
        self._columns.append(offered)
        letter = get_column_letter(len(self._columns))
        return f"{_LISTS}!${letter}$1:${letter}${len(offered)}"

    def write(self, book: Workbook) -> None:
        """Add the sheet to a workbook, behind the sheets that it has."""
        sheet = book.create_sheet(_LISTS)
        sheet.sheet_state = "hidden"
        for row in itertools.zip_longest(*self._columns):
            sheet.append(row)


def width_of(header: str, column: Column | None) -> int:
    """How wide a column is shown."""
    return max(len(header) + 4, 30 if column is None or column.kind in _WIDE else 16)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook, the same whenever it is saved."""
    book.properties.creator = "Tilannekuva"
    book.properties.created = _SAVED_AT
    stream = io.BytesIO()
    book.save(stream)
    return _without_times(stream)


def _serial(day: date) -> str:
    """A day as Excel counts it."""
    return str((day - date(1899, 12, 30)).days)


def _without_times(archive: io.BytesIO) -> bytes:
    """The same archive without the times at which it was saved."""
    plain = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(plain, "w") as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _TIMES.sub(rb"\g<1>2020-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return plain.getvalue()
