#!/usr/bin/env bash
# sdmx1 2.28.0: one empty OBS_VALUE of an SDMX-CSV 2.0 file and none of its values can be shown.
#
# Expected (2026-12-01): SDMX-CSV 2.0 lets a cell of an observation be empty; an observation that an
#   office keeps confidential comes as OBS_STATUS Q without a value. to_pandas() gives NaN for it and the
#   numbers for the others, as it does for a cell that says NaN.
# Seen: read_sdmx() reads the file and keeps the empty text as the value. to_pandas() then raises
#   ValueError ("could not convert string to float") and shows nothing, the good rows included. The
#   same with #N/A, the word of SDMX-CSV for a value that is intentionally missing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sdmx1==2.28.0 pandas==3.1.1
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")
import sdmx
from sdmx.model import v21
from sdmx.model.common import Concept

print("sdmx1", version("sdmx1"), "pandas", version("pandas"))

structure = v21.DataStructureDefinition(id="JOBS")
for kind, name in ((v21.Dimension, "REGION"), (v21.TimeDimension, "TIME_PERIOD")):
    structure.dimensions.append(kind(id=name, concept_identity=Concept(id=name)))
structure.measures.append(v21.PrimaryMeasure(id="OBS_VALUE", concept_identity=Concept(id="OBS_VALUE")))
structure.attributes.append(v21.DataAttribute(id="OBS_STATUS", concept_identity=Concept(id="OBS_STATUS")))


def shown(cell: str) -> str:
    file = Path("jobs.csv")
    file.write_text(
        "STRUCTURE,STRUCTURE_ID,ACTION,REGION,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
        "dataflow,XX:JOBS(1.0),I,SK022,2024-01,12.5,A\n"
        f"dataflow,XX:JOBS(1.0),I,SK022,2024-02,{cell},Q\n"
    )
    message = sdmx.read_sdmx(file, structure=structure)
    try:
        return str(sdmx.to_pandas(message.data[0]).tolist())
    except ValueError:
        return "ValueError"


found = {cell: shown(cell) for cell in ("13", "NaN", "", "#N/A")}
print(found)
assert found == {"13": "[12.5, 13.0]", "NaN": "[12.5, nan]", "": "ValueError", "#N/A": "ValueError"}, (
    "sdmx1 behaves otherwise now"
)
PYTHON
echo "Seen as described: one empty value hides every value of the file."
