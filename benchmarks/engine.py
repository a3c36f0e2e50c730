"""The engine's own SQL on millions of made-up measurements, against floors and peers."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.engine_contestants import TOPICS
from benchmarks.engine_models import prepare

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000_000, 10_000_000)
LARGE = 50_000_000
#: Floor of each contestant, and the most it may take as a multiple of the floor's seconds.
TARGETS: dict[str, tuple[str, float]] = {
    "flags": ("sort keys", 1.5),
    "pairs": ("sort rows", 3.0),
    "containment": ("distinct", 1.0),
    "gaps": ("grid", 3.0),
}
PEAK_MB = 8_000


def run(
    sizes: tuple[int, ...],
    rounds: int,
    memory: str,
    folder: Path | None = None,
    topics: Sequence[str] = TOPICS,
) -> bool:
    """Measure every size in a process of its own and print a table for each.

    Args:
        sizes: rows of made-up measurements.
        rounds: runs of each contestant, in turn; the fastest counts.
        memory: DuckDB's memory limit; what does not fit goes to disk.
        folder: where warehouses are written; a temporary folder where nothing is said.
        topics: what is measured, some of `TOPICS`.

    Returns:
        Whether the sweep found every overlapping row and the times, the growth and the memory
        stay within their targets.
    """
    good = True
    before: dict[str, Any] | None = None
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=folder) as name:
        prepare(Path(name))
        for rows in sorted(sizes):
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "benchmarks.engine_contestants", name),
                    *(str(rows), str(rounds), memory, *topics),
                ],
                capture_output=True,
                text=True,
                cwd=ROOT,
                env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            )
            if done.returncode:
                print(f"\n{rows:,} rows could not be measured:\n{done.stderr[-4000:]}")
                return False
            found = json.loads(done.stdout.splitlines()[-1])
            lines, within = table(found, before)
            print(lines, flush=True)
            good &= within
            before = found
    return good


def table(found: dict[str, Any], before: dict[str, Any] | None) -> tuple[str, bool]:
    """The results of one size as text, and whether they stay within the targets."""
    rows, within = found["rows"], True
    lines = [
        "",
        f"{rows:,} measurements, best of {found['rounds']}, {os.cpu_count()} cores, memory limit "
        f"{found['memory']}, peak of the process {found['peak_mb']:,.0f} MB",
        f"{'data':<12}{'contestant':<16}{'seconds':>9}{'of floor':>10}{'target':>8}{'found':>8}"
        f"{'growth':>8}  rows",
    ]
    for data, contestants in found["data"].items():
        for name, result in contestants.items():
            floor, target = TARGETS.get(name, ("", math.inf))
            base = contestants.get(floor)
            ratio = result["seconds"] / base["seconds"] if base else None
            share = result.get("share")
            growth = None
            if before and name in before["data"].get(data, {}):
                growth = _growth(before["rows"], before["data"][data][name]["seconds"],
                                 rows, result["seconds"])  # fmt: skip
            lines.append(
                f"{data:<12}{name:<16}{result['seconds']:>9.3f}"
                f"{'' if ratio is None else f'{ratio:.2f}':>10}"
                f"{'' if ratio is None else f'{target:.1f}':>8}"
                f"{'' if share is None else f'{share:.1%}':>8}"
                f"{'' if growth is None else f'{growth:.2f}':>8}  {result['rows']:,}"
            )
            within &= ratio is None or ratio <= target
            within &= share is None or name not in TARGETS or share == 1
    within &= found["peak_mb"] < PEAK_MB
    return "\n".join(lines), within


def _growth(rows: int, seconds: float, more_rows: int, more_seconds: float) -> float:
    """Growth of the time relative to n log n; 1 is exactly n log n."""
    expected = (more_rows * math.log(more_rows)) / (rows * math.log(rows))
    return more_seconds / seconds / expected
