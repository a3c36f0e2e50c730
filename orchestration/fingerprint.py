"""What a build rests on, as one hash: where nothing of it has changed, nothing is built again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq

from assets.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings

_MODEL_FILES = ("*.sql", "*.yml", "*.csv")
_CODE_FILES = ("*.py", "*.yaml")


def build_fingerprint(settings: Settings) -> str:
    """A hash of vintages, failures and quarantine, of models, seeds and code, and of the day."""
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
    for path in _files(DBT_PROJECT_DIR, ("models", "macros", "tests", "seeds"), _MODEL_FILES):
        digest.update(path.name.encode() + path.read_bytes())
    for path in _files(PROJECT_ROOT, ("assets", "checks", "orchestration"), _CODE_FILES):
        digest.update(path.name.encode() + path.read_bytes())
    for name in ("dbt_project.yml", "profiles.yml"):
        digest.update((DBT_PROJECT_DIR / name).read_bytes())
    return digest.hexdigest()


def _files(root: Path, folders: tuple[str, ...], patterns: tuple[str, ...]) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for pattern in patterns
        for path in (root / folder).rglob(pattern)
    )
