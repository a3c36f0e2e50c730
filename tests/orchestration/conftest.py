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
from tests.fresh_copy import Refreshed
from tests.fresh_copy import refreshed_copy as refresh_a_copy

SAMPLE_DAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def refreshed_copy(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Refreshed:
    """A fresh copy of the project after `make refresh`, made once for all workers of a run.

    The only setting is the day, so that figures are known; nobody changes what is in it.
    """
    root = tmp_path_factory.getbasetemp()
    root = (root if worker_id == "master" else root.parent) / "refreshed_copy"
    kept = root / "refreshed.pickle"
    with FileLock(f"{root}.lock"):
        if not kept.exists():
            made = refresh_a_copy(root, TILANNEKUVA_TODAY=SAMPLE_DAY.isoformat())
            kept.write_bytes(pickle.dumps(made))
    refreshed: Refreshed = pickle.loads(kept.read_bytes())
    return refreshed


@pytest.fixture(scope="session")
def refreshed_sample(refreshed_copy: Refreshed) -> Callable[[Path], Settings]:
    """Makes a deployment in a folder as it is after its first refresh on the sample deliveries.

    Each file of tests gets one that it may change.
    """
    assert refreshed_copy.done.returncode == 0, refreshed_copy.done.stderr[-3000:]

    def make(home: Path) -> Settings:
        shutil.copytree(refreshed_copy.root / "var", home, symlinks=True)
        return Settings(home=home, sources="sample", today=SAMPLE_DAY, today_is_set=True)

    return make
