"""Reading packs: the picture of a region as known some days before its steering group meets.

    reading_packs/<region>/<planned day>/pack.json   everything, machine-readable
                                        /pack.xlsx   the same in sheets
                                        /pack.html   the same on a page to print

A pack is made of published tables only, so that what is withheld there stays withheld here. It
appears by one rename, its files are read-only, and one that exists is never touched again: what a
steering group had before it when it decided can be looked up however often figures are revised.

What belongs here: which meetings get a pack, and that it never changes. What does not: what is in
it (`content`), how it looks (`files`), and how long before a meeting it is frozen (the catalogue's
annual clock).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assets.errors import TilannekuvaError
from orchestration.published import opened
from orchestration.reading_packs.content import as_json, pack_content

FILES = ("pack.json", "pack.xlsx", "pack.html")
_READ_ONLY = 0o444


@dataclass(frozen=True)
class ReadingPack:
    """A frozen pack.

    Attributes:
        region: typed code of the region.
        planned_on: day for which the steering group's meeting was planned.
        path: its folder.
    """

    region: str
    planned_on: date
    path: Path

    @property
    def content(self) -> dict[str, Any]:
        """What `pack.json` says."""
        told: dict[str, Any] = json.loads((self.path / "pack.json").read_text(encoding="utf-8"))
        return told


def reading_packs(root: Path) -> list[ReadingPack]:
    """All packs below the folder of packs, by region and day."""
    return sorted(
        (
            ReadingPack(path.parent.parent.name, date.fromisoformat(path.parent.name), path.parent)
            for path in root.glob("*/*/pack.json")
            if not path.parent.name.startswith(".")
        ),
        key=lambda pack: (pack.region, pack.planned_on),
    )


def freeze_reading_packs(publication: Path, root: Path, today: date) -> list[ReadingPack]:
    """Freeze a pack for each meeting of a steering group that is near and has none.

    Args:
        publication: folder of the publication that the packs show.
        root: folder of packs.
        today: the day in question; a meeting of today still gets its pack, one that is past does
            not.

    Returns:
        The new packs.

    Raises:
        TilannekuvaError: the folder of packs cannot be written, or the publication is of an older
            version.
    """
    manifest = json.loads((publication / "manifest.json").read_text(encoding="utf-8"))
    made = []
    with opened(publication / "marts.duckdb", "reading_packs_due") as marts:
        marts.execute("set TimeZone = 'Europe/Helsinki'")
        near = marts.execute(
            "from reading_packs_due(?) order by region, planned_on", [today]
        ).fetchall()
        for region, planned_on in near:
            target = root / region / planned_on.isoformat()
            if target.exists():
                continue
            content = pack_content(marts, manifest, region, planned_on, today)
            try:
                if _write(target, content):
                    made.append(ReadingPack(region, planned_on, target))
            except OSError as error:
                raise TilannekuvaError(
                    f"The publication is complete, but the reading pack of {region} for "
                    f"{planned_on} could not be written: {error}"
                ) from error
    return made


def _write(target: Path, content: Mapping[str, Any]) -> bool:
    """Write a pack beside and let it appear; False where another run was first."""
    from orchestration.reading_packs.files import page, workbook  # openpyxl is slow to import

    building = target.with_name(f".building-{target.name}-{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        for name, made in zip(
            FILES, (as_json(content), workbook(content), page(content)), strict=True
        ):
            (building / name).write_bytes(made)
            (building / name).chmod(_READ_ONLY)
        try:
            building.rename(target)
        except OSError:
            if not target.exists():
                raise
            return False
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True
