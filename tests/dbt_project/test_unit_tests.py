"""The unit tests of the dbt models, as dbt runs them on an empty raw zone.

They need the relations of their inputs for the types of columns only, so nothing is delivered.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assets.deliveries import Deliveries
from assets.settings import DBT_PROJECT_DIR, Settings
from tests.parsed import Done, dbt

pytestmark = pytest.mark.slow


def declared() -> set[tuple[str, str]]:
    """(model, unit test) of every unit test that the YAML files of the models declare."""
    return {
        (test["model"], test["name"])
        for path in (DBT_PROJECT_DIR / "models").rglob("*.yml")
        for test in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("unit_tests", [])
    }


def test_every_declared_unit_test_of_the_models_runs_and_passes(
    settings: Settings, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    deliveries = Deliveries(settings)
    deliveries.prepare()
    deliveries.zone.write_index()

    def run(*arguments: str) -> Done:
        done = dbt(
            [*arguments, "--no-write-json"],
            tmp_path / "workshop",
            {
                "TILANNEKUVA_HOME": str(settings.home),
                "TILANNEKUVA_TODAY": settings.today.isoformat(),
            },
        )
        assert done.returncode == 0, done.stdout[-8000:]
        return done

    expected = declared()
    if given := pytestconfig.getoption("models"):
        models = given.split(",")
        expected = {(model, name) for model, name in expected if model in models}
        others = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
        run("build", *others, "--select", *(f"+{model}" for model in models))
        done = run("test", "--resource-type", "unit_test", "--select", *models)
    else:
        # One run builds each model's inputs and then tests the model; data tests are left out.
        done = run("build", "--exclude-resource-type", "test")

    outcomes = {
        tuple(node.split(".")[2:]): status
        for node, status in done.statuses.items()
        if node.startswith("unit_test.")
    }
    assert expected
    assert set(outcomes) == expected
    assert set(outcomes.values()) == {"pass"}
