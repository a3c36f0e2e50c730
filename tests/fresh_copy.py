"""A fresh copy of the project, and commands run in it as a person gives them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assets.settings import PROJECT_ROOT

#: What a fresh copy does not have: installed, built, written or private to one machine.
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".env", "var", "target", "logs", "dbt_packages", ".artifacts", ".user.yml",
    "__pycache__", "*.egg-info", ".*_cache", ".hypothesis",
)  # fmt: skip
#: Runs a command and leaves the peak memory of its largest process, in KB, in a file.
MEASURED = """
import pathlib, resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
pathlib.Path(sys.argv[1]).write_text(str(peak))
sys.exit(code)
"""


def environment(**settings: str) -> dict[str, str]:
    """This environment without what a deployment, another test or a calling `make` has set."""
    theirs = ("TILANNEKUVA_", "DAGSTER_", "DBT_", "MAKE", "MFLAGS", "PYTEST_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    return kept | settings


def run(
    *command: str, cwd: Path = PROJECT_ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment() if env is None else env,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def copy_of_project(target: Path) -> Path:
    """The project as a fresh clone, with the packages of this environment already installed.

    The environment is made of links: `make` finds its own mark of a finished installation, and
    whatever it would do to it does not reach the environment that runs the tests.
    """
    shutil.copytree(PROJECT_ROOT, target, ignore=NOT_COPIED)
    venv = target / ".venv"
    venv.mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != ".ready":
            (venv / part.name).symlink_to(part)
    (venv / ".ready").touch()
    return target


def files_of(root: Path) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".venv" not in path.parts
    }


@dataclass(frozen=True)
class Refreshed:
    """A fresh copy after its first `make refresh`.

    Attributes:
        root: the copy.
        done: the command.
        before: files of the copy before it.
        megabytes: peak memory of its largest process.
    """

    root: Path
    done: subprocess.CompletedProcess[str]
    before: set[str]
    megabytes: float


def refreshed_copy(folder: Path, **settings: str) -> Refreshed:
    """Make a fresh copy in the folder and refresh it with these settings and no others."""
    root = copy_of_project(folder / "tilannekuva")
    before = files_of(root)
    env = environment(**settings)
    assert run("make", "-q", "setup", cwd=root, env=env).returncode == 1, "it needs a set-up"
    peak = folder / "peak"
    done = run(sys.executable, "-c", MEASURED, str(peak), "make", "refresh", cwd=root, env=env)
    return Refreshed(root, done, before, int(peak.read_text()) / 1024)
