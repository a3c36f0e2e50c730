"""Files to rows: any file that people really make, as cells of text with line numbers.

    text        CSV: encoding, separator, lines; a file of any size in bounded memory
    workbook    .xlsx and .xls: sheets, cells, what Excel made of them
    header      which row is the header, of the contract or of a known layout
    foreign     rows of foreign files, by their layout
    glimpse     what an unreadable file begins with
    judging     which rows are no rows of the table, and what only a whole column can tell

What does not belong here: what a cell means in the catalogue (`assets.landing.delivery`) and what
foreign files look like (`assets.landing.layouts`).
"""

from assets.landing.reader.glimpse import glimpse
from assets.landing.reader.header import HEADER_ROWS, read_sheet
from assets.landing.reader.sheet import Row, Sheet
from assets.landing.reader.workbook import is_workbook

__all__ = ["HEADER_ROWS", "Row", "Sheet", "glimpse", "is_workbook", "read_sheet"]
