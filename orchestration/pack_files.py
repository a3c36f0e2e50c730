"""The files of a reading pack that people read: a workbook and a page to print, from its content.

What belongs here: how content is shown, in Finnish. What does not: what is in a pack, and when one
is frozen (`reading_packs`). The page has no scripts and needs no network; what was
delivered as text is shown as text, never run as HTML or as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

#: Codes of the marts in Finnish; the catalogue's own words (groups, progress, segments, sources)
#: come with the content.
WORDS: Mapping[str, str] = {
    "absent": "puuttuu",
    "late": "myöhässä",
    "suppressed": "salattu",
    "not_available": "ei saatavilla",
    "partial": "osittainen",
    "series_break": "sarjakatko",
    "stale_source": "lähde vaiti",
    "unknown": "ei tiedetä, kenen pitäisi raportoida",
    "duplicate": "toistuva",
    "conflict": "ristiriita",
    "redundant": "sama tieto kahdesti",
    "period_overlap": "päällekkäiset jaksot",
    "nested_region": "alue alueen sisällä",
    "nested_segment": "summa osiensa rinnalla",
    "same_event": "sama tapahtuma",
    "approved": "hyväksytty",
    "not_approved": "ei hyväksytty",
    "not_delivered": "ei toimitettu",
    "not_due": "ei vielä ajankohtainen",
    "held": "pidetty",
    "not_held": "ei pidetty",
    "planned": "suunniteltu",
    "missing": "puuttuu",
    "expected": "vuosikellon kokous",
    "optional": "vuosikellon lisäkokous",
    "extra": "ylimääräinen",
    "running": "kesken",
    "at_least": "vähintään",
    "at_most": "enintään",
    "yes": "kyllä",
    "no": "ei",
    "on_the_way": "vuosi kesken",
    "count": "kpl",
    "persons": "henkilöä",
    "EUR": "€",
    "percent": "%",
    "ratio": "suhde",
    "score": "pistettä",
    "boolean": "1 = kyllä",
}
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

_STYLE = """
@page { size: A4 landscape; margin: 12mm; }
body { font: 10pt/1.35 system-ui, sans-serif; color: #111; max-width: 72rem; margin: 2rem auto; }
h1 { font-size: 17pt; margin: 0 0 .2rem; }
h2 { font-size: 12.5pt; margin: 1.4rem 0 .3rem; border-bottom: 1px solid #789; }
p { margin: .2rem 0; }
.sample { font-weight: 700; }
table { border-collapse: collapse; width: 100%; font-size: 7.5pt; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { text-align: left; background: #e8eef2; hyphens: auto; }
th, td { padding: .15rem .4rem; border-bottom: 1px solid #ccd; vertical-align: top; }
td.n { text-align: right; }
td.n, td.w { white-space: nowrap; }
footer { margin-top: 1.5rem; color: #555; font-size: 8.5pt; }
@media print { body { margin: 0; max-width: none; } }
"""


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
    parts = [
        "<!doctype html>",
        '<html lang="fi"><head><meta charset="utf-8">',
        f"<title>{escape(_title(content))}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{escape(_title(content))}</h1>",
    ]
    parts += [f"<p>{escape(line)}</p>" for line in _about(content)]
    if content["is_sample"]:
        parts.append('<p class="sample">Esimerkkiaineisto: luvut ovat keksittyjä.</p>')
    for section in content["sections"]:
        parts.append(f"<h2>{escape(section['title'])}</h2>")
        parts.append(
            _table(section, content["words"])
            if section["rows"]
            else f"<p>{escape(section['empty'])}</p>"
        )
    parts.append(
        f"<footer>Julkaisu {escape(content['publication'])}, "
        f"tiiviste {escape(content['content_hash'])}</footer></body></html>\n"
    )
    return "\n".join(parts).encode()


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _title(content: Mapping[str, Any]) -> str:
    return f"Ohjausryhmän lukupaketti: {content['region_name']}, {_day(content['planned_on'])}"


def _about(content: Mapping[str, Any]) -> list[str]:
    return [
        f"Alue {content['region']} {content['region_name']}. Tilannekuva sellaisena kuin se "
        f"tunnettiin {_day(content['frozen_on'])}; pakettia ei muuteta sen jälkeen."
    ]


def _table(section: Mapping[str, Any], words: Mapping[str, str]) -> str:
    columns: Sequence[Mapping[str, str]] = section["columns"]
    head = "".join(f"<th>{escape(column['title'])}</th>" for column in columns)
    lines = [f"<table><thead><tr>{head}</tr></thead><tbody>"]
    for row in section["rows"][:PAGE_ROWS]:
        cells = []
        for column in columns:
            value = shown(column["name"], row[column["name"]], words)
            if isinstance(value, int | float):
                # A year is a name, not a quantity.
                text = str(value) if column["name"] == "year" else number(value)
                cells.append(f'<td class="n">{text}</td>')
            else:
                kept = isinstance(row[column["name"]], date) or "period" in column["name"]
                tag = '<td class="w">' if kept else "<td>"
                cells.append(f"{tag}{escape(str(value))}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</tbody></table>")
    if (rows := len(section["rows"])) > PAGE_ROWS:
        lines.append(f"<p>Tässä {PAGE_ROWS} riviä; taulukossa pack.xlsx kaikki {rows}.</p>")
    return "\n".join(lines)


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
