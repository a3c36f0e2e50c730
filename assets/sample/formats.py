"""Rows to the bytes of a delivery: CSV in the dialects partners use, and XLSX.

The same rows always give the same bytes: the time of saving is removed from a workbook's archive
and properties.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

#: First line of every CSV and first row of every workbook. Plain ASCII, so that it reads the
#: same in every encoding.
TITLE = "SAMPLE DATA - invented figures, real region codes"

_SAVED_AT = datetime(2020, 1, 1)  # noqa: DTZ001 - a workbook has no time zone
_ZIP_TIME = (2020, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True)
class SampleFile:
    """One file of the sample.

    Attributes:
        path: below the sample folder: `landing/<source>/<dataset>/<file>`.
        content: its bytes.
        delivered_on: the day it would have been delivered; becomes its modification time.
    """

    path: str
    content: bytes
    delivered_on: date


@dataclass(frozen=True)
class Dialect:
    """How one partner writes CSV."""

    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str]], dialect: Dialect | None = None
) -> bytes:
    """A CSV with the title line, a header and rows."""
    dialect = dialect or Dialect()
    stream = io.StringIO()
    stream.write(TITLE + dialect.newline)
    writer = csv.writer(stream, delimiter=dialect.delimiter, lineterminator=dialect.newline)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode(dialect.encoding)


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str) -> bytes:
    """A workbook with one sheet: the title row, an empty row, a header and rows.

    A `date` becomes a real date cell.
    """
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "Tilannekuva"
    workbook.properties.created = _SAVED_AT
    page = workbook.create_sheet(sheet)
    page.append([TITLE])
    page.append([])
    page.append(list(header))
    for row in rows:
        page.append(list(row))
    saved = io.BytesIO()
    workbook.save(saved)
    return _without_times(saved)


def _without_times(saved: io.BytesIO) -> bytes:
    """The same archive with fixed times, entries in the order of their names."""
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
