"""Readers of statistical formats: seconds, memory, and whether they read the same."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import made, peers
from benchmarks.cells import Cells, disagreement
from benchmarks.contestants import READERS

ROOT = Path(__file__).resolve().parent.parent
OURS = "tilannekuva"
FLOOR = "floor"

WRITERS: dict[str, Callable[[made.MadeCube, Path], None]] = {
    "jsonstat": made.write_jsonstat,
    "px": made.write_px,
}


@dataclass(frozen=True)
class Result:
    """Result of one reader.

    Attributes:
        seconds: of its fastest run.
        peak_mb: peak memory of that reader's leanest process, in 10^6 bytes.
        agrees: how its cells compare with ours, as text.
        failed: why it could not read the file; None when it could.
    """

    seconds: float = 0.0
    peak_mb: float = 0.0
    agrees: str = ""
    failed: str | None = None


def run(sizes: tuple[int, int, int, int], rounds: int) -> bool:
    """Measure every reader of every format and print a table for each.

    Args:
        sizes: of the made cube: areas, months, contents, groups.
        rounds: runs of each reader; the fastest counts.

    Returns:
        Whether every other reader that could read its file read what ours did.
    """
    others = peers.python()
    cube = made.make_cube(sizes)
    agreed = True
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        for form, write in WRITERS.items():
            if importlib.util.find_spec(f"assets.formats.{form}") is None:
                print(f"\n{form}: not measured, there is no assets/formats/{form}.py yet.")
                continue
            file, small = Path(folder) / f"made.{form}", Path(folder) / f"small.{form}"
            write(cube, file)
            write(made.make_cube((2, 2, 2, 2)), small)
            results = measure(form, file, small, others, rounds)
            print(table(form, file.stat().st_size, len(cube.values), rounds, results))
            agreed &= all(result.agrees in ("", "yes") for result in results.values())
    return agreed


def measure(
    form: str, file: Path, small: Path, others: Path | None, rounds: int
) -> dict[str, Result]:
    """Run the readers of a format in turn, `rounds` times, each time in a fresh process.

    In turn, so that a busy moment of the machine hits all of them and not one.

    Args:
        form: a key of `READERS`.
        file: what they read.
        small: a small file of the same format that each reads before, not measured.
        others: the interpreter that has the other readers; None leaves them out.
        rounds: how often.
    """
    results: dict[str, Result] = {}
    for number in range(rounds):
        for name in READERS[form]:
            interpreter = Path(sys.executable) if name in (FLOOR, OURS) else others
            before = results.get(name)
            if interpreter is None or (before and before.failed):
                continue
            command = [str(interpreter), "-m", "benchmarks.contestants", form, name, str(file)]
            command += ["--first", str(small)]
            if not number:
                command += ["--cells", str(_cells_file(file, name))]
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                cwd=ROOT,
                env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            )
            if done.returncode:
                reason = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
                results[name] = Result(failed=reason[-1])
                continue
            # A reader may print something before the result.
            found = json.loads(done.stdout.splitlines()[-1])
            results[name] = Result(
                seconds=min(found["seconds"], before.seconds if before else float("inf")),
                peak_mb=min(found["peak_mb"], before.peak_mb if before else float("inf")),
            )
    return {name: _compared(name, result, file) for name, result in results.items()}


def _compared(name: str, result: Result, file: Path) -> Result:
    ours, theirs = _cells_file(file, OURS), _cells_file(file, name)
    if name == OURS or result.failed or not (ours.exists() and theirs.exists()):
        return result
    words = disagreement(Cells.load(ours), Cells.load(theirs)) or "yes"
    return Result(result.seconds, result.peak_mb, agrees=words)


def _cells_file(file: Path, reader: str) -> Path:
    return file.with_name(f"{file.name}.{reader}.npz")


def table(form: str, size: int, cells: int, rounds: int, results: dict[str, Result]) -> str:
    """The results of one format as text; `of ours` is a reader's time divided by ours."""
    lines = [
        "",
        f"{form}: {cells:,} cells, {size / 1e6:.1f} MB, best of {rounds}, {os.cpu_count()} cores",
        f"{'reader':<14}{'seconds':>9}{'peak MB':>9}{'of floor':>10}{'of ours':>9}  same cells",
    ]
    for name, result in results.items():
        if result.failed:
            lines.append(f"{name:<14}  could not read it: {result.failed}")
            continue
        lines.append(
            f"{name:<14}{result.seconds:>9.3f}{result.peak_mb:>9.0f}"
            f"{_ratio(result, results.get(FLOOR)):>10}{_ratio(result, results.get(OURS)):>9}"
            f"  {result.agrees}".rstrip()
        )
    return "\n".join(lines)


def _ratio(result: Result, base: Result | None) -> str:
    return "" if base is None or base.failed else f"{result.seconds / base.seconds:.2f}"
