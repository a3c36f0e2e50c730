#!/usr/bin/env bash
# csvw 4.1.1: numbers that fit the number pattern of their column are refused.
#
# Expected (2026-12-01): a pattern of CSVW is one of Unicode (UTS 35), in which "." and "," stand for the
#   column's decimalChar and groupChar, and each 0 for a digit that is always there. So 012 fits the pattern
#   000 (a code of a municipality with its zeros), and 1.234,50 fits #,##0.00 where groupChar is "." and
#   decimalChar is ",". Without a group character, 1234,50 under 0.00 is read.
# Seen: 012 is refused as an integer and as a decimal. 1.234,50 is refused under #,##0.00, and read under
#   #.##0,00, which is no pattern; 1234,50 is read under 0.00, so the pattern of one column is read in two
#   ways.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check csvw==4.1.1
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import json
from importlib.metadata import version
from pathlib import Path

import csvw

print("csvw", version("csvw"))


def read(cell: str, base: str, number_format: object) -> str:
    Path("t.csv").write_text(f'figure\n"{cell}"\n')
    Path("t.csv-metadata.json").write_text(
        json.dumps(
            {
                "@context": "http://www.w3.org/ns/csvw",
                "url": "t.csv",
                "tableSchema": {
                    "columns": [
                        {"name": "figure", "datatype": {"base": base, "format": number_format}}
                    ]
                },
            }
        )
    )
    try:
        return str(next(iter(csvw.Table.from_file("t.csv-metadata.json")))["figure"])
    except ValueError:
        return "refused"


finnish = {"groupChar": ".", "decimalChar": ","}
found = {
    "012 as 000": read("012", "integer", "000"),
    "1,234.50 as #,##0.00": read("1,234.50", "decimal", "#,##0.00"),
    "1.234,50 as #,##0.00": read("1.234,50", "decimal", finnish | {"pattern": "#,##0.00"}),
    "1.234,50 as #.##0,00": read("1.234,50", "decimal", finnish | {"pattern": "#.##0,00"}),
    "1234,50 as 0.00": read("1234,50", "decimal", {"decimalChar": ",", "pattern": "0.00"}),
}
for case, value in found.items():
    print(f"{case}: {value}")
assert list(found.values()) == ["refused", "1234.50", "refused", "1234.50", "1234.50"], (
    "csvw behaves otherwise now"
)
PYTHON
echo "Seen as described: numbers that fit their pattern are refused."
