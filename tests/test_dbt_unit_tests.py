"""The unit tests of the dbt models, as dbt runs them on an empty raw zone.

They need the relations of their inputs for the types of columns only, so nothing is delivered.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.intake import Intakes
from assets.settings import DBT_PROJECT_DIR, Settings

pytestmark = pytest.mark.slow
#: Far fewer would mean that dbt no longer finds them.
AT_LEAST = 70


def test_every_unit_test_of_the_models_passes(settings: Settings, tmp_path: Path) -> None:
    intakes = Intakes(settings)
    intakes.prepare()
    intakes.zone.write_index()
    target = tmp_path / "target"

    # One run builds each model's inputs and then tests the model; data tests are left out.
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *("build", "--exclude-resource-type", "test", "--profiles-dir", "."),
            *("--target-path", target, "--log-path", tmp_path / "logs"),
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

    assert done.returncode == 0, done.stdout[-8000:]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    outcomes = {
        result["unique_id"]: result["status"]
        for result in results
        if result["unique_id"].startswith("unit_test.")
    }
    assert len(outcomes) >= AT_LEAST
    assert set(outcomes.values()) == {"pass"}
