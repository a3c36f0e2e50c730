"""The environment of the other readers: made on first use, below this folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINS = HERE / "peers.txt"
HOME = HERE / ".venv-peers"


def python() -> Path | None:
    """The interpreter that has the packages of `peers.txt`; None where they cannot be installed.

    Installs them when that was not done yet or the pins have changed. A failure is printed.
    """
    interpreter, stamp = HOME / "bin" / "python", HOME / ".pins"
    wanted = PINS.read_text(encoding="utf-8")
    if interpreter.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return interpreter
    uv = str(Path(sys.executable).with_name("uv"))
    print(f"Setting up {HOME.relative_to(HERE.parent)} (once; about 200 MB) …", flush=True)
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(HOME)],
        [uv, "pip", "install", "--quiet", "--python", str(interpreter), "-r", str(PINS)],
    ):
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            print(f"The other readers are left out; they could not be installed: {problem}")
            return None
    stamp.write_text(wanted, encoding="utf-8")
    return interpreter
