"""The commands as a person gives them: in a fresh copy, with wrong settings, without a network."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import duckdb
import pytest

from tests.fresh_copy import Refreshed, copy_of_project, environment, files_of, run

pytestmark = pytest.mark.slow

#: Bound of memory of the largest process of a refresh, in MB.
MAX_MEMORY = 1500
#: Loads the code location as Dagster does; whatever reaches out of the process is an error.
CUT_OFF = """
import sys

NETWORK = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")

def refuse(event, args):
    if event in NETWORK or (event == "subprocess.Popen" and "dbt" in str(args[:2])):
        raise AssertionError(f"reached out while loading: {event} {args}")

sys.addaudithook(refuse)

from orchestration.definitions import REFRESH, defs

job = defs.resolve_job_def(REFRESH)
heavy = sorted({"great_expectations", "matplotlib"} & set(sys.modules))
print(len(job.asset_layer.executable_asset_keys), "assets; heavy imports:", heavy)
"""


def is_one_readable_paragraph(text: str) -> bool:
    return "Traceback" not in text and len(text.strip()) > 20 and "\n\n" not in text.strip()


def plain(text: str) -> str:
    """Text without the codes that colour it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


# -- make refresh in a fresh copy ----------------------------------------------------------


def test_make_refresh_publishes_in_a_fresh_copy(refreshed_copy: Refreshed) -> None:
    done = refreshed_copy.done
    assert done.returncode == 0, done.stderr[-3000:]
    for word in ("Ingested", "Kept", "Overlaps", "Gaps", "Checked", "Published", "sample data"):
        assert re.search(rf"\b{word}\b", done.stdout), done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    current = refreshed_copy.root / "var" / "published" / "current"
    assert (current / "manifest.json").exists()
    with duckdb.connect(str(current / "marts.duckdb"), read_only=True) as marts:
        counted = marts.execute("select count(*) from marts.fct_observations").fetchone()
    assert counted is not None
    assert counted[0] > 0


def test_make_refresh_installs_nothing_where_everything_is_installed(
    refreshed_copy: Refreshed,
) -> None:
    said = plain(refreshed_copy.done.stdout)
    assert "Setting up" not in said
    assert "Parsing the dbt project" in said


def test_everything_that_a_refresh_writes_lies_below_var(refreshed_copy: Refreshed) -> None:
    written = files_of(refreshed_copy.root) - refreshed_copy.before
    built = ("var/", "dbt_project/target/", "dbt_project/logs/")
    assert sorted(path for path in written if not path.startswith(built)) == []
    there = {path.name for path in (refreshed_copy.root / "var").iterdir()}
    assert {"landing", "raw", "warehouse.duckdb", "published", "reports", "dagster"} <= there


def test_a_refresh_keeps_within_its_memory(refreshed_copy: Refreshed) -> None:
    assert 50 < refreshed_copy.megabytes < MAX_MEMORY


def test_a_second_setup_does_nothing(refreshed_copy: Refreshed) -> None:
    root = refreshed_copy.root
    marks = [root / ".venv" / ".ready", root / "dbt_project" / "target" / "manifest.json"]
    times = [mark.stat().st_mtime_ns for mark in marks]
    assert run("make", "-q", "setup", cwd=root).returncode == 0
    done = run("make", "setup", cwd=root)
    assert done.returncode == 0
    assert "Setting up" not in done.stdout
    assert "Parsing" not in done.stdout
    assert [mark.stat().st_mtime_ns for mark in marks] == times


def test_a_changed_model_is_parsed_anew_and_nothing_is_installed(refreshed_copy: Refreshed) -> None:
    root = refreshed_copy.root
    model = root / "dbt_project" / "models" / "marts" / "facts" / "fct_observations.sql"
    before = model.stat()
    model.touch()
    try:
        planned = run("make", "-n", "setup", cwd=root)
    finally:
        os.utime(model, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "dbt compile" in planned.stdout
    assert "pip" not in planned.stdout


# -- help ----------------------------------------------------------------------------------


def test_make_alone_lists_the_commands() -> None:
    for command in (["make"], ["make", "help"]):
        done = run(*command)
        assert done.returncode == 0
        for name in ("setup", "refresh", "dev", "test", "lint"):
            assert re.search(rf"^  make {name} +\w", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], ["refresh", "dev", "validate", "TILANNEKUVA_HOME", "TILANNEKUVA_TODAY"]),
        ([], ["accept", "preview", "describe", "doctor", "templates", "regions"]),
        (["refresh"], ["publish"]),
        (["dev"], ["--port", "--host", "3000"]),
        (["validate"], ["agree"]),
        (["preview"], ["SOURCE", "DATASET", "FILE", "--kept", "take nothing in"]),
        (["regions", "propose"], ["YEAR", "--into", "--ended", "review"]),
    ],
)
def test_help_says_what_a_command_does(arguments: list[str], told: list[str]) -> None:
    done = run(sys.executable, "-m", "orchestration", *arguments, "--help")
    assert done.returncode == 0
    assert [word for word in told if word not in done.stdout] == []


def test_an_unknown_command_is_refused_in_words() -> None:
    done = run(sys.executable, "-m", "orchestration", "refrehs")
    assert done.returncode != 0
    assert "refrehs" in done.stderr
    assert "Traceback" not in done.stderr


# -- what is wrong is said in one paragraph ------------------------------------------------


@pytest.mark.parametrize("command", ["refresh", "dev", "validate"])
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TILANNEKUVA_SOURCES", "foo", ["'foo'", "sample, live, landing"]),
        ("TILANNEKUVA_TODAY", "tomorrow", ["'tomorrow'", "2026-11-22"]),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_and_nothing_is_begun(
    tmp_path: Path, command: str, name: str, value: str, told: list[str]
) -> None:
    home = tmp_path / "home"
    env = environment(TILANNEKUVA_HOME=str(home)) | {name: value}
    done = run(sys.executable, "-m", "orchestration", command, env=env)
    assert done.returncode != 0
    assert done.stdout == ""
    assert is_one_readable_paragraph(done.stderr), done.stderr
    assert [word for word in [name, *told] if word not in done.stderr] == []
    assert not home.exists()


def test_a_missing_manifest_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    root = copy_of_project(tmp_path / "tilannekuva")
    done = run(sys.executable, "-m", "orchestration", "refresh", cwd=root)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "The dbt manifest is missing. Run `make setup`" in done.stderr
    assert not (root / "var" / "warehouse.duckdb").exists()


# -- the code location ---------------------------------------------------------------------


def test_the_code_location_loads_without_network_dbt_or_secrets(tmp_path: Path) -> None:
    nowhere = tmp_path / "bin"
    nowhere.mkdir()
    home = tmp_path / "home"
    env = {"PATH": str(nowhere), "HOME": str(tmp_path), "TILANNEKUVA_HOME": str(home)}
    done = run(sys.executable, "-c", CUT_OFF, env=env)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(r"^\d{2,} assets; heavy imports: \[\]$", done.stdout, re.MULTILINE)
    assert not home.exists()


def test_validate_says_that_everything_agrees(tmp_path: Path) -> None:
    env = environment(TILANNEKUVA_HOME=str(tmp_path / "home"))
    done = run(sys.executable, "-m", "orchestration", "validate", env=env)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "agree" in done.stdout
