"""The unit tests of the dbt models, as dbt runs them on an empty raw zone.

They need the relations of their inputs for the types of columns only, so nothing is delivered.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.deliveries import Deliveries
from assets.settings import Settings
from tests.parsed import dbt

pytestmark = pytest.mark.slow
#: Far fewer would mean that dbt no longer finds them.
AT_LEAST = 70


def test_every_unit_test_of_the_models_passes(settings: Settings, tmp_path: Path) -> None:
    deliveries = Deliveries(settings)
    deliveries.prepare()
    deliveries.zone.write_index()

    # One run builds each model's inputs and then tests the model; data tests are left out.
    done = dbt(
        ["build", "--exclude-resource-type", "test", "--no-write-json"],
        tmp_path / "workshop",
        {
            "TILANNEKUVA_HOME": str(settings.home),
            "TILANNEKUVA_TODAY": settings.today.isoformat(),
        },
    )

    assert done.returncode == 0, done.stdout[-8000:]
    outcomes = {
        node: status for node, status in done.statuses.items() if node.startswith("unit_test.")
    }
    assert len(outcomes) >= AT_LEAST
    assert set(outcomes.values()) == {"pass"}
