"""The command `dev`: the Dagster UI."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from assets.settings import PROJECT_ROOT, Settings
from orchestration.commands._terminal import short_path
from orchestration.home import prepare_home

_EXIT_NOT_PUBLISHED = 1


@click.command(name="dev")
@click.option("--port", default=3000, show_default=True, help="Port of the UI.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def command(port: int, host: str) -> None:
    """Serve the Dagster UI with schedules and sensors; Ctrl-C ends it."""
    settings = Settings.load()
    prepare_home(settings)
    dagster = Path(sys.executable).with_name("dagster")
    click.echo(f"Dagster UI on http://{host}:{port} (home {short_path(settings.home)})")
    os.chdir(PROJECT_ROOT)
    # A shell that starts it in the background has it ignore Ctrl-C, and the servers would stay.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(
        dagster,
        [str(dagster), "dev", "-w", "workspace.yaml", "-h", host, "-p", str(port)],
    )
