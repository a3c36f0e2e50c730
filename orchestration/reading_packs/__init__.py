"""Reading packs: the picture of a region as known some days before its steering group meets.

freezing        which meetings get a pack, and its files, which never change
content         what is in a pack, out of the table functions of a publication
sections.yaml   its sections and their headings
words.yaml      codes in Finnish
numbers         numbers, days and periods in Finnish
files           the workbook and the page
page.html.j2    the template of the page
"""

from orchestration.reading_packs.freezing import (
    FILES,
    ReadingPack,
    freeze_reading_packs,
    reading_packs,
)

__all__ = ["FILES", "ReadingPack", "freeze_reading_packs", "reading_packs"]
