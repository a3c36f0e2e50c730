"""What a build rests on, as one hash: where nothing of it has changed, nothing is built again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq

from assets.settings import DBT_PROJECT_DIR, Settings

_MODEL_FILES = ("*.sql", "*.yml", "*.csv")


def build_fingerprint(settings: Settings) -> str:
    """A hash of the vintages, failed attempts and quarantine, the models and seeds, and the day."""
    digest = hashlib.sha256(settings.today.isoformat().encode())
    index = settings.raw_dir / "_index"
    for name, columns in (
        ("vintages", ["source", "dataset", "vintage"]),
        ("quarantine", ["file", "line", "column", "reason"]),
        ("attempts", ["source", "dataset", "outcome"]),
    ):
        path = index / f"{name}.parquet"
        rows = pq.read_table(path, columns=columns).to_pylist() if path.exists() else []
        if name == "attempts":  # only a failure is visible in the marts (a stale source)
            rows = [row for row in rows if row["outcome"] == "failed"]
        digest.update(json.dumps(rows, ensure_ascii=False).encode())
    digest.update(models_hash().encode())
    return digest.hexdigest()


def models_hash(project: Path = DBT_PROJECT_DIR) -> str:
    """A hash of every model, macro, test, seed and description of the dbt project."""
    digest = hashlib.sha256()
    for path in sorted(
        path
        for pattern in _MODEL_FILES
        for folder in ("models", "macros", "tests", "seeds")
        for path in (project / folder).rglob(pattern)
    ):
        digest.update(path.relative_to(project).as_posix().encode())
        digest.update(path.read_bytes())
    for name in ("dbt_project.yml", "profiles.yml"):
        digest.update((project / name).read_bytes())
    return digest.hexdigest()
