"""The files of a reading pack that people read: a workbook and a page to print, from its content.

What belongs here: how content is shown, in Finnish. What does not: what is in a pack, and when one
is frozen (`reading_packs`). The page has no scripts and needs no network; what was
delivered as text is shown as text, never run as HTML or as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from orchestration.reading_packs.numbers import day, number, period

#: Columns that hold a period.
_PERIODS = frozenset({"period", "previous_period", "first_period", "last_period", "observed_until"})
#: Rows of a section that the page shows; the workbook and the JSON have all.
PAGE_ROWS = 100
_WIDEST = 60
_HEAD = PatternFill("solid", fgColor="FFDDE7EE")
#: Excel names no sheet with these, or with more characters than this.
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_SHEET_NAME = 31


def shown(
    column: Mapping[str, Any], row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]
) -> str | int | float:
    """A cell as people read it: codes and periods in words, yes and no and days in Finnish."""
    value = row[column["name"]]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "kyllä" if value else "" if column["only_yes"] else "ei"
    if isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):  # a moment too: nobody asks for its minute here
        return day(value)
    if column["words"]:
        return words[column["words"]].get(value, str(value))
    return period(value) if column["name"] in _PERIODS else str(value)


def _number_with_unit(
    value: float,
    column: Mapping[str, Any],
    row: Mapping[str, Any],
    words: Mapping[str, Mapping[str, str]],
) -> str:
    unit = row["unit"] if column["unit"] == "unit" else column["unit"]
    if unit == "boolean":
        return "kyllä" if value else "ei"
    decimals = 0 if unit == "EUR" else column["decimals"]
    if decimals is None and column["unit"] == "unit":
        decimals = row.get("decimals")
    text = number(value, 2 if decimals is None else decimals)
    # People and pieces are plain numbers in a table.
    sign = "" if unit in ("count", "persons") else words["units"].get(unit or "", unit or "")
    return f"{text}\u00a0{sign}" if sign else text


def page(content: Mapping[str, Any]) -> bytes:
    """The pack as one HTML page to read or print."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cells"] = _cells
    environment.filters["on_page"] = _on_page
    environment.filters["is_number"] = _is_number
    template = environment.get_template("page.html.j2")
    return template.render(
        title=_title(content),
        about=_about(content),
        content=content,
        sections=_shown_sections(content),
        page_rows=PAGE_ROWS,
    ).encode()


def _on_page(section: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Columns of the page: those that are not for the workbook only, and not empty in every row."""
    return [
        column
        for column in section["columns"]
        if column["page"] and any(row[column["name"]] not in (None, "") for row in section["rows"])
    ]


def _is_number(column: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the cells of a column are numbers, so that its heading stands above them."""
    values = [row[column["name"]] for row in rows if row[column["name"]] is not None]
    return all(
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in values
    )


def _cells(
    row: Mapping[str, Any],
    columns: Sequence[Mapping[str, Any]],
    words: Mapping[str, Mapping[str, str]],
) -> Iterator[tuple[str, str]]:
    """The class and the text of each cell of a row."""
    for column in columns:
        name = column["name"]
        value = shown(column, row, words)
        if isinstance(value, int | float):
            # A year is a name, not a quantity.
            told = str(value) if name == "year" else _number_with_unit(value, column, row, words)
            yield "number", told
        else:
            is_short = isinstance(row[name], date) or name in _PERIODS or name == "change_shown"
            yield "nowrap" if is_short else "", value


def _title(content: Mapping[str, Any]) -> str:
    return f"Ohjausryhmän lukupaketti: {content['region_name']}, {day(content['planned_on'])}"


def _about(content: Mapping[str, Any]) -> list[str]:
    around = f" Maakunta on {content['mk_name']}." if content["mk_name"] else ""
    return [
        f"Tilannekuva sellaisena kuin se tunnettiin {day(content['frozen_on'])}; pakettia ei "
        f"muuteta sen jälkeen.{around}"
    ]


def _shown_sections(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [section for section in content["sections"] if section["rows"] or not section["quiet"]]


def workbook(content: Mapping[str, Any]) -> bytes:
    """The pack as a workbook: a first sheet that says what it is, then one for each section."""
    book = Workbook()
    book.properties.creator = "Tilannekuva"
    first = book.active
    assert first is not None
    first.title = "Lukupaketti"
    told = [
        _title(content),
        *_about(content),
        *(["Esimerkkiaineisto: luvut ovat keksittyjä."] if content["is_sample"] else []),
        *content["summary"],
        f"Julkaisu {content['publication']}, tiiviste {content['content_hash']}",
    ]
    for line, text in enumerate(told, start=1):
        _write(first.cell(line, 1), text)
    first.cell(1, 1).font = Font(bold=True, size=14)
    first.column_dimensions["A"].width = 110
    for section in _shown_sections(content):
        sheet = book.create_sheet(_sheet_name(section["title"]))
        columns = section["columns"]
        for place, column in enumerate(columns, start=1):
            head = sheet.cell(1, place, column["title"])
            head.font, head.fill = Font(bold=True), _HEAD
        for line, row in enumerate(section["rows"], start=2):
            for place, column in enumerate(columns, start=1):
                value = row[column["name"]]
                if not isinstance(value, date) or isinstance(value, datetime):
                    value = shown(column, row, content["words"])
                _write(sheet.cell(line, place), value)
        if not section["rows"]:
            _write(sheet.cell(2, 1), section["empty"])
        for place, column in enumerate(columns, start=1):
            texts = (shown(column, row, content["words"]) for row in section["rows"])
            width = max([len(column["title"]), *(len(str(text)) for text in texts)])
            sheet.column_dimensions[get_column_letter(place)].width = min(width, _WIDEST) + 2
        sheet.freeze_panes = "A2"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _write(cell: Any, value: str | float | date) -> None:
    """A value into a cell: days and numbers as such, everything else as plain text."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # also where it begins with =
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "d.m.yyyy"


def _sheet_name(title: str) -> str:
    return title.translate(_NOT_IN_SHEET_NAMES)[:_SHEET_NAME]
