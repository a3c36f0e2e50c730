"""`make check` runs the tests that stand for what changed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.affected import models_of, rooms_of

EXISTS = {
    "tests", "tests/landing", "tests/landing/test_reader.py", "tests/orchestration",
    "tests/orchestration/test_ui.py", "tests/dbt_project", "tests/dbt_project/test_seeds.py",
    "tests/test_settings.py", "tests/test_docs.py",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("assets/landing/reader/csv.py", ["tests/landing"]),
        ("assets/landing/layouts/tem.yaml", ["tests/landing"]),
        ("assets/settings.py", ["tests/test_settings.py"]),
        ("assets/errors.py", []),  # has no test of its own
        ("orchestration/commands/explain.py", ["tests/orchestration"]),
        ("tests/orchestration/test_ui.py", ["tests/orchestration/test_ui.py"]),
        ("tests/landing/conftest.py", ["tests/landing"]),
        ("tests/engine.py", []),  # used by builds only
        ("dbt_project/seeds/words.csv", ["tests/dbt_project/test_seeds.py"]),
        ("docs/sample.md", ["tests/test_docs.py"]),
        ("README.md", ["tests/test_docs.py"]),
    ],
)
def test_a_change_is_tested_in_the_folder_of_its_package(changed: str, tests: list[str]) -> None:
    assert rooms_of([changed], EXISTS) == tests


def test_a_file_is_left_to_its_folder_when_that_is_tested_anyway() -> None:
    changed = ["assets/landing/rules.py", "tests/landing/test_reader.py", "assets/settings.py"]
    assert rooms_of(changed, EXISTS) == ["tests/landing", "tests/test_settings.py"]


def node(path: str, *macros: str) -> dict[str, Any]:
    return {
        "name": path.rpartition("/")[2].partition(".")[0],
        "original_file_path": path,
        "patch_path": f"tilannekuva://{path.replace('.sql', '.yml')}",
        "depends_on": {"macros": list(macros)},
    }


def test_models_are_tested_when_they_their_yaml_or_a_macro_in_them_changes() -> None:
    manifest = {
        "nodes": {
            "model.a": node("models/a.sql", "macro.outer"),
            "model.b": node("models/b.sql"),
            "model.untested": node("models/untested.sql", "macro.inner"),
        },
        "macros": {
            "macro.outer": node("macros/outer.sql", "macro.inner"),
            "macro.inner": node("macros/inner.sql"),
            "macro.other": node("macros/other.sql"),
        },
        "unit_tests": {
            "unit_test.1": {"depends_on": {"nodes": ["model.a"]}},
            "unit_test.2": {"depends_on": {"nodes": ["model.b"]}},
        },
    }
    assert models_of(["dbt_project/models/b.sql"], manifest) == ["b"]
    assert models_of(["dbt_project/models/b.yml"], manifest) == ["b"]
    assert models_of(["dbt_project/models/untested.sql"], manifest) == []
    assert models_of(["dbt_project/macros/outer.sql"], manifest) == ["a"]
    assert models_of(["dbt_project/macros/inner.sql"], manifest) == ["a"]
    assert models_of(["dbt_project/macros/other.sql", "models/a.sql"], manifest) == []
