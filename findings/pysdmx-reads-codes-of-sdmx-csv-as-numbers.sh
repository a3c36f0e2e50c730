#!/usr/bin/env bash
# pysdmx 1.21.0: codes of an SDMX-CSV message are read as numbers where a column holds nothing else,
# and become texts again afterwards. Different codes fall together.
#
# Input:    REF_AREA 005, 05 and 5 in one message; in another one 1E5 and 100000.
# Expected: the codes as they stand in the file: an SDMX code is a text.
# Seen on 2026-11-30: REF_AREA is '5' in all three rows; 1E5 becomes '100000.0', as 100000 does. The
#           dtype of the column is string, so nothing shows that zeros were lost. With one code
#           among them that is no number (FI) all stay as they are.
# Exits with 0 while this is so, and with 1 once the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    "pysdmx[data]==1.21.0" pandas==3.1.1 2>/dev/null
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import sys
from importlib.metadata import version

from pysdmx.io import read_sdmx

print("pysdmx", version("pysdmx"), "pandas", version("pandas"))


def areas(*codes):
    lines = ["STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,TIME_PERIOD,OBS_VALUE"]
    lines += [f"dataflow,X:Y(1.0),I,A,{code},2022,{n}" for n, code in enumerate(codes, 1)]
    message = read_sdmx("\n".join(lines) + "\n", validate=False)
    return [str(area) for area in message.data[0].data["REF_AREA"]]


seen = [areas("005", "05", "5"), areas("1E5", "100000"), areas("005", "05", "FI")]
print("expected:", [["005", "05", "5"], ["1E5", "100000"], ["005", "05", "FI"]])
print("seen:    ", seen)
as_noted = seen == [["5", "5", "5"], ["100000.0", "100000.0"], ["005", "05", "FI"]]
print("as noted on 2026-11-30" if as_noted else "the behaviour has changed since 2026-11-30")
sys.exit(0 if as_noted else 1)
PYTHON
