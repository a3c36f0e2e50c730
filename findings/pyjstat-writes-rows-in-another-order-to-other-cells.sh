#!/usr/bin/env bash
# pyjstat 2.4.0: a DataFrame whose rows do not stand in the order of the cube is written as JSON-stat
# with its figures in other cells.
#
# Input:    four rows; those of KU205 name 2024 before 2023 (30 is the figure of 2024, 40 of 2023).
# Expected: the figures stay with their region and year, whatever the order of the rows, or an error.
# Seen on 2026-11-30: the values are written in the order of the rows. Read back, KU205 has 30 in 2023
#           and 40 in 2024. No warning. (A frame that lacks a row is written with too few values.)
# Exits with 0 while this is so, and with 1 once the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pyjstat==2.4.0 pandas==2.3.3 numpy==2.4.6 requests==2.34.2 2>/dev/null
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import sys
from importlib.metadata import version

import pandas
from pyjstat import pyjstat

print("pyjstat", version("pyjstat"), "pandas", version("pandas"))
figures = {
    ("KU091", "2023"): 10,
    ("KU091", "2024"): 20,
    ("KU205", "2024"): 30,
    ("KU205", "2023"): 40,
}
frame = pandas.DataFrame(
    [(region, year, figure) for (region, year), figure in figures.items()],
    columns=["Region", "Year", "value"],
)
written = pyjstat.Dataset.read(frame).write()
again = pyjstat.Dataset.read(written).write("dataframe", naming="id")
seen = {(row.Region, row.Year): int(row.value) for row in again.itertuples()}
print("expected:", figures)
print("seen:    ", seen)
as_noted = seen == figures | {("KU205", "2023"): 30, ("KU205", "2024"): 40}
print("as noted on 2026-11-30" if as_noted else "the behaviour has changed since 2026-11-30")
sys.exit(0 if as_noted else 1)
PYTHON
