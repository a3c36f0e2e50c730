"""What a file begins with, for people who are told that it could not be read."""

from __future__ import annotations

import codecs
import itertools

from assets.landing.reader.text import encoding_of
from assets.landing.reader.workbook import Workbook, is_workbook
from assets.raw.content import Content
from assets.vocabulary import UnreadableDelivery

#: Rows, cells of them and characters of those that are shown.
_ROWS, _CELLS, _CHARACTERS = 5, 20, 200
_HEAD = 4096


def glimpse(content: Content) -> list[list[str]]:
    """The first rows of a file as far as they can be read; none where it is no text or workbook."""
    try:
        if is_workbook(content):
            for table in Workbook(content).tables(hidden=False):
                rows = [cells for _, cells in itertools.islice(table.top(), _ROWS)]
                return [[cell[:_CHARACTERS] for cell in cells[:_CELLS]] for cells in rows]
            return []
        # The last character of the piece may be cut in two.
        decoder = codecs.getincrementaldecoder(encoding_of(content).name)("replace")
        lines = decoder.decode(content.head(_HEAD)).splitlines()
    except UnreadableDelivery:
        return []
    return [[line[:_CHARACTERS]] for line in lines if line.strip()][:_ROWS]
