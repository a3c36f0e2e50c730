"""dbt in a process that parses the models once; every build of a test is a fork of it.

Deployments of tests differ in their home, their day and now and then in their catalogue. Nothing
that dbt parses depends on these, but its command line parses everything again for each of them,
which takes longer than to build a few models. So a process of its own keeps the parsed project, as
dbt's programmatic interface allows, and a copy of that process compiles, builds and tests.

Run as a module it is that process: it reads a request in each line of its input and answers each
with a line of its output.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copy
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from assets.settings import DBT_PROJECT_DIR, HELSINKI, PROJECT_ROOT

#: Parsed by the set-up; what has not changed since is not parsed again.
_PARSED = DBT_PROJECT_DIR / "target" / "partial_parse.msgpack"


@dataclass(frozen=True)
class Done:
    """A dbt command that has ended."""

    returncode: int
    #: Standard output, and what went to standard error.
    stdout: str
    stderr: str
    #: Status of every node that was run, by its unique id.
    statuses: Mapping[str, str]


def dbt(
    arguments: Sequence[str | Path],
    workshop: Path,
    environment: Mapping[str, str],
    project: Path = DBT_PROJECT_DIR,
) -> Done:
    """Run dbt as its command line would.

    Args:
        arguments: of the command line, but for the folders of the profile, of logs and of results.
        workshop: a folder for what dbt leaves behind.
        environment: variables that are set for dbt.
        project: its seeds are loaded; in everything else it must be the project of this checkout.
    """
    workshop.mkdir(parents=True, exist_ok=True)
    said = [workshop / "stdout.txt", workshop / "stderr.txt"]
    statuses = workshop / "statuses.json"
    statuses.write_text("{}", encoding="utf-8")
    answer = _process().ask(
        {
            "arguments": [
                *map(str, arguments),
                *(() if "--profiles-dir" in arguments else ("--profiles-dir", ".")),
                *("--target-path", str(workshop / "target"), "--log-path", str(workshop / "logs")),
            ],
            "environment": dict(environment),
            "project": str(project),
            "said": [str(path) for path in said],
            "statuses": str(statuses),
        }
    )
    return Done(
        answer["returncode"],
        *(path.read_text(encoding="utf-8") for path in said),
        statuses=json.loads(statuses.read_text(encoding="utf-8")),
    )


@contextlib.contextmanager
def in_place_of_the_command_line(module: ModuleType) -> Iterator[None]:
    """Builds that a module of the platform runs by dbt's command line run by this process instead.

    Args:
        module: calls `subprocess.run` for dbt and nothing else.
    """

    def run(
        command: Sequence[str], env: Mapping[str, str], **_: object
    ) -> subprocess.CompletedProcess[str]:
        given = iter(command[1:])
        kept = []
        for argument in given:
            if argument in ("--target-path", "--log-path", "--project-dir"):
                next(given)
            else:
                kept.append(argument)
        settings = {name: env[name] for name in ("TILANNEKUVA_HOME", "TILANNEKUVA_TODAY")}
        with tempfile.TemporaryDirectory() as workshop:
            done = dbt(kept, Path(workshop), settings)
        return subprocess.CompletedProcess(command, done.returncode, done.stdout, done.stderr)

    with mock.patch.object(module, "subprocess", SimpleNamespace(run=run)):
        yield


class _Process:
    """The process that has parsed the project."""

    def __init__(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="tilannekuva-dbt-")
        atexit.register(folder.cleanup)
        self._log = Path(folder.name) / "log.txt"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.parsed", folder.name],
                cwd=PROJECT_ROOT,
                env=os.environ | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        atexit.register(self._end)

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request.

        Raises:
            AssertionError: the process has ended, as when the project could not be parsed.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            print(json.dumps(request), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        assert line, f"dbt has ended:\n{self._log.read_text(encoding='utf-8')[-8000:]}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # it has died already
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


_process = functools.cache(_Process)


#: Comments and blanks before a statement, and its WITH where it has one.
_BEGINNING = re.compile(
    r"(?:\s+|--[^\n]*\n|/\*.*?\*/)*(with(?:\s+recursive)?\b)?", re.IGNORECASE | re.DOTALL
)


def with_ctes(sql: str, ctes: Sequence[Any]) -> str:
    """The statement with more common table expressions before its own.

    dbt parses the whole statement with sqlparse to find its WITH, which takes more than half of the
    time of a unit test.

    Args:
        sql: a rendered model.
        ctes: dbt's `InjectedCTE`s; `sql` of each reads `name as (…)`.
    """
    if not ctes:
        return sql
    more = ", ".join(cte.sql for cte in ctes)
    beginning = _BEGINNING.match(sql)
    assert beginning is not None  # every part of it may be empty
    if beginning[1]:
        return f"{sql[: beginning.end()]} {more}, {sql[beginning.end() :]}"
    return f"with {more} {sql}"


def _serve(folder: Path) -> None:
    """Parse the project of this checkout, then answer requests until there are no more."""
    import dbt.compilation
    from dbt.cli.main import dbtRunner

    dbt.compilation.inject_ctes_into_sql = with_ctes
    # As the set-up has parsed it: another home or day makes dbt read every file again.
    set_up = {
        "TILANNEKUVA_HOME": str(PROJECT_ROOT / "var"),
        "TILANNEKUVA_TODAY": datetime.now(HELSINKI).date().isoformat(),
    }
    given = {name: value for name in set_up if (value := os.environ.get(name))}
    os.environ.update(set_up | given)

    # What dbt prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    os.chdir(DBT_PROJECT_DIR)
    if _PARSED.exists():
        copy(_PARSED, folder)
    parsed = dbtRunner().invoke(
        [
            *("parse", "--quiet", "--profiles-dir", "."),
            *("--target-path", str(folder), "--log-path", str(folder / "logs")),
        ]
    )
    if not parsed.success:
        sys.exit(str(parsed.exception))
    # A request says which home and day it is about.
    for name in set_up.keys() - given.keys():
        del os.environ[name]
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _run(request, parsed.result)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"returncode": os.waitstatus_to_exitcode(status)}), file=answers)
        answers.flush()


def _run(request: Mapping[str, Any], manifest: Any) -> None:
    """Run dbt in this process and end it with dbt's exit code."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    returncode = 2
    try:
        for descriptor, path in enumerate(request["said"], start=1):
            with Path(path).open("wb") as stream:
                os.dup2(stream.fileno(), descriptor)
        os.chdir(request["project"])
        os.environ.update(request["environment"])
        for node in manifest.nodes.values():
            if node.resource_type == "seed":
                node.root_path = request["project"]
        done = dbtRunner(manifest=manifest).invoke(request["arguments"])
        results = getattr(done.result, "results", [])
        statuses = {result.node.unique_id: str(result.status) for result in results}
        Path(request["statuses"]).write_text(json.dumps(statuses), encoding="utf-8")
        if done.exception is not None:
            print(done.exception, file=sys.stderr)
        # As at the end of the command: what was written last is then in the file, not beside it.
        DuckDBConnectionManager.close_all_connections()
        returncode = 0 if done.success else 1 if done.exception is None else 2
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(returncode)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
