"""What a change touches: `python -m tests.affected [base]`, the last part of `make check`.

Lints the changed models and runs the quick tests of the changed packages: tests stand in the folder
of the package that they test. Of changed models and macros the unit tests run. What a change does
to other packages is for `make test`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from assets.settings import DBT_PROJECT_DIR, PROJECT_ROOT

MANIFEST = DBT_PROJECT_DIR / "target" / "manifest.json"
_PACKAGES = ("assets", "orchestration", "checks", "benchmarks")
_PAGES_TEST = "tests/test_docs.py"


def changed_files(base: str) -> list[str]:
    """Paths that differ from the merge base with `base`, committed or not; none that is gone."""
    fork = _git("merge-base", base, "HEAD")[0]
    differ = _git("diff", "--name-only", "--no-renames", "--diff-filter=d", fork)
    return sorted({*differ, *_git("ls-files", "--others", "--exclude-standard")})


def rooms_of(changed: Iterable[str], exists: Collection[str]) -> list[str]:
    """Test files and folders that stand for the changed paths.

    Args:
        changed: paths from the root of the project.
        exists: paths of all test files and their folders.
    """
    wanted: set[str] = set()
    for path in map(PurePosixPath, changed):
        match path.parts:
            case ("tests", *_) if path.name.startswith("test_") and path.suffix == ".py":
                wanted.add(str(path))
            case ("tests", package, _, *_):
                wanted.add(f"tests/{package}")
            case ("assets", package, _, *_):
                wanted.add(f"tests/{package}")
            case ("assets", module):
                wanted.add(f"tests/test_{module}")
            case (package, *_) if package in _PACKAGES:
                wanted.add(f"tests/{package}")
            case ("dbt_project", "seeds", *_):
                wanted.add("tests/dbt_project/test_seeds.py")
        if path.suffix == ".md" or path.parts[0] in (".env.example", "Makefile", "pyproject.toml"):
            wanted.add(_PAGES_TEST)
    kept = {path for path in wanted if path in exists}
    return sorted(path for path in kept if not kept & {str(p) for p in PurePosixPath(path).parents})


def models_of(changed: Iterable[str], manifest: Mapping[str, Any]) -> list[str]:
    """Names of models that have unit tests and changed: themselves, their YAML or a macro in them.

    Args:
        changed: paths from the root of the project.
        manifest: dbt's `manifest.json`.
    """
    paths = {
        path.removeprefix("dbt_project/") for path in changed if path.startswith("dbt_project/")
    }
    macros = {
        key for key, macro in manifest["macros"].items() if macro["original_file_path"] in paths
    }
    while more := {
        key
        for key, macro in manifest["macros"].items()
        if key not in macros and macros & set(macro["depends_on"]["macros"])
    }:
        macros |= more
    tested = {
        name for test in manifest["unit_tests"].values() for name in test["depends_on"]["nodes"]
    }
    return sorted(
        node["name"]
        for key, node in manifest["nodes"].items()
        if key in tested
        and (
            node["original_file_path"] in paths
            or (node.get("patch_path") or "").partition("://")[2] in paths
            or macros & set(node["depends_on"]["macros"])
        )
    )


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(
        ["git", *arguments], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def _test_paths() -> set[str]:
    files = [path.relative_to(PROJECT_ROOT) for path in (PROJECT_ROOT / "tests").rglob("test_*.py")]
    return {part.as_posix() for file in files for part in (file, *file.parents[:-2])}


def _run(*command: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=PROJECT_ROOT, check=False
    ).returncode


def main(arguments: Sequence[str]) -> int:
    """Lint and test what differs from the base; the exit code of what failed."""
    changed = changed_files(arguments[0] if arguments else "main")
    sql = [
        path
        for path in changed
        if path.endswith(".sql") and path.startswith(("dbt_project/models/", "dbt_project/tests/"))
    ]
    failed = 0
    if sql:
        print(f"sqlfluff: {len(sql)} changed")
        failed |= _run("sqlfluff", "lint", "--nocolor", "--disable-progress-bar", *sql)
    if models := models_of(changed, json.loads(MANIFEST.read_text(encoding="utf-8"))):
        print(f"unit tests of {len(models)} models")
        test = "tests/dbt_project/test_unit_tests.py"
        failed |= _run("pytest", "-q", test, "--models", ",".join(models))
    if tests := rooms_of(changed, _test_paths()):
        print(f"quick tests of {', '.join(tests)}")
        code = _run("pytest", "-q", "-m", "not slow", *tests)
        failed |= 0 if code == 5 else code  # 5: no quick test there
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
