"""Files and folders that appear complete or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write a JSON file, creating its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    building.write_text(
        json.dumps(record, ensure_ascii=False, default=str, indent=1) + "\n", encoding="utf-8"
    )
    building.replace(path)


def write_table(table: pa.Table, path: Path) -> None:
    """Write a Parquet file, creating its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    pq.write_table(table, building, compression="zstd")
    building.replace(path)


@contextmanager
def atomic_directory(folder: Path, workshop: Path) -> Iterator[Path]:
    """A folder that exists only when its content is complete; it is built in the workshop."""
    building = workshop / folder.name
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        yield building
        folder.parent.mkdir(parents=True, exist_ok=True)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
