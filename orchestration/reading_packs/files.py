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

_CODED = frozenset(
    {
        "kind", "plan_status", "status", "clock_role", "group_name", "segment", "missing_because",
        "unit", "source", "kept_source", "other_source", "running", "target_side",
        "target_reached",
    }
)  # fmt: skip
#: Rows of a section that the page shows; the workbook and the JSON have all.
PAGE_ROWS = 100
_WIDEST = 60
_HEAD = PatternFill("solid", fgColor="FFDDE7EE")
#: Excel names no sheet with these, or with more characters than this.
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_SHEET_NAME = 31


def shown(column: str, value: Any, words: Mapping[str, str]) -> str | int | float:
    """A value as people read it: codes in words, days and yes or no in Finnish."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "kyllä" if value else "ei"
    if isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):  # a moment too: nobody asks for its minute here
        return _day(value)
    if column in _CODED:
        return words.get(value, str(value))
    return str(value)


def number(value: float) -> str:
    """A number as Finns write it: a no-break space between thousands, a decimal comma."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(",", "\u00a0").replace(".", ",")


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
    template = environment.get_template("page.html.j2")
    return template.render(
        title=_title(content), about=_about(content), content=content, page_rows=PAGE_ROWS
    ).encode()


def _cells(
    row: Mapping[str, Any], columns: Sequence[Mapping[str, str]], words: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The class and the text of each cell of a row."""
    for column in columns:
        name = column["name"]
        value = shown(name, row[name], words)
        if isinstance(value, int | float):
            # A year is a name, not a quantity.
            yield "number", str(value) if name == "year" else number(value)
        else:
            is_short = isinstance(row[name], date) or "period" in name
            yield "nowrap" if is_short else "", value


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _title(content: Mapping[str, Any]) -> str:
    return f"Ohjausryhmän lukupaketti: {content['region_name']}, {_day(content['planned_on'])}"


def _about(content: Mapping[str, Any]) -> list[str]:
    return [
        f"Alue {content['region']} {content['region_name']}. Tilannekuva sellaisena kuin se "
        f"tunnettiin {_day(content['frozen_on'])}; pakettia ei muuteta sen jälkeen."
    ]


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
        f"Julkaisu {content['publication']}, tiiviste {content['content_hash']}",
    ]
    for line, text in enumerate(told, start=1):
        _write(first.cell(line, 1), text)
    first.cell(1, 1).font = Font(bold=True, size=14)
    first.column_dimensions["A"].width = 110
    for section in content["sections"]:
        sheet = book.create_sheet(_sheet_name(section["title"]))
        columns = section["columns"]
        for place, column in enumerate(columns, start=1):
            head = sheet.cell(1, place, column["title"])
            head.font, head.fill = Font(bold=True), _HEAD
        for line, row in enumerate(section["rows"], start=2):
            for place, column in enumerate(columns, start=1):
                value = row[column["name"]]
                if not isinstance(value, date) or isinstance(value, datetime):
                    value = shown(column["name"], value, content["words"])
                _write(sheet.cell(line, place), value)
        if not section["rows"]:
            _write(sheet.cell(2, 1), section["empty"])
        for place, column in enumerate(columns, start=1):
            texts = (
                shown(column["name"], r[column["name"]], content["words"]) for r in section["rows"]
            )
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
