"""Files of the landing zone that are still being written, and those that are no deliveries.

A file that changed a moment ago may be half of one. A run looks at such a file twice, a few
seconds apart, and leaves it for the next run where it grew, or where it ends in the middle: a text
whose last line has no end though the others have one, a workbook without its table of contents. A
file at rest is taken as it is, however it ends.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from assets.landing.reader import is_workbook
from assets.raw.content import Content

SETTLED_SECONDS = 30
"""A file that was changed less than this ago may still be on its way."""
_LOOK_AGAIN_SECONDS = 3.0
_LEFTOVER_NAMES = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
#: Endings of what browsers, file transfers and office programs write while they are at work.
_LEFTOVER_ENDINGS = (
    ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".tmp", ".temp",
    ".lock", ".lck", ".swp",
)  # fmt: skip


def is_leftover(name: str) -> bool:
    """Whether a program has left a file of this name behind: no delivery, and nothing to tell."""
    folded = name.casefold()
    return (
        name.startswith((".", "~$", "~lock"))
        or folded in _LEFTOVER_NAMES
        or folded.endswith(_LEFTOVER_ENDINGS)
    )


def still_being_written(
    paths: Iterable[Path], *, sleep: Callable[[float], None] = time.sleep
) -> frozenset[Path]:
    """Those of some files that are not whole yet.

    Takes a few seconds where one of them has changed lately, else none.
    """
    now = time.time()
    young = {
        path: state
        for path in paths
        if (state := _state(path)) and 0 <= now - state[1] / 1e9 < SETTLED_SECONDS
    }
    if not young:
        return frozenset()
    sleep(_LOOK_AGAIN_SECONDS)
    return frozenset(
        path for path, state in young.items() if _state(path) != state or _ends_in_the_middle(path)
    )


def _state(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_size, about.st_mtime_ns


def _ends_in_the_middle(path: Path) -> bool:
    try:
        content = Content(path)
        if is_workbook(content):
            return content.head(2) == b"PK" and not zipfile.is_zipfile(path)
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - (1 << 20)))
            end = stream.read().rstrip(b"\x00")
    except OSError:  # whoever takes it in says why it cannot be opened
        return False
    return b"\n" in end and not end.endswith((b"\n", b"\r"))
