#!/usr/bin/env bash
# pyjstat 2.4.0: a DataFrame with a column `alue` (Finnish for region) is written as JSON-stat
# without that dimension, because `alue` is part of the word `value`.
#
# Input:    columns alue, vuosi, value; two regions times two years, four values.
# Expected: dimensions `alue` and `vuosi`, size [2, 2].
# Seen on 2026-11-30: dimension `vuosi` alone, size [2], beside four values, and no warning. Written
#           with the name `Alue` the same frame has both dimensions. A column named `e`, `a`, `u` or
#           `val` is lost likewise.
# Exits with 0 while this is so, and with 1 once the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pyjstat==2.4.0 pandas==2.3.3 numpy==2.4.6 requests==2.34.2 2>/dev/null
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json
import sys
from importlib.metadata import version

import pandas
from pyjstat import pyjstat

print("pyjstat", version("pyjstat"), "pandas", version("pandas"))


def dimensions(region):
    frame = pandas.DataFrame(
        {
            region: ["KU091", "KU091", "KU205", "KU205"],
            "vuosi": ["2023", "2024", "2023", "2024"],
            "value": [10, 20, 30, 40],
        }
    )
    written = json.loads(pyjstat.Dataset.read(frame).write())
    return written["id"], written["size"], written["value"]


lost, kept = dimensions("alue"), dimensions("Alue")
print("expected: (['alue', 'vuosi'], [2, 2], [10, 20, 30, 40])")
print("seen:    ", lost)
print("as Alue: ", kept)
as_noted = lost == (["vuosi"], [2], [10, 20, 30, 40]) and kept[0] == ["Alue", "vuosi"]
print("as noted on 2026-11-30" if as_noted else "the behaviour has changed since 2026-11-30")
sys.exit(0 if as_noted else 1)
PYTHON
