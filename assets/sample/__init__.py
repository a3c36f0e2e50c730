"""The sample deliveries: invented figures that look like what partners and offices deliver.

The files of `TILANNEKUVA_SOURCES=sample` follow from the catalogue and the day: no network, no
random numbers. They are taken in by the same code as real deliveries. `cases.py` lists the planted
errors, `docs/sample.md` explains them.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path

from assets.catalogue import Catalogue
from assets.sample.duties import duty_files
from assets.sample.events import event_files
from assets.sample.formats import SampleFile
from assets.sample.knowledge import knowledge_files
from assets.sample.labour import labour_table
from assets.sample.measurements import measurement_files
from assets.sample.networks import network_files
from assets.sample.plans import plan_files
from assets.sample.registers import register_files
from assets.sample.releases import Releases
from assets.sample.series import World
from assets.sample.surveys import survey_files
from assets.sample.transfers import transfer_files

__all__ = ["sample_files", "write_sample"]

#: Time of day of a delivery, UTC: a working morning in Finland, the same day in both zones.
_DELIVERY_TIME = time(6, 0, tzinfo=UTC)


def sample_files(catalogue: Catalogue, today: date) -> list[SampleFile]:
    """Everything that would have been delivered by a day, in the order of delivery."""
    world, releases = World(catalogue), Releases(catalogue, today)
    files = [
        *labour_table(world, releases),
        *measurement_files(world, releases),
        *event_files(world, releases),
        *duty_files(releases),
        *network_files(world, releases),
        *knowledge_files(world, releases),
        *register_files(world, releases),
        *transfer_files(releases),
        *survey_files(),
        *plan_files(world, releases),
    ]
    return sorted(
        (file for file in files if file.delivered_on <= today),
        key=lambda file: (file.delivered_on, file.path),
    )


def write_sample(directory: Path, catalogue: Catalogue, today: date) -> list[Path]:
    """Lay out the sample deliveries of a day.

    `<directory>/landing/<source>/<dataset>/sample_*` are files as partners drop them,
    `<directory>/tables/<source>/<dataset>.json` answers of a statistical office. The same
    catalogue and day give the same bytes and modification times; sample files of another day
    that are no longer part of it are removed, other files are left alone.

    Returns:
        The files, in the order of delivery.
    """
    paths = []
    for file in sample_files(catalogue, today):
        path = directory / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        building = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        building.write_bytes(file.content)
        delivered = datetime.combine(file.delivered_on, _DELIVERY_TIME).timestamp()
        os.utime(building, (delivered, delivered))
        building.replace(path)
        paths.append(path)
    part_of_it = set(paths)
    for pattern in ("landing/*/*/sample_*", "tables/*/*.json"):
        for path in directory.glob(pattern):
            if path not in part_of_it:
                path.unlink()
    return paths
