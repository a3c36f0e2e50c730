"""dbt as the benchmarks run it: in a process of its own, on a home of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assets.settings import DBT_PROJECT_DIR, Settings


def run_dbt(settings: Settings, folder: Path, *arguments: str) -> None:
    """Run a dbt command on a home; what it compiles lies in the folder afterwards.

    Raises:
        RuntimeError: dbt failed; the message is the end of its output.
    """
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *(*arguments, "--profiles-dir", "."),
            *("--target-path", folder, "--log-path", settings.home / "logs"),
        ],
        cwd=DBT_PROJECT_DIR,
        env=os.environ
        | {
            "TILANNEKUVA_HOME": str(settings.home),
            "TILANNEKUVA_TODAY": settings.today.isoformat(),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"dbt {arguments[0]} failed:\n{(done.stdout + done.stderr)[-4000:]}")
