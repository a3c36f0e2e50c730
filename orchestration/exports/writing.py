"""The folder of the exports of a publication, which appears complete or not at all."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from orchestration.exports.catalogue import write_catalogue
from orchestration.exports.jsonstat import write_cube
from orchestration.exports.observed import observations
from orchestration.exports.sdmx import write_rows
from orchestration.publishing import forget_old, switch

#: How many are kept, and none goes before this age: somebody may still be reading it.
KEEP = 2
KEEP_HOURS = 2


@dataclass(frozen=True)
class Exports:
    """Exports that have appeared.

    Attributes:
        path: their folder.
        indicators: how many indicators are in them.
        cells: how many observations.
        files: how many files.
        size: bytes of all of them.
    """

    path: Path
    indicators: int
    cells: int
    files: int
    size: int


def write_exports(publication: Path, root: Path) -> Exports:
    """Write a publication's observations in the formats of exchange and make them current.

    Args:
        publication: folder of the publication.
        root: folder of all exports.
    """
    building = root / f".building-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    (building / "jsonstat").mkdir(parents=True)
    (building / "sdmx").mkdir()
    cells = 0
    try:
        with observations(publication) as observed:
            indicators = observed.indicators()
            files: dict[str, list[Path]] = {}
            for indicator in indicators:
                written = files[indicator.indicator] = []
                for freq in indicator.freqs:
                    cube = building / "jsonstat" / f"{indicator.indicator}_{freq}.json"
                    cells += write_cube(observed, indicator, freq, cube)
                    written.append(cube)
                rows = building / "sdmx" / f"{indicator.indicator}.csv"
                write_rows(observed, indicator, rows)
                written.append(rows)
            write_catalogue(observed, files, indicators, building / "dcat.jsonld")
        sizes = [file.stat().st_size for file in building.rglob("*") if file.is_file()]
        path = root / publication.name
        shutil.rmtree(path, ignore_errors=True)
        building.rename(path)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    switch(root / "current", path)
    forget_old(root, path, KEEP, KEEP_HOURS)
    return Exports(path, len(indicators), cells, len(sizes), sum(sizes))
