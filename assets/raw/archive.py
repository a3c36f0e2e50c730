"""The parts of one fetch as one content: a single part as it came, several as a plain archive.

The archive depends on nothing but names and bytes of its parts, so equal answers have an equal
digest. It is not compressed: the raw zone compresses what it keeps.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from assets.raw.content import Content
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class NamedPart(NamedTuple):
    """One answer of a fetch; the extension of the name tells its format."""

    name: str
    content: bytes


def pack(parts: Sequence[NamedPart]) -> tuple[Content, str]:
    """The content of a delivery and its file extension, in memory."""
    if len(parts) == 1:
        return Content(parts[0].content), parts[0].name.rpartition(".")[2]
    archive = io.BytesIO()
    _write(archive, parts)
    return Content(archive.getvalue()), "zip"


def pack_to(path: Path, parts: Iterable[NamedPart]) -> tuple[Content, str]:
    """As `pack`, into a file, one part in memory at a time; an archive also of a single part."""
    with path.open("wb") as stream:
        _write(stream, parts)
    return Content(path), "zip"


def unpack(content: Content, extension: str) -> Iterator[NamedPart]:
    """What was packed, one part in memory at a time; a single part is called `part.<extension>`.

    Raises:
        UnreadableDelivery: the archive is damaged.
    """
    if extension != "zip":
        yield NamedPart(f"part.{extension}", content.read())
        return
    try:
        with content.open() as stream, zipfile.ZipFile(stream) as archive:
            for name in archive.namelist():
                yield NamedPart(name, archive.read(name))
    except zipfile.BadZipFile as problem:
        message = Reason("reader_message", message=str(problem))
        raise UnreadableDelivery(Reason("kept_answer_damaged", problem=message)) from problem


def _write(stream: BinaryIO, parts: Iterable[NamedPart]) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for part in parts:
            archive.writestr(zipfile.ZipInfo(part.name, _LONG_AGO), part.content)
