"""What a build rests on, hashed by part: where no part has changed, nothing is built again.

What belongs here: only what decides the content of the warehouse. Python does not: what it made of
a delivery is in the vintages (`READER_VERSION`), and what it reports of a build is not built.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq

from assets.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings

_TOOLS = ("dbt-core", "dbt-duckdb", "duckdb")
#: Keys of a YAML file that decide nothing of the warehouse.
_NOT_BUILT = frozenset({"unit_tests", "exposures"})
#: Text alone: to parse three hundred files costs most of a second.
_TOP_LEVEL = re.compile(r"^(?=\w+:)", re.MULTILINE)
_COMMENT = re.compile(r"^\s*#.*\n?", re.MULTILINE)


def build_basis(settings: Settings, project: Path = DBT_PROJECT_DIR) -> dict[str, str]:
    """What a build rests on, by part; equal parts give an equal warehouse.

    Args:
        settings: the raw zone whose index counts, and the day.
        project: folder of the dbt project.

    Returns:
        `deliveries`: hash of the vintages in use, the quarantine and the failed attempts.
        `project`: hash of models, macros, seeds, data tests and descriptions.
        `tools`: versions of dbt and DuckDB.
        `day`: the day by which dueness is judged. It stands alone, so that it can give way to what
        has come due by it.
    """
    return {
        "deliveries": _hash_of(_indexed(settings)),
        "project": _hash_of(_project_parts(project)),
        "tools": ", ".join(f"{name} {version(name)}" for name in _TOOLS),
        "day": settings.today.isoformat(),
    }


def raw_checks_fingerprint(settings: Settings, root: Path = PROJECT_ROOT) -> str:
    """A hash of what the checks of raw frames rest on: vintages, catalogue and their code."""

    def parts() -> Iterator[bytes]:
        yield from _indexed(settings)
        for pattern in ("dbt_project/seeds/*.csv", "checks/**/*.py", "assets/**/*.py",
                        "assets/**/*.yaml"):  # fmt: skip
            for path in sorted(root.glob(pattern)):
                yield path.relative_to(root).as_posix().encode() + path.read_bytes()

    return _hash_of(parts())


def _hash_of(parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _indexed(settings: Settings) -> Iterator[bytes]:
    """What staging reads of the raw zone; vintages never change, so their ids stand for them."""
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
        yield json.dumps(rows, ensure_ascii=False).encode()


def _project_parts(project: Path) -> Iterator[bytes]:
    for folder in ("models", "macros", "tests", "seeds"):
        for path in sorted((project / folder).rglob("*")):
            place = path.relative_to(project).as_posix().encode()
            if path.suffix in (".sql", ".csv"):
                yield place + path.read_bytes()
            elif path.suffix in (".yml", ".yaml"):
                yield place + _declared(path)
    for name in ("dbt_project.yml", "profiles.yml"):
        yield _declared(project / name)


def _declared(path: Path) -> bytes:
    """A YAML file without lines of comment and without what is only tested or listed."""
    blocks = _TOP_LEVEL.split(_COMMENT.sub("", path.read_text(encoding="utf-8")))
    kept = (block for block in blocks if block.partition(":")[0] not in _NOT_BUILT)
    return "".join(kept).strip().encode()
