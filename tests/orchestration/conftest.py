"""One refresh of the sample deliveries for all files of tests that look at one."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from assets.settings import Settings
from orchestration.refresh import run_refresh
from orchestration.summary import Summary

SAMPLE_DAY = date(2026, 11, 22)
Refreshed = tuple[Settings, Summary]


def sample_settings(home: Path) -> Settings:
    return Settings(home=home, sources="sample", today=SAMPLE_DAY, today_is_set=True)


@pytest.fixture(scope="session")
def refreshed_sample(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[Path], Refreshed]:
    """Makes a deployment in a folder as it is after its first refresh on the sample deliveries.

    The workers of a run refresh once together; each file of tests gets a copy that it may change.
    """
    root = tmp_path_factory.getbasetemp()
    root = (root if worker_id == "master" else root.parent) / "refreshed_sample"

    def make(home: Path) -> Refreshed:
        kept = root / "summary.pickle"
        with FileLock(f"{root}.lock"):
            if not kept.exists():
                with pytest.MonkeyPatch.context() as patch:
                    # `run_refresh` points the process to its home; other tests have theirs.
                    patch.setenv("DAGSTER_HOME", str(root / "home" / "dagster"))
                    patch.setenv("TILANNEKUVA_HOME", str(root / "home"))
                    summary = run_refresh(sample_settings(root / "home"))
                assert summary.is_published, summary.text
                kept.write_bytes(pickle.dumps(summary))
        shutil.copytree(root / "home", home, symlinks=True)
        return sample_settings(home), pickle.loads(kept.read_bytes())

    return make
