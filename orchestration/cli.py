"""The command line: refresh, dev, validate, and the commands for those who look after sources.

What belongs here: manners. Progress while it runs, a summary at the end, one readable paragraph
when something is wrong. The work itself is in the definitions, the same for the UI and the night.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click

from assets import __version__
from assets.errors import TilannekuvaError
from assets.settings import PROJECT_ROOT, Settings
from orchestration.home import prepare_home

_EXIT_NOT_PUBLISHED = 1
#: Commands that are loaded when they are asked for, and the module that has them.
_COMMANDS = {
    **dict.fromkeys(
        ("accept", "preview", "describe", "doctor", "templates", "regions"),
        "orchestration.source_commands",
    ),
    "explain": "orchestration.explain",
    **dict.fromkeys(("series", "as-known-on"), "orchestration.series_commands"),
    "reading-packs": "orchestration.reading_packs",
}


class _Commands(click.Group):
    """Shows a problem that a person can act on as one paragraph, with a non-zero exit.

    The commands of other modules are loaded when they are asked for: they bring a lot along.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return [*super().list_commands(ctx), *_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name in _COMMANDS:
            module = importlib.import_module(_COMMANDS[cmd_name])
            return next(command for command in module.COMMANDS if command.name == cmd_name)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except TilannekuvaError as error:
            click.secho(f"\n{error}", fg="red", err=True)
            sys.exit(_EXIT_NOT_PUBLISHED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tilannekuva")
def main() -> None:
    """Tilannekuva: regional indicators with the overlaps and gaps of their measurement.

    Settings come from the environment or a .env file: TILANNEKUVA_HOME, TILANNEKUVA_SOURCES
    (sample, live, landing), TILANNEKUVA_TODAY, TILANNEKUVA_POSTGRES_URL.
    """


@main.command()
def refresh() -> None:
    """Ingest every source, build, check and publish; exit 0 when published."""
    started = time.monotonic()
    settings = Settings.load()
    _show_progress(started)
    logging.getLogger("tilannekuva").info("starting (home %s)", _short(settings.home))

    # Dagster and dbt take seconds to import; `--help` and wrong settings should not wait for them.
    from orchestration.refresh import refresh_log, run_refresh

    summary = run_refresh(settings)
    click.echo(summary.text)
    click.echo(f"\n{time.monotonic() - started:.0f} s · log {_short(refresh_log(settings))}")
    if not summary.is_published:
        sys.exit(_EXIT_NOT_PUBLISHED)


@main.command()
@click.option("--port", default=3000, show_default=True, help="Port of the UI.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def dev(port: int, host: str) -> None:
    """Serve the Dagster UI with schedules and sensors; Ctrl-C ends it."""
    settings = Settings.load()
    prepare_home(settings)
    dagster = Path(sys.executable).with_name("dagster")
    click.echo(f"Dagster UI on http://{host}:{port} (home {_short(settings.home)})")
    os.chdir(PROJECT_ROOT)
    # A shell that starts it in the background has it ignore Ctrl-C, and the servers would stay.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(
        dagster,
        [str(dagster), "dev", "-w", "workspace.yaml", "-h", host, "-p", str(port)],
    )


@main.command()
def validate() -> None:
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
    from orchestration.drift import disagreements

    if found := disagreements():
        raise TilannekuvaError(
            "Catalogue, dbt models, checks and assets disagree:\n- " + "\n- ".join(found)
        )
    click.echo("The definitions load; catalogue, dbt models, checks and assets agree.")


def _show_progress(started: float) -> None:
    """Show what the platform says of its progress on the terminal, with seconds."""

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            colour = {"WARNING": "yellow", "ERROR": "red"}.get(record.levelname)
            seconds = f"{time.monotonic() - started:6.1f} s  "
            width = max(shutil.get_terminal_size((100, 24)).columns - len(seconds), 60)
            text = record.getMessage()
            if record.levelno < logging.WARNING and len(text) > width:
                text = text[: width - 1] + "…"
            click.secho(seconds + text, fg=colour, file=sys.__stderr__)

    logger = logging.getLogger("tilannekuva")
    logger.handlers = [Lines()]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _short(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)
