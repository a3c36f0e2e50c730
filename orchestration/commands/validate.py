"""The command `validate`: whether the definitions load and the parts of the platform agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from assets.errors import TilannekuvaError
from assets.settings import PROJECT_ROOT, Settings
from orchestration.home import prepare_home

_EXIT_NOT_PUBLISHED = 1


@click.command(name="validate")
def command() -> None:
    """Check that the definitions load and that catalogue, dbt models, checks and assets agree."""
    settings = Settings.load()
    prepare_home(settings)
    dagster = Path(sys.executable).with_name("dagster")
    done = subprocess.run(
        [str(dagster), "definitions", "validate", "-w", "workspace.yaml"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise TilannekuvaError(f"The definitions do not load:\n{done.stderr or done.stdout}")
    from orchestration.definitions import defs
    from orchestration.drift import disagreements

    graph = defs.resolve_asset_graph()
    if found := disagreements(graph.get_all_asset_keys(), graph.asset_check_keys):
        raise TilannekuvaError(
            "Catalogue, dbt models, checks and assets disagree:\n- " + "\n- ".join(found)
        )
    click.echo("The definitions load; catalogue, dbt models, checks and assets agree.")
