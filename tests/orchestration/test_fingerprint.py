"""What makes the next refresh build again, and what does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assets.deliveries import Deliveries
from assets.settings import PROJECT_ROOT, Settings
from orchestration.fingerprint import build_basis, raw_checks_fingerprint

MODEL = "models/marts/dimensions/dim_period.sql"
PROPERTIES = "models/marts/dimensions/dim_period.yml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the platform is made of."""
    root = tmp_path_factory.mktemp("copy") / "project"
    ignored = shutil.ignore_patterns("target", "logs", "__pycache__", ".*")
    for folder in ("dbt_project", "assets", "checks", "orchestration", "docs"):
        shutil.copytree(PROJECT_ROOT / folder, root / folder, ignore=ignored)
    return root


@contextmanager
def changed(root: Path, file: str, change: Callable[[Path], None]) -> Iterator[None]:
    """A file with a change, until the end of the block."""
    path = root / file
    kept = path.read_bytes()
    change(path)
    try:
        yield
    finally:
        path.write_bytes(kept)


def added(text: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return change


def replaced(old: str, new: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("dbt_project/" + MODEL, added("\n-- another rule")),
        ("dbt_project/macros/rollup.sql", added("\n{# another rule #}")),
        ("dbt_project/seeds/units.csv", added("x,1\n")),
        (
            "dbt_project/" + PROPERTIES,
            replaced("description: >", "description: >\n      Otherwise."),
        ),
        ("dbt_project/dbt_project.yml", replaced("enforced: true", "enforced: false")),
    ],
)
def test_what_decides_the_warehouse_is_part_of_the_basis(
    root: Path, settings: Settings, file: str, change: Callable[[Path], None]
) -> None:
    before = build_basis(settings, root / "dbt_project")
    with changed(root, file, change):
        after = build_basis(settings, root / "dbt_project")
    assert {part for part in before if before[part] != after[part]} == {"project"}


def test_a_model_that_moves_to_another_layer_is_built_again(root: Path, settings: Settings) -> None:
    project = root / "dbt_project"
    before = build_basis(settings, project)
    moved = (project / MODEL).rename(project / "models" / "staging" / "dim_period.sql")
    after = build_basis(settings, project)
    moved.rename(project / MODEL)
    assert after != before


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("orchestration/commands/refresh.py", added("\n# another help text\n")),
        ("orchestration/dbt.py", added("\n# reported otherwise\n")),
        ("checks/quality.py", added("\n# judged otherwise\n")),
        ("docs/architecture.md", added("\nAnother sentence.\n")),
        ("dbt_project/" + PROPERTIES, added("\n# a comment\n")),
        ("dbt_project/" + PROPERTIES, added("\nunit_tests: []\n")),
    ],
)
def test_what_decides_nothing_of_the_warehouse_is_not(
    root: Path, settings: Settings, file: str, change: Callable[[Path], None]
) -> None:
    before = build_basis(settings, root / "dbt_project")
    with changed(root, file, change):
        assert build_basis(settings, root / "dbt_project") == before


def test_a_delivery_and_the_day_are_parts_of_their_own(settings: Settings) -> None:
    deliveries = Deliveries(settings)
    deliveries.zone.write_index()
    before = build_basis(settings)
    place = settings.landing_dir / "council" / "documents"
    place.mkdir(parents=True)
    (place / "a.csv").write_text("title,publisher,published_on\nA,B,2025-01-02\n", encoding="utf-8")
    assert deliveries.take_in("council", "documents").outcome == "new"
    deliveries.zone.write_index()
    delivered = build_basis(settings)
    assert {part for part in before if before[part] != delivered[part]} == {"deliveries"}
    tomorrow = build_basis(replace(settings, today=settings.today + timedelta(days=1)))
    assert {part for part in tomorrow if tomorrow[part] != delivered[part]} == {"day"}


def test_raw_frames_are_judged_again_when_their_checks_change(
    root: Path, settings: Settings
) -> None:
    before = raw_checks_fingerprint(settings, root)
    with changed(root, "orchestration/commands/refresh.py", added("\n# another help text\n")):
        assert raw_checks_fingerprint(settings, root) == before
    with changed(root, "checks/raw_suites.py", added("\n# another rule\n")):
        assert raw_checks_fingerprint(settings, root) != before
